package imports_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/imports"
	"carrel/internal/say"

	"pgregory.net/rapid"
)

func word1(text string) *string { return &text }

// edit begins a bulk change and waits until it is read.
func (s *school) edit(asked imports.ItemChange) collections.Import {
	s.T.Helper()
	imp, err := s.run.ChangeItems(asked, "", say.English)
	check(s.T, err)
	return s.wait(imp)
}

func (s *school) itemID(code string) (id string) {
	s.T.Helper()
	check(s.T, s.App.DB().NewQuery("SELECT id FROM items WHERE barcode = '"+code+"'").Row(&id))
	return id
}

func (s *school) ids(query string) (ids []string) {
	s.T.Helper()
	check(s.T, s.App.DB().NewQuery(query).Column(&ids))
	return ids
}

func (s *school) location(code string) string {
	s.T.Helper()
	place, err := collections.Insert(s.App, collections.Location{Code: code, Name: "The " + code + " shelf"})
	check(s.T, err)
	return place.ID
}

func TestBulkChange(t *testing.T) {
	s := newSchool(t)
	s.Patron("P1")
	s.applied(s.brought("titles", "a.json", books("", span(0, 40)...)))
	blue := s.location("blue")
	before := s.rows()
	imp := s.edit(imports.ItemChange{
		Selection: catalog.Selection{OfTitles: s.ids("SELECT id FROM titles ORDER BY title")},
		Set: catalog.ItemSet{CallPrefix: word1("GN"), ItemFields: catalog.ItemFields{
			Location: &blue, Price: word1("9.5"), Fund: word1("Grant"), StaffNote: word1(strings.Repeat("x", 300)),
		}},
		Barcodes: []catalog.Relabel{
			{Item: s.itemID("T0001"), Barcode: "NEW001"}, {Item: s.itemID("T0002"), Barcode: "t 0003"}, {Item: "t0004", Barcode: "new001"},
			{Item: s.itemID("T0005"), Barcode: " "}, {Item: "nosuchitem00001", Barcode: "N9"}, {Item: s.itemID("T0006"), Barcode: strings.Repeat("9", 65)},
		},
	})
	s.is(imp, "ready")
	s.says(imp, "preview.read", "40")
	s.says(imp, "preview.items.updated", "40")
	for i, want := range []string{
		"Book 2 (T0002): T0003 is on “Book 3” already.", "Book 4 (T0004): new001 is given to another copy in row 1 already.", "Book 5 (T0005): This row has no barcode.",
		"This copy is not among those that change.", "Book 6 (T0006): This barcode is longer than 64 characters.",
	} {
		s.says(imp, fmt.Sprintf("preview.rejected.%d.message", i), want)
		s.says(imp, fmt.Sprintf("preview.rejected.%d.record", i), fmt.Sprint(i+2))
	}
	s.says(imp, "preview.changes.0.n", "40")
	if s.rows() != before {
		t.Error("the preview changed something")
	}
	imp = s.applied(imp)
	s.is(imp, "done")
	s.says(imp, "result.items.updated", "40")
	if got := s.Count("items", "location = '"+blue+"' AND call_number = 'GN FIC' AND price_cents = 950 AND currency = 'USD' AND fund = 'Grant'"); got != 40 {
		t.Errorf("%d items are as they should be", got)
	}
	if found, err := catalog.Search(s.App, catalog.Query{Text: "new001", Location: []string{"blue"}}); err != nil || len(found.Items) != 1 || found.Items[0].Title != "Book 1" {
		t.Errorf("the index does not know: %v %v", found.Items, err)
	}
	again := s.edit(imports.ItemChange{
		Selection: catalog.Selection{OfItems: s.ids("SELECT id FROM items")}, Set: catalog.ItemSet{CallPrefix: word1("GN"), ItemFields: catalog.ItemFields{Location: &blue}},
	})
	s.says(again, "preview.items.skipped", "40")
	s.says(again, "preview.items.updated", "0")
	check(t, s.run.Discard(again.ID))
	imp = s.undone(imp)
	s.is(imp, "undone")
	if after := s.rows(); after != before {
		t.Errorf("taken back:\n%.3000s\nbefore:\n%.3000s", after, before)
	}
	if left := files(t, s); len(left) != 2 { // that of the books, and what was remarked about it
		t.Errorf("left: %v", left)
	}
}

