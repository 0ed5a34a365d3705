package budget

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"
	"carrel/internal/money"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// stays is the state of an order that an act leaves where it is.
const stays ledger.State = ""

// moving is an order on its way from one state to another, inside the transaction of the act.
type moving struct {
	app   core.App
	op    string
	act   Act
	order collections.Order
	lines []collections.OrderLine
}

// move does an act on an order: work says which state it comes to and what that does to the funds. The codes of every such act are fault.NotFound (order),
// fault.Conflict (wrong_state, key_reused).
func move(app core.App, op string, act Act, kind, order, ask string, work func(*moving, *data) (ledger.State, []entry, error)) error {
	return do(app, op, act, kind, order, ask, func(app core.App, d *data) ([]entry, error) {
		m := &moving{app: app, op: op, act: act}
		var err error
		if m.order, err = byID[collections.Order](app, op, order, "order"); err != nil {
			return nil, err
		}
		if err := openYear(app, op, m.order.Year, "order"); err != nil {
			return nil, err
		}
		if m.lines, err = linesOf(app, order); err != nil {
			return nil, err
		}
		to, entries, err := work(m, d)
		if err != nil {
			return nil, err
		}
		d.Was, d.Is = m.order.State, m.order.State
		if to == stays {
			return entries, nil
		}
		if !ledger.May(m.order.State, to) {
			return nil, m.wrongState()
		}
		d.Is = to
		return entries, m.set(to)
	})
}

func (m *moving) wrongState() error {
	return fault.New(m.op, fault.Conflict, "budget.state."+string(m.order.State)).Named("wrong_state").At("order")
}

// set writes the state of the order, with the time at which it came to it.
func (m *moving) set(to ledger.State) error {
	at := types.NowDateTime()
	if parsed, err := types.ParseDateTime(m.act.At); err == nil && !m.act.At.IsZero() {
		at = parsed
	}
	columns := dbx.Params{"state": string(to), "updated": types.NowDateTime().String()}
	switch to {
	case ledger.Approved:
		columns["approved_at"], columns["approved_by"] = at.String(), m.act.Actor
	case ledger.Sent:
		columns["sent_at"] = at.String()
	case ledger.Closed, ledger.Cancelled:
		columns["ended_at"] = at.String()
	}
	_, err := m.app.DB().Update(collections.BudgetOrders, columns, dbx.HashExp{"id": m.order.ID}).Execute()
	return err
}

// Approve lets an order be sent; fault.Invalid (lines) for one without any, fault.Unauthorized for anybody but the one whom the school chose.
func Approve(app core.App, act Act, role collections.Role, order string) error {
	return move(app, "budget.Approve", act, actApprove, order, "", func(m *moving, _ *data) (ledger.State, []entry, error) {
		may, err := MayApprove(m.app, role)
		if err != nil {
			return "", nil, err
		}
		if !may {
			return "", nil, fault.New(m.op, fault.Unauthorized, "budget.not_yours_to_approve").Named("not_approver")
		}
		if len(m.lines) == 0 {
			return "", nil, fault.New(m.op, fault.Invalid, "budget.needs_lines").At("lines")
		}
		return ledger.Approved, nil, nil
	})
}

// Send fixes what each line costs with its share of discount, shipping and tax, and encumbers it; fault.Refused (fund_short).
func Send(app core.App, act Act, order string) error {
	return move(app, "budget.Send", act, actSend, order, "", func(m *moving, d *data) (ledger.State, []entry, error) {
		lines := make([]ledger.Line, len(m.lines))
		for i, line := range m.lines {
			lines[i] = ledger.Line{Pieces: line.Pieces, Price: line.Price}
		}
		totals := ledger.Totals(lines, ledger.Costs{Discount: m.order.Discount, Shipping: m.order.Shipping, Tax: m.order.Tax})
		d.Totals = map[string]int{}
		var entries []entry
		for i, line := range m.lines {
			d.Totals[line.ID] = totals[i]
			if err := setLine(m.app, line.ID, dbx.Params{"total": totals[i]}); err != nil {
				return "", nil, err
			}
			if totals[i] > 0 {
				entries = append(entries, entry{fund: line.Fund, kind: ledger.Encumber, cents: totals[i], line: line})
			}
		}
		return ledger.Sent, entries, enough(m.app, m.op, m.act, entries)
	})
}

// Bill is an invoice for an order. Accept says that another amount than was spent is right.
type Bill struct {
	Number string
	Day    policy.Day
	Cents  int
	Note   string
	Accept bool
}

