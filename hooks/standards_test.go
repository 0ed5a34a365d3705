package hooks_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

const someStandards = `code,statement,parent,grades
X,Sources <script>alert(1)</script>,,
X.1,Évaluate a site,X,4-5
X.2,Cite it,X,6
`

func (h *house) framework(name, file string) string {
	h.T.Helper()
	got := h.head(http.MethodPost, "standards?file="+name, file)
	if got.status != http.StatusCreated {
		h.T.Fatalf("%d %s", got.status, got.raw)
	}
	return text(got.named("framework"), "id")
}

func TestStandards(t *testing.T) {
	h := withStaff(t)
	dry := h.head(http.MethodPost, "standards?file=Ours.csv&dry_run=1", someStandards)
	if dry.status != http.StatusOK || dry.body["statements"] != 3.0 || dry.named("changes")["added"] != 3.0 || text(dry.named("framework"), "title") != "Ours" {
		t.Fatalf("%d %s", dry.status, dry.raw)
	}
	if all := h.get("standards", collections.Teacher).rows("frameworks"); len(all) != 1 {
		t.Fatalf("%v", all)
	}
	id := h.framework("Ours.csv", someStandards)
	tree := h.get("standards/"+id, collections.Teacher)
	rows, _ := tree.body["statements"].([]any)
	if len(rows) != 3 || tree.header.Get("ETag") == "" {
		t.Fatalf("%d %s", tree.status, tree.raw)
	}
	if row, _ := rows[1].([]any); row[1] != 0.0 || row[2] != "X.1" || row[4] != "4,5" {
		t.Errorf("%v", row)
	}
	h.extra = http.Header{"If-None-Match": {tree.header.Get("ETag")}}
	if again := h.ask(http.MethodGet, "/api/carrel/standards/"+id, h.tokens[collections.Teacher], nil); again.status != http.StatusNotModified || again.raw != "" {
		t.Errorf("again: %d %s", again.status, again.raw)
	}
	h.extra = nil
	found := h.get("standards/search?q=site+evaluate&grade=4", collections.Teacher).rows("statements")
	if len(found) != 1 || found[0]["code"] != "X.1" || found[0]["framework_title"] != "Ours" {
		t.Errorf("%v", found)
	}
	cover := h.get("standards/coverage?framework="+id, collections.Principal)
	if cover.status != http.StatusOK || len(cover.rows("rows")) != 3 || text(cover.body, "from") == "" {
		t.Errorf("%d %s", cover.status, cover.raw)
	}
	for path, field := range map[string]string{"from=yesterday": "from", "from=2026-05-01&until=2026-04-01": "until"} {
		if got := h.ask(http.MethodGet, "/api/carrel/standards/coverage?"+path, h.tokens[collections.Principal], nil); got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
	if got := h.head(http.MethodDelete, "standards/"+id, nil); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodDelete, "standards/ownstandards000", nil); got.status != http.StatusConflict || got.code() != "own" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// What a file has wrong is named.
func TestStandardsRefused(t *testing.T) {
	h := withStaff(t)
	for file, code := range map[string]string{`{"CFDocument":{"title":"x"},"CFItems":[{"ident`: "broken_json", "%PDF-1.7": "not_standards", "code,grade\nX,1\n": "not_standards"} {
		if got := h.head(http.MethodPost, "standards?file=x&dry_run=1", file); got.status != http.StatusBadRequest || got.code() != code || got.field() != "file" {
			t.Errorf("%s: %d %s", file, got.status, got.raw)
		}
	}
	if got := h.head(http.MethodPost, "standards", someStandards); got.status != http.StatusBadRequest || got.field() != "file" {
		t.Errorf("without a name: %d %s", got.status, got.raw)
	}
}

// A framework of a megabyte goes packed over the school's network.
func TestStandardsArePacked(t *testing.T) {
	h := withStaff(t)
	h.extra = http.Header{"Accept-Encoding": {"gzip"}}
	got := h.get("standards/ownstandards000", collections.Librarian)
	if got.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v", got.header)
	}
	unpacked, err := gzip.NewReader(strings.NewReader(got.raw))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(unpacked)
	if err != nil || !json.Valid(whole) {
		t.Errorf("%v %s", err, whole)
	}
}
