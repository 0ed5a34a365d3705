package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Reports that somebody saved, and what package use counts from the facts: derived tables, which can be emptied and counted again at any time. They
// speak of no person. A cell whose count has come to nothing is deleted.
func init() {
	m.Register(func(app core.App) error {
		if err := createSavedReports(app); err != nil {
			return err
		}
		return execAll(app,
			// up to which fact it is counted, and in what form (the version of the counting and the time zone)
			`CREATE TABLE use_mark (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, form TEXT NOT NULL)`,
			`CREATE TABLE use_days (
				day TEXT NOT NULL, kind TEXT NOT NULL, grade TEXT NOT NULL, patron_type TEXT NOT NULL, door TEXT NOT NULL, n INTEGER NOT NULL,
				PRIMARY KEY (day, kind, grade, patron_type, door)
			) WITHOUT ROWID`,
			`CREATE TABLE use_hours (
				day TEXT NOT NULL, hour TEXT NOT NULL, kind TEXT NOT NULL, door TEXT NOT NULL, n INTEGER NOT NULL,
				PRIMARY KEY (day, hour, kind, door)
			) WITHOUT ROWID`,
			`CREATE TABLE use_shelves (
				day TEXT NOT NULL, kind TEXT NOT NULL, band TEXT NOT NULL, location TEXT NOT NULL, type TEXT NOT NULL, n INTEGER NOT NULL,
				PRIMARY KEY (day, kind, band, location, type)
			) WITHOUT ROWID`,
			`CREATE TABLE use_titles (title TEXT NOT NULL, day TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (title, day)) WITHOUT ROWID`,
			`CREATE INDEX idx_use_titles_day ON use_titles (day, title, n)`,
			// where each item stood when it was counted, with all its loans and the day of the last one
			`CREATE TABLE use_items (
				item TEXT PRIMARY KEY, title TEXT NOT NULL, band TEXT NOT NULL, location TEXT NOT NULL, type TEXT NOT NULL,
				loans INTEGER NOT NULL, last TEXT NOT NULL
			) WITHOUT ROWID`,
			`CREATE INDEX idx_use_items_title ON use_items (title, loans, last)`,
			// counted items that may stand somewhere else now
			`CREATE TABLE use_moved (item TEXT PRIMARY KEY) WITHOUT ROWID`,
			`CREATE TRIGGER use_item_added AFTER INSERT ON items WHEN EXISTS (SELECT 1 FROM use_items WHERE item = NEW.id) BEGIN
				INSERT OR IGNORE INTO use_moved (item) VALUES (NEW.id);
			END`,
			`CREATE TRIGGER use_item_moved AFTER UPDATE OF title, location, type, call_number ON items
				WHEN OLD.title != NEW.title OR OLD.location != NEW.location OR OLD.type != NEW.type OR OLD.call_number != NEW.call_number BEGIN
				INSERT OR IGNORE INTO use_moved (item) SELECT item FROM use_items WHERE item = NEW.id;
			END`,
			`CREATE TRIGGER use_item_gone AFTER DELETE ON items BEGIN
				INSERT OR IGNORE INTO use_moved (item) SELECT item FROM use_items WHERE item = OLD.id;
			END`,
			`CREATE TRIGGER use_title_moved AFTER UPDATE OF call_number, merged_into ON titles
				WHEN OLD.call_number != NEW.call_number OR OLD.merged_into != NEW.merged_into BEGIN
				INSERT OR IGNORE INTO use_moved (item) SELECT item FROM use_items JOIN items ON items.id = use_items.item WHERE items.title = NEW.id;
				INSERT OR IGNORE INTO use_moved (item) SELECT item FROM use_items WHERE title IN (NEW.id, NULLIF(OLD.merged_into, ''));
			END`,
		)
	}, nil)
}

func createSavedReports(app core.App) error {
	return base(app, "saved_reports", []string{"CREATE UNIQUE INDEX idx_saved_reports ON saved_reports (report, name)"},
		needed("name", 120), needed("report", 40), object("parameters"), text("staff", 15), created(), updated())
}
