package policy

import "carrel/internal/say"

// Terms are the values one rule row may set. A value left out is decided by a less specific row; a limit that no row
// sets is no limit. Money is in cents.
type Terms struct {
	ForLoan       *bool   `json:"for_loan,omitempty"`
	LoanDays      *int    `json:"loan_days,omitempty"`
	DueMode       *string `json:"due_mode,omitempty"`             // one of the Due constants
	LoanLimit     *int    `json:"loan_limit,omitempty"`           // open loans of the patron in all
	TypeLimit     *int    `json:"type_limit,omitempty"`           // open loans of this item type
	TitleLimit    *int    `json:"title_limit,omitempty"`          // open loans of one title
	RenewalLimit  *int    `json:"renewal_limit,omitempty"`        // renewals of one loan
	OverdueLimit  *int    `json:"overdue_limit,omitempty"`        // overdue loans at which lending stops; 0 never
	ClaimLimit    *int    `json:"claim_limit,omitempty"`          // claims of one patron at which the librarian is asked
	HoldAllowed   *bool   `json:"hold_allowed,omitempty"`         // allowed unless a row says no
	HoldLimit     *int    `json:"hold_limit,omitempty"`           // holds of the patron in all
	PickupDays    *int    `json:"pickup_days,omitempty"`          // open days on the hold shelf
	FeePerDay     *int    `json:"fee_per_day_cents,omitempty"`    // for each open day late
	FeeGrace      *int    `json:"fee_grace_days,omitempty"`       // open days late that are never charged
	FeeCap        *int    `json:"fee_cap_cents,omitempty"`        // the most one loan can cost for being late
	FeeLimit      *int    `json:"fee_limit_cents,omitempty"`      // owed at which lending stops; 0 never
	LostFee       *int    `json:"lost_fee_cents,omitempty"`       // of a lost item without a price
	ProcessingFee *int    `json:"processing_fee_cents,omitempty"` // on top of a lost item's price
}

// How a due date is found.
const (
	DueNextOpen   = "next_open"   // count every day; a due date on a closed day moves to the next open one
	DueSkipClosed = "skip_closed" // count open days only
	DueLibraryDay = "library_day" // the homeroom's first library day on or after so many days; without one as DueNextOpen
)

// Rule is one row of the matrix. An empty scope is a wildcard. The names are for sentences only.
type Rule struct {
	ID         string
	PatronType string
	ItemType   string
	PatronName string
	ItemName   string
	Terms      Terms
}

// Rules is the whole matrix.
type Rules []Rule

// What decides when no row does.
const (
	defaultLoanDays   = 21
	defaultDueMode    = DueNextOpen
	defaultPickupDays = 5
)

// Scope says whose rule it is: "rule for Teacher with Laptop".
func (r Rule) Scope() say.Text {
	switch {
	case r.PatronType == "" && r.ItemType == "":
		return say.T("why.scope.site")
	case r.ItemType == "":
		return named("why.scope.patron", r.PatronName)
	case r.PatronType == "":
		return named("why.scope.item", r.ItemName)
	case r.PatronName == "" || r.ItemName == "":
		return say.T("why.scope.both")
	}
	return say.T("why.scope.both_named", r.PatronName, r.ItemName)
}

func named(key, name string) say.Text {
	if name == "" {
		return say.T(key)
	}
	return say.T(key+"_named", name)
}
