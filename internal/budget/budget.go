// Package budget keeps the library's money: years, funds, vendors and orders. It is the only writer of the ledger. Every act is one transaction in which the facts
// are written and what is derived from them, the amounts of funds and lines and the state of orders, follows; a rebuild finds no difference.
package budget

import (
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"
	"carrel/internal/money"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The kinds of act.
const (
	actAllocate = "allocate"
	actTransfer = "transfer"
	actAdjust   = "adjust"
	actApprove  = "approve"
	actSend     = "send"
	actReceive  = "receive"
	actInvoice  = "invoice"
	actClose    = "close"
	actCancel   = "cancel"
	actRoll     = "roll"
	actUndo     = "undo"
)

// Act is what every act about money has. With the same Key it is the same act. Override passes a refusal on purpose, which needs a Reason.
type Act struct {
	Key      string
	At       time.Time // when it happened
	Actor    string    // id of the staff member
	Reason   string
	Override bool
}

func (a Act) check(op string) error {
	switch {
	case len(a.Key) < 8 || len(a.Key) > 56:
		return fault.New(op, fault.Invalid, "desk.bad_key").At("key")
	case a.Override && a.Reason == "":
		return fault.New(op, fault.Invalid, "budget.needs_reason").At("reason")
	}
	return nil
}

// data is what an act says beside its entries.
type data struct {
	Was     ledger.State                 `json:"was,omitempty"`    // the order's state before
	Is      ledger.State                 `json:"is,omitempty"`     // and after
	Pieces  map[string]int               `json:"pieces,omitempty"` // received, by line
	Totals  map[string]int               `json:"totals,omitempty"` // of the lines of an order that was sent
	Invoice string                       `json:"invoice,omitempty"`
	Came    map[string][]string          `json:"came,omitempty"`   // copies (ids) that a delivery made, by line
	Made    []string                     `json:"made,omitempty"`   // titles (ids) that it made for them
	Linked  map[string]string            `json:"linked,omitempty"` // lines it gave a title, with the one they had
	Rolled  map[string]map[string]string `json:"rolled,omitempty"` // orders that moved to another year, with the funds their lines had
	To      string                       `json:"to,omitempty"`     // that year
	Funds   []string                     `json:"funds,omitempty"`  // funds (ids) that were made there
	Ask     string                       `json:"ask,omitempty"`    // what was asked for, to tell a repeated act from another one with its key
}

// entry is one thing an act does to a fund, before it is written.
type entry struct {
	fund     string
	kind     ledger.Kind
	cents    int
	line     collections.OrderLine
	invoice  string
	reverses string
}

// do writes an act in a transaction of its own, unless its key is there already: then nothing is written. Another act's key is fault.Conflict (key_reused).
func do(app core.App, op string, act Act, kind, about, ask string, work func(app core.App, d *data) ([]entry, error)) error {
	if err := act.check(op); err != nil {
		return err
	}
	return app.RunInTransaction(func(app core.App) error {
		before, known, err := find(app, act.Key)
		if err != nil {
			return err
		}
		if known {
			return same(op, before, kind, about, ask)
		}
		d := data{Ask: ask}
		entries, err := work(app, &d)
		if err != nil {
			return err
		}
		return write(app, act, collections.BudgetAct{Kind: kind, About: about}, d, entries)
	})
}

func find(app core.App, key string) (collections.BudgetAct, bool, error) {
	return collections.Find[collections.BudgetAct](app, "key = {:key}", dbx.Params{"key": key})
}

// same answers nothing when an act was asked for again as it was.
func same(op string, before collections.BudgetAct, kind, about, ask string) error {
	d, err := dataOf(before)
	if err != nil {
		return err
	}
	if before.Kind == kind && before.About == about && d.Ask == ask {
		return nil
	}
	return fault.New(op, fault.Conflict, "desk.key_reused").Named("key_reused").At("key")
}

func dataOf(act collections.BudgetAct) (d data, err error) {
	err = json.Unmarshal(act.Data, &d)
	return d, err
}

// write writes an act with its entries, and what follows from them.
func write(app core.App, by Act, act collections.BudgetAct, d data, entries []entry) error {
	said, err := json.Marshal(d)
	if err != nil {
		return err
	}
	act.Key, act.Actor, act.Reason, act.Data = by.Key, by.Actor, by.Reason, said
	if act.At, err = types.ParseDateTime(by.At); err != nil {
		return err
	}
	if act.Seq, err = nextSeq(app, collections.BudgetActs); err != nil {
		return err
	}
	if err := inOpenYears(app, entries); err != nil {
		return err
	}
	if act, err = collections.Insert(app, act); err != nil {
		return err
	}
	seq, err := nextSeq(app, collections.BudgetLedger)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if err := writeEntry(app, act, e, seq+i); err != nil {
			return err
		}
	}
	return nil
}

