package year_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/notices"
	"carrel/internal/policy"
	"carrel/internal/privacy"
)

// night unlinks what has been over for long enough, and on open days ends the holds nobody came for.
func (y *year) night() {
	y.until(3, 0)
	_, err := privacy.Unlink(context.Background(), y.app, y.today, y.now, false)
	y.check(err)
	y.books.night(y.today, y.now)
	y.named()
	if !y.books.calendar.IsOpen(y.today) {
		return
	}
	y.until(6, 0)
	y.expire()
}

// named holds the loans that name a patron against the ledger. Those over for longer than the school keeps them are of patrons who keep their history, or
// somebody still owes for them.
func (y *year) named() {
	want, long := 0, 0
	over := y.today.Add(-keepDays-2).At(0, y.books.calendar.Zone)
	for _, one := range y.books.loans {
		if one.linked {
			want++
		}
		if one.linked && !one.person.history && !one.ended.IsZero() && one.ended.Before(over) && one.updated.Before(over) && !y.tied(one) {
			long++
		}
	}
	if got := y.number("SELECT COUNT(*) FROM loans WHERE patron != ''"); got != want || long > 0 {
		y.Errorf("%s: %d loans name a patron, by the ledger %d, %d of them for too long", y.today, got, want, long)
	}
}

// tied tells whether a charge keeps a loan linked.
func (y *year) tied(one *loan) bool {
	return slices.ContainsFunc(y.books.charges, func(c *charge) bool { return c.loan == one && c.linked })
}

func (y *year) expire() {
	over := y.books.expiring(y.today)
	ended, err := desk.ExpireHolds(y.app, y.today, desk.Act{At: y.now, Now: y.now, Actor: nobody})
	y.check(err)
	if ended != len(over) {
		y.Errorf("%s: %d holds expired, by the ledger %d", y.today, ended, len(over))
	}
	var kept []*item
	for _, h := range over {
		kept = append(kept, h.caught)
		y.books.begin()
		y.books.endHold(h, collections.HoldExpired, y.now, y.now)
		y.books.expireTold++
	}
	y.did["hold_expire"] += ended
	y.until(7, 30)
	for _, it := range kept { // off the hold shelf
		y.bring(it, "")
	}
}

