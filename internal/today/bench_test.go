package today_test

import (
	"fmt"
	"testing"
	"time"

	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/store"
	"carrel/internal/testkit"
	"carrel/internal/today"
)

// BenchmarkLook is the first screen of a library with 100,000 titles and a million loans, of which 5,000 are out and half of those overdue, 400 holds that wait and
// 10,000 that are over, 2,000 of them of the last year.
func BenchmarkLook(b *testing.B) {
	const titles, loans, patrons, rooms, holds = 100_000, 1_000_000, 1500, 60, 10_000
	lib := testkit.NewLibrary(b)
	bulk, err := store.NewBulk(lib.App, false)
	check(b, err)
	row := func(statement string, args ...any) {
		check(b, bulk.Do(func(bulk *store.Bulk) error { return bulk.Exec(statement, args...) }))
	}
	now := time.Now()
	at := func(days int) string { return now.AddDate(0, 0, -days).UTC().Format("2006-01-02 15:04:05.000Z") }
	on := func(days int) string { return policy.DayOf(now.AddDate(0, 0, days), time.Local).String() }
	for i := range rooms {
		row("INSERT INTO homerooms (id, name, visits) VALUES (?, ?, 'mon 08:50-09:30; tue 08:50-09:30; wed 08:50-09:30; thu 08:50-09:30; fri 08:50-09:30')",
			id("h", i), fmt.Sprintf("Room %d", i))
	}
	for i := range patrons {
		row("INSERT INTO patrons (id, barcode, last_name, homeroom, status) VALUES (?, ?, 'Lovelace', ?, 'active')", id("p", i), id("P", i), id("h", i%rooms))
	}
	for i := range titles {
		row("INSERT INTO titles (id, title, author, marc) VALUES (?, 'Hatchet', 'Paulsen, Gary', ?)", id("t", i), fmt.Sprintf("%1500d", i))
		row("INSERT INTO items (id, title, barcode, status, call_number) VALUES (?, ?, ?, 'available', 'FIC PAU')", id("i", i), id("t", i), id("B", i))
	}
	for i := range loans {
		state, returned, due, patron := "returned", at(i/500), on(-i/500-3), ""
		if i < 20_000 {
			patron = id("p", i%patrons)
		}
		if i < 5000 {
			state, returned, due = "open", "", on(i%40-20)
		}
		row(`INSERT INTO loans (id, item, patron, state, out_at, due, returned_at, claim) VALUES (?, ?, ?, ?, ?, ?, ?, '')`,
			id("l", i), id("i", i%titles), patron, state, at(i/500+10), due, returned)
		row(`INSERT INTO circ_events (id, key, kind, item, loan, at, recorded_at, data, seq, about, act) VALUES (?, ?, 'return', ?, ?, ?, ?, '{}', ?, '', '')`,
			id("f", i), id("f", i), id("i", i%titles), id("l", i), at(i/500), at(i/500), 2*i+2)
	}
	for i := range holds {
		state, ended, caught, patron := "filled", at(i/6+1), id("i", i), ""
		if i < 400 {
			state, ended, caught, patron = "waiting", "", "", id("p", i)
		}
		row(`INSERT INTO holds (id, patron, title, wanted, caught, state, rank, placed_at, ended_at, pickup_by) VALUES (?, ?, ?, '', ?, ?, 1, ?, ?, '')`,
			id("w", i), patron, id("t", i+6000), caught, state, at(30), ended)
		row(`INSERT INTO circ_events (id, key, kind, item, about, at, recorded_at, data, seq, act) VALUES (?, ?, 'hold_fill', ?, ?, ?, ?, '{}', ?, '')`,
			id("g", i), id("g", i), caught, id("w", i), at(30), at(30), 2*i+1)
	}
	check(b, bulk.Flush())
	site.Watch(lib.App)
	asker := today.Asker{Head: true, Now: now}
	for b.Loop() {
		found, err := today.Look(lib.App, asker)
		check(b, err)
		if found.Counts.Out != 5000 || found.Counts.Late == 0 {
			b.Fatalf("%+v", found.Counts)
		}
	}
}

func id(prefix string, n int) string { return fmt.Sprintf("%s%014d", prefix, n) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
