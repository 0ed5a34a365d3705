package store

import (
	"database/sql"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	draftLock = ".draft.lock"
	draftFile = ".draft.db"
	// a draft is thrown away, so nothing in it has to survive a power cut
	draftPragmas = "?_pragma=journal_mode(MEMORY)&_pragma=synchronous(OFF)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-8000)"
)

// NewDraft begins bulk work on a copy of the library, for a dry run: it does exactly what the real work would do, and discard
// throws it away. There is one draft at a time; a second caller waits.
func NewDraft(app core.App) (b *Bulk, discard func(), err error) {
	lock := flock.New(filepath.Join(app.DataDir(), draftLock))
	if err := lock.Lock(); err != nil {
		return nil, nil, err
	}
	path := filepath.Join(app.DataDir(), draftFile)
	_ = os.Remove(path) // left behind by a process that was killed
	db, err := openDraft(app, path)
	if err != nil {
		_ = os.Remove(path)
		_ = lock.Unlock()
		return nil, nil, err
	}
	b = newBulk(db, func() bool { return false })
	return b, func() {
		b.Abort()
		_ = db.Close()
		_ = os.Remove(path)
		_ = lock.Unlock()
	}, nil
}

// openDraft copies the database. It reads through the pool for readers, so the desk goes on meanwhile.
func openDraft(app core.App, path string) (*sql.DB, error) {
	if _, err := app.ConcurrentDB().NewQuery("VACUUM INTO {:path}").Bind(dbx.Params{"path": path}).Execute(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", path+draftPragmas)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}
