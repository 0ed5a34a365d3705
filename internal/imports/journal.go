package imports

import (
	"context"
	"fmt"
	"strings"

	"carrel/collections"
	"carrel/internal/store"
)

// journaled are the tables whose rows an import adds or changes. What is derived from them, keys and the search index, is made anew.
var journaled = []string{
	collections.Titles, collections.Items, collections.ItemTypes, collections.Locations,
	collections.Patrons, collections.PatronTypes, collections.Homerooms,
}

// journal notes every change of the transactions it stands around. It does so by temporary triggers on the one connection that writes, which work only
// while carrel_now has a row: from the beginning of each of these transactions to its end. So nothing that the import writes can be missed, and what the
// desk writes between two of them is not noted. The triggers write to a temporary table; the end makes entries of it. (A trigger that called
// carrel_mark would cost each statement a savepoint, and search a flush; making the triggers anew each time cost a tenth of a polite transaction.)
type journal struct {
	id     string
	make   string // the triggers, made up once
	made   bool
	copies map[string]string // by table: what makes entries of its changes; its parameter is the last entry before
}

func (j *journal) begin(b *store.Bulk) error {
	if j.make == "" {
		if err := j.prepare(b); err != nil {
			return err
		}
	}
	there, err := text(b, "SELECT name FROM temp.sqlite_master WHERE name = 'carrel_now'")
	if err != nil {
		return err
	}
	if !j.made || there == "" { // the connection is another one, or an import before this one was cut off
		if err := b.Script(dropJournal + j.make); err != nil {
			return err
		}
		j.made = true
	}
	return b.Exec("INSERT INTO temp.carrel_now (id) VALUES (1)")
}

func (j *journal) prepare(b *store.Bulk) error {
	j.copies = map[string]string{}
	var triggers strings.Builder
	triggers.WriteString(`CREATE TEMP TABLE carrel_now (id INTEGER PRIMARY KEY);
		CREATE TEMP TABLE carrel_changes (seq INTEGER PRIMARY KEY, tbl TEXT, row TEXT, before TEXT);`)
	for _, table := range journaled {
		columns, err := columnsOf(b, table)
		if err != nil {
			return err
		}
		fmt.Fprintf(&triggers, `CREATE TEMP TRIGGER carrel_added_%[1]s AFTER INSERT ON main.%[1]s WHEN EXISTS (SELECT 1 FROM carrel_now) BEGIN
			INSERT INTO carrel_changes (tbl, row) VALUES ('%[1]s', NEW.id); END;
		CREATE TEMP TRIGGER carrel_changed_%[1]s AFTER UPDATE ON main.%[1]s WHEN EXISTS (SELECT 1 FROM carrel_now) BEGIN
			INSERT INTO carrel_changes (tbl, row, before) VALUES ('%[1]s', NEW.id, %[2]s); END;
		CREATE TEMP TRIGGER carrel_deleted_%[1]s BEFORE DELETE ON main.%[1]s WHEN EXISTS (SELECT 1 FROM carrel_now) BEGIN
			SELECT RAISE(ABORT, 'an import deletes nothing'); END;
		`, table, before(columns))
		j.copies[table] = fmt.Sprintf(`INSERT INTO import_changes (seq, import, tbl, row, before, part, whole)
			SELECT ?1 + c.seq, '%s', c.tbl, c.row, c.before, CASE WHEN c.before IS NULL THEN '' ELSE %s END, %s
			FROM temp.carrel_changes AS c JOIN %s AS t ON t.id = c.row WHERE c.tbl = '%s' ORDER BY c.seq`, j.id, partMark("t", columns), wholeMark("t", columns), table, table)
	}
	j.make = triggers.String()
	return nil
}

// dropJournal takes away what a journal made on the connection.
var dropJournal = func() string {
	var drops strings.Builder
	for _, table := range journaled {
		for _, kind := range []string{"added", "changed", "deleted"} {
			fmt.Fprintf(&drops, "DROP TRIGGER IF EXISTS temp.carrel_%s_%s;", kind, table)
		}
	}
	return drops.String() + "DROP TABLE IF EXISTS temp.carrel_now; DROP TABLE IF EXISTS temp.carrel_changes;"
}()

// endJournal takes the triggers away, so that the desk does not even pass them. Were it not called, they would go with the connection.
func (r *Runner) endJournal() error {
	b, err := store.NewBulk(r.app, true)
	if err != nil {
		return err
	}
	defer b.Abort()
	if err := b.Do(func(b *store.Bulk) error { return b.Script(dropJournal) }); err != nil {
		return err
	}
	return b.Flush()
}

