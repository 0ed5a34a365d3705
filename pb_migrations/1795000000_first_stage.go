// Package pb_migrations tells how the store came to be. A migration is frozen once it has landed: PocketBase knows
// it by its file name, and it must mean the same for ever, so none of these files calls the typed records of package collections.
package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

const day = `^$|^\d{4}-\d{2}-\d{2}$`

func init() {
	m.Register(func(app core.App) error {
		steps := []func(core.App) error{
			dropUsers, createStaff, createPeople, createCatalogue, createRules, createCirculation,
			createNotices, createHousekeeping, createSearch, createGuards, narrowSettings,
		}
		for _, step := range steps {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

// dropUsers removes PocketBase's sample collection: it admits anyone who signs up.
func dropUsers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return nil //nolint:nilerr // already gone is what we want
	}
	return app.Delete(users)
}

func text(name string, max int) *core.TextField { return &core.TextField{Name: name, Max: max} }

func needed(name string, max int) *core.TextField {
	return &core.TextField{Name: name, Max: max, Required: true}
}

func date(name string) *core.TextField { return &core.TextField{Name: name, Max: 10, Pattern: day} }

func number(name string) *core.NumberField { return &core.NumberField{Name: name, OnlyInt: true} }

func yes(name string) *core.BoolField { return &core.BoolField{Name: name} }

func instant(name string) *core.DateField { return &core.DateField{Name: name} }

func object(name string) *core.JSONField { return &core.JSONField{Name: name, MaxSize: 1 << 20} }

func choice(name string, values ...string) *core.SelectField {
	return &core.SelectField{Name: name, Values: values, MaxSelect: 1, Required: true}
}

func created() *core.AutodateField { return &core.AutodateField{Name: "created", OnCreate: true} }

func updated() *core.AutodateField {
	return &core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true}
}

// to is a reference to one record; nothing ever cascades.
func to(app core.App, name, collection string) (*core.RelationField, error) {
	target, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	return &core.RelationField{Name: name, CollectionId: target.Id, MaxSelect: 1}, nil
}

// base saves a collection whose rules are all nil: closed to everybody but a superuser.
func base(app core.App, name string, indexes []string, fields ...core.Field) error {
	collection := core.NewBaseCollection(name)
	collection.Fields.Add(fields...)
	collection.Indexes = append(collection.Indexes, indexes...)
	return app.Save(collection)
}

func createStaff(app core.App) error {
	if err := base(app, "homerooms", []string{"CREATE UNIQUE INDEX idx_homerooms_name ON homerooms (name)"},
		needed("name", 120), text("teacher", 200), text("grade", 4), created(), updated()); err != nil {
		return err
	}
	homerooms, err := to(app, "homerooms", "homerooms")
	if err != nil {
		return err
	}
	homerooms.MaxSelect = 40
	staff := core.NewAuthCollection("staff")
	staff.Fields.Add(
		needed("name", 200),
		choice("role", "librarian", "aide", "volunteer", "teacher", "principal", "coordinator"),
		homerooms,
		text("language", 2),
		&core.BoolField{Name: "sample", Hidden: true},
		created(), updated(),
	)
	staff.ViewRule = types.Pointer("id = @request.auth.id")
	staff.AuthAlert.Enabled = false
	staff.OAuth2.Enabled = false
	staff.OTP.Enabled = false
	staff.AuthToken.Duration = 12 * 60 * 60 // a school day; a shared desk is not signed in overnight
	return app.Save(staff)
}

func createPeople(app core.App) error {
	if err := base(app, "patron_types", []string{"CREATE UNIQUE INDEX idx_patron_types_code ON patron_types (code)"},
		needed("code", 60), needed("name", 120), created(), updated()); err != nil {
		return err
	}
	kind, err := to(app, "type", "patron_types")
	if err != nil {
		return err
	}
	homeroom, err := to(app, "homeroom", "homerooms")
	if err != nil {
		return err
	}
	return base(app, "patrons", []string{
		"CREATE UNIQUE INDEX idx_patrons_barcode ON patrons (barcode) WHERE barcode != ''",
		"CREATE INDEX idx_patrons_barcode_key ON patrons (barcode_key)",
		"CREATE UNIQUE INDEX idx_patrons_card ON patrons (card) WHERE card != ''",
		"CREATE INDEX idx_patrons_district ON patrons (district_id)",
		"CREATE INDEX idx_patrons_source ON patrons (source_id)",
		"CREATE INDEX idx_patrons_homeroom ON patrons (homeroom)",
		"CREATE INDEX idx_patrons_name ON patrons (last_name, first_name)",
	},
		text("barcode", 64), text("barcode_key", 64), text("card", 64), text("district_id", 100), text("source_id", 200),
		text("last_name", 200), text("first_name", 200), text("grade", 4), kind, homeroom,
		text("email", 320), text("guardian_email", 1000), text("language", 12), date("birth_date"),
		choice("status", "active", "left"), date("expires"), text("block", 500), yes("keep_history"),
		&core.FileField{Name: "picture", MaxSelect: 1, MaxSize: 2 << 20, Protected: true, MimeTypes: []string{"image/jpeg", "image/png", "image/webp"}},
		created(), updated())
}

func createCatalogue(app core.App) error {
	if err := base(app, "titles", []string{
		"CREATE INDEX idx_titles_sort ON titles (sort_title)",
		"CREATE INDEX idx_titles_isbn ON titles (isbn)",
	},
		text("title", 4000), text("sort_title", 4000), text("author", 1000), text("publisher", 1000), number("year"),
		text("language", 3), text("type", 40), text("audience", 40), text("call_number", 200), text("isbn", 13),
		text("series", 2000), text("level", 200), text("summary", 20000), text("item_tag", 3),
		&core.FileField{Name: "cover", MaxSelect: 1, MaxSize: 2 << 20, MimeTypes: []string{"image/jpeg", "image/png", "image/webp"}},
		created(), updated(),
		// last, so that a list of titles never reads through it
		&core.TextField{Name: "marc", Max: 16 << 20, Hidden: true}); err != nil {
		return err
	}
	for _, family := range []string{"item_types", "locations"} {
		if err := base(app, family, []string{"CREATE UNIQUE INDEX idx_" + family + "_code ON " + family + " (code)"},
			needed("code", 60), needed("name", 120), number("position"), created(), updated()); err != nil {
			return err
		}
	}
	title, err := to(app, "title", "titles")
	if err != nil {
		return err
	}
	kind, err := to(app, "type", "item_types")
	if err != nil {
		return err
	}
	location, err := to(app, "location", "locations")
	if err != nil {
		return err
	}
	title.Required = true
	return base(app, "items", []string{
		"CREATE UNIQUE INDEX idx_items_barcode ON items (barcode) WHERE barcode != ''",
		"CREATE INDEX idx_items_barcode_key ON items (barcode_key)",
		"CREATE INDEX idx_items_title ON items (title)",
	},
		title, text("barcode", 64), text("barcode_key", 64), kind, location, text("call_number", 200), text("copy", 40),
		choice("status", "available", "missing", "lost", "damaged", "repair", "withdrawn"),
		yes("not_for_loan"), number("price_cents"), text("currency", 3), date("acquired"), text("vendor", 200), text("fund", 200),
		text("public_note", 2000), text("staff_note", 2000), instant("last_seen"),
		number("marc_index"), // 1-based place of the item's field in the title's record; 0 for an item made here
		created(), updated())
}

func createRules(app core.App) error {
	patronType, err := to(app, "patron_type", "patron_types")
	if err != nil {
		return err
	}
	itemType, err := to(app, "item_type", "item_types")
	if err != nil {
		return err
	}
	if err := base(app, "loan_rules", []string{"CREATE UNIQUE INDEX idx_loan_rules_scope ON loan_rules (patron_type, item_type)"},
		patronType, itemType, object("terms"), created(), updated()); err != nil {
		return err
	}
	if err := base(app, "calendar", []string{"CREATE INDEX idx_calendar_day ON calendar (day)"},
		choice("kind", "week", "closed", "open", "term_ceiling", "term_forced"),
		date("day"), date("until"), text("weekdays", 7), text("label", 200), created(), updated()); err != nil {
		return err
	}
	return seedRules(app)
}

// seedRules is the fresh library of the contract: Monday to Friday, 21 days, no limit, everything for loan.
func seedRules(app core.App) error {
	rules, err := app.FindCollectionByNameOrId("loan_rules")
	if err != nil {
		return err
	}
	site := core.NewRecord(rules)
	site.Set("terms", map[string]any{"loan_days": 21})
	if err := app.Save(site); err != nil {
		return err
	}
	calendar, err := app.FindCollectionByNameOrId("calendar")
	if err != nil {
		return err
	}
	week := core.NewRecord(calendar)
	week.Set("kind", "week")
	week.Set("weekdays", "12345")
	return app.Save(week)
}

func createCirculation(app core.App) error {
	item, err := to(app, "item", "items")
	if err != nil {
		return err
	}
	patron, err := to(app, "patron", "patrons")
	if err != nil {
		return err
	}
	item.Required = true
	if err := base(app, "loans", []string{
		"CREATE UNIQUE INDEX idx_loans_open_item ON loans (item) WHERE state = 'open'",
		"CREATE INDEX idx_loans_open_patron ON loans (patron) WHERE state = 'open'",
		"CREATE INDEX idx_loans_open_due ON loans (due) WHERE state = 'open'",
	},
		item, patron, choice("state", "open", "returned", "undone"),
		text("patron_type", 60), text("grade", 4), text("homeroom", 120),
		instant("out_at"), &core.TextField{Name: "due", Max: 10, Pattern: day, Required: true}, instant("returned_at"), number("renewals"),
		created(), updated()); err != nil {
		return err
	}
	// A fact refers by plain ids: it outlives what it speaks of.
	return base(app, "circ_events", []string{
		"CREATE UNIQUE INDEX idx_circ_events_key ON circ_events (key)",
		"CREATE INDEX idx_circ_events_loan ON circ_events (loan)",
		"CREATE INDEX idx_circ_events_item ON circ_events (item)",
		"CREATE UNIQUE INDEX idx_circ_events_seq ON circ_events (seq)",
	},
		needed("key", 64), choice("kind", "check_out", "return", "renew", "seen", "undo"),
		text("item", 15), text("patron", 15), text("loan", 15), text("reverses", 15),
		text("patron_type", 60), text("grade", 4), text("homeroom", 120),
		instant("at"), instant("recorded_at"),
		choice("door", "staff", "kiosk", "command"), text("actor", 15), object("data"), number("seq"))
}

func createNotices(app core.App) error {
	patron, err := to(app, "patron", "patrons")
	if err != nil {
		return err
	}
	if err := base(app, "notices", []string{
		"CREATE INDEX idx_notices_state ON notices (state, created)",
		"CREATE INDEX idx_notices_patron ON notices (patron)",
	},
		patron, choice("kind", "overdue"), number("step"), date("on_day"),
		choice("channel", "mail", "paper"), text("recipient", 320), text("language", 2),
		choice("disclosure", "count", "type", "title"),
		choice("state", "queued", "sending", "sent", "printed", "failed", "unknown", "cancelled"),
		number("attempts"), instant("next_try"), instant("sent_at"), text("error", 2000), created(), updated()); err != nil {
		return err
	}
	notice, err := to(app, "notice", "notices")
	if err != nil {
		return err
	}
	// One row a loan, kind and step: the unique index is what makes a second run a no-op. A loan that was renewed and is late again
	// has another due date, and is told of again.
	if err := base(app, "notice_loans", []string{
		"CREATE UNIQUE INDEX idx_notice_loans_step ON notice_loans (loan, kind, due, step, recipient)",
		"CREATE INDEX idx_notice_loans_notice ON notice_loans (notice)",
	}, notice, needed("loan", 15), choice("kind", "overdue"), date("due"), number("step"), text("recipient", 320)); err != nil {
		return err
	}
	return base(app, "notice_templates", []string{"CREATE UNIQUE INDEX idx_notice_templates ON notice_templates (kind, step, language)"},
		choice("kind", "overdue"), number("step"), choice("language", "en", "es"),
		needed("subject", 300), needed("body", 20000), created(), updated())
}

func createHousekeeping(app core.App) error {
	if err := base(app, "settings", []string{"CREATE UNIQUE INDEX idx_settings_key ON settings (key)"},
		needed("key", 100), object("value"), created(), updated()); err != nil {
		return err
	}
	if err := base(app, "kiosks", []string{
		"CREATE UNIQUE INDEX idx_kiosks_token ON kiosks (token_hash) WHERE token_hash != ''",
		"CREATE UNIQUE INDEX idx_kiosks_code ON kiosks (code_hash) WHERE code_hash != ''",
	},
		text("name", 120), choice("state", "waiting", "paired", "revoked"),
		&core.TextField{Name: "code_hash", Max: 64, Hidden: true}, instant("code_expires"),
		&core.TextField{Name: "token_hash", Max: 64, Hidden: true},
		instant("paired_at"), instant("last_seen"), object("settings"), created(), updated()); err != nil {
		return err
	}
	if err := base(app, "kiosk_questions", []string{
		"CREATE UNIQUE INDEX idx_kiosk_questions_fact ON kiosk_questions (key)",
		"CREATE INDEX idx_kiosk_questions_state ON kiosk_questions (state)",
	},
		needed("key", 64), text("kiosk", 15), text("fact", 15), choice("state", "open", "answered"),
		choice("reason", "rule", "on_loan", "unknown_item", "unknown_patron", "late", "overlap"),
		object("act"), instant("answered_at"), text("answered_by", 15), created(), updated()); err != nil {
		return err
	}
	if err := base(app, "job_runs", []string{"CREATE UNIQUE INDEX idx_job_runs_slot ON job_runs (job, slot)"},
		needed("job", 60), needed("slot", 60), choice("state", "running", "done", "failed"),
		instant("started"), instant("ended"), object("summary"), text("error", 2000), created(), updated()); err != nil {
		return err
	}
	return base(app, "audit", []string{"CREATE INDEX idx_audit_patron ON audit (patron)", "CREATE INDEX idx_audit_at ON audit (at)"},
		instant("at"), text("staff", 15), needed("action", 60), text("patron", 15), object("detail"))
}

// narrowSettings switches the platform's open defaults off. Signed-in staff are not limited: a class check-out is
// faster than any limit that would stop a guesser.
func narrowSettings(app core.App) error {
	settings := app.Settings()
	settings.Meta.AppName = "Carrel"
	settings.Meta.HideControls = true
	settings.Logs.MaxDays = 3
	settings.Logs.MinLevel = 4 // warnings: a line for each request would be a write for each, and tell who was looked at
	settings.Logs.LogAuthId = false
	settings.Logs.LogIP = false
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = []core.RateLimitRule{
		{Label: "*:auth", MaxRequests: 2, Duration: 3},
		{Label: "GET /api/carrel/search", MaxRequests: 50, Duration: 1},
		{Label: "POST /api/carrel/setup", MaxRequests: 5, Duration: 10},
		{Label: "/api/batch", MaxRequests: 3, Duration: 1, Audience: core.RateLimitRuleAudienceGuest},
		{Label: "/api/", MaxRequests: 300, Duration: 10, Audience: core.RateLimitRuleAudienceGuest},
	}
	return app.Save(settings)
}
