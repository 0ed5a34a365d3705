package hooks_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/catalog"
)

const moonTitle = `{"leader":"00912cam a2200289 i 4500","fields":[{"001":"42"},{"003":"OCoLC"},
	{"008":"190401s2019    nyua   a      000 0 eng d"},
	{"020":{"ind1":" ","ind2":" ","subfields":[{"a":"9781250199348 (hardcover)"}]}},
	{"082":{"ind1":"0","ind2":"4","subfields":[{"a":"523.3"},{"2":"23"}]}},
	{"100":{"ind1":"1","ind2":" ","subfields":[{"a":"McAnulty, Stacy,"},{"e":"author."}]}},
	{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"Moon! /"},{"c":"by Stacy McAnulty."}]}},
	{"650":{"ind1":" ","ind2":"0","subfields":[{"a":"Moon"},{"v":"Juvenile literature."}]}},
	{"852":{"ind1":" ","ind2":" ","subfields":[{"p":"30412007904"},{"x":"kept as it is"}]}},
	{"999":{"ind1":"z","ind2":"9","subfields":[{"!":"ours"}]}}]}`

// withMoon brings in one title with one item and answers the title's id.
func withMoon(t *testing.T) (*house, string) {
	t.Helper()
	h := withStaff(t)
	file := t.TempDir() + "/moon.json"
	if err := os.WriteFile(file, []byte("["+moonTitle+"]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.Import(h.App, []string{file}, catalog.ImportOptions{Serving: true}); err != nil {
		t.Fatal(err)
	}
	var id string
	if err := h.App.DB().NewQuery("SELECT id FROM titles").Row(&id); err != nil {
		t.Fatal(err)
	}
	return h, id
}

// record is the MARC of a title as it is stored.
func (h *house) record(id string) string {
	h.T.Helper()
	var text string
	if err := h.App.DB().NewQuery("SELECT marc FROM titles WHERE id = '" + id + "'").Row(&text); err != nil {
		h.T.Fatal(err)
	}
	return text
}

// at digs into an answer: "title.fields.isbn.0".
func (a answer) at(path string) any {
	var value any = a.body
	for _, name := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

func (a answer) is(t *testing.T, status int, path string, want any) {
	t.Helper()
	if a.status != status || fmt.Sprint(a.at(path)) != fmt.Sprint(want) {
		t.Errorf("%d %s is %v, want %d %v: %s", a.status, path, a.at(path), status, want, a.raw)
	}
}

func TestEditTitle(t *testing.T) {
	h, id := withMoon(t)
	before := h.record(id)
	got := h.head(http.MethodGet, "titles/"+id, nil)
	got.is(t, 200, "title.fields.title", "Moon!")
	got.is(t, 200, "items.0.barcode", "30412007904")
	got.is(t, 200, "versions", 1)
	updated := got.at("title.updated")
	got = h.head(http.MethodPatch, "titles/"+id, map[string]any{"updated": updated, "sitting": "one", "fields": map[string]any{"title": "The moon", "publisher": "Holt"}})
	got.is(t, 200, "title.fields.title", "The moon")
	got.is(t, 200, "title.fields.author", "McAnulty, Stacy")
	want := strings.Replace(before, `{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"Moon! /"}`, `{"245":{"ind1":"1","ind2":"4","subfields":[{"a":"The moon /"}`, 1)
	want = strings.Replace(want, `,{"650"`, `,{"264":{"ind1":" ","ind2":"1","subfields":[{"b":"Holt"}]}},{"650"`, 1)
	if is := h.record(id); is != want {
		t.Errorf("the record became\n%s\nwant\n%s", is, want)
	}
	if h.Count("items", "marc_index = 10") != 1 {
		t.Error("the item does not know where its field stands now")
	}
	if h.Count("search_fts", "search_fts MATCH 'holt'") != 1 {
		t.Error("the new words are not in the index")
	}
	h.head(http.MethodPatch, "titles/"+id, map[string]any{"updated": updated, "fields": map[string]any{"title": "Mine"}}).is(t, 409, "data.current.title.fields.title", "The moon")
	h.head(http.MethodPatch, "titles/"+id, map[string]any{"updated": updated, "fields": map[string]any{"title": "The moon"}}).is(t, 200, "title.fields.title", "The moon")
	h.head(http.MethodPatch, "titles/nosuchtitle0001", map[string]any{"updated": updated, "fields": map[string]any{"title": "x"}}).is(t, 404, "data.code", "unknown_title")
}

func TestEditTitleRefuses(t *testing.T) {
	h, id := withMoon(t)
	before := h.record(id)
	updated := h.head(http.MethodGet, "titles/"+id, nil).at("title.updated")
	for field, fields := range map[string]map[string]any{
		"title": {"title": " "}, "year": {"year": "19x9"}, "lexile": {"lexile": "tall"}, "language": {"language": "english"}, "kind": {"kind": "tall"},
		"volume": {"volume": "3"}, "grades_from": {"grades_from": "14"}, "isbn.1": {"isbn": []string{"9781250199348", "none"}},
		"summary": {"summary": strings.Repeat("x", 2001)}, "isbn": {"isbn": "9781250199348"}, "fields": {"colour": "red"},
	} {
		h.head(http.MethodPatch, "titles/"+id, map[string]any{"updated": updated, "fields": fields}).is(t, 400, "data.field", field)
	}
	if h.record(id) != before || h.Count("title_versions", "1") != 0 {
		t.Error("something was changed")
	}
	got := h.head(http.MethodPatch, "titles/"+id, map[string]any{"updated": updated, "fields": map[string]any{"isbn": []string{"9781250199341"}, "place": "New York"}})
	got.is(t, 200, "problems.0.field", "isbn.0")
	got.is(t, 200, "title.fields.isbn.0", "9781250199341")
	got.is(t, 200, "title.fields.place", "New York")
	if h.Count("title_keys", "key LIKE 'isbn:%'") != 0 {
		t.Error("a wrong number matches")
	}
}

func TestVersions(t *testing.T) {
	h, id := withMoon(t)
	first := h.record(id)
	save := func(sitting, title string) answer {
		updated := h.head(http.MethodGet, "titles/"+id, nil).at("title.updated")
		return h.head(http.MethodPatch, "titles/"+id, map[string]any{"updated": updated, "sitting": sitting, "fields": map[string]any{"title": title}})
	}
	save("one", "A")
	save("one", "B").is(t, 200, "versions", 2)
	save("two", "C").is(t, 200, "versions", 3)
	save("two", "B").is(t, 200, "versions", 2) // where the sitting began
	save("two", "D").is(t, 200, "versions", 3)
	got := h.head(http.MethodGet, "titles/"+id+"/versions", nil)
	got.is(t, 200, "versions.0.n", 3)
	got.is(t, 200, "versions.0.how", "form")
	got.is(t, 200, "versions.0.changes.0.was", "10 ‡a B / ‡c by Stacy McAnulty.")
	got.is(t, 200, "versions.0.changes.0.is", "10 ‡a D / ‡c by Stacy McAnulty.")
	got.is(t, 200, "versions.2.how", "import")
	h.head(http.MethodGet, "titles/"+id+"/versions/1", nil).is(t, 200, "fields.6.subfields.0.value", "Moon! /")
	h.head(http.MethodGet, "titles/"+id+"/versions/9", nil).is(t, 404, "data.code", "unknown_version")
	updated := h.head(http.MethodGet, "titles/"+id, nil).at("title.updated")
	h.head(http.MethodPost, "titles/"+id+"/restore", map[string]any{"n": 1, "updated": "2001-01-01"}).is(t, 409, "data.code", "changed")
	h.head(http.MethodPost, "titles/"+id+"/restore", map[string]any{"n": 1, "updated": updated}).is(t, 200, "title.fields.title", "Moon!")
	if h.record(id) != first {
		t.Errorf("restored is\n%s\nwant\n%s", h.record(id), first)
	}
	h.head(http.MethodGet, "titles/"+id+"/versions", nil).is(t, 200, "versions.0.how", "restore")
}

func TestEditMARC(t *testing.T) {
	h, id := withMoon(t)
	path := "titles/" + id + "/marc"
	got := h.head(http.MethodGet, path, nil)
	got.is(t, 200, "fields.3.means", "ISBN")
	got.is(t, 200, "fields.8.fixed", true)
	fields, _ := got.body["fields"].([]any)
	put := func(change func(fields []any) []any) answer {
		return h.head(http.MethodPut, path, map[string]any{"updated": h.head(http.MethodGet, path, nil).body["updated"], "leader": got.body["leader"], "fields": change(fields)})
	}
	field := func(tag, ind1, code, value string) map[string]any {
		return map[string]any{"tag": tag, "ind1": ind1, "ind2": " ", "subfields": []map[string]string{{"code": code, "value": value}}}
	}
	with := func(added map[string]any) func([]any) []any {
		return func(fields []any) []any {
			return append(append([]any{}, fields[:8]...), append([]any{added}, fields[8:]...)...)
		}
	}
	put(with(field("65", " ", "a", "x"))).is(t, 400, "data.field", "fields.8.tag")
	put(with(field("650", "10", "a", "x"))).is(t, 400, "data.field", "fields.8.ind1")
	put(with(field("650", " ", "ab", "x"))).is(t, 400, "data.field", "fields.8.subfields.0")
	put(func(fields []any) []any { return fields[:8] }).is(t, 400, "data.code", "bad_marc")
	put(func(fields []any) []any { return append(append([]any{}, fields[:6]...), fields[7:]...) }).is(t, 400, "data.field", "fields")
	saved := put(with(field("500", " ", "a", "Pasted\x1d\x1f here\x00")))
	saved.is(t, 200, "problems.0.at", "fields.8.subfields.0")
	saved.is(t, 200, "fields.8.subfields.0.value", "Pasted here")
	if h.Count("items", "marc_index = 10") != 1 {
		t.Error("the item does not know where its field stands now")
	}
	if !strings.Contains(h.record(id), `"999":{"ind1":"z","ind2":"9","subfields":[{"!":"ours"}]}`) {
		t.Error("a field nobody knows was changed")
	}
	checked := h.head(http.MethodPost, path+"/check", map[string]any{"leader": got.body["leader"], "fields": []any{field("020", " ", "a", "9781250199341")}})
	checked.is(t, 200, "problems.0.code", "isbn")
	h.head(http.MethodPut, path, map[string]any{"updated": "2001", "leader": got.body["leader"], "fields": fields}).is(t, 409, "data.code", "changed")
}

func TestMakeCopyAndDeleteTitle(t *testing.T) {
	h, id := withMoon(t)
	made := h.head(http.MethodPost, "titles", map[string]any{"key": "key-00001", "fields": map[string]any{"title": "El perro", "language": "spa", "isbn": []string{"0804429571"}}})
	made.is(t, 201, "title.fields.title", "El perro")
	made.is(t, 201, "versions", 1)
	again := h.head(http.MethodPost, "titles", map[string]any{"key": "key-00001", "fields": map[string]any{"title": "El perro"}})
	if again.at("title.id") != made.at("title.id") || h.Count("titles", "1") != 2 {
		t.Errorf("the same key made another title: %s", again.raw)
	}
	record := h.record(made.at("title.id").(string))
	if at := strings.Index(record, `"008":"`); at < 0 || strings.IndexByte(record[at+7:], '"') != 40 || !strings.Contains(record, `"245":{"ind1":"0","ind2":"3"`) {
		t.Errorf("the record is %s", record)
	}
	same := map[string]any{"key": "key-00002", "fields": map[string]any{"title": "Moon!", "isbn": []string{"9781250199348"}}}
	h.head(http.MethodPost, "titles", same).is(t, 409, "data.titles.0.id", id)
	same["again"] = true
	h.head(http.MethodPost, "titles", same).is(t, 201, "title.fields.title", "Moon!")
	h.head(http.MethodPost, "titles", map[string]any{"key": "key-00003", "fields": map[string]any{"title": ""}}).is(t, 400, "data.field", "title")
	copied := h.head(http.MethodPost, "titles", map[string]any{"key": "key-00004", "from": id, "fields": map[string]any{"edition": "2nd"}, "again": true})
	copied.is(t, 201, "title.fields.author", "McAnulty, Stacy")
	copied.is(t, 201, "title.fields.isbn", "[]")
	copied.is(t, 201, "items", "[]")
	if record := h.record(copied.at("title.id").(string)); strings.Contains(record, "852") || strings.Contains(record, `"001":"42"`) {
		t.Errorf("the copy took what is one edition's: %s", record)
	}

	other, _ := copied.at("title.id").(string)
	h.head(http.MethodDelete, "titles/"+other, nil).is(t, 200, "deleted", true)
	h.head(http.MethodGet, "titles/"+other, nil).is(t, 404, "data.code", "unknown_title")
	h.head(http.MethodDelete, "titles/"+h.title(), nil).is(t, 200, "deleted", true)
	code := h.lent(h.borrower())
	var lent string
	if err := h.App.DB().NewQuery("SELECT title FROM items WHERE barcode = '" + code + "'").Row(&lent); err != nil {
		t.Fatal(err)
	}
	h.head(http.MethodDelete, "titles/"+lent, nil).is(t, 409, "data.code", "in_use")
}

func TestTagsOfATitle(t *testing.T) {
	h, id := withMoon(t)
	h.head(http.MethodPut, "titles/"+id+"/tags", map[string]any{"tags": []string{"Space week", "space  WEEK", " ", "Moon"}}).is(t, 200, "tags", "[Moon Space week]")
	h.head(http.MethodPut, "titles/"+id+"/tags", map[string]any{"tags": []string{"Moon"}}).is(t, 200, "tags", "[Moon]")
	h.head(http.MethodPut, "titles/"+id+"/tags", map[string]any{"tags": []string{strings.Repeat("x", 121)}}).is(t, 400, "data.field", "tags")
	h.head(http.MethodPut, "titles/"+id+"/tags", map[string]any{"tags": []string{}}).is(t, 200, "tags", "[]")
}

func TestCover(t *testing.T) {
	h, id := withMoon(t)
	whole := image.NewRGBA(image.Rect(0, 0, 900, 1000))
	for i := range whole.Pix {
		whole.Pix[i] = 200
	}
	whole.Set(3, 3, color.Black)
	var file bytes.Buffer
	if err := png.Encode(&file, whole); err != nil {
		t.Fatal(err)
	}
	h.ask(http.MethodGet, "/catalog/covers/"+id, "", nil).is(t, 404, "x", nil)
	got := h.head(http.MethodPut, "titles/"+id+"/cover", file.String())
	if got.status != 200 || got.body["cover"] == "" {
		t.Fatal(got.raw)
	}
	for query, size := range map[string]image.Point{"": {400, 444}, "?size=s": {120, 133}} {
		shown := h.ask(http.MethodGet, "/catalog/covers/"+id+query, "", nil)
		drawn, err := jpeg.DecodeConfig(strings.NewReader(shown.raw))
		if err != nil || drawn.Width != size.X || drawn.Height != size.Y || shown.header.Get("ETag") == "" {
			t.Errorf("%q is %v %v %v", query, shown.status, drawn, err)
		}
		h.extra = http.Header{"If-None-Match": {shown.header.Get("ETag")}}
		if same := h.ask(http.MethodGet, "/catalog/covers/"+id+query, "", nil); same.status != 304 {
			t.Errorf("the same cover is sent again: %d", same.status)
		}
		h.extra = nil
	}
	h.head(http.MethodGet, "titles/"+id, nil).is(t, 200, "title.cover", got.body["cover"])
	if kept := h.ask(http.MethodGet, "/catalog/covers/"+id+"?v="+got.body["cover"].(string), "", nil); !strings.Contains(kept.header.Get("Cache-Control"), "immutable") {
		t.Errorf("kept %q", kept.header.Get("Cache-Control"))
	}
	h.head(http.MethodPut, "titles/"+id+"/cover", "not a picture").is(t, 400, "data.code", "bad_picture")
	h.head(http.MethodDelete, "titles/"+id+"/cover", nil).is(t, 200, "cover", "")
	h.ask(http.MethodGet, "/catalog/covers/"+id, "", nil).is(t, 404, "x", nil)
}

// TestTitlesAndMoney: an aide edits titles and sees nothing of what copies cost.
func TestTitlesAndMoney(t *testing.T) {
	h, id := withMoon(t)
	if _, err := h.App.DB().NewQuery("UPDATE items SET price_cents = 123456, currency = 'USD', vendor = 'Follett', fund = 'PTA'").Execute(); err != nil {
		t.Fatal(err)
	}
	h.head(http.MethodGet, "titles/"+id, nil).is(t, 200, "items.0.price", "1234.56")
	aide := h.ask(http.MethodGet, "/api/carrel/titles/"+id, h.tokens[collections.Aide], nil)
	if aide.status != 200 || strings.Contains(aide.raw, "1234.56") || strings.Contains(aide.raw, "Follett") || strings.Contains(aide.raw, "PTA") {
		t.Errorf("an aide is told %s", aide.raw)
	}
}
