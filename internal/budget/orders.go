package budget

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/isbn"
	"carrel/internal/ledger"
	"carrel/internal/money"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The bounds of an order: what is above is a slip of the finger.
const (
	maxLines  = 500
	maxPieces = 10_000
)

// SaveOrder makes a draft, or changes one with all its lines. A new order gets the next number of its year ("26-0001") unless it brings one. The codes are
// fault.NotFound (year, vendor, lines.0.fund), fault.Invalid (lines.0.name …), fault.Conflict (not_draft, number_taken, changed, year_closed). With the key of an
// earlier call it answers the order that made.
func SaveOrder(app core.App, key string, order collections.Order, lines []collections.OrderLine) (saved collections.Order, err error) {
	const op = "budget.SaveOrder"
	if order, err = tidyOrder(op, order, lines); err != nil {
		return order, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		now, id, err := madeWith[collections.Order](app, op, "order", key, order.ID)
		if err != nil || now.ID != "" && order.ID == "" {
			saved = now
			return err
		}
		order.ID = id
		if err := linked(app, op, order, lines); err != nil {
			return err
		}
		if order, err = settleDraft(app, op, order, now); err != nil {
			return err
		}
		if saved, err = save(app, order, now.ID != ""); err != nil {
			return err
		}
		return saveLines(app, saved.ID, lines)
	})
	return saved, err
}

// Standings are how often an order may be made anew.
var Standings = []string{"", "monthly", "yearly"}

func tidyOrder(op string, order collections.Order, lines []collections.OrderLine) (collections.Order, error) {
	order.Name, order.Note = site.OneLine(order.Name), strings.TrimSpace(order.Note)
	if err := checkText(op, "name", order.Name, 120); err != nil {
		return order, err
	}
	if err := checkText(op, "note", order.Note, 1000); err != nil {
		return order, err
	}
	if !slices.Contains(Standings, order.Standing) {
		return order, fault.New(op, fault.Invalid, "budget.bad_standing").At("standing")
	}
	for field, amount := range map[string]int{"discount": order.Discount, "shipping": order.Shipping, "tax": order.Tax} {
		if amount < 0 {
			return order, fault.New(op, fault.Invalid, "money.negative").At(field)
		}
		if amount > money.Most {
			return order, fault.New(op, fault.Invalid, "budget.too_much").At(field)
		}
	}
	return order, checkLines(op, lines)
}

func checkLines(op string, lines []collections.OrderLine) error {
	if len(lines) > maxLines {
		return fault.New(op, fault.Invalid, "budget.too_many_lines", maxLines).At("lines")
	}
	all := 0
	for i, line := range lines {
		at := func(field string) string { return fmt.Sprintf("lines.%d.%s", i, field) }
		switch {
		case strings.TrimSpace(line.Name) == "":
			return fault.New(op, fault.Invalid, "budget.needs_name").At(at("name"))
		case utf8.RuneCountInString(line.Name) > 400:
			return fault.New(op, fault.Invalid, "budget.long", 400).At(at("name"))
		case line.Pieces < 1 || line.Pieces > maxPieces:
			return fault.New(op, fault.Invalid, "budget.bad_pieces", maxPieces).At(at("pieces"))
		case line.Price < 0:
			return fault.New(op, fault.Invalid, "money.negative").At(at("price"))
		case line.Price > money.Most:
			return fault.New(op, fault.Invalid, "budget.too_much").At(at("price"))
		}
		if known, _ := isbn.Parse(line.ISBN); line.ISBN != "" && !known.Valid {
			return fault.New(op, fault.Invalid, "budget.bad_isbn").At(at("isbn"))
		}
		if all += line.Pieces * line.Price; all > money.Most {
			return fault.New(op, fault.Invalid, "budget.too_much").At(at("price"))
		}
	}
	return nil
}

func linked(app core.App, op string, order collections.Order, lines []collections.OrderLine) error {
	if err := openYear(app, op, order.Year, "year"); err != nil {
		return err
	}
	if _, err := byID[collections.Vendor](app, op, order.Vendor, "vendor"); err != nil {
		return err
	}
	for i, line := range lines {
		at := fmt.Sprintf("lines.%d.", i)
		fund, err := byID[collections.Fund](app, op, line.Fund, at+"fund")
		if err != nil {
			return err
		}
		if fund.Year != order.Year {
			return fault.New(op, fault.Invalid, "budget.fund_of_other_year", fund.Name).At(at + "fund")
		}
		if line.Title != "" {
			if _, err := byID[collections.Title](app, op, line.Title, at+"title"); err != nil {
				return err
			}
		}
		if line.Request != "" {
			if _, err := byID[collections.Request](app, op, line.Request, at+"request"); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleDraft keeps what only acts may change, and finds a number. Now is the order as it is kept; without an id it is a new one.
func settleDraft(app core.App, op string, order, now collections.Order) (collections.Order, error) {
	if now.ID != "" {
		if now.State != ledger.Draft {
			return order, fault.New(op, fault.Conflict, "budget.not_draft").Named("not_draft")
		}
		if err := unchanged(op, order.Updated, now.Updated, true); err != nil {
			return order, err
		}
		if order.Number == "" {
			order.Number = now.Number
		}
		order.Again, order.Follows = now.Again, now.Follows
	}
	order, err := settleStanding(app, order, now)
	if err != nil {
		return order, err
	}
	order.State = ledger.Draft
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

// settleStanding says when a standing order is made anew; that of one that stays as often as it was stays.
func settleStanding(app core.App, order, now collections.Order) (collections.Order, error) {
	switch {
	case order.Standing == "":
		order.Again = 0
	case order.Again == 0 || order.Standing != now.Standing && now.ID != "":
		day, _, err := today(app, time.Now())
		if err != nil {
			return order, err
		}
		order.Again = nextTime(order.Standing, day)
	}
	return order, nil
}

// nextNumber is one above the largest number with the prefix, and no less than the settings say. Numbers never come again: an order is never deleted.
func nextNumber(app core.App, op, year string) (string, error) {
	settings, err := site.LoadBudget(app)
	if err != nil {
		return "", err
	}
	prefix := settings.Prefix
	if prefix == "" {
		of, err := byID[collections.Year](app, op, year, "year")
		if err != nil {
			return "", err
		}
		prefix = of.Ends.String()[2:4] + "-"
	}
	var last int
	err = app.DB().NewQuery(`SELECT COALESCE(MAX(CAST(substr(number, {:n} + 1) AS INTEGER)), 0) FROM budget_orders
		WHERE substr(number, 1, {:n}) = {:prefix} AND length(number) BETWEEN {:n} + 1 AND {:n} + 9 AND substr(number, {:n} + 1) NOT GLOB '*[^0-9]*'`).
		Bind(dbx.Params{"prefix": prefix, "n": utf8.RuneCountInString(prefix)}).Row(&last)
	return fmt.Sprintf("%s%04d", prefix, max(last+1, settings.Next)), err
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
		if _, err := save(app, line, line.ID != ""); err != nil {
			return err
		}
	}
	return nil
}

// linesOf reads the lines of an order in their order.
func linesOf(app core.App, order string) ([]collections.OrderLine, error) {
	return collections.All[collections.OrderLine](app, "order_id = {:order}", "position, id", dbx.Params{"order": order})
}
