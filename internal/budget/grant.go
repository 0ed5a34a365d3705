package budget

import (
	"context"
	"time"

	"carrel/internal/policy"
	"carrel/internal/use"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Grant is what the money of a fund did: the report that a funder is given.
type Grant struct {
	Fund    FundView    `json:"fund"`
	Awarded int         `json:"awarded"`
	Spent   int         `json:"spent"`
	OnOrder int         `json:"on_order"`
	Left    int         `json:"left"`
	Books   int         `json:"books"` // copies
	Loans   int         `json:"loans"` // of them
	PerLoan *int        `json:"per_loan"`
	Classes *int        `json:"classes"` // homerooms that borrowed them; null under ten loans, when they might tell of single children
	Bought  []Bought    `json:"bought"`
	Other   []Other     `json:"other"` // what was bought beside titles
	Orders  []OrderView `json:"orders"`
	AsOf    policy.Day  `json:"as_of"`
}

// Bought is a title that a fund paid for.
type Bought struct {
	Title  TitleRef `json:"title"`
	Copies int      `json:"copies"`
	Cents  int      `json:"cents"`
	Loans  int      `json:"loans"`
}

// Other is something else that a fund paid for.
type Other struct {
	Name   string `db:"name" json:"name"`
	Pieces int    `db:"pieces" json:"pieces"`
	Cents  int    `db:"cents" json:"cents"`
}

// fewLoans is below which nothing is said of who borrowed.
const fewLoans = 10

// GrantReport tells what the money of a fund did: fault.NotFound (id). Amounts are the ledger's; what a loan cost is what was spent on copies by their loans.
func GrantReport(ctx context.Context, app core.App, now time.Time, id string) (grant Grant, err error) {
	if grant.Fund, err = FundByID(app, now, id); err != nil {
		return grant, err
	}
	if err := use.CatchUp(ctx, app); err != nil {
		return grant, err
	}
	if grant.AsOf, _, err = today(app, now); err != nil {
		return grant, err
	}
	grant.Awarded, grant.Spent, grant.OnOrder, grant.Left = grant.Fund.Given, grant.Fund.Spent, grant.Fund.Encumbered, grant.Fund.Available
	if err := grant.bought(app, id); err != nil {
		return grant, err
	}
	if grant.Loans >= fewLoans {
		var classes int
		err := app.DB().NewQuery(`SELECT COUNT(DISTINCT e.homeroom) FROM circ_events e WHERE e.kind = 'check_out' AND e.homeroom != ''
			AND NOT EXISTS (SELECT 1 FROM circ_events undo WHERE undo.key = 'undo:' || e.id)
			AND e.item IN (SELECT i.id FROM items i JOIN ` + paidLines + ` p ON p.line = i.order_line)`).Bind(dbx.Params{"fund": id}).Row(&classes)
		if err != nil {
			return grant, err
		}
		grant.Classes = &classes
	}
	return grant, grant.orders(app, now, id)
}

// paidLines are the lines of orders that a fund paid something of, with how much; what is still on order is none.
const paidLines = `(SELECT line, SUM(CASE kind WHEN 'refund' THEN -cents ELSE cents END) AS cents FROM budget_ledger
	WHERE fund = {:fund} AND line != '' AND kind IN ('spend', 'refund', 'adjust') GROUP BY line HAVING SUM(CASE kind WHEN 'refund' THEN -cents ELSE cents END) != 0)`

func (g *Grant) bought(app core.App, fund string) error {
	var rows []struct {
		Line   string `db:"line"`
		Name   string `db:"name"`
		Pieces int    `db:"pieces"`
		Cents  int    `db:"cents"`
		ID     string `db:"title"`
		Title  string `db:"title_name"`
		Copies int    `db:"copies"`
		Loans  int    `db:"loans"`
	}
	err := app.DB().NewQuery(`SELECT p.line, l.name, l.received AS pieces, p.cents, COALESCE(t.id, '') AS title, COALESCE(t.title, '') AS title_name,
			COUNT(i.id) AS copies, COALESCE(SUM(u.loans), 0) AS loans
		FROM ` + paidLines + ` p JOIN budget_lines l ON l.id = p.line LEFT JOIN items i ON i.order_line = l.id LEFT JOIN use_items u ON u.item = i.id
		LEFT JOIN titles t ON t.id = (SELECT COALESCE(NULLIF(merged_into, ''), id) FROM titles WHERE id = COALESCE(i.title, l.title))
		GROUP BY p.line ORDER BY title_name, l.name, p.line`).Bind(dbx.Params{"fund": fund}).All(&rows)
	if err != nil {
		return err
	}
	g.Bought, g.Other = []Bought{}, []Other{}
	byTitle, cents := map[string]int{}, 0
	for _, row := range rows {
		if row.ID == "" || row.Copies == 0 {
			g.Other = append(g.Other, Other{row.Name, row.Pieces, row.Cents})
			continue
		}
		cents += row.Cents
		g.Books += row.Copies
		g.Loans += row.Loans
		at, known := byTitle[row.ID]
		if !known {
			at = len(g.Bought)
			byTitle[row.ID] = at
			g.Bought = append(g.Bought, Bought{Title: TitleRef{row.ID, row.Title}})
		}
		g.Bought[at].Copies += row.Copies
		g.Bought[at].Cents += row.Cents
		g.Bought[at].Loans += row.Loans
	}
	g.PerLoan = perLoan(cents, g.Loans)
	return nil
}

func (g *Grant) orders(app core.App, now time.Time, fund string) error {
	s, err := look(app, now)
	if err != nil {
		return err
	}
	var rows []orderRow
	err = app.DB().NewQuery(orderColumns + ` WHERE o.state NOT IN ('draft', 'approved', 'cancelled') AND o.id IN (SELECT order_id FROM budget_ledger WHERE fund = {:fund} AND order_id != '')
		GROUP BY o.id ORDER BY o.sent_at, o.number`).Bind(dbx.Params{"fund": fund}).All(&rows)
	g.Orders = make([]OrderView, 0, len(rows))
	for _, row := range rows {
		g.Orders = append(g.Orders, s.order(row))
	}
	return err
}
