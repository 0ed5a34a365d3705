package catalog

import (
	"context"
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

// lostBatch is how many rows of words without a document are taken out at a time.
const lostBatch = 500

// Reindex makes the search index anew from titles and items, title by title in polite transactions, so that search
// and desk go on meanwhile. Stopped at any point it leaves a working index, and running again finishes it. An index that SQLite calls
// malformed is emptied first; until the end searches then find only what is already back. progress may be nil.
func Reindex(app core.App, serving bool, progress func(done, total int)) error {
	err := readAll(app)
	if err == nil {
		err = reindex(app, serving, progress)
	}
	if isMalformed(err) {
		if err = emptyIndex(app); err == nil {
			err = reindex(app, serving, progress)
		}
	}
	return fault.Wrap("reindex", err)
}

// reindex goes through the documents in their own order, not that of the titles: the index writes out what it holds in memory whenever a
// row comes that lies before the last one.
func reindex(app core.App, serving bool, progress func(done, total int)) error {
	var total int
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM titles WHERE merged_into = ''").Row(&total); err != nil {
		return err
	}
	b, err := store.NewBulk(app, serving)
	if err != nil {
		return err
	}
	defer b.Abort()
	done := 0
	step := func() {
		done++
		if progress != nil {
			progress(done, max(done, total))
		}
	}
	if err := renewDocs(b, step); err != nil {
		return err
	}
	if err := addMissing(b, step); err != nil {
		return err
	}
	if err := removeLostWords(b); err != nil {
		return err
	}
	return b.Flush()
}

// Renew makes anew the documents that an older program made, some at a time and politely, and answers how many. A server does it once it runs: the
// store knows at once when there are none.
func Renew(ctx context.Context, app core.App) (renewed int, err error) {
	b, err := store.NewBulk(app, true)
	if err != nil {
		return 0, fault.Wrap("catalog.Renew", err)
	}
	defer b.Abort()
	b.Around(store.Frame{Begin: func(*store.Bulk) error { return ctx.Err() }})
	if err = renew(b, "SELECT id, title_id FROM search_doc WHERE form = 0 AND id > ? ORDER BY id LIMIT 1", func() { renewed++ }); err == nil {
		err = b.Flush()
	}
	return renewed, fault.Wrap("catalog.Renew", err)
}

// renewDocs makes every document anew, and removes those without a title.
func renewDocs(b *store.Bulk, step func()) error {
	return renew(b, "SELECT id, title_id FROM search_doc WHERE id > ? ORDER BY id LIMIT 1", step)
}

// renew goes from one document to the next, by a query for the one behind an id.
func renew(b *store.Bulk, next string, step func()) error {
	for last := int64(0); ; {
		more := true
		err := b.Do(func(b *store.Bulk) error {
			row, err := b.Row(next, last)
			if err != nil {
				return err
			}
			var title string
			if err := row.Scan(&last, &title); errors.Is(err, sql.ErrNoRows) {
				more = false
				return nil
			} else if err != nil {
				return err
			}
			found, err := indexTitle(b, title)
			if err != nil || found {
				return err
			}
			return RemoveDoc(b, title)
		})
		if err != nil || !more {
			return err
		}
		step()
	}
}

// addMissing indexes the titles that have no document.
func addMissing(b *store.Bulk, step func()) error {
	last, more := "", true
	for more {
		err := b.Do(func(b *store.Bulk) error {
			row, err := b.Row("SELECT id FROM titles WHERE id > ? AND merged_into = '' AND NOT EXISTS (SELECT 1 FROM search_doc WHERE title_id = titles.id) ORDER BY id LIMIT 1", last)
			if err != nil {
				return err
			}
			if err := row.Scan(&last); errors.Is(err, sql.ErrNoRows) {
				more = false
				return nil
			} else if err != nil {
				return err
			}
			_, err = indexTitle(b, last)
			return err
		})
		if err != nil {
			return err
		}
		step()
	}
	return nil
}

const readTitle = `SELECT id, title, author, publisher, year, language, type, audience, call_number, isbn, series, level, summary, marc, sort_title
	FROM titles WHERE id = ? AND merged_into = ''`

// indexTitle indexes a title as the store has it; one that was merged into another is not found. It reads inside the transaction: what another program changes cannot come between.
func indexTitle(b *store.Bulk, id string) (found bool, err error) {
	row, err := b.Row(readTitle, id)
	if err != nil {
		return false, err
	}
	var t collections.Title
	err = row.Scan(&t.ID, &t.Title, &t.Author, &t.Publisher, &t.Year, &t.Language, &t.Type, &t.Audience, &t.CallNumber, &t.ISBN, &t.Series, &t.Level, &t.Summary,
		&t.MARC, &t.SortTitle)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	items, err := shelvedItems(b, t.ID)
	if err != nil {
		return false, err
	}
	return true, PutDoc(b, MakeDoc(t, recordFacts(t), items))
}

func shelvedItems(b *store.Bulk, title string) (items []collections.Item, err error) {
	rows, err := b.Rows(`SELECT barcode, call_number, location, status, acquired FROM items WHERE title = ?`, title)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var item collections.Item
		if err := rows.Scan(&item.Barcode, &item.CallNumber, &item.Location, &item.Status, &item.Acquired); err != nil {
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

// removeLostWords takes words out of the index that belong to no document.
func removeLostWords(b *store.Bulk) error {
	for more := true; more; {
		err := b.Do(func(b *store.Bulk) error {
			ids, err := integers(b, `SELECT rowid FROM search_fts WHERE NOT EXISTS (SELECT 1 FROM search_doc WHERE search_doc.id = search_fts.rowid) LIMIT ?`, lostBatch)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := b.Exec(deleteFTS, id); err != nil {
					return err
				}
			}
			more = len(ids) == lostBatch
			return nil
		})
		if err != nil {
			return err
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

// readAll reads every word of the index, to see whether it can.
func readAll(app core.App) error {
	var words int
	return app.DB().NewQuery("SELECT COUNT(*) FROM search_vocab").Row(&words)
}

// isMalformed tells whether SQLite gave up on the index (SQLITE_CORRUPT, plain or extended).
func isMalformed(err error) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code()&0xff == 11
}

// hashSize is set by the migration, too, and not part of a table's schema.
const hashSize = "INSERT INTO search_fts (search_fts, rank) VALUES ('hashsize', 4194304)"

// emptyIndex makes the table of words anew as the migration made it.
func emptyIndex(app core.App) error {
	return app.RunInTransaction(func(app core.App) error {
		var schema string
		if err := app.DB().NewQuery("SELECT sql FROM sqlite_master WHERE name = {:name}").Bind(dbx.Params{"name": "search_fts"}).Row(&schema); err != nil {
			return err
		}
		for _, statement := range []string{"DROP TABLE search_fts", schema, hashSize} {
			if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
