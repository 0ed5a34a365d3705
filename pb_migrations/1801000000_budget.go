package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Money: fiscal years, funds, vendors, orders with lines, invoices, requests, and the ledger in which every change of a fund is a fact. No door writes these as
// records; the amounts of a fund and of a line are derived from the ledger in the same transaction. All amounts are whole cents of the site's currency.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createYears, createOrders, createLedger, createRequests} {
			if err := step(app); err != nil {
				return err
			}
		}
		return widen(app, "items", nil, []string{"CREATE INDEX idx_items_order_line ON items (order_line) WHERE order_line != ''"}, text("order_line", 15))
	}, nil)
}

func createYears(app core.App) error {
	err := base(app, "budget_years", []string{"CREATE UNIQUE INDEX idx_budget_years_starts ON budget_years (starts)"},
		needed("name", 40), date("starts"), date("ends"), instant("closed_at"), created(), updated())
	if err != nil {
		return err
	}
	year, err := to(app, "year", "budget_years")
	if err != nil {
		return err
	}
	year.Required = true
	if err := base(app, "budget_funds", []string{"CREATE UNIQUE INDEX idx_budget_funds_name ON budget_funds (year, name)"},
		year, needed("name", 80), choice("kind", "allocation", "grant", "gift", "fundraiser"),
		text("purpose", 200),                   // what alone it may be spent on, in words
		text("funder", 120), text("award", 60), // of a grant
		date("spend_by"), date("report_by"),
		number("allocated"), number("transferred"), number("spent"), number("encumbered"), // derived
		number("position"), created(), updated()); err != nil {
		return err
	}
	return base(app, "budget_vendors", []string{"CREATE UNIQUE INDEX idx_budget_vendors_name ON budget_vendors (name)"},
		needed("name", 120), text("account", 60), text("email", 320), text("phone", 40), text("address", 400), text("note", 500),
		number("discount"), // the usual one, in hundredths of a percent
		created(), updated())
}

func createOrders(app core.App) error {
	links := map[string]*core.RelationField{}
	for name, collection := range map[string]string{"year": "budget_years", "vendor": "budget_vendors", "fund": "budget_funds", "title": "titles"} {
		link, err := to(app, name, collection)
		if err != nil {
			return err
		}
		link.Required = name != "title"
		links[name] = link
	}
	if err := base(app, "budget_orders", []string{
		"CREATE UNIQUE INDEX idx_budget_orders_number ON budget_orders (number)",
		"CREATE INDEX idx_budget_orders_state ON budget_orders (state, year)",
	},
		links["year"], links["vendor"], needed("number", 40), text("name", 120),
		choice("state", "draft", "approved", "sent", "partly_received", "received", "closed", "cancelled"),
		number("discount"), number("shipping"), number("tax"), text("note", 1000), text("standing", 12), // how often it is made anew: "", monthly, yearly
		instant("approved_at"), text("approved_by", 15), instant("sent_at"), date("expected"), instant("ended_at"),
		created(), updated()); err != nil {
		return err
	}
	order, err := to(app, "order_id", "budget_orders")
	if err != nil {
		return err
	}
	order.Required = true
	if err := base(app, "budget_lines", []string{"CREATE INDEX idx_budget_lines_order ON budget_lines (order_id, position)", "CREATE INDEX idx_budget_lines_title ON budget_lines (title)"},
		order, links["fund"], links["title"], needed("name", 400), text("isbn", 13), number("pieces"), number("price"),
		number("total"),                       // with its share of discount, shipping and tax; fixed when the order is sent
		number("received"),                    // pieces
		number("encumbered"), number("spent"), // derived
		number("position"), text("request", 15), text("note", 500), created(), updated()); err != nil {
		return err
	}
	return base(app, "budget_invoices", []string{"CREATE UNIQUE INDEX idx_budget_invoices_number ON budget_invoices (order_id, number)"},
		order, needed("number", 60), date("day"), number("cents"), text("note", 500), created(), updated())
}

// createLedger makes the facts: budget_acts says what was done, budget_ledger what it did to which fund. The store refuses to forget or change either.
func createLedger(app core.App) error {
	if err := base(app, "budget_acts", []string{
		"CREATE UNIQUE INDEX idx_budget_acts_key ON budget_acts (key)",
		"CREATE UNIQUE INDEX idx_budget_acts_reverses ON budget_acts (reverses) WHERE reverses != ''",
		"CREATE INDEX idx_budget_acts_about ON budget_acts (about)",
	},
		needed("key", 64), choice("kind", "allocate", "transfer", "adjust", "approve", "send", "receive", "invoice", "close", "cancel", "roll", "undo"),
		text("about", 15),    // the order, fund or year it speaks of
		text("reverses", 15), // the act that an undo takes back
		object("data"), text("reason", 500), text("actor", 15), instant("at"), number("seq")); err != nil {
		return err
	}
	if err := base(app, "budget_ledger", []string{
		"CREATE INDEX idx_budget_ledger_fund ON budget_ledger (fund, seq)",
		"CREATE INDEX idx_budget_ledger_act ON budget_ledger (act)",
		"CREATE INDEX idx_budget_ledger_line ON budget_ledger (line) WHERE line != ''",
		"CREATE UNIQUE INDEX idx_budget_ledger_seq ON budget_ledger (seq)",
	},
		needed("act", 15), needed("fund", 15), choice("kind", "allocate", "transfer_in", "transfer_out", "encumber", "disencumber", "spend", "refund", "adjust"),
		number("cents"), text("order_id", 15), text("line", 15), text("invoice", 15), text("reverses", 15), instant("at"), number("seq")); err != nil {
		return err
	}
	var guards []string
	for _, table := range []string{"budget_acts", "budget_ledger"} {
		guards = append(guards,
			"CREATE TRIGGER "+table+"_kept BEFORE DELETE ON "+table+" BEGIN SELECT RAISE(ABORT, 'a fact of the ledger is never deleted'); END",
			"CREATE TRIGGER "+table+"_fixed BEFORE UPDATE ON "+table+" BEGIN SELECT RAISE(ABORT, 'a fact of the ledger is never changed'); END")
	}
	return execAll(app, guards...)
}

// createRequests keeps what teachers and students ask the library to get. A student's request names the class at most.
func createRequests(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("budget_requests"); err == nil {
		return nil // an early stage made it
	}
	staff, err := to(app, "staff", "staff")
	if err != nil {
		return err
	}
	return base(app, "budget_requests", []string{"CREATE INDEX idx_budget_requests_state ON budget_requests (state)"},
		staff, needed("name", 400), text("author", 200), text("isbn", 13), text("why", 1000), text("for", 120),
		choice("state", "asked", "ordered", "here", "declined"), text("answer", 1000), text("line", 15), created(), updated())
}
