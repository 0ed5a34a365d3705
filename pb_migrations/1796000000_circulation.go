package pb_migrations

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The second stage: the whole of circulation. Holds, fees and restrictions come to the loans, every act may have several facts,
// and the state of an item is told by facts too.
func init() {
	m.Register(func(app core.App) error {
		steps := []func(core.App) error{
			widenItems, widenLoans, widenFacts, createHolds, createFees, createRestrictions, createInventories,
			widenCalendar, widenNotices,
		}
		for _, step := range steps {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

// widen adds fields and indexes to a collection and values to its choices.
func widen(app core.App, name string, choices map[string][]string, indexes []string, fields ...core.Field) error {
	collection, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	for field, values := range choices {
		selection, ok := collection.Fields.GetByName(field).(*core.SelectField)
		if !ok {
			return fmt.Errorf("%s.%s is not a choice", name, field)
		}
		selection.Values = append(selection.Values, values...)
	}
	collection.Fields.Add(fields...)
	collection.Indexes = append(collection.Indexes, indexes...)
	return app.Save(collection)
}

func widenItems(app core.App) error {
	err := widen(app, "items", map[string][]string{"status": {"incomplete", "transit"}}, nil,
		text("home", 120)) // the site it belongs to; empty for this one
	if err != nil {
		return err
	}
	title, err := to(app, "title", "titles")
	if err != nil {
		return err
	}
	title.Required, title.CascadeDelete = true, true // a tag is nothing without its title
	return base(app, "title_tags", []string{
		"CREATE UNIQUE INDEX idx_title_tags ON title_tags (title, folded)",
		"CREATE INDEX idx_title_tags_folded ON title_tags (folded)",
	}, title, needed("tag", 120), needed("folded", 120), created())
}

func widenLoans(app core.App) error {
	return widen(app, "loans", map[string][]string{"state": {"lost", "missing"}}, []string{
		"CREATE INDEX idx_loans_claim ON loans (patron) WHERE claim != ''",
		"CREATE INDEX idx_loans_linked ON loans (returned_at) WHERE state != 'open' AND patron != ''",
	}, text("claim", 12), instant("claimed_at"))
}

func widenFacts(app core.App) error {
	err := widen(app, "circ_events", map[string][]string{"kind": {
		"due", "claim", "claim_drop", "lost", "missing", "damaged", "pieces", "repair", "found", "withdraw", "in_house", "transfer", "arrive", "scan",
		"hold", "hold_ready", "hold_fill", "hold_cancel", "hold_expire", "hold_move", "charge", "pay", "waive", "refund",
	}}, []string{
		"CREATE INDEX idx_circ_events_act ON circ_events (act) WHERE act != ''",
		"CREATE INDEX idx_circ_events_about ON circ_events (about) WHERE about != ''",
	},
		text("act", 64),   // the key of the act, on every fact of it but the first
		text("about", 15), // the hold, charge or inventory the fact speaks of
	)
	if err != nil {
		return err
	}
	return execAll(app, `UPDATE circ_events SET act = substr(key, 1, length(key) - 7) WHERE key LIKE '%:return'`)
}

func createHolds(app core.App) error {
	links := map[string]*core.RelationField{}
	for name, collection := range map[string]string{"patron": "patrons", "title": "titles", "wanted": "items", "caught": "items"} {
		link, err := to(app, name, collection)
		if err != nil {
			return err
		}
		links[name] = link
	}
	return base(app, "holds", []string{
		"CREATE INDEX idx_holds_queue ON holds (title, rank) WHERE ended_at = ''",
		"CREATE UNIQUE INDEX idx_holds_caught ON holds (caught) WHERE state = 'ready'",
		"CREATE INDEX idx_holds_pickup ON holds (pickup_by) WHERE state = 'ready'",
		"CREATE INDEX idx_holds_active ON holds (patron) WHERE ended_at = ''",
		"CREATE INDEX idx_holds_linked ON holds (ended_at) WHERE patron != ''",
	},
		links["patron"], links["title"],
		links["wanted"], // one item only; empty for any item of the title
		links["caught"], // the item kept on the hold shelf
		choice("state", "waiting", "ready", "filled", "cancelled", "expired", "undone"),
		&core.NumberField{Name: "rank"}, // place in the queue; a fraction stands between two others
		instant("placed_at"), instant("ready_at"), date("pickup_by"), instant("ended_at"),
		text("patron_type", 60), text("grade", 4), text("homeroom", 120),
		created(), updated())
}

func createFees(app core.App) error {
	patron, err := to(app, "patron", "patrons")
	if err != nil {
		return err
	}
	item, err := to(app, "item", "items")
	if err != nil {
		return err
	}
	return base(app, "fees", []string{
		"CREATE INDEX idx_fees_open ON fees (patron) WHERE state = 'open'",
		"CREATE INDEX idx_fees_linked ON fees (settled_at) WHERE patron != ''",
		"CREATE INDEX idx_fees_loan ON fees (loan)",
	},
		patron, item, text("loan", 15), choice("state", "open", "settled", "undone"),
		choice("reason", "late", "lost", "damaged", "pieces", "other"), text("note", 500),
		number("cents"), number("paid"), number("waived"), number("refunded"), instant("at"), instant("settled_at"),
		text("patron_type", 60), text("grade", 4), text("homeroom", 120),
		created(), updated())
}

// createRestrictions keeps what families asked for.
func createRestrictions(app core.App) error {
	patron, err := to(app, "patron", "patrons")
	if err != nil {
		return err
	}
	title, err := to(app, "title", "titles")
	if err != nil {
		return err
	}
	patron.Required, patron.CascadeDelete = true, true // it says something about nobody else
	return base(app, "restrictions", []string{
		"CREATE UNIQUE INDEX idx_restrictions ON restrictions (patron, mode, scope, title, folded)",
	},
		patron, choice("mode", "deny", "allow", "ask"), choice("scope", "all", "title", "tag", "author", "series"),
		title, text("value", 300), text("folded", 300), text("note", 500), created(), updated())
}

func createInventories(app core.App) error {
	location, err := to(app, "location", "locations")
	if err != nil {
		return err
	}
	return base(app, "inventories", nil,
		text("name", 200), location, text("from_call_number", 200), text("to_call_number", 200),
		choice("state", "open", "closed"), instant("started_at"), instant("ended_at"), created(), updated())
}

func widenCalendar(app core.App) error {
	err := widen(app, "calendar", map[string][]string{"kind": {"cycle"}}, nil,
		date("starts"),      // of a term: its first day, when known
		text("labels", 120), // of a cycle: the names of its days, "A, B"
		text("source", 255)) // of an imported entry: its identity in the calendar it came from
	if err != nil {
		return err
	}
	return widen(app, "homerooms", nil, nil, text("library_days", 120)) // "tue, thu", or days of the cycle: "A"
}

func widenNotices(app core.App) error {
	kinds := map[string][]string{"kind": {"due_soon", "hold_ready", "hold_expired", "fee", "claim", "recall"}}
	err := widen(app, "notices", kinds,
		[]string{"CREATE UNIQUE INDEX idx_notices_hold ON notices (hold, kind, step, recipient) WHERE hold != ''"},
		text("hold", 15))
	if err != nil {
		return err
	}
	if err := widen(app, "notice_loans", kinds, nil); err != nil {
		return err
	}
	return widen(app, "notice_templates", kinds, nil)
}
