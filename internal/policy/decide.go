package policy

import "carrel/internal/say"

// PatronView is what the rules need to know of a patron.
type PatronView struct {
	ID        string
	Type      string
	Active    bool // not left
	Expires   Day  // the last day of borrowing; 0 for none
	Block     string
	OpenLoans int
	OfType    int   // open loans of the asked item's type
	Dues      []Day // due dates of the open loans
}

// ItemView is what the rules need to know of an item.
type ItemView struct {
	Type       string
	Withdrawn  bool
	NotForLoan bool
	LoanedTo   string // id of the patron who has it; empty when it is in
	OnLoan     bool
}

// Code names a refusal.
type Code string

// The refusals. Programs and screens know them by these words.
const (
	ItemOnLoan         Code = "item_on_loan"
	ItemOnLoanToPatron Code = "item_on_loan_to_patron"
	ItemNotForLoan     Code = "item_not_for_loan"
	ItemWithdrawn      Code = "item_withdrawn"
	PatronBlocked      Code = "patron_blocked"
	PatronExpired      Code = "patron_expired"
	PatronOverdue      Code = "patron_overdue"
	LoanLimit          Code = "loan_limit"
	TypeLimit          Code = "type_limit"
	RenewalLimit       Code = "renewal_limit"
)

// Refusal is one rule's no.
type Refusal struct {
	Code Code
	Text say.Text
}

// Decision is the answer of the rules: a due date with its reason, and every refusal at once.
type Decision struct {
	Due      Day
	Why      say.Text
	Refusals []Refusal
}

func (d *Decision) refuse(code Code, args ...any) {
	d.Refusals = append(d.Refusals, Refusal{code, say.T("refusal."+string(code), args...)})
}

// DecideCheckOut answers whether this patron may borrow this item today, and until when.
// The error is ErrNeverOpen: a calendar that cannot give a due date.
func DecideCheckOut(rules Rules, calendar Calendar, patron PatronView, item ItemView, today Day) (Decision, error) {
	var decision Decision
	decision.refuseItem(rules, patron, item)
	decision.refusePatron(rules, calendar, patron, item, today)
	return decision, decision.setDue(rules, calendar, patron.Type, item.Type, today)
}

// DecideRenewal answers whether a loan already renewed so many times may be renewed today.
func DecideRenewal(rules Rules, calendar Calendar, patron PatronView, item ItemView, renewals int, today Day) (Decision, error) {
	var decision Decision
	if patron.Block != "" {
		decision.refuse(PatronBlocked, patron.Block)
	}
	if !patron.Active || patron.Expires != 0 && patron.Expires < today {
		decision.refuse(PatronExpired)
	}
	limit, _ := pick(rules, patron.Type, item.Type, func(t Terms) *int { return t.RenewalLimit })
	if limit != nil && renewals >= *limit {
		decision.refuse(RenewalLimit, *limit)
	}
	return decision, decision.setDue(rules, calendar, patron.Type, item.Type, today)
}

func (d *Decision) refuseItem(rules Rules, patron PatronView, item ItemView) {
	if item.Withdrawn {
		d.refuse(ItemWithdrawn)
	}
	forLoan, _ := pick(rules, patron.Type, item.Type, func(t Terms) *bool { return t.ForLoan })
	if item.NotForLoan || forLoan != nil && !*forLoan {
		d.refuse(ItemNotForLoan)
	}
	if !item.OnLoan {
		return
	}
	if item.LoanedTo == patron.ID {
		d.refuse(ItemOnLoanToPatron)
	} else {
		d.refuse(ItemOnLoan)
	}
}

func (d *Decision) refusePatron(rules Rules, calendar Calendar, patron PatronView, item ItemView, today Day) {
	if patron.Block != "" {
		d.refuse(PatronBlocked, patron.Block)
	}
	if !patron.Active || patron.Expires != 0 && patron.Expires < today {
		d.refuse(PatronExpired)
	}
	limit, _ := pick(rules, patron.Type, item.Type, func(t Terms) *int { return t.OverdueLimit })
	if late := OverdueCount(calendar, patron.Dues, today); limit != nil && *limit > 0 && late >= *limit {
		d.refuse(PatronOverdue, late)
	}
	limit, _ = pick(rules, patron.Type, item.Type, func(t Terms) *int { return t.LoanLimit })
	if limit != nil && patron.OpenLoans >= *limit {
		d.refuse(LoanLimit, *limit)
	}
	limit, _ = pick(rules, patron.Type, item.Type, func(t Terms) *int { return t.TypeLimit })
	if limit != nil && patron.OfType >= *limit {
		d.refuse(TypeLimit, *limit)
	}
}

// OverdueCount counts the due dates that are overdue on today.
func OverdueCount(calendar Calendar, dues []Day, today Day) int {
	late := 0
	for _, due := range dues {
		if calendar.Overdue(due, today) {
			late++
		}
	}
	return late
}

// Left is how many more loans the patron may have in all; ok is false when there is no limit.
func Left(rules Rules, patronType string, openLoans int) (left int, ok bool) {
	limit, _ := pick(rules, patronType, "", func(t Terms) *int { return t.LoanLimit })
	if limit == nil {
		return 0, false
	}
	return max(0, *limit-openLoans), true
}

func (d *Decision) setDue(rules Rules, calendar Calendar, patronType, itemType string, today Day) (err error) {
	days, rule := defaultLoanDays, Rule{}
	if set, from := pick(rules, patronType, itemType, func(t Terms) *int { return t.LoanDays }); set != nil {
		days, rule = *set, from
	}
	mode := defaultDueMode
	if set, _ := pick(rules, patronType, itemType, func(t Terms) *string { return t.DueMode }); set != nil {
		mode = *set
	}
	if mode == DueSkipClosed {
		d.Due, err = calendar.afterOpenDays(today, days)
	} else {
		d.Due, err = calendar.NextOpen(today.Add(days))
	}
	if err != nil {
		return err
	}
	d.Why = whyDue(rule, mode, days, d.Due == today.Add(days), d.Due)
	d.applyTerm(calendar, today)
	return nil
}

// applyTerm moves the due date to the end of the term: always when forced, only when it would be later for a ceiling.
// A term end on a closed day counts as the last open day before it.
func (d *Decision) applyTerm(calendar Calendar, today Day) {
	term, ok := calendar.termFrom(today + 1)
	if !ok || !term.Forced && d.Due <= term.Day {
		return
	}
	end := calendar.previousOpen(term.Day, today)
	if end == 0 || end == d.Due {
		return
	}
	d.Due, d.Why = end, say.T("why.term", end)
}

func whyDue(rule Rule, mode string, days int, exact bool, due Day) say.Text {
	scope := say.T("why.scope." + rule.scope())
	if mode == DueSkipClosed {
		return say.Count("why.open_days", days, scope, due)
	}
	if exact {
		return say.Count("why.days", days, scope, due)
	}
	return say.Count("why.days_moved", days, scope, due)
}

func (r Rule) scope() string {
	switch {
	case r.PatronType != "" && r.ItemType != "":
		return "both"
	case r.ItemType != "":
		return "item"
	case r.PatronType != "":
		return "patron"
	}
	return "site"
}
