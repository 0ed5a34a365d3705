package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/marc"
	"carrel/internal/say"
)

// checkForm refuses what a record cannot hold, at the field: what differs from the form as it was, and only that. A wrong digit in an ISBN
// is no reason to refuse it: books are printed with such numbers. It is kept as it was typed, told in Remarks, and used to match nothing.
func checkForm(op string, was, form marc.Form) error {
	bad := func(field, key string, args ...any) error {
		return fault.New(op, fault.Invalid, "catalog.form."+key, args...).Named("bad_" + key).At(field)
	}
	switch {
	case form.Title != was.Title && blank(form.Title):
		return bad("title", "title")
	case form.Year != was.Year && !blank(form.Year) && !isYear(strings.TrimSpace(form.Year)):
		return bad("year", "year")
	case form.Lexile != was.Lexile && !blank(form.Lexile) && !marc.IsLexile(form.Lexile):
		return bad("lexile", "lexile")
	case form.Language != was.Language && !marc.IsLanguage(form.Language):
		return bad("language", "language")
	case form.Kind != was.Kind && form.Kind != "" && !slices.Contains(marc.Kinds, form.Kind):
		return bad("kind", "kind")
	case form.Series == "" && form.Volume != was.Volume && !blank(form.Volume):
		return bad("volume", "volume")
	}
	for field, grade := range map[string]string{"grades_from": form.GradesFrom, "grades_to": form.GradesTo} {
		if _, ok := marc.ParseGrade(strings.TrimSpace(grade)); !ok && !blank(grade) && (form.GradesFrom != was.GradesFrom || form.GradesTo != was.GradesTo) {
			return bad(field, "grade")
		}
	}
	for i, number := range form.ISBN {
		if _, ok := isbn.Parse(number); !ok && !blank(number) && !slices.Contains(was.ISBN, number) {
			return bad(fmt.Sprintf("isbn.%d", i), "isbn")
		}
	}
	return tooLong(was, form, bad)
}

// longest is how many characters a text of the form may have: as much as one field of ISO 2709 holds in the worst of cases.
const longest = 2000

func tooLong(was, form marc.Form, bad func(field, key string, args ...any) error) error {
	before := was.Texts()
	for field, text := range form.Texts() {
		if len(text) > longest && text != before[field] {
			return bad(field, "long", longest)
		}
	}
	for i, text := range form.Subjects {
		if len(text) > longest && !slices.Contains(was.Subjects, text) {
			return bad(fmt.Sprintf("subjects.%d", i), "long", longest)
		}
	}
	return nil
}

func isYear(text string) bool {
	year, err := strconv.Atoi(text)
	return err == nil && year >= 1400 && year <= 2099
}

// Remark is something odd about a form that is saved all the same, with the field it is about.
type Remark struct {
	Field string
	Code  string
	Text  say.Text
}

// Remarks are what is odd about a title's form.
func Remarks(form marc.Form) (remarks []Remark) {
	for i, number := range form.ISBN {
		if parsed, ok := isbn.Parse(number); ok && !parsed.Valid {
			remarks = append(remarks, Remark{fmt.Sprintf("isbn.%d", i), "wrong_isbn", say.T("catalog.form.wrong_digit")})
		}
	}
	return remarks
}
