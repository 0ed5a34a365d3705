package today

import (
	"math"

	"carrel/collections"
	"carrel/internal/budget"
	"carrel/internal/money"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// Budget is the money of the fiscal year, for those who may see it.
type Budget struct {
	Left     int     `json:"left"` // cents
	Currency string  `json:"currency"`
	Share    float64 `json:"share"` // left, of what was given
	Year     float64 `json:"year"`  // of the year that is to come
}

// budget is nil for who may not see it, and before money was given.
func (l look) budget() (*Budget, error) {
	if !l.asker.Head {
		return nil, nil
	}
	view, err := budget.Overview(l.app, l.asker.Now, "")
	if err != nil || view.Year == "" || view.Spending.Given == 0 {
		return nil, err
	}
	found := Budget{Left: view.Free, Currency: view.Currency, Share: rounded(float64(view.Free) / float64(view.Spending.Given))}
	for _, year := range view.Years {
		if year.ID == view.Year && year.Ends >= year.Starts {
			left := float64(year.Ends-l.on+1) / float64(year.Ends-year.Starts+1)
			found.Year = rounded(math.Max(0, math.Min(1, left)))
		}
	}
	return &found, nil
}

func rounded(share float64) float64 { return math.Round(100*share) / 100 }

// money are the warnings of the budget, and the wishes of teachers that nobody has answered.
func (l look) money(Today) (needs []Need, err error) {
	warnings, err := budget.Warnings(l.app, l.asker.Now)
	if err != nil {
		return nil, err
	}
	for _, warning := range warnings {
		need := Need{"kind": warning.Kind, "days": warning.Days, "message": warning.Text.In(l.asker.Lang)}
		if err := l.nameMoney(need, warning); err != nil {
			return nil, err
		}
		needs = append(needs, need)
	}
	var wishes int
	err = l.app.DB().NewQuery("SELECT COUNT(*) FROM budget_requests WHERE state = 'asked'").Row(&wishes)
	if err == nil && wishes > 0 {
		needs = append(needs, Need{"kind": "wishes", "n": wishes})
	}
	return needs, err
}

// nameMoney says which fund or order a warning is about.
func (l look) nameMoney(need Need, warning budget.Warning) error {
	if warning.Order == "" {
		fund, _, err := collections.Find[collections.Fund](l.app, "id = {:id}", dbx.Params{"id": warning.Fund})
		need["id"], need["name"] = fund.ID, fund.Name
		return err
	}
	var number, vendor string
	err := l.app.DB().NewQuery("SELECT o.number, v.name FROM budget_orders o JOIN budget_vendors v ON v.id = o.vendor WHERE o.id = {:id}").
		Bind(dbx.Params{"id": warning.Order}).Row(&number, &vendor)
	need["id"], need["name"] = warning.Order, number
	need["message"] = say.T("budget.order_held", vendor, money.Amount{Cents: warning.Cents, Currency: l.house.Fees.Currency}).In(l.asker.Lang)
	return err
}
