package marc

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// belongs are the tags that an edit of a part may touch.
var belongs = map[string]string{
	"language": "008 041", "author": "100 110 111 245", "title": "245", "subtitle": "245", "illustrator": "700", "call_number": "092 099",
	"kind": "655", "place": "264 260", "publisher": "264 260", "year": "008 264 260", "pages": "300", "edition": "250", "series": "490 440 830",
	"volume": "490 440 830", "lexile": "521", "ar_level": "526", "ar_points": "526", "ar_quiz": "526", "summary": "520",
	"grades": "521", "isbn": "020", "subjects": subjectTags + " 653",
}

// bears are values a librarian might type into a part.
var bears = map[string][]string{
	"language":    {"eng", "spa", "fre", "ger"},
	"author":      {"Paulsen, Gary", "Homer", "King, Stephen, Jr.", "Henry V", "O'Dell, Scott.", "\x1fPasted\nname\x00", "Ramírez, José / Ortiz, Ana :"},
	"title":       {"The hobbit", "A is for apple", "El león", "L'étranger", "Why?", "E.T.", "Matilda.", "Wait ...", "Frog and Toad :", "<script>alert(1)</script>", "x"},
	"subtitle":    {"or, there and back again", "a novel", "the story of St.", "=", "100 %"},
	"illustrator": {"Lewis, Stevie", "Moebius", "Sendak, M."},
	"call_number": {"523.3 MCA", "FIC PAU", "E", "[Fic]", "741.5/973 SMI", "B LINCOLN"},
	"kind":        {KindPicture, KindGraphic, KindFiction, KindBiography, KindNonfiction},
	"place":       {"New York", "Boston, Mass.", "Washington, D.C.", "[S.l.]"},
	"publisher":   {"Henry Holt", "Little, Brown & Co.", "Holt, Inc."},
	"year":        {"2019", "1987", "1400", "19xx", "12"},
	"pages":       {"40", "1 volume (unpaged)", "xii, 345 p.", "1 audio disc (40 min.)", "7 pages"},
	"edition":     {"First edition", "2nd ed.", "Rev."},
	"series":      {"Our universe", "The magic tree house.", "Dr."},
	"volume":      {"4", "bk. 2", "no. 7."},
	"lexile":      {"AD580L", "700", "br 100l", "NP", "none"},
	"ar_level":    {"2.9", "4."},
	"ar_points":   {"0.5", "12.0"},
	"ar_quiz":     {"199341", "5"},
	"summary":     {"Meet Moon! She’s more than just a rock.", "One line.\nAnother line.", "No stop"},
}

var (
	someSubjects = []string{"Moon", "Moon -- Juvenile literature", "Solar system.", "World War, 1939-1945 -- Fiction", "Frogs--Toads", "Ramírez, José"}
	someISBNs    = []string{"9781250199348", "9781250199341", "080442957X", "978-0-439-02348-1", "9780439023481", "no number"}
	someGrades   = []string{"", "PK", "K", "1", "3", "12", "13", "x"}
)

// edit is a form as it will be sent, and the names of the parts that were touched.
type edit struct {
	form    Form
	touched []string
}

// edited draws an edit of a record.
func edited(t *rapid.T, r Record) edit {
	form := FormOf(r)
	names := append(formNames(), "grades", "isbn", "subjects")
	touched := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 4, rapid.ID[string]).Draw(t, "touched")
	for _, name := range touched {
		switch name {
		case "grades":
			form.GradesFrom = rapid.SampledFrom(someGrades).Draw(t, "from")
			form.GradesTo = rapid.SampledFrom(someGrades).Draw(t, "to")
		case "isbn":
			form.ISBN = rapid.SliceOfN(rapid.SampledFrom(append(someISBNs, form.ISBN...)), 0, 4).Draw(t, "isbn")
		case "subjects":
			form.Subjects = rapid.SliceOfN(rapid.SampledFrom(append(someSubjects, form.Subjects...)), 0, 6).Draw(t, "subjects")
		default:
			values := bears[name]
			if name != "language" && name != "kind" {
				values = append([]string{"", " "}, values...)
			}
			*formPartOf(name).of(&form) = rapid.SampledFrom(values).Draw(t, name)
		}
	}
	return edit{form, touched}
}

func formNames() (names []string) {
	for _, part := range formParts {
		names = append(names, part.name)
	}
	return names
}

func formPartOf(name string) formPart {
	return formParts[slices.IndexFunc(formParts, func(p formPart) bool { return p.name == name })]
}

