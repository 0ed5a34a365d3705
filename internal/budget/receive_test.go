package budget

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"
	"carrel/internal/marc"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	hatchet = "9781416936473"
	wonder  = "9780375869020"
)

// books is an order that was sent: 20 of a book with an ISBN, and labels.
func (s *school) books(t *testing.T) (order string, book, labels collections.OrderLine) {
	t.Helper()
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 100_000))
	saved, err := SaveOrder(s.app, "", collections.Order{Year: s.year.ID, Vendor: s.vendor.ID, Shipping: 1_999}, []collections.OrderLine{
		{Fund: s.funds[0].ID, Name: "Hatchet", ISBN: "1-4169-3647-5", Pieces: 20, Price: 899}, {Fund: s.funds[0].ID, Name: "Labels", Pieces: 2, Price: 1_000},
	})
	must(t, err)
	must(t, Approve(s.app, s.act(), collections.Librarian, saved.ID))
	must(t, Send(s.app, s.act(), saved.ID))
	lines, err := linesOf(s.app, saved.ID)
	must(t, err)
	return saved.ID, lines[0], lines[1]
}

func itemsOf(t *testing.T, s *school, line string) []collections.Item {
	t.Helper()
	items, err := collections.All[collections.Item](s.app, "order_line = {:line}", "rowid", dbx.Params{"line": line})
	must(t, err)
	return items
}

func TestReceivedBooksAreCopies(t *testing.T) {
	s := newSchool(t, t, 1)
	order, book, labels := s.books(t)
	act := s.act()
	delivery := Delivery{
		Pieces: map[string]int{book.ID: 20, labels.ID: 1},
		Copies: map[string]Copies{book.ID: {Make: true, Barcodes: []string{"B 100", "", "B-102"}, CallNumber: "FIC PAU"}},
	}
	came, err := Receive(s.app, act, order, delivery)
	must(t, err)
	if len(came.Items) != 20 || came.TitlesMade != 1 || came.Items[0].Barcode != "B 100" || came.Items[2].Barcode != "B-102" || came.Items[0].Title != "Hatchet" {
		t.Fatalf("%+v", came)
	}
	again, err := Receive(s.app, act, order, delivery)
	must(t, err)
	if fmt.Sprint(again) != fmt.Sprint(came) {
		t.Errorf("again: %+v", again)
	}
	delivery.Copies = nil
	if _, err := Receive(s.app, act, order, delivery); word(err) != "key_reused" {
		t.Error(err)
	}
	items, sum := itemsOf(t, s, book.ID), 0
	for _, item := range items {
		sum += item.PriceCents
		if item.Fund != "Fund 0" || item.Vendor != "Made Books" || item.Acquired.String() != "2026-11-23" || item.Currency != "USD" || item.CallNumber != "FIC PAU" || item.Barcode == "" {
			t.Fatalf("%+v", item)
		}
	}
	line, err := byID[collections.OrderLine](s.app, "test", book.ID, "line")
	must(t, err)
	if sum != line.Spent || line.Spent == 0 || line.Title == "" {
		t.Errorf("the copies cost %d, the line %+v", sum, line)
	}
	s.sound(t)

	must(t, Undo(s.app, act.Key, s.act()))
	if left := itemsOf(t, s, book.ID); len(left) != 0 {
		t.Errorf("%d copies are left", len(left))
	}
	if _, err := byID[collections.Title](s.app, "test", line.Title, "title"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the short title: %v", err)
	}
	if line, err = byID[collections.OrderLine](s.app, "test", book.ID, "line"); err != nil || line.Title != "" || line.Received != 0 || line.Spent != 0 {
		t.Errorf("%+v %v", line, err)
	}
	s.sound(t)
}

// A copy that was lent keeps its delivery.
func TestLentCopiesStay(t *testing.T) {
	s := newSchool(t, t, 1)
	order, book, _ := s.books(t)
	act := s.act()
	came, err := Receive(s.app, act, order, Delivery{Pieces: map[string]int{book.ID: 2}, Copies: map[string]Copies{book.ID: {Make: true}}})
	must(t, err)
	_, err = s.app.DB().NewQuery(`INSERT INTO circ_events (id, kind, item, seq, key) VALUES ('factfactfact000', 'checkout', {:item}, 1, 'k')`).
		Bind(dbx.Params{"item": came.Items[0].ID}).Execute()
	must(t, err)
	if err := Undo(s.app, act.Key, s.act()); word(err) != "in_use" || !strings.Contains(err.Error(), "Hatchet") {
		t.Error(err)
	}
	if b := s.balance(t, 0); b.Spent == 0 || len(itemsOf(t, s, book.ID)) != 2 {
		t.Errorf("%+v", b)
	}
	s.sound(t)
}

