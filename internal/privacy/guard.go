package privacy

import (
	"errors"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Bind stands before every deletion of a patron, an item or a title, whichever door it comes through. A patron is released as DeletePatron does.
// An item that was ever lent, held or charged for, and a title that has items or holds, stay: facts and past loans speak of them. The code of a
// refusal is fault.Conflict (has_loans, owes, has_holds, has_past, has_items).
func Bind(app core.App) {
	for collection, check := range map[string]func(app core.App, op, id string) error{
		collections.Patrons: release,
		collections.Items:   freeItem,
		collections.Titles:  freeTitle,
	} {
		app.OnRecordDelete(collection).BindFunc(func(e *core.RecordEvent) error {
			outer := e.App
			defer func() { e.App = outer }()
			return outer.RunInTransaction(func(app core.App) error {
				if err := check(app, "privacy.delete", e.Record.Id); err != nil {
					return toldToAPI(err)
				}
				e.App = app
				return e.Next()
			})
		})
	}
}

// toldToAPI gives a refusal the cause that PocketBase's own API shows: it shows no other error's words.
func toldToAPI(err error) error {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return err
	}
	told := *refused
	return told.Because(router.NewBadRequestError(refused.Text.In(say.English), nil))
}

// standing is a reason why something cannot be deleted: a row that query, with {:id}, finds.
type standing struct{ word, key, query string }

func refuseWhile(app core.App, op, id string, reasons []standing) error {
	for _, reason := range reasons {
		var found bool
		if err := app.DB().NewQuery("SELECT EXISTS (" + reason.query + ")").Bind(dbx.Params{"id": id}).Row(&found); err != nil {
			return err
		}
		if found {
			return refusal(op, reason.word, say.T(reason.key))
		}
	}
	return nil
}

// freeItem asks the facts for past loans: they have an index by item.
func freeItem(app core.App, op, id string) error {
	return refuseWhile(app, op, id, []standing{
		{"has_loans", "privacy.item_out", `SELECT 1 FROM loans WHERE item = {:id} AND state = 'open'`},
		{"has_holds", "privacy.item_held", `SELECT 1 FROM holds WHERE ended_at = '' AND (wanted = {:id} OR caught = {:id})`},
		{"has_past", "privacy.item_past", `SELECT 1 FROM circ_events WHERE item = {:id} AND loan != ''`},
		{"has_past", "privacy.item_past", `SELECT 1 FROM holds WHERE wanted = {:id} OR caught = {:id}`},
		{"has_past", "privacy.item_past", `SELECT 1 FROM fees WHERE item = {:id}`},
	})
}

func freeTitle(app core.App, op, id string) error {
	return refuseWhile(app, op, id, []standing{
		{"has_holds", "privacy.title_held", `SELECT 1 FROM holds WHERE title = {:id} AND ended_at = ''`},
		{"has_items", "privacy.title_items", `SELECT 1 FROM items WHERE title = {:id}`},
		{"has_past", "privacy.title_past", `SELECT 1 FROM holds WHERE title = {:id}`},
	})
}