func (j *journal) end(b *store.Bulk) error {
	if err := b.Exec("DELETE FROM temp.carrel_now"); err != nil {
		return err
	}
	if err := mergeChanges(b); err != nil {
		return err
	}
	tables, err := texts(b, "SELECT DISTINCT tbl FROM temp.carrel_changes")
	if err != nil || len(tables) == 0 {
		return err
	}
	var last int64
	row, err := b.Row("SELECT COALESCE(MAX(seq), 0) FROM import_changes")
	if err != nil {
		return err
	}
	if err := row.Scan(&last); err != nil {
		return err
	}
	for _, table := range tables {
		if err := b.Exec(j.copies[table], last); err != nil {
			return err
		}
	}
	return b.Exec("DELETE FROM temp.carrel_changes")
}

// mergeChanges leaves one change of each row, at the place of the first: a transaction happens as one.
func mergeChanges(b *store.Bulk) error {
	again, err := changedAgain(b)
	if err != nil {
		return err
	}
	for _, change := range again {
		// what the earlier change kept is older than what the later one did
		err := b.Exec(`UPDATE temp.carrel_changes SET before = json_patch((SELECT before FROM temp.carrel_changes WHERE seq = ?2), before)
			WHERE seq = ?1 AND before IS NOT NULL`, change.first, change.seq)
		if err == nil {
			err = b.Exec("DELETE FROM temp.carrel_changes WHERE seq = ?", change.seq)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// repeated is a further change of a row in one transaction.
type repeated struct{ first, seq int64 }

// changedAgain lists them, the oldest first.
func changedAgain(b *store.Bulk) (again []repeated, err error) {
	rows, err := b.Rows(`SELECT first, seq FROM (SELECT seq, MIN(seq) OVER (PARTITION BY tbl, row) AS first FROM temp.carrel_changes) WHERE seq > first ORDER BY seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var change repeated
		if err := rows.Scan(&change.first, &change.seq); err != nil {
			return nil, err
		}
		again = append(again, change)
	}
	return again, rows.Err()
}

func columnsOf(b *store.Bulk, table string) ([]string, error) {
	return texts(b, "SELECT name FROM pragma_table_info(?) ORDER BY cid", table)
}

// texts are the answers of a query for one column.
func texts(b *store.Bulk, query string, args ...any) (found []string, err error) {
	rows, err := b.Rows(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

// pairs is a list of names and values for a function of SQL.
func pairs(columns []string, value func(column string) string) string {
	list := make([]string, 0, len(columns))
	for _, column := range columns {
		list = append(list, "'"+column+"', "+value(column))
	}
	return strings.Join(list, ", ")
}

// wholeMark marks a row. Empty values do not count, so that a column which a later version adds changes no mark.
func wholeMark(row string, columns []string) string {
	return "carrel_mark(" + pairs(columns, func(c string) string { return fmt.Sprintf("NULLIF(NULLIF(%s.%s, ''), 0)", row, c) }) + ")"
}

// before keeps the columns that are changed, as they were. No column is NULL, so NULL can stand for one that stays.
func before(columns []string) string {
	return "json_patch('{}', json_object(" + pairs(columns, func(c string) string {
		return fmt.Sprintf("CASE WHEN OLD.%[1]s IS NOT NEW.%[1]s THEN OLD.%[1]s END", c)
	}) + "))"
}

// partMark marks the columns that were changed, but for the time of the change, as they are now.
func partMark(row string, columns []string) string {
	return "carrel_mark(" + pairs(columns, func(c string) string {
		if c == "updated" {
			return "NULL"
		}
		return fmt.Sprintf("CASE WHEN json_extract(c.before, '$.%[1]s') IS NOT NULL THEN %[2]s.%[1]s END", c, row)
	}) + ")"
}

// metMark is the part of an entry that changes nothing: the import has a row that an earlier one added, so taking that one back keeps it.
const metMark = "met"

// metBy notes such rows; a dry run notes nothing.
func metBy(id string, dry bool) func(b *store.Bulk, table, row string) error {
	if dry {
		return nil
	}
	return func(b *store.Bulk, table, row string) error {
		return b.Exec(`INSERT INTO import_changes (import, tbl, row, before, part, whole) SELECT ?1, ?2, ?3, '{}', ?4, ''
			WHERE EXISTS (SELECT 1 FROM import_changes WHERE row = ?3 AND tbl = ?2 AND import != ?1 AND before IS NULL)`, id, table, row, metMark)
	}
}

// untilCancelled is the frame of work that writes no journal and ends between two transactions when ctx does.
func untilCancelled(ctx context.Context) store.Frame {
	return store.Frame{Begin: func(*store.Bulk) error { return ctx.Err() }}
}

// journaledUntilCancelled is the frame of an import that is applied: it also writes how far it is into its row.
func journaledUntilCancelled(j *job) store.Frame {
	journal := &journal{id: j.id}
	return store.Frame{
		Begin: func(b *store.Bulk) error {
			if err := j.ctx.Err(); err != nil {
				return err
			}
			return journal.begin(b)
		},
		End: func(b *store.Bulk) error {
			if err := journal.end(b); err != nil {
				return err
			}
			done, total := j.progress()
			return b.Exec("UPDATE imports SET done = ?, total = ? WHERE id = ?", done, total, j.id)
		},
	}
}
