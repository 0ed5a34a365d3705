package hooks

import (
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/patrons"

	"github.com/pocketbase/pocketbase/core"
)

// foundOfEach is how many patrons, items and titles are shown of what was found.
const foundOfEach = 6

// longestSearch bounds what is typed, in characters: more was pasted by mistake.
const longestSearch = 200

type foundAnswer struct {
	Patrons []patrons.Found  `json:"patrons"`
	Items   []desk.FoundItem `json:"items"`
	Titles  []catalog.Hit    `json:"titles"`
}

// find looks everywhere at once. A volunteer is not shown patrons: nobody's name outside the card in hand.
func (d *Door) find(e *core.RequestEvent) (err error) {
	answer := foundAnswer{[]patrons.Found{}, []desk.FoundItem{}, []catalog.Hit{}}
	typed := strings.TrimSpace(e.Request.URL.Query().Get("q"))
	if typed == "" || len([]rune(typed)) > longestSearch {
		return ok(e, answer)
	}
	if slices.Contains(peopleRoles, roleOf(e)) {
		if answer.Patrons, err = findPatrons(e.App, typed); err != nil {
			return err
		}
	}
	if answer.Items, err = desk.FindItems(e.App, typed, foundOfEach); err != nil {
		return err
	}
	page, err := catalog.Search(e.App, catalog.Query{Text: typed, PerPage: foundOfEach})
	if err != nil {
		return err
	}
	answer.Titles = page.Items
	return ok(e, answer)
}

// findPatrons finds the one whose card was scanned, or those of the name.
func findPatrons(app core.App, typed string) ([]patrons.Found, error) {
	patron, err := desk.FindPatron(app, typed)
	if err == nil && patron.Status == collections.PatronActive {
		return []patrons.Found{{Barcode: patron.Barcode, Name: patron.Name(), Homeroom: patron.HomeroomName, Grade: patron.Grade}}, nil
	}
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return nil, err
	}
	return patrons.Find(app, typed, foundOfEach)
}
