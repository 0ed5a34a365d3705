package reports_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/reports"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"
	"carrel/internal/use"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/xuri/excelize/v2"
)

var (
	tuesday   = time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)
	librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}
	asker     = reports.Asker{Lang: say.English, Now: tuesday, Prices: true}
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// school has twelve children in grade 4, eleven in grade 5, three in grade K, and books of several sections; every child of 4 has borrowed one book, one of K too.
func school(t testing.TB) testkit.Library {
	t.Helper()
	lib := testkit.NewLibrary(t)
	check(t, site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: say.English}))
	for grade, n := range map[string]int{"4": 12, "5": 11, "K": 3} {
		for i := range n {
			child := lib.Patron(fmt.Sprintf("%s-%d", grade, i))
			child.Grade = grade
			lib.Save(child)
		}
	}
	for i := range 12 {
		code := fmt.Sprintf("B%d", i)
		item := lib.Item(code)
		item.CallNumber = []string{"598.2 EXA", "FIC EXA", "E EXA"}[i%3]
		lib.Save(item)
		lend(t, lib, fmt.Sprintf("4-%d", i), code, tuesday.AddDate(0, 0, -i))
	}
	lib.Item("KB")
	lend(t, lib, "K-0", "KB", tuesday)
	return lib
}

func lend(t testing.TB, lib testkit.Library, patron, item string, at time.Time) {
	t.Helper()
	_, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: desk.Act{Key: "lend-" + item + "-0000", Now: at, Actor: librarian}, Patron: patron, Item: item})
	check(t, err)
}

func made(t testing.TB, lib testkit.Library, id string, values ...string) reports.Report {
	t.Helper()
	given := map[string]string{}
	for i := 0; i+1 < len(values); i += 2 {
		given[values[i]] = values[i+1]
	}
	report, err := reports.Make(t.Context(), lib.App, asker, id, given)
	check(t, err)
	return report
}

// Every report can be made of an empty library and of one with something in it, in both languages, and every sentence of it is there.
func TestEveryReport(t *testing.T) {
	full := school(t)
	walk := full.Inventory()
	_, err := desk.Scan(full.App, desk.ScanRequest{Act: desk.Act{Key: "a-scan-of-it", Now: tuesday, Actor: librarian}, Inventory: walk.ID, Code: "B1"})
	check(t, err)
	for name, lib := range map[string]testkit.Library{"empty": testkit.NewLibrary(t), "full": full} {
		for _, lang := range []say.Lang{say.English, say.Spanish} {
			asker := reports.Asker{Lang: lang, Now: tuesday, Prices: true}
			list, err := reports.List(lib.App, asker)
			check(t, err)
			if len(list) != 16 {
				t.Errorf("%d reports", len(list))
			}
			for _, about := range list {
				report, err := reports.Make(t.Context(), lib.App, asker, about.ID, map[string]string{})
				check(t, err)
				whole(t, name+" "+about.ID, report)
			}
		}
	}
}

// whole asserts that a report fits together: a cell for each column, a value for each x, no sentence said as its key.
func whole(t *testing.T, name string, report reports.Report) {
	t.Helper()
	for _, row := range append(report.Rows, report.Totals) {
		if len(row) != 0 && len(row) != len(report.Columns) {
			t.Errorf("%s: %d cells in %d columns: %v", name, len(row), len(report.Columns), row)
		}
	}
	for _, chart := range report.Charts {
		for _, series := range chart.Series {
			if len(series.Values) != len(chart.X) {
				t.Errorf("%s: %d values at %d places", name, len(series.Values), len(chart.X))
			}
		}
		if chart.Sentence == "" {
			t.Errorf("%s: a chart says nothing", name)
		}
	}
	if text := fmt.Sprintf("%+v", report); strings.Contains(text, "reports.") || strings.Contains(text, "%!") {
		t.Errorf("%s: a sentence is missing: %s", name, text)
	}
}

