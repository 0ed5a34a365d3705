package desk

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Borrower is a patron with the names that a loan keeps of it: they survive graduation and unlinking.
type Borrower struct {
	collections.Patron
	TypeCode     string `db:"type_code"`
	TypeName     string `db:"type_name"`
	HomeroomName string `db:"homeroom_name"`
	LibraryDays  string `db:"library_days"`
	Restricted   bool   `db:"restricted"` // the family asked for something
	Updated      string `db:"updated"`    // when somebody last saved the patron, as it is stored
}

const borrowers = `SELECT patrons.*, COALESCE(patron_types.code, '') AS type_code, COALESCE(patron_types.name, '') AS type_name,
	COALESCE(homerooms.name, '') AS homeroom_name, COALESCE(homerooms.library_days, '') AS library_days,
	EXISTS (SELECT 1 FROM restrictions WHERE restrictions.patron = patrons.id) AS restricted FROM patrons
	LEFT JOIN patron_types ON patron_types.id = patrons.type LEFT JOIN homerooms ON homerooms.id = patrons.homeroom WHERE `

// Thing is an item with what its title is called.
type Thing struct {
	collections.Item
	TitleName string `db:"title_name"`
	Author    string `db:"title_author"`
	Series    string `db:"title_series"`
	Held      bool   `db:"title_held"` // somebody waits for it, or it lies on the hold shelf
}

const things = `SELECT items.*, titles.title AS title_name, titles.author AS title_author, titles.series AS title_series,
	EXISTS (SELECT 1 FROM holds WHERE holds.title = items.title AND holds.ended_at = '') AS title_held
	FROM items JOIN titles ON titles.id = items.title WHERE `

// one reads the first row of a query.
func one[R any](app core.App, query string, params dbx.Params) (row R, ok bool, err error) {
	err = app.DB().NewQuery(query + " LIMIT 1").Bind(params).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}

// FindPatron finds the patron of a scanned card: Carrel's own token, or the barcode of an old card, exact first and then
// without what scanners add. Screens may send the id of a patron instead, for not everybody has a barcode. The code is fault.NotFound named unknown_patron.
func FindPatron(app core.App, code string) (patron Borrower, err error) {
	found := false
	if barcode.IsCard(code) {
		if token, valid := barcode.Card(code); valid {
			patron, found, err = one[Borrower](app, borrowers+"patrons.card = {:card} AND patrons.card != ''", dbx.Params{"card": token})
		}
	} else {
		patron, found, err = byBarcode[Borrower](app, borrowers, "patrons", code)
	}
	if err == nil && !found && len(code) == core.DefaultIdLength {
		patron, found, err = one[Borrower](app, borrowers+"patrons.id = {:id}", dbx.Params{"id": code})
	}
	if err == nil && !found {
		err = fault.New("desk.FindPatron", fault.NotFound, "desk.unknown_patron", shown(code)).Named("unknown_patron").At("patron")
	}
	return patron, err
}

// PatronsByID finds patrons by id, in the order asked for; who is gone is left out.
func PatronsByID(app core.App, ids []string) ([]Borrower, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var found []Borrower
	err = app.DB().NewQuery(borrowers + "patrons.id IN (SELECT value FROM json_each({:ids}))").Bind(dbx.Params{"ids": string(list)}).All(&found)
	slices.SortFunc(found, func(a, b Borrower) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return found, err
}

// PatronsOf are the active patrons of a homeroom, by name.
func PatronsOf(app core.App, homeroom string) (found []Borrower, err error) {
	err = app.DB().NewQuery(borrowers + `patrons.homeroom = {:id} AND patrons.status = 'active' ORDER BY patrons.last_name, patrons.first_name, patrons.id`).
		Bind(dbx.Params{"id": homeroom}).All(&found)
	return found, err
}

// FindItem finds the item of a scanned barcode. The code is fault.NotFound named unknown_item.
func FindItem(app core.App, code string) (Thing, error) {
	item, ok, err := byBarcode[Thing](app, things, "items", code)
	if err == nil && !ok {
		err = fault.New("desk.FindItem", fault.NotFound, "desk.unknown_item", shown(code)).Named("unknown_item").At("item")
	}
	return item, err
}

// byBarcode looks for the exact barcode, then for the stripped forms, which must name one record only.
func byBarcode[R any](app core.App, query, table, code string) (row R, ok bool, err error) {
	forms := barcode.Forms(code)
	if len(forms) == 0 {
		return row, false, nil
	}
	// barcode != '' says nothing new, but without it SQLite does not use the partial index
	row, ok, err = one[R](app, query+table+".barcode = {:code} AND "+table+".barcode != ''", dbx.Params{"code": forms[0]})
	if ok || err != nil {
		return row, ok, err
	}
	params, names := dbx.Params{}, make([]string, len(forms))
	for i, form := range forms {
		names[i] = fmt.Sprintf("{:f%d}", i)
		params[fmt.Sprintf("f%d", i)] = form
	}
	var found []R
	err = app.DB().NewQuery(query + table + ".barcode != '' AND " + table + ".barcode_key IN (" + strings.Join(names, ", ") + ") LIMIT 2").
		Bind(params).All(&found)
	if err != nil || len(found) != 1 {
		return row, false, err
	}
	return found[0], true, nil
}

// shown is a scanned code short enough to repeat in a sentence.
func shown(code string) string {
	runes := []rune(code)
	if len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return code
}
