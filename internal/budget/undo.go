package budget

import (
	"errors"
	"maps"
	"slices"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Undo takes an act back by a further act, whose entries are the other way round. Undoing twice writes nothing. The codes are fault.NotFound (unknown_act),
// fault.Conflict (undo_built_on) when a later act of the same order stands, in_use when a copy that came was used since, fault.Refused (fund_short) when the money is promised already.
func Undo(app core.App, key string, by Act) error {
	const op = "budget.Undo"
	if err := by.check(op); err != nil {
		return err
	}
	return app.RunInTransaction(func(app core.App) error {
		act, known, err := find(app, key)
		if err != nil {
			return err
		}
		if !known || act.Kind == actUndo {
			return fault.New(op, fault.NotFound, "desk.unknown_act").Named("unknown_act").At("key")
		}
		_, undone, err := collections.Find[collections.BudgetAct](app, "reverses = {:id}", dbx.Params{"id": act.ID})
		if err != nil || undone {
			return err
		}
		if err := nothingBuiltOn(app, op, act); err != nil {
			return err
		}
		entries, err := reversed(app, act)
		if err != nil {
			return err
		}
		if err := enough(app, op, by, entries); err != nil {
			return err
		}
		d, err := dataOf(act)
		if err != nil {
			return err
		}
		if err := takeBack(app, op, d); err != nil {
			return err
		}
		if err := rollBack(app, act, d); err != nil {
			return err
		}
		if err := putBack(app, act, d); err != nil {
			return err
		}
		by.Key = "undo:" + act.ID
		return write(app, by, collections.BudgetAct{Kind: actUndo, About: act.About, Reverses: act.ID}, data{Was: d.Is, Is: d.Was}, entries)
	})
}

// errBuiltOn is why an act of an order cannot be taken back before a later one.
var errBuiltOn = errors.New("a later act stands")

// nothingBuiltOn looks for later acts of the same order that were not taken back. Acts on funds alone stand by themselves: the money decides.
func nothingBuiltOn(app core.App, op string, act collections.BudgetAct) error {
	switch act.Kind {
	case actAllocate, actTransfer, actAdjust:
		return nil
	}
	d, err := dataOf(act)
	if err != nil {
		return err
	}
	orders := []string{act.About}
	if act.Kind == actRoll {
		orders = slices.Collect(maps.Keys(d.Rolled))
	}
	for _, order := range orders {
		var later int
		err := app.DB().NewQuery("SELECT COUNT(*) FROM budget_acts WHERE " + ofOrder + ` AND seq > {:seq} AND kind != 'undo'
			AND NOT EXISTS (SELECT 1 FROM budget_acts AS undo WHERE undo.reverses = budget_acts.id)`).Bind(dbx.Params{"order": order, "seq": act.Seq}).Row(&later)
		if err != nil {
			return err
		}
		if later > 0 {
			return fault.New(op, fault.Conflict, "budget.undo_built_on").Named("undo_built_on").Because(errBuiltOn)
		}
	}
	return nil
}

// reversed are the entries of an act, the other way round.
func reversed(app core.App, act collections.BudgetAct) (entries []entry, err error) {
	rows, err := collections.All[collections.Entry](app, "act = {:act}", "seq DESC", dbx.Params{"act": act.ID})
	for _, row := range rows {
		entries = append(entries, entry{
			fund: row.Fund, kind: row.Kind, cents: -row.Cents, line: collections.OrderLine{ID: row.Line, Order: row.Order}, invoice: row.Invoice, reverses: row.ID,
		})
	}
	return entries, err
}

// putBack makes the order and its lines as they were before an act.
func putBack(app core.App, act collections.BudgetAct, d data) error {
	for line, n := range d.Pieces {
		_, err := app.DB().NewQuery("UPDATE budget_lines SET received = received - {:n} WHERE id = {:id}").Bind(dbx.Params{"n": n, "id": line}).Execute()
		if err != nil {
			return err
		}
	}
	for line := range d.Totals {
		if err := setLine(app, line, dbx.Params{"total": 0}); err != nil {
			return err
		}
	}
	if d.Invoice != "" {
		if _, err := app.DB().Delete(collections.BudgetInvoices, dbx.HashExp{"id": d.Invoice}).Execute(); err != nil {
			return err
		}
	}
	if d.Was == d.Is {
		return nil
	}
	columns := dbx.Params{"state": string(d.Was), "updated": types.NowDateTime().String()}
	switch d.Is {
	case ledger.Approved:
		columns["approved_at"], columns["approved_by"] = "", ""
	case ledger.Sent:
		columns["sent_at"] = ""
	case ledger.Closed, ledger.Cancelled:
		columns["ended_at"] = ""
	}
	_, err := app.DB().Update(collections.BudgetOrders, columns, dbx.HashExp{"id": act.About}).Execute()
	return err
}
