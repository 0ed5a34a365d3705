package use

import (
	"database/sql"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

// table is one of the derived tables: its key columns, all of them texts, and beside them n.
type table struct {
	name string
	keys []string
}

const (
	days = iota
	hours
	shelves
	titles
)

var tables = [...]table{
	days:    {"use_days", []string{"day", "kind", "grade", "patron_type", "door"}},
	hours:   {"use_hours", []string{"day", "hour", "kind", "door"}},
	shelves: {"use_shelves", []string{"day", "kind", "band", "location", "type"}},
	titles:  {"use_titles", []string{"title", "day"}},
}

// cell is one row of a table.
type cell struct {
	table int
	key   [5]string
}

type cells map[cell]int

// event is a fact that counts: once, or minus once when it is an undo, which then stands for the fact it reverses.
type event struct {
	sign                                int
	kind, item, grade, patronType, door string
	day                                 policy.Day
	hour                                string
}

const eventsWhere = `SELECT CASE f.kind WHEN 'undo' THEN -1 ELSE 1 END, COALESCE(r.kind, f.kind), f.item, COALESCE(r.grade, f.grade),
	COALESCE(r.patron_type, f.patron_type), COALESCE(r.door, f.door), COALESCE(r.at, f.at)
	FROM circ_events f LEFT JOIN circ_events r ON f.kind = 'undo' AND r.id = f.reverses
	WHERE f.kind IN ('check_out', 'renew', 'return', 'in_house', 'withdraw', 'undo')
	AND COALESCE(r.kind, f.kind) IN ('check_out', 'renew', 'return', 'in_house', 'withdraw') AND `

// each reads events to their end.
func each(rows *sql.Rows, zone *time.Location, do func(event) error) error {
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var e event
		var at string
		if err := rows.Scan(&e.sign, &e.kind, &e.item, &e.grade, &e.patronType, &e.door, &at); err != nil {
			return err
		}
		stored, err := types.ParseDateTime(at)
		if err != nil {
			return err
		}
		local := stored.Time().In(zone)
		e.day, e.hour = policy.DayOf(local, zone), local.Format("15")
		if err := do(e); err != nil {
			return err
		}
	}
	return rows.Err()
}

// dated counts an event in the tables that do not know the item.
func (c cells) dated(e event) {
	day := e.day.String()
	c[cell{days, [5]string{day, e.kind, e.grade, e.patronType, e.door}}] += e.sign
	c[cell{hours, [5]string{day, e.hour, e.kind, e.door}}] += e.sign
}

// placed counts an event in the tables that know where the item stands.
func (c cells) placed(e event, p place) {
	day := e.day.String()
	if e.kind != collections.FactReturn {
		c[cell{shelves, [5]string{day, e.kind, p.band, p.location, p.kind}}] += e.sign
	}
	if e.kind == collections.FactCheckOut && p.title != "" {
		c[cell{titles, [5]string{p.title, day}}] += e.sign
	}
}

// write adds the cells to what is stored.
func (c cells) write(b *store.Bulk) error {
	for cell, n := range c {
		if n == 0 {
			continue
		}
		t := tables[cell.table]
		args := make([]any, 0, len(t.keys)+1)
		for i := range t.keys {
			args = append(args, cell.key[i])
		}
		if err := b.Exec(addTo[cell.table], append(args, n)...); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := b.Exec(tidyOf[cell.table], args...); err != nil {
			return err
		}
	}
	return nil
}

var addTo, tidyOf = statements()

// statements are made once: each cell of each piece needs them.
func statements() (add, tidy [len(tables)]string) {
	for i, t := range tables {
		columns := strings.Join(t.keys, ", ")
		add[i] = "INSERT INTO " + t.name + " (" + columns + ", n) VALUES (?" + strings.Repeat(", ?", len(t.keys)) + ") ON CONFLICT (" + columns + ") DO UPDATE SET n = n + excluded.n"
		tidy[i] = "DELETE FROM " + t.name + " WHERE " + strings.Join(t.keys, " = ? AND ") + " = ? AND n = 0"
	}
	return add, tidy
}
