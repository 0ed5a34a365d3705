package desk

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/notices"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// catch keeps an item that has just come to the desk for the first patron in the queue whom it can serve.
func (p *pen) catch(item Thing) (bool, error) {
	if !item.Held || item.Status != collections.ItemAvailable || item.NotForLoan || item.Home != "" {
		return false, nil
	}
	house, err := site.Open(p.app)
	if err != nil {
		return false, err
	}
	queue, err := liveHolds(p.app, item.Title, day(house, p.act.At))
	if err != nil || len(queue) == 0 {
		return false, err
	}
	if _, out, err := openLoan(p.app, item.ID); err != nil || out {
		return false, err
	}
	for _, hold := range queue {
		if hold.State == collections.HoldReady && hold.Caught == item.ID {
			return false, nil // it was scanned on the hold shelf
		}
	}
	for _, hold := range queue {
		if hold.State != collections.HoldWaiting || hold.Wanted != "" && hold.Wanted != item.ID {
			continue
		}
		patron, err := patronByID(p.app, hold.Patron)
		if err != nil {
			return false, err
		}
		return true, p.keep(house, hold, patron, item)
	}
	return false, nil
}

// keep puts an item on the hold shelf and tells the patron.
func (p *pen) keep(house site.House, hold collections.Hold, patron Borrower, item Thing) (err error) {
	// from today: an item dropped in the box on Friday and scanned on Monday waits from Monday
	hold.PickupBy, err = policy.PickupBy(house.Rules, house.Calendar, patron.Type, item.Type, day(house, p.act.Now))
	if err != nil {
		return err
	}
	hold.State, hold.Caught, hold.ReadyAt = collections.HoldReady, item.ID, instant(p.act.At)
	if err := updateState(p.app, hold, instant(p.act.Now)); err != nil {
		return err
	}
	if _, err := p.also(aboutHold(collections.FactHoldReady, hold), details{PickupBy: hold.PickupBy}); err != nil {
		return err
	}
	return notices.HoldReady(p.app, hold, p.act.Now)
}

// settleHolds answers the holds that a check-out touches: the patron's own is filled, and whoever the item was kept for goes back to where he
// stood in the queue.
func (p *pen) settleHolds(patron Borrower, item Thing, loan collections.Loan) error {
	if !item.Held {
		return nil
	}
	queue, err := activeHolds(p.app, item.Title)
	if err != nil {
		return err
	}
	for _, hold := range queue {
		switch {
		case hold.Patron == patron.ID && (hold.Wanted == "" || hold.Wanted == item.ID):
			err = p.fill(hold, loan)
		case hold.State == collections.HoldReady && hold.Caught == item.ID:
			err = p.requeue(hold, hold.Rank, details{}, p.also)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fill ends a hold by a loan. When another item than this one lay on the hold shelf, that one is free again, and the fact says so.
func (p *pen) fill(hold collections.Hold, loan collections.Loan) error {
	hold.State, hold.EndedAt = collections.HoldFilled, instant(p.act.At)
	if err := updateState(p.app, hold, instant(p.act.Now)); err != nil {
		return err
	}
	fact := aboutHold(collections.FactHoldFill, hold)
	if fact.Item == "" {
		fact.Item = loan.Item
	}
	_, err := p.also(fact, details{})
	return err
}

// requeue takes a hold off the hold shelf, or moves it in the queue.
func (p *pen) requeue(hold collections.Hold, rank float64, d details, record recorder) error {
	fact := aboutHold(collections.FactHoldMove, hold)
	none := collections.Hold{}
	shelved := hold.Caught != ""
	hold.State, hold.Rank, hold.Caught, hold.ReadyAt, hold.PickupBy = collections.HoldWaiting, rank, "", none.ReadyAt, 0
	if err := updateState(p.app, hold, instant(p.act.Now)); err != nil {
		return err
	}
	d.Rank = rank
	if _, err := record(fact, d); err != nil || !shelved {
		return err
	}
	return p.moved(hold.Title)
}

// endHold cancels a hold or lets it expire. An item that lay on the hold shelf is free again; its next scan finds it the next patron.
func (p *pen) endHold(hold collections.Hold, kind string, d details, record recorder) error {
	fact := aboutHold(kind, hold)
	hold.State, hold.EndedAt = collections.HoldCancelled, instant(p.act.At)
	if kind == collections.FactHoldExpire {
		hold.State = collections.HoldExpired
	}
	if err := updateState(p.app, hold, instant(p.act.Now)); err != nil {
		return err
	}
	if _, err := record(fact, d); err != nil || hold.Caught == "" {
		return err
	}
	return p.moved(hold.Title)
}

// ExpireHolds ends the holds whose pickup day is over and answers how many. The key of each act is made of the hold and of how often it has expired
// before, since an expiry may be undone; a second run does nothing.
func ExpireHolds(app core.App, today policy.Day, act Act) (expired int, err error) {
	due, err := collections.All[collections.Hold](app, "state = 'ready' AND pickup_by != '' AND pickup_by < {:today}", "pickup_by, id",
		dbx.Params{"today": today.String()})
	if err != nil {
		return 0, err
	}
	for _, hold := range due {
		var before int
		err := app.DB().NewQuery("SELECT COUNT(*) FROM circ_events WHERE about = {:hold} AND about != '' AND kind = 'hold_expire'").
			Bind(dbx.Params{"hold": hold.ID}).Row(&before)
		if err != nil {
			return expired, err
		}
		one := act
		one.Key = fmt.Sprintf("expire-%s-%d", hold.ID, before)
		_, err = changeHold(app, "desk.ExpireHolds", HoldChange{Act: one, Hold: hold.ID}, one.Key, func(pen *pen, hold collections.Hold, ask string) error {
			if err := pen.endHold(hold, collections.FactHoldExpire, details{Ask: ask}, pen.main); err != nil {
				return err
			}
			return notices.HoldExpired(pen.app, hold, act.Now)
		})
		if fault.CodeOf(err) == fault.Conflict {
			continue // picked up in this very moment
		}
		if err != nil {
			return expired, err
		}
		expired++
	}
	return expired, nil
}
