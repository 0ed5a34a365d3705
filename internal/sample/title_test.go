package sample

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTitlesAreWellFormed(t *testing.T) {
	class := regexp.MustCompile(`^(E|FIC|GRA|B|EQ|\d{3}(\.\d+)?)$`)
	spine := regexp.MustCompile(`^((SPA|REF|PRO) )?(E|FIC|GRA|B|EQ|\d{3}(\.\d+)?) [A-Z0-9]{2,3}$`)
	types := []string{TypeBook, TypePictureBook, TypeGraphicNovel, TypeReference, TypeProfessional, TypeObject}
	books := 0
	for _, title := range realTitles() {
		check := func(ok bool, what string) {
			t.Helper()
			if !ok {
				t.Errorf("%s: %s: %+v", what, title.Title, title)
			}
		}
		for _, text := range append([]string{title.Title, title.Subtitle, title.Author, title.Illustrator, title.Publisher, title.Series}, title.Subjects...) {
			check(text == strings.TrimSpace(text) && !strings.Contains(text, "  "), "blanks")
		}
		check(title.Title != "", "no title")
		check(class.MatchString(title.Class), "class")
		check(spine.MatchString(title.CallNumber), "call number")
		check(slices.Contains(types, title.Type), "type")
		check(title.Language == "eng" || title.Language == "spa", "language")
		check(!slices.Contains(title.Subjects, "") && len(title.Subjects) <= 4, "subjects")
		check((title.Class == "EQ") == (title.Type == TypeObject), "equipment")
		check((title.Class == "GRA") == (title.Type == TypeGraphicNovel), "graphic novel")
		check((title.Class == "E") == (title.Type == TypePictureBook), "picture book")
		check(title.Grades.Known || title.Type == TypeProfessional || title.Type == TypeObject, "grades")
		if title.Type == TypeObject {
			check(title.Year == 0 && title.Author == "" && title.Publisher == "", "equipment has no imprint")
			check(equipmentCents[title.Title] > 0, "price")
			continue
		}
		books++
		check(title.Year >= 1850 && title.Year <= 2025, "year")
		check(title.Publisher != "", "publisher")
		check(title.Author != "" || title.Type == TypeReference, "author")
		for _, name := range []string{title.Author, title.Illustrator} {
			check(strings.Contains(name, ", ") || !strings.Contains(name, " "), "a name that is not inverted")
		}
	}
	if books < 400 {
		t.Errorf("%d books; the sample needs 400", books)
	}
}

func TestTitlesAreSortedAndDiffer(t *testing.T) {
	titles := realTitles()
	if !slices.IsSortedFunc(titles, func(a, b Title) int { return strings.Compare(a.Class, b.Class) }) {
		t.Error("titles.tsv is not sorted by class")
	}
	seen := map[string]bool{}
	for _, title := range titles {
		key := strings.ToLower(title.Title + "|" + title.Subtitle + "|" + title.Author + "|" + title.Language)
		if seen[key] {
			t.Errorf("twice: %s", key)
		}
		seen[key] = true
	}
}

func TestCallNumber(t *testing.T) {
	for _, test := range []struct {
		title Title
		want  string
	}{
		{Title{Class: "FIC", Title: "Hatchet", Author: "Paulsen, Gary", Language: "eng"}, "FIC PAU"},
		{Title{Class: "E", Title: "Last Stop on Market Street", Author: "de la Peña, Matt"}, "E DEL"},
		{Title{Class: "FIC", Title: "Island of the Blue Dolphins", Author: "O'Dell, Scott"}, "FIC ODE"},
		{Title{Class: "E", Title: "Drawn Together", Author: "Lê, Minh"}, "E LE"},
		{Title{Class: "E", Title: "Islandborn", Author: "Díaz, Junot"}, "E DIA"},
		{Title{Class: "B", Title: "Rosa", Author: "Giovanni, Nikki", Subjects: []string{"Parks, Rosa"}}, "B PAR"},
		{Title{Class: "E", Title: "Abuela", Author: "Dorros, Arthur", Language: "spa"}, "SPA E DOR"},
		{Title{Class: "031", Title: "The World Book Encyclopedia", Type: TypeReference}, "REF 031 WOR"},
		{Title{Class: "EQ", Title: "3D pen", Type: TypeObject}, "EQ 3DP"},
		{Title{Class: "372.4", Title: "The CAFE Book", Author: "Boushey, Gail", Type: TypeProfessional}, "PRO 372.4 BOU"},
	} {
		if got := callNumber(test.title); got != test.want {
			t.Errorf("%s: %q, want %q", test.title.Title, got, test.want)
		}
	}
}

func TestParseTitlesNamesTheLine(t *testing.T) {
	good := "E\tSwimmy\t\tLionni, Leo\t\t1963\tPantheon\tPK-2\teng\tpicture book\t\tFishes\n"
	for _, test := range []struct{ name, line string }{
		{"cell missing", "E\tSwimmy\n"},
		{"year", strings.Replace(good, "1963", "196x", 1)},
		{"grade", strings.Replace(good, "PK-2", "2-PK", 1)},
	} {
		_, err := parseTitles("heading\n" + good + test.line)
		if err == nil || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestGrades(t *testing.T) {
	for _, text := range []string{"", "PK-2", "K-5", "3-8", "9-12"} {
		grades, err := ParseGrades(text)
		if err != nil || grades.String() != text {
			t.Errorf("%q: %q, %v", text, grades, err)
		}
	}
	for _, text := range []string{"5", "5-3", "0-3", "3-13", "K-", "-"} {
		if grades, err := ParseGrades(text); err == nil {
			t.Errorf("%q was read as %q", text, grades)
		}
	}
	if (Grades{}).Fit(0) {
		t.Error("a kindergartner fits a title for no grade")
	}
}
