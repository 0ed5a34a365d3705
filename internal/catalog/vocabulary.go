package catalog

import (
	"fmt"
	"strings"

	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// vocabulary is the item types or the locations of the school, by code. One met in an import and not known yet is made, with a
// warning: it may be a misspelling.
type vocabulary struct {
	table string
	name  string // in a warning
	ids   map[string]string
}

func (v *vocabulary) load(app core.App) error {
	rows := []struct {
		ID   string `db:"id"`
		Code string `db:"code"`
	}{}
	if err := app.DB().Select("id", "code").From(v.table).All(&rows); err != nil {
		return err
	}
	v.ids = map[string]string{}
	for _, row := range rows {
		v.ids[row.Code] = row.ID
	}
	return nil
}

// id is the id of the entry called code; "" for no code.
func (v *vocabulary) id(b *store.Bulk, w *importer, code string) (string, error) {
	code = strings.Join(strings.Fields(code), " ")
	if code == "" {
		return "", nil
	}
	if runes := []rune(code); len(runes) > 60 {
		code = string(runes[:60])
	}
	if id, ok := v.ids[code]; ok {
		return id, nil
	}
	id, now := newID(), types.NowDateTime().String()
	v.ids[code] = id
	w.summary.warn("", 0, "new_"+strings.ReplaceAll(v.name, " ", "_"), fmt.Sprintf("the %s %s is new", v.name, code))
	if w.options.DryRun {
		return id, nil
	}
	return id, b.Exec("INSERT INTO "+v.table+" (id, code, name, position, created, updated) VALUES (?, ?, ?, ?, ?, ?)", id, code, code, len(v.ids), now, now)
}
