package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/testkit"
)

func text(s string) *string { return &s }

func wordOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return strings.TrimSpace(f.Word + " " + f.Field)
	}
	return fmt.Sprint(err)
}

func barcodesOf(items []catalog.ItemView) string {
	var codes []string
	for _, item := range items {
		codes = append(codes, item.Barcode)
	}
	return strings.Join(codes, " ")
}

func index(t *testing.T, lib testkit.Library, title string) (items, available int, locations string) {
	t.Helper()
	err := lib.App.DB().NewQuery("SELECT items, available, locations FROM search_doc WHERE title_id = '"+title+"'").Row(&items, &available, &locations)
	if err != nil {
		t.Fatal(err)
	}
	return items, available, locations
}

func TestAddItems(t *testing.T) {
	lib := testkit.NewLibrary(t)
	first := lib.Item("T0007")
	place, err := collections.Insert(lib.App, collections.Location{Code: "FIC", Name: "Fiction"})
	if err != nil {
		t.Fatal(err)
	}
	asked := catalog.NewItems{Key: "key-00001", Title: first.Title, N: 3, Fields: catalog.ItemFields{
		Location: &place.ID, Price: text(" $18.99"), Vendor: text("Book \x00 fair"), PublicNote: text("one\r\ntwo"), Acquired: text("2026-11-02"),
	}}
	for range 2 { // the same key again adds nothing
		added, err := catalog.AddItems(lib.App, asked)
		if err != nil || barcodesOf(added) != "T0008 T0009 T0010" {
			t.Fatalf("%v %v", barcodesOf(added), err)
		}
		if one := added[0]; one.Price != "18.99" || one.Currency != "USD" || one.Vendor != "Book fair" || one.PublicNote != "one\ntwo" || one.Location != "Fiction" ||
			one.Acquired.String() != "2026-11-02" || one.Status != "available" || one.Updated == "" {
			t.Errorf("%+v", one)
		}
	}
	if items, available, locations := index(t, lib, first.Title); items != 4 || available != 4 || !strings.Contains(locations, place.ID) {
		t.Errorf("the index has %d, %d, %q", items, available, locations)
	}
	found, err := catalog.Search(lib.App, catalog.Query{Text: "T0009"})
	if err != nil || len(found.Items) != 1 {
		t.Errorf("not found by its barcode: %v", err)
	}
	if one := asked; true {
		one.Title = lib.Item("T0100").Title
		if _, err := catalog.AddItems(lib.App, one); wordOf(err) != "key_reused" {
			t.Errorf("the key for another title: %v", err)
		}
	}
	for name, test := range map[string]struct {
		asked catalog.NewItems
		want  string
	}{
		"taken":          {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Barcode: text(" t 0008 ")}}, "barcode_taken barcode"},
		"a card":         {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Barcode: text("carrel:p:ABCDEFGHJKMNPQRST")}}, "barcode"},
		"long":           {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Barcode: text(strings.Repeat("7", 65))}}, "barcode"},
		"no series":      {catalog.NewItems{Title: first.Title, N: 2, Fields: catalog.ItemFields{Barcode: text("LAPTOP")}}, "no_series barcode"},
		"no title":       {catalog.NewItems{Title: "nosuchtitle0001"}, "unknown_title title"},
		"no location":    {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Location: text("nosuchplace0001")}}, "unknown_location location"},
		"no type":        {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Type: text("nosuchtype00001")}}, "unknown_type type"},
		"a bad price":    {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Price: text("much")}}, "bad_amount price"},
		"a bad day":      {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Acquired: text("soon")}}, "acquired"},
		"a bad currency": {catalog.NewItems{Title: first.Title, Fields: catalog.ItemFields{Currency: text("US1")}}, "currency"},
		"too many":       {catalog.NewItems{Title: first.Title, N: 101}, "n"},
	} {
		test.asked.Key = "key-" + name
		if _, err := catalog.AddItems(lib.App, test.asked); wordOf(err) != test.want {
			t.Errorf("%s: %q, not %q", name, wordOf(err), test.want)
		}
	}
	_, err = catalog.AddItems(lib.App, catalog.NewItems{Key: "key-taken", Title: first.Title, Fields: catalog.ItemFields{Barcode: text("T0008")}})
	var taken *catalog.Taken
	if !errors.As(err, &taken) || taken.Holder.TitleID != first.Title {
		t.Errorf("not said who has it: %v", err)
	}
	if lib.Count("items", "1") != 5 {
		t.Errorf("%d items", lib.Count("items", "1"))
	}
}

