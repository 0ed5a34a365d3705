package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"

	"github.com/google/go-cmp/cmp"
)

// lookupNowhere is a school that asks nobody on the internet.
func lookupNowhere(t *testing.T) *house {
	h := withStaff(t)
	if got := h.put("settings/lookup", map[string]any{"on": false}); got.status != http.StatusOK {
		t.Fatal(got.raw)
	}
	return h
}

func (h *house) scanned(token, code, key string) map[string]any {
	h.T.Helper()
	got := h.ask(http.MethodPost, "/api/carrel/adds", token, map[string]any{"key": key, "isbn": code})
	row, _ := got.body["row"].(map[string]any)
	if got.status != http.StatusCreated || row == nil {
		h.T.Fatalf("%d %s", got.status, got.raw)
	}
	return row
}

// TestAddsOverHTTP scans as an aide, types the book in, adds it, and takes it back as the librarian.
func TestAddsOverHTTP(t *testing.T) {
	h := lookupNowhere(t)
	aide := h.everybody()[collections.Aide]
	row := h.scanned(aide, "9780062691194", "scan-key-1")
	if again := h.scanned(aide, "9780062691194", "scan-key-1"); again["id"] != row["id"] {
		t.Error("the same key made another row")
	}
	path := "adds/" + row["id"].(string) //nolint:forcetypeassert // the test fails either way
	for body, field := range map[string]string{`{"fields":{"title":""}}`: "fields.title", `{"chosen":4}`: "chosen", `{"chosen":"x"}`: "chosen"} {
		got := h.ask(http.MethodPatch, "/api/carrel/"+path, aide, body)
		if got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", body, got.status, got.raw)
		}
	}
	if got := h.ask(http.MethodPost, "/api/carrel/adds/commit", aide, map[string]any{"key": "commit-key-1"}); got.code() != "nothing_ready" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	typed := h.ask(http.MethodPatch, "/api/carrel/"+path, aide, map[string]any{"fields": map[string]any{"title": "New Kid", "author": "Jerry Craft"}, "call_number": "741.5 CRA"})
	if got, _ := typed.body["row"].(map[string]any); typed.status != http.StatusOK || got["state"] != "ready" || got["call_number"] != "741.5 CRA" {
		t.Fatalf("%d %s", typed.status, typed.raw)
	}
	got := h.ask(http.MethodPost, "/api/carrel/adds/commit", aide, map[string]any{"key": "commit-key-1"})
	imp, _ := got.body["import"].(map[string]any)
	h.door.Imports().Wait()
	if got.status != http.StatusAccepted || imp["kind"] != "books" || h.Count("items", "call_number = '741.5 CRA'") != 1 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	id, _ := imp["id"].(string)
	added := h.ask(http.MethodGet, "/api/carrel/adds?import="+id, aide, nil)
	if rows, _ := added.body["rows"].([]any); len(rows) != 1 || added.body["state"] != "done" {
		t.Errorf("%d %s", added.status, added.raw)
	}
	h.bulk(http.MethodPost, "/"+id+"/undo", map[string]any{"key": "undo-key-1"}, http.StatusAccepted)
	h.door.Imports().Wait()
	queue := h.head(http.MethodGet, "adds", nil)
	if rows, _ := queue.body["rows"].([]any); len(rows) != 1 || h.Count("items", "call_number = '741.5 CRA'") != 0 {
		t.Errorf("%d %s", queue.status, queue.raw)
	}
	if got := h.ask(http.MethodDelete, "/api/carrel/"+path, aide, nil); got.status != http.StatusOK || h.Count("adds", "1") != 0 {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodDelete, "/api/carrel/"+path, aide, nil); got.code() != "unknown_add" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// TestMoneyOfABatchIsTheLibrarians: an aide neither sees nor sets it.
