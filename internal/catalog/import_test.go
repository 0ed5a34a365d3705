package catalog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/say"
	"carrel/internal/store"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// record makes a record of lines such as "001 7" and "245 10$aHatchet".
func record(lines ...string) marc.Record {
	r := marc.Record{Leader: "00000nam a2200000 a 4500"}
	for _, line := range lines {
		field := marc.Field{Tag: line[:3]}
		if field.IsControl() {
			field.Value = line[4:]
		} else {
			field.Ind1, field.Ind2 = line[4], line[5]
			for _, part := range strings.Split(line[7:], "$") {
				field.Subfields = append(field.Subfields, marc.Subfield{Code: part[0], Value: part[1:]})
			}
		}
		r.Fields = append(r.Fields, field)
	}
	return r
}

// fileOf writes records as MARC-in-JSON and answers the name of the file.
func fileOf(t testing.TB, records ...marc.Record) string {
	t.Helper()
	var text []byte
	for _, r := range records {
		text = append(marc.AppendJSON(text, r), '\n')
	}
	name := filepath.Join(t.TempDir(), "titles.json")
	check(t, os.WriteFile(name, text, 0o600))
	return name
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// importDesk is an empty library and the means to import into it.
type importDesk struct{ testkit.Library }

func newImportDesk(t testing.TB) importDesk { return importDesk{testkit.NewLibrary(t)} }

func (d importDesk) bring(options ImportOptions, records ...marc.Record) Summary {
	d.T.Helper()
	return d.bringFile(options, fileOf(d.T, records...))
}

func (d importDesk) bringFile(options ImportOptions, files ...string) Summary {
	d.T.Helper()
	summary, err := Import(d.App, files, options)
	check(d.T, err)
	return summary
}

func (d importDesk) items(where string) []collections.Item {
	d.T.Helper()
	items, err := collections.All[collections.Item](d.App, where, "rowid", nil)
	check(d.T, err)
	return items
}

func (d importDesk) titles() []collections.Title {
	d.T.Helper()
	titles, err := collections.All[collections.Title](d.App, "", "rowid", nil)
	check(d.T, err)
	return titles
}

// rows is everything an import can change, but for times.
func rows(t testing.TB, app core.App) string {
	t.Helper()
	var text strings.Builder
	for _, query := range []string{
		"SELECT id || title || item_tag || isbn || marc FROM titles ORDER BY id",
		"SELECT id || title || barcode || type || location || call_number || copy || status || not_for_loan || price_cents || acquired || marc_index FROM items ORDER BY id",
		"SELECT key || title_id FROM title_keys ORDER BY key, title_id",
		"SELECT title_id || title || type || locations || items || available FROM search_doc ORDER BY title_id",
		"SELECT id || code FROM item_types ORDER BY code", "SELECT id || code FROM locations ORDER BY code",
		"SELECT term || doc || cnt FROM search_vocab ORDER BY term",
	} {
		found := []string{}
		check(t, app.DB().NewQuery(query).Column(&found))
		fmt.Fprintln(&text, strings.Join(found, "\n"))
	}
	return text.String()
}

// counted compares what an import counts.
func counted(t testing.TB, what string, got Summary, titles, items Counts) {
	t.Helper()
	if got.Titles != titles || got.Items != items {
		t.Errorf("%s: titles %+v, items %+v; want %+v, %+v", what, got.Titles, got.Items, titles, items)
	}
}

func codes(warnings []Warning) (found []string) {
	for _, warning := range warnings {
		found = append(found, warning.Code)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

var (
	hatchet       = record("001 1", "003 Dest", "245 10$aHatchet", "852   $p3001$hFIC PAU", "852   $hFIC PAU$tunlabelled")
	hatchetEdited = record("001 1", "003 Dest", "245 10$aHatchet", "500   $aNow with a note", "852   $p3001$hFIC PAU", "852   $hFIC PAU$tunlabelled")
	river         = record("001 2", "003 Dest", "245 10$aThe river", "852   $p3002$hFIC PAU")
)

func TestImportMatch(t *testing.T) {
	for _, test := range []struct {
		match         string
		titles, items Counts
		stored        string // of the first title, after the second file
		rows          int
	}{
		{MatchOverlay, Counts{Updated: 1}, Counts{Updated: 2}, "Now with a note", 1},
		{MatchSkip, Counts{Skipped: 1}, Counts{Skipped: 2}, "", 1},
		{MatchAdd, Counts{Added: 1}, Counts{Added: 1}, "", 2}, // the barcode is taken, so one item of the second title is rejected
	} {
		t.Run(test.match, func(t *testing.T) {
			d := newImportDesk(t)
			counted(t, "first", d.bring(ImportOptions{Match: test.match}, hatchet), Counts{Added: 1}, Counts{Added: 2})
			counted(t, "second", d.bring(ImportOptions{Match: test.match}, hatchetEdited), test.titles, test.items)
			titles := d.titles()
			if len(titles) != test.rows || strings.Contains(titles[0].MARC, "Now with a note") != (test.stored != "") {
				t.Errorf("%d titles, the first is %s", len(titles), titles[0].MARC)
			}
		})
	}
}

func TestImportAgainChangesNothing(t *testing.T) {
	withoutNumbers := record("245 10$aMade by hand", "852   $hX$t1", "852   $hX$t2", "852   $p77$hX")
	twiceInOne := record("001 9", "245 10$aTwice", "852   $p500$hX", "852   $p500$hX")
	for _, test := range []struct {
		name     string
		records  []marc.Record
		rejected int
	}{
		{"ItemWithoutBarcode", []marc.Record{hatchet, river}, 0},
		{"RecordWithoutNumbers", []marc.Record{withoutNumbers}, 0},
		{"BarcodeTwiceInOneRecord", []marc.Record{twiceInOne}, 1},
		{"BarcodeOfAnotherTitle", []marc.Record{hatchet, record("001 3", "003 Dest", "245 10$aCopycat", "852   $p3001$hX")}, 1},
		{"TwoRecordsOfOneSourceWithOneISBN", []marc.Record{
			record("001 4", "245 10$aTwin", "020   $a9781416936473", "852   $p41$hX"),
			record("001 5", "245 10$aTwin", "020   $a9781416936473", "852   $p42$hX"),
		}, 0},
		{"ForeignScript", []marc.Record{record("001 6", "245 10$a哈利波特", "952   $a学$b学$p61$y书$o8 13$c厅")}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newImportDesk(t)
			first := d.bring(ImportOptions{}, test.records...)
			before := rows(t, d.App)
			second := d.bring(ImportOptions{}, test.records...)
			counted(t, "again", second, Counts{Skipped: len(test.records)}, Counts{Skipped: first.Items.Added})
			if len(first.Rejected) != test.rejected || len(second.Rejected) != test.rejected {
				t.Errorf("rejected %v, then %v", first.Rejected, second.Rejected)
			}
			if after := rows(t, d.App); after != before {
				t.Errorf("before\n%s\nafter\n%s", before, after)
			}
		})
	}
}

func TestImportSameFileTwiceAtOnce(t *testing.T) {
	d := newImportDesk(t)
	file := fileOf(t, hatchet, river)
	summary := d.bringFile(ImportOptions{}, file, file)
	counted(t, "both", summary, Counts{Added: 2, Skipped: 2}, Counts{Added: 3, Skipped: 3})
	if summary.Read != 4 || len(summary.Rejected) > 0 {
		t.Errorf("read %d, rejected %v", summary.Read, summary.Rejected)
	}
}

func TestImportMatchesBy(t *testing.T) {
	const numbers = "020   $a9781416936473"
	for _, test := range []struct {
		name          string
		first, second marc.Record
		one           bool
	}{
		{"NumberAndSource", record("001 7", "003 A", "245 10$aX"), record("001 7", "003 A", "245 10$aY"), true},
		{"NumberOfAnotherSource", record("001 7", "003 A", "245 10$aX"), record("001 7", "003 B", "245 10$aX"), false},
		{"NumberAlone", record("001 7", "245 10$aX"), record("001 7", "245 10$aY"), true},
		{"LCCN", record("001 7", "003 A", "010   $a  2006001234", "245 10$aX"), record("001 8", "003 B", "010   $a2006001234", "245 10$aY"), true},
		{"ISBNAndTitle", record(numbers, "245 10$aHatchet /$cGary Paulsen"), record("020   $a1416936475 (pbk.)", "245 10$aHATCHET."), true},
		{"ISBNOfAnotherTitle", record(numbers, "245 10$aHatchet"), record(numbers, "245 10$aBrian's winter"), false},
		{"ISBNWithWrongDigit", record("020   $a9781416936470", "245 10$aHatchet"), record("020   $a9781416936470", "245 10$aHatchet", "500   $aOther"), false},
		{"ISBNFromAnotherSource", record("001 7", "003 A", numbers, "245 10$aX"), record("001 8", "003 B", numbers, "245 10$aX"), true},
		{"ISBNNumberedTwiceByOneSource", record("001 7", "003 A", numbers, "245 10$aX"), record("001 8", "003 A", numbers, "245 10$aX"), false},
		{"ISBNWithNumbersOfNobody", record("001 7", numbers, "245 10$aX"), record("001 8", numbers, "245 10$aX"), true},
		{"SameWordsNoNumber", record("245 10$aX", "500   $aN"), record("245 10$aX", "500   $aN", "852   $p1$hX"), true},
		{"OtherWordsNoNumber", record("245 10$aX", "500   $aN"), record("245 10$aX", "500   $aM"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newImportDesk(t)
			d.bring(ImportOptions{}, test.first)
			got := d.bring(ImportOptions{}, test.second)
			if one := got.Titles.Added == 0; one != test.one {
				t.Errorf("titles %+v", got.Titles)
			}
		})
	}
}

// The surest key decides: a record goes to the title with its control number, not to the one with its ISBN.
func TestImportSurestKeyFirst(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, record("020   $a9781416936473", "245 10$aHatchet", "500   $aby ISBN"), record("001 7", "003 A", "245 10$aHatchet", "500   $aby number"))
	d.bring(ImportOptions{}, record("001 7", "003 A", "020   $a9781416936473", "245 10$aHatchet", "500   $anew"))
	titles := d.titles()
	if len(titles) != 2 || !strings.Contains(titles[0].MARC, "by ISBN") || !strings.Contains(titles[1].MARC, "new") {
		t.Errorf("%d titles: %s, %s", len(titles), titles[0].MARC, titles[1].MARC)
	}
}

func TestImportChangedTitleKeepsItemsAndLoans(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{}, hatchet)
	item := d.items("barcode = '3001'")[0]
	patron := d.Patron("100")
	_, err := collections.Insert(d.App, collections.Loan{Item: item.ID, Patron: patron.ID, State: collections.LoanOpen, Due: 20_000})
	check(t, err)
	item.Status, item.NotForLoan, item.StaffNote = collections.ItemDamaged, true, "torn"
	d.Save(item)

	got := d.bring(ImportOptions{}, record("001 1", "003 Dest", "245 10$aHatchet /$cPaulsen", "852   $p3009$hFIC", "852   $p3001$hFIC PAULSEN"))
	counted(t, "overlay", got, Counts{Updated: 1}, Counts{Added: 1, Updated: 1})
	after := d.items("barcode = '3001'")[0]
	if after.ID != item.ID || after.CallNumber != "FIC PAULSEN" || after.Status != collections.ItemDamaged || !after.NotForLoan || after.StaffNote != "torn" {
		t.Errorf("the item is now %+v", after)
	}
	if n := d.Count("loans", "item = '"+item.ID+"' AND state = 'open'"); n != 1 {
		t.Errorf("%d open loans", n)
	}
	if left := d.items("barcode = ''"); len(left) != 1 || left[0].MarcIndex != 0 {
		t.Errorf("the item the record no longer speaks of: %+v", left)
	}
	if n := d.Count("search_doc", "items = 3 AND available = 2"); n != 1 {
		t.Error("the index does not count the items as they are")
	}
}