func nextSeq(app core.App, table string) (seq int, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) + 1 FROM " + table).Row(&seq)
	return seq, err
}

func writeEntry(app core.App, act collections.BudgetAct, e entry, seq int) error {
	_, err := collections.Insert(app, collections.Entry{
		Act: act.ID, Fund: e.fund, Kind: e.kind, Cents: e.cents, Order: e.line.Order, Line: e.line.ID,
		Invoice: e.invoice, Reverses: e.reverses, At: act.At, Seq: seq,
	})
	if err != nil {
		return err
	}
	change := ledger.Balance{}.With(e.kind, e.cents)
	_, err = app.DB().NewQuery(`UPDATE budget_funds SET allocated = allocated + {:allocated}, transferred = transferred + {:transferred},
		spent = spent + {:spent}, encumbered = encumbered + {:encumbered} WHERE id = {:id}`).
		Bind(dbx.Params{
			"allocated": change.Allocated, "transferred": change.Transferred, "spent": change.Spent, "encumbered": change.Encumbered, "id": e.fund,
		}).Execute()
	if err != nil {
		return err
	}
	if err := addToMonth(app, e.fund, act.At, change.Spent); err != nil || e.line.ID == "" {
		return err
	}
	_, err = app.DB().NewQuery("UPDATE budget_lines SET spent = spent + {:spent}, encumbered = encumbered + {:encumbered} WHERE id = {:id}").
		Bind(dbx.Params{"spent": change.Spent, "encumbered": change.Encumbered, "id": e.line.ID}).Execute()
	return err
}

// addToMonth keeps what was spent of a fund by month, which is derived as its amounts are.
func addToMonth(app core.App, fund string, at types.DateTime, spent int) error {
	if spent == 0 {
		return nil
	}
	_, err := app.DB().NewQuery(`INSERT INTO budget_months (fund, month, spent) VALUES ({:fund}, {:month}, {:spent})
		ON CONFLICT (fund, month) DO UPDATE SET spent = spent + excluded.spent`).
		Bind(dbx.Params{"fund": fund, "month": monthOf(at), "spent": spent}).Execute()
	return err
}

// monthOf is the month of an instant, "2026-11". It is that of UTC: the facts must add up to the same whatever the school's zone is set to later.
func monthOf(at types.DateTime) string { return at.Time().UTC().Format("2006-01") }

// inOpenYears refuses to move the money of a year that is closed: fault.Conflict (year_closed).
func inOpenYears(app core.App, entries []entry) error {
	const op = "budget.write"
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e.fund] {
			continue
		}
		seen[e.fund] = true
		fund, err := byID[collections.Fund](app, op, e.fund, "fund")
		if err != nil {
			return err
		}
		if err := openYear(app, op, fund.Year, "fund"); err != nil {
			return err
		}
	}
	return nil
}

// byID reads one row; fault.NotFound (unknown) at the field.
func byID[R collections.Record](app core.App, op, id, field string) (R, error) {
	row, found, err := collections.Find[R](app, "id = {:id}", dbx.Params{"id": id})
	if err == nil && !found {
		err = fault.New(op, fault.NotFound, "budget.unknown").Named("unknown").At(field)
	}
	return row, err
}

// inCurrency is an amount for a sentence, in the school's currency.
func inCurrency(app core.App, cents int) money.Amount {
	fees, err := site.LoadFees(app)
	if err != nil {
		return money.Amount{Cents: cents}
	}
	return money.Amount{Cents: cents, Currency: fees.Currency}
}