// holdsTo checks all that an edit promises.
func holdsTo(t rapid.TB, r Record, e edit) {
	before := Encode(r)
	if same := Edit(r, FormOf(r)); !reflect.DeepEqual(clean(same), clean(r)) {
		t.Fatalf("an edit without a change:\n%s\n%s", Encode(same), before)
	}
	form, touched := e.form, e.touched
	after := Edit(r, form)
	if string(Encode(r)) != string(before) {
		t.Fatalf("the record given was changed")
	}
	foreign(t, r, after, touched)
	readBack(t, r, form, after, touched)
	back := Edit(after, restored(FormOf(after), FormOf(r), touched))
	foreign(t, r, back, touched)
	if got, want := comparable(FormOf(back), r, touched), comparable(FormOf(r), r, touched); !reflect.DeepEqual(got, want) {
		t.Fatalf("there and back after %v: %s\n%s\n%s\n%s", touched, differ(got, want), about(r, touched), about(after, touched), about(back, touched))
	}
}

// restored is a form with touched parts as they were.
func restored(form, was Form, touched []string) Form {
	for _, name := range touched {
		switch name {
		case "grades":
			form.GradesFrom, form.GradesTo = was.GradesFrom, was.GradesTo
		case "isbn":
			form.ISBN = was.ISBN
		case "subjects":
			form.Subjects = was.Subjects
		default:
			part := formPartOf(name)
			*part.of(&form) = *part.of(&was)
		}
	}
	if slices.Contains(touched, "series") { // without a series there was no volume either
		form.Volume = was.Volume
	}
	return form
}

// foreign holds the fields that no touched part may touch to their bytes and their order.
func foreign(t rapid.TB, before, after Record, touched []string) {
	mine := "880"
	for _, name := range touched {
		mine += " " + belongs[name]
	}
	if was, is := others(before, mine), others(after, mine); !slices.Equal(was, is) || before.Leader != after.Leader {
		t.Fatalf("an edit of %v touched more:\n%s\n%s", touched, strings.Join(was, "\n"), strings.Join(is, "\n"))
	}
	if was, is := scripts(before), scripts(after); !slices.Equal(was, is) {
		t.Fatalf("an edit of %v touched the original script:\n%v\n%v", touched, was, is)
	}
}

func others(r Record, without string) (fields []string) {
	for _, field := range r.Fields {
		if !strings.Contains(without, field.Tag) {
			fields = append(fields, string(Encode(Record{Fields: []Field{field}})))
		}
	}
	return fields
}

// scripts are the fields in the original script but for their links, which may be told that the other end is gone.
func scripts(r Record) (fields []string) {
	for _, field := range r.Fields {
		if field.Tag != "880" {
			continue
		}
		field.Subfields = slices.DeleteFunc(slices.Clone(field.Subfields), func(s Subfield) bool { return s.Code == '6' })
		fields = append(fields, string(Encode(Record{Fields: []Field{field}})))
	}
	return fields
}

// readBack expects the form to be what was written.
func readBack(t rapid.TB, r Record, form Form, after Record, touched []string) {
	got, want := comparable(FormOf(after), r, touched), comparable(form.over(FormOf(r)), r, touched)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("an edit of %v reads back otherwise: %s\n%s\n%s", touched, differ(got, want), about(r, touched), about(after, touched))
	}
}

// differ names the parts in which two forms differ.
func differ(got, want Form) string {
	var text strings.Builder
	a, b := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			fmt.Fprintf(&text, "%s: got %q, want %q; ", a.Type().Field(i).Name, a.Field(i).Interface(), b.Field(i).Interface())
		}
	}
	return text.String()
}

// about is the fields of a record that touched parts may touch.
func about(r Record, touched []string) string {
	mine := "880"
	for _, name := range touched {
		mine += " " + belongs[name]
	}
	r = r.clone()
	r.Fields = slices.DeleteFunc(r.Fields, func(f Field) bool { return !strings.Contains(mine, f.Tag) })
	return string(Encode(r))
}

