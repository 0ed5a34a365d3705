package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// named reads an object of an answer.
func (a answer) named(name string) map[string]any {
	one, _ := a.body[name].(map[string]any)
	return one
}

func text(of map[string]any, name string) string {
	value, _ := of[name].(string)
	return value
}

// Two people work on one list: titles meet, names do not.
func TestListOfTwoPeople(t *testing.T) {
	h := withStaff(t)
	aide := h.tokens[collections.Aide]
	a, b := h.title(), h.title()
	made := h.head(http.MethodPost, "lists", map[string]any{"name": "Look up! <script>alert(1)</script>", "kind": "display", "shown": true, "titles": []string{a}})
	list := made.named("list")
	if made.status != http.StatusCreated || list["titles"] != 1.0 || text(list, "name") != "Look up! <script>alert(1)</script>" {
		t.Fatalf("%d %s", made.status, made.raw)
	}
	path := "/api/carrel/lists/" + text(list, "id")
	if got := h.ask(http.MethodPost, path+"/titles", aide, map[string]any{"add": []string{b}, "order": []string{b}}); got.status != http.StatusOK || got.named("list")["titles"] != 2.0 {
		t.Errorf("an aide adds a title: %d %s", got.status, got.raw)
	}
	if got := h.get("lists/"+text(list, "id"), collections.Aide).rows("titles"); len(got) != 2 || got[0]["id"] != b || got[1]["id"] != a {
		t.Errorf("%v", got)
	}
	first := h.head(http.MethodPatch, "lists/"+text(list, "id"), map[string]any{"updated": list["updated"], "note": "Picked by Ms. Whitaker"})
	second := h.head(http.MethodPatch, "lists/"+text(list, "id"), map[string]any{"updated": list["updated"], "name": "Stars"})
	data, _ := second.body["data"].(map[string]any)
	current, _ := data["current"].(map[string]any)
	if first.status != http.StatusOK || second.status != http.StatusConflict || second.code() != "changed" || text(current, "note") != "Picked by Ms. Whitaker" {
		t.Errorf("%d %s, %d %s", first.status, first.raw, second.status, second.raw)
	}
	if got := h.ask(http.MethodPatch, path, aide, map[string]any{"updated": "x"}); got.status != http.StatusForbidden {
		t.Errorf("an aide renames a list: %d", got.status)
	}
	if got := h.head(http.MethodPatch, "lists/"+text(list, "id"), map[string]any{"name": "x"}); got.status != http.StatusBadRequest {
		t.Errorf("without updated: %d", got.status)
	}
	if of, _ := h.get("titles/"+a, collections.Aide).body["lists"].([]any); len(of) != 1 {
		t.Errorf("the title's lists: %v", of)
	}
	chosen := map[string]any{"selection": map[string]any{"search": "q=hatchet"}}
	if got := h.ask(http.MethodPost, path+"/titles", aide, chosen); got.status != http.StatusOK || got.named("list")["titles"] != 2.0 {
		t.Errorf("what was found: %d %s", got.status, got.raw)
	}
	if words := h.words(h.paper("lists/" + text(list, "id") + "/list.pdf").raw); !strings.Contains(words, "Hatchet") || !strings.Contains(words, "Look up") {
		t.Errorf("on paper: %q", words)
	}
	h.head(http.MethodDelete, "lists/"+text(list, "id"), nil)
	list["titles"] = []string{b, a}
	back := h.head(http.MethodPost, "lists", list)
	if back.status != http.StatusCreated || back.named("list")["id"] != list["id"] || back.named("list")["titles"] != 2.0 {
		t.Errorf("brought back: %d %s", back.status, back.raw)
	}
}

// A search narrowed to a list finds its titles only.
func TestSearchInAList(t *testing.T) {
	h := withStaff(t)
	a := h.title()
	h.title()
	list := h.head(http.MethodPost, "lists", map[string]any{"name": "A", "kind": "collection", "titles": []string{a}}).named("list")
	if found := h.get("search?list="+text(list, "id"), collections.Librarian).rows("items"); len(found) != 1 || found[0]["id"] != a {
		t.Errorf("%v", found)
	}
	if found := h.get("search?list=nothing", collections.Librarian).rows("items"); len(found) != 0 {
		t.Errorf("%v", found)
	}
}

func TestMapOfTwoPeople(t *testing.T) {
	h := withStaff(t)
	start := h.get("settings/map", collections.Aide).body
	if start["updated"] != "" {
		t.Fatalf("%v", start)
	}
	if got := h.get("settings/map/place?call_number=523.4+GIB", collections.Aide); got.body["place"] != nil {
		t.Errorf("found on a map that nobody drew: %s", got.raw)
	}
	saved := h.put("settings/map", start)
	again := h.head(http.MethodPut, "settings/map", start)
	if saved.status != http.StatusOK || saved.body["updated"] == "" || again.status != http.StatusConflict || again.code() != "changed" {
		t.Errorf("%d %d %s", saved.status, again.status, again.raw)
	}
	place := h.get("settings/map/place?call_number=523.4+GIB", collections.Aide).named("place")
	steps, _ := place["steps"].([]any)
	if text(place, "name") != "Science wall, bay 3" || len(steps) < 3 || steps[len(steps)-1] != "Look for 523.4 GIB on the label." {
		t.Errorf("%v", place)
	}
	things, _ := saved.body["things"].([]any)
	shelf, _ := things[len(things)-1].(map[string]any)
	shelf["ranges"] = []map[string]any{{"from": "900", "to": "100"}}
	if got := h.head(http.MethodPut, "settings/map", saved.body); got.status != http.StatusBadRequest || !strings.HasSuffix(got.field(), ".ranges.0.to") {
		t.Errorf("upside down: %d %s", got.status, got.raw)
	}
}
