package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

func (h *house) itemsOf(title string, role collections.Role) []map[string]any {
	h.T.Helper()
	list, _ := h.get("titles/"+title+"/items", role).body["items"].([]any)
	items := make([]map[string]any, len(list))
	for i, one := range list {
		items[i], _ = one.(map[string]any)
	}
	return items
}

// TestItemsOverHTTP adds, changes and deletes items, and shows where they are.
func TestItemsOverHTTP(t *testing.T) {
	h := withStaff(t)
	title := h.Item("T7").Title
	if got := h.get("barcodes/next", collections.Aide); got.body["barcode"] != "T8" {
		t.Errorf("%s", got.raw)
	}
	add := map[string]any{"key": "add-key-1", "title": title, "n": 2, "price": "12.5", "vendor": "Follett"}
	first := h.head(http.MethodPost, "items", add)
	if again := h.head(http.MethodPost, "items", add); first.status != http.StatusCreated || again.raw != first.raw || h.Count("items", "1") != 3 {
		t.Fatalf("%d %s, again %s", first.status, first.raw, again.raw)
	}
	patron := h.borrower()
	room := h.Homeroom("4B")
	who, _, _ := collections.Find[collections.Patron](h.App, "barcode = '"+patron+"'", nil)
	who.Homeroom = room.ID
	h.Save(who)
	h.do("checkouts", map[string]any{"patron": patron, "item": "T8", "key": "lend-key-1"})
	items := h.itemsOf(title, collections.Aide)
	if len(items) != 3 || items[1]["status"] != "on_loan" || items[1]["homeroom"] != "4B" || items[1]["due"] == nil || items[1]["loans"] != 1.0 || items[0]["status"] != "available" {
		t.Errorf("%v", items)
	}
	if raw := h.get("titles/"+title+"/items", collections.Aide).raw; strings.Contains(raw, `"12.50"`) || strings.Contains(raw, "Follett") || strings.Contains(raw, "Diego") {
		t.Errorf("the aide sees money, or a name: %s", raw)
	}
	if raw := h.get("titles/"+title+"/items", collections.Librarian).raw; !strings.Contains(raw, `"12.50"`) || !strings.Contains(raw, "Follett") {
		t.Errorf("the librarian sees no money: %s", raw)
	}
	h.do("undo", map[string]any{"key": "lend-key-1"})
	items = h.itemsOf(title, collections.Librarian)
	if items[1]["status"] != "available" || items[1]["loans"] != 0.0 {
		t.Errorf("undone: %v", items[1])
	}
	path := "items/" + items[1]["id"].(string)
	changed := h.head(http.MethodPatch, path, map[string]any{"updated": items[1]["updated"], "copy": "2", "staff_note": "spine torn"})
	if changed.status != http.StatusOK || !strings.Contains(changed.raw, "spine torn") {
		t.Errorf("%d %s", changed.status, changed.raw)
	}
	late := h.head(http.MethodPatch, path, map[string]any{"updated": items[1]["updated"], "copy": "3"})
	data, _ := late.body["data"].(map[string]any)
	if current, _ := data["current"].(map[string]any); late.status != http.StatusConflict || late.code() != "changed" || current["copy"] != "2" {
		t.Errorf("%d %s", late.status, late.raw)
	}
	double := h.head(http.MethodPatch, path, map[string]any{"updated": items[1]["updated"], "copy": "2", "barcode": "T7"})
	if double.code() != "changed" { // somebody saved it since: that comes first
		t.Errorf("%d %s", double.status, double.raw)
	}
	double = h.head(http.MethodPost, "items", map[string]any{"key": "add-key-2", "title": title, "barcode": "t7"})
	data, _ = double.body["data"].(map[string]any)
	if holder, _ := data["item"].(map[string]any); double.status != http.StatusConflict || double.code() != "barcode_taken" || holder["title"] != "Hatchet T7" {
		t.Errorf("%d %s", double.status, double.raw)
	}
	third := "items/" + items[2]["id"].(string)
	if got := h.head(http.MethodDelete, third, nil); got.status != http.StatusOK || h.Count("items", "1") != 2 {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodDelete, path, nil); got.status != http.StatusConflict || got.code() != "in_use" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// TestWhoMayChangeItems: money is for the librarian, in both directions, and nobody else than the aide may do anything at all.
func TestWhoMayChangeItems(t *testing.T) {
	h := withStaff(t)
	item := h.Item("T7")
	updated := h.itemsOf(item.Title, collections.Librarian)[0]["updated"]
	for role, token := range h.everybody() {
		for name, try := range map[string]struct {
			method, path string
			body         map[string]any
			aide         bool
		}{
			"next":       {http.MethodGet, "barcodes/next", nil, true},
			"see":        {http.MethodGet, "titles/" + item.Title + "/items", nil, true},
			"add":        {http.MethodPost, "items", map[string]any{"key": h.code("add-key"), "title": item.Title}, true},
			"add, price": {http.MethodPost, "items", map[string]any{"key": h.code("add-key"), "title": item.Title, "price": "1"}, false},
			"change":     {http.MethodPatch, "items/" + item.ID, map[string]any{"updated": updated}, true},
			"fund":       {http.MethodPatch, "items/" + item.ID, map[string]any{"updated": updated, "fund": ""}, false},
			"delete":     {http.MethodDelete, "items/nosuchitem00001", nil, false},
		} {
			got := h.ask(try.method, "/api/carrel/"+try.path, token, try.body)
			may := role == collections.Librarian || role == collections.Aide && try.aide
			if refused := got.status == http.StatusForbidden || got.status == http.StatusUnauthorized; refused == may {
				t.Errorf("%s as %s: %d %.200s", name, role, got.status, got.raw)
			}
		}
	}
	if got := h.head(http.MethodPost, "items", map[string]any{"key": "short", "title": item.Title}); got.field() != "key" {
		t.Errorf("%s", got.raw)
	}
	if got := h.head(http.MethodPatch, "items/"+item.ID, map[string]any{"copy": "1"}); got.field() != "updated" {
		t.Errorf("%s", got.raw)
	}
}

// TestBulkChangeOverHTTP previews, applies and takes back a change of many items.
func TestBulkChangeOverHTTP(t *testing.T) {
	h := withStaff(t)
	one, other := h.Item("T1"), h.Item("T2")
	imp := h.bulk(http.MethodPost, "?kind=items", map[string]any{
		"selection": map[string]any{"items": []string{one.ID, other.ID}}, "set": map[string]any{"call_prefix": "GN", "price": "3"},
		"barcodes": []map[string]string{{"item": one.ID, "barcode": "T2"}},
	}, http.StatusCreated)
	path := "/" + imp["id"].(string)
	imp = h.bulk(http.MethodGet, path, nil, http.StatusOK)
	preview, _ := imp["preview"].(map[string]any)
	if rejected, _ := preview["rejected"].([]any); imp["kind"] != "items" || len(rejected) != 1 || !strings.Contains(h.get("imports"+path, collections.Librarian).raw, "T2 is on “Hatchet T2” already") {
		t.Errorf("%v", imp)
	}
	h.bulk(http.MethodPost, path+"/apply", map[string]any{"key": "apply-key"}, http.StatusAccepted)
	if h.Count("items", "call_number = 'GN' AND price_cents = 300 AND currency = 'USD'") != 2 {
		t.Error("not changed")
	}
	h.bulk(http.MethodPost, path+"/undo", map[string]any{"key": "undo-key-1"}, http.StatusAccepted)
	if h.Count("items", "call_number = '' AND price_cents = 0 AND currency = ''") != 2 {
		t.Error("not taken back")
	}
	for name, try := range map[string]struct {
		body  any
		field string
	}{
		"nothing":      {map[string]any{"selection": map[string]any{"items": []string{one.ID}}}, "set"},
		"no selection": {map[string]any{"set": map[string]any{"price": "3"}}, "selection"},
		"a bad price":  {map[string]any{"selection": map[string]any{"items": []string{one.ID}}, "set": map[string]any{"price": "much"}}, "price"},
		"no JSON":      {"{", "body"},
	} {
		if got := h.head(http.MethodPost, "imports?kind=items", try.body); got.status != http.StatusBadRequest || got.field() != try.field {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
}
