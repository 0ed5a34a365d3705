package testkit

import (
	"testing"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Library adds people and things to an app for a test; every method stops the test on an error.
type Library struct {
	T   testing.TB
	App core.App
}

// NewLibrary opens an empty library for a test.
func NewLibrary(t testing.TB) Library {
	t.Helper()
	return Library{t, App(t)}
}

func insert[R collections.Record](l Library, record R) R {
	l.T.Helper()
	saved, err := collections.Insert(l.App, record)
	if err != nil {
		l.T.Fatal(err)
	}
	return saved
}

// Patron adds an active patron with the given barcode.
func (l Library) Patron(code string) collections.Patron {
	l.T.Helper()
	return insert(l, collections.Patron{
		Barcode: code, BarcodeKey: barcode.Key(code), FirstName: "Diego", LastName: "Ramírez", Grade: "4", Status: collections.PatronActive,
	})
}

// Item adds a title with one available item of the given barcode.
func (l Library) Item(code string) collections.Item {
	l.T.Helper()
	title := insert(l, collections.Title{Title: "Hatchet " + code, Author: "Paulsen, Gary"})
	if _, err := l.App.DB().Insert("search_doc", dbx.Params{"title_id": title.ID, "title": title.Title, "items": 1, "available": 1}).Execute(); err != nil {
		l.T.Fatal(err)
	}
	return insert(l, collections.Item{Title: title.ID, Barcode: code, BarcodeKey: barcode.Key(code), Status: collections.ItemAvailable})
}

// Copy adds another available item of a title.
func (l Library) Copy(code, title string) collections.Item {
	l.T.Helper()
	item := insert(l, collections.Item{Title: title, Barcode: code, BarcodeKey: barcode.Key(code), Status: collections.ItemAvailable})
	_, err := l.App.DB().NewQuery("UPDATE search_doc SET items = items + 1, available = available + 1 WHERE title_id = {:title}").
		Bind(dbx.Params{"title": title}).Execute()
	if err != nil {
		l.T.Fatal(err)
	}
	return item
}

// Homeroom adds a homeroom.
func (l Library) Homeroom(name string) collections.Homeroom {
	l.T.Helper()
	return insert(l, collections.Homeroom{Name: name})
}

// Term ends a term on a day, as a ceiling.
func (l Library) Term(end policy.Day) collections.CalendarEntry {
	l.T.Helper()
	return insert(l, collections.CalendarEntry{Kind: collections.CalendarTermCeiling, Day: end, Label: "End of term"})
}

// Inventory opens an inventory of the whole library.
func (l Library) Inventory() collections.Inventory {
	l.T.Helper()
	return insert(l, collections.Inventory{Name: "Shelf walk", State: collections.InventoryOpen})
}

// Rule sets the terms of a scope; empty ids are wildcards. The site's own row is replaced.
func (l Library) Rule(patronType, itemType, terms string) {
	l.T.Helper()
	rule, found, err := collections.Find[collections.LoanRule](l.App, "patron_type = {:p} AND item_type = {:i}", dbx.Params{"p": patronType, "i": itemType})
	if err != nil {
		l.T.Fatal(err)
	}
	rule.PatronType, rule.ItemType, rule.Terms = patronType, itemType, types.JSONRaw(terms)
	if !found {
		insert(l, rule)
		return
	}
	l.Save(rule)
}

// Save changes a record.
func (l Library) Save(record collections.Record) {
	l.T.Helper()
	var err error
	switch r := record.(type) {
	case collections.LoanRule:
		err = collections.Update(l.App, r)
	case collections.Patron:
		err = collections.Update(l.App, r)
	case collections.Item:
		err = collections.Update(l.App, r)
	case collections.Inventory:
		err = collections.Update(l.App, r)
	default:
		l.T.Fatalf("testkit cannot save %T", record)
	}
	if err != nil {
		l.T.Fatal(err)
	}
}

// Closed closes a day.
func (l Library) Closed(day policy.Day) {
	l.T.Helper()
	insert(l, collections.CalendarEntry{Kind: "closed", Day: day, Label: "Holiday"})
}

// Count counts rows, as a test that asks what was written.
func (l Library) Count(table, where string) int {
	l.T.Helper()
	var n int
	if err := l.App.DB().NewQuery("SELECT COUNT(*) FROM " + table + " WHERE " + where).Row(&n); err != nil {
		l.T.Fatal(err)
	}
	return n
}