func TestBadDeliveries(t *testing.T) {
	s := newSchool(t, t, 1)
	order, book, labels := s.books(t)
	make1 := func(copies Copies) map[string]Copies {
		copies.Make = true
		return map[string]Copies{book.ID: copies}
	}
	for name, test := range map[string]struct {
		delivery Delivery
		field    string
	}{
		"too many":             {Delivery{Pieces: map[string]int{book.ID: 21}}, "pieces." + book.ID},
		"below nothing":        {Delivery{Pieces: map[string]int{book.ID: -1}}, "pieces." + book.ID},
		"nothing":              {Delivery{Pieces: map[string]int{book.ID: 0}}, "pieces"},
		"a line of elsewhere":  {Delivery{Pieces: map[string]int{"nowhere": 1}}, "pieces"},
		"more barcodes":        {Delivery{Pieces: map[string]int{book.ID: 1}, Copies: make1(Copies{Barcodes: []string{"B1", "B2"}})}, "items." + book.ID + ".barcodes"},
		"the same twice":       {Delivery{Pieces: map[string]int{book.ID: 2}, Copies: make1(Copies{Barcodes: []string{"B1", "B1"}})}, "items." + book.ID + ".barcode"},
		"a place there is not": {Delivery{Pieces: map[string]int{book.ID: 1}, Copies: make1(Copies{Location: "nowhere"})}, "items." + book.ID + ".location"},
	} {
		_, err := Receive(s.app, s.act(), order, test.delivery)
		var f *fault.Error
		if !errors.As(err, &f) || f.Field != test.field {
			t.Errorf("%s: %v at %+v", name, err, f)
		}
	}
	if len(itemsOf(t, s, book.ID)) != 0 || len(itemsOf(t, s, labels.ID)) != 0 {
		t.Error("something was made")
	}
	s.sound(t)
}

func TestRollOver(t *testing.T) {
	s := newSchool(t, t, 2)
	order, book, _ := s.books(t)
	must(t, s.receive(order, map[string]int{book.ID: 5}))
	spent := s.balance(t, 0).Spent
	seen, err := Roll(s.app, Act{Key: "preview-key"}, s.year.ID, s.next.ID, nil, true)
	must(t, err)
	if seen.N != 1 || seen.Key != "" || len(seen.Funds) != 1 || !seen.Funds[0].Made || seen.Funds[0].Available != -seen.Orders[0].Cents {
		t.Errorf("the preview: %+v", seen)
	}
	if _, err := Roll(s.app, s.act(), s.year.ID, s.next.ID, nil, false); word(err) != "fund_short" {
		t.Error(err)
	}
	act := s.act()
	act.Override, act.Reason = true, "The new budget comes in July."
	rolled, err := Roll(s.app, act, s.year.ID, s.next.ID, []string{order}, false)
	must(t, err)
	fund, _, err := collections.Find[collections.Fund](s.app, "year = {:year}", dbx.Params{"year": s.next.ID})
	must(t, err)
	if b := s.balance(t, 0); b.Spent != spent || b.Encumbered != 0 || fund.Encumbered != rolled.Orders[0].Cents || fund.Name != "Fund 0" {
		t.Errorf("%+v %+v %+v", b, fund, rolled)
	}
	must(t, s.receive(order, map[string]int{book.ID: 1}))
	if err := Undo(s.app, act.Key, s.act()); word(err) != "undo_built_on" {
		t.Error(err)
	}
	must(t, Undo(s.app, lastKey(t, s, order), s.act()))
	must(t, Undo(s.app, act.Key, s.act()))
	if b := s.balance(t, 0); b.Encumbered != rolled.Orders[0].Cents {
		t.Errorf("taken back: %+v", b)
	}
	year := s.year
	year.ClosedAt = types.NowDateTime()
	if _, err := SaveYear(s.app, "", year); word(err) != "open_orders" {
		t.Error(err)
	}
	_, err = Roll(s.app, overridden(s), s.year.ID, s.next.ID, nil, false)
	must(t, err)
	_, err = SaveYear(s.app, "", year)
	must(t, err)
	for name, err := range map[string]error{
		"allocated": Allocate(s.app, s.act(), s.funds[0].ID, 5), "taken back": Undo(s.app, "test-act-000001", overridden(s)),
	} {
		if word(err) != "year_closed" {
			t.Errorf("%s in a closed year: %v", name, err)
		}
	}
	s.sound(t)
}

func overridden(s *school) Act {
	act := s.act()
	act.Override, act.Reason = true, "on purpose"
	return act
}

func lastKey(t *testing.T, s *school, order string) string {
	t.Helper()
	acts, err := actViews(s.app, order)
	must(t, err)
	return acts[0].Key
}

