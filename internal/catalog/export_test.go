package catalog

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func exported(t testing.TB, app core.App, options ExportOptions) (string, Exported) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "out."+options.Format)
	done, err := Export(app, name, options)
	check(t, err)
	return name, done
}

// readRecords reads every record of a file.
func readRecords(t testing.TB, name string) (records []marc.Record) {
	t.Helper()
	file, err := os.Open(name)
	check(t, err)
	defer file.Close()
	reader, err := marc.NewReader(file, name)
	check(t, err)
	for {
		record, _, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return records
		}
		var bad *marc.RecordError
		if errors.As(err, &bad) {
			continue
		}
		check(t, err)
		records = append(records, record)
	}
}

// An item that did not change leaves its field as it came, whatever Carrel makes of it.
func TestExportLeavesFieldsAlone(t *testing.T) {
	for _, test := range []struct{ name, field string }{
		{"Follett", "852   $aSCH$kREF$h297$iEXA$p3001$tc. 2$92354$xFSC@aRegular@c20230504@fPerma$xFUND:Title I$xmended$zlarge print"},
		{"NoBarcode", "852   $hFIC$iPAU"},
		{"BlanksInWords", "952   $aS$bS$p3001$yBig  Book$c upper  floor "},
		{"LongWords", "952   $aS$bS$p3001$y" + strings.Repeat("word ", 30)},
		{"LongTexts", "852   $p3001$t" + strings.Repeat("é", 50) + "$x" + strings.Repeat("n", 3000)},
		{"NoteOfTwoLines", "952   $aS$bS$p3001$xone\ntwo"},
		{"DayOne", "952   $aS$bS$p3001$d1970-01-01"},
		{"Statuses", "952   $01$11$40$72$51$aS$bS$p3001"},
		{"Restricted", "952   $51$aS$bS$p3001"},
		{"BarcodeTooLong", "852   $hX$p" + strings.Repeat("9", 65)},
		{"Vendor", "949   $aFIC PAU$i30001$lmain$tBOOK$c1$p$12.50"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, want := newImportDesk(t), record("001 1", "500   $aBefore", test.field, "500   $aBehind")
			d.bring(ImportOptions{}, want)
			name, _ := exported(t, d.App, ExportOptions{Format: "mij"})
			if got := readRecords(t, name)[0]; !got.Same(want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			name, _ = exported(t, d.App, ExportOptions{Format: "mij", NoItems: true})
			if got := readRecords(t, name)[0]; !got.Same(record("001 1", "500   $aBefore", "500   $aBehind")) {
				t.Errorf("without items %+v", got)
			}
		})
	}
}

