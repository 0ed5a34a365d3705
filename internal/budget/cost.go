package budget

import (
	"cmp"
	"context"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/fault"
	"carrel/internal/money"
	"carrel/internal/policy"
	"carrel/internal/use"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// What the cost of copies is told by.
const (
	ByFund  = "fund"
	ByClass = "class"
	ByYear  = "year"
)

// Cost is what copies cost, and how often they were lent.
type Cost struct {
	Rows  []CostRow  `json:"rows"`
	Total CostRow    `json:"total"`
	Since policy.Day `json:"since"` // the first day whose loans are counted; empty for none
}

// CostRow is a group of copies.
type CostRow struct {
	Name    string `json:"name"` // a fund, "FIC", "500", the name of a fiscal year or the number of another; empty for copies of which it is not known
	Items   int    `json:"items"`
	Cents   int    `json:"cents"`
	Loans   int    `json:"loans"`
	PerLoan *int   `json:"per_loan"` // cents; null as long as none of them was lent
}

func (r *CostRow) add(cents, loans int) {
	r.Items++
	r.Cents += cents
	r.Loans += loans
}

// share says what each loan cost, rounded to the nearest cent.
func (r *CostRow) share() { r.PerLoan = perLoan(r.Cents, r.Loans) }

func perLoan(cents, loans int) *int {
	if loans == 0 {
		return nil
	}
	each := (2*cents + loans) / (2 * loans)
	return &each
}

// boughtItem is a copy that came with an order, or that has a price.
type boughtItem struct {
	Fund     string     `db:"fund"`
	Call     string     `db:"call_number"`
	Acquired policy.Day `db:"acquired"`
	Price    int        `db:"price_cents"`
	Loans    int        `db:"loans"`
}

// CostPerLoan tells what copies cost for each time they were lent, by fund, class or year: of copies that came with an order or have a price, all their loans. With a
// year (id) only copies acquired in it count. The codes are fault.Invalid (by), fault.NotFound (year).
func CostPerLoan(ctx context.Context, app core.App, now time.Time, by, year string) (cost Cost, err error) {
	const op = "budget.CostPerLoan"
	if by != ByFund && by != ByClass && by != ByYear {
		return cost, fault.New(op, fault.Invalid, "budget.bad_by").At("by")
	}
	_, house, err := today(app, now)
	if err != nil {
		return cost, err
	}
	where, params := "TRUE", dbx.Params{}
	if year != "" {
		of, err := byID[collections.Year](app, op, year, "year")
		if err != nil {
			return cost, err
		}
		where, params = "i.acquired BETWEEN {:from} AND {:to}", dbx.Params{"from": of.Starts.String(), "to": of.Ends.String()}
	}
	if err := use.CatchUp(ctx, app); err != nil {
		return cost, err
	}
	var items []boughtItem
	err = app.DB().NewQuery(`SELECT i.fund, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number, i.acquired, i.price_cents, COALESCE(u.loans, 0) AS loans
		FROM items i JOIN titles t ON t.id = i.title LEFT JOIN use_items u ON u.item = i.id
		WHERE (i.order_line != '' OR i.price_cents > 0) AND i.currency IN ('', {:currency}) AND ` + where).
		Bind(params).Bind(dbx.Params{"currency": house.Fees.Currency}).All(&items)
	if err != nil {
		return cost, err
	}
	years, err := collections.All[collections.Year](app, "", "starts", nil)
	if err != nil {
		return cost, err
	}
	cost.sum(items, years, by, house.Fees.Currency)
	return cost, app.DB().NewQuery("SELECT COALESCE(MIN(day), '') FROM use_days").Row(&cost.Since)
}

func (c *Cost) sum(items []boughtItem, years []collections.Year, by, currency string) {
	groups := map[string]*CostRow{}
	for _, item := range items {
		name := item.group(by, years)
		if groups[name] == nil {
			groups[name] = &CostRow{Name: name}
		}
		cents := item.Price
		if money.Decimals(currency) == 0 {
			cents /= 100 // the catalogue keeps hundredths of any currency
		}
		groups[name].add(cents, item.Loans)
		c.Total.add(cents, item.Loans)
	}
	c.Rows = make([]CostRow, 0, len(groups))
	for _, row := range groups {
		row.share()
		c.Rows = append(c.Rows, *row)
	}
	c.Total.share()
	slices.SortFunc(c.Rows, func(a, b CostRow) int {
		if (a.Name == "") != (b.Name == "") { // what is not known comes last
			return cmp.Compare(b.Name, a.Name)
		}
		switch by {
		case ByFund:
			return cmp.Or(cmp.Compare(b.Cents, a.Cents), cmp.Compare(a.Name, b.Name))
		case ByClass:
			return cmp.Compare(slices.Index(callnumber.Bands, a.Name), slices.Index(callnumber.Bands, b.Name))
		}
		return cmp.Compare(a.Name, b.Name)
	})
}

func (i boughtItem) group(by string, years []collections.Year) string {
	switch by {
	case ByFund:
		return i.Fund
	case ByClass:
		return callnumber.Band(i.Call)
	}
	if i.Acquired == 0 {
		return ""
	}
	at := slices.IndexFunc(years, func(y collections.Year) bool { return y.Starts <= i.Acquired && i.Acquired <= y.Ends })
	if at < 0 {
		return i.Acquired.String()[:4]
	}
	return years[at].Name
}
