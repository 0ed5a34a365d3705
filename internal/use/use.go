// Package use counts how the library is used: loans, renewals, returns, uses in the house and withdrawals, by day, by shelf and by title. What it keeps is
// derived from the facts and speaks of no person: unlinking changes nothing, and neither do withdrawn items.
//
// A fact counts on the day and in the hour in which it happened, in the school's time zone; one that a kiosk hands in late counts on its own day. What was
// undone does not count. An item counts for the shelf and the title it belongs to now: when it moves, or its title is merged into another one,
// its past moves along.
//
// Facts are folded in the order of recording up to a mark, which is written together with the counts. So it can be cut off at any point, and be done by
// several at once. See docs/adr/0016-use-is-counted-up-to-a-mark.md.
package use

import (
	"context"
	"fmt"
	"sync"
	"time"

	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

// version belongs to the form of the mark: it is raised when the counting changes, and everything is counted again.
const version = 1

// How many facts are one piece of work: beside a server so few that the desk does not notice, alone so many that few cells are written twice.
const (
	politeFacts = 200
	aloneFacts  = 5000
)

// CatchUp counts every fact there is. Where there is nothing new it costs two small questions.
func CatchUp(ctx context.Context, app core.App) error {
	turn, _ := app.Store().GetOrSet(turnKey, func() any { return &sync.Mutex{} }).(*sync.Mutex)
	turn.Lock()
	defer turn.Unlock()
	zone, err := zoneOf(app)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		now, err := look(app, zone)
		if err != nil || now.done() {
			return err
		}
		if err := work(ctx, app, zone); err != nil {
			return err
		}
	}
	return ctx.Err()
}

const turnKey = "carrel.use"

// patience is how many facts whoever asks waits for: well under a second's work on a small machine.
const patience = 2000

// Soon is CatchUp for somebody who waits: it counts the last acts at once, but leaves the first count of a large library to Watch. behind is how many
// facts are not counted yet.
func Soon(ctx context.Context, app core.App) (behind int, err error) {
	zone, err := zoneOf(app)
	if err != nil {
		return 0, err
	}
	now, err := look(app, zone)
	if err != nil || now.done() {
		return 0, err
	}
	if now.behind() > patience {
		return now.behind(), nil
	}
	return 0, CatchUp(ctx, app)
}

func zoneOf(app core.App) (*time.Location, error) {
	school, err := site.Load(app)
	return school.Location(), err
}

func formOf(zone *time.Location) string { return fmt.Sprintf("%d %s", version, zone) }

// standing is how far the counting is.
type standing struct {
	Seq    int    `db:"seq"`    // the last fact that is counted
	Form   string `db:"form"`   // in which form
	Newest int    `db:"newest"` // the last fact there is
	Moved  int    `db:"moved"`  // items to look at again; more than zero is enough to know
	form   string // the form it should have
}

func (s standing) done() bool { return s.behind() == 0 && s.Moved == 0 && s.Form == s.form }

func (s standing) behind() int {
	if s.Form != s.form {
		return s.Newest
	}
	return s.Newest - s.Seq
}

const standingQuery = `SELECT COALESCE((SELECT seq FROM use_mark), 0) AS seq, COALESCE((SELECT form FROM use_mark), '') AS form,
	COALESCE((SELECT MAX(seq) FROM circ_events), 0) AS newest, EXISTS (SELECT 1 FROM use_moved) AS moved`

func look(app core.App, zone *time.Location) (now standing, err error) {
	now.form = formOf(zone)
	return now, app.DB().NewQuery(standingQuery).One(&now)
}

// work counts until nothing is left, in short transactions while a server holds the folder.
func work(ctx context.Context, app core.App, zone *time.Location) error {
	bulk, err := store.NewBulk(app, false)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	f := folder{zone: zone, batch: aloneFacts}
	if store.Served(app.DataDir()) {
		f.batch = politeFacts
	}
	for !f.done && ctx.Err() == nil {
		if err := bulk.Do(f.next); err != nil {
			return err
		}
	}
	return bulk.Flush()
}
