package hooks_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// selected is a body with a selection and more.
func selected(selection map[string]any, more map[string]any) map[string]any {
	body := map[string]any{"selection": selection}
	for name, value := range more {
		body[name] = value
	}
	return body
}

// TestExportsOverHTTP: whose export it is decides what is in it, and a cell is no formula.
func TestExportsOverHTTP(t *testing.T) {
	h := withStaff(t)
	title := h.Item("T1").Title
	if _, err := h.App.DB().NewQuery("UPDATE titles SET title = '=cmd|calc'").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := h.App.DB().NewQuery("UPDATE items SET price_cents = 1250, vendor = 'Follett'").Execute(); err != nil {
		t.Fatal(err)
	}
	chosen := selected(map[string]any{"titles": []string{title}}, map[string]any{"format": "csv"})
	for role, money := range map[collections.Role]bool{collections.Librarian: true, collections.Aide: false} {
		got := h.ask(http.MethodPost, "/api/carrel/exports", h.tokens[role], chosen)
		rows, err := csv.NewReader(strings.NewReader(got.raw)).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][0] != "'=cmd|calc" || strings.Contains(got.raw, "12.50") != money || strings.Contains(got.raw, "Follett") != money {
			t.Errorf("%s: %s (%v)", role, got.raw, err)
		}
	}
	for name, bad := range map[string]map[string]any{
		"no format": selected(map[string]any{"titles": []string{title}}, nil), "nothing": selected(map[string]any{}, map[string]any{"format": "csv"}),
		"two kinds": selected(map[string]any{"titles": []string{title}, "search": "q=x"}, map[string]any{"format": "csv"}),
	} {
		if got := h.head(http.MethodPost, "exports", bad); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if got := h.head(http.MethodPost, "exports", selected(map[string]any{"titles": []string{"gone"}}, map[string]any{"format": "csv"})); got.status != http.StatusNotFound {
		t.Errorf("nothing left: %d %s", got.status, got.raw)
	}
}

// TestLabelsOfASelection prints the labels of all that a search finds, and says what is missing when asked only that.
func TestLabelsOfASelection(t *testing.T) {
	h := withStaff(t)
	h.Item("T1")
	h.Item("T2")
	body := selected(map[string]any{"search": "sort=title"}, map[string]any{"kind": "both"})
	if got := h.head(http.MethodPost, "labels.pdf", body); got.status != http.StatusOK || !strings.HasPrefix(got.raw, "%PDF") {
		t.Errorf("%d %.80s", got.status, got.raw)
	}
	body["check"] = true
	if got := h.head(http.MethodPost, "labels.pdf", body); got.status != http.StatusOK || got.body["warnings"] == nil {
		t.Errorf("%d %s", got.status, got.raw)
	}
	for name, bad := range map[string]map[string]any{
		"kind": selected(map[string]any{"search": "sort=title"}, map[string]any{"kind": "poster"}), "selection": selected(map[string]any{}, nil),
		"skip": selected(map[string]any{"search": "sort=title"}, map[string]any{"skip": 4000}),
	} {
		if got := h.head(http.MethodPost, "labels.pdf", bad); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
}

// TestFindTitles shows how much a title was lent this year to those of the school's staff who may search with it.
func TestFindTitles(t *testing.T) {
	h := withStaff(t)
	h.lent(h.borrower())
	got := h.get("titles?available=false", collections.Teacher)
	hits, _ := got.body["items"].([]any)
	if got.status != http.StatusOK || len(hits) == 0 || !strings.Contains(got.raw, `"last_loan"`) || !strings.Contains(got.raw, `"loans"`) {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/titles?sort=colour", h.tokens[collections.Librarian], nil); got.status != http.StatusBadRequest {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// TestMergesOverHTTP makes one title of two and parts them; the same key again answers the same.
func TestMergesOverHTTP(t *testing.T) {
	h := withStaff(t)
	keep, double := h.Item("T1").Title, h.Item("T2").Title
	body := map[string]any{"key": "merge-key-1", "keep": keep, "titles": []string{double}}
	first := h.head(http.MethodPost, "merges", body)
	if again := h.head(http.MethodPost, "merges", body); first.status != http.StatusCreated || again.raw != first.raw || h.Count("items", "title = '"+keep+"'") != 2 {
		t.Fatalf("%d %s, again %s", first.status, first.raw, again.raw)
	}
	merge, _ := first.body["merge"].(map[string]any)
	if list, _ := h.get("merges", collections.Librarian).body["merges"].([]any); len(list) != 1 {
		t.Errorf("%v", list)
	}
	id, _ := merge["id"].(string)
	if got := h.head(http.MethodPost, "merges/"+id+"/undo", map[string]any{"key": "part-key-1"}); got.status != http.StatusOK || h.Count("items", "title = '"+keep+"'") != 1 {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPost, "merges", map[string]any{"key": "merge-key-2", "keep": keep, "titles": []string{keep}}); got.status != http.StatusBadRequest {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.get("duplicates", collections.Librarian); got.body["groups"] == nil {
		t.Errorf("%s", got.raw)
	}
}
