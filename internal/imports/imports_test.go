package imports_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/say"
	"carrel/internal/testkit"
)

// school is a library with a runner of imports.
type school struct {
	testkit.Library
	run  *imports.Runner
	keys int
}

func newSchool(t testing.TB) *school {
	t.Helper()
	lib := testkit.NewLibrary(t)
	s := &school{Library: lib, run: imports.New(lib.App)}
	t.Cleanup(s.run.Stop)
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// take sends a file.
func (s *school) take(kind, name, content string) (collections.Import, error) {
	return s.run.Take(imports.Upload{Kind: kind, Name: name, Size: int64(len(content)), Body: strings.NewReader(content), Lang: say.English})
}

// brought sends a file and waits until it is read.
func (s *school) brought(kind, name, content string) collections.Import {
	s.T.Helper()
	imp, err := s.take(kind, name, content)
	check(s.T, err)
	return s.wait(imp)
}

func (s *school) wait(imp collections.Import) collections.Import {
	s.T.Helper()
	s.run.Wait()
	now, err := imports.Find(s.App, imp.ID)
	check(s.T, err)
	return now
}

func (s *school) key() string {
	s.keys++
	return fmt.Sprintf("test-key-%d", s.keys)
}

func (s *school) applied(imp collections.Import) collections.Import {
	s.T.Helper()
	_, err := s.run.Apply(imp.ID, s.key())
	check(s.T, err)
	return s.wait(imp)
}

func (s *school) undone(imp collections.Import) collections.Import {
	s.T.Helper()
	_, err := s.run.Undo(imp.ID, s.key())
	check(s.T, err)
	return s.wait(imp)
}

// is checks the state.
func (s *school) is(imp collections.Import, state string) {
	s.T.Helper()
	if imp.State != state {
		s.T.Fatalf("%s, not %s: %s", imp.State, state, imp.Error)
	}
}

// view is what a librarian sees, as JSON.
func (s *school) view(imp collections.Import) map[string]any {
	s.T.Helper()
	view, err := s.run.View(imp, say.English, false)
	check(s.T, err)
	data, err := json.Marshal(view)
	check(s.T, err)
	var out map[string]any
	check(s.T, json.Unmarshal(data, &out))
	return out
}

// at digs into a view: "preview.titles.added".
func at(view map[string]any, path string) any {
	var found any = view
	for _, part := range strings.Split(path, ".") {
		switch inner := found.(type) {
		case map[string]any:
			found = inner[part]
		case []any:
			var i int
			_, _ = fmt.Sscan(part, &i)
			if i >= len(inner) {
				return nil
			}
			found = inner[i]
		}
	}
	return found
}

func (s *school) says(imp collections.Import, path, want string) {
	s.T.Helper()
	if got := fmt.Sprint(at(s.view(imp), path)); got != want {
		s.T.Errorf("%s is %s, not %s", path, got, want)
	}
}

// rows is all that imports may change, and what is derived from it, as one text.
func (s *school) rows() string {
	s.T.Helper()
	var out bytes.Buffer
	for _, table := range []string{"titles", "items", "item_types", "locations", "patrons", "patron_types", "homerooms", "title_keys"} {
		order := "id"
		if table == "title_keys" {
			order = "key, title_id"
		}
		s.dump(&out, "SELECT * FROM "+table+" ORDER BY "+order)
	}
	s.dump(&out, "SELECT title_id, title, type, language, audience, locations, items, available FROM search_doc ORDER BY title_id")
	s.dump(&out, "SELECT patron, name, room, grade, status, type, picture FROM patron_index ORDER BY patron")
	s.dump(&out, "SELECT term, doc, cnt FROM search_vocab ORDER BY term")
	return out.String()
}

func (s *school) dump(out *bytes.Buffer, query string) {
	s.T.Helper()
	rows, err := s.App.DB().NewQuery(query).Rows()
	check(s.T, err)
	defer rows.Close()
	columns, err := rows.Columns()
	check(s.T, err)
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		check(s.T, rows.Scan(places...))
		for i, value := range values {
			fmt.Fprintf(out, "%s=%v ", columns[i], value)
		}
		out.WriteString("\n")
	}
	check(s.T, rows.Err())
}

