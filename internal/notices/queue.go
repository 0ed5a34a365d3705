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

// envelope is everything of one kind that waits for one address.
type envelope struct {
	addressee
	notices []string
}

type addressee struct{ recipient, kind string }

// waiting lists the queue for mail by address and kind, those that were never tried first. Unless all, an address that failed is left alone
// until its time has come.
func waiting(app core.App, now time.Time, all bool) ([]envelope, error) {
	var rows []collections.Notice
	err := app.DB().Select("id", "kind", "recipient", "next_try").From(collections.Notices).
		Where(dbx.HashExp{"state": collections.NoticeQueued, "channel": channelMail}).
		OrderBy("next_try", "created", "recipient", "kind", "id").All(&rows)
	if err != nil {
		return nil, err
	}
	var envelopes []envelope
	place := map[addressee]int{}
	for _, row := range rows {
		to := addressee{row.Recipient, row.Kind}
		at, known := place[to]
		if !known {
			if !all && row.NextTry.Time().After(now) {
				continue
			}
			at = len(envelopes)
			place[to] = at
			envelopes = append(envelopes, envelope{addressee: to})
		}
		envelopes[at].notices = append(envelopes[at].notices, row.ID)
	}
	return envelopes, nil
}

// mattersOf joins queued notices with what they still speak of: loans neither returned nor claimed nor renewed beyond the day they were
// chosen for, and holds that still wait to be picked up until the day the notice names, or are still over. COALESCE(l.id, h.id) is the
// one or the other.
func mattersOf(app core.App, columns ...string) *dbx.SelectQuery {
	return app.DB().Select(columns...).From(collections.Notices+" n").
		LeftJoin(collections.NoticeLoans+" nl", dbx.NewExp("nl.notice = n.id")).
		LeftJoin(collections.Loans+" l", dbx.NewExp("l.id = nl.loan AND l.state = 'open' AND l.claim = '' AND l.due < n.on_day")).
		LeftJoin(collections.Holds+" h", dbx.NewExp(`h.id = n.hold AND h.pickup_by = n.on_day
			AND (n.kind = 'hold_ready' AND h.state = 'ready' OR n.kind = 'hold_expired' AND h.state = 'expired')`)).
		Where(dbx.HashExp{"n.state": collections.NoticeQueued}).
		AndWhere(dbx.NewExp("COALESCE(l.id, h.id) IS NOT NULL"))
}

// open gathers an envelope into a letter. Notices that have nothing left to speak of are cancelled. ok is false when nothing is left
// to send.
func open(app core.App, e envelope, now time.Time) (l letter, cancelled int, ok bool, err error) {
	var rows []letterRow
	err = mattersOf(app, "n.id AS notice", "n.step", "n.attempts", "n.language", "n.patron",
		"COALESCE(l.id, h.id) AS about", "COALESCE(l.due, h.pickup_by) AS day",
		"COALESCE(p.first_name, '') AS first_name", "COALESCE(p.last_name, '') AS last_name", "COALESCE(r.name, '') AS homeroom").
		LeftJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" r", dbx.NewExp("r.id = p.homeroom")).
		AndWhere(dbx.HashExp{"n.id": ids(e.notices)}).
		OrderBy("n.created", "n.id", "day", "about").All(&rows)
	if err != nil {
		return letter{}, 0, false, err
	}
	var standing []string
	for _, row := range rows {
		standing = append(standing, row.Notice)
	}
	if cancelled, err = move(app, without(e.notices, standing), collections.NoticeQueued, collections.NoticeCancelled, now); err != nil || len(rows) == 0 {
		return letter{}, cancelled, false, err
	}
	return letterOf(e.addressee, rows), cancelled, true, nil
}

// errChanged is a letter that is no longer true: a book came back or was fetched, or somebody else has taken the notice.
var errChanged = errors.New("the notice has changed since it was read")

// claim marks a letter as being sent, durably, and only if it still says the truth.
func claim(app core.App, l letter, now time.Time) error {
	return app.RunInTransaction(func(app core.App) error {
		var matters int
		if err := mattersOf(app, "count(*)").AndWhere(dbx.HashExp{"n.id": ids(l.notices)}).Row(&matters); err != nil {
			return err
		}
		taken, err := move(app, l.notices, collections.NoticeQueued, collections.NoticeSending, now)
		if err == nil && (matters != l.rows || taken != len(l.notices)) {
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

// cancelSettled drops the queued notices, for mail and for paper, that have nothing left to speak of.
func cancelSettled(app core.App, now time.Time) (int, error) {
	var standing []string
	if err := mattersOf(app, "n.id").GroupBy("n.id").Column(&standing); err != nil {
		return 0, err
	}
	var queued []string
	err := app.DB().Select("id").From(collections.Notices).Where(dbx.HashExp{"state": collections.NoticeQueued}).Column(&queued)
	if err != nil {
		return 0, err
	}
	return move(app, without(queued, standing), collections.NoticeQueued, collections.NoticeCancelled, now)
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
