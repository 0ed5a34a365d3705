package labels_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/site"
	"carrel/internal/testkit"
)

var now = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

type library struct {
	testkit.Library
	heard []print.Warning
}

func open(t *testing.T) *library {
	t.Helper()
	l := &library{Library: testkit.NewLibrary(t)}
	l.check(site.Save(l.App, site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: "en"}))
	return l
}

func (l *library) check(err error) {
	l.T.Helper()
	if err != nil {
		l.T.Fatal(err)
	}
}

func (l *library) warn(w print.Warning) { l.heard = append(l.heard, w) }

// shelve gives an item a place on the shelves.
func (l *library) shelve(code, call, location string) collections.Item {
	l.T.Helper()
	item := l.Item(code)
	item.CallNumber, item.Location = call, location
	l.check(collections.Update(l.App, item))
	return item
}

func (l *library) location(name string) string {
	l.T.Helper()
	location, err := collections.Insert(l.App, collections.Location{Code: name, Name: name})
	l.check(err)
	return location.ID
}

// lend checks an item out now.
func (l *library) lend(patron, item, key string) {
	l.T.Helper()
	_, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: desk.Act{Key: key, Now: now}, Patron: patron, Item: item, Due: policy.DayOf(now, time.UTC) + 14})
	l.check(err)
}

// words is the text of a PDF as another program reads it, with single blanks.
func (l *library) words(write func(io.Writer) error) string {
	l.T.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		l.T.Skip("pdftotext is not installed: nothing is read back (Debian: apt-get install poppler-utils)")
	}
	var pdf bytes.Buffer
	l.check(write(&pdf))
	path := filepath.Join(l.T.TempDir(), "paper.pdf")
	l.check(os.WriteFile(path, pdf.Bytes(), 0o600))
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	l.check(err)
	return strings.Join(strings.Fields(string(out)), " ")
}

func (l *library) choice(sheet string) labels.Choice {
	l.T.Helper()
	choice, err := labels.Choose(l.App, sheet, "", 0)
	l.check(err)
	return choice
}

func barcodes(items []labels.Item) (codes []string) {
	for _, item := range items {
		codes = append(codes, item.Barcode)
	}
	return codes
}

