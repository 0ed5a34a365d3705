package use

import (
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

// folder folds facts into the tables, piece by piece, each in one transaction with the mark.
type folder struct {
	zone  *time.Location
	batch int
	done  bool
}

// next does one piece: it empties the tables when their form is not today's, then looks at items that moved, then counts facts.
func (f *folder) next(b *store.Bulk) error {
	var now standing
	row, err := b.Row(standingQuery)
	if err != nil {
		return err
	}
	if err := row.Scan(&now.Seq, &now.Form, &now.Newest, &now.Moved); err != nil {
		return err
	}
	now.form = formOf(f.zone)
	switch {
	case now.Form != now.form:
		return empty(b, now.form)
	case now.Moved > 0:
		return f.move(b, now.Seq)
	case now.behind() > 0:
		return f.count(b, now.Seq, min(now.Seq+f.batch, now.Newest))
	}
	f.done = true
	return nil
}

func empty(b *store.Bulk, form string) error {
	for _, name := range []string{"use_days", "use_hours", "use_shelves", "use_titles", "use_items", "use_moved", "use_mark"} {
		if err := b.Exec("DELETE FROM " + name); err != nil {
			return err
		}
	}
	return b.Exec("INSERT INTO use_mark (id, seq, form) VALUES (1, 0, ?)", form)
}

// tally is what a piece found out about one item.
type tally struct {
	place place
	loans int
	last  policy.Day
	again bool // a loan was undone: the day of the last one has to be looked up
}

func (f *folder) count(b *store.Bulk, after, upTo int) error {
	events, err := f.events(b, "f.seq > ? AND f.seq <= ? ORDER BY f.seq", after, upTo)
	if err != nil {
		return err
	}
	counted, items := cells{}, map[string]*tally{}
	for _, e := range events {
		counted.dated(e)
		if items[e.item] == nil {
			p, err := countedAt(b.Row, e.item)
			if err != nil {
				return err
			}
			items[e.item] = &tally{place: p}
		}
		items[e.item].add(e)
		counted.placed(e, items[e.item].place)
	}
	if err := counted.write(b); err != nil {
		return err
	}
	for item, tally := range items {
		if err := f.writeItem(b, item, *tally, upTo); err != nil {
			return err
		}
	}
	return b.Exec("UPDATE use_mark SET seq = ?", upTo)
}

// events reads what a piece needs: while the rows are open, nothing else can be asked on the connection.
func (f *folder) events(b *store.Bulk, where string, args ...any) (events []event, err error) {
	rows, err := b.Rows(eventsWhere+where, args...)
	if err != nil {
		return nil, err
	}
	return events, each(rows, f.zone, func(e event) error {
		events = append(events, e)
		return nil
	})
}

func (t *tally) add(e event) {
	if e.kind != collections.FactCheckOut {
		return
	}
	t.loans += e.sign
	t.last = max(t.last, e.day)
	t.again = t.again || e.sign < 0
}

func (f *folder) writeItem(b *store.Bulk, item string, t tally, upTo int) error {
	if err := b.Exec(`INSERT INTO use_items (item, title, band, location, type, loans, last) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (item) DO UPDATE SET loans = loans + excluded.loans, last = MAX(last, excluded.last)`,
		item, t.place.title, t.place.band, t.place.location, t.place.kind, t.loans, t.last.String()); err != nil || !t.again {
		return err
	}
	last, err := lastLoan(b.Row, f.zone, item, upTo)
	if err != nil {
		return err
	}
	return b.Exec("UPDATE use_items SET last = ? WHERE item = ?", last.String(), item)
}

// lastLoan is the day of an item's last check-out that was not undone, among the facts up to one.
func lastLoan(one ask, zone *time.Location, item string, upTo int) (policy.Day, error) {
	row, err := one(`SELECT COALESCE(MAX(at), '') FROM circ_events f WHERE item = ? AND kind = 'check_out' AND seq <= ?
		AND NOT EXISTS (SELECT 1 FROM circ_events undo WHERE undo.key = 'undo:' || f.id AND undo.seq <= ?)`, item, upTo, upTo)
	if err != nil {
		return 0, err
	}
	var at string
	if err := row.Scan(&at); err != nil || at == "" {
		return 0, err
	}
	stored, err := types.ParseDateTime(at)
	return policy.DayOf(stored.Time(), zone), err
}
