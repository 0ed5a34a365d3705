package policy

import "slices"

// The bounds of the values: ten years of days or as many things, and ten thousand dollars.
const (
	maxCount = 3650
	maxCents = 1_000_000
)

// numbers are the values with bounds, by their JSON name.
var numbers = []struct {
	name     string
	of       func(*Terms) *int
	min, max int
}{
	{"loan_days", func(t *Terms) *int { return t.LoanDays }, 0, maxCount},
	{"loan_limit", func(t *Terms) *int { return t.LoanLimit }, 0, maxCount},
	{"type_limit", func(t *Terms) *int { return t.TypeLimit }, 0, maxCount},
	{"title_limit", func(t *Terms) *int { return t.TitleLimit }, 0, maxCount},
	{"renewal_limit", func(t *Terms) *int { return t.RenewalLimit }, 0, maxCount},
	{"overdue_limit", func(t *Terms) *int { return t.OverdueLimit }, 0, maxCount},
	{"claim_limit", func(t *Terms) *int { return t.ClaimLimit }, 0, maxCount},
	{"hold_limit", func(t *Terms) *int { return t.HoldLimit }, 0, maxCount},
	{"pickup_days", func(t *Terms) *int { return t.PickupDays }, 1, maxCount},
	{"fee_per_day_cents", func(t *Terms) *int { return t.FeePerDay }, 0, maxCents},
	{"fee_grace_days", func(t *Terms) *int { return t.FeeGrace }, 0, maxCount},
	{"fee_cap_cents", func(t *Terms) *int { return t.FeeCap }, 0, maxCents},
	{"fee_limit_cents", func(t *Terms) *int { return t.FeeLimit }, 0, maxCents},
	{"lost_fee_cents", func(t *Terms) *int { return t.LostFee }, 0, maxCents},
	{"processing_fee_cents", func(t *Terms) *int { return t.ProcessingFee }, 0, maxCents},
}

// patronWide are the values that speak of the patron as a whole and cannot depend on the item asked for.
var patronWide = []string{"loan_limit", "overdue_limit", "fee_limit_cents", "claim_limit", "hold_limit"}

// Validate refuses a row whose terms are wrong in themselves or do not fit its scope: fault.Invalid at the JSON name of
// the value.
func (r Rule) Validate() error {
	if err := r.Terms.Validate(); err != nil {
		return err
	}
	if r.ItemType == "" {
		if r.Terms.TypeLimit != nil {
			return invalid("type_limit", "rule.needs_item_type", termName("type_limit"))
		}
		return nil
	}
	if name := r.Terms.firstSet(patronWide...); name != "" {
		return invalid(name, "rule.patron_wide", termName(name))
	}
	return nil
}

// Validate refuses the first row that is wrong, and two rows of one scope: fault.Invalid at "patron_type" then.
func (rules Rules) Validate() error {
	seen := map[[2]string]bool{}
	for _, rule := range rules {
		if err := rule.Validate(); err != nil {
			return err
		}
		scope := [2]string{rule.PatronType, rule.ItemType}
		if seen[scope] {
			return invalid("patron_type", "rule.twice", rule.Scope())
		}
		seen[scope] = true
	}
	return nil
}

// firstSet is the first of the named numbers that the terms set; empty when they set none.
func (t *Terms) firstSet(names ...string) string {
	for _, field := range numbers {
		if slices.Contains(names, field.name) && field.of(t) != nil {
			return field.name
		}
	}
	return ""
}

// contradiction refuses values that cannot stand side by side in one row.
func (t *Terms) contradiction() error {
	if t.ForLoan != nil && !*t.ForLoan {
		name := t.firstSet("loan_days", "renewal_limit", "type_limit", "title_limit")
		if t.DueMode != nil {
			name = "due_mode"
		}
		if name != "" {
			return invalid(name, "rule.not_for_loan", termName(name))
		}
	}
	if t.HoldAllowed != nil && !*t.HoldAllowed {
		if name := t.firstSet("hold_limit", "pickup_days"); name != "" {
			return invalid(name, "rule.no_holds", termName(name))
		}
	}
	if t.LoanDays != nil && *t.LoanDays == 0 && t.DueMode != nil && *t.DueMode != DueNextOpen {
		return invalid("loan_days", "rule.no_days")
	}
	return t.feeContradiction()
}

func (t *Terms) feeContradiction() error {
	if t.FeePerDay == nil {
		if name := t.firstSet("fee_cap_cents", "fee_grace_days"); name != "" {
			return invalid(name, "rule.no_fee", termName(name))
		}
		return nil
	}
	if t.FeeCap != nil && *t.FeeCap < *t.FeePerDay {
		return invalid("fee_cap_cents", "rule.low_cap", *t.FeeCap, *t.FeePerDay)
	}
	return nil
}
