package budget

import (
	"fmt"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/ledger"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The bounds of an order: what is above is a slip of the finger.
const (
	maxLines  = 2000
	maxPieces = 10_000
)

// SaveOrder makes a draft, or changes one with all its lines. A new order gets the next number of its year ("26-0001") unless it brings one. The codes are
// fault.NotFound (year, vendor, lines.0.fund), fault.Invalid (lines.0.name …), fault.Conflict (not_draft, number_taken).
func SaveOrder(app core.App, order collections.Order, lines []collections.OrderLine) (saved collections.Order, err error) {
	const op = "budget.SaveOrder"
	if err := checkOrder(op, order, lines); err != nil {
		return order, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		if err := linked(app, op, order, lines); err != nil {
			return err
		}
		if order, err = settleDraft(app, op, order); err != nil {
			return err
		}
		if saved, err = save(app, order, order.ID); err != nil {
			return err
		}
		return saveLines(app, saved.ID, lines)
	})
	return saved, err
}

func checkOrder(op string, order collections.Order, lines []collections.OrderLine) error {
	if min(order.Discount, order.Shipping, order.Tax) < 0 {
		return fault.New(op, fault.Invalid, "money.negative").At("shipping")
	}
	if len(lines) > maxLines {
		return fault.New(op, fault.Invalid, "budget.too_many_lines", maxLines).At("lines")
	}
	for i, line := range lines {
		at := func(field string) string { return fmt.Sprintf("lines.%d.%s", i, field) }
		switch {
		case strings.TrimSpace(line.Name) == "":
			return fault.New(op, fault.Invalid, "budget.needs_name").At(at("name"))
		case line.Pieces < 1 || line.Pieces > maxPieces:
			return fault.New(op, fault.Invalid, "budget.bad_pieces", maxPieces).At(at("pieces"))
		case line.Price < 0:
			return fault.New(op, fault.Invalid, "money.negative").At(at("price"))
		}
		if known, _ := isbn.Parse(line.ISBN); line.ISBN != "" && !known.Valid {
			return fault.New(op, fault.Invalid, "budget.bad_isbn").At(at("isbn"))
		}
	}
	return nil
}

func linked(app core.App, op string, order collections.Order, lines []collections.OrderLine) error {
	if _, err := byID[collections.Year](app, op, order.Year, "year"); err != nil {
		return err
	}
	if _, err := byID[collections.Vendor](app, op, order.Vendor, "vendor"); err != nil {
		return err
	}
	for i, line := range lines {
		if _, err := byID[collections.Fund](app, op, line.Fund, fmt.Sprintf("lines.%d.fund", i)); err != nil {
			return err
		}
	}
	return nil
}

// settleDraft keeps what only acts may change, and finds a number.
func settleDraft(app core.App, op string, order collections.Order) (collections.Order, error) {
	if order.ID != "" {
		now, err := byID[collections.Order](app, op, order.ID, "id")
		if err != nil {
			return order, err
		}
		if now.State != ledger.Draft {
			return order, fault.New(op, fault.Conflict, "budget.not_draft").Named("not_draft")
		}
		if order.Number == "" {
			order.Number = now.Number
		}
	}
	order.State = ledger.Draft
	var err error
	if order.Number = strings.TrimSpace(order.Number); order.Number == "" {
		order.Number, err = nextNumber(app, op, order.Year)
		return order, err
	}
	_, taken, err := collections.Find[collections.Order](app, "number = {:number} AND id != {:id}", dbx.Params{"number": order.Number, "id": order.ID})
	if err == nil && taken {
		err = fault.New(op, fault.Conflict, "budget.number_taken", order.Number).Named("number_taken").At("number")
	}
	return order, err
}

// nextNumber is one above the largest number of the year, which is called by the two digits of the year in which it ends.
func nextNumber(app core.App, op, year string) (string, error) {
	of, err := byID[collections.Year](app, op, year, "year")
	if err != nil {
		return "", err
	}
	prefix := of.Ends.String()[2:4] + "-"
	var last int
	err = app.DB().NewQuery("SELECT COALESCE(MAX(CAST(substr(number, 4) AS INTEGER)), 0) FROM budget_orders WHERE number GLOB {:like}").
		Bind(dbx.Params{"like": prefix + "[0-9][0-9][0-9][0-9]*"}).Row(&last)
	return fmt.Sprintf("%s%04d", prefix, last+1), err
}

// saveLines replaces the lines of a draft; those that stay keep their ids.
func saveLines(app core.App, order string, lines []collections.OrderLine) error {
	old, err := linesOf(app, order)
	if err != nil {
		return err
	}
	for _, line := range old {
		if slices.ContainsFunc(lines, func(l collections.OrderLine) bool { return l.ID == line.ID }) {
			continue
		}
		if _, err := app.DB().Delete(collections.BudgetLines, dbx.HashExp{"id": line.ID}).Execute(); err != nil {
			return err
		}
	}
	for i, line := range lines {
		if !slices.ContainsFunc(old, func(l collections.OrderLine) bool { return l.ID == line.ID }) {
			line.ID = ""
		}
		line.Order, line.Position, line.Name = order, i+1, strings.TrimSpace(line.Name)
		known, _ := isbn.Parse(line.ISBN)
		line.ISBN = known.Text
		line.Total, line.Received, line.Encumbered, line.Spent = 0, 0, 0, 0
		if _, err := save(app, line, line.ID); err != nil {
			return err
		}
	}
	return nil
}

// linesOf reads the lines of an order in their order.
func linesOf(app core.App, order string) ([]collections.OrderLine, error) {
	return collections.All[collections.OrderLine](app, "order_id = {:order}", "position, id", dbx.Params{"order": order})
}
