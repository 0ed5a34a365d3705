package imports

import (
	"context"
	"testing"

	"carrel/internal/store"
	"carrel/internal/testkit"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestJournalSeesTheImportAlone: what the desk writes between two transactions of an import is not noted, what is dropped is not, and several changes of a
// row in one transaction are one entry.
func TestJournalSeesTheImportAlone(t *testing.T) {
	lib := testkit.NewLibrary(t)
	patron := lib.Patron("P1")
	b, err := store.NewBulk(lib.App, true)
	must(t, err)
	b.Around(journaledUntilCancelled(&job{id: "theimport000001", ctx: context.Background()}))
	write := func(queries ...string) {
		t.Helper()
		must(t, b.Do(func(b *store.Bulk) error {
			for _, query := range queries {
				if err := b.Exec(query); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	entries := func(where string, want int) {
		t.Helper()
		if got := lib.Count("import_changes", where); got != want {
			t.Errorf("%d entries where %s, not %d", got, where, want)
		}
	}
	write("UPDATE patrons SET grade = '5'", "UPDATE patrons SET grade = '6', email = 'x'", "UPDATE patrons SET grade = '7'")
	must(t, b.Flush())
	entries("1", 1)
	entries("row = '"+patron.ID+"' AND before = '{\"grade\":\"4\",\"email\":\"\"}'", 1)

	patron.LastName = "Ramos"
	lib.Save(patron)
	lib.Item("B1")
	entries("1", 1)

	write("UPDATE patrons SET grade = '8'")
	b.Abort()
	lib.Save(patron)
	entries("1", 1)

	write("INSERT INTO locations (id, code, name) VALUES ('location0000001', 'A', 'A')", "UPDATE locations SET name = 'B'")
	must(t, b.Flush())
	entries("tbl = 'locations' AND before IS NULL", 1)
	entries("1", 2)

	err = b.Do(func(b *store.Bulk) error { return b.Exec("DELETE FROM locations") })
	b.Abort()
	if err == nil || lib.Count("locations", "1") != 1 {
		t.Errorf("an import may delete: %v", err)
	}

	must(t, New(lib.App).endJournal())
	var left int
	must(t, lib.App.NonconcurrentDB().NewQuery("SELECT COUNT(*) FROM temp.sqlite_master").Row(&left))
	if left != 0 {
		t.Errorf("%d temporary things are left", left)
	}
}
