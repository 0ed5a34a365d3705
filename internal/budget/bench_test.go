package budget

import (
	"fmt"
	"testing"
	"time"

	"carrel/internal/store"
)

// old is a fund with many entries, as a large school has after many years.
func old(b *testing.B, entries int) *school {
	b.Helper()
	s := newSchool(b, b, 4)
	must(b, Allocate(s.app, s.act(), s.funds[0].ID, 90_000_000))
	bulk, err := store.NewBulk(s.app, true)
	must(b, err)
	defer bulk.Abort()
	for i := 1; i < entries; i++ {
		act := fmt.Sprintf("oldact%09d", i)
		at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 4 * time.Minute).Format("2006-01-02 15:04:05.000Z")
		must(b, bulk.Do(func(bulk *store.Bulk) error {
			err := bulk.Exec(`INSERT INTO budget_acts (id, key, kind, about, reverses, data, reason, actor, at, seq) VALUES (?, ?, 'adjust', ?, '', '{}', 'old', '', ?, ?)`,
				act, act, s.funds[0].ID, at, i+1)
			if err != nil {
				return err
			}
			return bulk.Exec(`INSERT INTO budget_ledger (id, act, fund, kind, cents, order_id, line, invoice, reverses, at, seq) VALUES (?, ?, ?, 'adjust', 100, '', '', '', '', ?, ?)`,
				fmt.Sprintf("oldfact%08d", i), act, s.funds[0].ID, at, i+1)
		}))
	}
	must(b, bulk.Flush())
	found, err := Rebuild(s.app, true)
	must(b, err)
	if len(found) == 0 {
		b.Fatal("the rebuild did not see the old entries")
	}
	s.sound(b)
	return s
}

const manyEntries = 50_000

func BenchmarkOverview(b *testing.B) {
	s := old(b, manyEntries)
	for b.Loop() {
		view, err := Overview(s.app, time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC), s.year.ID)
		if err != nil || view.Funds[0].Spent != 100*(manyEntries-1) {
			b.Fatal(err, view.Funds)
		}
		if _, err := Warnings(s.app, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHistory(b *testing.B) {
	s := old(b, manyEntries)
	for name, page := range map[string]int{"first": 1, "middle": manyEntries / 2 / usualPage, "last": manyEntries / usualPage} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				entries, total, err := History(s.app, s.funds[0].ID, Page{Page: page})
				if err != nil || total != manyEntries || len(entries) != usualPage {
					b.Fatal(err, total, len(entries))
				}
				if last := entries[len(entries)-1]; page > 1 && last.Kind == "allocate" && last.Balance != 90_000_000 {
					b.Fatalf("%+v", last)
				}
			}
		})
	}
}
