package bench

import (
	"database/sql"
	"path/filepath"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/marc"
	"carrel/internal/store"
)

// Where the rows of a title are, in the order in which an import writes them, and the column that names the title.
var titleTables = []struct{ name, title string }{
	{"titles", "id"}, {"title_keys", "title_id"}, {"items", "title"}, {"search_doc", "title_id"},
}

const insertWords = "INSERT INTO search_fts (title, author, subjects, more, codes, rowid) VALUES (?, ?, ?, ?, ?, ?)"

// copied is the catalogue of a library in memory, title by title.
type copied struct {
	titles  []string  // ids
	inserts []string  // for each of titleTables, and last insertWords
	rows    []byTitle // likewise
}

type byTitle map[string][][]any

// copyRows reads what an import wrote.
func copyRows(dir string) (*copied, error) {
	connection, err := store.Connect(filepath.Join(dir, "data.db"))
	if err != nil {
		return nil, err
	}
	db := connection.DB()
	defer db.Close() //nolint:errcheck // only read
	c := &copied{}
	for _, table := range titleTables {
		insert, rows, err := readTable(db, table.name, table.title)
		if err != nil {
			return nil, err
		}
		c.inserts, c.rows = append(c.inserts, insert), append(c.rows, rows)
	}
	words, err := c.readWords(db)
	if err != nil {
		return nil, err
	}
	c.inserts, c.rows = append(c.inserts, insertWords), append(c.rows, words)
	return c, nil
}

// readTable reads a whole table, grouped by title, and makes the statement that inserts one row of it.
func readTable(db *sql.DB, table, title string) (insert string, grouped byTitle, err error) {
	rows, err := db.Query("SELECT " + title + ", * FROM " + table + " ORDER BY " + title)
	if err != nil {
		return "", nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	columns, err := rows.Columns()
	if err != nil {
		return "", nil, err
	}
	columns = columns[1:]
	grouped = byTitle{}
	for rows.Next() {
		var id string
		row := make([]any, len(columns))
		into := []any{&id}
		for i := range row {
			into = append(into, &row[i])
		}
		if err := rows.Scan(into...); err != nil {
			return "", nil, err
		}
		grouped[id] = append(grouped[id], row)
	}
	insert = "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	return insert, grouped, rows.Err()
}

// readWords makes the words of the index again, as the index itself keeps none, and lists the titles in the order of indexing.
func (c *copied) readWords(db *sql.DB) (byTitle, error) {
	rows, err := db.Query(`SELECT d.id, t.id, t.title, t.author, t.publisher, t.call_number, t.isbn, t.series, t.summary, t.marc
		FROM search_doc d JOIN titles t ON t.id = d.title_id ORDER BY d.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	words := byTitle{}
	for rows.Next() {
		var id int64
		var t collections.Title
		if err := rows.Scan(&id, &t.ID, &t.Title, &t.Author, &t.Publisher, &t.CallNumber, &t.ISBN, &t.Series, &t.Summary, &t.MARC); err != nil {
			return nil, err
		}
		record, err := marc.Decode([]byte(t.MARC))
		if err != nil {
			return nil, err
		}
		doc := catalog.MakeDoc(t, marc.Extract(record), itemsOf(record))
		words[t.ID] = [][]any{{doc.Title, doc.Author, doc.Subjects, doc.More, doc.Codes, id}}
		c.titles = append(c.titles, t.ID)
	}
	return words, rows.Err()
}

func itemsOf(record marc.Record) (items []collections.Item) {
	for _, facts := range marc.Items(record, marc.ItemTag(record)) {
		items = append(items, collections.Item{Barcode: facts.Barcode, CallNumber: facts.CallNumber})
	}
	return items
}

// rowWriter inserts copied rows, title by title.
type rowWriter struct {
	db       *sql.DB
	rows     *copied
	prepared []*sql.Stmt
	tx       *sql.Tx
	inTx     []*sql.Stmt
	began    time.Time
}

func newRowWriter(db *sql.DB, rows *copied) (*rowWriter, error) {
	w := &rowWriter{db: db, rows: rows}
	for _, insert := range rows.inserts {
		statement, err := db.Prepare(insert) //nolint:sqlclosecheck // closed with the database
		if err != nil {
			return nil, err
		}
		w.prepared = append(w.prepared, statement)
	}
	return w, nil
}

func (w *rowWriter) write(title string) error {
	if w.tx == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	for i, statement := range w.inTx {
		for _, row := range w.rows.rows[i][title] {
			if _, err := statement.Exec(row...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *rowWriter) begin() (err error) {
	if w.tx, err = w.db.Begin(); err != nil {
		return err
	}
	w.began, w.inTx = time.Now(), w.inTx[:0]
	for _, statement := range w.prepared {
		w.inTx = append(w.inTx, w.tx.Stmt(statement))
	}
	return nil
}

func (w *rowWriter) commit() error {
	if w.tx == nil {
		return nil
	}
	tx := w.tx
	w.tx = nil
	return tx.Commit()
}
