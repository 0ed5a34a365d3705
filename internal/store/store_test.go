package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/store"
	"carrel/internal/testkit"
)

const addLocation = "INSERT OR IGNORE INTO locations (id, code, name) VALUES (?, ?, ?)"

func add(b *store.Bulk, code string) error { return b.Exec(addLocation, "location-"+code, code, code) }

func TestBulk(t *testing.T) {
	l := testkit.NewLibrary(t)
	b, err := store.NewBulk(l.App, false)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Abort()
	do := func(code string) {
		t.Helper()
		if err := b.Do(func(b *store.Bulk) error { return add(b, code) }); err != nil {
			t.Fatal(err)
		}
	}
	do("A")
	if !b.Pending() || l.Count("locations", "1") != 0 {
		t.Error("a piece is durable before its transaction ends")
	}
	if err := b.Flush(); err != nil || b.Pending() || l.Count("locations", "1") != 1 {
		t.Errorf("after a flush: %v, %d", err, l.Count("locations", "1"))
	}
	do("B")
	b.Abort()
	if b.Pending() || l.Count("locations", "1") != 1 {
		t.Error("what was aborted is there")
	}
	if err := b.Do(func(b *store.Bulk) error {
		for _, want := range []bool{true, false} {
			if done, err := b.Try(addLocation, "location-C", "C", "C"); err != nil || done != want {
				t.Errorf("%v, %v", done, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// A draft shows what is in the library and keeps what is done to it to itself.
func TestDraft(t *testing.T) {
	l := testkit.NewLibrary(t)
	l.Item("3001")
	b, discard, err := store.NewDraft(l.App)
	if err != nil {
		t.Fatal(err)
	}
	var items int
	err = b.Do(func(b *store.Bulk) error {
		if err := add(b, "A"); err != nil {
			return err
		}
		row, err := b.Row("SELECT (SELECT COUNT(*) FROM items) + (SELECT COUNT(*) FROM locations)")
		if err != nil {
			return err
		}
		return row.Scan(&items)
	})
	if err := errors.Join(err, b.Flush()); err != nil || items != 2 {
		t.Errorf("%d rows, %v", items, err)
	}
	discard()
	left, err := filepath.Glob(filepath.Join(l.App.DataDir(), ".draft.db*"))
	if err != nil || len(left) > 0 || l.Count("locations", "1") != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestServed(t *testing.T) {
	dir := t.TempDir()
	if store.Served(dir) {
		t.Error("served by nobody")
	}
	release, err := store.Serve(dir)
	if err != nil || !store.Served(dir) {
		t.Fatalf("not served: %v", err)
	}
	if _, err := store.Serve(dir); !errors.Is(err, store.ErrServing) {
		t.Errorf("a second server: %v", err)
	}
	release()
	if store.Served(dir) {
		t.Error("still served")
	}
}

func TestExplain(t *testing.T) {
	_, other := testkit.App(t).DB().NewQuery("SELECT load_extension('x')").Execute()
	if other == nil {
		t.Fatal("the store loads extensions")
	}
	known := fault.New("x", fault.Invalid, "door.bad_json")
	for _, test := range []struct {
		name string
		err  error
		word string // "" when the error comes back as it is
	}{
		{"Nothing", nil, ""},
		{"Full", fmt.Errorf("write: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}), "disk_full"},
		{"NotAllowed", &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, "read_only"},
		{"ReadOnly", syscall.EROFS, "read_only"},
		{"Failing", syscall.EIO, "disk_fails"},
		{"AnyOther", errors.New("x"), ""},
		{"OurOwn", known, ""},
		{"OtherOfSQLite", other, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := store.Explain("op", "/data", test.err)
			var f *fault.Error
			if test.word == "" {
				if got != test.err { //nolint:errorlint // the very same
					t.Errorf("got %v", got)
				}
				return
			}
			if !errors.As(got, &f) || f.Word != test.word || f.Code != fault.Conflict || f.Text.Key != "store."+test.word || !errors.Is(got, test.err) {
				t.Errorf("got %+v", got)
			}
		})
	}
}