// The numbers by day are those of a count by hand over the facts.
func TestByDayIsCountedByHand(t *testing.T) {
	lib := school(t)
	check(t, desk.Undo(lib.App, "lend-B0-0000", tuesday.Add(time.Minute), librarian))
	var facts []struct {
		At string `db:"at"`
	}
	check(t, lib.App.DB().NewQuery(`SELECT at FROM circ_events f WHERE kind = 'check_out' AND NOT EXISTS (SELECT 1 FROM circ_events u WHERE u.reverses = f.id)`).All(&facts))
	zone, err := time.LoadLocation("America/New_York")
	check(t, err)
	want := map[string]int{}
	for _, fact := range facts {
		at, err := time.Parse("2006-01-02 15:04:05.000Z", fact.At)
		check(t, err)
		want[at.In(zone).Format(time.DateOnly)]++
	}
	got := map[string]int{}
	for _, row := range made(t, lib, "circulation-by-day").Rows {
		if n := row[1].(int); n > 0 {
			got[fmt.Sprint(row[0])] = n
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(want); n != 12 {
		t.Errorf("%d days with loans", n)
	}
}

// K has three children: it is hidden, and so is the next smallest, or the total would tell it. The total itself is of everybody.
func TestSmallGroupsAreHidden(t *testing.T) {
	lib := school(t)
	report := made(t, lib, "circulation-by-grade")
	if len(report.Rows) != 1 || report.Rows[0][0] != "Grade 4" || report.Rows[0][2] != 12 || report.Hidden != 2 {
		t.Errorf("rows %v, %d hidden", report.Rows, report.Hidden)
	}
	if report.Totals[1] != 26 || report.Totals[2] != 13 {
		t.Errorf("totals %v", report.Totals)
	}
	if len(report.Notes) != 1 || !strings.Contains(report.Notes[0], "2 groups") {
		t.Errorf("notes %q", report.Notes)
	}
	for _, grade := range []string{"K", "5", "12"} {
		_, err := reports.Make(t.Context(), lib.App, asker, "circulation-by-day", map[string]string{"grade": grade})
		if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("grade %s by day: %v", grade, err)
		}
	}
	made(t, lib, "circulation-by-day", "grade", "4")
}

// A school of eight children says nothing about them but what concerns the books.
func TestATinySchoolHasNoTotals(t *testing.T) {
	lib := testkit.NewLibrary(t)
	for i := range 8 {
		lib.Patron(fmt.Sprintf("P%d", i))
	}
	lib.Item("B0")
	lend(t, lib, "P0", "B0", tuesday)
	for _, id := range []string{"circulation-by-grade", "patron-types"} {
		if report := made(t, lib, id); len(report.Rows)+len(report.Totals)+len(report.Charts) != 0 {
			t.Errorf("%s: %+v", id, report)
		}
	}
	page := made(t, lib, "principal").Page
	if len(page.Reading) != 0 || slices.ContainsFunc(page.Tiles, func(tile reports.Tile) bool { return tile.Label == "for each student" }) {
		t.Errorf("%+v", page)
	}
}

func TestPeriods(t *testing.T) {
	lib := school(t)
	for value, want := range map[string]string{
		"week": "2026-11-23 2026-11-24", "month": "2026-11-01 2026-11-24", "year": "2026-07-01 2026-11-24", "": "2026-07-01 2026-11-24", "term": "2026-07-01 2026-11-24",
		"last-year": "2025-07-01 2026-06-30", "2026-11-02..2026-11-20": "2026-11-02 2026-11-20",
	} {
		p := made(t, lib, "circulation-by-day", "days", value).Parameters[0]
		if got := p.From + " " + p.To; got != want {
			t.Errorf("%q is %s, want %s", value, got, want)
		}
	}
	for _, wrong := range []string{"soon", "2026-11-20..2026-11-02", "2026-11-31..2026-12-01", "1900-01-01..2026-01-01", "..", "'; DROP TABLE use_days"} {
		_, err := reports.Make(t.Context(), lib.App, asker, "circulation-by-day", map[string]string{"days": wrong})
		var refusal *fault.Error
		if !errors.As(err, &refusal) || refusal.Code != fault.Invalid || refusal.Field != "days" {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := reports.Make(t.Context(), lib.App, asker, "gossip", nil); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown report: %v", err)
	}
}

// The sheets say what the report says, a title that looks like a formula is a text, and prices are for the librarian alone.
func TestFiles(t *testing.T) {
	lib := school(t)
	for _, item := range []string{"B3", "B4"} {
		_, err := desk.Mark(lib.App, desk.MarkRequest{Act: desk.Act{Key: "mark-" + item + "-000", Now: tuesday, Actor: librarian}, Item: item, As: "lost"})
		check(t, err)
	}
	_, err := lib.App.DB().NewQuery(`UPDATE titles SET title = '=HYPERLINK("http://x","Hatchet")' WHERE id = (SELECT title FROM items WHERE barcode = 'B3')`).Execute()
	check(t, err)
	_, err = lib.App.DB().NewQuery(`UPDATE items SET price_cents = 1299 WHERE barcode = 'B3'`).Execute()
	check(t, err)
	report := made(t, lib, "lost-missing")
	rows := csvOf(t, report)
	if len(rows) != 4 || rows[0][6] != "Price" || rows[3][6] != "12.99" {
		t.Errorf("%q", rows)
	}
	if !slices.ContainsFunc(rows, func(row []string) bool { return strings.HasPrefix(row[0], "'=HYPERLINK") }) {
		t.Errorf("a formula in %q", rows)
	}
	book := xlsxOf(t, report)
	sheet := book.GetSheetName(0)
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "G2": excelize.CellTypeUnset, "F2": excelize.CellTypeUnset} {
		if kind, err := book.GetCellType(sheet, cell); err != nil || kind != want {
			t.Errorf("%s is of the kind %v: %v", cell, kind, err)
		}
	}
	if formula, _ := book.GetCellFormula(sheet, "A2"); formula != "" {
		t.Errorf("a formula: %s", formula)
	}
	if since, _ := book.GetCellValue(sheet, "F2"); since != "11-24-26" {
		t.Errorf("the day is %q", since)
	}
	if panes, err := book.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v %v", panes, err)
	}
	asker := reports.Asker{Lang: say.English, Now: tuesday}
	without, err := reports.Make(t.Context(), lib.App, asker, "lost-missing", nil)
	check(t, err)
	if len(without.Columns) != 6 || strings.Contains(fmt.Sprint(without.Rows), "1299") {
		t.Errorf("prices for everybody: %v", without.Rows)
	}
}

