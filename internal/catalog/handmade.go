package catalog

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ourCode is the source (003) of the numbers Carrel gives its own records.
const ourCode = "Carrel"

// ofOneEdition are the fields that tell one edition from another, or say who catalogued it: a copy of a record has none of them.
var ofOneEdition = []string{"001", "003", "005", "010", "015", "016", "019", "020", "024", "028", "035", "042"}

// New is a title typed in by hand.
type New struct {
	Key   string    // the same key again makes nothing
	Form  marc.Form // what was typed
	From  string    // id of a title whose record is copied, or ""
	Again bool      // also when the title seems to be here already
}

// AlreadyHere is a title that is not made because others seem to be the same: their ids. It comes inside a fault.Conflict, named already_here.
type AlreadyHere struct{ Titles []string }

func (a *AlreadyHere) Error() string { return fmt.Sprintf("%d titles are already here", len(a.Titles)) }

// Make adds a title typed in by hand. The same key again answers the same title. The codes are fault.Invalid at the field, fault.NotFound
// (unknown_title, of the copied one) and fault.Conflict, named already_here, because of an AlreadyHere.
func Make(app core.App, n New, now time.Time) (id string, err error) {
	const op = "catalog.Make"
	id = store.SeededID("title:"+n.Key, 0)
	err = once(app, func(b *store.Bulk) error {
		if _, err := stand(b, op, id); fault.CodeOf(err) != fault.NotFound {
			return err // made before, or a failure
		}
		record, err := n.record(b, op, id, now)
		if err != nil {
			return err
		}
		p := parsedOf(record, "")
		if !n.Again {
			if err := alone(b, op, p.keys, p.facts); err != nil {
				return err
			}
		}
		if err := writeTitle(b, titleOf(&p, id), p.keys, true); err != nil {
			return err
		}
		return Refresh(b, id)
	})
	return id, err
}

// record is the record of a new title: a copy's, or one with what every record has.
func (n New) record(b *store.Bulk, op, id string, now time.Time) (marc.Record, error) {
	record := marc.Record{Leader: "00000nam a2200000 i 4500"}
	if n.From == "" {
		record.Fields = []marc.Field{
			{Tag: "008", Value: now.Format("060102") + "nuuuuuuuuxx            000 u und d"},
			{Tag: "040", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'a', Value: ourCode}, {Code: 'e', Value: "rda"}}},
		}
	} else {
		from, err := stand(b, op, n.From)
		if err != nil {
			return record, err
		}
		record = withoutItems(from.record, from.ItemTag)
		record.Fields = slices.DeleteFunc(slices.Clone(record.Fields), func(f marc.Field) bool { return slices.Contains(ofOneEdition, f.Tag) })
	}
	record.Fields = append([]marc.Field{{Tag: "001", Value: id}, {Tag: "003", Value: ourCode}}, record.Fields...)
	was := marc.FormOf(record)
	if err := checkForm(op, was, n.Form); err != nil {
		return record, err
	}
	if blank(n.Form.Title) {
		return record, fault.New(op, fault.Invalid, "catalog.form.title").Named("bad_title").At("title")
	}
	return marc.Edit(record, n.Form), nil
}

// CopyOf is the form of a title as a copy of it begins.
func CopyOf(app core.App, id string) (marc.Form, error) {
	_, record, _, err := Standing(app, id)
	form := marc.FormOf(record)
	form.ISBN = []string{}
	return form, err
}

// alone refuses a title that shares a key with others, or has the title and author of one.
func alone(b *store.Bulk, op string, keys []string, facts marc.Facts) error {
	var here []string
	note := func(query string, args ...any) error {
		rows, err := b.Rows(query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			if !slices.Contains(here, id) {
				here = append(here, id)
			}
		}
		return rows.Err()
	}
	for _, key := range keys {
		if err := note("SELECT title_id FROM title_keys JOIN titles ON titles.id = title_id WHERE key = ? AND merged_into = ''", key); err != nil {
			return err
		}
	}
	if len(facts.ISBNs) == 0 {
		err := note("SELECT id FROM titles WHERE sort_title = ? AND author = ? AND merged_into = '' LIMIT 5", clip(facts.SortTitle, 4000), clip(facts.Author, 1000))
		if err != nil {
			return err
		}
	}
	if len(here) == 0 {
		return nil
	}
	return fault.New(op, fault.Conflict, "catalog.title.already_here", cmp.Or(facts.Title, "")).Named("already_here").Because(&AlreadyHere{here})
}

// Delete takes a title away that nothing hangs on, with its items that were never lent, its versions and its tags. The codes are fault.NotFound
// (unknown_title) and fault.Conflict, named in_use.
func Delete(app core.App, id string) error {
	const op = "catalog.Delete"
	return app.RunInTransaction(func(app core.App) error {
		record, err := app.FindRecordById(collections.Titles, id)
		if errors.Is(err, sql.ErrNoRows) {
			return noTitle(op)
		}
		if err != nil {
			return err
		}
		used, err := inUse(app, id)
		if err != nil {
			return err
		}
		if used {
			return fault.New(op, fault.Conflict, "catalog.title.in_use", record.GetString("title")).Named("in_use")
		}
		return deleteTitle(app, record)
	})
}

// inUse tells whether something is known of a title that must not be forgotten: its items' facts, holds, and doubles it stands for.
func inUse(app core.App, id string) (used bool, err error) {
	err = app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM items WHERE title = {:id} AND (
			EXISTS (SELECT 1 FROM circ_events WHERE item = items.id) OR EXISTS (SELECT 1 FROM loans WHERE item = items.id)))
		OR EXISTS (SELECT 1 FROM holds WHERE title = {:id}) OR EXISTS (SELECT 1 FROM titles WHERE merged_into = {:id} AND merged_into != '')
		OR EXISTS (SELECT 1 FROM titles WHERE id = {:id} AND merged_into != '')`).
		Bind(dbx.Params{"id": id}).Row(&used)
	return used, err
}

// deleteTitle takes out rows by the platform where it keeps files or hooks, else by SQL.
func deleteTitle(app core.App, record *core.Record) error {
	items, err := app.FindAllRecords(collections.Items, dbx.HashExp{"title": record.Id})
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := app.Delete(item); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		"DELETE FROM search_fts WHERE rowid IN (SELECT id FROM search_doc WHERE title_id = {:id})", "DELETE FROM search_doc WHERE title_id = {:id}",
		"DELETE FROM title_keys WHERE title_id = {:id}", "DELETE FROM title_versions WHERE title = {:id}", "DELETE FROM title_tags WHERE title = {:id}",
	} {
		if _, err := app.DB().NewQuery(statement).Bind(dbx.Params{"id": record.Id}).Execute(); err != nil {
			return err
		}
	}
	return app.Delete(record)
}
