package pb_migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The people of the staff app: what is known of a patron at the desk, and an index by which they are listed and found by name.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{widenPatrons, createPatronIndex, keepPatronIndex, fillPatronIndex} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func widenPatrons(app core.App) error {
	return widen(app, "patrons", nil, []string{
		"CREATE INDEX idx_patrons_block ON patrons (id) WHERE block != ''",
		"CREATE INDEX idx_patrons_expires ON patrons (expires) WHERE expires != ''",
	}, text("note", 4000), text("say_name", 200), text("reads", 200))
}

// createPatronIndex makes an own table, because record tables have no integer key that survives a VACUUM. It has all that a list of patrons is
// filtered and sorted by, so that a page of it is read from one of its indexes alone.
//
// patron_words keeps its text, unlike the index of the catalogue: with it a deleted name is overwritten in the index too.
func createPatronIndex(app core.App) error {
	return execAll(app,
		`CREATE TABLE patron_index (
			id      INTEGER PRIMARY KEY,
			patron  TEXT NOT NULL UNIQUE,
			name    TEXT NOT NULL,    -- folded, last name first
			room    TEXT NOT NULL,    -- '0' and the name of the homeroom; '1', behind all of them, for none
			grade   INTEGER NOT NULL, -- PK is -1, K is 0; 99 for none
			status  TEXT NOT NULL,
			type    TEXT NOT NULL,
			picture INTEGER NOT NULL
		)`,
		`CREATE INDEX idx_patron_index_name ON patron_index (name, id, status, type, picture)`,
		`CREATE INDEX idx_patron_index_room ON patron_index (room, name, id, status, type, picture)`,
		`CREATE INDEX idx_patron_index_grade ON patron_index (grade, name, id, status, type, picture)`,
		`CREATE VIRTUAL TABLE patron_words USING fts5 (words, tokenize = "ascii tokenchars '#'", prefix = '1 2 3')`,
		`INSERT INTO patron_words (patron_words, rank) VALUES ('secure-delete', 1)`,
	)
}

// What the index has of a row of patrons, called NEW.
const (
	indexedName  = `ltrim(carrel_fold(NEW.last_name) || char(9) || carrel_fold(NEW.first_name), char(9))`
	indexedRoom  = `COALESCE((SELECT '0' || name FROM homerooms WHERE id = NEW.homeroom), '1')`
	indexedGrade = `CASE NEW.grade WHEN 'PK' THEN -1 WHEN 'K' THEN 0 WHEN '' THEN 99 ELSE CAST(NEW.grade AS INTEGER) END`
	indexedWords = `carrel_words(NEW.first_name || ' ' || NEW.last_name) || ' ' || carrel_code(NEW.barcode) || ' ' || carrel_code(NEW.barcode_key)`
	indexedRow   = `INSERT INTO patron_index (patron, name, room, grade, status, type, picture)
		SELECT NEW.id, ` + indexedName + `, ` + indexedRoom + `, ` + indexedGrade + `, NEW.status, NEW.type, NEW.picture != ''`
	rowOf = `(SELECT id FROM patron_index WHERE patron = `
)

// keepPatronIndex keeps the index by triggers: rosters and imports write patrons by SQL, which no hook sees.
func keepPatronIndex(app core.App) error {
	return execAll(app,
		`CREATE TRIGGER patron_index_added AFTER INSERT ON patrons BEGIN
			`+indexedRow+`;
			INSERT INTO patron_words (rowid, words) SELECT `+rowOf+`NEW.id), `+indexedWords+`;
		END`,
		`CREATE TRIGGER patron_index_named AFTER UPDATE OF last_name, first_name, barcode, barcode_key ON patrons
			WHEN OLD.last_name != NEW.last_name OR OLD.first_name != NEW.first_name OR OLD.barcode != NEW.barcode OR OLD.barcode_key != NEW.barcode_key BEGIN
			UPDATE patron_index SET name = `+indexedName+` WHERE patron = NEW.id;
			UPDATE patron_words SET words = `+indexedWords+` WHERE rowid = `+rowOf+`NEW.id);
		END`,
		`CREATE TRIGGER patron_index_moved AFTER UPDATE OF grade, homeroom, status, type, picture ON patrons
			WHEN OLD.grade != NEW.grade OR OLD.homeroom != NEW.homeroom OR OLD.status != NEW.status OR OLD.type != NEW.type OR OLD.picture != NEW.picture BEGIN
			UPDATE patron_index SET room = `+indexedRoom+`, grade = `+indexedGrade+`, status = NEW.status, type = NEW.type, picture = NEW.picture != ''
				WHERE patron = NEW.id;
		END`,
		`CREATE TRIGGER patron_index_deleted AFTER DELETE ON patrons BEGIN
			DELETE FROM patron_words WHERE rowid = `+rowOf+`OLD.id);
			DELETE FROM patron_index WHERE patron = OLD.id;
		END`,
		`CREATE TRIGGER patron_index_room AFTER UPDATE OF name ON homerooms WHEN OLD.name != NEW.name BEGIN
			UPDATE patron_index SET room = '0' || NEW.name WHERE patron IN (SELECT id FROM patrons WHERE homeroom = NEW.id);
		END`,
		`CREATE TRIGGER patron_index_no_room AFTER DELETE ON homerooms BEGIN
			UPDATE patron_index SET room = '1' WHERE patron IN (SELECT id FROM patrons WHERE homeroom = OLD.id);
		END`,
	)
}

func fillPatronIndex(app core.App) error {
	return execAll(app,
		strings.ReplaceAll(indexedRow+` FROM patrons ORDER BY id`, "NEW.", "patrons."),
		strings.ReplaceAll(`INSERT INTO patron_words (rowid, words) SELECT patron_index.id, `+indexedWords+`
			FROM patron_index JOIN patrons ON patrons.id = patron_index.patron`, "NEW.", "patrons."),
	)
}
