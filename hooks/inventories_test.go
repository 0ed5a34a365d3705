package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// TestInventoryOverHTTP: a volunteer scans and is told what is wrong, the librarian goes through the list and gives up what was looked at.
func TestInventoryOverHTTP(t *testing.T) {
	h := withStaff(t)
	seen, gone, kept := h.Item("T1"), h.Item("T2"), h.Item("T3")
	if _, err := h.App.DB().NewQuery("UPDATE titles SET title = '=HYPERLINK(1)' WHERE id = '" + gone.Title + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	in := h.Inventory().ID
	scan := h.ask(http.MethodPost, "/api/carrel/inventories/"+in+"/scans", h.tokens[collections.Volunteer], map[string]any{"key": "scan-key-1", "code": "NOBODYS"})
	if wrong, _ := scan.body["wrong"].([]any); scan.status != http.StatusOK || len(wrong) != 1 || !strings.Contains(scan.raw, `"code":"unknown"`) {
		t.Errorf("%d %s", scan.status, scan.raw)
	}
	scan = h.ask(http.MethodPost, "/api/carrel/inventories/"+in+"/scans", h.tokens[collections.Volunteer], map[string]any{"key": "scan-key-2", "code": seen.Barcode})
	if wrong, _ := scan.body["wrong"].([]any); scan.status != http.StatusOK || len(wrong) != 0 {
		t.Errorf("%d %s", scan.status, scan.raw)
	}
	if got := h.get("inventories", collections.Volunteer); got.status != http.StatusOK || !strings.Contains(got.raw, in) {
		t.Errorf("the volunteer does not see what is going on: %d", got.status)
	}
	file := h.get("inventories/"+in+"/list.csv", collections.Librarian)
	if file.status != http.StatusOK || !strings.Contains(file.raw, "'=HYPERLINK(1)") || !strings.Contains(file.raw, kept.Barcode) || strings.Contains(file.raw, "T1,") {
		t.Errorf("%d %s", file.status, file.raw)
	}
	if paper := h.get("inventories/"+in+"/list.pdf?list=unknown", collections.Librarian); paper.status != http.StatusOK || !strings.HasPrefix(paper.raw, "%PDF") {
		t.Errorf("%d %.100s", paper.status, paper.raw)
	}
	if bad := h.head(http.MethodGet, "inventories/"+in+"/list.csv?list=x", nil); bad.status != http.StatusBadRequest || bad.field() != "list" {
		t.Errorf("%d %s", bad.status, bad.raw)
	}
	path := "inventories/" + in + "/missing"
	if got := h.head(http.MethodPost, path, map[string]any{"key": "miss-key-1"}); got.status != http.StatusBadRequest || got.field() != "items" {
		t.Errorf("without having looked: %d %s", got.status, got.raw)
	}
	got := h.head(http.MethodPost, path, map[string]any{"key": "miss-key-1", "items": []string{gone.ID, seen.ID}})
	if marked, _ := got.body["marked"].([]any); len(marked) != 1 || marked[0] != gone.ID || h.Count("items", "status = 'missing'") != 1 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestAllHolds(t *testing.T) {
	h := withStaff(t)
	title, other := h.title(), h.title()
	for range 3 {
		h.held(h.borrower(), title)
	}
	h.held(h.borrower(), other)
	got := h.get("holds/all?perPage=2", collections.Volunteer)
	if holds, _ := got.body["holds"].([]any); got.status != http.StatusOK || len(holds) != 2 || got.body["totalItems"] != 4.0 || got.body["titles"] != 2.0 {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.get("holds/all?page=2&perPage=3", collections.Aide); strings.Count(got.raw, `"placed_at"`) != 1 {
		t.Errorf("%s", got.raw)
	}
	if got := h.get("holds/all?q=HATCHET", collections.Aide); got.body["totalItems"] != 4.0 {
		t.Errorf("%s", got.raw)
	}
	if got := h.get("holds/all?q=nothing", collections.Aide); got.body["totalItems"] != 0.0 {
		t.Errorf("%s", got.raw)
	}
	if got := h.head(http.MethodGet, "holds/all?page=x", nil); got.status != http.StatusBadRequest || got.field() != "page" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/holds/all", h.tokens[collections.Teacher], nil); got.status != http.StatusForbidden {
		t.Errorf("%d", got.status)
	}
}