func TestStandingOrders(t *testing.T) {
	for text, want := range map[string]string{"2027-01-31": "2027-02-28", "2026-12-15": "2027-01-15", "2028-02-29": "2028-03-29"} {
		if got := nextTime("monthly", day(text)); got != day(want) {
			t.Errorf("a month after %s: %s", text, got)
		}
	}
	if got := nextTime("yearly", day("2028-02-29")); got != day("2029-02-28") {
		t.Errorf("a year after: %s", got)
	}
	s := newSchool(t, t, 1)
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 100_000))
	order, err := SaveOrder(s.app, "", collections.Order{Year: s.year.ID, Vendor: s.vendor.ID, Standing: "monthly", Again: day("2026-12-15")},
		[]collections.OrderLine{{Fund: s.funds[0].ID, Name: "Newspaper", Pieces: 1, Price: 999}})
	must(t, err)
	run := func(on string, want int) {
		t.Helper()
		made, err := MakeStanding(context.Background(), s.app, day(on))
		if err != nil || made != want {
			t.Errorf("%s: %d made, %v", on, made, err)
		}
	}
	run("2026-12-15", 0) // still a draft
	must(t, Approve(s.app, s.act(), collections.Librarian, order.ID))
	must(t, Send(s.app, s.act(), order.ID))
	run("2026-12-14", 0)
	run("2027-02-20", 1) // the box was off for two months
	run("2027-02-20", 0)
	run("2027-03-20", 0) // the one that follows is a draft
	next, _, err := collections.Find[collections.Order](s.app, "follows = {:id}", dbx.Params{"id": order.ID})
	must(t, err)
	if next.Again != day("2027-03-15") || next.State != ledger.Draft || next.Number == order.Number {
		t.Errorf("%+v", next)
	}
	must(t, Approve(s.app, s.act(), collections.Librarian, next.ID))
	must(t, Send(s.app, s.act(), next.ID))
	run("2027-07-02", 1) // in the next year, of a fund of the same name
	s.sound(t)
}

func vendorFile(t *testing.T, isbns ...string) string {
	t.Helper()
	var file []byte
	for i, number := range isbns {
		record := marc.Edit(marc.Record{Leader: "00000nam a2200000 i 4500", Fields: []marc.Field{{Tag: "001", Value: fmt.Sprint("v", i)}, {Tag: "003", Value: "Vendor"}}},
			marc.Form{Title: "Vendor's book " + number, Author: "Somebody", ISBN: []string{number}})
		var err error
		if file, err = marc.AppendISO2709(file, record); err != nil {
			t.Fatal(err)
		}
	}
	return string(file)
}

func TestVendorsRecords(t *testing.T) {
	s := newSchool(t, t, 1)
	saved, err := SaveOrder(s.app, "", collections.Order{Year: s.year.ID, Vendor: s.vendor.ID}, []collections.OrderLine{
		{Fund: s.funds[0].ID, Name: "Hatchet", ISBN: hatchet, Pieces: 1, Price: 899}, {Fund: s.funds[0].ID, Name: "Wonder", ISBN: wonder, Pieces: 1, Price: 899},
		{Fund: s.funds[0].ID, Name: "Labels", Pieces: 1, Price: 1_000},
	})
	must(t, err)
	match := func(file string) (Matched, error) {
		return MatchRecords(context.Background(), s.app, saved.ID, "vendor.mrc", strings.NewReader(file))
	}
	got, err := match(vendorFile(t, "1416936475", "9780441172719"))
	must(t, err)
	if len(got.Matched) != 1 || len(got.Unmatched) != 2 || got.Records != 2 || got.Titles != 1 || !strings.HasPrefix(got.Matched[0].Title.Title, "Vendor") {
		t.Errorf("%+v", got)
	}
	if got, err = match(vendorFile(t, hatchet, wonder)); err != nil || len(got.Matched) != 1 || got.Titles != 1 {
		t.Errorf("again: %+v %v", got, err)
	}
	for name, file := range map[string]string{"a PDF": "%PDF-1.4\n1 0 obj", "nothing": "", "a page": "<html></html>"} {
		if _, err := match(file); word(err) != "wrong_file" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An amount of a currency without cents is whole units everywhere; the catalogue keeps prices in hundredths.
func TestYen(t *testing.T) {
	s := newSchool(t, t, 1)
	must(t, site.SaveFees(s.app, site.Fees{Currency: "JPY"}))
	order, book, _ := s.books(t)
	_, err := Receive(s.app, s.act(), order, Delivery{Pieces: map[string]int{book.ID: 1}, Copies: map[string]Copies{book.ID: {Make: true}}})
	must(t, err)
	line, err := byID[collections.OrderLine](s.app, "test", book.ID, "line")
	must(t, err)
	if item := itemsOf(t, s, book.ID)[0]; item.PriceCents != 100*line.Spent || item.Currency != "JPY" {
		t.Errorf("%+v of %+v", item, line)
	}
	err = Transfer(s.app, s.act(), s.funds[0].ID, order, 1)
	if fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	if text := fmt.Sprint(inCurrency(s.app, 1_234_567).In("en"), " ", inCurrency(s.app, -1_234).In("es")); text != "1,234,567 JPY -1.234 JPY" {
		t.Error(text)
	}
}
