package patrons

import (
	"cmp"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/catalog"

	"github.com/pocketbase/pocketbase/core"
)

// Found is a patron as a search shows one.
type Found struct {
	Barcode  string `json:"barcode"`
	Name     string `json:"name"`
	Homeroom string `json:"homeroom"`
	Grade    string `json:"grade"`
}

// Find lists active patrons, by name, of whom each typed word begins a word of the name; capitals and accents do not count. Nothing typed finds nobody.
func Find(app core.App, typed string, limit int) ([]Found, error) {
	found := []Found{}
	words := strings.Fields(catalog.Fold(typed))
	if len(words) == 0 {
		return found, nil
	}
	// the longest first, so that "ann anne" leaves Ann to the word that Anne has no use for
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	var rows []struct {
		collections.Patron
		HomeroomName string `db:"homeroom_name"`
	}
	err := app.DB().NewQuery(`SELECT p.barcode, p.first_name, p.last_name, p.grade, COALESCE(h.name, '') AS homeroom_name
		FROM patrons p LEFT JOIN homerooms h ON h.id = p.homeroom WHERE p.status = 'active' ORDER BY p.id`).All(&rows)
	if err != nil {
		return nil, err
	}
	order := map[string]string{} // by barcode
	for _, row := range rows {
		folded := catalog.Fold(row.LastName + " " + row.FirstName)
		if begins(strings.Fields(folded), words) {
			order[row.Barcode] = folded
			found = append(found, Found{row.Barcode, row.Name(), row.HomeroomName, row.Grade})
		}
	}
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(order[a.Barcode], order[b.Barcode]) })
	return found[:min(len(found), limit)], nil
}

// begins tells whether each of words begins a name of its own.
func begins(names, words []string) bool {
	for _, word := range words {
		at := slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(name, word) })
		if at < 0 {
			return false
		}
		names = slices.Delete(names, at, at+1)
	}
	return true
}
