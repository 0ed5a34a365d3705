package desk

import (
	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// What the rules need to know is read here, in as few queries as there are things to ask: a school's desk is asked all day.

// openLoan is the loan an item is out on.
func openLoan(app core.App, item string) (collections.Loan, bool, error) {
	return collections.Find[collections.Loan](app, "item = {:item} AND state = 'open'", dbx.Params{"item": item})
}

// viewPatron reads what the rules need to know of a patron, without what families asked for.
func viewPatron(app core.App, house site.House, patron Borrower) (view policy.PatronView, err error) {
	if view, err = viewCard(patron); err != nil {
		return view, err
	}
	if view.Open, err = openOf(app, patron.ID); err != nil || !house.Fees.On {
		return view, err
	}
	view.Owed, err = Owed(app, patron.ID)
	return view, err
}

// viewCard is what the rules need to know that stands in the patron's own row.
func viewCard(patron Borrower) (view policy.PatronView, err error) {
	view = policy.PatronView{
		ID: patron.ID, Type: patron.Type, Grade: patron.Grade, Active: patron.Status == collections.PatronActive, Expires: patron.Expires, Block: patron.Block,
	}
	if patron.LibraryDays != "" {
		view.Library, err = policy.ParseLibraryDays(patron.LibraryDays)
	}
	return view, err
}

func openOf(app core.App, patron string) ([]policy.OpenLoan, error) {
	var rows []struct {
		Due   policy.Day `db:"due"`
		Claim string     `db:"claim"`
		Type  string     `db:"type"`
		Title string     `db:"title"`
	}
	err := app.DB().NewQuery(`SELECT loans.due, loans.claim, items.type, items.title FROM loans JOIN items ON items.id = loans.item
		WHERE loans.patron = {:patron} AND loans.state = 'open'`).Bind(dbx.Params{"patron": patron}).All(&rows)
	open := make([]policy.OpenLoan, 0, len(rows))
	for _, row := range rows {
		open = append(open, policy.OpenLoan{Due: row.Due, ItemType: row.Type, Title: row.Title, Claimed: row.Claim != ""})
	}
	return open, err
}

// Owed is what a patron still has to pay, in cents.
func Owed(app core.App, patron string) (cents int, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE(SUM(cents - paid - waived), 0) FROM fees WHERE patron = {:patron} AND state = 'open'`).
		Bind(dbx.Params{"patron": patron}).Row(&cents)
	return cents, err
}

// viewItem reads what the rules need to know of an item that this patron may want.
func viewItem(app core.App, item Thing, loan collections.Loan, out bool, patron string, today policy.Day) (policy.ItemView, error) {
	view := policy.ItemView{
		Type: item.Type, Title: item.Title, Withdrawn: item.Status == collections.ItemWithdrawn, NotForLoan: item.NotForLoan, OnLoan: out, LoanedTo: loan.Patron,
	}
	if !item.Held {
		return view, nil
	}
	queue, err := liveHolds(app, item.Title, today)
	if err != nil || len(queue) == 0 {
		return view, err
	}
	for _, hold := range queue {
		if hold.State == collections.HoldReady && hold.Caught == item.ID {
			view.HeldFor = hold.Patron
		}
	}
	view.Waiting = before(queue, item.ID, patron)
	if view.Free, err = free(app, item.Title); err != nil {
		return view, err
	}
	if item.Status == collections.ItemMissing || item.Status == collections.ItemLost {
		view.Free++ // the scan has just found it
	}
	return view, nil
}

// activeHolds are the holds of a title that wait or are ready, in the order of the queue.
func activeHolds(app core.App, title string) ([]collections.Hold, error) {
	return collections.All[collections.Hold](app, "title = {:title} AND ended_at = ''", "rank, placed_at, id", dbx.Params{"title": title})
}

// liveHolds leaves out the waiting holds of patrons who have left or whose card has expired: nothing is kept for them, and they hold up nobody.
func liveHolds(app core.App, title string, today policy.Day) (holds []collections.Hold, err error) {
	err = app.DB().NewQuery(`SELECT holds.* FROM holds JOIN patrons ON patrons.id = holds.patron WHERE holds.title = {:title} AND holds.ended_at = ''
		AND (holds.state = 'ready' OR patrons.status = 'active' AND (patrons.expires = '' OR patrons.expires >= {:today}))
		ORDER BY holds.rank, holds.placed_at, holds.id`).Bind(dbx.Params{"title": title, "today": today.String()}).All(&holds)
	return holds, err
}

// before counts the waiting holds of others that an item could serve and that come before this patron's own.
func before(queue []collections.Hold, item, patron string) int {
	waiting := 0
	for _, hold := range queue {
		if hold.Patron == patron {
			return waiting
		}
		if hold.State == collections.HoldWaiting && (hold.Wanted == "" || hold.Wanted == item) {
			waiting++
		}
	}
	return waiting
}

// free counts the items of a title that stand on the shelf and are for loan.
func free(app core.App, title string) (n int, err error) {
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM items WHERE title = {:title} AND status = 'available' AND NOT not_for_loan AND home = ''
		AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.state = 'open')
		AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.caught = items.id AND holds.state = 'ready')`).
		Bind(dbx.Params{"title": title}).Row(&n)
	return n, err
}

// viewRestrictions adds what the family asked for to the patron, and what of it could concern the title to the item.
func viewRestrictions(app core.App, patron *policy.PatronView, item *policy.ItemView, title Thing) error {
	rows := []collections.Restriction{}
	// these columns, in no order, can be read from the index alone
	err := app.DB().NewQuery("SELECT mode, scope, title, folded FROM restrictions WHERE patron = {:patron}").Bind(dbx.Params{"patron": patron.ID}).All(&rows)
	if err != nil || len(rows) == 0 {
		return err
	}
	item.Author, item.Series = words.Fold(title.Author), words.Fold(title.Series)
	var tags []string
	for _, row := range rows {
		restriction := policy.Restriction{Mode: row.Mode, Scope: row.Scope, Value: row.Folded}
		switch row.Scope {
		case "title":
			restriction.Value = row.Title
		case "tag":
			tags = append(tags, row.Folded)
		}
		patron.Restrictions = append(patron.Restrictions, restriction)
	}
	if len(tags) > 0 {
		item.Tags, err = catalog.TagsAmong(app, item.Title, tags)
	}
	return err
}