func TestNextBarcode(t *testing.T) {
	lib := testkit.NewLibrary(t)
	next := func(want string) {
		t.Helper()
		if got, err := catalog.NextBarcode(lib.App); got != want || err != nil {
			t.Errorf("%s, not %s: %v", got, want, err)
		}
	}
	next("B00001")
	lib.Item("LAPTOP")
	next("B00001")
	for _, code := range []string{"T998", "T0999", "9780316168816", "T997", "T99X"} {
		lib.Item(code)
	}
	next("T999")
	lib.Item("T999")
	lib.Item("T1000")
	lib.Item("T1001")
	next("T1002") // wider once the numbers are used up
	lib.Item(" t1002")
	next("T1003") // a scanner takes the one for the other
	for _, code := range []string{"30412000008715", "30412000008723", "30412000000019", "30412000000027", "30412000000035"} {
		lib.Item(code)
	}
	next("30412000008731")
}

func TestChangeItem(t *testing.T) {
	lib := testkit.NewLibrary(t)
	item, other := lib.Item("T1"), lib.Item("T2")
	view, err := catalog.ItemOf(lib.App, item.ID)
	if err != nil {
		t.Fatal(err)
	}
	yes := true
	changed, err := catalog.ChangeItem(lib.App, item.ID, view.Updated, catalog.ItemFields{Barcode: text("T3"), CallNumber: text("523.4 GIB"), NotForLoan: &yes})
	if err != nil || changed.Barcode != "T3" || changed.CallNumber != "523.4 GIB" || !changed.NotForLoan {
		t.Fatalf("%+v %v", changed, err)
	}
	if found, err := catalog.Search(lib.App, catalog.Query{Text: "523.4 GIB"}); err != nil || len(found.Items) != 1 {
		t.Errorf("not found by its call number: %v", err)
	}
	for name, test := range map[string]struct {
		id, updated string
		fields      catalog.ItemFields
		want        string
	}{
		"somebody saved it":  {item.ID, "2020-01-01 00:00:00.000Z", catalog.ItemFields{StaffNote: text("x")}, "changed"},
		"as it is":           {item.ID, "2020-01-01 00:00:00.000Z", catalog.ItemFields{Barcode: text(" T3")}, "<nil>"},
		"taken":              {item.ID, changed.Updated, catalog.ItemFields{Barcode: text("t2")}, "barcode_taken barcode"},
		"no barcode":         {item.ID, changed.Updated, catalog.ItemFields{Barcode: text("")}, "barcode"},
		"nobody knows it":    {"nosuchitem00001", changed.Updated, catalog.ItemFields{Copy: text("2")}, "unknown_item item"},
		"its own in capital": {other.ID, "", catalog.ItemFields{}, "<nil>"},
	} {
		if _, err := catalog.ChangeItem(lib.App, test.id, test.updated, test.fields); wordOf(err) != test.want {
			t.Errorf("%s: %q, not %q", name, wordOf(err), test.want)
		}
	}
}

func TestDeleteItem(t *testing.T) {
	lib := testkit.NewLibrary(t)
	item := lib.Item("T1")
	second := lib.Copy("T2", item.Title)
	if err := catalog.DeleteItem(lib.App, second.ID); err != nil {
		t.Fatal(err)
	}
	if items, available, _ := index(t, lib, item.Title); items != 1 || available != 1 {
		t.Errorf("the index has %d, %d", items, available)
	}
	if err := catalog.DeleteItem(lib.App, second.ID); wordOf(err) != "unknown_item item" {
		t.Errorf("twice: %v", err)
	}
	if _, err := collections.Insert(lib.App, collections.Loan{Item: item.ID, State: collections.LoanReturned, Due: 1}); err != nil {
		t.Fatal(err)
	}
	if err := catalog.DeleteItem(lib.App, item.ID); wordOf(err) != "in_use" {
		t.Errorf("a lent one: %v", err)
	}
}

func TestSelection(t *testing.T) {
	lib := testkit.NewLibrary(t)
	a, b := lib.Item("A1"), lib.Item("B1")
	second := lib.Copy("A2", a.Title)
	gone := lib.Copy("A3", a.Title)
	gone.Status = collections.ItemWithdrawn
	lib.Save(gone)
	for name, test := range map[string]struct {
		chosen        catalog.Selection
		titles, items []string
	}{
		"titles": {catalog.Selection{OfTitles: []string{b.Title, a.Title, "nosuchtitle0001", b.Title}}, []string{b.Title, a.Title}, []string{b.ID, a.ID, second.ID}},
		"items":  {catalog.Selection{OfItems: []string{second.ID, b.ID, gone.ID, "nosuchitem00001"}}, []string{a.Title, b.Title}, []string{second.ID, b.ID, gone.ID}},
	} {
		titles, err := test.chosen.Titles(lib.App)
		items, err2 := test.chosen.Items(lib.App)
		if fmt.Sprint(titles, items) != fmt.Sprint(test.titles, test.items) || err != nil || err2 != nil {
			t.Errorf("%s: %v %v %v %v", name, titles, items, err, err2)
		}
	}
	for _, bad := range []catalog.Selection{{}, {OfTitles: []string{"x"}, Search: "q=x"}} {
		if _, err := bad.Items(lib.App); wordOf(err) != "nothing_chosen selection" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
