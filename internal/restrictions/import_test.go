package restrictions_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/restrictions"
	"carrel/internal/say"
)

func (s school) bring(text string, options restrictions.Options) restrictions.Summary {
	s.T.Helper()
	options.File, options.Staff, options.Now = "forms.csv", staff, monday
	summary, err := restrictions.Import(s.App, strings.NewReader(text), options)
	s.check(err)
	if summary.Read != summary.Added+summary.Unchanged+len(summary.Rejected) {
		s.T.Errorf("the counts do not add up: %+v", summary)
	}
	return summary
}

func counts(s restrictions.Summary) string {
	return fmt.Sprintf("%d read, %d added, %d unchanged, %d rejected, %d warnings", s.Read, s.Added, s.Unchanged, len(s.Rejected), len(s.Warnings))
}

const english = `Student ID,Name,Rule,Title,ISBN,Item barcode,Topic,Author,Series,Notes
P1,"García López, Ana María",No,hatchet,,,,,,mother called
D-P1,Ana García,opt out,,978-0-689-84092-0,,,,,
s-P2,,ask first,,,B3,,,,
P2,Luis García,no,,,,Horror; War,,,
P2,LUIS,Block,,,,,Gary Paulsen,,
P2,García,Block,,,,,,Goosebumps,
`

const spanish = `Matrícula;Apellidos;Nombre;Regla;Tipo;Material
P1;García López;Ana María;prohibir;título;Night of the Living Dummy
P2;García;Luis;Preguntar primero;todos los libros;
`

func TestPaperForms(t *testing.T) {
	s := newSchool(t)
	if got, want := counts(s.bring(english, restrictions.Options{})), "7 read, 6 added, 1 unchanged, 0 rejected, 1 warnings"; got != want {
		t.Errorf("English: %s, want %s", got, want) // the ISBN is of an edition that the title named before
	}
	if got := s.refused("P1") + "; " + s.refused("P2"); got != "B1 B2; B1 B2 B3" {
		t.Errorf("refused %s", got)
	}
	if got, want := counts(s.bring(spanish, restrictions.Options{})), "2 read, 2 added, 0 unchanged, 0 rejected, 0 warnings"; got != want {
		t.Errorf("Spanish: %s, want %s", got, want)
	}
	if got := s.refused("P1"); got != "B1 B2 B3" {
		t.Errorf("refused %s", got)
	}
	rows := s.Count("restrictions", "1")
	if s.Count("audit", "action = 'restriction'") != rows || rows != 9 || s.Count("restrictions", "note = 'mother called'") != 2 {
		t.Errorf("%d restrictions, %d rows in the audit", rows, s.Count("audit", "1"))
	}
	for _, text := range []string{english, spanish} {
		if again := s.bring(text, restrictions.Options{}); again.Added != 0 {
			t.Errorf("again: %s", counts(again))
		}
	}
	if s.Count("restrictions", "1") != rows || s.Count("audit", "1") != rows {
		t.Error("the same files again wrote something")
	}
}

func TestDryRun(t *testing.T) {
	s := newSchool(t)
	dry := s.bring(english, restrictions.Options{DryRun: true})
	if s.Count("restrictions", "1")+s.Count("audit", "1") != 0 {
		t.Error("the dry run wrote")
	}
	if real := s.bring(english, restrictions.Options{}); counts(real) != counts(dry) {
		t.Errorf("dry: %s, real: %s", counts(dry), counts(real))
	}
}