// What was lent since stays as the change made it; what was changed by hand, too.
func TestUndoOfABulkChange(t *testing.T) {
	s := newSchool(t)
	s.Patron("P1")
	s.applied(s.brought("titles", "a.json", books("", span(0, 6)...)))
	blue := s.location("blue")
	imp := s.applied(s.edit(imports.ItemChange{
		Selection: catalog.Selection{OfItems: s.ids("SELECT id FROM items")}, Set: catalog.ItemSet{ItemFields: catalog.ItemFields{Location: &blue}},
		Barcodes: []catalog.Relabel{{Item: s.itemID("T0003"), Barcode: "N3"}},
	}))
	s.lend("P1", "T0001")
	s.exec("UPDATE items SET location = '' WHERE barcode = 'T0002'")
	second, err := catalog.AddItems(s.App, catalog.NewItems{Key: "add-key-1", Title: s.titleID("Book 0"), Fields: catalog.ItemFields{Barcode: word1("T0003")}})
	if err != nil || len(second) != 1 {
		t.Fatal(err)
	}
	imp = s.undone(imp)
	s.is(imp, "undone")
	for what, why := range map[string]string{
		"Book 1 (T0001)": "It was used since.", "Book 2 (T0002)": "It was changed since.", "Book 3 (N3)": "Its earlier barcode belongs to something else now.",
	} {
		if got := s.why(imp, what); got != why {
			t.Errorf("%s: %q, not %q", what, got, why)
		}
	}
	if s.Count("items", "location = '"+blue+"'") != 2 { // the lent one, and the one whose barcode is taken
		t.Errorf("%d are still there", s.Count("items", "location = '"+blue+"'"))
	}
}

