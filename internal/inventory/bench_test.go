package inventory_test

import (
	"fmt"
	"testing"

	"carrel/collections"
	"carrel/internal/inventory"
	"carrel/internal/store"
)

// BenchmarkReport is the report of a walk past 30,000 items, one in a hundred of them out of order, with 120,000 older facts about them.
func BenchmarkReport(b *testing.B) {
	const items = 30_000
	s := open(b)
	bulk, err := store.NewBulk(s.App, false)
	s.check(err)
	row := func(statement string, args ...any) {
		s.check(bulk.Do(func(b *store.Bulk) error { return b.Exec(statement, args...) }))
	}
	const fact = `INSERT INTO circ_events (id, key, kind, item, about, at, recorded_at, data, seq) VALUES (?, ?, ?, ?, ?, ?, ?, '{"ask":"x"}', ?)`
	for i := range 4 * items {
		id := fmt.Sprintf("o%014d", i)
		row(fact, id, id, collections.FactSeen, fmt.Sprintf("i%014d", i%items), "", "2026-01-05 10:00:00.000Z", "2026-01-05 10:00:00.000Z", i+1)
	}
	s.check(bulk.Flush())
	in := s.start(inventory.Stretch{Name: "All", From: "000", To: "999"})
	for i := range items {
		item, title, place := fmt.Sprintf("i%014d", i), fmt.Sprintf("t%014d", i), i
		if i%100 == 0 {
			place = items - i
		}
		row("INSERT INTO titles (id, title, marc) VALUES (?, ?, ?)", title, "Hatchet", fmt.Sprintf("%2000d", i))
		row("INSERT INTO items (id, title, barcode, status, call_number) VALUES (?, ?, ?, 'available', ?)",
			item, title, item, fmt.Sprintf("%03d.%03d EXA", place/100+100, place%100))
		row(fact, "s"+item[1:], "s"+item[1:], collections.FactScan, item, in.ID, "2026-11-23 11:00:00.000Z", "2026-11-23 11:00:00.000Z", 4*items+i+1)
	}
	s.check(bulk.Flush())
	b.ReportAllocs()
	for b.Loop() {
		found, err := inventory.Report(s.App, in.ID)
		s.check(err)
		if found.Seen != items || len(found.Misplaced) == 0 {
			b.Fatalf("%d seen, %d misplaced", found.Seen, len(found.Misplaced))
		}
	}
}
