package lookup

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"carrel/internal/marc"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var entered = time.Date(2026, 11, 13, 9, 0, 0, 0, time.UTC)

// lines writes a record as people read it.
func lines(record marc.Record) (all []string) {
	for _, field := range record.Fields {
		if field.IsControl() {
			all = append(all, field.Tag+" "+field.Value)
			continue
		}
		line := field.Tag + " " + string([]byte{field.Ind1, field.Ind2})
		for _, sub := range field.Subfields {
			line += " $" + string(sub.Code) + " " + sub.Value
		}
		all = append(all, line)
	}
	return all
}

func TestAnEditionAsARecord(t *testing.T) {
	address, _ := serve(t, reply{kind: asJSON, body: file(t, "openlibrary_details.json")})
	asker := NewAsker("1.2")
	asker.now = func() time.Time { return entered }
	found, err := ProviderOf(site.Source{Name: "Open Library", Kind: site.SourceOpenLibrary, URL: address}, asker).Find(t.Context(), honeybee)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	want := []string{
		"008 261113s2018    xx     j          1 eng d",
		"010    $a 2017012345",
		"020    $a 9781481469975",
		"035    $a (OL)OL26948000M",
		"050  4 $a PZ8.3.H146",
		"082 04 $a [E]",
		"100 1  $a Hall, Kirsten",
		"245 14 $a The Honeybee : $b a poem about bees / $c Kirsten Hall",
		"264  1 $a New York : $b Atheneum Books for Young Readers, $c May 8, 2018",
		"300    $a 48 pages",
		"490 0  $a Bees ; 1",
		"520    $a Buzz. Buzz & hum.",
		"653    $a Honeybee -- Fiction",
		"653    $a Juvenile fiction",
		"653    $a Stories in rhyme",
		"700 1  $a Arsenault, Isabelle $e illustrator",
	}
	if diff := cmp.Diff(want, lines(found[0].Record)); diff != "" {
		t.Error(diff)
	}
	facts := marc.Extract(found[0].Record)
	if facts.Year != 2018 || facts.Language != "eng" || facts.Audience == "" || facts.SortTitle[:8] != "honeybee" || facts.CallNumber != "E" {
		t.Errorf("read back: %+v", facts)
	}
}

func TestInverted(t *testing.T) {
	for name, want := range map[string]string{
		"Kirsten Hall":             "Hall, Kirsten",
		"Ursula K. Le Guin":        "Le Guin, Ursula K.",
		"Juan Felipe Herrera":      "Herrera, Juan Felipe",
		"Matt de la Peña":          "de la Peña, Matt",
		"Martin Luther King Jr.":   "King, Martin Luther, Jr.",
		"Craft, Jerry":             "Craft, Jerry",
		"Plato":                    "Plato",
		"村上 春樹":                    "村上 春樹",
		"National Geographic (US)": "National Geographic (US)",
		"":                         "",
	} {
		if got := Inverted(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"  a\tb\r\nc  ": "a b c",
		"<script>alert(1)</script>Moon <b>and</b> stars": "alert(1) Moon and stars",
		"&lt;img src=x onerror=alert(1)&gt;Moon":         "Moon",
		"Tom &amp; Jerry":                                "Tom & Jerry",
		"5 < 7 and 9 > 8":                                "5 < 7 and 9 > 8",
		"a\x00b\x1b[31mc\u202ed\u200be\ufeff":            "ab[31mcde",
		"Pe\u0301rez":                                    "Pérez",
		strings.Repeat("x", 700):                         strings.Repeat("x", 500) + "…",
		"\xff\xfeok":                                     "ok",
	} {
		if got := clean(text, 500); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestAnyBookMakesARecord: whatever is typed or answered, the record can be written and read back as it is, and has no control characters.
func TestAnyBookMakesARecord(t *testing.T) {
	text := rapid.String()
	list := rapid.SliceOfN(text, 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		book := Book{
			Title: "x" + text.Draw(t, "title"), Subtitle: text.Draw(t, "subtitle"), Authors: list.Draw(t, "authors"), Statement: text.Draw(t, "statement"),
			Date: text.Draw(t, "date"), Publisher: text.Draw(t, "publisher"), Pages: text.Draw(t, "pages"), Series: list.Draw(t, "series"),
			Summary: text.Draw(t, "summary"), Subjects: list.Draw(t, "subjects"), Languages: list.Draw(t, "languages"), Dewey: text.Draw(t, "dewey"), ISBNs: []string{zen},
		}
		record := book.Record(entered)
		again, err := marc.Decode(marc.Encode(record))
		if err != nil || !record.Same(again) {
			t.Fatalf("%v: %q is not %q", err, lines(again), lines(record))
		}
		for _, line := range lines(record) {
			if strings.ContainsFunc(line, unicode.IsControl) {
				t.Fatalf("%q", line)
			}
		}
		if facts := marc.Extract(record); facts.Title == "" || len(facts.ISBNs) != 1 {
			t.Fatalf("%+v", facts)
		}
	})
}

func TestCheckSources(t *testing.T) {
	ok := site.Source{Name: "Library of Congress", Kind: site.SourceSRU, URL: "lx2.loc.gov:210/", Database: "/LCDB/"}
	checked, err := Check(site.Lookup{On: true, Sources: []site.Source{ok, ok}})
	if err != nil {
		t.Fatal(err)
	}
	if got := checked.Sources; got[0].URL != "https://lx2.loc.gov:210" || got[0].Database != "LCDB" || got[0].ID != "libraryofcongress" || got[1].ID != "libraryofcongress2" {
		t.Errorf("%+v", got)
	}
	for field, change := range map[string]func(*site.Source){
		"sources.0.name":     func(s *site.Source) { s.Name = " " },
		"sources.0.kind":     func(s *site.Source) { s.Kind = "z3950" },
		"sources.0.url":      func(s *site.Source) { s.URL = "file:///etc/passwd" },
		"sources.0.database": func(s *site.Source) { s.Database = "a?b" },
	} {
		bad := ok
		change(&bad)
		if _, err := Check(site.Lookup{Sources: []site.Source{bad}}); err == nil || !strings.Contains(fieldOf(err), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, address := range []string{"", "https://", "https://me:secret@books.example", "javascript:alert(1)", "ftp://books.example"} {
		if got, ok := addressOf(address); ok {
			t.Errorf("%q: %q", address, got)
		}
	}
}
