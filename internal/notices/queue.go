package notices

import (
	"errors"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

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

// addressee is an address and what it hears of. Somebody may be a teacher and a mother at one address: these are two letters.
type addressee struct {
	recipient, kind string
	teacher         bool
	ending          int // of claims
}

// waiting lists the queue for mail by address and kind, those that were never tried first. Unless all, an address that failed is left alone
// until its time has come.
func waiting(app core.App, now time.Time, all bool, kinds []string, part Part) ([]envelope, error) {
	var rows []collections.Notice
	err := app.DB().Select("id", "kind", "step", "recipient", "audience", "next_try").From(collections.Notices).
		Where(dbx.HashExp{"state": collections.NoticeQueued, "channel": channelMail, "kind": list(kinds)}).
		AndWhere(part.waits()).
		OrderBy("next_try", "created", "recipient", "kind", "id").All(&rows)
	if err != nil {
		return nil, err
	}
	var envelopes []envelope
	place := map[addressee]int{}
	for _, row := range rows {
		to := addressee{row.Recipient, row.Kind, row.Audience == site.ToTeacher, ending(row.Kind, row.Step)}
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

// measure is what waiting notices are held against before they go out: the day it is, and what the school wants told today.
type measure struct {
	today   policy.Day
	on      []string // kinds
	owed    int      // cents from which somebody is told of money
	profile site.Disclosure
}

func measureOf(app core.App, now time.Time) (m measure, err error) {
	school, err := site.Load(app)
	if err != nil {
		return m, err
	}
	settings, err := site.LoadNotices(app)
	if err != nil {
		return m, err
	}
	fees, err := site.LoadFees(app)
	if err != nil {
		return m, err
	}
	m = measure{today: policy.DayOf(now, school.Location()), owed: settings.Of(kindFee).Cents(), profile: settings.Profile}
	for _, kind := range kinds {
		if settings.Of(kind).On && (kind != kindFee || fees.On) {
			m.on = append(m.on, kind)
		}
	}
	return m, nil
}

// The queries below join queued notices with what they still speak of: loans neither returned nor claimed nor renewed beyond the day they were
// chosen for, or still due on the day they were, or whose claim ended as it says; holds that still wait to be picked up until the day
// the notice names, or are still over; and what is owed. COALESCE(l.id, h.id, n.patron) is the one or the other.
const (
	stillLoan = `l.id = nl.loan AND CASE n.kind
		WHEN 'overdue' THEN l.state = 'open' AND l.claim = '' AND l.due < n.on_day
		WHEN 'claim' THEN l.claim != '' AND n.step = CASE l.state WHEN 'lost' THEN 1 WHEN 'missing' THEN 2 WHEN 'returned' THEN 3 END
		ELSE l.state = 'open' AND l.claim = '' AND l.due = nl.due AND l.due >= {:today} END`
	stillHold = `h.id = n.hold AND h.pickup_by = n.on_day
		AND (n.kind = 'hold_ready' AND h.state = 'ready' OR n.kind = 'hold_expired' AND h.state = 'expired')`
	owedCents = `(SELECT SUM(f.cents - f.paid - f.waived) FROM fees f WHERE f.patron = n.patron AND f.patron != '' AND f.state = 'open')`
	owedNow   = "(CASE n.kind WHEN 'fee' THEN " + owedCents + " ELSE 0 END) AS cents"
	stillTrue = `(COALESCE(l.id, h.id) IS NOT NULL OR n.kind = 'fee' AND ` + owedCents + ` >= {:owed})`
	notWanted = `n.kind = 'due_soon' AND EXISTS (SELECT 1 FROM notice_optouts o WHERE o.address = LOWER(n.recipient))`
)

// mattersOf begins such a query.
func (m measure) mattersOf(app core.App, columns ...string) *dbx.SelectQuery {
	return app.DB().Select(columns...).From(collections.Notices+" n").
		LeftJoin(collections.NoticeLoans+" nl", dbx.NewExp("nl.notice = n.id")).
		LeftJoin(collections.Loans+" l", dbx.NewExp(stillLoan, dbx.Params{"today": m.today.String()})).
		LeftJoin(collections.Holds+" h", dbx.NewExp(stillHold)).
		Where(dbx.HashExp{"n.state": collections.NoticeQueued, "n.kind": list(m.on)}).
		AndWhere(dbx.NewExp(stillTrue, dbx.Params{"owed": m.owed})).
		AndWhere(dbx.NewExp("NOT (" + notWanted + ")"))
}

// rowsOf reads what notices speak of now.
func (m measure) rowsOf(app core.App, notices []string) (rows []letterRow, err error) {
	return rows, m.mattersOf(app, "n.id AS notice", "COALESCE(nl.step, n.step) AS step", "n.attempts", "n.language", "n.patron", "n.disclosure",
		"COALESCE(l.id, h.id, n.patron) AS about", "COALESCE(l.due, h.pickup_by, n.on_day) AS day",
		owedNow,
		"COALESCE(p.first_name, '') AS first_name", "COALESCE(p.last_name, '') AS last_name", "COALESCE(r.name, '') AS homeroom").
		LeftJoin(collections.Patrons+" p", dbx.NewExp("p.id = n.patron")).
		LeftJoin(collections.Homerooms+" r", dbx.NewExp("r.id = p.homeroom")).
		AndWhere(dbx.HashExp{"n.id": list(notices)}).
		OrderBy("n.created", "n.id", "day", "about").All(&rows)
}

// open gathers an envelope into a letter. Notices that have nothing left to speak of are cancelled. ok is false when nothing is left
// to send.
func (m measure) open(app core.App, e envelope, now time.Time) (l letter, cancelled int, ok bool, err error) {
	rows, err := m.rowsOf(app, e.notices)
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
	l = letterOf(e.addressee, rows)
	l.level = l.level.AtMost(m.profile)
	if l.level != site.DiscloseCount {
		err = l.learn(app)
	}
	return l, cancelled, err == nil, err
}

// errChanged is a letter that is no longer true: a book came back or was fetched, or somebody else has taken the notice.
var errChanged = errors.New("the notice has changed since it was read")

// claim marks a letter as being sent, durably, and only if it still says the truth.
func (m measure) claim(app core.App, l letter, now time.Time) error {
	return app.RunInTransaction(func(app core.App) error {
		rows, err := m.rowsOf(app, l.notices)
		if err != nil {
			return err
		}
		taken, err := move(app, l.notices, collections.NoticeQueued, collections.NoticeSending, now)
		if err == nil && (!slices.Equal(rows, l.rows) || taken != len(l.notices)) {
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
	return update(app, dbx.Params{"state": to, "updated": instant(now)}, dbx.HashExp{"id": list(notices), "state": from})
}

// settle writes down what became of a letter, whether or not it was claimed before.
func settle(app core.App, l letter, change dbx.Params) error {
	_, err := update(app, change, dbx.HashExp{
		"id": list(l.notices), "state": []any{collections.NoticeQueued, collections.NoticeSending},
	})
	return err
}

// abandon marks what a crash left half sent. Only the holder of the lock may call it.
func abandon(app core.App, now time.Time) (int, error) {
	return update(app, dbx.Params{"state": collections.NoticeUnknown, "error": "notices.unknown", "updated": instant(now)},
		dbx.HashExp{"state": collections.NoticeSending})
}

// cancelSettled drops the queued notices, for mail and for paper, that have nothing left to speak of.
func (m measure) cancelSettled(app core.App, now time.Time) (int, error) {
	var standing []string
	if err := m.mattersOf(app, "n.id").GroupBy("n.id").Column(&standing); err != nil {
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

// list is texts as a query takes them.
func list(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}