func csvOf(t *testing.T, report reports.Report) [][]string {
	t.Helper()
	var file bytes.Buffer
	check(t, report.CSV(&file))
	text, marked := strings.CutPrefix(file.String(), "\uFEFF")
	if !marked {
		t.Error("it does not say that it is UTF-8")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	check(t, err)
	return rows
}

// xlsxOf reads a workbook back; every part of it is sound XML.
func xlsxOf(t *testing.T, report reports.Report) *excelize.File {
	t.Helper()
	var file bytes.Buffer
	check(t, report.XLSX(&file))
	parts, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	check(t, err)
	for _, part := range parts.File {
		in, err := part.Open()
		check(t, err)
		for decoder := xml.NewDecoder(in); ; {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
		}
	}
	book, err := excelize.OpenReader(&file)
	check(t, err)
	t.Cleanup(func() { _ = book.Close() })
	return book
}

func TestSaved(t *testing.T) {
	lib := school(t)
	first, err := reports.Save(lib.App, asker, reports.Saved{Name: " Fourth grade ", Report: "circulation-by-day", Parameters: map[string]string{"grade": "4", "days": "month", "x": "y"}}, "me")
	check(t, err)
	again, err := reports.Save(lib.App, asker, reports.Saved{Name: "Fourth grade", Report: "circulation-by-day", Parameters: map[string]string{"grade": "4"}}, "me")
	check(t, err)
	if first.ID != again.ID {
		t.Error("the same name makes two")
	}
	list, err := reports.ListSaved(lib.App)
	check(t, err)
	want := []reports.Saved{{ID: first.ID, Name: "Fourth grade", Report: "circulation-by-day", Parameters: map[string]string{"grade": "4", "days": "year"}}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	for name, wrong := range map[string]reports.Saved{
		"name": {Report: "overdue"}, "days": {Name: "x", Report: "circulation-by-day", Parameters: map[string]string{"days": "soon"}},
		"help": {Name: "x", Report: "principal", Parameters: map[string]string{"help": strings.Repeat("x", 2000)}},
	} {
		var refusal *fault.Error
		if _, err := reports.Save(lib.App, asker, wrong, "me"); !errors.As(err, &refusal) || refusal.Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, reports.Forget(lib.App, first.ID))
	if n := lib.Count("saved_reports", "1"); n != 0 {
		t.Error("it is still there")
	}
}

// The page keeps the librarian's own words, and else says what the numbers say.
func TestPrincipal(t *testing.T) {
	lib := school(t)
	for i := range 25 {
		item := lib.Item(fmt.Sprintf("OLD%d", i))
		item.CallNumber = "520 OLD"
		lib.Save(item)
	}
	_, err := lib.App.DB().NewQuery("UPDATE titles SET year = 1998").Bind(dbx.Params{}).Execute()
	check(t, err)
	check(t, use.CatchUp(t.Context(), lib.App))
	page := made(t, lib, "principal", "for", "Principal Ames").Page
	if page.Tiles[0].Value != "13" || page.For != "Principal Ames" || len(page.Help) == 0 || !strings.Contains(page.Help[0].What, "Science") {
		t.Errorf("%+v", page)
	}
	page = made(t, lib, "principal", "help", "A second shelf.").Page
	if page.HelpText != "A second shelf." || len(page.Help) != 0 {
		t.Errorf("%+v", page)
	}
}