// books are records with one item each, numbered as given; edition tells two versions of a record apart.
func books(edition string, numbers ...int) string {
	var out strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&out, `{"leader":"00000nam a2200000 a 4500","fields":[{"001":"rec%04d"},{"003":"Test"},{"245":{"ind1":"0","ind2":"0","subfields":[{"a":"Book %d%s"}]}},`+
			`{"852":{"ind1":" ","ind2":" ","subfields":[{"p":"T%04d"},{"h":"FIC%s"},{"b":"SHELF%d"}]}}]}`+"\n", n, n, edition, n, edition, n%2)
	}
	return out.String()
}

func span(from, to int) (numbers []int) {
	for n := from; n < to; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

const heading = "district_id,last_name,first_name,grade,homeroom,birth_date,type\n"

func people(room string, numbers ...int) string {
	out := strings.Builder{}
	out.WriteString(heading)
	for _, n := range numbers {
		fmt.Fprintf(&out, "D%03d,Family%d,Child%d,%d,%s,2015-01-%02d,student\n", n, n, n, n%6, room, n%28+1)
	}
	return out.String()
}

// word is the word of a fault.
func word(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Word
	}
	return fmt.Sprint(err)
}

func files(t testing.TB, s *school) (names []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(s.App.DataDir(), "imports", "*"))
	check(t, err)
	for _, name := range found {
		info, err := os.Stat(name)
		check(t, err)
		names = append(names, fmt.Sprint(filepath.Base(name), " ", info.Mode()))
	}
	return names
}

func TestTitles(t *testing.T) {
	s := newSchool(t)
	before := s.rows()
	imp := s.brought("titles", "spring.json", books("", span(0, 30)...))
	s.is(imp, "ready")
	s.says(imp, "preview.titles.added", "30")
	s.says(imp, "preview.items.added", "30")
	s.says(imp, "preview.sample.title", "Book 0")
	s.says(imp, "preview.sample.barcode", "T0000")
	s.says(imp, "preview.kinds.0.code", "new_location")
	s.says(imp, "preview.kinds.0.n", "2")
	s.says(imp, "preview.kinds.0.message", "Locations that are new")
	if s.rows() != before {
		t.Error("the preview changed something")
	}
	if found := files(t, s); len(found) != 2 || !strings.HasSuffix(found[0], "-rw-------") || !strings.HasSuffix(found[1], ".remarks -rw-------") {
		t.Errorf("files %v", found)
	}
	imp = s.applied(imp)
	s.is(imp, "done")
	s.says(imp, "result.titles.added", "30")
	s.says(imp, "progress.done", "30")
	if s.Count("titles", "1") != 30 || s.Count("import_changes", "before IS NULL") != 62 {
		t.Errorf("%d titles, %d entries", s.Count("titles", "1"), s.Count("import_changes", "1"))
	}
	imp = s.undone(imp)
	s.is(imp, "undone")
	if after := s.rows(); after != before {
		t.Errorf("taken back:\n%s\nbefore:\n%s", after, before)
	}
	if found := files(t, s); len(found) != 0 || s.Count("import_changes", "1") != 0 {
		t.Errorf("left: %v, %d entries", found, s.Count("import_changes", "1"))
	}
}

func TestRoster(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("roster", "students.csv", people("4B", span(0, 20)...))
	s.is(imp, "ready")
	s.says(imp, "preview.patrons.added", "20")
	s.says(imp, "preview.homerooms.0", "4B")
	s.says(imp, "columns.5.name", "birth_date")
	s.says(imp, "columns.5.field", "")
	s.says(imp, "columns.1.sample.2", "Family2")
	before := s.rows()
	imp = s.applied(imp)
	s.is(imp, "done")
	s.says(imp, "result.patrons.added", "20")
	if s.Count("patrons", "birth_date = ''") != 20 || s.Count("homerooms", "1") != 1 {
		t.Error("not brought in as chosen")
	}
	second := s.brought("roster", "students.csv", people("5A", append(span(0, 18), 50)...))
	s.says(second, "preview.patrons.left", "2")
	s.says(second, "preview.patrons.updated", "18")
	middle := s.rows()
	second = s.applied(second)
	s.says(second, "result.patrons.left", "2")
	s.undone(second)
	if after := s.rows(); after != middle {
		t.Errorf("the second taken back:\n%s\nbefore:\n%s", after, middle)
	}
	imp = s.undone(imp)
	s.is(imp, "undone")
	if after := s.rows(); after != before {
		t.Errorf("taken back:\n%s\nbefore:\n%s", after, before)
	}
}
