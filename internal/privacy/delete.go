package privacy

import (
	"database/sql"
	"errors"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// DeletePatron removes a patron for good. Loans, facts and charges stay and name nobody; what the family asked for goes with the row. staff is
// who asked for it, and is kept in the audit. The codes are fault.NotFound (unknown_patron) and fault.Conflict (has_loans, owes, has_holds).
func DeletePatron(app core.App, patronID, staff string, now time.Time) error {
	const op = "privacy.DeletePatron"
	return app.RunInTransaction(func(app core.App) error {
		record, err := patronRecord(app, op, patronID)
		if err != nil {
			return err
		}
		if err := release(app, op, patronID); err != nil {
			return err
		}
		if err := audit(app, "delete", patronID, staff, now); err != nil {
			return err
		}
		return app.Delete(record)
	})
}

func patronRecord(app core.App, op, id string) (*core.Record, error) {
	record, err := app.FindRecordById(collections.Patrons, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(op, fault.NotFound, "privacy.unknown_patron").Named("unknown_patron").At("patron")
	}
	return record, err
}

// release makes a patron ready to be deleted, within the transaction of app: nothing may be open, and nothing names them afterwards.
func release(app core.App, op, patron string) error {
	if err := nothingOpen(app, op, patron); err != nil {
		return err
	}
	// none of their books is out and no hold is left: what is queued has nothing to say
	_, err := app.DB().Update(collections.Notices, dbx.Params{"state": collections.NoticeCancelled},
		dbx.HashExp{"patron": patron, "state": collections.NoticeQueued}).Execute()
	if err != nil {
		return err
	}
	if err := releaseQuestions(app, patron); err != nil {
		return err
	}
	// what an import could put back
	if _, err := app.DB().Delete("import_changes", dbx.HashExp{"row": patron}).Execute(); err != nil {
		return err
	}
	for _, part := range []struct{ table, where string }{
		{collections.Loans, "state != 'open' AND patron != '' AND patron = {:patron}"}, // patron != '' for the sake of the index
		{collections.Holds, "patron != '' AND patron = {:patron}"},
		{collections.Fees, "patron != '' AND patron = {:patron}"},
		{collections.Notices, "patron = {:patron}"},
	} {
		var ids string
		err := app.DB().NewQuery("SELECT json_group_array(id) FROM " + part.table + " WHERE " + part.where).Bind(dbx.Params{"patron": patron}).Row(&ids)
		if err != nil {
			return err
		}
		if err := forget(app, part.table, ids); err != nil {
			return err
		}
	}
	return nil
}

// nothingOpen refuses while the patron has anything of the library's, or the library of theirs.
func nothingOpen(app core.App, op, patron string) error {
	for _, open := range []struct{ table, where, word, key string }{
		{collections.Loans, "state = 'open'", "has_loans", "privacy.has_loans"},
		{collections.Fees, "state = 'open'", "owes", "privacy.owes"},
		{collections.Holds, "ended_at = '' AND state = 'ready'", "has_holds", "privacy.has_ready"},
		{collections.Holds, "ended_at = ''", "has_holds", "privacy.has_waiting"},
	} {
		var n int
		err := app.DB().NewQuery("SELECT COUNT(*) FROM " + open.table + " WHERE patron = {:patron} AND " + open.where).Bind(dbx.Params{"patron": patron}).Row(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			return refusal(op, open.word, say.Count(open.key, n))
		}
	}
	return nil
}

func refusal(op, word string, text say.Text) error {
	return &fault.Error{Op: op, Code: fault.Conflict, Word: word, Text: text}
}

// releaseQuestions takes the patron's card out of all questions of kiosks. A card may have been read with what scanners add, so the desk is asked
// whose it is.
func releaseQuestions(app core.App, patron string) error {
	var rows []struct {
		ID   string `db:"id"`
		Card string `db:"card"`
	}
	err := app.DB().NewQuery(`SELECT id, json_extract(act, '$.card') AS card FROM kiosk_questions
		WHERE CASE WHEN json_valid(act) THEN json_extract(act, '$.card') END IS NOT NULL`).All(&rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		owner, err := desk.FindPatron(app, row.Card)
		if fault.CodeOf(err) == fault.NotFound || err == nil && owner.ID != patron {
			continue
		}
		if err != nil {
			return err
		}
		if err := forget(app, collections.KioskQuestions, `["`+row.ID+`"]`); err != nil {
			return err
		}
	}
	return nil
}