// tell runs the notices and holds what they speak of against the ledger: each loan that is late and not claimed, once a step.
func (y *year) tell() {
	y.until(15, 30)
	y.now = y.now.Add(time.Second)
	now := y.now
	summary, err := notices.Run(context.Background(), y.app, y.today, func() time.Time { return now }, false)
	y.check(err)
	var want []string
	for _, one := range y.books.open() {
		step := 0
		for i, days := range []int{1, 14, 28} {
			if int(y.today-one.due) >= days {
				step = i + 1
			}
		}
		if y.books.late(one, y.today) && step > one.told[one.due] {
			one.told[one.due] = step
			want = append(want, fmt.Sprint(one.id, " ", step))
		}
	}
	y.books.told += len(want)
	rows := []struct {
		Loan string `db:"loan"`
		Step int    `db:"step"`
	}{}
	y.check(y.app.DB().NewQuery("SELECT nl.loan, nl.step FROM notice_loans nl JOIN notices n ON n.id = nl.notice WHERE n.created = {:now}").
		Bind(map[string]any{"now": stamp(now)}).All(&rows))
	var got []string
	for _, row := range rows {
		got = append(got, fmt.Sprint(row.Loan, " ", row.Step))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || summary.Selected != len(want) {
		y.Errorf("%s: told of %d loans (%d selected), by the ledger %d: %v, %v", y.today, len(got), summary.Selected, len(want), got, want)
	}
	if y.today.Weekday() == time.Friday {
		y.stillTrue()
		if _, err := notices.PrintQueued(y.app, io.Discard, now); err != nil && fault.CodeOf(err) != fault.NotFound {
			y.check(err)
		}
	}
}

// stillTrue looks at what waits to be sent: it speaks of a loan that is late and not claimed, or of a hold that is ready or over.
func (y *year) stillTrue() {
	rows := []struct {
		ID   string `db:"id"`
		Kind string `db:"kind"`
		Loan string `db:"loan"`
		Hold string `db:"hold"`
	}{}
	y.check(y.app.DB().NewQuery(`SELECT n.id, n.kind, n.hold, COALESCE(nl.loan, '') AS loan FROM notices n LEFT JOIN notice_loans nl ON nl.notice = n.id
		WHERE n.state = 'queued'`).All(&rows))
	standing := map[string]bool{}
	for _, row := range rows {
		stands := false
		switch one, h := y.books.loanByID[row.Loan], y.books.holdByID[row.Hold]; {
		case row.Kind == "overdue":
			stands = one != nil && y.books.late(one, y.today)
		case row.Kind == "hold_ready":
			stands = h != nil && h.state == collections.HoldReady
		default:
			stands = h != nil && h.state == collections.HoldExpired
		}
		standing[row.ID] = standing[row.ID] || stands
	}
	for id, stands := range standing {
		if !stands {
			y.Errorf("%s: the notice %s waits and has nothing to say any more", y.today, id)
		}
	}
}

// compare derives everything from the facts, and looks for what must never be.
func (y *year) compare() {
	var found []desk.Difference
	_, err := desk.Rebuild(y.app, false, func(d desk.Difference) { found = append(found, d) }, nil)
	y.check(err)
	for i, d := range found {
		if i < 5 {
			y.Errorf("%s: state and facts differ: %+v", y.today, d)
		}
	}
	for what, query := range map[string]string{
		"items have two open loans":           "SELECT COUNT(*) FROM (SELECT item FROM loans WHERE state = 'open' GROUP BY item HAVING COUNT(*) > 1)",
		"items are kept for two":              "SELECT COUNT(*) FROM (SELECT caught FROM holds WHERE state = 'ready' GROUP BY caught HAVING COUNT(*) > 1)",
		"items are out and on the hold shelf": "SELECT COUNT(*) FROM holds JOIN loans ON loans.item = holds.caught WHERE holds.state = 'ready' AND loans.state = 'open'",
		"open loans name nobody":              "SELECT COUNT(*) FROM loans WHERE state = 'open' AND patron NOT IN (SELECT id FROM patrons)",
		"lost items are out":                  "SELECT COUNT(*) FROM items JOIN loans ON loans.item = items.id WHERE items.status IN ('lost', 'missing') AND loans.state = 'open'",
		"charges were paid too often":         "SELECT COUNT(*) FROM fees WHERE paid + waived > cents OR refunded > paid",
		"facts that name nobody name a loan of somebody": `SELECT COUNT(*) FROM circ_events JOIN loans ON loans.id = circ_events.loan
			WHERE circ_events.patron = '' AND loans.patron != '' AND circ_events.about = ''`,
		"titles are counted wrongly": `SELECT COUNT(*) FROM search_doc WHERE available != (SELECT COUNT(*) FROM items
			WHERE items.title = search_doc.title_id AND items.status = 'available'
			AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.state = 'open')
			AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.caught = items.id AND holds.state = 'ready'))`,
	} {
		if n := y.number(query); n > 0 {
			y.Errorf("%s: %d %s", y.today, n, what)
		}
	}
	y.sameLoans()
}

// sameLoans holds the desk's list of everything that is out against the ledger, loan by loan.
func (y *year) sameLoans() {
	rows, err := desk.OpenLoans(y.app, "")
	y.check(err)
	open := y.books.open()
	slices.SortFunc(rows, func(a, b desk.OpenLoan) int { return cmp.Compare(a.Barcode, b.Barcode) })
	slices.SortFunc(open, func(a, b *loan) int { return cmp.Compare(a.item.code, b.item.code) })
	if len(rows) != len(open) {
		y.Errorf("%s: %d items are out, by the ledger %d", y.today, len(rows), len(open))
		return
	}
	for i, row := range rows {
		one := open[i]
		if row.Barcode != one.item.code || row.Patron != one.person.code || row.Due != one.due || row.Renewals != one.renewals {
			y.Errorf("%s: out is %+v, by the ledger %s with %s due %s renewed %d times", y.today, row, one.item.code, one.person.code, one.due, one.renewals)
		}
	}
}

func (y *year) number(query string) (n int) {
	y.check(y.app.DB().NewQuery(query).Row(&n))
	return n
}

// secondMonthEnds tells whether tomorrow is another month, an odd one. Comparing all facts every night would take minutes.
func secondMonthEnds(day policy.Day) bool {
	tomorrow := day.Add(1).At(0, time.UTC)
	return tomorrow.Day() == 1 && tomorrow.Month()%2 == 1
}