func TestBadBulkChanges(t *testing.T) {
	s := newSchool(t)
	item := s.Item("T1")
	chosen := catalog.Selection{OfItems: []string{item.ID}}
	for name, test := range map[string]struct {
		asked imports.ItemChange
		word  string
	}{
		"nothing chosen": {imports.ItemChange{Set: catalog.ItemSet{CallPrefix: word1("GN")}}, "nothing_chosen"},
		"nothing set":    {imports.ItemChange{Selection: chosen}, "nothing_set"},
		"gone":           {imports.ItemChange{Selection: catalog.Selection{OfItems: []string{"gone"}}, Set: catalog.ItemSet{CallPrefix: word1("GN")}}, "nothing_chosen"},
		"one barcode":    {imports.ItemChange{Selection: chosen, Set: catalog.ItemSet{ItemFields: catalog.ItemFields{Barcode: word1("T2")}}}, ""},
		"call twice":     {imports.ItemChange{Selection: chosen, Set: catalog.ItemSet{CallPrefix: word1("GN"), ItemFields: catalog.ItemFields{CallNumber: word1("E")}}}, ""},
		"no location":    {imports.ItemChange{Selection: chosen, Set: catalog.ItemSet{ItemFields: catalog.ItemFields{Location: word1("nowhere")}}}, "unknown_location"},
	} {
		if _, err := s.run.ChangeItems(test.asked, "", say.English); err == nil || word(err) != test.word {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.Count("imports", "1") != 0 || len(files(t, s)) != 0 {
		t.Error("something is left of what was refused")
	}
}

// TestABulkChangeIsCutOff anywhere: nothing is changed twice, and undo brings everything back.
func TestABulkChangeIsCutOff(t *testing.T) {
	s := newSchool(t)
	s.applied(s.brought("titles", "a.json", books("", span(0, 1500)...)))
	before := s.rows()
	imp := s.edit(imports.ItemChange{
		Selection: catalog.Selection{OfItems: s.ids("SELECT id FROM items")}, Set: catalog.ItemSet{CallPrefix: word1("GN")},
	})
	_, err := s.run.Apply(imp.ID, "apply-key-1")
	check(t, err)
	imp, err = imports.Find(s.App, imp.ID)
	check(t, err)
	s.cut(imp, 100)
	s.run.Kick()
	imp = s.wait(imp)
	s.is(imp, "done")
	s.says(imp, "result.items.updated", "1500")
	if s.Count("items", "call_number = 'GN FIC'") != 1500 {
		t.Error("not all of them")
	}
	imp = s.undone(imp)
	s.is(imp, "undone")
	if s.rows() != before {
		t.Error("not as before")
	}
}

// TestUndoBringsBackAllButWhatWasUsed: a change and its undo leave every row as it was, but for those that were lent in between.
func TestUndoBringsBackAllButWhatWasUsed(t *testing.T) {
	check(t, flag.Set("rapid.checks", "25")) // each draws a school
	rapid.Check(t, func(r *rapid.T) {
		s := newSchool(t)
		s.Patron("P1")
		s.applied(s.brought("titles", "a.json", books("", span(0, 8)...)))
		blue := s.location("blue")
		set := catalog.ItemSet{}
		for _, field := range []struct {
			into **string
			some []string
		}{
			{&set.Location, []string{"", blue}}, {&set.CallNumber, []string{"", "E", "523.4 GIB"}}, {&set.Price, []string{"", "1.50"}}, {&set.Vendor, []string{"", "Fair"}},
			{&set.StaffNote, []string{"", "torn"}}, {&set.Acquired, []string{"", "2026-01-02"}},
		} {
			if rapid.Bool().Draw(r, "set") {
				*field.into = word1(rapid.SampledFrom(field.some).Draw(r, "value"))
			}
		}
		if set.CallNumber == nil {
			set.CallPrefix = word1("GN")
		}
		var labels []catalog.Relabel
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 7), 0, 5).Draw(r, "labels") {
			labels = append(labels, catalog.Relabel{Item: s.itemID(fmt.Sprintf("T%04d", n)), Barcode: rapid.SampledFrom([]string{"T0001", "N1", "N2", "N3", ""}).Draw(r, "code")})
		}
		before := s.dumpItems()
		imp := s.applied(s.edit(imports.ItemChange{Selection: catalog.Selection{OfItems: s.ids("SELECT id FROM items")}, Set: set, Barcodes: labels}))
		if imp.State != "done" {
			r.Fatalf("%s %s", imp.State, imp.Error)
		}
		changed := s.dumpItems()
		lent := map[string]bool{}
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 7), 0, 3, rapid.ID).Draw(r, "lent") {
			code := s.ids("SELECT barcode FROM items ORDER BY rowid")[n]
			lent[s.itemID(code)] = true
			s.lend("P1", code)
		}
		if imp = s.undone(imp); imp.State != "undone" {
			r.Fatalf("%s %s", imp.State, imp.Error)
		}
		for id, row := range s.dumpItems() {
			if want := before[id]; !lent[id] && row != want {
				r.Fatalf("taken back: %s\nbefore: %s", row, want)
			}
			if lent[id] && row != changed[id] {
				r.Fatalf("lent, and yet taken back: %s\nwas: %s", row, changed[id])
			}
		}
	})
}

// dumpItems is what a bulk change may change of every item.
func (s *school) dumpItems() map[string]string {
	s.T.Helper()
	var rows []struct {
		ID  string `db:"id"`
		All string `db:"everything"`
	}
	check(s.T, s.App.DB().NewQuery(`SELECT id, barcode || '|' || barcode_key || '|' || location || '|' || call_number || '|' || price_cents || '|' || currency || '|' || vendor || '|' ||
		staff_note || '|' || acquired AS everything FROM items`).All(&rows))
	all := map[string]string{}
	for _, row := range rows {
		all[row.ID] = row.All
	}
	return all
}
