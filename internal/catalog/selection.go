package catalog

import (
	"encoding/json"
	"net/url"

	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// maxSelected bounds a selection, in titles or items.
const maxSelected = 100_000

// Selection is what somebody chose: titles, items, or all matches of a search. Exactly one of the three is given.
type Selection struct {
	OfTitles []string `json:"titles,omitempty"` // ids
	OfItems  []string `json:"items,omitempty"`  // ids
	Search   string   `json:"search,omitempty"` // the query string of a search: "q=…&kind=…"
}

// Nothing tells that nothing at all was chosen.
func (s Selection) Nothing() bool { return len(s.OfTitles)+len(s.OfItems) == 0 && s.Search == "" }

// check refuses a selection of nothing, of two kinds, or of too much. The code is fault.Invalid (selection).
func (s Selection) check() error {
	const op = "catalog.Selection"
	given := 0
	for _, one := range []bool{len(s.OfTitles) > 0, len(s.OfItems) > 0, s.Search != ""} {
		if one {
			given++
		}
	}
	if given != 1 {
		return fault.New(op, fault.Invalid, "items.nothing_chosen").Named("nothing_chosen").At("selection")
	}
	if len(s.OfTitles) > maxSelected || len(s.OfItems) > maxSelected {
		return fault.New(op, fault.Invalid, "items.too_many_chosen", maxSelected).Named("too_many_chosen").At("selection")
	}
	return nil
}

// Titles are the ids of the chosen titles, in their order; of chosen items their titles. Those that are gone are left out. The code is fault.Invalid (selection).
func (s Selection) Titles(app core.App) ([]string, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	switch {
	case s.Search != "":
		return s.found(app)
	case len(s.OfItems) > 0:
		return chosenIDs(app, `SELECT MIN(items.title) FROM json_each({:ids}) AS chosen JOIN items ON items.id = chosen.value GROUP BY items.title ORDER BY MIN(chosen.key)`, s.OfItems)
	}
	return chosenIDs(app, `SELECT titles.id FROM json_each({:ids}) AS chosen JOIN titles ON titles.id = chosen.value AND titles.merged_into = '' GROUP BY titles.id ORDER BY MIN(chosen.key)`, s.OfTitles)
}

// Items are the ids of the chosen items; of chosen titles all items but the withdrawn ones. The code is fault.Invalid (selection).
func (s Selection) Items(app core.App) ([]string, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(s.OfItems) > 0 {
		return chosenIDs(app, `SELECT items.id FROM json_each({:ids}) AS chosen JOIN items ON items.id = chosen.value GROUP BY items.id ORDER BY MIN(chosen.key)`, s.OfItems)
	}
	titles, err := s.Titles(app)
	if err != nil {
		return nil, err
	}
	return chosenIDs(app, `SELECT items.id FROM json_each({:ids}) AS chosen JOIN items ON items.title = chosen.value AND items.status != 'withdrawn' ORDER BY chosen.key, items.rowid`, titles)
}

// found are the matches of the search.
func (s Selection) found(app core.App) ([]string, error) {
	asked, err := url.ParseQuery(s.Search)
	if err != nil {
		return nil, fault.New("catalog.Selection", fault.Invalid, "items.nothing_chosen").Named("nothing_chosen").At("selection")
	}
	return Matching(app, ReadQuery(asked))
}

// chosenIDs are the answers of a query about a list of ids.
func chosenIDs(app core.App, query string, ids []string) ([]string, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	found := []string{}
	return found, app.DB().NewQuery(query).Bind(dbx.Params{"ids": string(list)}).Column(&found)
}
