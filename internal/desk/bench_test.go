package desk_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"carrel/internal/desk"
	"carrel/internal/site"
	"carrel/internal/store"
)

// BenchmarkCheckOut is one durable check-out; BenchmarkBareTransaction is its floor: two rows, one flush.
func BenchmarkCheckOut(b *testing.B) {
	lib := library(b)
	site.Watch(lib.App)
	for i := range b.N {
		lib.Item(fmt.Sprintf("X%07d", i))
	}
	b.ResetTimer()
	for i := range b.N {
		request := desk.CheckOutRequest{Act: act(fmt.Sprintf("bench%07d", i), librarian), Patron: "P100", Item: fmt.Sprintf("X%07d", i)}
		if i%20 == 0 {
			b.StopTimer()
			lib.Patron(fmt.Sprintf("Q%07d", i))
			b.StartTimer()
		}
		request.Patron = fmt.Sprintf("Q%07d", i/20*20)
		if _, err := desk.CheckOut(lib.App, request); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareTransaction(b *testing.B) {
	db, err := store.Connect(filepath.Join(b.TempDir(), "bare.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, table := range []string{"a", "b"} {
		if _, err := db.NewQuery("CREATE TABLE " + table + " (id TEXT PRIMARY KEY, content TEXT)").Execute(); err != nil {
			b.Fatal(err)
		}
	}
	for i := range b.N {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for _, table := range []string{"a", "b"} {
			if _, err := tx.NewQuery(fmt.Sprintf("INSERT INTO %s VALUES ('%07d', 'some content of a row')", table, i)).Execute(); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}
