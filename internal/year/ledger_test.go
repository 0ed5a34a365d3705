package year_test

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
)

// ledger is what a careful person would have written down beside the library, act by act, from what the desk answered. It never reads a table.
type ledger struct {
	calendar policy.Calendar
	keepDays int

	items   []*item
	people  []*person
	loans   []*loan
	holds   []*hold
	charges []*charge

	loanByID map[string]*loan
	holdByID map[string]*hold
	feeByID  map[string]*charge

	before     int // loans made before the year
	told       int // loans told of as late, once a step
	readyTold  int // notices of holds that were ready
	expireTold int // and of holds that nobody came for
	questions  int // of kiosks
	wishes     int // of families

	back []func(now time.Time) // how to take back the act under way
}

type item struct {
	code, id, title, location string
	price                     int
	notForLoan                bool

	status  string
	loan    *loan       // it is out on
	lost    *loan       // on which it was given up
	last    *loan       // from which it came back last
	scans   []time.Time // when it was in somebody's hand in the library
	handled time.Time   // when the desk last heard of it in somebody's hand
}

type person struct {
	code, id, district, first, last string
	grade                           int // -1 for a grown-up
	room, kind                      string
	email, guardian, language       string
	status                          string // of the patron; deleted in the end
	history                         bool
	denied                          map[string]bool // titles (id) the family does not want
}

const deleted = "deleted"

type loan struct {
	id       string
	item     *item
	person   *person
	out      time.Time
	due      policy.Day
	state    string
	ended    time.Time
	renewals int
	claim    string
	linked   bool
	updated  time.Time
	told     map[policy.Day]int // the highest step told of, by due date
}

type hold struct {
	id       string
	person   *person
	title    string
	wanted   *item // the only one that will do
	state    string
	caught   *item
	rank     float64
	placed   time.Time
	pickupBy policy.Day
	ended    time.Time
	linked   bool
	updated  time.Time
}

type charge struct {
	id                            string
	person                        *person
	loan                          *loan
	reason, state                 string
	cents, paid, waived, refunded int
	at, settled                   time.Time
	linked                        bool
	updated                       time.Time
}

func (c *charge) owed() int { return c.cents - c.paid - c.waived }

func (i *item) touch(time.Time)       {}
func (l *loan) touch(now time.Time)   { l.updated = now }
func (h *hold) touch(now time.Time)   { h.updated = now }
func (c *charge) touch(now time.Time) { c.updated = now }

// keep remembers an entry as it is before the act under way changes it.
func keep[V any, P interface {
	*V
	touch(now time.Time)
}](l *ledger, entry P) {
	was := *entry
	l.back = append(l.back, func(now time.Time) {
		*entry = was
		entry.touch(now)
	})
}

// begin starts another act.
func (l *ledger) begin() { l.back = nil }

// undo takes back the act under way.
func (l *ledger) undo(now time.Time) {
	for _, back := range slices.Backward(l.back) {
		back(now)
	}
	l.back = nil
}

// lent enters a check-out. What the item was out on has come back by it, and what was missing is found.
func (l *ledger) lent(it *item, p *person, id string, at, now time.Time, due policy.Day) *loan {
	keep(l, it)
	if it.loan != nil {
		l.end(it.loan, collections.LoanReturned, at, now)
	} else if it.lost != nil {
		l.bringBack(it.lost, at, now)
	}
	l.find(it)
	made := &loan{id: id, item: it, person: p, out: at, due: due, state: collections.LoanOpen, linked: true, updated: now, told: map[policy.Day]int{}}
	l.add(made)
	it.loan = made
	l.hand(it, at, now)
	l.fillHolds(made, at, now)
	return made
}

func (l *ledger) add(made *loan) {
	l.loans = append(l.loans, made)
	l.loanByID[made.id] = made
	l.back = append(l.back, func(now time.Time) {
		made.state, made.ended, made.updated = collections.LoanUndone, time.Time{}, now
	})
}

// find makes a missing or lost item available.
func (l *ledger) find(it *item) bool {
	if it.status != collections.ItemMissing && it.status != collections.ItemLost {
		return false
	}
	it.status = collections.ItemAvailable
	return true
}

func (l *ledger) hand(it *item, at, now time.Time) {
	it.scans, it.handled = append(it.scans, at), now
}

// end closes a loan, by a return or because the item was given up.
func (l *ledger) end(one *loan, state string, at, now time.Time) {
	keep(l, one)
	keep(l, one.item)
	one.state, one.ended, one.updated = state, at, now
	it := one.item
	it.loan, it.lost = nil, nil
	if state == collections.LoanReturned {
		it.last = one
	} else {
		it.lost = one
	}
}

// returned enters a return: the loan it ended, nil when the item was only seen, and the hold that caught it.
func (l *ledger) returned(it *item, at, now time.Time) (*loan, *hold) {
	keep(l, it)
	ended := it.loan
	if ended == nil {
		ended = it.lost
	}
	l.find(it)
	if ended != nil {
		l.bringBack(ended, at, now)
	}
	l.hand(it, at, now)
	return ended, l.catch(it, at, now)
}

// bringBack ends a loan by a return and takes back what was charged for its loss.
func (l *ledger) bringBack(ended *loan, at, now time.Time) {
	lost := ended.state == collections.LoanLost
	l.end(ended, collections.LoanReturned, at, now)
	if lost {
		l.forgive(ended, at, now)
	}
}

