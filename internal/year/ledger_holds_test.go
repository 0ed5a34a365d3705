package year_test

import (
	"cmp"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
)

// placed enters a hold, on one item only when that is wanted.
func (l *ledger) placed(p *person, wanted *item, row collections.Hold, now time.Time) *hold {
	made := &hold{
		id: row.ID, person: p, title: row.Title, wanted: wanted, state: collections.HoldWaiting, rank: row.Rank, placed: row.PlacedAt.Time(),
		linked: true, updated: now,
	}
	l.holds = append(l.holds, made)
	l.holdByID[made.id] = made
	l.back = append(l.back, func(now time.Time) {
		made.state, made.ended, made.updated = collections.HoldUndone, made.placed, now
	})
	return made
}

// queue are the active holds of a title in their order.
func (l *ledger) queue(title string) (active []*hold) {
	for _, h := range l.holds {
		if h.title == title && h.ended.IsZero() {
			active = append(active, h)
		}
	}
	slices.SortFunc(active, func(a, b *hold) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.placed.Compare(b.placed), cmp.Compare(a.id, b.id))
	})
	return active
}

// keptFor is the hold an item lies on the hold shelf for.
func (l *ledger) keptFor(it *item) *hold {
	for _, h := range l.queue(it.title) {
		if h.caught == it {
			return h
		}
	}
	return nil
}

// holdsOf are the active holds of a patron, in the order in which they were placed.
func (l *ledger) holdsOf(p *person) (active []*hold) {
	for _, h := range l.holds {
		if h.person == p && h.ended.IsZero() {
			active = append(active, h)
		}
	}
	return active
}

// served tells whether an item is what the patron waits for.
func (h *hold) served(it *item) bool { return h.wanted == nil || h.wanted == it }

// catch keeps an item that came to the desk for the first who waits for it.
func (l *ledger) catch(it *item, at, now time.Time) *hold {
	if it.status != collections.ItemAvailable || it.notForLoan || it.loan != nil || l.keptFor(it) != nil {
		return nil
	}
	for _, h := range l.queue(it.title) {
		if h.state != collections.HoldWaiting || h.person.status != collections.PatronActive || !h.served(it) {
			continue
		}
		keep(l, h)
		h.state, h.caught, h.updated = collections.HoldReady, it, now
		h.pickupBy = l.openDaysAfter(l.day(now), pickupDays)
		l.readyTold++
		return h
	}
	return nil
}

func (l *ledger) openDaysAfter(day policy.Day, n int) policy.Day {
	for n > 0 {
		day++
		if l.calendar.IsOpen(day) {
			n--
		}
	}
	return day
}

// fillHolds answers the holds a check-out touches.
func (l *ledger) fillHolds(made *loan, at, now time.Time) {
	for _, h := range l.queue(made.item.title) {
		switch {
		case h.person == made.person && h.served(made.item):
			l.endHold(h, collections.HoldFilled, at, now)
		case h.caught == made.item:
			l.requeue(h, now)
		}
	}
}

func (l *ledger) requeue(h *hold, now time.Time) {
	keep(l, h)
	h.state, h.caught, h.pickupBy, h.updated = collections.HoldWaiting, nil, 0, now
}

func (l *ledger) endHold(h *hold, state string, at, now time.Time) {
	keep(l, h)
	h.state, h.ended, h.updated = state, at, now
	h.caught = nil
}

// expiring are the holds that nobody came for in time.
func (l *ledger) expiring(today policy.Day) (over []*hold) {
	for _, h := range l.holds {
		if h.state == collections.HoldReady && h.pickupBy < today {
			over = append(over, h)
		}
	}
	return over
}
