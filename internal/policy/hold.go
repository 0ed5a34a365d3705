package policy

import "slices"

// DecideHold answers whether this patron may wait for this title today. That an item is on the shelf, or on loan to
// others, is no reason against it. The decision has no due date.
func DecideHold(rules Rules, patron PatronView, item ItemView, today Day) Decision {
	var decision Decision
	rows := rules.matching(patron.Type, item.Type)
	if item.Withdrawn {
		decision.refuse(ItemWithdrawn)
	}
	decision.refuseHold(rows, item)
	if count(patron.Open, func(loan OpenLoan) bool { return loan.Title == item.Title }) > 0 {
		decision.refuse(ItemOnLoanToPatron)
	}
	if slices.Contains(patron.Holds, item.Title) {
		decision.refuse(HoldExists)
	}
	decision.refuseCard(patron, today)
	decision.refuseFees(rows, patron)
	limit, rule := pick(rows.wholePatron(), func(t *Terms) *int { return t.HoldLimit })
	if limit != nil && len(patron.Holds) >= *limit {
		decision.refuseAt(rule, HoldLimit, *limit)
	}
	if restricted(patron.Restrictions, item) {
		decision.refuse(Restricted)
	}
	return decision
}

// refuseHold refuses what no hold can be placed on, which includes what is never lent: such a hold would wait for ever.
func (d *Decision) refuseHold(rows matched, item ItemView) {
	if item.NotForLoan {
		d.refuse(HoldNotAllowed)
		return
	}
	allowed, rule := rows.forLoan()
	if allowed {
		allowed, rule = pickOr(rows, func(t *Terms) *bool { return t.HoldAllowed }, true)
	}
	if !allowed {
		d.refuseBy(rule, HoldNotAllowed)
	}
}

// PickupBy is the last day on which an item put on the hold shelf today waits there: so many open days after today.
// The error is ErrNeverOpen.
func PickupBy(rules Rules, calendar Calendar, patronType, itemType string, today Day) (Day, error) {
	days, _ := pickOr(rules.matching(patronType, itemType), func(t *Terms) *int { return t.PickupDays }, defaultPickupDays)
	return calendar.afterOpenDays(today, days)
}
