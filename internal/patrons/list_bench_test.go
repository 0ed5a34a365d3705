package patrons_test

import (
	"fmt"
	"testing"
	"time"

	"carrel/internal/patrons"
	"carrel/internal/store"
	"carrel/internal/testkit"
)

// BenchmarkList reads pages of a list of 100,000 patrons, of whom a tenth have left and a third have something out.
func BenchmarkList(b *testing.B) {
	lib := testkit.NewLibrary(b)
	lib.Rule("", "", `{"loan_days": 21, "loan_limit": 3, "overdue_limit": 1}`)
	crowd(b, lib, 100_000)
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for _, query := range []patrons.Query{
		{}, {Page: 1700}, {Sort: "homeroom", Page: 1700}, {Sort: "grade", Page: 1700}, {Status: "all", Page: 1900},
		{Text: "m"}, {Text: "m", Page: 200}, {Text: "ma"}, {Text: "ma ra"}, {Text: "marati"}, {Text: "zz"}, {Text: "20000"}, {Text: "m", Grade: "4"},
		{Homeroom: "room00000000007"}, {Grade: "4", Page: 100}, {Only: "late"}, {Only: "late", Text: "m"}, {Only: "blocked"}, {Only: "no_picture"}, {Only: "owes"},
	} {
		b.Run(fmt.Sprintf("%+v", query), func(b *testing.B) {
			total := 0
			for b.Loop() {
				page, err := patrons.List(lib.App, query, now)
				if err != nil {
					b.Fatal(err)
				}
				total = page.TotalItems
			}
			b.ReportMetric(float64(total), "found")
		})
	}
}

// crowd adds patrons in 3000 homerooms, with their loans.
func crowd(b *testing.B, lib testkit.Library, size int) {
	b.Helper()
	parts := []string{"ma", "ra", "lo", "ti", "ke", "sa", "no", "di", "be", "go", "ru", "ha", "jo", "an", "el"}
	word := func(seed int) string {
		seed = int(uint32(seed*2654435761) >> 8)
		return parts[seed%15] + parts[seed/15%15] + parts[seed/225%15]
	}
	const stamp = "2026-11-01 12:00:00.000Z"
	bulk, err := store.NewBulk(lib.App, false)
	if err != nil {
		b.Fatal(err)
	}
	defer bulk.Abort()
	do := func(query string, args ...any) {
		b.Helper()
		if err := bulk.Do(func(bulk *store.Bulk) error { return bulk.Exec(query, args...) }); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 3000 {
		do(`INSERT INTO homerooms (id, name, created, updated) VALUES (?, ?, ?, ?)`, fmt.Sprintf("room%011d", i), fmt.Sprintf("Room %d", i), stamp, stamp)
	}
	do(`INSERT INTO titles (id, title, created, updated) VALUES ('title0000000001', 'Hatchet', ?, ?)`, stamp, stamp)
	for i := range size {
		id, status := fmt.Sprintf("p%014d", i*7919%size), "active"
		if i%10 == 1 {
			status = "left"
		}
		code := fmt.Sprint(2000000 + i)
		do(`INSERT INTO patrons (id, barcode, barcode_key, last_name, first_name, grade, homeroom, status, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, code, code, word(2*i), word(2*i+1), patrons.Grades[i%14], fmt.Sprintf("room%011d", i%3000), status, stamp, stamp)
		if i%3 > 0 {
			continue
		}
		item, due := fmt.Sprintf("i%014d", i), "2026-12-01"
		if i%30 == 0 {
			due = "2026-11-10"
		}
		do(`INSERT INTO items (id, title, barcode, barcode_key, status, created, updated) VALUES (?, 'title0000000001', ?, ?, 'available', ?, ?)`, item, item, item, stamp, stamp)
		do(`INSERT INTO loans (id, item, patron, state, out_at, due, created, updated) VALUES (?, ?, ?, 'open', ?, ?, ?, ?)`,
			fmt.Sprintf("l%014d", i), item, id, stamp, due, stamp, stamp)
	}
	if err := bulk.Flush(); err != nil {
		b.Fatal(err)
	}
}
