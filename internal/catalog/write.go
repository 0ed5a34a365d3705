package catalog

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"carrel/collections"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// importer writes parsed records. What it needs of the store it asks record by record, inside the transaction that writes.
type importer struct {
	app       core.App
	bulk      *store.Bulk
	options   ImportOptions
	summary   *Summary
	types     vocabulary
	locations vocabulary

	// what a dry run would have written by now
	seenKeys     map[string]bool
	seenBarcodes map[string]bool
}

func newID() string {
	return security.PseudorandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

// title imports one record with its items, whole.
func (w *importer) title(file string, p parsed) error {
	for _, repair := range p.repairs {
		w.summary.warn(file, p.record, repair.Code, repair.Message())
	}
	return w.bulk.Do(func(b *store.Bulk) error {
		old, found, err := w.match(b, p.keys)
		if err != nil {
			return err
		}
		if found && w.options.Match == MatchSkip {
			w.summary.Titles.Skipped++
			w.summary.Items.Skipped += len(p.items)
			return nil
		}
		if !found {
			old = known{id: newID(), added: true}
		}
		return w.write(b, file, p, old)
	})
}

// known is a title as the store has it; added says that it is made by this record.
type known struct {
	id    string
	marc  string
	added bool
}

// match finds the title of a record by its keys, the surest first.
func (w *importer) match(b *store.Bulk, keys []string) (title known, found bool, err error) {
	if w.options.Match == MatchAdd {
		return title, false, nil
	}
	for _, key := range keys {
		if w.options.DryRun && w.seenKeys[key] {
			return known{}, true, nil
		}
		row, err := b.Row("SELECT titles.id, titles.marc FROM title_keys JOIN titles ON titles.id = title_keys.title_id WHERE title_keys.key = ? LIMIT 1", key)
		if err != nil {
			return title, false, err
		}
		err = row.Scan(&title.id, &title.marc)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		return title, err == nil, err
	}
	return title, false, nil
}

func (w *importer) write(b *store.Bulk, file string, p parsed, old known) error {
	changed := old.added || old.marc != string(p.marc)
	switch {
	case old.added:
		w.summary.Titles.Added++
	case changed:
		w.summary.Titles.Updated++
	default:
		w.summary.Titles.Skipped++
	}
	if changed && !w.options.DryRun {
		if err := w.writeTitle(b, p, old); err != nil {
			return err
		}
	}
	var items []collections.Item
	for _, facts := range p.items {
		item, wrote, err := w.item(b, file, p, facts, old)
		if err != nil {
			return err
		}
		if item.ID != "" {
			items = append(items, item)
		}
		changed = changed || wrote
	}
	if w.options.DryRun {
		for _, key := range p.keys {
			w.seenKeys[key] = true
		}
		return nil
	}
	if !changed {
		return nil
	}
	title := titleOf(p, old.id)
	if old.added {
		return AddDoc(b, MakeDoc(title, p.facts, items))
	}
	if err := unplace(b, old.id, items); err != nil {
		return err
	}
	all, err := shelvedItems(b, old.id)
	if err != nil {
		return err
	}
	return PutDoc(b, MakeDoc(title, p.facts, all))
}

// unplace tells the items that the new record does not speak of that they have no field in it.
func unplace(b *store.Bulk, title string, items []collections.Item) error {
	kept := make([]string, len(items))
	for i, item := range items {
		kept[i] = item.ID
	}
	ids, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return b.Exec("UPDATE items SET marc_index = 0 WHERE title = ? AND marc_index > 0 AND id NOT IN (SELECT value FROM json_each(?))", title, string(ids))
}

// titleOf is the title a record makes.
func titleOf(p parsed, id string) collections.Title {
	f := p.facts
	return collections.Title{
		ID: id, Title: f.Title, SortTitle: f.SortTitle, Author: f.Author, Publisher: f.Publisher, Year: f.Year, Language: f.Language,
		Type: f.Type, Audience: f.Audience, CallNumber: f.CallNumber, ISBN: firstOf(f.ISBNs), Series: strings.Join(f.Series, "; "),
		Level: level(f), Summary: f.Summary, ItemTag: p.itemTag, MARC: string(p.marc),
	}
}

const (
	insertTitle = `INSERT INTO titles (title, sort_title, author, publisher, year, language, type, audience, call_number, isbn, series, level,
		summary, item_tag, marc, updated, cover, created, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)`
	updateTitle = `UPDATE titles SET title = ?, sort_title = ?, author = ?, publisher = ?, year = ?, language = ?, type = ?, audience = ?,
		call_number = ?, isbn = ?, series = ?, level = ?, summary = ?, item_tag = ?, marc = ?, updated = ? WHERE id = ?`
	insertKey  = "INSERT OR IGNORE INTO title_keys (key, title_id) VALUES (?, ?)"
	deleteKeys = "DELETE FROM title_keys WHERE title_id = ?"
)

func (w *importer) writeTitle(b *store.Bulk, p parsed, old known) error {
	t, now := titleOf(p, old.id), types.NowDateTime().String()
	values := []any{
		t.Title, t.SortTitle, t.Author, t.Publisher, t.Year, t.Language, t.Type, t.Audience, t.CallNumber, t.ISBN,
		t.Series, t.Level, t.Summary, t.ItemTag, t.MARC, now,
	}
	statement := updateTitle
	if old.added {
		statement = insertTitle
		values = append(values, now)
	} else if err := b.Exec(deleteKeys, old.id); err != nil {
		return err
	}
	if err := b.Exec(statement, append(values, old.id)...); err != nil {
		return err
	}
	for _, key := range p.keys {
		if err := b.Exec(insertKey, key, old.id); err != nil {
			return err
		}
	}
	return nil
}

func firstOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// level is the reading level as a school shows it.
func level(f marc.Facts) string {
	if f.Lexile != "" {
		return f.Lexile
	}
	return f.ReadingLevel
}
