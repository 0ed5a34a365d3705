package budget

import (
	"time"

	"carrel/collections"
	"carrel/internal/money"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// Warning is something about money that somebody should look at.
type Warning struct {
	Kind  string   // fund_below, grant_ends, report_due or order_late
	Fund  string   // id
	Order string   // id
	Cents int      // below zero, or left
	Days  int      // left until then, negative when it has passed; of a late order how long it has been open
	Text  say.Text // the sentence
}

// soon is how many days before a deadline somebody is told.
const soon = 30

// Warnings are what somebody should look at today: funds below zero, money of a grant that must be spent within 30 days, reports due within 30 days or not long
// ago, and orders that have been open for 45 days, or longer than the vendor said. Closed years say nothing.
func Warnings(app core.App, now time.Time) ([]Warning, error) {
	s, err := look(app, now)
	if err != nil {
		return nil, err
	}
	_, house, err := today(app, now)
	if err != nil {
		return nil, err
	}
	funds, err := collections.All[collections.Fund](app, "year IN (SELECT id FROM budget_years WHERE closed_at = '')", "position, name, id", nil)
	if err != nil {
		return nil, err
	}
	warnings := []Warning{}
	for _, fund := range funds {
		warnings = append(warnings, fundWarnings(fund, s.today, house.Fees.Currency)...)
	}
	late, err := lateOrders(app, s)
	return append(warnings, late...), err
}

func fundWarnings(fund collections.Fund, day policy.Day, currency string) (warnings []Warning) {
	left := fund.Balance().Available()
	if left < 0 {
		warnings = append(warnings, Warning{
			Kind: "fund_below", Fund: fund.ID, Cents: left, Text: say.T("budget.warning.fund_below", fund.Name, money.Amount{Cents: -left, Currency: currency}),
		})
	}
	if days := int(fund.SpendBy - day); fund.SpendBy != 0 && left > 0 && days >= 0 && days <= soon {
		warnings = append(warnings, Warning{
			Kind: "grant_ends", Fund: fund.ID, Cents: left, Days: days,
			Text: say.T("budget.warning.grant_ends", fund.Name, money.Amount{Cents: left, Currency: currency}, fund.SpendBy),
		})
	}
	if days := int(fund.ReportBy - day); fund.ReportBy != 0 && days >= -soon && days <= soon {
		warnings = append(warnings, Warning{Kind: "report_due", Fund: fund.ID, Days: days, Text: say.T("budget.warning.report_due", fund.Name, fund.ReportBy)})
	}
	return warnings
}

func lateOrders(app core.App, s sight) (warnings []Warning, err error) {
	var rows []orderRow
	if err := app.DB().NewQuery(orderColumns + " WHERE o.state IN ('sent', 'partly_received') GROUP BY o.id ORDER BY o.sent_at, o.number").All(&rows); err != nil {
		return nil, err
	}
	for _, row := range rows {
		view := s.order(row)
		if !view.Late {
			continue
		}
		warnings = append(warnings, Warning{
			Kind: "order_late", Order: view.ID, Cents: view.Encumbered, Days: view.Age, Text: say.T("budget.warning.order_late", view.Number, view.Vendor.Name, view.Age),
		})
	}
	return warnings, nil
}
