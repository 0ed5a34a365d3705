package use

import (
	"database/sql"
	"errors"

	"carrel/internal/callnumber"
	"carrel/internal/store"
)

// place is what an item counts for. All of it is empty for an item that is no more.
type place struct {
	title    string // the title that stands for it
	band     string // of its call number
	location string // id
	kind     string // id of its item type
}

// ask is how one row is asked for, in bulk work or in a rebuild.
type ask func(query string, args ...any) (*sql.Row, error)

// countedAt is what an item has counted for until now; one that never counted is looked up where it stands. As long as a piece that moves it has not
// come, new facts go to the old place, too: the move then takes all of them along.
func countedAt(one ask, item string) (p place, err error) {
	row, err := one("SELECT title, band, location, type FROM use_items WHERE item = ?", item)
	if err != nil {
		return p, err
	}
	err = row.Scan(&p.title, &p.band, &p.location, &p.kind)
	if errors.Is(err, sql.ErrNoRows) {
		return standsAt(one, item)
	}
	return p, err
}

func standsAt(one ask, item string) (p place, err error) {
	row, err := one(`SELECT i.title, i.location, i.type, CASE i.call_number WHEN '' THEN COALESCE(t.call_number, '') ELSE i.call_number END, COALESCE(t.merged_into, '')
		FROM items i LEFT JOIN titles t ON t.id = i.title WHERE i.id = ?`, item)
	if err != nil {
		return p, err
	}
	var call, into string
	err = row.Scan(&p.title, &p.location, &p.kind, &call, &into)
	if errors.Is(err, sql.ErrNoRows) {
		return place{}, nil
	}
	if err != nil {
		return p, err
	}
	p.band = callnumber.Band(call)
	p.title, err = standsFor(one, p.title, into)
	return p, err
}

// mostMerges ends a ring of titles merged into each other, which should not be.
const mostMerges = 20

// standsFor follows a title to the one it was merged into in the end.
func standsFor(one ask, title, into string) (string, error) {
	for range mostMerges {
		if into == "" {
			return title, nil
		}
		title = into
		row, err := one("SELECT merged_into FROM titles WHERE id = ?", title)
		if err != nil {
			return title, err
		}
		if err := row.Scan(&into); errors.Is(err, sql.ErrNoRows) {
			return title, nil
		} else if err != nil {
			return title, err
		}
	}
	return title, nil
}

// movedItems are one piece of work.
const movedItems = 20

// move takes the past of some items from where they were counted to where they stand now.
func (f *folder) move(b *store.Bulk, upTo int) error {
	items, err := moved(b)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := f.moveItem(b, item, upTo); err != nil {
			return err
		}
		if err := b.Exec("DELETE FROM use_moved WHERE item = ?", item); err != nil {
			return err
		}
	}
	return nil
}

func moved(b *store.Bulk) (items []string, err error) {
	rows, err := b.Rows("SELECT item FROM use_moved ORDER BY item LIMIT ?", movedItems)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var item string
		if err := rows.Scan(&item); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, rows.Err()
}

func (f *folder) moveItem(b *store.Bulk, item string, upTo int) error {
	from, err := countedAt(b.Row, item)
	if err != nil {
		return err
	}
	to, err := standsAt(b.Row, item)
	if err != nil || from == to {
		return err
	}
	events, err := f.events(b, "f.item = ? AND f.seq <= ?", item, upTo)
	if err != nil {
		return err
	}
	change := cells{}
	for _, e := range events {
		change.placed(e, to)
		e.sign = -e.sign
		change.placed(e, from)
	}
	if err := change.write(b); err != nil {
		return err
	}
	return b.Exec("UPDATE use_items SET title = ?, band = ?, location = ?, type = ? WHERE item = ?", to.title, to.band, to.location, to.kind, item)
}
