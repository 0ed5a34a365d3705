// Package patrons keeps the people who borrow: rosters in, cards out, and the record of who looked at whom.
package patrons

import (
	"time"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Seen keeps in the audit that a member of staff looked at a patron.
func Seen(app core.App, patron, staff string, at time.Time) error {
	when, err := types.ParseDateTime(at)
	if err != nil {
		return err
	}
	_, err = collections.Insert(app, collections.AuditEntry{At: when, Staff: staff, Action: "patron_viewed", Patron: patron})
	return err
}

// Room is a homeroom with the number of its active patrons and its hours in the library.
type Room struct {
	ID      string `db:"id" json:"id"`
	Name    string `db:"name" json:"name"`
	Teacher string `db:"teacher" json:"teacher"`
	Patrons int    `db:"patrons" json:"patrons"`
	Visits  string `db:"visits" json:"visits"` // "tue 09:00-09:45; A 13:10-13:55"
}

// Homerooms lists the homerooms by name.
func Homerooms(app core.App) ([]Room, error) {
	rooms := []Room{}
	err := app.DB().NewQuery(`SELECT homerooms.id, homerooms.name, homerooms.teacher, homerooms.visits,
		(SELECT COUNT(*) FROM patrons WHERE patrons.homeroom = homerooms.id AND patrons.status = 'active') AS patrons
		FROM homerooms ORDER BY homerooms.name`).All(&rooms)
	return rooms, err
}
