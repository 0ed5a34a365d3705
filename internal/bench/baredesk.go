package bench

import (
	"database/sql"
	"path/filepath"
	"time"

	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

const (
	insertLoan = `INSERT INTO loans (id, item, patron, state, patron_type, grade, homeroom, out_at, due, returned_at, renewals, created, updated)
		VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, '', 0, ?, ?)`
	insertFact = `INSERT INTO circ_events (id, key, kind, item, patron, loan, reverses, patron_type, grade, homeroom, at, recorded_at, door, actor, data, seq)
		VALUES (?, ?, 'check_out', ?, ?, ?, '', ?, ?, ?, ?, ?, 'staff', ?, ?, ?)`
	// what a check-out of the real desk wrote, to write the like of it
	selectModel = `SELECT l.patron, l.patron_type, l.grade, l.homeroom, l.out_at, l.due, l.created, f.actor, f.data, (SELECT MAX(seq) FROM circ_events)
		FROM circ_events f JOIN loans l ON l.id = f.loan WHERE f.kind = 'check_out' LIMIT 1`
	selectItem = `SELECT id FROM items WHERE barcode = ? AND barcode != ''`
)

// bareDesk inserts loans and facts as a desk without rules would. It shares the folder with the idle server.
type bareDesk struct {
	db                      *sql.DB
	loan, fact, item, model *sql.Stmt
}

func openBareDesk(dir string) (*bareDesk, error) {
	connection, err := store.Connect(filepath.Join(dir, "data.db"))
	if err != nil {
		return nil, err
	}
	d := &bareDesk{db: connection.DB()}
	d.db.SetMaxOpenConns(1)
	for _, prepare := range []struct {
		into  **sql.Stmt
		query string
	}{{&d.loan, insertLoan}, {&d.fact, insertFact}, {&d.item, selectItem}, {&d.model, selectModel}} {
		if *prepare.into, err = d.db.Prepare(prepare.query); err != nil {
			d.close()
			return nil, err
		}
	}
	return d, nil
}

func (d *bareDesk) close() { _ = d.db.Close() }

// bareAct is the two rows of one check-out.
type bareAct struct{ loan, fact []any }

// prepare makes the rows of check-outs of these items, so that only writing them is measured.
func (d *bareDesk) prepare(items []string) ([]bareAct, error) {
	var patron, kind, grade, homeroom, at, due, created, actor, data string
	var seq int
	if err := d.model.QueryRow().Scan(&patron, &kind, &grade, &homeroom, &at, &due, &created, &actor, &data, &seq); err != nil {
		return nil, err
	}
	acts := make([]bareAct, len(items))
	for i, code := range items {
		var item string
		if err := d.item.QueryRow(code).Scan(&item); err != nil {
			return nil, err
		}
		loan := randomID()
		acts[i] = bareAct{
			loan: []any{loan, item, patron, kind, grade, homeroom, at, due, created, created},
			fact: []any{randomID(), "floor-" + code, item, patron, loan, kind, grade, homeroom, at, at, actor, data, seq + i + 1},
		}
	}
	return acts, nil
}

// lendAll lends the items, each in a durable transaction, and answers acts a second.
func (d *bareDesk) lendAll(items []string) (rate float64, err error) {
	acts, err := d.prepare(items)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	for _, act := range acts {
		if err := d.lend(act); err != nil {
			return 0, err
		}
	}
	return float64(len(acts)) / time.Since(began).Seconds(), nil
}

func (d *bareDesk) lend(act bareAct) error {
	tx, err := d.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing to undo after a commit
	if _, err := tx.Stmt(d.loan).Exec(act.loan...); err != nil {
		return err
	}
	if _, err := tx.Stmt(d.fact).Exec(act.fact...); err != nil {
		return err
	}
	return tx.Commit()
}

func randomID() string {
	return security.PseudorandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}
