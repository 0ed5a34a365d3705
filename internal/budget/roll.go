package budget

import (
	"encoding/json"
	"errors"
	"slices"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Rolled are the orders that a roll-over moves, and what moves with them.
type Rolled struct {
	Orders []RolledOrder `json:"orders"`
	Funds  []RolledFund  `json:"funds"`
	N      int           `json:"rolled"`
	Key    string        `json:"act"` // by which it is undone; empty when nothing was done
}

// RolledOrder is an order that moves to another year.
type RolledOrder struct {
	ID     string `db:"id" json:"id"`
	Number string `db:"number" json:"number"`
	Vendor string `db:"vendor" json:"vendor"`
	Cents  int    `db:"cents" json:"cents"` // still promised
}

// RolledFund is a fund that takes over promises.
type RolledFund struct {
	Name      string `db:"name" json:"name"`
	Cents     int    `db:"cents" json:"cents"`
	Available int    `db:"available" json:"available"` // with them
	Made      bool   `db:"made" json:"made"`           // it was not there
}

// errDry ends a transaction of which nothing is to stay.
var errDry = errors.New("only to see what it would do")

// Roll moves open orders of a year, with what is still promised for them, to funds of the same name of another year, which are made where they are missing. Without
// orders (ids) all open ones move. What was spent stays where it was spent. With dry it only tells what it would do. The codes are fault.NotFound (year, to, orders),
// fault.Invalid (to), fault.Conflict (nothing_open, wrong_state, year_closed, key_reused), fault.Refused (fund_short).
func Roll(app core.App, act Act, from, to string, orders []string, dry bool) (rolled Rolled, err error) {
	const op = "budget.Roll"
	if from == to {
		return rolled, fault.New(op, fault.Invalid, "budget.same_year").At("to")
	}
	if dry {
		act.Override, act.Reason = true, "preview"
	}
	orders = slices.Compact(slices.Sorted(slices.Values(orders)))
	ask, err := json.Marshal(append([]string{to}, orders...))
	if err != nil {
		return rolled, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		err := do(app, op, act, actRoll, from, string(ask), func(app core.App, d *data) ([]entry, error) {
			r := &rolling{app: app, op: op, to: to, funds: map[string]collections.Fund{}}
			if err := r.move(from, orders, d); err != nil {
				return nil, err
			}
			return r.entries, enough(app, op, act, r.entries)
		})
		if err != nil {
			return err
		}
		if rolled, err = whatRolled(app, act.Key); err != nil {
			return err
		}
		if dry {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		rolled.Key = ""
		return rolled, nil
	}
	return rolled, err
}

// rolling is a roll-over inside its transaction.
type rolling struct {
	app     core.App
	op, to  string
	funds   map[string]collections.Fund // of the other year, by those they stand for
	entries []entry
}

func (r *rolling) move(from string, ids []string, d *data) error {
	for _, year := range []struct{ id, field string }{{from, "year"}, {r.to, "to"}} {
		if err := openYear(r.app, r.op, year.id, year.field); err != nil {
			return err
		}
	}
	orders, err := r.orders(from, ids)
	if err != nil {
		return err
	}
	d.Rolled, d.To = map[string]map[string]string{}, r.to
	for _, order := range orders {
		was, err := r.order(order, d)
		if err != nil {
			return err
		}
		d.Rolled[order.ID] = was
	}
	return nil
}

// orders are those that move: the open ones, or those of them that were asked for.
func (r *rolling) orders(from string, ids []string) ([]collections.Order, error) {
	orders, err := collections.All[collections.Order](r.app, "year = {:year}", "number", dbx.Params{"year": from})
	if err != nil {
		return nil, err
	}
	var open []collections.Order
	for _, order := range orders {
		asked := slices.Contains(ids, order.ID)
		if asked && !order.State.Open() {
			return nil, fault.New(r.op, fault.Conflict, "budget.state."+string(order.State)).Named("wrong_state").At("orders")
		}
		if order.State.Open() && (asked || len(ids) == 0) {
			open = append(open, order)
		}
	}
	if len(ids) > len(open) {
		return nil, fault.New(r.op, fault.NotFound, "budget.unknown").Named("unknown").At("orders")
	}
	if len(open) == 0 {
		return nil, fault.New(r.op, fault.Conflict, "budget.nothing_open").Named("nothing_open")
	}
	return open, nil
}

// order moves one order, and tells of which funds its lines were. A line of which all came stays with the fund that paid it.
func (r *rolling) order(order collections.Order, d *data) (map[string]string, error) {
	lines, err := linesOf(r.app, order.ID)
	if err != nil {
		return nil, err
	}
	was := map[string]string{}
	for _, line := range lines {
		if line.Received == line.Pieces && line.Encumbered == 0 {
			continue
		}
		fund, err := r.fund(line.Fund, d)
		if err != nil {
			return nil, err
		}
		was[line.ID] = line.Fund
		if err := setLine(r.app, line.ID, dbx.Params{"fund": fund.ID}); err != nil {
			return nil, err
		}
		if line.Encumbered != 0 {
			r.entries = append(r.entries, entry{fund: line.Fund, kind: ledger.Disencumber, cents: line.Encumbered, line: line},
				entry{fund: fund.ID, kind: ledger.Encumber, cents: line.Encumbered, line: line})
		}
	}
	return was, setYear(r.app, order.ID, r.to)
}

func setYear(app core.App, order, year string) error {
	_, err := app.DB().Update(collections.BudgetOrders, dbx.Params{"year": year, "updated": types.NowDateTime().String()}, dbx.HashExp{"id": order}).Execute()
	return err
}

// fund is the fund of the other year that stands for one of this.
func (r *rolling) fund(id string, d *data) (collections.Fund, error) {
	if fund, known := r.funds[id]; known {
		return fund, nil
	}
	fund, made, err := fundLike(r.app, r.op, id, r.to)
	if err != nil {
		return fund, err
	}
	if made {
		d.Funds = append(d.Funds, fund.ID)
	}
	r.funds[id] = fund
	return fund, nil
}

// fundLike is the fund of the same name in a year; it is made without money where it is missing.
func fundLike(app core.App, op, id, year string) (fund collections.Fund, made bool, err error) {
	of, err := byID[collections.Fund](app, op, id, "fund")
	if err != nil || of.Year == year {
		return of, false, err
	}
	fund, found, err := collections.Find[collections.Fund](app, "year = {:year} AND name = {:name}", dbx.Params{"year": year, "name": of.Name})
	if err != nil || found {
		return fund, false, err
	}
	fund, err = collections.Insert(app, collections.Fund{
		Year: year, Name: of.Name, Kind: of.Kind, Purpose: of.Purpose, Funder: of.Funder, Award: of.Award, SpendBy: of.SpendBy, ReportBy: of.ReportBy, Position: of.Position,
	})
	return fund, true, err
}

// whatRolled reads what the roll-over with a key did.
func whatRolled(app core.App, key string) (rolled Rolled, err error) {
	act, _, err := find(app, key)
	if err != nil {
		return rolled, err
	}
	d, err := dataOf(act)
	if err != nil {
		return rolled, err
	}
	rolled = Rolled{Orders: []RolledOrder{}, Funds: []RolledFund{}, Key: key, N: len(d.Rolled)}
	err = app.DB().NewQuery(`SELECT o.id, o.number, v.name AS vendor, COALESCE(SUM(CASE e.kind WHEN 'encumber' THEN e.cents END), 0) AS cents
		FROM budget_orders o JOIN budget_vendors v ON v.id = o.vendor LEFT JOIN budget_ledger e ON e.act = {:act} AND e.order_id = o.id
		WHERE o.id IN (SELECT key FROM json_each({:orders}, '$.rolled')) GROUP BY o.id ORDER BY o.number`).
		Bind(dbx.Params{"act": act.ID, "orders": string(act.Data)}).All(&rolled.Orders)
	if err != nil {
		return rolled, err
	}
	err = app.DB().NewQuery(`SELECT f.name, SUM(e.cents) AS cents, f.allocated + f.transferred - f.spent - f.encumbered AS available,
			f.id IN (SELECT value FROM json_each({:data}, '$.funds')) AS made
		FROM budget_ledger e JOIN budget_funds f ON f.id = e.fund WHERE e.act = {:act} AND e.kind = 'encumber' GROUP BY f.id ORDER BY f.position, f.name`).
		Bind(dbx.Params{"act": act.ID, "data": string(act.Data)}).All(&rolled.Funds)
	return rolled, err
}

// rollBack puts the orders of a roll-over where they were.
func rollBack(app core.App, act collections.BudgetAct, d data) error {
	for order, lines := range d.Rolled {
		for line, fund := range lines {
			if err := setLine(app, line, dbx.Params{"fund": fund}); err != nil {
				return err
			}
		}
		if err := setYear(app, order, act.About); err != nil {
			return err
		}
	}
	return nil
}
