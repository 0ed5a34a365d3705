package imports_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/say"
)

const shelfList = "Nombre,Quien,Sala,Código\nHatchet,Gary Paulsen,Attic,1\nHoles,Louis Sachar,Fiction,2\n"

// A list in words of its own waits for somebody to say which column has the titles; the next list with these headings is read at once.
func TestTableOfTitles(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("titles", "books.csv", shelfList)
	s.is(imp, "unreadable")
	s.says(imp, "missing.0", "title")
	s.says(imp, "columns.0.name", "Nombre")
	s.says(imp, "columns.0.sample.1", "Holes")
	fields := []string{"title", "author", "location", "barcode"}
	chosen := []imports.Column{{Name: "Nombre"}, {Name: "Quien"}, {Name: "Sala"}, {Name: "Código"}}
	for i := range chosen {
		chosen[i].Field = fields[i]
	}
	_, err := s.run.Choose(imp.ID, chosen, nil)
	check(t, err)
	imp = s.wait(imp)
	s.is(imp, "ready")
	s.says(imp, "preview.titles.added", "2")
	s.says(imp, "preview.source", "plain")
	s.says(imp, "preview.samples.1.title", "Holes")
	s.says(imp, "preview.new.locations.0.word", "Attic")
	imp = s.applied(imp)
	s.is(imp, "done")
	s.says(imp, "result.items.added", "2")
	next := s.brought("titles", "more.csv", "Código,Nombre,Sala,Quien\n3,The river,Attic,Gary Paulsen\n")
	s.is(next, "ready")
	s.says(next, "remembered", "true")
	s.says(next, "preview.sample.title", "The river")
	imp = s.undone(imp)
	s.is(imp, "undone")
	if s.Count("titles", "1")+s.Count("items", "1")+s.Count("locations", "1") != 0 {
		t.Error("something is left")
	}
	_, err = s.run.Choose(next.ID, []imports.Column{{Name: "Código", Field: "homeroom"}, {Name: "Nombre"}, {Name: "Sala"}, {Name: "Quien"}}, nil)
	if fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a column of people: %v", err)
	}
}

// Words of the file that stand for what the school has make nothing new.
func TestMapOfWords(t *testing.T) {
	s := newSchool(t)
	s.applied(s.brought("titles", "a.csv", "title,barcode,location\nA,1,Fiction\n"))
	where, _, err := collections.Find[collections.Location](s.App, "code = 'Fiction'", nil)
	check(t, err)
	imp := s.brought("titles", "b.csv", "title,barcode,location\nB,2,Fic\nC,3,Fic\n")
	s.says(imp, "preview.new.locations.0.n", "2")
	_, err = s.run.Choose(imp.ID, nil, &imports.Options{Map: catalog.Words{Locations: map[string]string{"Fic": "nowhere"}}})
	var f *fault.Error
	if !errors.As(err, &f) || f.Field != "map.locations.Fic" {
		t.Errorf("to nowhere: %v", err)
	}
	_, err = s.run.Choose(imp.ID, nil, &imports.Options{Map: catalog.Words{Locations: map[string]string{"Fic": where.ID}}})
	check(t, err)
	imp = s.wait(imp)
	s.says(imp, "preview.new.locations.0.id", where.ID)
	s.says(imp, "preview.warnings", "[]")
	s.applied(imp)
	if s.Count("locations", "1") != 1 || s.Count("items", "location = '"+where.ID+"'") != 3 {
		t.Error("the books are not there")
	}
}

func (s *school) rejects(imp collections.Import) (rows [][]string) {
	s.T.Helper()
	var out bytes.Buffer
	check(s.T, s.run.WriteRejects(imp.ID, say.English, &out))
	rows, err := csv.NewReader(&out).ReadAll()
	check(s.T, err)
	return rows
}

