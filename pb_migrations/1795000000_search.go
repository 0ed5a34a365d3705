package pb_migrations

import "github.com/pocketbase/pocketbase/core"

// createSearch makes the search index. It is an own table because record tables have no integer key that survives a
// VACUUM. title_keys holds the matching keys of imported records; both are derived from titles and can be rebuilt.
func createSearch(app core.App) error {
	return execAll(app,
		`CREATE TABLE search_doc (
			id        INTEGER PRIMARY KEY,
			title_id  TEXT NOT NULL UNIQUE,
			title     TEXT NOT NULL DEFAULT '',
			author    TEXT NOT NULL DEFAULT '',
			subjects  TEXT NOT NULL DEFAULT '',
			more      TEXT NOT NULL DEFAULT '',
			codes     TEXT NOT NULL DEFAULT '',
			exact     TEXT NOT NULL DEFAULT '',
			type      TEXT NOT NULL DEFAULT '',
			language  TEXT NOT NULL DEFAULT '',
			audience  TEXT NOT NULL DEFAULT '',
			locations TEXT NOT NULL DEFAULT '',
			year      INTEGER NOT NULL DEFAULT 0,
			items     INTEGER NOT NULL DEFAULT 0,
			available INTEGER NOT NULL DEFAULT 0
		)`,
		`CREATE INDEX idx_search_doc_exact ON search_doc (exact)`,
		`CREATE VIRTUAL TABLE search_fts USING fts5 (
			title, author, subjects, more, codes,
			content = 'search_doc', content_rowid = 'id',
			tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
		)`,
		// The words of the index, for the nearest word to a mistyped one.
		`CREATE VIRTUAL TABLE search_vocab USING fts5vocab (search_fts, 'row')`,
		`CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN
			INSERT INTO search_fts (rowid, title, author, subjects, more, codes)
			VALUES (new.id, new.title, new.author, new.subjects, new.more, new.codes);
		END`,
		`CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN
			INSERT INTO search_fts (search_fts, rowid, title, author, subjects, more, codes)
			VALUES ('delete', old.id, old.title, old.author, old.subjects, old.more, old.codes);
		END`,
		`CREATE TRIGGER search_doc_changed AFTER UPDATE OF title, author, subjects, more, codes ON search_doc BEGIN
			INSERT INTO search_fts (search_fts, rowid, title, author, subjects, more, codes)
			VALUES ('delete', old.id, old.title, old.author, old.subjects, old.more, old.codes);
			INSERT INTO search_fts (rowid, title, author, subjects, more, codes)
			VALUES (new.id, new.title, new.author, new.subjects, new.more, new.codes);
		END`,
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
