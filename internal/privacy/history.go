package privacy

import (
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// PastLoan is one loan that is over.
type PastLoan struct {
	ID         string         `db:"id" json:"id"`
	Barcode    string         `db:"barcode" json:"barcode"`
	Title      string         `db:"title" json:"title"`
	Author     string         `db:"author" json:"author"`
	State      string         `db:"state" json:"state"`
	OutAt      types.DateTime `db:"out_at" json:"out_at"`
	ReturnedAt types.DateTime `db:"returned_at" json:"returned_at"`
}

// HistoryPage is one page of somebody's past loans, the newest first.
type HistoryPage struct {
	Page       int        `json:"page"`
	PerPage    int        `json:"perPage"`
	TotalItems int        `json:"totalItems"`
	Items      []PastLoan `json:"items"`
}

const (
	usualPerPage = 50
	maxPerPage   = 200
)

// past are the loans of a history: those that are over and were not taken back. patron != ” says nothing new, but without it SQLite does not use
// the partial index.
const past = `FROM loans JOIN items ON items.id = loans.item JOIN titles ON titles.id = items.title
	WHERE loans.patron = {:patron} AND loans.patron != '' AND loans.state NOT IN ('open', 'undone') AND loans.state != 'open'`

// History lists the past loans of a patron who asked for it, newest first. page counts from 1; a perPage below 1 is the usual 50, and 200 is the
// most. The codes are fault.NotFound (unknown_patron) and fault.Conflict (no_history).
func History(app core.App, patronID string, page, perPage int) (answer HistoryPage, err error) {
	const op = "privacy.History"
	record, err := patronRecord(app, op, patronID)
	if err != nil {
		return answer, err
	}
	if !record.GetBool("keep_history") {
		return answer, refusal(op, "no_history", say.T("privacy.no_history"))
	}
	if perPage < 1 {
		perPage = usualPerPage
	}
	answer = HistoryPage{Page: max(page, 1), PerPage: min(perPage, maxPerPage), Items: []PastLoan{}}
	patron := dbx.Params{"patron": patronID}
	if err := app.DB().NewQuery("SELECT COUNT(*) " + past).Bind(patron).Row(&answer.TotalItems); err != nil {
		return answer, fault.Wrap(op, err)
	}
	err = app.DB().NewQuery(`SELECT loans.id, loans.state, loans.out_at, loans.returned_at, items.barcode, titles.title, titles.author ` + past + `
		ORDER BY loans.out_at DESC, loans.id LIMIT {:limit} OFFSET {:offset}`).
		Bind(dbx.Params{"patron": patronID, "limit": answer.PerPage, "offset": (answer.Page - 1) * answer.PerPage}).All(&answer.Items)
	return answer, fault.Wrap(op, err)
}

// SetHistory notes whether a patron wants their past loans kept. Switched off, those older than the school keeps them are unlinked in the next
// night; what was unlinked before cannot come back. The code is fault.NotFound (unknown_patron).
func SetHistory(app core.App, patronID string, keep bool, staff string, now time.Time) error {
	const op = "privacy.SetHistory"
	return app.RunInTransaction(func(app core.App) error {
		record, err := patronRecord(app, op, patronID)
		if err != nil || record.GetBool("keep_history") == keep {
			return err
		}
		record.Set("keep_history", keep)
		if err := app.Save(record); err != nil {
			return fault.Wrap(op, err)
		}
		action := "history_off"
		if keep {
			action = "history_on"
		}
		return audit(app, action, patronID, staff, now)
	})
}

// audit notes what staff did to a patron; never a name.
func audit(app core.App, action, patron, staff string, now time.Time) error {
	at, err := types.ParseDateTime(now)
	if err != nil {
		return err
	}
	_, err = collections.Insert(app, collections.AuditEntry{At: at, Staff: staff, Action: action, Patron: patron})
	return err
}
