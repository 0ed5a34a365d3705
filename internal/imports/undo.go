package imports

import (
	"database/sql"
	"errors"

	"carrel/collections"
	"carrel/internal/adds"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
)

// Undo begins to take back an import, within thirty days. What somebody used or changed since stays. The same key again answers the same. The codes are
// fault.NotFound and fault.Conflict (wrong_state, too_late).
func (r *Runner) Undo(id, key string) (collections.Import, error) {
	const op = "imports.Undo"
	return r.change(id, false, func(imp collections.Import) error {
		if again := imp.UndoKey == key && (imp.State == collections.ImportUndoing || imp.State == collections.ImportUndone); again {
			return nil
		}
		if imp.State != collections.ImportDone && imp.State != collections.ImportStopped {
			return wrongState(op, imp)
		}
		if r.Now().After(undoUntil(imp)) {
			return fault.New(op, fault.Conflict, "imports.too_late", undoDays).Named("too_late")
		}
		return set(r.app, id, dbx.Params{"state": collections.ImportUndoing, "undo_key": key, "queued": r.instant(), "error": "", "done": 0, "total": 0})
	})
}

// undoBatch is how many entries of the journal are taken back as one piece.
const undoBatch = 40

// entry is one change of the journal.
type entry struct {
	seq        int64
	table, row string
	before     sql.NullString // of a row that was added, nothing
	part       string
	whole      string
}

// undoing takes an import back: the journal from its end to its beginning, so that each row is found as the next older entry left it. How far it came is
// written in the transaction that does it, so it can be cut off anywhere.
type undoing struct {
	id      string
	to      int64 // all entries from here on are dealt with; 0 before the first
	used    *used
	columns map[string][]string // of the journaled tables
	touched map[string]bool     // titles whose index is to follow
	kind    string              // of the import
}

func (r *Runner) takeBack(j *job, imp collections.Import) (dbx.Params, error) {
	if err := r.undoJournal(j, imp); err != nil {
		return nil, store.Explain("imports.Undo", r.app.DataDir(), err)
	}
	if imp.Kind == collections.ImportBooks {
		if err := adds.Reopen(r.app, imp.ID); err != nil {
			return nil, err
		}
	}
	if err := removeFiles(r.app, imp.ID); err != nil {
		return nil, err
	}
	return dbx.Params{"state": collections.ImportUndone, "error": ""}, nil
}

func (r *Runner) undoJournal(j *job, imp collections.Import) error {
	var total int
	if err := r.app.DB().NewQuery("SELECT COUNT(*) FROM import_changes WHERE import = {:id}").Bind(dbx.Params{"id": imp.ID}).Row(&total); err != nil {
		return err
	}
	done, _ := j.progress()
	j.at(int(done), max(total, imp.Total))
	used, err := usedSince(r.app, imp.Facts)
	if err != nil {
		return err
	}
	u := &undoing{id: imp.ID, kind: imp.Kind, to: imp.UndoneTo, used: used, columns: map[string][]string{}}
	b, err := store.NewBulk(r.app, true)
	if err != nil {
		return err
	}
	defer b.Abort()
	b.Around(store.Frame{Begin: func(b *store.Bulk) error {
		if err := j.ctx.Err(); err != nil {
			return err
		}
		return u.used.load(b)
	}})
	for more := true; more; {
		err := b.Do(func(b *store.Bulk) error {
			n, err := u.batch(b)
			done += int64(n)
			more = n == undoBatch
			j.at(int(done), max(total, imp.Total))
			if err != nil {
				return err
			}
			return b.Exec("UPDATE imports SET undone_to = ?, done = ?, total = ? WHERE id = ?", u.to, done, max(total, imp.Total), imp.ID)
		})
		if err != nil {
			return err
		}
	}
	if err := b.Flush(); err != nil { // pictures are put back by themselves
		return err
	}
	if err := r.putBackPictures(j, imp); err != nil {
		return err
	}
	if err := forgetJournal(b, imp.ID); err != nil {
		return err
	}
	return b.Flush()
}

