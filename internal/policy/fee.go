package policy

import "carrel/internal/say"

// Fee is what a rule charges. The zero Fee charges nothing.
type Fee struct {
	Cents int
	Why   say.Text
	Rule  Rule
}

// LateFee is the fee for a loan due on due and returned on returned: the open days late beyond the grace, times the fee
// per day, at most the cap and, when price (cents) is known, the price.
func LateFee(rules Rules, calendar Calendar, patronType, itemType string, due, returned Day, price int) Fee {
	rows := rules.matching(patronType, itemType)
	perDay, rule := pickOr(rows, func(t *Terms) *int { return t.FeePerDay }, 0)
	if perDay == 0 || due == 0 {
		return Fee{}
	}
	grace, _ := pickOr(rows, func(t *Terms) *int { return t.FeeGrace }, 0)
	days := calendar.OpenDaysBetween(due, returned) - grace
	if days <= 0 {
		return Fee{}
	}
	// Bounded before it is multiplied: an int has 32 bits on the older boards.
	fee := Fee{min(days, maxCents/perDay) * perDay, say.Count("why.fee_late", days, perDay, rule.Scope()), rule}
	if most, by := pickOr(rows, func(t *Terms) *int { return t.FeeCap }, maxCents); fee.Cents > most {
		fee = Fee{most, say.T("why.fee_cap", by.Scope()), by}
	}
	if price > 0 && fee.Cents > price {
		fee.Cents, fee.Why = price, say.T("why.fee_price")
	}
	return fee.orNone()
}

// LossFee is the fee for a lost item: its price in cents, or the rule's when it has none, and the processing fee. Rule
// is the row of the processing fee, else of the amount; the zero Rule when the item's own price is all.
func LossFee(rules Rules, patronType, itemType string, price int) Fee {
	rows := rules.matching(patronType, itemType)
	fee := Fee{Cents: price, Why: say.T("why.fee_lost_price")}
	if price <= 0 {
		lost, rule := pickOr(rows, func(t *Terms) *int { return t.LostFee }, 0)
		fee = Fee{lost, say.T("why.fee_lost", rule.Scope()), rule}
	}
	processing, rule := pickOr(rows, func(t *Terms) *int { return t.ProcessingFee }, 0)
	if processing == 0 {
		return fee.orNone()
	}
	if fee.Cents == 0 {
		return Fee{processing, say.T("why.fee_processing", rule.Scope()), rule}
	}
	return Fee{fee.Cents + processing, say.T("why.fee_and_processing", fee.Why, rule.Scope()), rule}
}

// orNone gives no reason for charging nothing.
func (f Fee) orNone() Fee {
	if f.Cents == 0 {
		return Fee{}
	}
	return f
}
