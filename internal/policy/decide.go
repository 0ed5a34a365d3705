package policy

import "carrel/internal/say"

// Code names a refusal.
type Code string

// The refusals. Programs and screens know them by these words.
const (
	ItemOnLoan         Code = "item_on_loan"
	ItemOnLoanToPatron Code = "item_on_loan_to_patron"
	ItemNotForLoan     Code = "item_not_for_loan"
	ItemOnHold         Code = "item_on_hold"
	ItemWithdrawn      Code = "item_withdrawn"
	PatronBlocked      Code = "patron_blocked"
	PatronExpired      Code = "patron_expired"
	PatronOverdue      Code = "patron_overdue"
	PatronFees         Code = "patron_fees"
	LoanLimit          Code = "loan_limit"
	TypeLimit          Code = "type_limit"
	TitleLimit         Code = "title_limit"
	RenewalLimit       Code = "renewal_limit"
	Restricted         Code = "restricted"
	HoldNotAllowed     Code = "hold_not_allowed"
	HoldLimit          Code = "hold_limit"
	HoldExists         Code = "hold_exists"
	ClaimLimit         Code = "claim_limit"
)

// Refusal is one rule's no. Rule is the row that decided; the zero Rule when no row did.
type Refusal struct {
	Code Code
	Text say.Text
	Rule Rule
}

// Decision is the answer of the rules: a due date with its reason and the row that set it, and every refusal at once.
// Rule is the zero Rule when no row set the due date.
type Decision struct {
	Due      Day
	Why      say.Text
	Rule     Rule
	Refusals []Refusal
}

func (d *Decision) add(code Code, rule Rule, text say.Text) {
	d.Refusals = append(d.Refusals, Refusal{code, text, rule})
}

// refuse adds a no that no row decided.
func (d *Decision) refuse(code Code, args ...any) {
	d.add(code, Rule{}, say.T(sentence(code), args...))
}

// refuseBy adds a no of one row, and names the row.
func (d *Decision) refuseBy(rule Rule, code Code) {
	d.add(code, rule, say.T(sentence(code)+".rule", rule.Scope()))
}

// refuseAt adds a no of one row over n things, and names the row.
func (d *Decision) refuseAt(rule Rule, code Code, n int) {
	d.add(code, rule, say.Count(sentence(code), n, rule.Scope()))
}

func sentence(code Code) string { return "refusal." + string(code) }

// DecideCheckOut answers whether this patron may borrow this item today, and until when. The zero ItemView asks about
// the patron alone. The error is ErrNeverOpen: a calendar that cannot give a due date.
func DecideCheckOut(rules Rules, calendar Calendar, patron PatronView, item ItemView, today Day) (Decision, error) {
	var decision Decision
	rows := rules.matching(patron.Type, item.Type)
	decision.refuseItem(rows, patron, item)
	decision.refuseCard(patron, today)
	decision.refuseFees(rows, patron)
	decision.refuseOverdue(rows, calendar, patron, today)
	decision.refuseLimits(rows, patron, item)
	if restricted(patron.Restrictions, item) {
		decision.refuse(Restricted)
	}
	return decision, decision.setDue(rows, calendar.For(patron.Grade), patron.Library, today)
}

// DecideRenewal answers whether a loan already renewed so many times may be renewed today. The family's restrictions
// are not asked again: they were when it was lent. The error is ErrNeverOpen.
func DecideRenewal(rules Rules, calendar Calendar, patron PatronView, item ItemView, renewals int, today Day) (Decision, error) {
	var decision Decision
	rows := rules.matching(patron.Type, item.Type)
	if item.Waiting > item.Free {
		decision.refuse(ItemOnHold)
	}
	decision.refuseCard(patron, today)
	if limit, rule := pick(rows, func(t *Terms) *int { return t.RenewalLimit }); limit != nil && renewals >= *limit {
		decision.refuseAt(rule, RenewalLimit, *limit)
	}
	return decision, decision.setDue(rows, calendar.For(patron.Grade), patron.Library, today)
}

