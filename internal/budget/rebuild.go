package budget

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/ledger"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Difference is where something derived is not what the facts say.
type Difference struct {
	Table, ID string
	Is, Facts string
}

// Rebuild holds the amounts of funds and lines and the states of orders against the facts, and with write makes them so.
func Rebuild(app core.App, write bool) (found []Difference, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		funds, lines, err := fromLedger(app)
		if err != nil {
			return err
		}
		for _, work := range []func() ([]Difference, error){
			func() ([]Difference, error) { return rebuildFunds(app, funds, write) },
			func() ([]Difference, error) { return rebuildLines(app, lines, write) },
			func() ([]Difference, error) { return rebuildOrders(app, write) },
			func() ([]Difference, error) { return rebuildMonths(app, write) },
		} {
			some, err := work()
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		return nil
	})
	return found, err
}

// fromLedger adds up all entries by fund and by line.
func fromLedger(app core.App) (funds, lines map[string]ledger.Balance, err error) {
	rows, err := app.DB().NewQuery("SELECT fund, line, kind, SUM(cents) FROM budget_ledger GROUP BY fund, line, kind").Rows()
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	funds, lines = map[string]ledger.Balance{}, map[string]ledger.Balance{}
	for rows.Next() {
		var fund, line, kind string
		var sum int
		if err := rows.Scan(&fund, &line, &kind, &sum); err != nil {
			return nil, nil, err
		}
		funds[fund] = funds[fund].With(ledger.Kind(kind), sum)
		if line != "" {
			lines[line] = lines[line].With(ledger.Kind(kind), sum)
		}
	}
	return funds, lines, rows.Err()
}

func rebuildFunds(app core.App, want map[string]ledger.Balance, write bool) (found []Difference, err error) {
	funds, err := collections.All[collections.Fund](app, "", "id", nil)
	if err != nil {
		return nil, err
	}
	for _, fund := range funds {
		should := want[fund.ID]
		if fund.Balance() == should {
			continue
		}
		found = append(found, Difference{collections.BudgetFunds, fund.ID, fmt.Sprintf("%+v", fund.Balance()), fmt.Sprintf("%+v", should)})
		if !write {
			continue
		}
		_, err := app.DB().Update(collections.BudgetFunds, dbx.Params{
			"allocated": should.Allocated, "transferred": should.Transferred, "spent": should.Spent, "encumbered": should.Encumbered,
		}, dbx.HashExp{"id": fund.ID}).Execute()
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func rebuildLines(app core.App, want map[string]ledger.Balance, write bool) (found []Difference, err error) {
	lines, err := collections.All[collections.OrderLine](app, "", "id", nil)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		should := want[line.ID]
		if line.Spent == should.Spent && line.Encumbered == should.Encumbered {
			continue
		}
		found = append(found, Difference{collections.BudgetLines, line.ID, fmt.Sprint(line.Spent, line.Encumbered), fmt.Sprint(should.Spent, should.Encumbered)})
		if !write {
			continue
		}
		if err := setLine(app, line.ID, dbx.Params{"spent": should.Spent, "encumbered": should.Encumbered}); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// rebuildOrders derives the state of each order from the last act on it that stands.
func rebuildOrders(app core.App, write bool) (found []Difference, err error) {
	orders, err := collections.All[collections.Order](app, "", "id", nil)
	if err != nil {
		return nil, err
	}
	for _, order := range orders {
		should, err := stateOf(app, order.ID)
		if err != nil {
			return nil, err
		}
		if order.State == should {
			continue
		}
		found = append(found, Difference{collections.BudgetOrders, order.ID, string(order.State), string(should)})
		if !write {
			continue
		}
		if _, err := app.DB().Update(collections.BudgetOrders, dbx.Params{"state": string(should)}, dbx.HashExp{"id": order.ID}).Execute(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func stateOf(app core.App, order string) (ledger.State, error) {
	acts, err := collections.All[collections.BudgetAct](app,
		"about = {:order} AND kind != 'undo' AND NOT EXISTS (SELECT 1 FROM budget_acts AS undo WHERE undo.reverses = budget_acts.id)", "seq DESC", dbx.Params{"order": order})
	if err != nil || len(acts) == 0 {
		return ledger.Draft, err
	}
	d, err := dataOf(acts[0])
	return d.Is, err
}

// rebuildMonths adds up what was spent by fund and month.
func rebuildMonths(app core.App, write bool) (found []Difference, err error) {
	const facts = `SELECT fund, substr(at, 1, 7) AS month, SUM(CASE kind WHEN 'refund' THEN -cents ELSE cents END) AS spent
		FROM budget_ledger WHERE kind IN ('spend', 'refund', 'adjust') GROUP BY fund, month`
	var rows []struct {
		Fund  string `db:"fund"`
		Month string `db:"month"`
		Is    int    `db:"is_now"`
		Facts int    `db:"facts"`
	}
	err = app.DB().NewQuery(`SELECT fund, month, SUM(is_now) AS is_now, SUM(facts) AS facts FROM (
			SELECT fund, month, spent AS is_now, 0 AS facts FROM budget_months UNION ALL SELECT fund, month, 0, spent FROM (` + facts + `))
		GROUP BY fund, month HAVING SUM(is_now) != SUM(facts) ORDER BY fund, month`).All(&rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		found = append(found, Difference{"budget_months", row.Fund + " " + row.Month, fmt.Sprint(row.Is), fmt.Sprint(row.Facts)})
		if !write {
			continue
		}
		_, err := app.DB().NewQuery("INSERT OR REPLACE INTO budget_months (fund, month, spent) VALUES ({:fund}, {:month}, {:spent})").
			Bind(dbx.Params{"fund": row.Fund, "month": row.Month, "spent": row.Facts}).Execute()
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
