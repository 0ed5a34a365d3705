package catalog

import (
	"database/sql"
	"errors"
	"strings"

	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

// vocabulary is the item types or the locations of the school, by code.
type vocabulary struct {
	table string
	ids   map[string]string // of the codes met so far
}

// maxCode is the length of a code in characters, as the store has it.
const maxCode = 60

// codeOf is the code by which a record's word for a type or a location is known.
func codeOf(word string) string { return clip(strings.Join(strings.Fields(word), " "), maxCode) }

// id is the id of the entry called code, "" for no code. One that is not known yet is made: it may be a misspelling, so the caller
// warns of it.
func (v *vocabulary) id(b *store.Bulk, code string) (id string, added bool, err error) {
	if code == "" {
		return "", false, nil
	}
	if id, ok := v.ids[code]; ok {
		return id, false, nil
	}
	row, err := b.Row("SELECT id FROM "+v.table+" WHERE code = ?", code)
	if err != nil {
		return "", false, err
	}
	if err = row.Scan(&id); errors.Is(err, sql.ErrNoRows) {
		id, added = newID(), true
		err = v.add(b, id, code)
	}
	v.ids[code] = id
	return id, added, err
}

func (v *vocabulary) add(b *store.Bulk, id, code string) error {
	now := types.NowDateTime().String()
	return b.Exec("INSERT INTO "+v.table+" (id, code, name, position, created, updated) SELECT ?, ?, ?, COALESCE(MAX(position), 0) + 1, ?, ? FROM "+v.table,
		id, code, code, now, now)
}
