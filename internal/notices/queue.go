package notices

import (
	"errors"
	"slices"
	"time"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The queue is the notices table itself. Every change of a state is one durable statement that names the state it starts from, so
// that two who want the same notice cannot both have it.

// envelope is everything that waits for one address.
type envelope struct {
	Recipient string `db:"recipient"`
	notices   []string
}

// waiting lists the queue for mail by address, those that were never tried first. Unless all, an address that failed is left alone
// until its time has come.
func waiting(app core.App, now time.Time, all bool) ([]envelope, error) {
	var rows []collections.Notice
	err := app.DB().Select("id", "recipient", "next_try").From(collections.Notices).
		Where(dbx.HashExp{"state": collections.NoticeQueued, "channel": channelMail}).
		OrderBy("next_try", "created", "recipient", "id").All(&rows)
	if err != nil {
		return nil, err
	}
	var envelopes []envelope
	place := map[string]int{}
	for _, row := range rows {
		at, known := place[row.Recipient]
		if !known {
			if !all && row.NextTry.Time().After(now) {
				continue
			}
			at = len(envelopes)
			place[row.Recipient] = at
			envelopes = append(envelopes, envelope{Recipient: row.Recipient})
		}
		envelopes[at].notices = append(envelopes[at].notices, row.ID)
	}
	return envelopes, nil
}

// lateOf joins queued notices with the loans they still speak of: neither returned nor renewed beyond the day they were chosen for.
func lateOf(app core.App, columns ...string) *dbx.SelectQuery {
	return app.DB().Select(columns...).From(collections.Notices+" n").
		InnerJoin(collections.NoticeLoans+" nl", dbx.NewExp("nl.notice = n.id")).
		InnerJoin(collections.Loans+" l", dbx.NewExp("l.id = nl.loan AND l.state = 'open' AND l.due < n.on_day")).
		Where(dbx.HashExp{"n.state": collections.NoticeQueued})
}

// open gathers an envelope into a letter. Notices whose books have all come back are cancelled. ok is false when nothing is left
// to send.
func open(app core.App, e envelope, now time.Time) (l letter, cancelled int, ok bool, err error) {
	var rows []letterRow
	err = lateOf(app, "n.id AS notice", "n.step", "n.attempts", "n.language", "n.patron", "nl.loan", "l.due",
		"COALESCE(p.first_name, '') AS first_name", "COALESCE(p.last_name, '') AS last_name", "COALESCE(h.name, '') AS homeroom").
		LeftJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" h", dbx.NewExp("h.id = p.homeroom")).
		AndWhere(dbx.HashExp{"n.id": ids(e.notices)}).
		OrderBy("n.created", "n.id", "l.due", "l.id").All(&rows)
	if err != nil {
		return letter{}, 0, false, err
	}
	var late []string
	for _, row := range rows {
		late = append(late, row.Notice)
	}
	if cancelled, err = move(app, without(e.notices, late), collections.NoticeQueued, collections.NoticeCancelled, now); err != nil || len(rows) == 0 {
		return letter{}, cancelled, false, err
	}
	return letterOf(e.Recipient, rows), cancelled, true, nil
}

// errChanged is a letter that is no longer true: a book came back, or somebody else has taken the notice.
var errChanged = errors.New("the notice has changed since it was read")

// claim marks a letter as being sent, durably, and only if it still says the truth.
func claim(app core.App, l letter, now time.Time) error {
	return app.RunInTransaction(func(app core.App) error {
		var loans int
		if err := lateOf(app, "count(*)").AndWhere(dbx.HashExp{"n.id": ids(l.notices)}).Row(&loans); err != nil {
			return err
		}
		taken, err := move(app, l.notices, collections.NoticeQueued, collections.NoticeSending, now)
		if err == nil && (loans != l.rows || taken != len(l.notices)) {
			return errChanged
		}
		return err
	})
}

// move brings notices from one state to another and answers how many were in the first.
func move(app core.App, notices []string, from, to string, now time.Time) (int, error) {
	if len(notices) == 0 {
		return 0, nil
	}
	return update(app, dbx.Params{"state": to, "updated": instant(now)}, dbx.HashExp{"id": ids(notices), "state": from})
}

// settle writes down what became of a letter, whether or not it was claimed before.
func settle(app core.App, l letter, change dbx.Params) error {
	_, err := update(app, change, dbx.HashExp{
		"id": ids(l.notices), "state": []any{collections.NoticeQueued, collections.NoticeSending},
	})
	return err
}

// abandon marks what a crash left half sent. Only the holder of the lock may call it.
func abandon(app core.App, now time.Time) (int, error) {
	return update(app, dbx.Params{"state": collections.NoticeUnknown, "error": "notices.unknown", "updated": instant(now)},
		dbx.HashExp{"state": collections.NoticeSending})
}

// cancelSettled drops the queued notices, for mail and for paper, that have no late book left.
func cancelSettled(app core.App, now time.Time) (int, error) {
	var late []string
	if err := lateOf(app, "n.id").GroupBy("n.id").Column(&late); err != nil {
		return 0, err
	}
	var queued []string
	err := app.DB().Select("id").From(collections.Notices).Where(dbx.HashExp{"state": collections.NoticeQueued}).Column(&queued)
	if err != nil {
		return 0, err
	}
	return move(app, without(queued, late), collections.NoticeQueued, collections.NoticeCancelled, now)
}

func without(all, some []string) []string {
	drop := make(map[string]bool, len(some))
	for _, id := range some {
		drop[id] = true
	}
	return slices.DeleteFunc(all, func(id string) bool { return drop[id] })
}

// holdAll makes the whole queue wait: what stopped one mail would stop the next.
func holdAll(app core.App, until time.Time, why string) error {
	_, err := app.DB().NewQuery(`UPDATE notices SET next_try = MAX(next_try, {:until}), error = {:why}
		WHERE state = 'queued' AND channel = 'mail'`).Bind(dbx.Params{"until": instant(until), "why": why}).Execute()
	return err
}

func update(app core.App, change dbx.Params, where dbx.HashExp) (int, error) {
	result, err := app.DB().Update(collections.Notices, change, where).Execute()
	if err != nil {
		return 0, err
	}
	changed, err := result.RowsAffected()
	return int(changed), err
}

func ids(notices []string) []any {
	list := make([]any, len(notices))
	for i, id := range notices {
		list[i] = id
	}
	return list
}
