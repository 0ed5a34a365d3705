package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Hold is a patron's place in the queue for a title, or for one item of it: state derived from the facts, never written but by package desk.
type Hold struct {
	ID         string         `db:"id"`
	Patron     string         `db:"patron"`
	Title      string         `db:"title"`
	Wanted     string         `db:"wanted"` // one item only; empty for any item of the title
	Caught     string         `db:"caught"` // the item kept for the patron
	State      string         `db:"state"`
	Rank       float64        `db:"rank"` // place in the queue; a fraction stands between two others
	PlacedAt   types.DateTime `db:"placed_at"`
	ReadyAt    types.DateTime `db:"ready_at"`
	PickupBy   policy.Day     `db:"pickup_by"`
	EndedAt    types.DateTime `db:"ended_at"`
	PatronType string         `db:"patron_type"` // as they were when it was placed
	Grade      string         `db:"grade"`
	Homeroom   string         `db:"homeroom"`
}

func (Hold) Collection() string { return Holds }

// The states of a hold.
const (
	HoldWaiting   = "waiting"
	HoldReady     = "ready" // an item lies on the hold shelf
	HoldFilled    = "filled"
	HoldCancelled = "cancelled"
	HoldExpired   = "expired"
	HoldUndone    = "undone"
)
