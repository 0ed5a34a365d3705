package catalog

import (
	"database/sql"
	"errors"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"modernc.org/sqlite"
)

// orphanBatch is how many index rows without a title are taken out at a time.
const orphanBatch = 500

// Reindex makes the search index anew from titles and items, title by title in polite transactions, so that search
// and desk go on meanwhile. Stopped at any point it leaves a working index, and running again finishes it. An index that SQLite calls
// malformed is emptied first; until the end searches then find only what is already back. progress may be nil.
func Reindex(app core.App, serving bool, progress func(done, total int)) error {
	err := reindex(app, serving, progress)
	if isMalformed(err) {
		if err = emptyIndex(app); err == nil {
			err = reindex(app, serving, progress)
		}
	}
	return fault.Wrap("reindex", err)
}

func reindex(app core.App, serving bool, progress func(done, total int)) error {
	var total int
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM titles").Row(&total); err != nil {
		return err
	}
	b, err := store.NewBulk(app, serving)
	if err != nil {
		return err
	}
	defer b.Abort()
	last := ""
	for done := 0; ; done++ {
		if progress != nil {
			progress(done, max(done, total))
		}
		var id string
		if err := b.Do(func(b *store.Bulk) (err error) { id, err = indexNext(b, last); return err }); err != nil {
			return err
		}
		if id == "" {
			break
		}
		last = id
	}
	if err := removeOrphans(b); err != nil {
		return err
	}
	return b.Flush()
}

const nextTitle = `SELECT id, title, author, publisher, language, type, audience, call_number, isbn, series, summary, marc
	FROM titles WHERE id > ? ORDER BY id LIMIT 1`

// indexNext indexes the title that follows after, and answers its id, "" when there is none. It reads inside the transaction: what another
// program changes cannot come between.
func indexNext(b *store.Bulk, after string) (string, error) {
	row, err := b.Row(nextTitle, after)
	if err != nil {
		return "", err
	}
	var t collections.Title
	err = row.Scan(&t.ID, &t.Title, &t.Author, &t.Publisher, &t.Language, &t.Type, &t.Audience, &t.CallNumber, &t.ISBN, &t.Series, &t.Summary, &t.MARC)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	items, err := shelvedItems(b, t.ID)
	if err != nil {
		return "", err
	}
	return t.ID, PutDoc(b, MakeDoc(t, recordFacts(t), items))
}

func shelvedItems(b *store.Bulk, title string) (items []collections.Item, err error) {
	rows, err := b.Rows(`SELECT barcode, call_number, location, status FROM items WHERE title = ?`, title)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var item collections.Item
		if err := rows.Scan(&item.Barcode, &item.CallNumber, &item.Location, &item.Status); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, rows.Err()
}

// recordFacts is what the record of a title says. A title made here has none, and one that cannot be read is still found by its fields.
func recordFacts(title collections.Title) marc.Facts {
	if title.MARC == "" {
		return marc.Facts{}
	}
	record, err := marc.Decode([]byte(title.MARC))
	if err != nil {
		return marc.Facts{}
	}
	return marc.Extract(record)
}

// removeOrphans takes out of the index what belongs to no title.
func removeOrphans(b *store.Bulk) error {
	for _, orphans := range []struct{ find, remove string }{
		{`SELECT id FROM search_doc WHERE NOT EXISTS (SELECT 1 FROM titles WHERE titles.id = search_doc.title_id) LIMIT ?`, deleteDoc},
		{`SELECT rowid FROM search_fts WHERE NOT EXISTS (SELECT 1 FROM search_doc WHERE search_doc.id = search_fts.rowid) LIMIT ?`, deleteFTS},
	} {
		for more := true; more; {
			err := b.Do(func(b *store.Bulk) error {
				ids, err := integers(b, orphans.find, orphanBatch)
				if err != nil {
					return err
				}
				for _, id := range ids {
					if err := b.Exec(orphans.remove, id); err != nil {
						return err
					}
				}
				more = len(ids) == orphanBatch
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func integers(b *store.Bulk, query string, args ...any) (ids []int64, err error) {
	rows, err := b.Rows(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// isMalformed tells whether SQLite gave up on the index (SQLITE_CORRUPT, plain or extended).
func isMalformed(err error) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code()&0xff == 11
}

// emptyIndex makes the words anew as the migrations made them.
func emptyIndex(app core.App) error {
	return app.RunInTransaction(func(app core.App) error {
		var schema string
		if err := app.DB().NewQuery("SELECT sql FROM sqlite_master WHERE name = {:name}").Bind(dbx.Params{"name": "search_fts"}).Row(&schema); err != nil {
			return err
		}
		for _, statement := range []string{"DROP TABLE search_fts", schema} {
			if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
