package desk

import (
	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// FindPatron finds the patron of a scanned card: Carrel's own token, or the barcode of an old card, exact first and then
// without what scanners add. The code is fault.NotFound named unknown_patron.
func FindPatron(app core.App, code string) (collections.Patron, error) {
	const op = "desk.FindPatron"
	unknown := fault.New(op, fault.NotFound, "desk.unknown_patron", shown(code)).Named("unknown_patron").At("patron")
	if barcode.IsCard(code) {
		token, ok := barcode.Card(code)
		if !ok {
			return collections.Patron{}, unknown
		}
		patron, ok, err := collections.Find[collections.Patron](app, "card = {:card}", dbx.Params{"card": token})
		if err == nil && !ok {
			err = unknown
		}
		return patron, err
	}
	patron, ok, err := byBarcode[collections.Patron](app, code)
	if err == nil && !ok {
		err = unknown
	}
	return patron, err
}

// FindItem finds the item of a scanned barcode. The code is fault.NotFound named unknown_item.
func FindItem(app core.App, code string) (collections.Item, error) {
	item, ok, err := byBarcode[collections.Item](app, code)
	if err == nil && !ok {
		err = fault.New("desk.FindItem", fault.NotFound, "desk.unknown_item", shown(code)).Named("unknown_item").At("item")
	}
	return item, err
}

// byBarcode looks for the exact barcode, then for the stripped forms, which must name one record only.
func byBarcode[R collections.Record](app core.App, code string) (record R, ok bool, err error) {
	forms := barcode.Forms(code)
	if len(forms) == 0 {
		return record, false, nil
	}
	record, ok, err = collections.Find[R](app, "barcode = {:code}", dbx.Params{"code": forms[0]})
	if ok || err != nil {
		return record, ok, err
	}
	keys := make([]any, len(forms))
	for i, form := range forms {
		keys[i] = form
	}
	var found []R
	err = app.DB().Select("*").From(record.Collection()).AndWhere(dbx.In("barcode_key", keys...)).
		AndWhere(dbx.NewExp("barcode != ''")).Limit(2).All(&found)
	if err != nil || len(found) != 1 {
		return record, false, err
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

// openLoan is the loan an item is out on.
func openLoan(app core.App, item string) (collections.Loan, bool, error) {
	return collections.Find[collections.Loan](app, "item = {:item} AND state = 'open'", dbx.Params{"item": item})
}

// view reads what the rules need to know of a patron.
func view(app core.App, patron collections.Patron, itemType string) (policy.PatronView, error) {
	var rows []struct {
		Due  policy.Day `db:"due"`
		Type string     `db:"type"`
	}
	err := app.DB().NewQuery(`SELECT loans.due, items.type FROM loans JOIN items ON items.id = loans.item
		WHERE loans.patron = {:patron} AND loans.state = 'open'`).Bind(dbx.Params{"patron": patron.ID}).All(&rows)
	snapshot := policy.PatronView{
		ID: patron.ID, Type: patron.Type, Active: patron.Status == collections.PatronActive,
		Expires: patron.Expires, Block: patron.Block, OpenLoans: len(rows),
	}
	for _, row := range rows {
		snapshot.Dues = append(snapshot.Dues, row.Due)
		if row.Type == itemType {
			snapshot.OfType++
		}
	}
	return snapshot, err
}

// labels are the names that a loan keeps of its patron: they survive graduation and unlinking.
func labels(app core.App, patron collections.Patron) (patronType, homeroom string, err error) {
	var row struct {
		Type     string `db:"type"`
		Homeroom string `db:"homeroom"`
	}
	err = app.DB().NewQuery(`SELECT COALESCE((SELECT code FROM patron_types WHERE id = {:type}), '') AS type,
		COALESCE((SELECT name FROM homerooms WHERE id = {:homeroom}), '') AS homeroom`).
		Bind(dbx.Params{"type": patron.Type, "homeroom": patron.Homeroom}).One(&row)
	return row.Type, row.Homeroom, err
}
