package catalog

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
)

// table writes a list of titles and answers the name of the file.
func table(t testing.TB, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "list.csv")
	check(t, os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return name
}

func TestImportTable(t *testing.T) {
	d := newImportDesk(t)
	list := table(t, "Title,Author,ISBN,Call Number,Barcode,Location,Price,Status",
		"Hatchet,\"Paulsen, Gary\",9781416936473,FIC PAU,B1,Fiction,9.99,lost", "Holes,\"Sachar, Louis\",,FIC SAC,,Fiction,,",
		"Hatchet,\"Paulsen, Gary\",9781416936473,FIC PAU,B2,Fiction,9.99,missing", "Again,,,,B1,,,", ",,,,B9,,,")
	got := d.bringFile(ImportOptions{}, list)
	if got.Read != 5 || got.Titles != (Counts{Added: 3}) || got.Items != (Counts{Added: 3}) || got.Source != "plain" {
		t.Errorf("%+v", got)
	}
	if len(got.Rejected) != 2 || got.Rejected[0].Record != 5 || got.Rejected[0].Code != "barcode_taken" || got.Rejected[0].Title != "Again" ||
		got.Rejected[1].Record != 6 || got.Rejected[1].Column != "Title" {
		t.Errorf("rejected %+v", got.Rejected)
	}
	items, err := collections.All[collections.Item](d.App, "barcode != ''", "barcode", nil)
	check(t, err)
	if len(items) != 2 || items[0].Status != collections.ItemLost || items[1].Status != collections.ItemMissing || items[0].Title != items[1].Title || items[0].PriceCents != 999 {
		t.Errorf("%+v", items)
	}
	if again := d.bringFile(ImportOptions{}, list); again.Titles != (Counts{Skipped: 3}) || again.Items != (Counts{Skipped: 3}) {
		t.Errorf("again: %+v", again)
	}
}

// A list knows less of a title than its record: it changes what it says otherwise, and the items of the record keep their fields.
func TestTableOverARecord(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, record("001 1", "020   $a9781416936473", "100 1 $aPaulsen, Gary.", "245 10$aHatchet /$cGary Paulsen.", "500   $aKept.",
		"852   $hFIC PAU$p3001", "852   $hFIC PAU"))
	got := d.bringFile(ImportOptions{}, table(t, "Title,ISBN,Lexile,Barcode,Location", "Hatchet,9781416936473,1020,3001,Attic", "Hatchet,9781416936473,,,Cellar", "Hatchet,9781416936473,,3003,"))
	if got.Titles != (Counts{Updated: 1}) || got.Items != (Counts{Added: 1, Updated: 2}) || len(got.Rejected) > 0 {
		t.Errorf("%+v", got)
	}
	name, _ := exported(t, d.App, ExportOptions{Format: "mij"})
	records := readRecords(t, name)
	if len(records) != 1 {
		t.Fatalf("%d titles", len(records))
	}
	f, items := marc.Extract(records[0]), marc.Items(records[0], "852")
	if f.Lexile != "1020L" || !slices.Equal(f.Notes, []string{"Kept."}) || records[0].Fields[3].First('c') != "Gary Paulsen." {
		t.Errorf("%+v", records[0])
	}
	if len(items) != 3 || items[0].Barcode != "3001" || items[0].Location != "Attic" || items[1].Location != "Cellar" || items[2].Barcode != "3003" {
		t.Errorf("%+v", items)
	}
	only := d.bringFile(ImportOptions{}, table(t, "Title,ISBN,Barcode", "Hatchet,9781416936473,3003"))
	if only.Titles != (Counts{Skipped: 1}) || only.Items != (Counts{Skipped: 1}) {
		t.Errorf("a list of one of them: %+v", only)
	}
	name, _ = exported(t, d.App, ExportOptions{Format: "mij"})
	if again := readRecords(t, name)[0]; !again.Same(records[0]) {
		t.Errorf("and the others lost their fields: %+v", again)
	}
}

// A list without ISBNs that was mended since knows its books by their barcodes.
func TestTableIsKnownByBarcodes(t *testing.T) {
	d := newImportDesk(t)
	d.bringFile(ImportOptions{}, table(t, "Title,Publisher,Barcode", "Hatchet,Simon,1"))
	got := d.bringFile(ImportOptions{}, table(t, "Title,Publisher,Year,Barcode", "Hatchet,Simon & Schuster,1987,1", "Hatchet!,Simon,,2"))
	if got.Titles != (Counts{Added: 1, Updated: 1}) {
		t.Errorf("%+v", got)
	}
}

// What stands for a location that is not here is what a librarian says it is.
func TestWordsOfAFile(t *testing.T) {
	d := newImportDesk(t)
	d.bringFile(ImportOptions{}, table(t, "Title,Barcode,Location", "A,1,Fiction"))
	where, _, err := collections.Find[collections.Location](d.App, "code = 'Fiction'", nil)
	check(t, err)
	list := table(t, "Title,Barcode,Location,Item Type", "B,2,Fic,Book", "C,3,Fic,Book", "D,4,Fiction,Book")
	got := d.bringFile(ImportOptions{DryRun: true, Map: Words{Locations: map[string]string{"Fic": where.ID}}}, list)
	if !slices.Equal(got.New.Locations, []NewWord{{"Fic", 2, where.ID}}) || !slices.Equal(got.New.Types, []NewWord{{"Book", 3, ""}}) {
		t.Errorf("%+v", got.New)
	}
	d.bringFile(ImportOptions{Map: Words{Locations: map[string]string{"Fic": where.ID}}}, list)
	there, err := collections.All[collections.Item](d.App, "location = {:id}", "id", map[string]any{"id": where.ID})
	check(t, err)
	if len(there) != 4 {
		t.Errorf("%d of 4 items are there", len(there))
	}
}

func TestSurvey(t *testing.T) {
	d := newImportDesk(t)
	got := d.bringFile(ImportOptions{DryRun: true}, fileOf(t, record("001 1", "245 10$aA", "852   $p1$hFIC$bMain$9$5.00$xFSC@aBook$xFUND:PTA$xold$zbig"), record("001 2", "245 10$aB", "852   $p2$hFIC", "949   $i30003")))
	var parts []string
	for _, p := range got.Survey.Parts {
		parts = append(parts, p.Tag+p.Code+" "+p.Goes+" "+strings.Join(p.Sample, ","))
	}
	want := []string{"852p barcode 1,2", "852h call_number FIC", "852b location Main", "852x details FSC@aBook", "852x fund FUND:PTA", "852x staff_note old", "852z public_note big"}
	for _, one := range want {
		if !slices.Contains(parts, one) {
			t.Errorf("%q is not in %q", one, parts)
		}
	}
	if got.Survey.Records != 2 || !slices.Equal(got.Survey.Tags, []SurveyTag{{"852", 2}, {"952", 0}, {"949", 1}}) {
		t.Errorf("%+v", got.Survey)
	}
}

func TestNoTable(t *testing.T) {
	d := newImportDesk(t)
	for text, want := range map[string]string{
		"Name,Shelf\nHatchet,A\n":    "No record",
		"Dear Sir\nthis is a note\n": "plain text",
		"Title,Barcode\n":            "No record",
	} {
		_, err := Import(d.App, []string{table(t, strings.TrimSuffix(text, "\n"))}, ImportOptions{})
		var why *fault.Error
		if !errors.As(err, &why) || !strings.Contains(why.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