// All that was left out can be fetched, not only what the screen lists; a title like a formula is no formula there.
func TestRejects(t *testing.T) {
	s := newSchool(t)
	var list strings.Builder
	list.WriteString("title,barcode,location\n=1+1,same,\n")
	for i := range 300 {
		fmt.Fprintf(&list, "=%d,same,\n", i)
	}
	imp := s.applied(s.brought("titles", "a.csv", list.String()))
	rows := s.rejects(imp)
	if len(rows) != 301 || !slices.Equal(rows[1], []string{"3", "", "barcode_taken", rows[1][3], "'=0"}) || !strings.Contains(rows[1][3], "same") {
		t.Errorf("%d rows: %q", len(rows), rows[1])
	}
	clean := s.brought("titles", "b.csv", "title,barcode\nFine,9\n")
	if err := s.run.WriteRejects(clean.ID, say.English, &bytes.Buffer{}); word(err) != "no_rejects" {
		t.Errorf("nothing was left out: %v", err)
	}
	if err := s.run.WriteRejectedRecords(imp.ID, &bytes.Buffer{}); word(err) != "not_iso2709" {
		t.Errorf("records of a table: %v", err)
	}
	s.undone(imp)
	check(t, s.run.Discard(imp.ID))
	check(t, s.run.Discard(clean.ID))
	if left := files(t, s); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// What was left out of a file of records comes back byte for byte, with its neighbours left alone.
func TestRejectedRecords(t *testing.T) {
	s := newSchool(t)
	good := iso2709(t)
	at := strings.IndexByte(good, 0x1d) + 1
	first, second := good[:at], good[at:]
	broken := "00099zzz  2200000 zz broken \x1e nothing\x1e\x1d"
	imp := s.applied(s.brought("titles", "a.mrc", first+broken+second+first))
	var out bytes.Buffer
	if err := s.run.WriteRejectedRecords(imp.ID, &out); err != nil {
		t.Fatalf("%v, rejects %v", err, s.rejects(imp))
	}
	if got := out.String(); got != broken {
		t.Errorf("got %q", got)
	}
}

// Stopped on request an import can be gone on with, or taken back.
func TestCancel(t *testing.T) {
	const titles = 1500
	s := newSchool(t)
	before := s.rows()
	for _, goOn := range []bool{false, true} {
		imp := s.brought("titles", "all.json", books(" new", span(10, 10+titles)...))
		imp, err := s.run.Apply(imp.ID, s.key())
		check(t, err)
		s.past(imp, 100)
		imp, err = s.run.Cancel(imp.ID)
		check(t, err)
		s.is(imp, "stopped")
		if again, err := s.run.Cancel(imp.ID); err != nil || again.State != "stopped" {
			t.Errorf("cancelled twice: %s, %v", again.State, err)
		}
		if n := s.Count("titles", "1"); n < 100 || n == titles {
			t.Errorf("%d titles", n)
		}
		if goOn {
			imp = s.applied(imp)
			s.is(imp, "done")
			s.says(imp, "result.titles.added", fmt.Sprint(titles))
		}
		imp = s.undone(imp)
		s.is(imp, "undone")
		if after := s.rows(); after != before {
			t.Errorf("left:\n%.1000s", after)
		}
		if _, err := s.run.Cancel(imp.ID); word(err) != "wrong_state" {
			t.Errorf("after all: %v", err)
		}
	}
}

// What came without a barcode gets the next ones, as a change of its own that can be taken back, and labels.
func TestNumber(t *testing.T) {
	s := newSchool(t)
	imp := s.applied(s.brought("titles", "a.csv", "title,barcode,location,call_number\nA,1001,X,FIC A\nC,,X,FIC C\nB,,X,FIC B\n"))
	s.says(imp, "unlabelled", "2")
	if codes, err := s.run.Labelled(imp.ID); err != nil || !slices.Equal(codes, []string{"1001"}) {
		t.Errorf("%q, %v", codes, err)
	}
	change, err := s.run.Number(imp.ID, "", say.English)
	check(t, err)
	change = s.wait(change)
	s.is(change, "ready")
	change = s.applied(change)
	s.is(change, "done")
	if codes, err := s.run.Labelled(change.ID); err != nil || !slices.Equal(codes, []string{"1002", "1003"}) {
		t.Errorf("%q, %v", codes, err)
	}
	s.says(imp, "unlabelled", "<nil>")
	if _, err := s.run.Number(imp.ID, "", say.English); word(err) != "no_labels" {
		t.Errorf("once more: %v", err)
	}
}