func TestRejectedRows(t *testing.T) {
	s := newSchool(t)
	twin := s.Patron("D-P1") // has for a barcode what is another's number
	const head = "student,name,rule,title,isbn,item,tag,note\n"
	for row, want := range map[string]string{
		"P9,,no,Hatchet,,,,":                                  "student unknown_student",
		"D-P1,,no,Hatchet,,,,":                                "student two_students",
		"P1,Luis García,no,Hatchet,,,,":                       "name name_differs",
		"P1,Ana Gómez,no,Hatchet,,,,":                         "name name_differs",
		"P1,,no,Hatchett,,,,":                                 "title unknown_title",
		"P1,,no,,9780198526636,,,":                            "isbn unknown_title",
		"P1,,no,,,B9,,":                                       "item unknown_item",
		"P1,,no,,,,?!,":                                       "tag invalid",
		"P1,,no,,,,Horror," + strings.Repeat("x", 501):        "note long_note",
		"P1,,no,,,," + strings.Repeat("x", 301) + ",":         "tag long_value",
		"P1,,perhaps,Hatchet,,,,":                             "rule unknown_rule",
		fmt.Sprintf("%s,Ana,no,Hatchet,,,,", twin.DistrictID): "student no_student",
	} {
		before := s.Count("restrictions", "1")
		for _, lang := range []say.Lang{say.English, say.Spanish} {
			summary := s.bring(head+"P2,,ask,,,,Sound,\n"+row+"\n", restrictions.Options{Lang: lang, DryRun: true})
			if len(summary.Rejected) != 1 {
				t.Errorf("%s: %s", row, counts(summary))
				continue
			}
			r := summary.Rejected[0]
			if got := r.Column + " " + r.Code; got != want || r.File != "forms.csv" || r.Record != 3 {
				t.Errorf("%s: %+v, want %s", row, r, want)
			}
			if strings.Contains(r.Reason, r.Code) || strings.Contains(r.Reason, "%!") || strings.ContainsAny(r.Reason, "!") {
				t.Errorf("%s says %q", r.Code, r.Reason)
			}
			for _, name := range []string{"Ana", "Luis", "García", "Gómez"} {
				if strings.Contains(r.Reason, name) {
					t.Errorf("%s names a child: %q", r.Code, r.Reason)
				}
			}
		}
		if s.Count("restrictions", "1") != before {
			t.Errorf("%s was written", row)
		}
	}
}

func TestRejectedInTheOrderOfTheFile(t *testing.T) {
	s := newSchool(t)
	summary := s.bring("student,rule,title\nP9,no,Hatchet\nP1,perhaps,Hatchet\nP1,no,Nothing\nP1,no,Hatchet\n", restrictions.Options{})
	var lines []int
	for _, r := range summary.Rejected {
		lines = append(lines, r.Record)
	}
	if !slices.Equal(lines, []int{2, 3, 4}) || summary.Added != 1 {
		t.Errorf("%+v", summary)
	}
}

func TestWarnings(t *testing.T) {
	s := newSchool(t)
	summary := s.bring("student,rule,title,author,series\nP1,no,Hatchet,,\nP1,no,,Nobody,\nP1,no,,,Nothing\nP1,no,,\"Stine, R. L.\",\n", restrictions.Options{})
	var got []string
	for _, w := range summary.Warnings {
		got = append(got, fmt.Sprint(w.Record, " ", w.Code))
	}
	if !slices.Equal(got, []string{"2 several_titles", "3 unknown_author", "4 unknown_series"}) || summary.Added != 4 {
		t.Errorf("%q %s", got, counts(summary))
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	s := newSchool(t)
	for text, word := range map[string]string{"": "bad_file", "student,title\n1,Hatchet\n": "missing_column", "student,rule,title\nP1,perhaps,Hatchet\n": "no_rows"} {
		_, err := restrictions.Import(s.App, strings.NewReader(text), restrictions.Options{Now: monday})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Word != word {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A file whose import was cut off goes on where it stopped.
func TestHalfWrittenFile(t *testing.T) {
	s := newSchool(t)
	head, rows, _ := strings.Cut(english, "\n")
	first, _, _ := strings.Cut(rows, "\n")
	s.bring(head+"\n"+first+"\n", restrictions.Options{})
	if got, want := counts(s.bring(english, restrictions.Options{})), "7 read, 5 added, 2 unchanged, 0 rejected, 1 warnings"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
