package pb_migrations

import "github.com/pocketbase/pocketbase/core"

// createSearch makes the search index. It is an own table because record tables have no integer key that survives a
// VACUUM. title_keys holds the matching keys of imported records; both are derived from titles and can be rebuilt.
//
// search_fts keeps no text of its own and can forget a row without being told its words, so it cannot disagree with a
// content table. Its words arrive folded and cut, parted by blanks; "." stands only within numbers, "#" only before codes.
// search_doc is narrow, because a search reads one row of it for each match.
func createSearch(app core.App) error {
	return execAll(app,
		`CREATE TABLE search_doc (
			id        INTEGER PRIMARY KEY,
			title_id  TEXT NOT NULL UNIQUE,
			title     TEXT NOT NULL DEFAULT '',
			type      TEXT NOT NULL DEFAULT '',
			language  TEXT NOT NULL DEFAULT '',
			audience  TEXT NOT NULL DEFAULT '',
			locations TEXT NOT NULL DEFAULT '',
			items     INTEGER NOT NULL DEFAULT 0,
			available INTEGER NOT NULL DEFAULT 0
		)`,
		`CREATE INDEX idx_search_doc_title ON search_doc (title)`,
		`CREATE VIRTUAL TABLE search_fts USING fts5 (
			title, author, subjects, more, codes,
			content = '', contentless_delete = 1,
			tokenize = "ascii tokenchars '.#'", prefix = '1 2 3'
		)`,
		// 4 MB of words in memory before a segment is written, not 1: fewer segments to merge while importing.
		`INSERT INTO search_fts (search_fts, rank) VALUES ('hashsize', 4194304)`,
		// The words of the index, for the nearest word to a mistyped one.
		`CREATE VIRTUAL TABLE search_vocab USING fts5vocab (search_fts, 'row')`,
		`CREATE TABLE title_keys (
			key      TEXT NOT NULL,
			title_id TEXT NOT NULL,
			PRIMARY KEY (key, title_id)
		) WITHOUT ROWID`,
		`CREATE INDEX idx_title_keys_title ON title_keys (title_id)`,
	)
}

// createGuards makes the store itself refuse to forget a fact, whoever asks.
func createGuards(app core.App) error {
	return execAll(app,
		`CREATE TRIGGER circ_events_kept BEFORE DELETE ON circ_events BEGIN
			SELECT RAISE(ABORT, 'a circulation fact is never deleted');
		END`,
	)
}

func execAll(app core.App, statements ...string) error {
	for _, statement := range statements {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return err
		}
	}
	return nil
}