func TestFind(t *testing.T) {
	l := open(t)
	fiction, picture := l.location("Fiction"), l.location("Picture books")
	l.shelve("B1", "FIC PAU", fiction)
	l.shelve("B2", "E WIL", picture)
	l.shelve("B3", "598.2 EXA", fiction)
	l.shelve("B4", "598.12 EXA", fiction)
	l.shelve("B5", "599.7 EXA", fiction)
	gone := l.shelve("B6", "598.3 EXA", fiction)
	gone.Status = collections.ItemWithdrawn
	l.check(collections.Update(l.App, gone))
	old := l.shelve("B7", "E OLD", picture)
	_, err := l.App.DB().NewQuery("UPDATE items SET created = '2020-01-01 00:00:00.000Z' WHERE id = '" + old.ID + "'").Execute()
	l.check(err)
	for name, test := range map[string]struct {
		wanted labels.Wanted
		want   []string
	}{
		"by barcode, in order":    {labels.Wanted{Items: []string{"B3", " b1", "B6"}}, []string{"B3", "B1", "B6"}},
		"a location":              {labels.Wanted{Location: picture}, []string{"B7", "B2"}},
		"a range, end included":   {labels.Wanted{From: "598", To: "599"}, []string{"B4", "B3", "B5"}},
		"a range in a location":   {labels.Wanted{Location: picture, From: "E"}, []string{"B7", "B2"}},
		"new since, by location":  {labels.Wanted{Since: policy.Date(2021, 1, 1)}, []string{"B4", "B3", "B5", "B1", "B2"}},
		"everything to the end E": {labels.Wanted{To: "E"}, []string{"B4", "B3", "B5", "B7", "B2"}},
	} {
		items, err := labels.Find(l.App, test.wanted)
		if err != nil || !slices.Equal(barcodes(items), test.want) {
			t.Errorf("%s: %v, %v, want %v", name, barcodes(items), err, test.want)
		}
	}
	for name, test := range map[string]struct {
		wanted labels.Wanted
		code   fault.Code
		field  string
	}{
		"nothing":          {labels.Wanted{}, fault.Invalid, "items"},
		"unknown barcode":  {labels.Wanted{Items: []string{"B1", "B99"}}, fault.NotFound, "item"},
		"unknown location": {labels.Wanted{Location: "nowhere"}, fault.NotFound, "location"},
		"backwards":        {labels.Wanted{From: "599", To: "598"}, fault.Invalid, "to"},
		"no call number":   {labels.Wanted{From: "[]"}, fault.Invalid, "from"},
		"an empty stretch": {labels.Wanted{From: "700", To: "799"}, fault.NotFound, ""},
		"too many":         {labels.Wanted{Items: make([]string, 5001)}, fault.Invalid, "items"},
	} {
		_, err := labels.Find(l.App, test.wanted)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != test.code || f.Field != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPrint(t *testing.T) {
	l := open(t)
	l.shelve("B1", "598.2 ÑAN c.2", "")
	l.shelve("B2", "", "")
	wanted := labels.Wanted{Items: []string{"B1", "B2"}}
	got := l.words(func(w io.Writer) error {
		return labels.Print(l.App, w, wanted, labels.Both, print.Code128, l.choice("avery-5160"), l.warn, now)
	})
	for _, word := range []string{"B1", "B2", "598.2", "ÑAN", "c.2", "Cedar Hollow", "Hatchet B1"} {
		if !strings.Contains(got, word) {
			t.Errorf("%q is not in %q", word, got)
		}
	}
	if want := []print.Warning{{Code: labels.NoCall, Text: "B2 Hatchet B2"}}; !slices.Equal(l.heard, want) {
		t.Errorf("warned of %v", l.heard)
	}
	for field, try := range map[string]func() error{
		"kind": func() error {
			return labels.Print(l.App, io.Discard, wanted, "cover", print.Code128, l.choice("avery-5160"), l.warn, now)
		},
		"bars": func() error {
			return labels.Print(l.App, io.Discard, wanted, labels.Both, "ean", l.choice("avery-5160"), l.warn, now)
		},
	} {
		var f *fault.Error
		if err := try(); !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestPaperIsKept(t *testing.T) {
	l := open(t)
	own := print.Sheet{Name: "Own", Paper: print.A4, Columns: 2, Rows: 4, Width: 90, Height: 60, Left: 10, Top: 10, GapX: 5, GapY: 3}
	paper := labels.Paper{Size: print.A4, HoldName: labels.HoldInitial, Sheets: []print.Sheet{own},
		Printers: []labels.Printer{{Name: "Office", Adjust: print.Adjust{Right: 1.5, Along: -0.5}}}}
	l.check(labels.SavePaper(l.App, paper))
	l.check(labels.SavePaper(l.App, paper)) // over itself
	choice, err := labels.Choose(l.App, "Own", "Office", 7)
	l.check(err)
	if choice.Sheet != own || choice.Skip != 7 || choice.Adjust.Right != 1.5 {
		t.Errorf("chose %+v", choice)
	}
	for name, test := range map[string]struct {
		spoil func(*labels.Paper)
		field string
	}{
		"wider than the paper": {func(p *labels.Paper) { p.Sheets[0].Width = 120 }, "columns"},
		"paper of another age": {func(p *labels.Paper) { p.Sheets[0].Paper = "foolscap" }, "paper"},
		"a known name":         {func(p *labels.Paper) { p.Sheets[0].Name = "avery-5160" }, "name"},
		"no name":              {func(p *labels.Paper) { p.Printers[0].Name = " " }, "name"},
		"far off":              {func(p *labels.Paper) { p.Printers[0].Adjust.Down = 90 }, "down"},
		"unknown size":         {func(p *labels.Paper) { p.Size = "a3" }, "size"},
		"barcodes on slips":    {func(p *labels.Paper) { p.HoldName = "barcode" }, "hold_name"},
		"twice the same":       {func(p *labels.Paper) { p.Sheets = append(p.Sheets, p.Sheets[0]) }, "name"},
		"without end":          {func(p *labels.Paper) { p.Printers = make([]labels.Printer, 51) }, "name"},
	} {
		spoilt := paper
		spoilt.Sheets, spoilt.Printers = slices.Clone(paper.Sheets), slices.Clone(paper.Printers)
		test.spoil(&spoilt)
		var f *fault.Error
		if err := labels.SavePaper(l.App, spoilt); !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, try := range map[string]func() (labels.Choice, error){
		"sheet":   func() (labels.Choice, error) { return labels.Choose(l.App, "nothing", "", 0) },
		"printer": func() (labels.Choice, error) { return labels.Choose(l.App, "Own", "nothing", 0) },
		"skip":    func() (labels.Choice, error) { return labels.Choose(l.App, "Own", "", 8) },
	} {
		var f *fault.Error
		if _, err := try(); !errors.As(err, &f) || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// What is carried about names nobody; what the person takes home says no surname and no number of the person.
func TestListsNameNobody(t *testing.T) {
	l := open(t)
	room := l.Homeroom("4B Okafor")
	for _, code := range []string{"P7001", "P7002"} {
		patron := l.Patron(code)
		patron.Homeroom, patron.Language = room.ID, map[string]string{"P7001": "es", "P7002": ""}[code]
		l.check(collections.Update(l.App, patron))
	}
	shelf := l.location("Fiction")
	wanted, kept, lent, missing := l.shelve("B1", "FIC A", shelf), l.shelve("B2", "FIC B", shelf), l.shelve("B3", "FIC C", shelf), l.shelve("B4", "FIC D", shelf)
	missing.Status = collections.ItemMissing
	l.check(collections.Update(l.App, missing))
	for i, item := range []collections.Item{wanted, kept} {
		_, err := desk.PlaceHold(l.App, desk.HoldRequest{Act: desk.Act{Key: "hold-key-" + item.Barcode, Now: now}, Patron: []string{"P7001", "P7002"}[i], Title: item.Title})
		l.check(err)
	}
	_, err := desk.Return(l.App, desk.ReturnRequest{Act: desk.Act{Key: "return-key", Now: now}, Item: "B2"})
	l.check(err)
	l.lend("P7001", lent.Barcode, "lend-key")

	pull := l.words(func(w io.Writer) error { return labels.PullList(l.App, w, l.warn, now) })
	search := l.words(func(w io.Writer) error { return labels.SearchList(l.App, w, l.warn, now) })
	stretch := l.words(func(w io.Writer) error {
		return labels.ShelfList(l.App, w, labels.Wanted{Location: shelf}, l.warn, now)
	})
	receipt := l.words(func(w io.Writer) error { _, err := labels.Receipt(l.App, w, "P7001", l.warn, now); return err })
	slips := l.words(func(w io.Writer) error { return labels.HoldSlips(l.App, w, "", l.warn, now) })
	for name, test := range map[string]struct {
		text string
		has  []string
		not  []string
	}{
		"pull list":   {pull, []string{"B1", "FIC A", "Fiction", "Hatchet B1", "Monday, March 2"}, []string{"B2", "Diego", "Ramírez", "P700"}},
		"search list": {search, []string{"B4", "missing"}, []string{"B1", "Diego", "P700"}},
		"shelf list":  {stretch, []string{"B1", "B3", "on loan", "missing", "on the shelf"}, []string{"Diego", "P700"}},
		"receipt":     {receipt, []string{"Diego", "Hatchet B3", "lunes 2 de marzo", "hasta el"}, []string{"Ramírez", "P7001", "Hatchet B1", "4B"}},
		"hold slip":   {slips, []string{"Diego", "4B Okafor", "Kept until"}, []string{"Ramírez", "P7002", "Hatchet"}},
	} {
		for _, word := range test.has {
			if !strings.Contains(test.text, word) {
				t.Errorf("%s lacks %q: %q", name, word, test.text)
			}
		}
		for _, word := range test.not {
			if strings.Contains(test.text, word) {
				t.Errorf("%s tells %q: %q", name, word, test.text)
			}
		}
	}
	all := l.words(func(w io.Writer) error { return labels.Loans(l.App, w, l.warn, now) })
	for _, word := range []string{"4B Okafor", "Diego Ramírez", "Hatchet B3", "B3"} {
		if !strings.Contains(all, word) {
			t.Errorf("the loans lack %q: %q", word, all)
		}
	}
	for as, want := range map[labels.HoldName]string{labels.HoldInitial: "Diego R.", labels.HoldFull: "Diego Ramírez"} {
		l.check(labels.SavePaper(l.App, labels.Paper{Size: print.A4, HoldName: as}))
		if got := l.words(func(w io.Writer) error { return labels.HoldSlips(l.App, w, "B2", l.warn, now) }); !strings.Contains(got, want) {
			t.Errorf("%s: %q", as, got)
		}
	}
	if none := l.words(func(w io.Writer) error { return labels.HoldSlips(l.App, w, "B99", l.warn, now) }); strings.Contains(none, "Diego") {
		t.Errorf("a slip of another item: %q", none)
	}
}

func TestMeasure(t *testing.T) {
	l := open(t)
	adjust, err := labels.Measure(l.App, print.Measured{Left: 22, Top: 19, Across: 175.9, Along: 239.4})
	if err != nil || adjust.Right > -1.99 || adjust.Down < 0.99 {
		t.Errorf("%+v, %v", adjust, err)
	}
	var f *fault.Error
	if _, err := labels.Measure(l.App, print.Measured{}); !errors.As(err, &f) || f.Field != "left" {
		t.Errorf("nothing measured: %v", err)
	}
	page := l.words(func(w io.Writer) error { return labels.Calibration(l.App, w, "", now) })
	if !strings.Contains(page, "100 %") || !strings.Contains(page, "first cross") {
		t.Errorf("the page says %q", page)
	}
}
