// Package privacy forgets who borrowed what: by itself some days after a loan is over, at once when a patron is deleted. It also keeps the
// history of those who asked for one.
package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Unlinked counts what names nobody any more since a run.
type Unlinked struct {
	Loans     int `json:"loans"`
	Holds     int `json:"holds"`
	Fees      int `json:"fees"`
	Notices   int `json:"notices"`
	Questions int `json:"questions"` // of kiosks
}

// undoWindow is a little more than how long an act can be taken back at the desk: a loan that could be open again must know its patron.
const undoWindow = 25 * time.Hour

// Unlink takes the person out of everything that has been over for more days than the school keeps it: loans of patrons who did not ask for a
// history, holds, charges, the notices about them, and the cards in answered questions of kiosks. A loan stays linked as long as a charge on it
// is, and a charge at least until it is settled.
//
// It works in short slices while a server holds the folder; serving says that the caller is that server. Cut off at any point, another run goes
// on from there; a run with nothing to do changes nothing.
func Unlink(ctx context.Context, app core.App, today policy.Day, now time.Time, serving bool) (unlinked Unlinked, err error) {
	sweeps, err := sweepsOn(app, today, now, &unlinked)
	if err != nil {
		return unlinked, err
	}
	bulk, err := store.NewBulk(app, serving)
	if err != nil {
		return unlinked, err
	}
	defer bulk.Abort()
	for _, sweep := range sweeps {
		if err := sweep.run(ctx, app, bulk); err != nil {
			return unlinked, err
		}
		if err := bulk.Flush(); err != nil { // the next sweep reads what this one wrote
			return unlinked, err
		}
	}
	return unlinked, nil
}

// sweep goes once through the rows of a table that have to be forgotten.
type sweep struct {
	table string
	place string // an indexed column in whose order it goes
	where string // which rows
	count *int
}

// sweepsOn are the sweeps of a day, in order: a loan waits for its charges, a notice for its loans and its hold. The instants stand in the
// conditions as literals, because the same condition is asked outside of a transaction and inside one.
func sweepsOn(app core.App, today policy.Day, now time.Time, unlinked *Unlinked) ([]sweep, error) {
	privacy, err := site.LoadPrivacy(app)
	if err != nil {
		return nil, err
	}
	calendar, err := site.Calendar(app)
	if err != nil {
		return nil, err
	}
	over := today.Add(-max(privacy.KeepDays, 0)).At(0, calendar.Zone)
	settled := now.Add(-undoWindow)
	undone := settled
	if over.Before(undone) {
		undone = over
	}
	overText, settledText, undoneText := literal(over), literal(settled), literal(undone)
	return []sweep{
		{collections.Fees, "settled_at", `patron != '' AND state != 'open' AND settled_at < ` + overText + ` AND updated < ` + settledText, &unlinked.Fees},
		{collections.Holds, "ended_at", `patron != '' AND ended_at != '' AND ended_at < ` + overText + ` AND updated < ` + settledText, &unlinked.Holds},
		{collections.Loans, "returned_at", `state != 'open' AND patron != '' AND returned_at < ` + overText + `
			AND updated < CASE state WHEN 'undone' THEN ` + undoneText + ` ELSE ` + settledText + ` END
			AND NOT EXISTS (SELECT 1 FROM patrons WHERE patrons.id = loans.patron AND patrons.keep_history)
			AND NOT EXISTS (SELECT 1 FROM fees WHERE fees.loan = loans.id AND fees.patron != '')`, &unlinked.Loans},
		{collections.Notices, "patron", `patron != '' AND state NOT IN ('queued', 'sending') AND created < ` + overText + `
			AND NOT EXISTS (SELECT 1 FROM notice_loans WHERE notice_loans.notice = notices.id)
			AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.id = notices.hold AND holds.patron != '')`, &unlinked.Notices},
		{collections.KioskQuestions, "answered_at", `state = 'answered' AND answered_at != '' AND answered_at < ` + overText + `
			AND CASE WHEN json_valid(act) THEN COALESCE(json_extract(act, '$.card'), json_extract(act, '$.child')) END IS NOT NULL`, &unlinked.Questions},
	}, nil
}

// literal is an instant as it stands in a statement.
func literal(at time.Time) string {
	stored, _ := types.ParseDateTime(at) //nolint:errcheck // a time is always a time
	return "'" + stored.String() + "'"
}

// page is how many rows are one piece of work: about five milliseconds here, and less than a slice on a small machine.
const page = 50

func (s sweep) run(ctx context.Context, app core.App, bulk *store.Bulk) error {
	var place, id string
	for {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, bulk.Flush()) // what is done is whole
		}
		ids, lastPlace, lastID, err := s.next(app, place, id)
		if err != nil || ids == "" {
			return err
		}
		place, id = lastPlace, lastID
		if err := bulk.Do(func(b *store.Bulk) error { return s.forget(b, ids) }); err != nil {
			return err
		}
	}
}

// next reads the ids of the page behind a row, as a JSON list; empty when there are no more. It reads outside of the transaction: looking for
// them must not stop the desk.
func (s sweep) next(app core.App, place, id string) (ids, lastPlace, lastID string, err error) {
	var rows []struct {
		ID    string `db:"id"`
		Place string `db:"place"`
	}
	err = app.DB().NewQuery(s.query()).Bind(dbx.Params{"place": place, "id": id}).All(&rows)
	if err != nil || len(rows) == 0 {
		return "", "", "", err
	}
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = row.ID
	}
	text, err := json.Marshal(list)
	last := rows[len(rows)-1]
	return string(text), last.Place, last.ID, err
}

func (s sweep) query() string {
	return fmt.Sprintf(`SELECT id, %[1]s AS place FROM %[2]s WHERE (%[1]s, id) > ({:place}, {:id}) AND %[3]s ORDER BY %[1]s, id LIMIT %[4]d`,
		s.place, s.table, s.where, page)
}

// forget asks once more, now that nobody else writes, and forgets those rows for which it still holds.
func (s sweep) forget(b *store.Bulk, ids string) error {
	row, err := b.Row(`SELECT json_group_array(id), COUNT(*) FROM `+s.table+` WHERE id IN (SELECT value FROM json_each(?)) AND `+s.where, ids)
	if err != nil {
		return err
	}
	var still string
	var count int
	if err := row.Scan(&still, &count); err != nil || count == 0 {
		return err
	}
	*s.count += count
	return forgetBulk(b, s.table, still)
}
