package catalog

import (
	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// countAvailable derives how many items of a title stand on the shelf for anybody: not out, and not kept on the hold shelf.
const countAvailable = `UPDATE search_doc SET
	items = (SELECT COUNT(*) FROM items WHERE items.title = search_doc.title_id AND items.status != 'withdrawn'),
	available = (SELECT COUNT(*) FROM items WHERE items.title = search_doc.title_id AND items.status = '` + collections.ItemAvailable + `'
		AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.state = '` + collections.LoanOpen + `')
		AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.caught = items.id AND holds.state = '` + collections.HoldReady + `'))`

// CountAvailable counts a title's items again after one of them went out, came back or changed its state. It belongs in
// the transaction that did so.
func CountAvailable(app core.App, title string) error {
	_, err := app.DB().NewQuery(countAvailable + " WHERE title_id = {:title}").Bind(dbx.Params{"title": title}).Execute()
	return err
}

// CountAllAvailable counts the items of every title again.
func CountAllAvailable(app core.App) error {
	_, err := app.DB().NewQuery(countAvailable).Execute()
	return err
}