func (l *ledger) renewed(one *loan, due policy.Day, now time.Time) {
	keep(l, one)
	keep(l, one.item)
	one.due, one.updated = due, now
	one.renewals++
	one.item.handled = now
}

func (l *ledger) moved(one *loan, due policy.Day, now time.Time) {
	keep(l, one)
	one.due, one.updated = due, now
}

func (l *ledger) claimed(one *loan, claim string, now time.Time) {
	keep(l, one)
	one.claim, one.updated = claim, now
}

// marks are what each mark makes of an item, and of the loan it is out on: without a word it has come back.
var marks = map[string]struct{ status, loan string }{
	collections.FactLost:     {collections.ItemLost, collections.LoanLost},
	collections.FactMissing:  {collections.ItemMissing, collections.LoanMissing},
	collections.FactDamaged:  {status: collections.ItemDamaged},
	collections.FactPieces:   {status: collections.ItemIncomplete},
	collections.FactRepair:   {status: collections.ItemRepair},
	collections.FactFound:    {status: collections.ItemAvailable},
	collections.FactWithdraw: {status: collections.ItemWithdrawn},
	collections.FactInHouse:  {},
	collections.FactTransfer: {status: collections.ItemTransit},
	collections.FactArrive:   {status: collections.ItemAvailable},
}

// marked enters what happened to an item.
func (l *ledger) marked(it *item, as string, fee *collections.Fee, at, now time.Time) {
	kind := marks[as]
	keep(l, it)
	ended := it.loan
	if kind.loan == "" {
		if ended == nil {
			ended = it.lost
		}
		if ended != nil {
			l.bringBack(ended, at, now)
		}
		if as != collections.FactWithdraw {
			l.hand(it, at, now)
		}
	} else if ended != nil {
		l.end(ended, kind.loan, at, now)
	}
	if kind.status == "" {
		l.find(it)
	} else {
		it.status = kind.status
	}
	if kept := l.keptFor(it); kept != nil && it.status != collections.ItemAvailable {
		l.requeue(kept, now)
	}
	if fee != nil {
		l.charged(*fee, now)
	}
	l.catch(it, at, now)
}

// givenUp enters that an inventory did not see an item.
func (l *ledger) givenUp(it *item) {
	keep(l, it)
	it.status = collections.ItemMissing
}

// scanned enters a scan of an inventory: it finds what was given up, and catches nothing for a hold.
func (l *ledger) scanned(it *item, at, now time.Time) {
	keep(l, it)
	lost := it.lost
	if l.find(it) && lost != nil {
		l.bringBack(lost, at, now)
	}
	l.hand(it, at, now)
}

// late tells whether a loan is overdue on a day.
func (l *ledger) late(one *loan, on policy.Day) bool {
	return one.state == collections.LoanOpen && one.claim == "" && l.calendar.Overdue(one.due, on)
}

// openOf are the open loans of a patron, in the order in which they were made.
func (l *ledger) openOf(p *person) (open []*loan) {
	for _, it := range l.items {
		if it.loan != nil && it.loan.person == p {
			open = append(open, it.loan)
		}
	}
	slices.SortFunc(open, func(a, b *loan) int { return cmp.Or(a.out.Compare(b.out), cmp.Compare(a.item.code, b.item.code)) })
	return open
}

// open are all open loans, by item.
func (l *ledger) open() (open []*loan) {
	for _, it := range l.items {
		if it.loan != nil {
			open = append(open, it.loan)
		}
	}
	return open
}

func (l *ledger) day(at time.Time) policy.Day { return policy.DayOf(at, l.calendar.Zone) }

// night enters what a night's unlinking forgets: what has been over for longer than the school keeps it.
func (l *ledger) night(today policy.Day, now time.Time) {
	over := today.Add(-l.keepDays).At(0, l.calendar.Zone)
	settled := now.Add(-25 * time.Hour) // an act of the last day can be taken back
	tied := map[*loan]bool{}
	for _, c := range l.charges {
		if c.state != collections.FeeOpen && c.settled.Before(over) && c.updated.Before(settled) {
			c.linked = false
		}
		if c.linked {
			tied[c.loan] = true
		}
	}
	for _, h := range l.holds {
		if !h.ended.IsZero() && h.ended.Before(over) && h.updated.Before(settled) {
			h.linked = false
		}
	}
	for _, one := range l.loans {
		quiet := settled
		if one.state == collections.LoanUndone && over.Before(settled) {
			quiet = over
		}
		if one.linked && one.state != collections.LoanOpen && one.ended.Before(over) && one.updated.Before(quiet) && !one.person.history && !tied[one] {
			one.linked = false
		}
	}
}

// account is what the desk says a patron owes, held against the ledger. Charges that the ledger has not heard of yet are entered.
func (l *ledger) account(p *person, account desk.Account, now time.Time) error {
	for _, fee := range account.Fees {
		if l.feeByID[fee.ID] == nil {
			l.charged(fee, now)
		}
	}
	if owed := l.owed(p); owed != account.Owed {
		return fmt.Errorf("%s %s owes %d by the ledger, %d by the desk", p.first, p.last, owed, account.Owed)
	}
	return nil
}
