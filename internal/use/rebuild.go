package use

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Difference is one count that is not what the facts say.
type Difference struct {
	Table string // of the store
	Key   string // of the row, its columns parted by blanks
	Is    string
	Facts string
}

// Rebuild counts every fact up to the mark once more and reports each count that differs to found. With repair, which needs a folder without a server, it
// then counts everything anew. rows is how many counts it has compared.
//
// It counts one table after the other, so that it holds one of them in memory and not all.
func Rebuild(ctx context.Context, app core.App, repair bool, found func(Difference)) (rows int, err error) {
	if err := CatchUp(ctx, app); err != nil {
		return 0, err
	}
	differs := false
	r := rebuilder{found: func(d Difference) {
		differs = true
		found(d)
	}}
	if r.zone, err = zoneOf(app); err != nil {
		return 0, err
	}
	if err := r.compareAll(ctx, app); err != nil || !differs || !repair {
		return r.rows, err
	}
	if _, err := app.DB().NewQuery("UPDATE use_mark SET form = ''").Execute(); err != nil {
		return r.rows, err
	}
	return r.rows, CatchUp(ctx, app)
}

type rebuilder struct {
	zone  *time.Location
	found func(Difference)
	rows  int

	ctx   context.Context //nolint:containedctx // one rebuild is one context
	conn  *sql.Conn
	upTo  int
	items map[string]*tally
}

// compareAll looks at the library as it is at one moment. The transaction begins as a reader, so nobody waits for it.
func (r *rebuilder) compareAll(ctx context.Context, app core.App) (err error) {
	db, ok := app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return errors.New("a rebuild cannot begin inside a transaction")
	}
	if r.conn, err = db.DB().Conn(ctx); err != nil {
		return err
	}
	defer r.conn.Close() //nolint:errcheck // only read
	if _, err := r.conn.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return err
	}
	defer r.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") //nolint:errcheck // only read
	r.ctx = ctx
	if err := r.conn.QueryRowContext(ctx, "SELECT seq FROM use_mark").Scan(&r.upTo); err != nil {
		return err
	}
	if err := r.readItems(); err != nil {
		return err
	}
	for i := range tables {
		if err := r.compareTable(i); err != nil {
			return err
		}
	}
	return r.compareItems()
}

// readItems finds where each counted item stands. What has moved since the mark is left where it was counted: it is known to be behind.
func (r *rebuilder) readItems() error {
	r.items = map[string]*tally{}
	err := r.each(func(e event) error {
		if r.items[e.item] == nil {
			r.items[e.item] = &tally{}
		}
		r.items[e.item].add(e)
		return nil
	})
	if err != nil {
		return err
	}
	for item, tally := range r.items {
		if tally.place, err = r.placeOf(item); err != nil {
			return err
		}
		if tally.again {
			if tally.last, err = lastLoan(r.one, r.zone, item, r.upTo); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rebuilder) one(query string, args ...any) (*sql.Row, error) {
	return r.conn.QueryRowContext(r.ctx, query, args...), nil
}

func (r *rebuilder) placeOf(item string) (place, error) {
	var moved bool
	if err := r.conn.QueryRowContext(r.ctx, "SELECT EXISTS (SELECT 1 FROM use_moved WHERE item = ?)", item).Scan(&moved); err != nil {
		return place{}, err
	}
	if moved {
		return countedAt(r.one, item)
	}
	return standsAt(r.one, item)
}

func (r *rebuilder) each(do func(event) error) error {
	rows, err := r.conn.QueryContext(r.ctx, eventsWhere+"f.seq <= ? ORDER BY f.seq", r.upTo)
	if err != nil {
		return err
	}
	return each(rows, r.zone, do)
}

func (r *rebuilder) compareTable(number int) error {
	says := cells{}
	err := r.each(func(e event) error {
		of := cells{}
		of.dated(e)
		of.placed(e, r.items[e.item].place)
		for cell, n := range of {
			if cell.table == number {
				says[cell] += n
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t := tables[number]
	rows, err := r.conn.QueryContext(r.ctx, "SELECT "+strings.Join(t.keys, ", ")+", n FROM "+t.name)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		is, n := cell{table: number}, 0
		into := make([]any, 0, len(t.keys)+1)
		for i := range t.keys {
			into = append(into, &is.key[i])
		}
		if err := rows.Scan(append(into, &n)...); err != nil {
			return err
		}
		r.rows++
		if n != says[is] || n == 0 {
			r.found(Difference{t.name, strings.Join(is.key[:len(t.keys)], " "), strconv.Itoa(n), strconv.Itoa(says[is])})
		}
		delete(says, is)
	}
	for missing, n := range says {
		if n != 0 {
			r.found(Difference{t.name, strings.Join(missing.key[:len(t.keys)], " "), "missing", strconv.Itoa(n)})
		}
	}
	return rows.Err()
}

func (r *rebuilder) compareItems() error {
	rows, err := r.conn.QueryContext(r.ctx, "SELECT item, title, band, location, type, loans, last FROM use_items")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var item string
		var is tally
		if err := rows.Scan(&item, &is.place.title, &is.place.band, &is.place.location, &is.place.kind, &is.loans, &is.last); err != nil {
			return err
		}
		r.rows++
		says := r.items[item]
		delete(r.items, item)
		switch {
		case says == nil:
			r.found(Difference{"use_items", item, is.String(), "none"})
		case is.String() != says.String():
			r.found(Difference{"use_items", item, is.String(), says.String()})
		}
	}
	for item, says := range r.items {
		r.found(Difference{"use_items", item, "missing", says.String()})
	}
	return rows.Err()
}

func (t tally) String() string {
	return fmt.Sprintf("%d loans until %q of %q in %q at %q as %q", t.loans, t.last.String(), t.place.title, t.place.band, t.place.location, t.place.kind)
}
