package restrictions

import (
	"time"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/core"
)

// Child is a patron whose family asked for something. What it asked for is read child by child: nobody needs all of it at once.
type Child struct {
	ID       string `db:"id" json:"id"`
	Barcode  string `db:"barcode" json:"barcode"` // empty for somebody without one
	Name     string `db:"name" json:"name"`
	Homeroom string `db:"homeroom" json:"homeroom"`
	Status   string `db:"status" json:"status"`
	Picture  bool   `db:"picture" json:"picture"`
	Choices  int    `db:"choices" json:"choices"` // how many stand
}

// Children lists everybody with a wish of their family, by name, and keeps in the audit that a member of staff looked.
func Children(app core.App, staff string, now time.Time) ([]Child, error) {
	children := []Child{}
	err := app.DB().NewQuery(`SELECT patrons.id, patrons.barcode, TRIM(patrons.first_name || ' ' || patrons.last_name) AS name, COALESCE(homerooms.name, '') AS homeroom,
			patrons.status, patrons.picture != '' AS picture, COUNT(*) AS choices
		FROM restrictions JOIN patrons ON patrons.id = restrictions.patron LEFT JOIN homerooms ON homerooms.id = patrons.homeroom
		GROUP BY patrons.id ORDER BY patrons.last_name, patrons.first_name, patrons.id`).All(&children)
	if err != nil {
		return nil, err
	}
	return children, write(app, staff, now, func(p *pen) error { return p.audit("list", collections.Restriction{}) })
}
