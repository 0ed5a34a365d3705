// Package today says what a librarian wants to know in the morning: how the library stands, what waits for a person, and who comes today. It only asks; a
// screen that hears of a change asks again, so a whole look is a handful of indexed queries.
package today

import (
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Today is one look at the library.
type Today struct {
	On        policy.Day  `json:"on"`
	Day       string      `json:"day"` // of the cycle, "B"; empty without one
	Counts    Counts      `json:"counts"`
	Needs     []Need      `json:"needs"`      // the most pressing first
	LateRooms []Room      `json:"late_rooms"` // the most first
	Classes   []Class     `json:"classes"`    // by hour
	Kiosks    []KioskSeen `json:"kiosks"`     // by name
	Budget    *Budget     `json:"budget"`
}

// Counts are how the library stands.
type Counts struct {
	DueToday    int  `json:"due_today"` // out this morning and due today
	DueBack     int  `json:"due_back"`  // of these, already back
	Out         int  `json:"out"`
	Items       int  `json:"items"` // without those withdrawn
	Late        int  `json:"late"`
	LateWeekAgo *int `json:"late_week_ago"` // nil when nobody counted then
}

// Asker is who looks, and when.
type Asker struct {
	Head bool // the librarian, who is shown what only a librarian can settle
	Lang say.Lang
	Now  time.Time
}

// look is one look under way.
type look struct {
	app   core.App
	house site.House
	asker Asker
	on    policy.Day
}

// Look says how the library stands now.
func Look(app core.App, asker Asker) (today Today, err error) {
	house, err := site.Open(app)
	if err != nil {
		return today, err
	}
	l := look{app, house, asker, policy.DayOf(asker.Now, house.Calendar.Zone)}
	today.On = l.on
	today.Day, _ = house.Calendar.CycleDay(l.on)
	if today.LateRooms, err = lateRooms(app, house.Calendar, l.on); err != nil {
		return today, err
	}
	if today.Counts, err = l.count(today.LateRooms); err != nil {
		return today, err
	}
	if today.Classes, err = l.classes(); err != nil {
		return today, err
	}
	if today.Kiosks, err = l.kiosks(); err != nil {
		return today, err
	}
	if today.Budget, err = l.budget(); err != nil {
		return today, err
	}
	today.Needs, err = l.needs(today)
	return today, err
}

func (l look) count(late []Room) (counts Counts, err error) {
	counts.Late = total(late)
	midnight, err := types.ParseDateTime(l.on.At(0, l.house.Calendar.Zone))
	if err != nil {
		return counts, err
	}
	// state != 'open' says nothing new beside 'returned', but without it SQLite does not use the partial index
	var open int
	err = l.app.DB().NewQuery(`SELECT
		(SELECT COUNT(*) FROM loans WHERE state = 'open') AS out,
		(SELECT COUNT(*) FROM loans WHERE state = 'open' AND due = {:on} AND claim = '') AS due,
		(SELECT COUNT(*) FROM loans WHERE state != 'open' AND state = 'returned' AND patron != '' AND returned_at >= {:midnight} AND due = {:on}) AS back,
		(SELECT COUNT(*) FROM items) - (SELECT COUNT(*) FROM items WHERE status = 'withdrawn') AS items`).
		Bind(dbx.Params{"on": l.on.String(), "midnight": midnight.String()}).Row(&counts.Out, &open, &counts.DueBack, &counts.Items)
	if err != nil {
		return counts, err
	}
	counts.DueToday = open + counts.DueBack
	counts.LateWeekAgo, err = countedOn(l.app, l.on.Add(-7))
	return counts, err
}

// KioskSeen is a paired kiosk as it was last heard.
type KioskSeen struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	State  string `json:"state"`
	Heard  string `json:"heard"` // RFC 3339
	Locked bool   `json:"locked"`
	On     bool   `json:"on"`
}

// kioskQuiet is after how long without a word a kiosk counts as off. One that is on is written down once a minute.
const kioskQuiet = 2*time.Minute + 30*time.Second

func (l look) kiosks() ([]KioskSeen, error) {
	devices, err := collections.All[collections.Kiosk](l.app, "state = 'paired'", "name, id", nil)
	seen := []KioskSeen{}
	for _, device := range devices {
		at := device.LastSeen.Time()
		seen = append(seen, KioskSeen{
			ID: device.ID, Name: device.Name, State: device.State, Heard: at.UTC().Format(time.RFC3339),
			Locked: !device.LockedAt.IsZero(), On: l.asker.Now.Sub(at) < kioskQuiet,
		})
	}
	return seen, err
}
