package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

const importTitles = `{"leader":"00000nam a2200000 a 4500","fields":[{"001":"rec1"},{"245":{"ind1":"0","ind2":"0","subfields":[{"a":"Hatchet"}]}},{"852":{"ind1":" ","ind2":" ","subfields":[{"p":"T1"}]}}]}`

const importPeople = "district_id,last_name,first_name,grade,homeroom\nD1,García,Ana,4,4B\n"

// bulk asks as the librarian about the import with the id, and answers it.
func (h *house) bulk(method, path string, body any, status int) map[string]any {
	h.T.Helper()
	got := h.head(method, "imports"+path, body)
	if got.status != status {
		h.T.Fatalf("%s imports%s: %d %.400s", method, path, got.status, got.raw)
	}
	h.door.Imports().Wait()
	imp, _ := got.body["import"].(map[string]any)
	return imp
}

// TestImportsOverHTTP goes through the states of an import of each kind.
func TestImportsOverHTTP(t *testing.T) {
	h := withStaff(t)
	for _, test := range []struct {
		query  string
		body   any
		choose map[string]any
		added  string
	}{
		{"?kind=titles&file=spring.json", importTitles, map[string]any{"options": map[string]any{"match": "skip", "items": "852"}}, "titles"},
		{"?kind=roster&file=list.csv", importPeople, map[string]any{"columns": []map[string]string{
			{"name": "district_id", "field": "district_id"}, {"name": "last_name", "field": "last_name"}, {"name": "first_name", "field": "first_name"},
			{"name": "grade", "field": ""}, {"name": "homeroom", "field": "homeroom"}}}, "patrons"},
		{"?kind=turnover", map[string]any{"last_grade": "5", "keep_homerooms": true}, map[string]any{}, ""},
	} {
		imp := h.bulk(http.MethodPost, test.query, test.body, http.StatusCreated)
		path := fmt.Sprint("/", imp["id"])
		if imp["state"] != "reading" && imp["state"] != "ready" || imp["by"] != "librarian@example.org" {
			t.Errorf("%s begins as %v", test.query, imp)
		}
		h.bulk(http.MethodPut, path, test.choose, http.StatusOK)
		imp = h.bulk(http.MethodGet, path, nil, http.StatusOK)
		if preview, _ := imp["preview"].(map[string]any); imp["state"] != "ready" || preview == nil {
			t.Fatalf("%s: %v", test.query, imp)
		}
		h.bulk(http.MethodPost, path+"/apply", map[string]any{"key": "apply-key"}, http.StatusAccepted)
		imp = h.bulk(http.MethodGet, path, nil, http.StatusOK)
		if imp["state"] != "done" || imp["applied"] == "" || imp["undo_until"] == "" {
			t.Errorf("%s: %v", test.query, imp)
		}
		if test.added != "" {
			result, _ := imp["result"].(map[string]any)
			if counts, _ := result[test.added].(map[string]any); counts["added"] != float64(1) {
				t.Errorf("%s: %v", test.query, result)
			}
		}
		h.bulk(http.MethodDelete, path, nil, http.StatusConflict)
		h.bulk(http.MethodPost, path+"/undo", map[string]any{"key": "undo-key-1"}, http.StatusAccepted)
		imp = h.bulk(http.MethodGet, path, nil, http.StatusOK)
		if imp["state"] != "undone" || imp["undo_until"] != "" {
			t.Errorf("%s: %v", test.query, imp)
		}
		listed := h.head(http.MethodGet, "imports", nil)
		if all, _ := listed.body["imports"].([]any); listed.status != http.StatusOK || len(all) != 1 {
			t.Errorf("the list: %d %.300s", listed.status, listed.raw)
		}
		h.bulk(http.MethodDelete, path, nil, http.StatusOK)
		h.bulk(http.MethodGet, path, nil, http.StatusNotFound)
	}
	if h.Count("titles", "1")+h.Count("patrons", "1")+h.Count("imports", "1") != 0 {
		t.Error("something is left")
	}
}