// comparable leaves out of a form what a record cannot be made to say: no call number where an agency proposes one; another kind than the call number
// or the extent tells, and any kind for what is no book. Subjects are compared as a set: the record's order stays.
func comparable(f Form, r Record, touched []string) Form {
	for _, part := range formParts {
		*part.of(&f) = typed(*part.of(&f)) // of old records: line ends within a text
	}
	if FormOf(r).Language == "" {
		f.Language = ""
	}
	if FormOf(r).Kind == KindOther || slices.ContainsFunc([]string{"call_number", "pages", "title"}, func(name string) bool { return slices.Contains(touched, name) }) {
		f.Kind = ""
	}
	if proposed := callOf(r, "082a:090ab:050ab"); f.CallNumber == proposed {
		f.CallNumber = ""
	}
	f.Subjects = slices.Clone(f.Subjects)
	for i, text := range f.Subjects {
		f.Subjects[i] = strings.ToLower(text)
	}
	slices.Sort(f.Subjects)
	f.ISBN = slices.Clone(f.ISBN)
	slices.Sort(f.ISBN)
	return f
}

func callOf(r Record, spec string) string {
	var facts Facts
	putCallNumber(&facts, &r, mustSpec(spec))
	return facts.CallNumber
}

// formRecords are records with everything the form knows, by the ways in which cataloguers differ.
func formRecords(t testing.TB) []Record {
	today := record(t, "001 ocm12345", "003 OCoLC", "005 20200101", "008 190401s2019    nyua   a      000 0 eng d",
		"010   $a  2018043210", "020   $a9781250199348 (hardcover)", "020   $a1250199344$z9780000000000", "040   $aDLC$beng$erda",
		"082 04$a523.3$223", "100 1 $aMcAnulty, Stacy,$eauthor.", "245 10$6880-01$aMoon! Earth's best friend /$cby Stacy McAnulty ; illustrated by Stevie Lewis.",
		"264  1$aNew York :$bHenry Holt and Company,$c2019.", "264  4$c©2019", "300   $a1 volume (unpaged) :$bcolor illustrations ;$c26 cm",
		"490 1 $aOur universe ;$v3", "521 8 $aAD580L$bLexile", "521 2 $aK-3.", "526 0 $aAccelerated Reader$bLG$c2.9$d0.5$z199341",
		"520   $aMeet Moon!", "650  0$aMoon$vJuvenile literature.", "650  1$aMoon.", "653   $aPlanets$aRocks", "700 1 $6880-02$aLewis, Stevie,$eillustrator.",
		"830  0$aOur universe ;$v3.", "852   $aX$p30412007904", "880 10$6245-01/$1$a月亮", "880 1 $6700-02/$1$a路易斯", "999   $aours$x")
	older := record(t, "001 7", "008 870101r19871986nyu    c      000 1 eng  ", "020   $a0-688-06419-4 (pbk.) :$c$3.95", "092   $aFIC$bPAU",
		"100 1 $aPaulsen, Gary,$d1939-", "245 14$aThe hatchet :$ba novel /$cGary Paulsen.", "250   $a1st ed.", "260   $aNew York :$bBradbury,$cc1987.",
		"300   $axii, 195 p. ;$c24 cm.", "440  0$aNewbery books", "521 0 $a5.7", "650  0$aSurvival$xFiction.", "852   $p1")
	plain := record(t, "245 00$aDinosaurs", "520   $aBig.$bOld.")
	body := record(t, "008 u", "099   $aREF$aTIM", "110 2 $aTime-Life Books.$bStaff,", "245 10$aSpace", "655  7$aPicture books.$2lcgft", "041 0 $aengspa", "653  0$aStars")
	none := record(t, "001 9")
	return []Record{today, older, plain, body, none}
}

func TestPropertyEditMade(t *testing.T) {
	made := formRecords(t)
	rapid.Check(t, func(t *rapid.T) {
		r := made[rapid.IntRange(0, len(made)-1).Draw(t, "record")]
		holdsTo(t, r, edited(t, r))
	})
}

func TestPropertyEditAnyRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord().Draw(t, "record")
		r.Leader, _ = cleanLeader(r.Leader)
		holdsTo(t, r, edited(t, r))
	})
}

// TestPropertyEditCorpus edits every real record at random: its MARC differs in the edited fields only.
func TestPropertyEditCorpus(t *testing.T) {
	root, all := corpus(t), []Record{}
	for _, line := range manifest(t, root) {
		records, _, _, err := readFile(t, filepath.Join(root, line.path))
		var format *FormatError
		if err != nil && !errors.As(err, &format) {
			t.Fatal(err)
		}
		all = append(all, records...)
	}
	for i, r := range all {
		edits := rapid.Custom(func(t *rapid.T) edit { return edited(t, r) })
		for seed := range 3 {
			holdsTo(t, r, edits.Example(3*i+seed))
		}
	}
}
