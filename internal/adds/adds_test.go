package adds_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/adds"
	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/lookup"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"
)

// books are real numbers, all valid.
var books = []string{"9780062691194", "9781481469975", "9780385472579", "9780064400558", "9780439023481", "9780545010221"}

// world is a school with a source on the internet that does as it is told.
type world struct {
	testkit.Library
	worker *adds.Worker
	runner *imports.Runner
	now    time.Time
	n      int

	mu     sync.Mutex
	asked  []string
	status int
	retry  string
	html   bool
	knows  func(number string) map[string]any // details of an edition; nil: not known
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{Library: testkit.NewLibrary(t), now: time.Date(2026, 11, 13, 15, 0, 0, 0, time.UTC)}
	w.knows = func(number string) map[string]any {
		return map[string]any{"key": "/books/OL" + number + "M", "title": "Book " + number, "authors": []any{map[string]any{"name": "Jerry Craft"}}, "dewey_decimal_class": []string{"741.5/973"}, "isbn_13": []string{number}, "publish_date": "2019"}
	}
	server := httptest.NewServer(http.HandlerFunc(w.answer))
	t.Cleanup(server.Close)
	w.sources(site.Source{ID: "ol", Name: "Open Library", Kind: site.SourceOpenLibrary, URL: server.URL, On: true})
	w.worker = adds.New(w.App, "test")
	w.worker.Now = func() time.Time { return w.now }
	w.runner = imports.New(w.App)
	t.Cleanup(w.runner.Stop)
	return w
}

func (w *world) sources(list ...site.Source) {
	w.T.Helper()
	if err := site.SaveLookup(w.App, site.Lookup{On: true, Sources: list}); err != nil {
		w.T.Fatal(err)
	}
}

func (w *world) answer(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	number := strings.TrimPrefix(strings.Split(r.URL.Query().Get("bibkeys"), ",")[0], "ISBN:")
	w.asked = append(w.asked, number)
	switch {
	case w.status != 0:
		out.Header().Set("Retry-After", w.retry)
		out.WriteHeader(w.status)
	case w.html:
		out.Header().Set("Content-Type", "text/html")
		fmt.Fprint(out, "<html>Sign in to SchoolNet</html>")
	default:
		out.Header().Set("Content-Type", "application/json")
		found := map[string]any{}
		if details := w.knows(number); details != nil {
			found["ISBN:"+number] = map[string]any{"details": details}
		}
		_ = json.NewEncoder(out).Encode(found)
	}
}

func (w *world) scan(code string) collections.Add {
	w.T.Helper()
	w.n++
	w.now = w.now.Add(time.Second)
	add, err := adds.Scan(w.App, fmt.Sprintf("scan-key-%d", w.n), code, "", w.now)
	if err != nil {
		w.T.Fatal(err)
	}
	return add
}

// pass lets the worker do what it can at one moment after the other, up to a minute later.
func (w *world) pass() {
	w.T.Helper()
	for range 80 {
		if _, err := w.worker.Pass(w.T.Context()); err != nil {
			w.T.Fatal(err)
		}
		w.now = w.now.Add(time.Second)
	}
}

func (w *world) rows() map[string]adds.RowView {
	w.T.Helper()
	q, err := adds.Look(w.App, say.English, true, w.now)
	if err != nil {
		w.T.Fatal(err)
	}
	byID := map[string]adds.RowView{}
	for _, row := range q.Rows {
		byID[row.ID] = row
	}
	return byID
}

func (w *world) row(id string) adds.RowView { return w.rows()[id] }

func (w *world) title(name string) (id string) {
	w.T.Helper()
	title, err := collections.Insert(w.App, collections.Title{Title: name})
	if err != nil {
		w.T.Fatal(err)
	}
	return title.ID
}

// commit adds what is ready and waits for it.
func (w *world) commit(rows ...string) collections.Import {
	w.T.Helper()
	w.n++
	imp, err := w.runner.Books(rows, fmt.Sprintf("commit-key-%d", w.n), "", say.English)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.settled(imp)
}

