package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Books that were scanned to be added, the records kept on the box to find them by, and how the sources on the internet are doing.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createAdds, createPool, createSources} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

// createAdds keeps one row for each scan: whatever was scanned stays until somebody adds it or takes it away.
func createAdds(app core.App) error {
	return base(app, "adds", []string{
		"CREATE UNIQUE INDEX idx_adds_key ON adds (key)",
		"CREATE INDEX idx_adds_isbn ON adds (isbn)",
		"CREATE INDEX idx_adds_import ON adds (import) WHERE import != ''",
	},
		needed("key", 64),
		text("code", 120), text("isbn", 13), // as it was scanned, and the number in it: 13 digits, or none
		instant("scanned"), text("staff", 15),
		choice("state", "new", "waiting", "ready", "own", "choose", "needs"),
		object("found"),                               // the records that were found, the best first
		number("chosen"),                              // which of them, from 1; 0: nobody has chosen yet
		text("call_number", 200), text("barcode", 64), // where a person said otherwise
		object("tried"), object("why"),
		text("import", 15), text("item", 15), // what became of it
		created(), updated())
}

// createPool keeps records that were brought to be found by later scans. Plain tables: no door reads or writes them as records.
func createPool(app core.App) error {
	return execAll(app,
		`CREATE TABLE pool (
			id      TEXT PRIMARY KEY,
			name    TEXT NOT NULL,
			kind    TEXT NOT NULL, -- file or district
			records INTEGER NOT NULL,
			at      TEXT NOT NULL
		) WITHOUT ROWID`,
		`CREATE TABLE pool_records (
			id   INTEGER PRIMARY KEY,
			pool TEXT NOT NULL,
			marc TEXT NOT NULL
		)`,
		`CREATE INDEX idx_pool_records_pool ON pool_records (pool)`,
		`CREATE TABLE pool_isbns (
			isbn   TEXT NOT NULL,
			record INTEGER NOT NULL,
			PRIMARY KEY (isbn, record)
		) WITHOUT ROWID`,
		`CREATE INDEX idx_pool_isbns_record ON pool_isbns (record)`,
	)
}

// createSources keeps when a source may be asked again, so that a restart is no way around its wish to be left alone.
func createSources(app core.App) error {
	return execAll(app, `CREATE TABLE lookup_sources (
		id    TEXT PRIMARY KEY,
		state TEXT NOT NULL, -- '' when it answered, else offline, portal, limited or broken
		since TEXT NOT NULL, -- of the state
		next  TEXT NOT NULL, -- when it may be asked again
		tries INTEGER NOT NULL
	) WITHOUT ROWID`)
}