// DecideClaim answers whether a claim (returned, or never had) may be taken without a talk first. The decision has no
// due date.
func DecideClaim(rules Rules, patron PatronView) Decision {
	var decision Decision
	limit, rule := pick(rules.matching(patron.Type, ""), func(t *Terms) *int { return t.ClaimLimit })
	if limit != nil && patron.Claims >= *limit {
		decision.refuseAt(rule, ClaimLimit, patron.Claims)
	}
	return decision
}

// Left is how many more loans the patron may have in all; ok is false when there is no limit.
func Left(rules Rules, patronType string, open []OpenLoan) (left int, ok bool) {
	limit, _ := pick(rules.matching(patronType, ""), func(t *Terms) *int { return t.LoanLimit })
	if limit == nil {
		return 0, false
	}
	return max(0, *limit-count(open, anyLoan)), true
}

func (d *Decision) refuseItem(rows matched, patron PatronView, item ItemView) {
	if item.Withdrawn {
		d.refuse(ItemWithdrawn)
	}
	if forLoan, rule := rows.forLoan(); item.NotForLoan {
		d.refuse(ItemNotForLoan)
	} else if !forLoan {
		d.refuseBy(rule, ItemNotForLoan)
	}
	if item.OnLoan && item.LoanedTo == patron.ID {
		d.refuse(ItemOnLoanToPatron)
	} else if item.OnLoan {
		d.refuse(ItemOnLoan)
	}
	if item.wantedBefore(patron.ID) {
		d.refuse(ItemOnHold)
	}
}

func (rows matched) forLoan() (bool, Rule) {
	return pickOr(rows, func(t *Terms) *bool { return t.ForLoan }, true)
}

func (d *Decision) refuseCard(patron PatronView, today Day) {
	if patron.Block != "" {
		d.refuse(PatronBlocked, patron.Block)
	}
	if !patron.Active || patron.Expires != 0 && patron.Expires < today {
		d.refuse(PatronExpired)
	}
}

// refuseFees never says the amount: the sentence may be read aloud at the desk.
func (d *Decision) refuseFees(rows matched, patron PatronView) {
	limit, rule := pick(rows.wholePatron(), func(t *Terms) *int { return t.FeeLimit })
	if limit != nil && *limit > 0 && patron.Owed >= *limit {
		d.add(PatronFees, rule, say.T(sentence(PatronFees)))
	}
}

func (d *Decision) refuseOverdue(rows matched, calendar Calendar, patron PatronView, today Day) {
	limit, rule := pick(rows.wholePatron(), func(t *Terms) *int { return t.OverdueLimit })
	if limit == nil || *limit == 0 {
		return
	}
	late := count(patron.Open, func(loan OpenLoan) bool { return calendar.Overdue(loan.Due, today) })
	if late >= *limit {
		d.refuseAt(rule, PatronOverdue, late)
	}
}

func (d *Decision) refuseLimits(rows matched, patron PatronView, item ItemView) {
	sameType := func(loan OpenLoan) bool { return loan.ItemType == item.Type }
	sameTitle := func(loan OpenLoan) bool { return loan.Title == item.Title }
	d.refuseFull(rows.wholePatron(), LoanLimit, func(t *Terms) *int { return t.LoanLimit }, patron.Open, anyLoan)
	d.refuseFull(rows, TypeLimit, func(t *Terms) *int { return t.TypeLimit }, patron.Open, sameType)
	d.refuseFull(rows, TitleLimit, func(t *Terms) *int { return t.TitleLimit }, patron.Open, sameTitle)
}

func (d *Decision) refuseFull(rows matched, code Code, value func(*Terms) *int, open []OpenLoan, counts func(OpenLoan) bool) {
	if limit, rule := pick(rows, value); limit != nil && count(open, counts) >= *limit {
		d.refuseAt(rule, code, *limit)
	}
}