func (w *world) settled(imp collections.Import) collections.Import {
	w.T.Helper()
	w.runner.Wait()
	imp, err := imports.Find(w.App, imp.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return imp
}

func (w *world) batch(change adds.BatchChange) {
	w.T.Helper()
	if err := adds.SetBatch(w.App, change); err != nil {
		w.T.Fatal(err)
	}
}

func text(s string) *string { return &s }

func TestWhatIsScanned(t *testing.T) {
	w := newWorld(t)
	w.Copy("3041207906", w.title("Here"))
	for code, want := range map[string]struct{ isbn, why string }{
		"9780062691194":           {"9780062691194", ""},
		"978-0-06-269119-4":       {"9780062691194", ""},
		"ISBN 978 0 06 269119 4":  {"9780062691194", ""},
		"]E09780062691194":        {"9780062691194", ""},
		"978006269119451299":      {"9780062691194", ""}, // with the price in one go
		"0062691198":              {"9780062691194", ""},
		"ISBN: 0-06-269119-8":     {"9780062691194", ""},
		"9780062691195":           {"", "adds.wrong_digit"},
		"0062691199":              {"", "adds.wrong_digit"},
		"51299":                   {"", "adds.is_price"},
		"036000291452":            {"", "adds.is_shop_code"},
		"4006381333931":           {"", "adds.is_shop_code"},
		"3041207906":              {"", "adds.is_item"},
		"hello":                   {"", "adds.no_isbn"},
		strings.Repeat("7", 500):  {"", "adds.no_isbn"},
		"<img src=x onerror=x>":   {"", "adds.no_isbn"},
		"30412079061234":          {"", "adds.no_isbn"},
		"\x02 9780062691194 \r\n": {"9780062691194", ""},
	} {
		add := w.scan(code)
		row := w.row(add.ID)
		wantWhy := ""
		if want.why != "" {
			if wantWhy = say.T(want.why, "Here").In(say.English); want.why != "adds.is_item" {
				wantWhy = say.T(want.why).In(say.English)
			}
		}
		if row.ISBN != want.isbn || row.Why != wantWhy || (row.State == "needs") != (want.isbn == "") {
			t.Errorf("%q: %q %s %q", code, row.ISBN, row.State, row.Why)
		}
	}
	if _, err := adds.Scan(w.App, "some-key-1", " \t", "", w.now); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestAScanTwice(t *testing.T) {
	w := newWorld(t)
	first, err := adds.Scan(w.App, "the-same-key", books[0], "", w.now)
	if err != nil {
		t.Fatal(err)
	}
	again, err := adds.Scan(w.App, "the-same-key", books[0], "", w.now)
	if err != nil || again.ID != first.ID || w.Count("adds", "1") != 1 {
		t.Error(again, err)
	}
	if _, err := adds.Scan(w.App, "the-same-key", books[1], "", w.now); fault.CodeOf(err) != fault.Conflict {
		t.Error(err)
	}
}

// TestTheLineComesBack: rows wait while the line is away, a portal answers, or the source wants to be left alone; then they fill by themselves, in order,
// one question a second at most, and each number is asked for once.
func TestTheLineComesBack(t *testing.T) {
	w := newWorld(t)
	settings, err := site.LoadLookup(w.App)
	if err != nil {
		t.Fatal(err)
	}
	there := settings.Sources[0]
	gone := there
	gone.URL = "http://127.0.0.1:1"
	w.sources(gone)
	for _, number := range books {
		w.scan(number)
	}
	state := func(want string) {
		t.Helper()
		q, err := adds.Look(w.App, say.English, true, w.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Sources[1].State; got != want || q.Counts.Waiting != len(books) {
			t.Errorf("the source is %s, not %s; %+v", got, want, q.Counts)
		}
	}
	w.pass()
	state("offline")
	w.sources(there)
	w.html = true
	w.pass()
	state("portal")
	w.html, w.status, w.retry = false, 429, "7200"
	w.pass()
	state("limited")
	asked := len(w.asked)
	w.status = 0
	w.pass()
	if len(w.asked) != asked {
		t.Errorf("asked %d times although the source wants to be left alone", len(w.asked)-asked)
	}
	w.now = w.now.Add(3 * time.Hour)
	w.asked = nil
	w.pass()
	if got := strings.Join(w.asked, " "); got != strings.Join(books, " ") {
		t.Errorf("asked for %s", got)
	}
	for _, row := range w.rows() {
		if row.State != "ready" || row.Found[0].Title != "Book "+row.ISBN || row.CallNumber != "741.5 CRA" {
			t.Errorf("%+v", row)
		}
	}
}

func TestOneQuestionASecond(t *testing.T) {
	w := newWorld(t)
	w.scan(books[0])
	w.scan(books[1])
	for range 3 {
		if wait, err := w.worker.Pass(t.Context()); err != nil || wait > time.Second {
			t.Fatal(wait, err)
		}
	}
	if len(w.asked) != 1 {
		t.Errorf("asked %v within a second", w.asked)
	}
	w.now = w.now.Add(time.Second)
	if _, err := w.worker.Pass(t.Context()); err != nil || len(w.asked) != 2 {
		t.Errorf("asked %v, %v", w.asked, err)
	}
}

// TestFromTheBox: what the own catalogue or a vendor's file knows is not asked of anybody.
func TestFromTheBox(t *testing.T) {
	w := newWorld(t)
	file := lookup.Book{Title: "From the vendor", Authors: []string{"Kirsten Hall"}, Dewey: "[E]", ISBNs: []string{books[1]}}
	body := iso(t, file.Record(w.now))
	if _, _, err := lookup.Pour(t.Context(), w.App, "vendor.mrc", strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	box := w.scan(books[1])
	w.pass()
	if row := w.row(box.ID); row.State != "ready" || row.Found[0].Source != "vendor.mrc" || row.CallNumber != "E HAL" || len(w.asked) != 0 {
		t.Fatalf("%+v, asked %v", row, w.asked)
	}
	w.commit()
	if w.rows()[box.ID].ID != "" || w.Count("items", "call_number = 'E HAL'") != 1 {
		t.Fatal("it was not added")
	}
	again, third := w.scan(books[1]), w.scan(books[1])
	w.pass()
	one, two := w.row(again.ID), w.row(third.ID)
	if one.State != "own" || one.Own == nil || one.Own.Items != 1 || one.Copy != 2 || two.Copy != 3 || one.CallNumber != "E HAL" || len(w.asked) != 0 {
		t.Fatalf("%+v\n%+v", one, two)
	}
	w.commit()
	if w.Count("titles", "title = 'From the vendor'") != 1 || w.Count("items", "call_number = 'E HAL'") != 3 || w.Count("items", "copy = '3'") != 1 {
		t.Error("the copies did not go to the title that is here")
	}
}

// TestNobodyKnows: the row needs a person, who types it in; a second copy of it has the same.
func TestNobodyKnows(t *testing.T) {
	w := newWorld(t)
	w.knows = func(string) map[string]any { return nil }
	one, two := w.scan(books[0]), w.scan(books[0])
	w.pass()
	if row := w.row(one.ID); row.State != "needs" || row.Why != say.T("adds.unknown").In(say.English) || strings.Join(row.Tried, ",") != "own,box,Open Library" {
		t.Fatalf("%+v", row)
	}
	if len(w.asked) != 1 {
		t.Errorf("asked %v", w.asked)
	}
	typed := adds.Typed{Title: "Moon <b>!</b>", Author: "Stacy McAnulty", Year: "2019", Subjects: []string{"Moon"}}
	if _, err := adds.Edit(w.App, one.ID, adds.Change{Fields: &typed, CallNumber: text("523.3 MCA")}, w.now); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{one.ID, two.ID} {
		if row := w.row(id); row.State != "ready" || row.Found[0].Title != "Moon !" || row.Found[0].Source != adds.HandName || row.CallNumber != "523.3 MCA" {
			t.Errorf("%+v", row)
		}
	}
	for field, change := range map[string]adds.Change{
		"fields.title":  {Fields: &adds.Typed{Title: " "}},
		"fields.year":   {Fields: &adds.Typed{Title: "x", Year: "soon"}},
		"fields.isbn.1": {Fields: &adds.Typed{Title: "x", ISBN: []string{books[0], "9780062691195"}}},
		"chosen":        {Chosen: new(int)},
		"call_number":   {CallNumber: text(strings.Repeat("x", 201))},
		"barcode":       {Barcode: text(strings.Repeat("x", 65))},
	} {
		_, err := adds.Edit(w.App, one.ID, change, w.now)
		if f := new(fault.Error); !asFault(err, &f) || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	done := w.commit()
	if w.Count("titles", "title = 'Moon !' AND year = 2019") != 1 || w.Count("items", "call_number = '523.3 MCA'") != 2 || done.State != collections.ImportDone {
		t.Errorf("%s: two copies of one title were not made", done.State)
	}
}

// TestChoosing: two records that differ are for a person; a copy follows.
func TestChoosing(t *testing.T) {
	w := newWorld(t)
	var body string
	for _, year := range []string{"1952", "2012"} {
		book := lookup.Book{Title: "Charlotte's web", Authors: []string{"E. B. White"}, Date: year, Subjects: []string{"Pigs -- Fiction"}, ISBNs: []string{books[3]}}
		body += iso(t, book.Record(w.now))
	}
	if _, _, err := lookup.Pour(t.Context(), w.App, "vendor.mrc", strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	one, two := w.scan(books[3]), w.scan(books[3])
	w.pass()
	if row := w.row(one.ID); row.State != "choose" || len(row.Found) != 2 || row.Chosen != 0 {
		t.Fatalf("%+v", row)
	}
	second := 2
	if _, err := adds.Edit(w.App, one.ID, adds.Change{Chosen: &second}, w.now); err != nil {
		t.Fatal(err)
	}
	if row := w.row(two.ID); row.State != "ready" || row.Chosen != 2 || row.CallNumber != "FIC WHI" || row.Copy != 2 {
		t.Errorf("%+v", row)
	}
}

// TestABatch: labels go on, what every book is given is given, a label that was taken meanwhile keeps its row here, and taking back brings all rows back.
func TestABatch(t *testing.T) {
	w := newWorld(t)
	shelf, err := collections.Insert(w.App, collections.Location{Code: "SCI", Name: "Science wall"})
	if err != nil {
		t.Fatal(err)
	}
	w.batch(adds.BatchChange{Location: &shelf.ID, Fund: text("Title IV"), Price: text("12.50"), NextBarcode: text("30412 07998"), LastBarcode: text("30412 08001")})
	other := w.title("Other")
	w.Copy("30412 07999", other)
	var ids []string
	for _, number := range books[:4] {
		ids = append(ids, w.scan(number).ID)
	}
	w.pass()
	if _, err := adds.Edit(w.App, ids[0], adds.Change{Barcode: text("MINE 1")}, w.now); err != nil {
		t.Fatal(err)
	}
	if _, err := adds.Edit(w.App, ids[1], adds.Change{Barcode: text("30412 07999")}, w.now); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("a label that is on another book: %v", err)
	}
	w.Copy("MINE 1", other)
	done := w.commit()
	if w.Count("items", "fund = 'Title IV' AND price_cents = 1250 AND currency = 'USD' AND acquired != '' AND location = '"+shelf.ID+"'") != 3 {
		t.Error("the items are not as the batch says")
	}
	for _, code := range []string{"30412 07998", "30412 08000", "30412 08001"} {
		if w.Count("items", "barcode = '"+code+"'") != 1 {
			t.Errorf("nothing has the label %s", code)
		}
	}
	row := w.row(ids[0])
	if row.State != "needs" || row.Why != say.T("adds.barcode_taken", "MINE 1", "Other").In(say.English) {
		t.Errorf("%+v", row)
	}
	if batch, err := adds.LookBatch(w.App, false); err != nil || *batch.PrintedLeft != 0 || batch.Fund != nil || batch.Price != nil {
		t.Errorf("%+v, %v", batch, err)
	}
	if _, err := adds.Edit(w.App, ids[0], adds.Change{Barcode: text("")}, w.now); err != nil {
		t.Fatal(err)
	}
	w.commit()
	if row := w.row(ids[0]); row.Why != say.T("adds.labels_used_up", "30412 08001").In(say.English) {
		t.Errorf("%+v", row)
	}

	if added, err := adds.Added(w.App, done.ID, say.English); err != nil || len(added) != 3 || added[0].Barcode != "30412 07998" {
		t.Errorf("%+v, %v", added, err)
	}
	undone, err := w.runner.Undo(done.ID, "undo-key-1")
	if err != nil {
		t.Fatal(err)
	}
	if undone = w.settled(undone); undone.State != collections.ImportUndone {
		t.Fatalf("%s %s", undone.State, undone.Error)
	}
	w.pass()
	if w.Count("items", "fund = 'Title IV'") != 0 || w.Count("titles", "title LIKE 'Book %'") != 0 || w.Count("search_doc", "title LIKE 'book %'") != 0 {
		t.Error("something of the batch is left")
	}
	if row := w.row(ids[1]); row.State != "ready" || row.Barcode != "30412 07998" || len(w.rows()) != 4 {
		t.Errorf("%+v", row)
	}
	w.commit(ids[1:]...)
	if w.Count("items", "barcode = '30412 07998'") != 1 || w.Count("titles", "title LIKE 'Book %'") != 3 {
		t.Error("it could not be added again")
	}
}

// TestACommitTwice: the same key adds nothing twice.
func TestACommitTwice(t *testing.T) {
	w := newWorld(t)
	w.scan(books[0])
	w.pass()
	first, err := w.runner.Books(nil, "the-same-key", "", say.English)
	if err != nil {
		t.Fatal(err)
	}
	w.runner.Wait()
	again, err := w.runner.Books(nil, "the-same-key", "", say.English)
	if err != nil || again.ID != first.ID || w.Count("items", "1") != 1 {
		t.Error(again.ID, err)
	}
	if _, err := w.runner.Books(nil, "another-key", "", say.English); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("nothing is left to be added: %v", err)
	}
}
