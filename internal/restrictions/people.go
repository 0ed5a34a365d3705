package restrictions

import (
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/words"

	"github.com/pocketbase/pocketbase/core"
)

// people is everybody in the library by the numbers a form may give.
type people struct {
	app      core.App
	all      []collections.Patron
	byNumber map[string][]int
}

func readPeople(app core.App) (people, error) {
	all, err := collections.All[collections.Patron](app, "", "id", nil)
	p := people{app: app, all: all, byNumber: map[string][]int{}}
	for i, patron := range all {
		for _, number := range []string{patron.Barcode, patron.DistrictID, patron.SourceID} {
			if number != "" && !slices.Contains(p.byNumber[number], i) {
				p.byNumber[number] = append(p.byNumber[number], i)
			}
		}
	}
	return p, err
}

// find finds the one patron with a number: exactly as written, else as the desk reads a scanned card. A number that two have is nobody's. code says what is
// wrong: unknown_student, two_students or name_differs.
func (p people) find(number, name string) (patron collections.Patron, code string, err error) {
	switch found := p.byNumber[number]; len(found) {
	case 0:
		borrower, err := desk.FindPatron(p.app, number)
		if fault.CodeOf(err) == fault.NotFound {
			return patron, "unknown_student", nil
		}
		if err != nil {
			return patron, "", err
		}
		patron = borrower.Patron
	case 1:
		patron = p.all[found[0]]
	default:
		return patron, "two_students", nil
	}
	if !samePerson(name, patron.Name()) {
		return patron, "name_differs", nil
	}
	return patron, "", nil
}

// samePerson tells whether the name on a form can be the patron's: in any order, and with a second name or surname more or less on one side. No name says
// nothing.
func samePerson(form, patron string) bool {
	one, other := strings.Fields(words.Fold(form)), strings.Fields(words.Fold(patron))
	return allAmong(one, other) || len(other) > 0 && allAmong(other, one)
}

func allAmong(words, others []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(others, word) })
}
