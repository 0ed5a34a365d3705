package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Terms are the values one rule row may set. A value left out is decided by a less specific row; a limit that no row sets is no limit.
type Terms struct {
	ForLoan      *bool   `json:"for_loan,omitempty"`
	LoanDays     *int    `json:"loan_days,omitempty"`
	DueMode      *string `json:"due_mode,omitempty"`      // what closed days do: DueNextOpen or DueSkipClosed
	LoanLimit    *int    `json:"loan_limit,omitempty"`    // open loans of the patron in all
	TypeLimit    *int    `json:"type_limit,omitempty"`    // open loans of this item type
	RenewalLimit *int    `json:"renewal_limit,omitempty"` // renewals of one loan
	OverdueLimit *int    `json:"overdue_limit,omitempty"` // overdue loans at which lending stops
}

// How closed days count.
const (
	DueNextOpen   = "next_open"   // count every day; a due date on a closed day moves to the next open one
	DueSkipClosed = "skip_closed" // count open days only
)

// Rule is one row of the matrix. An empty scope is a wildcard.
type Rule struct {
	ID         string
	PatronType string
	ItemType   string
	Terms      Terms
}

// Specificity orders rows for one value: patron and item type, then item type, then patron type, then the site.
func (r Rule) specificity() int {
	score := 0
	if r.ItemType != "" {
		score += 2
	}
	if r.PatronType != "" {
		score++
	}
	return score
}

func (r Rule) matches(patronType, itemType string) bool {
	return (r.PatronType == "" || r.PatronType == patronType) && (r.ItemType == "" || r.ItemType == itemType)
}

// Rules is the whole matrix.
type Rules []Rule

// defaultLoanDays and defaultDueMode decide when no row does.
const (
	defaultLoanDays = 21
	defaultDueMode  = DueNextOpen
)

// pick is the value of the most specific row that sets it, with that row.
func pick[V any](rules Rules, patronType, itemType string, value func(Terms) *V) (*V, Rule) {
	var best *V
	var from Rule
	for _, rule := range rules {
		found := value(rule.Terms)
		if found == nil || !rule.matches(patronType, itemType) {
			continue
		}
		if best == nil || rule.specificity() > from.specificity() {
			best, from = found, rule
		}
	}
	return best, from
}

// ParseTerms reads stored terms strictly: an unknown name or a negative number is an error that names it.
func ParseTerms(data []byte) (Terms, error) {
	var terms Terms
	if len(bytes.TrimSpace(data)) == 0 || bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return terms, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&terms); err != nil {
		return Terms{}, err
	}
	return terms, terms.Validate()
}

// Validate refuses terms that contradict themselves.
func (t Terms) Validate() error {
	for name, value := range map[string]*int{
		"loan_days": t.LoanDays, "loan_limit": t.LoanLimit, "type_limit": t.TypeLimit,
		"renewal_limit": t.RenewalLimit, "overdue_limit": t.OverdueLimit,
	} {
		if value != nil && (*value < 0 || *value > 3650) {
			return fmt.Errorf("%s is %d; it must lie between 0 and 3650", name, *value)
		}
	}
	if t.DueMode != nil && *t.DueMode != DueNextOpen && *t.DueMode != DueSkipClosed {
		return fmt.Errorf("due_mode is %q; it must be %q or %q", *t.DueMode, DueNextOpen, DueSkipClosed)
	}
	return nil
}
