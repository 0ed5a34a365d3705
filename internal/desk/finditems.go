package desk

import (
	"carrel/internal/barcode"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// FoundItem is an item as a search shows one. Status is its own, or OnLoan.
type FoundItem struct {
	Barcode string `json:"barcode" db:"barcode"`
	Title   string `json:"title" db:"title"`
	Status  string `json:"status" db:"status"`
}

// OnLoan is the status of an item that somebody has.
const OnLoan = "on_loan"

// shortestStart is how much of a barcode has to be typed before its beginning finds items.
const shortestStart = 3

const foundItems = `SELECT items.barcode, titles.title,
	CASE WHEN EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.state = 'open') THEN '` + OnLoan + `' ELSE items.status END AS status
	FROM items JOIN titles ON titles.id = items.title WHERE `

// FindItems lists the items whose barcode was scanned, or begins with what was typed.
func FindItems(app core.App, typed string, limit int) ([]FoundItem, error) {
	found := []FoundItem{}
	item, err := FindItem(app, typed)
	if err == nil {
		return found, app.DB().NewQuery(foundItems + "items.id = {:id}").Bind(dbx.Params{"id": item.ID}).All(&found)
	}
	forms := barcode.Forms(typed)
	if fault.CodeOf(err) != fault.NotFound || len(forms) == 0 || len(forms[0]) < shortestStart {
		return found, orMissing(err)
	}
	return found, app.DB().NewQuery(foundItems + "items.barcode != '' AND items.barcode >= {:from} AND items.barcode < {:to} ORDER BY items.barcode LIMIT {:limit}").
		Bind(dbx.Params{"from": forms[0], "to": forms[0] + "\U0010ffff", "limit": limit}).All(&found)
}

// orMissing makes nothing of a code that nothing has.
func orMissing(err error) error {
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	return err
}
