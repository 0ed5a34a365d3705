package imports

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

// points are the columns that name a row of another table. What they named may be gone.
var points = map[string]map[string]string{
	collections.Patrons: {"homeroom": collections.Homerooms, "type": collections.PatronTypes},
	collections.Items:   {"type": collections.ItemTypes, "location": collections.Locations},
}

// putBack gives the columns that the import changed their earlier values, if all of them are as the import left them; as tells that the whole row is.
// A row that was changed elsewhere since gets a new time of change, for those who look at it now.
func (u *undoing) putBack(b *store.Bulk, e entry, columns []string, as bool) (why string, err error) {
	changed, err := changedColumns(e, columns)
	if err != nil {
		return "", err
	}
	mark, err := text(b, "SELECT "+markOf(e.table, changed)+" FROM "+e.table+" WHERE id = ?", e.row)
	if err != nil {
		return "", err
	}
	if mark != e.part {
		return "changed", nil
	}
	if why, err := u.holds(b, e, changed); err != nil || why != "" {
		return why, err
	}
	var sets []string
	for _, column := range changed {
		sets = append(sets, column+" = "+earlier(e.table, column))
	}
	values := []any{e.before.String}
	if as {
		sets = append(sets, "updated = COALESCE(json_extract(?1, '$.updated'), updated)")
	} else {
		sets = append(sets, "updated = ?3")
	}
	values = append(values, e.row)
	if !as {
		values = append(values, types.NowDateTime().String())
	}
	done, err := b.Try("UPDATE OR IGNORE "+e.table+" SET "+strings.Join(sets, ", ")+" WHERE id = ?2", values...)
	if err == nil && !done {
		why = "taken" // a barcode that somebody else has by now
	}
	return why, err
}

// changedColumns are the columns of an entry but for the time of the change, in the order of the table.
func changedColumns(e entry, columns []string) (changed []string, err error) {
	var before map[string]json.RawMessage
	if err := json.Unmarshal([]byte(e.before.String), &before); err != nil {
		return nil, err
	}
	for _, column := range columns {
		if _, ok := before[column]; ok && column != "updated" {
			changed = append(changed, column)
		}
	}
	return changed, nil
}

// markOf is the mark of some columns as they are.
func markOf(table string, columns []string) string {
	return "carrel_mark(" + pairs(columns, func(c string) string { return table + "." + c }) + ")"
}

// earlier is the value of a column before the import, as SQL whose first parameter is the entry's JSON.
func earlier(table, column string) string {
	value := "json_extract(?1, '$." + column + "')"
	if target := points[table][column]; target != "" {
		return "COALESCE((SELECT id FROM " + target + " WHERE id = " + value + "), '')"
	}
	return value
}

// holds tells why a title or item stays as the import made it although nobody changed it: a record and the places of its items in it belong together.
func (u *undoing) holds(b *store.Bulk, e entry, changed []string) (why string, err error) {
	switch {
	case e.table == collections.Titles:
		return text(b, `SELECT 'has_items' FROM import_kept JOIN items ON items.id = import_kept.row
			WHERE import_kept.import = ? AND import_kept.tbl = 'items' AND items.title = ? LIMIT 1`, u.id, e.row)
	case e.table == collections.Items && slices.Contains(changed, "marc_index"):
		return u.titleHolds(b, e)
	}
	return "", nil
}

// titleHolds tells that the title of an item will stay as it is, because somebody changed it since.
func (u *undoing) titleHolds(b *store.Bulk, e entry) (why string, err error) {
	title, err := text(b, "SELECT title FROM items WHERE id = ?", e.row)
	if err != nil {
		return "", err
	}
	last := entry{table: collections.Titles, row: title}
	row, err := b.Row(`SELECT COALESCE(before, ''), part FROM import_changes WHERE row = ? AND import = ? AND tbl = 'titles' AND seq < ?
		ORDER BY seq DESC LIMIT 1`, title, u.id, e.seq)
	if err != nil {
		return "", err
	}
	err = row.Scan(&last.before.String, &last.part)
	if errors.Is(err, sql.ErrNoRows) || err == nil && last.part == "" {
		return "", nil // the record is not changed, or new
	}
	if err != nil {
		return "", err
	}
	columns, err := u.columnsOf(b, collections.Titles)
	if err != nil {
		return "", err
	}
	changed, err := changedColumns(last, columns)
	if err != nil {
		return "", err
	}
	mark, err := text(b, "SELECT "+markOf(collections.Titles, changed)+" FROM titles WHERE id = ?", title)
	if err == nil && mark != last.part {
		why = "title_changed"
	}
	return why, err
}
