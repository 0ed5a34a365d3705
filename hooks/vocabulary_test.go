package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// called is a family of the vocabulary: "code name used" of each.
func (h *house) called(family, used string) string {
	h.T.Helper()
	var lines []string
	for _, row := range h.get("vocabulary", collections.Aide).rows(family) {
		lines = append(lines, fmt.Sprint(row["code"], " ", row["name"], " ", row[used]))
	}
	return strings.Join(lines, "|")
}

// Each family is added to, renamed and taken from; what is used stays, and it is said how often.
func TestVocabulary(t *testing.T) {
	h := withStaff(t)
	for _, test := range []struct{ path, family, used string }{
		{"patron-types", "patron_types", "patrons"}, {"item-types", "item_types", "items"}, {"locations", "locations", "items"},
	} {
		made := h.do(test.path, map[string]any{"name": "  Picture   books "})
		id := fmt.Sprint(made.body["id"])
		if made.status != http.StatusCreated || made.body["name"] != "Picture books" || made.body["code"] != "Picture books" {
			t.Fatalf("%s: %d %s", test.path, made.status, made.raw)
		}
		other := h.do(test.path, map[string]any{"code": "z9", "name": "Zines"})
		if got := h.do(test.path, map[string]any{"id": id, "name": "Picture stories"}); got.status != http.StatusOK || got.body["code"] != "Picture books" {
			t.Errorf("%s renamed: %d %s", test.path, got.status, got.raw)
		}
		if got := h.called(test.family, test.used); got != "Picture books Picture stories 0|z9 Zines 0" {
			t.Errorf("%s: %s", test.family, got)
		}
		for name, bad := range map[string]struct {
			body   map[string]any
			status int
			field  string
		}{
			"without a name":  {map[string]any{"code": "x"}, 400, "name"},
			"a name twice":    {map[string]any{"name": "picture books"}, 400, "name"},
			"a code twice":    {map[string]any{"name": "Others", "code": "Z9"}, 400, "code"},
			"a long name":     {map[string]any{"name": strings.Repeat("x", 121)}, 400, "name"},
			"a long code":     {map[string]any{"name": "x", "code": strings.Repeat("x", 61)}, 400, "code"},
			"a number":        {map[string]any{"name": 5}, 400, "name"},
			"one that is not": {map[string]any{"id": "nosuchword00001", "name": "x"}, 404, "<nil>"},
		} {
			if got := h.head(http.MethodPost, test.path, bad.body); got.status != bad.status || got.field() != bad.field {
				t.Errorf("%s %s: %d %s", test.path, name, got.status, got.raw)
			}
		}
		h.calledBy(test.path, id)
		if got := h.head(http.MethodDelete, test.path+"/"+id, nil); got.status != http.StatusConflict || got.code() != "in_use" || !strings.Contains(got.raw, "2") {
			t.Errorf("%s in use: %d %s", test.path, got.status, got.raw)
		}
		if got := h.called(test.family, test.used); got != "Picture books Picture stories 2|z9 Zines 0" {
			t.Errorf("%s: %s", test.family, got)
		}
		if got := h.head(http.MethodDelete, test.path+"/"+fmt.Sprint(other.body["id"]), nil); got.status != http.StatusOK || h.called(test.family, test.used) != "Picture books Picture stories 2" {
			t.Errorf("%s taken away: %d %s", test.path, got.status, got.raw)
		}
	}
}

// calledBy makes two of what a word is used for.
func (h *house) calledBy(path, id string) {
	h.T.Helper()
	for range 2 {
		patron, item := h.Patron(h.code("P")), h.Item(h.code("B"))
		switch path {
		case "patron-types":
			patron.Type = id
		case "item-types":
			item.Type = id
		case "locations":
			item.Location = id
		}
		h.Save(patron)
		h.Save(item)
	}
}

// A type that only a rule speaks of stays too, and a location of an inventory.
func TestWordsOfRulesAndInventories(t *testing.T) {
	h := withStaff(t)
	h.do("patron-types", map[string]any{"name": "Student", "code": "student"})
	h.do("rules", map[string]any{"patron_type": "student", "terms": map[string]any{"loan_days": 7}})
	place := h.do("locations", map[string]any{"name": "Fiction"}).body["id"]
	h.do("inventories", map[string]any{"name": "Spring", "location": place})
	kind := h.get("vocabulary", collections.Librarian).rows("patron_types")[0]["id"]
	for _, path := range []string{fmt.Sprint("patron-types/", kind), fmt.Sprint("locations/", place)} {
		if got := h.head(http.MethodDelete, path, nil); got.status != http.StatusConflict || got.code() != "in_use" {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
}