// TestImportsAreTheLibrarians: nobody else sees or does anything, and a file that is refused is not kept.
func TestImportsAreTheLibrarians(t *testing.T) {
	h := withStaff(t)
	imp := h.bulk(http.MethodPost, "?kind=titles&file=a.json", importTitles, http.StatusCreated)
	for role, token := range h.everybody() {
		want := map[collections.Role]int{"signed out": http.StatusUnauthorized}[role]
		if want == 0 {
			want = http.StatusForbidden
		}
		if role == collections.Librarian {
			continue
		}
		path := fmt.Sprint("/api/carrel/imports/", imp["id"])
		for _, try := range []struct {
			method, path string
			body         any
		}{
			{http.MethodGet, "/api/carrel/imports", nil}, {http.MethodGet, path, nil}, {http.MethodPost, "/api/carrel/imports?kind=roster", importPeople},
			{http.MethodPost, "/api/carrel/imports?kind=turnover", map[string]string{"last_grade": "5"}}, {http.MethodPut, path, map[string]any{}},
			{http.MethodPost, path + "/apply", map[string]string{"key": "some-key-1"}}, {http.MethodPost, path + "/undo", map[string]string{"key": "some-key-1"}}, {http.MethodDelete, path, nil},
		} {
			if got := h.ask(try.method, try.path, token, try.body); got.status != want || strings.Contains(got.raw, "a.json") {
				t.Errorf("%s %s as %s: %d %.200s", try.method, try.path, role, got.status, got.raw)
			}
		}
	}
	h.door.Imports().Wait()
	if h.Count("imports", "state = 'ready'") != 1 || h.Count("imports", "1") != 1 {
		t.Error("somebody else changed something")
	}
}

// TestBadImports are refused with the field and a sentence.
func TestBadImports(t *testing.T) {
	h := withStaff(t)
	imp := h.bulk(http.MethodPost, "?kind=titles&file=a.json", importTitles, http.StatusCreated)
	path := fmt.Sprint("/", imp["id"])
	for name, test := range map[string]struct {
		method, path string
		body         any
		status       int
		code, field  string
	}{
		"no kind":              {http.MethodPost, "", importTitles, 400, "invalid", "kind"},
		"a wrong kind":         {http.MethodPost, "?kind=loans", importTitles, 400, "invalid", "kind"},
		"nothing":              {http.MethodPost, "?kind=titles", nil, 400, "invalid", "file"},
		"a PDF":                {http.MethodPost, "?kind=titles&file=a.pdf", "%PDF-1.7", 400, "wrong_file", "file"},
		"a PDF of people":      {http.MethodPost, "?kind=roster&file=a.pdf", "%PDF-1.7", 400, "no_roster", "file"},
		"no last grade":        {http.MethodPost, "?kind=turnover", map[string]any{}, 400, "invalid", "last_grade"},
		"a wrong last grade":   {http.MethodPost, "?kind=turnover", map[string]any{"last_grade": "13"}, 400, "invalid", "last_grade"},
		"no key":               {http.MethodPost, path + "/apply", map[string]any{}, 400, "invalid", "key"},
		"a short key":          {http.MethodPost, path + "/apply", map[string]any{"key": "1"}, 400, "invalid", "key"},
		"undo before":          {http.MethodPost, path + "/undo", map[string]any{"key": "some-key-1"}, 409, "wrong_state", "<nil>"},
		"an unknown import":    {http.MethodPost, "/nosuchimport000/apply", map[string]any{"key": "some-key-1"}, 404, "unknown_import", "id"},
		"columns of titles":    {http.MethodPut, path, map[string]any{"columns": []map[string]string{{"name": "a"}}}, 400, "invalid", "columns"},
		"columns that are one": {http.MethodPut, path, map[string]any{"columns": "a"}, 400, "invalid", "columns"},
		"wrong items":          {http.MethodPut, path, map[string]any{"options": map[string]string{"items": "850"}}, 400, "invalid", "items"},
	} {
		got := h.head(test.method, "imports"+test.path, test.body)
		data, _ := got.body["data"].(map[string]any)
		if got.status != test.status || got.code() != test.code || fmt.Sprint(data["field"]) != test.field || got.body["message"] == "" {
			t.Errorf("%s: %d %.300s", name, got.status, got.raw)
		}
	}
}

// TestLargeUpload goes past the limit of other routes.
func TestLargeUpload(t *testing.T) {
	h := withStaff(t)
	long := strings.Replace(importTitles, "Hatchet", strings.Repeat("Hatchet ", 500), 1) + "\n"
	imp := h.bulk(http.MethodPost, "?kind=titles&file=large.json", strings.Repeat(long, 34<<20/len(long)), http.StatusCreated)
	if size, _ := imp["size"].(float64); size < 33<<20 {
		t.Errorf("%v", imp["size"])
	}
}
