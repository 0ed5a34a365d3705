package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// LoanRule is one row of the rule matrix; an empty scope cell is a wildcard. Terms is a policy.Terms as JSON.
type LoanRule struct {
	ID         string        `db:"id"`
	PatronType string        `db:"patron_type"`
	ItemType   string        `db:"item_type"`
	Terms      types.JSONRaw `db:"terms"`
}

func (LoanRule) Collection() string { return LoanRules }

// CalendarEntry is one line of the calendar: the week's open days, closed or open days, the end of a term, or a cycle of days.
type CalendarEntry struct {
	ID       string     `db:"id"`
	Kind     string     `db:"kind"`
	Day      policy.Day `db:"day"`      // the first day; of a term, its end
	Until    policy.Day `db:"until"`    // the last day, when there are several
	Starts   policy.Day `db:"starts"`   // of a term: its first day, when known
	Weekdays string     `db:"weekdays"` // ISO numbers of the open days, "12345"
	Labels   string     `db:"labels"`   // of a cycle: the names of its days, "A, B"
	Label    string     `db:"label"`
	Grade    string     `db:"grade"`  // of a term: the one grade whose books come back then; empty for everybody
	Source   string     `db:"source"` // of an imported entry: its identity in the calendar it came from
}

func (CalendarEntry) Collection() string { return Calendar }

// The kinds of calendar entry.
const (
	CalendarWeek        = "week"
	CalendarClosed      = "closed"
	CalendarOpen        = "open"
	CalendarTermCeiling = "term_ceiling"
	CalendarTermForced  = "term_forced"
	CalendarCycle       = "cycle"
)
