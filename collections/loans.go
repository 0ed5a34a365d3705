package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Loan is one item with one patron, from check-out to return: state derived from the facts, never written but by package desk.
type Loan struct {
	ID         string         `db:"id"`
	Item       string         `db:"item"`
	Patron     string         `db:"patron"`
	State      string         `db:"state"`
	PatronType string         `db:"patron_type"` // as they were at check-out: counts survive graduation
	Grade      string         `db:"grade"`
	Homeroom   string         `db:"homeroom"`
	OutAt      types.DateTime `db:"out_at"`
	Due        policy.Day     `db:"due"`
	ReturnedAt types.DateTime `db:"returned_at"`
	Renewals   int            `db:"renewals"`
}

func (Loan) Collection() string { return Loans }

// The states of a loan.
const (
	LoanOpen     = "open"
	LoanReturned = "returned"
	LoanUndone   = "undone"
)

// Fact is one act of circulation: append-only, corrected only by a later fact.
type Fact struct {
	ID         string         `db:"id"`
	Key        string         `db:"key"` // the caller's key: the same act twice is one fact
	Kind       string         `db:"kind"`
	Item       string         `db:"item"`
	Patron     string         `db:"patron"`
	Loan       string         `db:"loan"`
	Reverses   string         `db:"reverses"` // the fact an undo reverses
	PatronType string         `db:"patron_type"`
	Grade      string         `db:"grade"`
	Homeroom   string         `db:"homeroom"`
	At         types.DateTime `db:"at"`          // when it happened
	RecordedAt types.DateTime `db:"recorded_at"` // when we learned of it
	Door       string         `db:"door"`
	Actor      string         `db:"actor"` // id of the staff member or kiosk
	Data       types.JSONRaw  `db:"data"`
	Seq        int            `db:"seq"` // order of recording at this site
}

func (Fact) Collection() string { return CircEvents }

// The kinds of fact.
const (
	FactCheckOut = "check_out"
	FactReturn   = "return"
	FactRenew    = "renew"
	FactSeen     = "seen" // an item scanned that was not out
	FactUndo     = "undo"
)

// LoanRule is one row of the rule matrix; an empty scope cell is a wildcard. Terms is a policy.Terms as JSON.
type LoanRule struct {
	ID         string        `db:"id"`
	PatronType string        `db:"patron_type"`
	ItemType   string        `db:"item_type"`
	Terms      types.JSONRaw `db:"terms"`
}

func (LoanRule) Collection() string { return LoanRules }

// CalendarEntry is one line of the calendar: the week's open days, a closed or open day, or the end of a term.
type CalendarEntry struct {
	ID       string     `db:"id"`
	Kind     string     `db:"kind"`
	Day      policy.Day `db:"day"`
	Until    policy.Day `db:"until"`
	Weekdays string     `db:"weekdays"` // ISO numbers of the open days, "12345"
	Label    string     `db:"label"`
}

func (CalendarEntry) Collection() string { return Calendar }
