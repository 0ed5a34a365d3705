package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// The principal sees reports and saves them, but no prices; whoever else asks is refused.
func TestReports(t *testing.T) {
	h := withStaff(t)
	h.do("marks", map[string]any{"item": h.shelved(), "as": "lost", "key": "lost-key-1"})
	if got := h.get("reports", collections.Principal); len(got.rows("reports")) != 16 || len(got.rows("saved")) != 0 {
		t.Errorf("%s", got.raw)
	}
	for role, columns := range map[collections.Role]int{collections.Librarian: 7, collections.Principal: 6} {
		if got := h.get("reports/lost-missing", role); len(got.rows("columns")) != columns {
			t.Errorf("as %s: %s", role, got.raw)
		}
		csv := h.ask(http.MethodGet, "/api/carrel/reports/lost-missing.csv", h.tokens[role], nil)
		if !strings.HasPrefix(csv.raw, "\uFEFFTitle,Barcode") || strings.Contains(csv.raw, "Price") != (role == collections.Librarian) {
			t.Errorf("as %s: %q", role, csv.raw)
		}
		if book := h.ask(http.MethodGet, "/api/carrel/reports/lost-missing.xlsx", h.tokens[role], nil); !strings.HasPrefix(book.raw, "PK") {
			t.Errorf("as %s: no workbook: %.40q", role, book.raw)
		}
	}
	for path, status := range map[string]int{"reports/gossip": http.StatusNotFound, "reports/gossip.csv": http.StatusNotFound, "reports/overdue?location=nowhere": http.StatusBadRequest} {
		if got := h.head(http.MethodGet, path, nil); got.status != status {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
}

func TestSavedReports(t *testing.T) {
	h := withStaff(t)
	save := func(body map[string]any) answer {
		return h.ask(http.MethodPost, "/api/carrel/saved-reports", h.tokens[collections.Principal], body)
	}
	if got := save(map[string]any{"name": "", "report": "overdue"}); got.status != http.StatusBadRequest || got.field() != "name" {
		t.Errorf("without a name: %d %s", got.status, got.raw)
	}
	got := save(map[string]any{"name": "Term", "report": "circulation-by-day", "parameters": map[string]string{"days": "term"}})
	if got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	saved := h.get("reports", collections.Librarian).rows("saved")
	if len(saved) != 1 || saved[0]["name"] != "Term" {
		t.Fatalf("the librarian sees %v", saved)
	}
	id, _ := saved[0]["id"].(string)
	if got := h.head(http.MethodDelete, "saved-reports/"+id, nil); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if left := h.get("reports", collections.Principal).rows("saved"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