// forgetJournal takes the journal of an import away, politely.
func forgetJournal(b *store.Bulk, id string) error {
	for more := true; more; {
		err := b.Do(func(b *store.Bulk) (err error) {
			more, err = b.Try("DELETE FROM import_changes WHERE seq IN (SELECT seq FROM import_changes WHERE import = ? LIMIT 500)", id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// batch takes back some entries, the newest first.
func (u *undoing) batch(b *store.Bulk) (n int, err error) {
	entries, err := u.next(b)
	if err != nil {
		return 0, err
	}
	u.touched = map[string]bool{}
	for _, e := range entries {
		why, err := u.back(b, e)
		if err == nil && why != "" {
			err = b.Exec("INSERT OR IGNORE INTO import_kept (import, tbl, row, why) VALUES (?, ?, ?, ?)", u.id, e.table, e.row, why)
		}
		if err != nil {
			return 0, err
		}
		u.to = e.seq
	}
	for title := range u.touched {
		if err := catalog.Refresh(b, title); err != nil {
			return 0, err
		}
	}
	return len(entries), nil
}

func (u *undoing) next(b *store.Bulk) (entries []entry, err error) {
	rows, err := b.Rows(`SELECT seq, tbl, row, before, part, whole FROM import_changes WHERE import = ? AND (? = 0 OR seq < ?) AND tbl != 'pictures'
		ORDER BY seq DESC LIMIT ?`, u.id, u.to, u.to, undoBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e entry
		if err := rows.Scan(&e.seq, &e.table, &e.row, &e.before, &e.part, &e.whole); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// back takes one entry back, or says why not.
func (u *undoing) back(b *store.Bulk, e entry) (why string, err error) {
	if e.part == metMark {
		return "", nil
	}
	columns, err := u.columnsOf(b, e.table)
	if err != nil {
		return "", err
	}
	row, err := b.Row("SELECT "+wholeMark(e.table, columns)+" FROM "+e.table+" WHERE id = ?", e.row)
	if err != nil {
		return "", err
	}
	var mark string
	if err := row.Scan(&mark); errors.Is(err, sql.ErrNoRows) {
		return "", nil // somebody took it away already
	} else if err != nil {
		return "", err
	}
	if err := u.touch(b, e); err != nil {
		return "", err
	}
	if u.kind == collections.ImportItems && u.used.items[e.row] {
		return "used", nil // it was lent under the rules of what it became
	}
	if e.before.Valid {
		return u.putBack(b, e, columns, mark == e.whole)
	}
	if why, err := u.used.why(b, e.table, e.row); err != nil || why != "" {
		return why, err
	}
	if mark != e.whole {
		return "changed", nil
	}
	if why, err := text(b, "SELECT 'met' FROM import_changes WHERE row = ? AND tbl = ? AND import != ? LIMIT 1", e.row, e.table, u.id); err != nil || why != "" {
		return why, err
	}
	return "", b.Exec("DELETE FROM "+e.table+" WHERE id = ?", e.row)
}

// touch notes the title whose place in the index an entry concerns.
func (u *undoing) touch(b *store.Bulk, e entry) error {
	switch e.table {
	case collections.Titles:
		u.touched[e.row] = true
	case collections.Items:
		title, err := text(b, "SELECT title FROM items WHERE id = ?", e.row)
		if err != nil {
			return err
		}
		u.touched[title] = true
	}
	return nil
}

func (u *undoing) columnsOf(b *store.Bulk, table string) (columns []string, err error) {
	if u.columns[table] == nil {
		if u.columns[table], err = columnsOf(b, table); err != nil {
			return nil, err
		}
	}
	return u.columns[table], nil
}

// text is the answer of a query for one text; "" without a row.
func text(b *store.Bulk, query string, args ...any) (answer string, err error) {
	row, err := b.Row(query, args...)
	if err != nil {
		return "", err
	}
	if err := row.Scan(&answer); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	return answer, nil
}
