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

// journal notes every change of the transactions it stands around. It does so by triggers that are made at the beginning of each of these transactions
// and dropped at its end: nothing that the import writes can be missed, and what the desk writes between two of them is never seen.
type journal struct {
	id     string
	make   string // the triggers, made up once
	unmake string
}

func (j *journal) begin(b *store.Bulk) error {
	if j.make == "" {
		if err := j.prepare(b); err != nil {
			return err
		}
	}
	return b.Script(j.make)
}

func (j *journal) end(b *store.Bulk) error { return b.Script(j.unmake) }

func (j *journal) prepare(b *store.Bulk) error {
	var triggers, drops strings.Builder
	for _, table := range journaled {
		columns, err := columnsOf(b, table)
		if err != nil {
			return err
		}
		fmt.Fprintf(&triggers, `CREATE TEMP TRIGGER carrel_added_%[1]s AFTER INSERT ON main.%[1]s BEGIN
			INSERT INTO import_changes (import, tbl, row, part, whole) VALUES ('%[2]s', '%[1]s', NEW.id, '', %[3]s); END;
		CREATE TEMP TRIGGER carrel_changed_%[1]s AFTER UPDATE ON main.%[1]s BEGIN
			INSERT INTO import_changes (import, tbl, row, before, part, whole) VALUES ('%[2]s', '%[1]s', NEW.id, %[4]s, %[5]s, %[3]s); END;
		CREATE TEMP TRIGGER carrel_deleted_%[1]s BEFORE DELETE ON main.%[1]s BEGIN
			SELECT RAISE(ABORT, 'an import deletes nothing'); END;
		`, table, j.id, wholeMark("NEW", columns), before(columns), partMark(columns))
		for _, kind := range []string{"added", "changed", "deleted"} {
			fmt.Fprintf(&drops, "DROP TRIGGER temp.carrel_%s_%s;", kind, table)
		}
	}
	j.make, j.unmake = triggers.String(), drops.String()
	return nil
}

func columnsOf(b *store.Bulk, table string) (columns []string, err error) {
	rows, err := b.Rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		columns = append(columns, name)
	}
	return columns, rows.Err()
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

// partMark marks the columns that are changed, but for the time of the change, as they are now.
func partMark(columns []string) string {
	return "carrel_mark(" + pairs(columns, func(c string) string {
		if c == "updated" {
			return "NULL"
		}
		return fmt.Sprintf("CASE WHEN OLD.%[1]s IS NOT NEW.%[1]s THEN NEW.%[1]s END", c)
	}) + ")"
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
