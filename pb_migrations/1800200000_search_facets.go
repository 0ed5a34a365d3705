package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What a search narrows and sorts by beside words, and a journal of merged titles.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{widenSearch, createMerges} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

// widenSearch adds columns to the documents. Most of them come from the MARC records, which SQL cannot read, so the documents that are there are
// left at form 0 and the server makes them anew when it next runs, some at a time; the index over them is empty from then on.
func widenSearch(app core.App) error {
	return execAll(app,
		`ALTER TABLE search_doc ADD COLUMN kind TEXT NOT NULL DEFAULT ''`,
		`ALTER TABLE search_doc ADD COLUMN bands INTEGER NOT NULL DEFAULT 0`,     // grades K-2 (1), 3-5 (2), 6-8 (4), 9-12 (8)
		`ALTER TABLE search_doc ADD COLUMN lexile TEXT NOT NULL DEFAULT ''`,      // below-500, 500-750, above-750
		`ALTER TABLE search_doc ADD COLUMN added TEXT NOT NULL DEFAULT ''`,       // day
		`ALTER TABLE search_doc ADD COLUMN year INTEGER NOT NULL DEFAULT 0`,      // of publication
		`ALTER TABLE search_doc ADD COLUMN grades TEXT NOT NULL DEFAULT ''`,      // "2-5", as shown
		`ALTER TABLE search_doc ADD COLUMN title_order TEXT NOT NULL DEFAULT ''`, // what results are sorted by
		`ALTER TABLE search_doc ADD COLUMN author_order TEXT NOT NULL DEFAULT ''`,
		`ALTER TABLE search_doc ADD COLUMN call_order TEXT NOT NULL DEFAULT ''`,
		`ALTER TABLE search_doc ADD COLUMN form INTEGER NOT NULL DEFAULT 0`,
		`CREATE INDEX idx_search_doc_old ON search_doc (id) WHERE form = 0`,
	)
}

// createMerges keeps what each merge of titles changed: a row of merge_moves is one row of another table that then spoke of another title, or a
// double that went, with its columns as they were.
func createMerges(app core.App) error {
	return execAll(app,
		`CREATE TABLE merges (
			id       TEXT PRIMARY KEY,
			key      TEXT NOT NULL UNIQUE,
			undo_key TEXT NOT NULL DEFAULT '',
			keep     TEXT NOT NULL,
			titles   TEXT NOT NULL, -- ids of the doubles, as JSON
			items    INTEGER NOT NULL,
			holds    INTEGER NOT NULL,
			staff    TEXT NOT NULL,
			at       TEXT NOT NULL,
			undone   TEXT NOT NULL DEFAULT ''
		)`,
		`CREATE INDEX idx_merges_at ON merges (at)`,
		`CREATE TABLE merge_moves (
			seq    INTEGER PRIMARY KEY,
			merge  TEXT NOT NULL,
			tbl    TEXT NOT NULL,
			row    TEXT NOT NULL,
			title  TEXT NOT NULL, -- the title it spoke of
			before TEXT           -- the whole row as JSON, when it went
		)`,
		`CREATE INDEX idx_merge_moves ON merge_moves (merge)`,
	)
}
