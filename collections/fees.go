package collections

import "github.com/pocketbase/pocketbase/tools/types"

// Fee is one charge and what became of it, in cents of the site's currency: state derived from the facts, which are the ledger.
type Fee struct {
	ID         string         `db:"id"`
	Patron     string         `db:"patron"`
	Item       string         `db:"item"`
	Loan       string         `db:"loan"`
	State      string         `db:"state"`
	Reason     string         `db:"reason"`
	Note       string         `db:"note"`
	Cents      int            `db:"cents"`
	Paid       int            `db:"paid"`
	Waived     int            `db:"waived"`
	Refunded   int            `db:"refunded"` // of what was paid
	At         types.DateTime `db:"at"`
	SettledAt  types.DateTime `db:"settled_at"`
	PatronType string         `db:"patron_type"`
	Grade      string         `db:"grade"`
	Homeroom   string         `db:"homeroom"`
}

func (Fee) Collection() string { return Fees }

// Owed is what is still to be paid, in cents.
func (f Fee) Owed() int { return f.Cents - f.Paid - f.Waived }

// The states of a charge.
const (
	FeeOpen    = "open"
	FeeSettled = "settled" // nothing is owed any more
	FeeUndone  = "undone"
)

// The reasons of a charge.
const (
	FeeLate    = "late"
	FeeLost    = "lost"
	FeeDamaged = "damaged"
	FeePieces  = "pieces"
	FeeOther   = "other"
)
