package year_test

import (
	"fmt"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
)

// cutDays are those on which the kiosk does not reach the library.
var cutDays = []policy.Day{policy.Date(2026, 8, 27), policy.Date(2026, 10, 22), policy.Date(2027, 1, 28), policy.Date(2027, 3, 8), policy.Date(2027, 5, 14)}

func (y *year) cut() bool { return slices.Contains(cutDays, y.today) }

// offline is one act that the kiosk keeps.
type offline struct {
	desk.Replayed
	item   *item
	person *person
}

// visitOffline is a visit of which the library learns on another day. Some change their mind and bring the book to the desk.
func (y *year) visitOffline(p *person) {
	for _, one := range slices.Clone(y.bags[p]) {
		if one.back <= y.today && one.how != neverBack && one.how != droppedInBox {
			y.take(one)
			y.store(collections.FactReturn, one.item, p)
			y.place[one.item] = onShelf
		}
	}
	for range 4 {
		it := y.choose(p)
		if it == nil {
			continue
		}
		y.store(collections.FactCheckOut, it, p)
		if y.chance(12) {
			y.bring(it, "")
			continue
		}
		y.handOver(it, p)
		return
	}
}

func (y *year) store(kind string, it *item, p *person) {
	y.acts++
	y.now = y.now.Add(time.Duration(5+y.random.IntN(20)) * time.Second)
	y.queued = append(y.queued, offline{
		desk.Replayed{Key: fmt.Sprintf("year-%06d", y.acts), At: y.now, Kind: kind, Card: p.code, Item: it.code}, it, p,
	})
}

// replay sends what the kiosk kept, in order.
func (y *year) replay() {
	queued := y.queued
	y.queued = nil
	if len(queued) > 0 { // a label nobody can read
		outcome, err := desk.Replay(y.app, desk.Replayed{Key: "unread-" + y.today.String(), At: queued[0].At, Kind: collections.FactReturn, Item: "999999"}, y.now, kiosk)
		y.check(err)
		if outcome != desk.ReplayQuestion {
			y.Errorf("%s: nobody is asked about an unknown item", y.today)
		}
		y.books.questions++
	}
	for _, one := range queued {
		y.now = y.now.Add(time.Second)
		y.books.begin()
		outcome, err := desk.Replay(y.app, one.Replayed, y.now, kiosk)
		y.check(err)
		if again, err := desk.Replay(y.app, one.Replayed, y.now, kiosk); err != nil || again != outcome {
			y.Errorf("%s: the same replay gave %s, then %s (%v)", y.today, outcome, again, err)
		}
		y.did["replay"]++
		if outcome == desk.ReplayQuestion {
			y.books.questions++
		}
		doubtful := false
		if one.Kind == collections.FactCheckOut {
			doubtful = y.replayLoan(one)
		} else {
			doubtful = y.replayReturn(one)
		}
		if doubtful && outcome != desk.ReplayQuestion {
			y.Errorf("%s: nobody is asked about %+v", y.today, one.Replayed)
		}
		if one.Kind == collections.FactReturn && !doubtful && outcome != desk.ReplayDone {
			y.Errorf("%s: somebody is asked about %+v", y.today, one.Replayed)
		}
	}
}

// replayLoan enters a check-out that the kiosk kept; whether the librarian has to be asked is answered.
func (y *year) replayLoan(one offline) bool {
	it, at := one.item, one.At
	over := slices.ContainsFunc(it.scans, at.Before)
	wasOut := it.loan != nil
	if over {
		made := &loan{
			id: one.Key, item: it, person: one.person, out: at, state: collections.LoanReturned, linked: true, updated: y.now, told: map[policy.Day]int{},
		}
		for _, scan := range it.scans {
			if at.Before(scan) && (made.ended.IsZero() || scan.Before(made.ended)) {
				made.ended = scan
			}
		}
		y.books.add(made)
		y.books.hand(it, at, y.now)
		y.books.hand(it, made.ended, y.now)
		return true
	}
	open, err := desk.OpenLoans(y.app, one.person.id)
	y.check(err)
	for _, row := range open {
		if row.Barcode == it.code {
			y.byTheRules(row.Due, at)
			y.withinTerm(row.Due, at)
			y.books.lent(it, one.person, row.ID, at, y.now, row.Due)
			return wasOut
		}
	}
	y.Errorf("%s: %s has no loan of %s, which the kiosk lent", y.today, one.person.code, it.code)
	return wasOut
}

// replayReturn enters a return that the kiosk kept.
func (y *year) replayReturn(one offline) bool {
	it, at := one.item, one.At
	ended := it.loan
	if ended == nil {
		ended = it.lost
	}
	if ended != nil && at.Before(ended.out) { // of an earlier loan: it says nothing about this one
		y.books.hand(it, at, y.now)
		return true
	}
	due := 0
	if it.loan != nil {
		due = y.books.lateFee(it.loan, at)
	}
	y.books.returned(it, at, y.now)
	if ended == nil {
		return false
	}
	owed := y.books.owed(ended.person)
	borrower, err := desk.FindPatron(y.app, ended.person.code)
	y.check(err)
	account, err := desk.AccountOf(y.app, borrower)
	y.check(err)
	y.agree(y.books.account(ended.person, account, y.now))
	if charged := y.books.owed(ended.person) - owed; charged != due {
		y.Errorf("%s: the kiosk's return of %s cost %d, by the calendar %d", y.today, it.code, charged, due)
	}
	return false
}
