package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What a title was before each change of its record, for as long as the title is here. A plain table: no door reads or writes it as records.
func init() {
	m.Register(func(app core.App) error {
		return execAll(app,
			`CREATE TABLE title_versions (
				title   TEXT NOT NULL,
				n       INTEGER NOT NULL, -- 1, 2 … by title
				at      TEXT NOT NULL,    -- when the record was changed; of a sitting its last change
				staff   TEXT NOT NULL,    -- by whom; empty for an import
				how     TEXT NOT NULL,    -- form, marc, import, merge or restore
				sitting TEXT NOT NULL,    -- the changes of one sitting are one version; empty for none
				marc    TEXT NOT NULL     -- the record before
			)`,
			`CREATE UNIQUE INDEX idx_title_versions ON title_versions (title, n)`,
		)
	}, nil)
}
