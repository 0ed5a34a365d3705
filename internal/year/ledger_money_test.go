package year_test

import (
	"slices"
	"time"

	"carrel/collections"
)

// charged enters a charge that an act answered with.
func (l *ledger) charged(fee collections.Fee, now time.Time) *charge {
	made := &charge{
		id: fee.ID, person: l.personByID(fee.Patron), loan: l.loanByID[fee.Loan], reason: fee.Reason, state: collections.FeeOpen, cents: fee.Cents,
		at: fee.At.Time(), linked: true, updated: now,
	}
	l.charges = append(l.charges, made)
	l.feeByID[fee.ID] = made
	l.back = append(l.back, func(now time.Time) {
		made.state, made.settled, made.updated = collections.FeeUndone, made.at, now
	})
	return made
}

func (l *ledger) personByID(id string) *person {
	for _, p := range l.people {
		if p.id == id {
			return p
		}
	}
	return nil
}

// owing are the open charges of a patron, the oldest first.
func (l *ledger) owing(p *person) (open []*charge) {
	for _, c := range l.charges {
		if c.person == p && c.state == collections.FeeOpen {
			open = append(open, c)
		}
	}
	slices.SortStableFunc(open, func(a, b *charge) int { return a.at.Compare(b.at) })
	return open
}

func (l *ledger) owed(p *person) (cents int) {
	for _, c := range l.owing(p) {
		cents += c.owed()
	}
	return cents
}

// settled spreads what was paid or waived over the charges of a patron.
func (l *ledger) settled(p *person, kind string, cents int, at, now time.Time) {
	for _, c := range l.owing(p) {
		part := min(cents, c.owed())
		cents -= part
		l.settle(c, kind, part, at, now)
	}
}

func (l *ledger) settle(c *charge, kind string, cents int, at, now time.Time) {
	if cents == 0 {
		return
	}
	keep(l, c)
	switch kind {
	case collections.FactPay:
		c.paid += cents
	case collections.FactWaive:
		c.waived += cents
	case collections.FactRefund:
		c.refunded += cents
	}
	c.updated = now
	if c.state == collections.FeeOpen && c.owed() == 0 {
		c.state, c.settled = collections.FeeSettled, at
	}
}

// forgive takes back what was charged for the loss of what has turned up.
func (l *ledger) forgive(one *loan, at, now time.Time) {
	for _, c := range l.charges {
		if c.loan != one || c.reason != collections.FeeLost || c.state == collections.FeeUndone {
			continue
		}
		l.settle(c, collections.FactWaive, c.owed(), at, now)
		l.settle(c, collections.FactRefund, c.paid-c.refunded, at, now)
	}
}

// lateFee is what the school asks for a loan that came back late, in cents.
func (l *ledger) lateFee(one *loan, back time.Time) int {
	if one.claim != "" || !one.linked || one.person.status == deleted {
		return 0
	}
	cents := min((l.calendar.OpenDaysBetween(one.due, l.day(back))-graceDays)*centsPerDay, capCents)
	if one.item.price > 0 {
		cents = min(cents, one.item.price)
	}
	return max(cents, 0)
}
