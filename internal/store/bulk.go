package store

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// SQLite has one writer, so long work next to a server must let the desk in: short transactions with pauses as long as
// themselves. Measured: check-out p99 falls from 2 s (100 ms transactions) to 37 ms. Alone on the folder, large transactions are fastest.
const (
	politeSlice = 20 * time.Millisecond
	aloneSlice  = time.Second
	// mostPieces keeps a fast machine from writing tens of megabytes before any of it is durable.
	mostPieces = 2000
)

// Bulk writes many small pieces in transactions of bounded length. It is not for concurrent use.
type Bulk struct {
	db     *sql.DB
	served func() bool // asked for each transaction: a server may start while the work goes on
	polite bool
	tx     *sql.Tx
	began  time.Time
	pieces int
	stmts  map[string]*sql.Stmt // of the current transaction
	frame  Frame
}

// Frame stands around every transaction of bulk work, inside it: Begin before the first piece, End behind the last. Either may be nil; an error of
// either drops the transaction.
type Frame struct{ Begin, End func(*Bulk) error }

// Around sets the frame of the transactions to come.
func (b *Bulk) Around(frame Frame) { b.frame = frame }

// NewBulk begins bulk work on app. serving says that the calling process is itself the server.
func NewBulk(app core.App, serving bool) (*Bulk, error) {
	db, ok := app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return nil, errors.New("bulk work cannot begin inside a transaction")
	}
	return newBulk(db.DB(), func() bool { return serving || Served(app.DataDir()) }), nil
}

func newBulk(db *sql.DB, served func() bool) *Bulk {
	return &Bulk{db: db, served: served, stmts: map[string]*sql.Stmt{}}
}

// Do runs one piece inside the current transaction. A piece is never split; between pieces the transaction may end. After an
// error the work is to be aborted: the piece may be half done.
func (b *Bulk) Do(piece func(*Bulk) error) error {
	if b.tx == nil {
		if err := b.begin(); err != nil {
			return err
		}
	}
	if err := piece(b); err != nil {
		return err
	}
	slice := aloneSlice
	if b.polite {
		slice = politeSlice
	}
	b.pieces++
	if time.Since(b.began) < slice && b.pieces < mostPieces {
		return nil
	}
	return b.pause()
}

// pause ends the transaction and, when polite, leaves the desk as much time as it took.
func (b *Bulk) pause() error {
	if err := b.Flush(); err != nil {
		return err
	}
	if b.polite {
		time.Sleep(max(time.Since(b.began), politeSlice))
	}
	return nil
}

func (b *Bulk) begin() error {
	b.polite = b.served()
	tx, err := b.db.Begin()
	if err != nil {
		return err
	}
	b.tx, b.began, b.pieces = tx, time.Now(), 0
	if b.frame.Begin == nil {
		return nil
	}
	if err := b.frame.Begin(b); err != nil {
		b.Abort()
		return err
	}
	return nil
}

// Pending tells whether some pieces are done but not durable yet.
func (b *Bulk) Pending() bool { return b.tx != nil }

// Flush makes durable what was done so far.
func (b *Bulk) Flush() error {
	if b.tx == nil {
		return nil
	}
	if b.frame.End != nil {
		if err := b.frame.End(b); err != nil {
			b.Abort()
			return err
		}
	}
	tx := b.tx
	b.release()
	return tx.Commit()
}

// Abort drops the current transaction; earlier ones stay.
func (b *Bulk) Abort() {
	if b.tx == nil {
		return
	}
	tx := b.tx
	b.release()
	_ = tx.Rollback()
}

func (b *Bulk) release() {
	clear(b.stmts) // they end with their transaction
	b.tx = nil
}

// Exec runs a prepared statement inside the transaction; statements are prepared once a transaction.
func (b *Bulk) Exec(query string, args ...any) error {
	_, err := b.Try(query, args...)
	return err
}

// Try is Exec for a statement that may leave everything as it is (OR IGNORE); done tells whether it changed a row.
func (b *Bulk) Try(query string, args ...any) (done bool, err error) {
	stmt, err := b.prepared(query)
	if err != nil {
		return false, err
	}
	result, err := stmt.Exec(args...)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// Script runs statements without arguments inside the transaction, several in one text.
func (b *Bulk) Script(text string) error {
	_, err := b.tx.Exec(text)
	return err
}

// Row runs a prepared query for one row inside the transaction, so that it sees what was written before.
func (b *Bulk) Row(query string, args ...any) (*sql.Row, error) {
	stmt, err := b.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryRow(args...), nil
}

// Rows runs a prepared query inside the transaction.
func (b *Bulk) Rows(query string, args ...any) (*sql.Rows, error) {
	stmt, err := b.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.Query(args...)
}

func (b *Bulk) prepared(query string) (*sql.Stmt, error) {
	if stmt, ok := b.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := b.tx.Prepare(query)
	if err != nil {
		return nil, err
	}
	b.stmts[query] = stmt
	return stmt, nil
}