// Invoice enters a vendor's invoice. What it asks for more or less than was received and not billed yet is a question: fault.Conflict (invoice_differs), whose sentence names both amounts.
// Accepted, the difference is spread over the lines by what each cost and corrects what was spent; fault.Refused (fund_short) when the funds do not have it. The
// other codes are fault.Invalid (number, amount), fault.Conflict (invoice_known).
func Invoice(app core.App, act Act, order string, bill Bill) error {
	const op = "budget.Invoice"
	switch {
	case bill.Number == "":
		return fault.New(op, fault.Invalid, "budget.needs_number").At("number")
	case bill.Cents < 0:
		return fault.New(op, fault.Invalid, "money.negative").At("amount")
	case bill.Cents > money.Most:
		return fault.New(op, fault.Invalid, "budget.too_much").At("amount")
	case bill.Day == 0:
		return fault.New(op, fault.Invalid, "budget.needs_day").At("day")
	}
	return move(app, op, act, actInvoice, order, fmt.Sprint(bill.Number, bill.Cents), func(m *moving, d *data) (ledger.State, []entry, error) {
		if m.order.State == ledger.Draft || m.order.State == ledger.Approved || m.order.State == ledger.Cancelled {
			return "", nil, m.wrongState()
		}
		expected, err := m.unbilled(bill.Number)
		if err != nil {
			return "", nil, err
		}
		if bill.Cents != expected && !bill.Accept {
			return "", nil, fault.New(op, fault.Conflict, "budget.invoice_differs", inCurrency(m.app, bill.Cents), inCurrency(m.app, expected)).Named("invoice_differs").At("amount")
		}
		made, err := collections.Insert(m.app, collections.Invoice{Order: order, Number: bill.Number, Day: bill.Day, Cents: bill.Cents, Note: bill.Note})
		if err != nil {
			return "", nil, err
		}
		d.Invoice = made.ID
		entries, err := m.spread(bill.Cents-expected, made.ID)
		if err != nil {
			return "", nil, err
		}
		return stays, entries, enough(m.app, op, act, entries)
	})
}

// unbilled is what was spent on an order less what invoices asked for already.
func (m *moving) unbilled(number string) (int, error) {
	bills, err := collections.All[collections.Invoice](m.app, "order_id = {:order}", "", dbx.Params{"order": m.order.ID})
	if err != nil {
		return 0, err
	}
	left := 0
	for _, line := range m.lines {
		left += line.Spent
	}
	for _, bill := range bills {
		if bill.Number == number {
			return 0, fault.New(m.op, fault.Conflict, "budget.invoice_known", number).Named("invoice_known").At("number")
		}
		left -= bill.Cents
	}
	return left, nil
}

// spread makes entries of a difference, by what each line cost.
func (m *moving) spread(difference int, invoice string) (entries []entry, err error) {
	if difference == 0 || len(m.lines) == 0 {
		return nil, nil
	}
	lines, err := m.billed()
	if err != nil {
		return nil, err
	}
	weights := make([]int, len(lines))
	for i, line := range lines {
		weights[i] = max(line.Spent, 0)
	}
	sign := 1
	if difference < 0 {
		sign, difference = -1, -difference
	}
	for i, share := range ledger.Split(difference, weights) {
		if share != 0 {
			entries = append(entries, entry{fund: lines[i].Fund, kind: ledger.Adjust, cents: sign * share, line: lines[i], invoice: invoice})
		}
	}
	return entries, nil
}

// billed are the lines over which a difference is spread: those of the order's own year, or all when none is. What came before a roll-over was paid from a year that
// may be closed.
func (m *moving) billed() (lines []collections.OrderLine, err error) {
	for _, line := range m.lines {
		fund, err := byID[collections.Fund](m.app, m.op, line.Fund, "fund")
		if err != nil {
			return nil, err
		}
		if fund.Year == m.order.Year {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return m.lines, nil
	}
	return lines, nil
}

// Close ends an order of which nothing more will come, and frees what is still promised.
func Close(app core.App, act Act, order string) error {
	return move(app, "budget.Close", act, actClose, order, "", func(m *moving, _ *data) (ledger.State, []entry, error) {
		return ledger.Closed, m.free(), nil
	})
}

// Cancel ends an order of which nothing came.
func Cancel(app core.App, act Act, order string) error {
	return move(app, "budget.Cancel", act, actCancel, order, "", func(m *moving, _ *data) (ledger.State, []entry, error) {
		return ledger.Cancelled, m.free(), nil
	})
}

func (m *moving) free() (entries []entry) {
	for _, line := range m.lines {
		if line.Encumbered > 0 {
			entries = append(entries, entry{fund: line.Fund, kind: ledger.Disencumber, cents: line.Encumbered, line: line})
		}
	}
	return entries
}

func setLine(app core.App, id string, columns dbx.Params) error {
	columns["updated"] = types.NowDateTime().String()
	_, err := app.DB().Update(collections.BudgetLines, columns, dbx.HashExp{"id": id}).Execute()
	return err
}