// Titles keep to what the store holds, so that they can be edited later.
func TestImportLongTitle(t *testing.T) {
	d := newImportDesk(t)
	d.bring(ImportOptions{Items: "none"}, record("001 1", "245 10$a"+strings.Repeat("long ", 2000), "100 1 $a"+strings.Repeat("name ", 500), "520   $a"+strings.Repeat("sum ", 9000)))
	row, err := d.App.FindFirstRecordByFilter("titles", "1=1")
	check(t, err)
	row.Set("year", 1999)
	check(t, d.App.Save(row))
}

// A dry run says exactly what the import then does, and writes nothing.
func TestImportDryRun(t *testing.T) {
	hatchetAgain := record("001 1", "003 Dest", "245 10$aHatchet, again", "852   $p3001$hX", "852   $p3002$hX")
	for _, match := range []string{MatchOverlay, MatchSkip, MatchAdd} {
		t.Run(match, func(t *testing.T) {
			d := newImportDesk(t)
			d.bring(ImportOptions{}, river)
			file := fileOf(t, hatchet, hatchet, hatchetEdited, river, record("245 10$aNo number", "852   $p9$hX$xFSC@aNovel"), hatchetAgain, record("245 10$aNo number", "852   $p9$hX$xFSC@aNovel"))
			before := rows(t, d.App)
			said := d.bringFile(ImportOptions{Match: match, DryRun: true}, file)
			if after := rows(t, d.App); after != before {
				t.Errorf("the dry run changed\n%s\ninto\n%s", before, after)
			}
			left, err := filepath.Glob(filepath.Join(d.App.DataDir(), ".draft.db*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
			did := d.bringFile(ImportOptions{Match: match}, file)
			said.Seconds, did.Seconds, said.Survey = 0, 0, nil
			if fmt.Sprint(said) != fmt.Sprint(did) {
				t.Errorf("said %+v\ndid  %+v", said, did)
			}
			if did.Read != 7 || did.Titles.Added+did.Titles.Updated+did.Titles.Skipped != 7 {
				t.Errorf("%+v", did)
			}
		})
	}
}

func TestImportProgress(t *testing.T) {
	var records []marc.Record
	for i := range 250 {
		records = append(records, record(fmt.Sprintf("001 %d", i), "245 10$aA"))
	}
	var seen []int
	newImportDesk(t).bring(ImportOptions{Progress: func(n int) { seen = append(seen, n) }}, records...)
	if !slices.Equal(seen, []int{100, 200}) {
		t.Errorf("progress %v", seen)
	}
}

func TestImportRemarks(t *testing.T) {
	d := newImportDesk(t)
	got := d.bring(ImportOptions{}, record("001 1", "245 10$aA", "020   $a9781416936470", "020   $z9781416936470", "852   $p30000000000019$hX", "852   $hX"))
	if found := strings.Join(codes(got.Warnings), " "); found != "no_barcode wrong_check_digit wrong_isbn" {
		t.Errorf("warnings %s: %+v", found, got.Warnings)
	}
	for _, warning := range got.Warnings {
		if warning.Record != 1 || !strings.HasSuffix(warning.File, "titles.json") {
			t.Errorf("a warning without its place: %+v", warning)
		}
	}
}

// One file that cannot be read does not keep the others out, and is named.
func TestImportUnreadableFiles(t *testing.T) {
	d := newImportDesk(t)
	folder := t.TempDir()
	pdf, broken := filepath.Join(folder, "book.pdf"), filepath.Join(folder, "broken.json")
	check(t, os.WriteFile(pdf, []byte("%PDF-1.4 …"), 0o600))
	check(t, os.WriteFile(broken, []byte(`{"leader":"00000nam a2200000 a 4500","fields":[{"245"`), 0o600))
	summary, err := Import(d.App, []string{pdf, folder, broken, fileOf(t, river), filepath.Join(folder, "missing")}, ImportOptions{})
	if fault.CodeOf(err) != fault.Invalid {
		t.Fatalf("error %v", err)
	}
	for _, name := range []string{pdf, broken, "missing", folder + " "} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
	if summary.Titles.Added != 1 || summary.Read != 2 || len(summary.Rejected) != 1 || summary.Rejected[0].File != broken {
		t.Errorf("%+v", summary)
	}
}

func TestImportOptionsAreChecked(t *testing.T) {
	for _, test := range []struct {
		options ImportOptions
		field   string
	}{{ImportOptions{Items: "850"}, "items"}, {ImportOptions{Match: "replace"}, "match"}} {
		_, err := Import(testkit.App(t), nil, test.options)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != test.field {
			t.Errorf("%+v: %v", test.options, err)
		}
	}
}

// A file with a fault in each record does not fill the memory.
func TestSummaryIsBounded(t *testing.T) {
	s := Summary{}
	for i := range maxListed + 5 {
		s.reject(Reject{Record: i, Text: say.T("r")})
		s.warn(Warning{Record: i, Text: say.T("m")})
	}
	if len(s.Rejected) != maxListed || len(s.Warnings) != maxListed || s.MoreRejected != 5 || s.MoreWarnings != 5 {
		t.Errorf("%d, %d, %d, %d", len(s.Rejected), len(s.Warnings), s.MoreRejected, s.MoreWarnings)
	}
}

// A disk that fills up stops the import with whole titles behind it, says how many, and lets the same import finish later.
func TestImportFullDisk(t *testing.T) {
	d := newImportDesk(t)
	var records []marc.Record
	for i := range 500 {
		records = append(records, record(fmt.Sprintf("001 %d", i), fmt.Sprintf("245 10$aTitle %d", i), "500   $a"+strings.Repeat("long ", 100),
			fmt.Sprintf("852   $pA%d$hX", i), fmt.Sprintf("852   $pB%d$hX", i)))
	}
	limit := func(pages string) {
		_, err := d.App.NonconcurrentDB().NewQuery("PRAGMA max_page_count = " + pages).Execute()
		check(t, err)
	}
	var pages int
	check(t, d.App.DB().NewQuery("PRAGMA page_count").Row(&pages))
	limit(fmt.Sprint(pages + 60))
	file := fileOf(t, records...)
	summary, err := Import(d.App, []string{file}, ImportOptions{})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Conflict || f.Word != "disk_full" || f.Text.Key != "catalog.stopped" {
		t.Fatalf("error %v", err)
	}
	if got := (Counts{Added: d.Count("titles", "1")}); summary.Titles != got || summary.Items.Added != d.Count("items", "1") || d.Count("search_doc", "1") != got.Added {
		t.Errorf("said %+v %+v, did %+v", summary.Titles, summary.Items, got)
	}
	limit("1000000")
	again := d.bringFile(ImportOptions{}, file)
	counted(t, "with room", again, Counts{Added: 500 - summary.Titles.Added, Skipped: summary.Titles.Added}, Counts{Added: 1000 - summary.Items.Added, Skipped: summary.Items.Added})
}

// A record of a title that was merged brings its items to the title that stands for it, which keeps its own record and its place for its own items.
func TestImportMeetsMergedTitle(t *testing.T) {
	d := newImportDesk(t)
	kept, double := record("001 1", "010   $a1", "245 10$aHatchet", "852   $p1$hFIC PAU"), record("001 2", "010   $a2", "245 10$aHatchet, a novel", "852   $p2$hFIC PAU")
	d.bring(ImportOptions{}, kept, double)
	titles := d.titles()
	slices.SortFunc(titles, func(a, b collections.Title) int { return strings.Compare(a.Title, b.Title) })
	for _, statement := range []string{"UPDATE titles SET merged_into = {:kept} WHERE id = {:double}", "UPDATE items SET title = {:kept}, marc_index = 0 WHERE title = {:double}"} {
		if _, err := d.App.DB().NewQuery(statement).Bind(dbx.Params{"kept": titles[0].ID, "double": titles[1].ID}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	change(t, d.App, func(b *store.Bulk) error { return Refresh(b, titles[1].ID) })
	double.Fields = append(double.Fields, record("852   $p3$hFIC PAU", "852   $hFIC PAU").Fields...)
	for _, added := range []int{1, 0} {
		if got := d.bring(ImportOptions{}, double); got.Titles != (Counts{Skipped: 1}) || got.Items.Added != added {
			t.Fatalf("%+v", got)
		}
	}
	items := d.items("1")
	if len(items) != 3 {
		t.Fatalf("%d items", len(items))
	}
	for _, item := range items {
		if item.Title != titles[0].ID || (item.MarcIndex > 0) != (item.Barcode == "1") {
			t.Errorf("%+v", item)
		}
	}
	if after := d.titles(); len(after) != 2 || after[0].MARC == after[1].MARC {
		t.Errorf("%d titles, or both of one record", len(after))
	}
	if page := search(t, d.App, Query{Text: "hatchet"}); len(page.Items) != 1 || page.Items[0].Items != 3 {
		t.Errorf("%+v", page.Items)
	}
}
