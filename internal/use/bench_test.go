package use_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"carrel/internal/store"
	"carrel/internal/testkit"
	"carrel/internal/use"
)

// BenchmarkCatchUp counts a million facts of twenty years at once, 20,000 items and all grades, and then, round by round, the facts of one act.
func BenchmarkCatchUp(b *testing.B) {
	const facts = 1_000_000
	lib := library(b, "America/New_York")
	manyFacts(b, lib, facts)
	began := time.Now()
	check(b, use.CatchUp(b.Context(), lib.App))
	counted := time.Since(began)
	rows, err := use.Rebuild(b.Context(), lib.App, false, func(d use.Difference) { b.Errorf("%+v", d) })
	check(b, err)
	rebuilt := time.Since(began) - counted
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		lend(b, lib, fmt.Sprintf("o%d", i), time.Now())
		giveBack(b, lib, fmt.Sprintf("i%d", i), time.Now())
		b.StartTimer()
		check(b, use.CatchUp(b.Context(), lib.App))
	}
	b.ReportMetric(counted.Seconds(), "s/million")
	b.ReportMetric(rebuilt.Seconds(), "s/rebuild")
	b.ReportMetric(float64(rows), "rows")
}

// manyFacts are loans and returns, a third of the loans renewed, over the days of twenty years.
func manyFacts(t testing.TB, lib testkit.Library, facts int) {
	t.Helper()
	const items, years = 20_000, 20
	bulk, err := store.NewBulk(lib.App, false)
	check(t, err)
	row := func(statement string, args ...any) {
		check(t, bulk.Do(func(b *store.Bulk) error { return b.Exec(statement, args...) }))
	}
	random := rand.New(rand.NewPCG(1, 1))
	bands := []string{"031 A", "133 A", "292 A", "398.2 A", "423 A", "598 A", "636 A", "741.5 A", "811 A", "973 A", "FIC A", "E A", "B A", "GN A"}
	for i := range items {
		row("INSERT INTO titles (id, title, marc) VALUES (?, 'Hatchet', '{}')", fmt.Sprintf("t%014d", i))
		row("INSERT INTO items (id, title, barcode, status, call_number, location) VALUES (?, ?, ?, 'available', ?, ?)",
			fmt.Sprintf("i%014d", i), fmt.Sprintf("t%014d", i), fmt.Sprintf("M%d", i), bands[i%len(bands)], fmt.Sprintf("l%014d", i%len(bands)/4))
	}
	from := time.Date(2006, 9, 1, 0, 0, 0, 0, time.UTC)
	grades := []string{"K", "1", "2", "3", "4", "5", ""}
	for seq := 1; seq <= facts; seq++ {
		day := from.AddDate(0, 0, seq*years*365/facts)
		at := day.Add(time.Duration(13*60+random.IntN(7*60)) * time.Minute).Format("2006-01-02 15:04:05.000Z")
		kind, item, grade := []string{"check_out", "return", "renew", "check_out", "return", "check_out", "return"}[seq%7], random.IntN(items), grades[random.IntN(len(grades))]
		patronType, door := "student", "staff"
		if grade == "" {
			patronType = "teacher"
		} else if random.IntN(2) == 0 {
			door = "kiosk"
		}
		row(`INSERT INTO circ_events (id, key, kind, item, patron, loan, reverses, patron_type, grade, homeroom, at, recorded_at, door, actor, data, seq, act, about)
			VALUES (?, ?, ?, ?, '', '', '', ?, ?, '', ?, ?, ?, '', '{}', ?, '', '')`,
			fmt.Sprintf("f%014d", seq), fmt.Sprintf("many %d", seq), kind, fmt.Sprintf("i%014d", item), patronType, grade, at, at, door, seq)
	}
	check(t, bulk.Flush())
}
