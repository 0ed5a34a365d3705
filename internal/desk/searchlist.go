package desk

import (
	"cmp"
	"slices"

	"carrel/internal/callnumber"

	"github.com/pocketbase/pocketbase/core"
)

// Sought is an item to look for: claimed by the patron who has it on loan, or missing.
type Sought struct {
	Item       string `db:"item" json:"item"` // barcode
	Title      string `db:"title" json:"title"`
	Author     string `db:"author" json:"author"`
	CallNumber string `db:"call_number" json:"call_number"`
	Location   string `db:"location" json:"location"`
	Claim      string `db:"claim" json:"claim"` // returned or never_had; empty for a missing item
	Since      string `db:"since" json:"since"`
	Patron     string `db:"patron" json:"patron,omitempty"` // barcode of the one who claims: for the librarian's eyes
	Name       string `db:"name" json:"name,omitempty"`
}

const soughtRows = `SELECT i.barcode AS item, t.title, t.author, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number,
		COALESCE(l.name, '') AS location, COALESCE(o.claim, '') AS claim, COALESCE(p.barcode, '') AS patron,
		TRIM(COALESCE(p.first_name, '') || ' ' || COALESCE(p.last_name, '')) AS name,
		COALESCE(strftime('%Y-%m-%dT%H:%M:%SZ', CASE WHEN o.id IS NOT NULL THEN o.claimed_at
			ELSE (SELECT MAX(at) FROM circ_events f WHERE f.item = i.id AND f.kind = 'missing') END), '') AS since
	FROM items i JOIN titles t ON t.id = i.title LEFT JOIN locations l ON l.id = i.location
		LEFT JOIN loans o ON o.item = i.id AND o.state = 'open' AND o.claim != ''
		LEFT JOIN patrons p ON p.id = o.patron
	WHERE i.status = 'missing' OR o.id IS NOT NULL`

// SearchList lists what is to be looked for, in the order of call numbers.
func SearchList(app core.App) ([]Sought, error) {
	rows := []Sought{}
	err := app.DB().NewQuery(soughtRows).All(&rows)
	slices.SortStableFunc(rows, func(a, b Sought) int {
		return cmp.Or(cmp.Compare(callnumber.Key(a.CallNumber), callnumber.Key(b.CallNumber)), cmp.Compare(a.Item, b.Item))
	})
	return rows, err
}
