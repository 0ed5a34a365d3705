package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Bulk changes that are looked at before, run as a job and can be taken back.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createImports, createImportJournal} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func createImports(app core.App) error {
	return base(app, "imports", []string{"CREATE INDEX idx_imports_state ON imports (state, queued)"},
		choice("kind", "titles", "roster", "pictures", "turnover"),
		choice("state", "reading", "ready", "running", "done", "stopped", "undoing", "undone", "unreadable"),
		text("file", 255), number("size"), // as it was called, and its bytes
		text("staff", 15), text("language", 2), // who brought it, and in which language reports are written
		instant("queued"),  // since when it waits for its turn
		instant("applied"), // when it was first applied
		text("apply_key", 64), text("undo_key", 64),
		number("facts"),     // the last fact before it was applied
		number("undone_to"), // the entry of the journal down to which it is taken back; 0 before
		number("done"), number("total"),
		object("options"), object("columns"), object("preview"), object("result"), object("error"),
		created(), updated())
}

// createImportJournal keeps what each import changed. Plain tables: no door reads or writes them as records. A row of import_changes is never
// changed; it goes when the import is taken back or thirty days are over.
func createImportJournal(app core.App) error {
	return execAll(app,
		`CREATE TABLE import_changes (
			seq    INTEGER PRIMARY KEY,
			import TEXT NOT NULL,
			tbl    TEXT NOT NULL,
			row    TEXT NOT NULL,
			before TEXT, -- the columns that were changed as they were, as JSON; NULL: the row is new
			part   TEXT NOT NULL, -- mark of those columns as the import left them
			whole  TEXT NOT NULL  -- mark of the whole row as the import left it
		)`,
		`CREATE INDEX idx_import_changes_import ON import_changes (import)`,
		`CREATE INDEX idx_import_changes_row ON import_changes (row)`,
		// What taking back left as it was, because somebody used it since.
		`CREATE TABLE import_kept (
			import TEXT NOT NULL,
			tbl    TEXT NOT NULL,
			row    TEXT NOT NULL,
			why    TEXT NOT NULL,
			PRIMARY KEY (import, tbl, row)
		) WITHOUT ROWID`,
	)
}