func TestExportWritesChanges(t *testing.T) {
	for _, test := range []struct {
		name, field string
		change      func(*collections.Item)
		want        string
	}{
		{"Barcode", "852   $hX$p3001$t1", func(i *collections.Item) { i.Barcode, i.BarcodeKey = "4001", "4001" }, "852   $hX$p4001$t1"},
		{"Label", "852   $hX$t1", func(i *collections.Item) { i.Barcode, i.BarcodeKey = "4001", "4001" }, "852   $hX$t1$p4001"},
		{"Price", "852   $hX$p3001$9100", func(i *collections.Item) { i.PriceCents, i.Currency = 1250, "USD" }, "852   $hX$p3001$912.50USD"},
		{"Lost", "952   $10$aS$bS$p3001", func(i *collections.Item) { i.Status = collections.ItemLost }, "952   $11$aS$bS$p3001"},
		{"Missing", "952   $10$aS$bS$p3001", func(i *collections.Item) { i.Status = collections.ItemMissing }, "952   $11$aS$bS$p3001"},
		{"FoundAgain", "952   $11$aS$bS$p3001", func(i *collections.Item) { i.Status = collections.ItemAvailable }, "952   $10$aS$bS$p3001"},
		{"Note", "952   $aS$bS$p3001$xone", func(i *collections.Item) { i.StaffNote += "\ntwo" }, "952   $aS$bS$p3001$xone$xtwo"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newImportDesk(t)
			d.bring(ImportOptions{}, record("001 1", test.field, "500   $aN"))
			item := d.items("")[0]
			test.change(&item)
			d.Save(item)
			name, _ := exported(t, d.App, ExportOptions{Format: "mij"})
			if got, want := readRecords(t, name)[0], record("001 1", test.want, "500   $aN"); !got.Same(want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// An item made here goes into the field its neighbours are in, so that a reader who looks in one finds all.
func TestExportNewItems(t *testing.T) {
	for _, test := range []struct{ name, field, tag string }{
		{"Follett", "852   $hX$p3001", "852"}, {"Koha", "952   $aS$bS$p3001", "952"}, {"None", "500   $aN", "852"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newImportDesk(t)
			d.bring(ImportOptions{}, record("001 1", "245 10$aA", test.field))
			title := d.titles()[0].ID
			for code, status := range map[string]string{"4001": collections.ItemAvailable, "4002": collections.ItemWithdrawn} {
				_, err := collections.Insert(d.App, collections.Item{Title: title, Barcode: code, BarcodeKey: code, Status: status, CallNumber: "Y"})
				check(t, err)
			}
			name, _ := exported(t, d.App, ExportOptions{})
			other := newImportDesk(t)
			other.bringFile(ImportOptions{}, name)
			var found []string
			for _, item := range other.items("") {
				found = append(found, item.Barcode)
			}
			if !slices.Contains(found, "4001") || slices.Contains(found, "4002") || len(found) != len(d.items(""))-1 {
				t.Errorf("items %v", found)
			}
			if tag := other.titles()[0].ItemTag; tag != test.tag {
				t.Errorf("in field %q", tag)
			}
		})
	}
}

func TestExportTitleMadeHere(t *testing.T) {
	l := testkit.NewLibrary(t)
	l.Item("3001")
	name, done := exported(t, l.App, ExportOptions{})
	other := newImportDesk(t)
	other.bringFile(ImportOptions{}, name)
	titles := other.titles()
	if done.Titles != 1 || len(titles) != 1 || titles[0].Title != "Hatchet 3001" || titles[0].Author != "Paulsen, Gary" || len(other.items("barcode = '3001'")) != 1 {
		t.Errorf("%+v: %+v", done, titles)
	}
}

func TestExportTooLong(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, river, record("001 1", "245 10$aLong field", "500   $a"+strings.Repeat("x", 10_000)), record("001 9", "245 10$aLong record"))
	name, done := exported(t, d.App, ExportOptions{Format: "marc"})
	if done.Titles != 3 || !slices.Equal(done.TooLong, []string{"Long field"}) {
		t.Errorf("%+v", done)
	}
	if n, beside := len(readRecords(t, name)), len(readRecords(t, done.OverflowFile)); n != 2 || beside != 1 {
		t.Errorf("%d records and %d beside", n, beside)
	}
	other := newImportDesk(t)
	counted(t, "both files", other.bringFile(ImportOptions{}, name, done.OverflowFile), Counts{Added: 3}, Counts{Added: 1})
}

func TestExportXMLSaysWhatItCannotHold(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, record("001 1", "245 10$aA", "9Ab   $aMixed case is no tag of the schema"))
	if _, done := exported(t, d.App, ExportOptions{Format: "marcxml"}); len(done.Remarks) != 1 || !strings.HasPrefix(done.Remarks[0], "A: field 9Ab") {
		t.Errorf("remarks %q", done.Remarks)
	}
}

func TestExportCSV(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, record("001 1", "092   $aFIC", "100 1 $aPaulsen, Gary", "245 10$a=HYPERLINK(1)", "852   $p3001$hFIC PAU$923.54USD", "852   $p-3002$hFIC"), record("001 2", "092   $a812", "245 10$aNo items"))
	for _, test := range []struct {
		name    string
		noItems bool
		want    []string // title, barcode, call number, price
	}{
		{"Items", false, []string{"'=HYPERLINK(1)|3001|FIC PAU|23.54", "'=HYPERLINK(1)|'-3002|FIC|", "No items||812|"}},
		{"NoItems", true, []string{"'=HYPERLINK(1)||FIC|", "No items||812|"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			name, _ := exported(t, d.App, ExportOptions{Format: "csv", NoItems: test.noItems})
			text, err := os.ReadFile(name)
			check(t, err)
			rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
			check(t, err)
			var got []string
			for _, row := range rows[1:] {
				got = append(got, strings.Join([]string{row[0], row[9], row[10], row[15]}, "|"))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A selection is written in its order, without titles that another one stands for; who may not know what things cost gets none of it.
func TestExportSelection(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, record("001 1", "245 10$aB", "852   $p1$923.54USD"), record("001 2", "245 10$aA", "852   $p2$98.00USD"), record("001 3", "245 10$aC"), record("001 4", "245 10$aD"))
	id := map[string]string{}
	for _, title := range d.titles() {
		id[title.Title] = title.ID
	}
	if _, err := d.App.DB().NewQuery("UPDATE titles SET merged_into = {:b} WHERE title = 'C'").Bind(dbx.Params{"b": id["B"]}).Execute(); err != nil {
		t.Fatal(err)
	}
	chosen, err := Selection{OfTitles: []string{id["A"], "gone", id["C"], id["B"], id["A"]}}.Titles(d.App)
	check(t, err)
	if !slices.Equal(chosen, []string{id["A"], id["B"]}) {
		t.Fatalf("chosen %q", chosen)
	}
	for _, noMoney := range []bool{false, true} {
		for _, format := range []string{"csv", "mij", "marc", "marcxml"} {
			name, done := exported(t, d.App, ExportOptions{Format: format, Titles: chosen, NoMoney: noMoney})
			text, err := os.ReadFile(name)
			check(t, err)
			if strings.Contains(string(text), "23.54") == noMoney || strings.Contains(string(text), "USD") == noMoney || done.Titles != 2 {
				t.Errorf("%s, without money %v: %d titles, %s", format, noMoney, done.Titles, text)
			}
		}
	}
	name, done := exported(t, d.App, ExportOptions{Format: "csv"})
	if text, err := os.ReadFile(name); err != nil || done.Titles != 3 || strings.Contains(string(text), "\nC,") {
		t.Errorf("%d titles of all: %s %v", done.Titles, text, err)
	}
}

func TestSelection(t *testing.T) {
	app := openSmallLibrary(t)
	search := "q=harry&kind=fiction&sort=title"
	titles, err := Selection{Search: search}.Titles(app)
	check(t, err)
	if len(titles) != 2 {
		t.Fatalf("%d titles", len(titles))
	}
	items, err := Selection{Search: search}.Items(app)
	check(t, err)
	again, err := Selection{OfItems: append(slices.Clone(items), "gone", items[0])}.Items(app)
	check(t, err)
	if len(items) != 3 || !slices.Equal(items, again) {
		t.Errorf("items %q, by name %q", items, again)
	}
	back, err := Selection{OfItems: items}.Titles(app)
	check(t, err)
	if !slices.Equal(back, titles) {
		t.Errorf("titles %q of the items of %q", back, titles)
	}
	if all, err := (Selection{Search: "sort=title"}).Titles(app); err != nil || len(all) != len(smallLibrary) {
		t.Errorf("%d titles: %v", len(all), err)
	}
	for name, s := range map[string]Selection{"nothing": {}, "a bad search": {Search: "sort=colour"}} {
		if _, err := s.Items(app); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A failed export leaves nothing behind and an earlier file as it was.
func TestExportFails(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, river)
	folder := t.TempDir()
	file := filepath.Join(folder, "titles.mrc")
	check(t, os.WriteFile(file, []byte("earlier"), 0o600))
	for _, test := range []struct {
		name, file, format string
		spoil              string
	}{
		{"UnknownFormat", file, "pdf", ""},
		{"NoSuchFolder", filepath.Join(folder, "none", "titles.mrc"), "marc", ""},
		{"NameOfAFolder", folder, "marc", ""},
		{"RecordThatCannotBeRead", file, "marc", "UPDATE titles SET marc = '{'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.spoil != "" {
				_, err := d.App.DB().NewQuery(test.spoil).Execute()
				check(t, err)
			}
			_, err := Export(d.App, test.file, ExportOptions{Format: test.format})
			if err == nil || test.spoil == "" && fault.CodeOf(err) != fault.Invalid {
				t.Errorf("error %v", err)
			}
			left, err := os.ReadDir(folder)
			check(t, err)
			text, err := os.ReadFile(file)
			check(t, err)
			if len(left) != 1 || string(text) != "earlier" {
				t.Errorf("left %v, %q", left, text)
			}
		})
	}
}
