package catalog

import (
	"database/sql"
	"errors"

	"carrel/collections"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

// Refresh makes what is derived from a title, its matching keys and its place in the search index, fit the title and its items as they are now; those
// of a title that is gone go, and one that was merged into another keeps its keys only. It belongs in the transaction that changed them.
func Refresh(b *store.Bulk, id string) error {
	if err := b.Exec(deleteKeys, id); err != nil {
		return err
	}
	found, err := indexTitle(b, id)
	if err != nil {
		return err
	}
	if !found {
		if err := RemoveDoc(b, id); err != nil {
			return err
		}
	}
	keys, err := keysOf(b, id)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := b.Exec(insertKey, key, id); err != nil {
			return err
		}
	}
	return nil
}

// keysOf are the keys by which an import finds a title again. A title made here has none.
func keysOf(b *store.Bulk, id string) ([]string, error) {
	var title collections.Title
	row, err := b.Row("SELECT item_tag, marc FROM titles WHERE id = ?", id)
	if err != nil {
		return nil, err
	}
	if err := row.Scan(&title.ItemTag, &title.MARC); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		return nil, err
	}
	record, err := marc.Decode([]byte(title.MARC))
	if err != nil {
		return nil, nil //nolint:nilerr // a record that cannot be read matches nothing
	}
	if keys := marc.MatchKeys(marc.Extract(record)); len(keys) > 0 {
		return keys, nil
	}
	return []string{contentKey(record, title.ItemTag)}, nil
}

// RefreshIn is Refresh inside the transaction of app.
func RefreshIn(app core.App, id string) error {
	b, err := store.Inside(app)
	if err != nil {
		return err
	}
	return Refresh(b, id)
}