func TestMoneyOfABatchIsTheLibrarians(t *testing.T) {
	h := lookupNowhere(t)
	if got := h.put("adds/batch", map[string]any{"fund": "Title IV", "vendor": "Junior Books", "price": "12,50", "next_barcode": "T 1"}); got.status != http.StatusOK {
		t.Fatal(got.raw)
	}
	aide := h.everybody()[collections.Aide]
	for _, field := range []string{"fund", "vendor", "price"} {
		if got := h.ask(http.MethodPut, "/api/carrel/adds/batch", aide, map[string]any{field: "1"}); got.status != http.StatusForbidden && got.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", field, got.status, got.raw)
		}
	}
	seen := h.ask(http.MethodGet, "/api/carrel/adds", aide, nil)
	if seen.status != http.StatusOK || strings.Contains(seen.raw, "Title IV") || strings.Contains(seen.raw, "Junior") || strings.Contains(seen.raw, "1250") {
		t.Errorf("an aide sees %s", seen.raw)
	}
	if got := h.head(http.MethodGet, "adds", nil); !strings.Contains(got.raw, `"price":1250`) || !strings.Contains(got.raw, "Title IV") {
		t.Error(got.raw)
	}
	for field, value := range map[string]string{"location": "nowhere", "type": "nothing", "price": "a lot", "next_barcode": "no number", "last_barcode": "1"} {
		if got := h.head(http.MethodPut, "adds/batch", map[string]any{field: value}); got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", field, got.status, got.raw)
		}
	}
}

// TestAVendorsFileOverHTTP is kept, listed, found and forgotten.
func TestAVendorsFileOverHTTP(t *testing.T) {
	h := lookupNowhere(t)
	file := `{"leader":"00000nam a2200000 a 4500","fields":[{"020":{"ind1":" ","ind2":" ","subfields":[{"a":"9780062691194"}]}},{"245":{"ind1":"0","ind2":"0","subfields":[{"a":"New Kid"}]}}]}`
	if got := h.head(http.MethodPost, "pool?file=../../spring.json", "<html>Sign in</html>"); got.code() != "wrong_file" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	got := h.head(http.MethodPost, "pool?file=../../spring.json", file)
	if got.status != http.StatusCreated || got.body["name"] != "spring.json" || got.body["records"] != float64(1) {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	listed := h.head(http.MethodGet, "pool", nil)
	if sources, _ := listed.body["sources"].([]any); len(sources) != 1 {
		t.Error(listed.raw)
	}
	id, _ := got.body["id"].(string)
	if got := h.head(http.MethodDelete, "pool/"+id, nil); got.status != http.StatusOK || h.Count("pool_records", "1") != 0 {
		t.Error(got.raw)
	}
}

// TestLookupSettings keeps the whole list, in order, and names a field that is wrong.
func TestLookupSettings(t *testing.T) {
	h := withStaff(t)
	shipped := h.head(http.MethodGet, "settings/lookup", nil)
	names := func(got answer) (all []any) {
		list, _ := got.body["sources"].([]any)
		for _, one := range list {
			source, _ := one.(map[string]any)
			all = append(all, source["name"])
		}
		return all
	}
	if diff := cmp.Diff([]any{"Library of Congress", "Open Library"}, names(shipped)); diff != "" || shipped.body["on"] != true {
		t.Error(diff)
	}
	own := map[string]any{"name": "Our state", "kind": "sru", "url": "catalog.example.org", "database": "BIB", "on": true}
	saved := h.put("settings/lookup", map[string]any{"sources": []any{own}})
	if saved.status != http.StatusOK || !strings.Contains(saved.raw, `"url":"https://catalog.example.org"`) || saved.body["on"] != true {
		t.Error(saved.raw)
	}
	own["url"] = "javascript:alert(1)"
	if got := h.head(http.MethodPut, "settings/lookup", map[string]any{"sources": []any{own}}); got.field() != "sources.0.url" {
		t.Error(got.raw)
	}
	if got := h.head(http.MethodPost, "settings/lookup/test", map[string]any{"name": "Nobody", "kind": "sru", "url": "http://127.0.0.1:1"}); got.status != http.StatusOK || got.body["state"] != "offline" {
		t.Error(got.raw)
	}
	if got := h.put("settings/lookup", map[string]any{"sources": []any{}}); got.status != http.StatusOK || len(names(h.head(http.MethodGet, "settings/lookup", nil))) != 0 {
		t.Errorf("an empty list is one: %s", got.raw)
	}
}
