package catalog

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"
	"carrel/internal/testkit"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// A book of the small library: fields are left out where they do not matter.
type book struct {
	title, author, call  string
	subjects             string // parted by ";"
	series, summary      string
	language, kind, ages string
	isbn, shelf          string
	barcodes             string // parted by blanks; "!" in front for one that is away for repair
}

var smallLibrary = []book{
	{title: "Hatchet", author: "Paulsen, Gary", call: "FIC PAU", subjects: "Survival -- Juvenile fiction;Wilderness", isbn: "9781416936473", shelf: "FIC", barcodes: "30000000000011 30000000000029"},
	{title: "Hatchet man and other logging stories", author: "Ames, Leo", call: "634.9 AME", shelf: "NF", barcodes: "30000000000037"},
	{title: "The river", author: "Paulsen, Gary", call: "FIC PAU", subjects: "Survival -- Juvenile fiction", summary: "Brian of Hatchet goes back.", shelf: "FIC", barcodes: "30000000000045"},
	{title: "It", author: "Alexander, Mei", call: "FIC ALE", shelf: "FIC", ages: "teen", barcodes: "T32889"},
	{title: "It looks like spilt milk", author: "Shaw, Charles G.", call: "E SHA", kind: "book", ages: "preschool", shelf: "E", barcodes: "30000000000052"},
	{title: "Italy", author: "Foster, Leila", call: "945 FOS", shelf: "NF", barcodes: "30000000000060"},
	{title: "The the : a small word", author: "Grammer, Ann", call: "425 GRA", shelf: "NF"},
	{title: "Charlotte's web", author: "White, E. B. (Elwyn Brooks)", call: "FIC WHI", subjects: "Pigs -- Fiction;Spiders", isbn: "9780064400558", shelf: "FIC", barcodes: "30000000000078"},
	{title: "Harry Potter and the sorcerer's stone", author: "Rowling, J. K.", call: "FIC ROW", series: "Harry Potter ; 1", isbn: "9780439708180", shelf: "FIC", barcodes: "30000000000086 !30000000000094"},
	{title: "Harry Potter and the chamber of secrets", author: "Rowling, J. K.", call: "FIC ROW", series: "Harry Potter ; 2", shelf: "FIC", barcodes: "!30000000000102"},
	{title: "Harry the dirty dog", author: "Zion, Gene", call: "E ZIO", shelf: "E", ages: "preschool"},
	{title: "Smile", author: "Telgemeier, Raina", call: "741.5 TEL", subjects: "Graphic novels", shelf: "GN", barcodes: "30000000000110"},
	{title: "New kid", author: "Craft, Jerry", call: "741.5 CRA", subjects: "Graphic novels", shelf: "GN", barcodes: "30000000000128"},
	{title: "Class act", author: "Craft, Jerry", call: "741.5/973 CRA", subjects: "Graphic novels", shelf: "GN"},
	{title: "Dinosaurs before dark", author: "Osborne, Mary Pope", call: "FIC OSB", series: "Magic tree house ; 1", shelf: "FIC"},
	{title: "The magic tree house guide", author: "Osborne, Will", call: "813 OSB", shelf: "NF"},
	{title: "National Geographic little kids first big book of dinosaurs", author: "Hughes, Catherine D.", call: "567.9 HUG", subjects: "Dinosaurs", shelf: "NF", summary: "A cat is not in it."},
	{title: "The cat in the hat", author: "Seuss, Dr.", call: "E SEU", shelf: "E", ages: "preschool"},
	{title: "Catalogs and how to read them", author: "Odd, Ida", call: "025.3 ODD", shelf: "NF"},
	{title: "Spider-Man : great power", author: "Lee, Stan", call: "741.5 LEE", shelf: "GN"},
	{title: "Frog and Toad are friends", author: "Lobel, Arnold", call: "E LOB", shelf: "E", ages: "preschool"},
	{title: "20,000 leagues under the sea", author: "Verne, Jules", call: "FIC VER", shelf: "FIC"},
	{title: "Island of the blue dolphins", author: "O'Dell, Scott", call: "FIC ODE", shelf: "FIC"},
	{title: "Cien años de soledad", author: "García Márquez, Gabriel", call: "FIC GAR", language: "spa", shelf: "ES", ages: "adult"},
	{title: "Mi familia", author: "Ramírez, José", call: "E RAM", language: "spa", shelf: "ES", ages: "preschool", barcodes: "30000000000136"},
	{title: "La mariposa", author: "Jiménez, Francisco", call: "E JIM", language: "spa", shelf: "ES"},
	{title: "Straßen und Gärten", author: "Öhme, Jürgen", call: "710 OHM", language: "ger", shelf: "NF"},
	{title: "Snedronningen og Æblet", author: "Søndergård, Ærø", call: "E SON", language: "dan", shelf: "E"},
	{title: "Życie Łodzi", author: "Đorđević, Ana", call: "943 DOR", language: "pol", shelf: "NF"},
	{title: "哈利波特与魔法石", author: "罗琳", call: "FIC LUO", language: "chi", shelf: "FIC"},
	{title: "1984", author: "Orwell, George", call: "FIC ORW", shelf: "FIC", ages: "adult"},
	{title: "Water cycle", author: "Lin, Bo", kind: "video", call: "DVD 551 LIN", shelf: "NF", barcodes: "1001"},
}

func openSmallLibrary(t testing.TB) core.App {
	app := testkit.App(t)
	shelves := map[string]string{}
	for _, place := range []collections.Location{{Code: "FIC", Name: "Fiction"}, {Code: "NF", Name: "Nonfiction"}, {Code: "E", Name: "Picture books"}, {Code: "GN", Name: "Graphic novels"}, {Code: "ES", Name: "Spanish"}} {
		saved, err := collections.Insert(app, place)
		if err != nil {
			t.Fatal(err)
		}
		shelves[place.Code] = saved.ID
	}
	for _, b := range smallLibrary {
		b.save(t, app, shelves)
	}
	if err := Reindex(app, false, nil); err != nil {
		t.Fatal(err)
	}
	return app
}

func (b book) save(t testing.TB, app core.App, shelves map[string]string) {
	title, err := collections.Insert(app, collections.Title{
		Title: b.title, SortTitle: bare(words.Fold(b.title)), Author: b.author, CallNumber: b.call, Series: b.series, Summary: b.summary,
		Language: cmpOr(b.language, "eng"), Type: cmpOr(b.kind, "book"), Audience: cmpOr(b.ages, "juvenile"), ISBN: b.isbn, MARC: string(marc.Encode(b.record())),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range strings.Fields(cmpOr(b.barcodes, "-"+title.ID)) {
		code, away := strings.CutPrefix(code, "!")
		item := collections.Item{Title: title.ID, Barcode: code, BarcodeKey: barcode.Key(code), Location: shelves[b.shelf], Status: collections.ItemAvailable}
		if away {
			item.Status = collections.ItemRepair
		}
		if _, err := collections.Insert(app, item); err != nil {
			t.Fatal(err)
		}
	}
}

func (b book) record() marc.Record {
	record := marc.Record{Leader: "00000nam a2200000 a 4500"}
	for _, subject := range strings.Split(b.subjects, ";") {
		if subject != "" {
			record.Fields = append(record.Fields, marc.Field{Tag: "650", Ind1: ' ', Ind2: '0', Subfields: []marc.Subfield{{Code: 'a', Value: subject}}})
		}
	}
	return record
}

func cmpOr(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func search(t testing.TB, app core.App, q Query) Page {
	t.Helper()
	if q.PerPage == 0 {
		q.PerPage = 100
	}
	page, err := Search(app, q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	return page
}

func titlesOf(page Page) []string {
	titles := []string{}
	for _, hit := range page.Items {
		titles = append(titles, hit.Title)
	}
	return titles
}

func TestSearchFinds(t *testing.T) {
	app := openSmallLibrary(t)
	const (
		stone, chamber = "Harry Potter and the sorcerer's stone", "Harry Potter and the chamber of secrets"
		dark, bigBook  = "Dinosaurs before dark", "National Geographic little kids first big book of dinosaurs"
	)
	for _, test := range []struct {
		name, text string
		want       []string // in this order; "…" in the end for more
		mean       string
	}{
		{name: "an exact title comes first", text: "hatchet", want: []string{"Hatchet", "Hatchet man and other logging stories", "The river"}},
		{name: "a title of a stopword", text: "It", want: []string{"It", "It looks like spilt milk", "Italy", "…"}},
		{name: "a title of stopwords alone", text: "the the", want: []string{"The the : a small word", "…"}},
		{name: "an article is not needed", text: "river", want: []string{"The river"}},
		{name: "a stopword counts as any word", text: "the hatchet", want: []string{"The river"}},
		{name: "words in any order", text: "web charlotte's", want: []string{"Charlotte's web"}},
		{name: "a genitive without its end", text: "charlotte web", want: []string{"Charlotte's web"}},
		{name: "words of different fields", text: "paulsen survival hatch", want: []string{"Hatchet", "The river"}},
		{name: "the last word is unfinished", text: "harry pot", want: []string{chamber, stone}},
		{name: "no other word is", text: "har potter", want: []string{chamber, stone}}, // by the second reading
		{name: "a whole word before a begun one", text: "cat", want: []string{"The cat in the hat", "Catalogs and how to read them", "…"}},
		{name: "diacritics", text: "ramirez", want: []string{"Mi familia"}},
		{name: "diacritics typed", text: "garcía MÁRQUEZ", want: []string{"Cien años de soledad"}},
		{name: "decomposed", text: "an\u0303os", want: []string{"Cien años de soledad"}},
		{name: "sharp s", text: "strassen", want: []string{"Straßen und Gärten"}},
		{name: "sharp s typed", text: "STRAẞEN", want: []string{"Straßen und Gärten"}},
		{name: "ae and o slash", text: "aeblet sondergard", want: []string{"Snedronningen og Æblet"}},
		{name: "stroked letters", text: "lodzi dordevic", want: []string{"Życie Łodzi"}},
		{name: "a phrase", text: `"magic tree house"`, want: []string{"The magic tree house guide", dark}},
		{name: "a phrase that is not there", text: `"house tree"`, want: []string{}},
		{name: "a phrase not yet closed", text: `"sorcerer's sto`, want: []string{stone}},
		{name: "curly quotation marks", text: `“frog and toad” friends`, want: []string{"Frog and Toad are friends"}},
		{name: "the sign for and", text: "frog & toad", want: []string{"Frog and Toad are friends"}},
		{name: "a hyphen", text: "spider-man", want: []string{"Spider-Man : great power"}},
		{name: "no hyphen", text: "spiderman", want: []string{"Spider-Man : great power"}},
		{name: "initials", text: "jk rowling", want: []string{chamber, stone}},
		{name: "initials with full stops", text: "j.k. rowling", want: []string{chamber, stone}},
		{name: "an apostrophe", text: "o'dell", want: []string{"Island of the blue dolphins"}},
		{name: "no apostrophe", text: "odell", want: []string{"Island of the blue dolphins"}},
		{name: "half a name", text: "dell", want: []string{"Island of the blue dolphins"}},
		{name: "a number with a comma", text: "20000 leagues", want: []string{"20,000 leagues under the sea"}},
		{name: "characters without blanks", text: "魔法石", want: []string{"哈利波特与魔法石"}},
		{name: "characters in another order", text: "法魔", want: []string{}},
		{name: "an ISBN", text: "9780439708180", want: []string{stone}},
		{name: "an ISBN with hyphens", text: "978-0-439-70818-0", want: []string{stone}},
		{name: "an ISBN of ten", text: "0-439-70818-4", want: []string{stone}},
		{name: "an ISBN of ten without hyphens", text: "ISBN 0439708184", want: []string{stone}},
		{name: "a barcode", text: "30000000000045", want: []string{"The river"}},
		{name: "a barcode as scanned", text: "t 32889", want: []string{"It"}},
		{name: "part of a barcode", text: "3000000000004", want: []string{}},
		{name: "a short barcode", text: "1001", want: []string{"Water cycle"}},
		{name: "a call number", text: "FIC PAU", want: []string{"Hatchet", "The river"}},
		{name: "a Dewey number", text: "741.5 CRA", want: []string{"New kid", "…"}},
		{name: "a Dewey number with a slash", text: "741.5973", want: []string{"Class act"}},
		{name: "the beginning of a Dewey number", text: "741", want: []string{"Smile", "…"}},
		{name: "a title that is a number", text: "1984", want: []string{"1984"}},
		{name: "nothing but signs", text: `"*)(`, want: []string{}},
		{name: "a letter changed", text: "hatchot", want: []string{"Hatchet", "Hatchet man and other logging stories", "The river"}, mean: "hatchet"},
		{name: "a letter left out", text: "hary poter", want: []string{chamber, stone}, mean: "harry potter"},
		{name: "a letter added", text: "familiar", want: []string{"Mi familia"}, mean: "familia"},
		{name: "letters swapped", text: "chalrotte", want: []string{"Charlotte's web"}, mean: "charlotte"},
		{name: "the first letter wrong", text: "jatchet", want: []string{"Hatchet", "Hatchet man and other logging stories", "The river"}, mean: "hatchet"},
		{name: "two letters wrong", text: "dinosors", want: []string{dark, bigBook}, mean: "dinosaurs"},
		{name: "a mistake while typing", text: "dinoso", want: []string{dark, bigBook}, mean: "dinosaurs"},
		{name: "a mistake beside a good word", text: "cat hatt", want: []string{"The cat in the hat"}, mean: "cat hat"},
		{name: "a mistake beside words as typed", text: "Márquez soledat", want: []string{"Cien años de soledad"}, mean: "Márquez soledad"},
		{name: "a mistake in a phrase", text: `"magic tre house"`, want: []string{"The magic tree house guide", dark}, mean: `"magic tree house"`},
		{name: "nothing near", text: "xylophonist", want: []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := search(t, app, Query{Text: test.text})
			got, want := titlesOf(page), test.want
			if n := len(want); n > 0 && want[n-1] == "…" {
				want = want[:n-1]
				got = got[:min(len(got), n-1)]
			} else if page.TotalItems != len(want) {
				t.Errorf("total %d, want %d", page.TotalItems, len(want))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q found %q, want %q", test.text, got, want)
			}
			if page.DidYouMean != test.mean {
				t.Errorf("did you mean %q, want %q", page.DidYouMean, test.mean)
			}
		})
	}
}

func TestSearchShowsAHit(t *testing.T) {
	app := openSmallLibrary(t)
	page := search(t, app, Query{Text: "sorcerer"})
	want := Hit{
		ID: page.Items[0].ID, Title: "Harry Potter and the sorcerer's stone", Author: "Rowling, J. K.", CallNumber: "FIC ROW", Type: "book", Items: 2, Available: 1,
		ISBN: "9780439708180", Kind: marc.KindFiction, Added: page.Items[0].Added,
	}
	if page.Items[0] != want || want.ID == "" {
		t.Errorf("got %+v, want %+v", page.Items[0], want)
	}
}

func TestSearchFilters(t *testing.T) {
	app := openSmallLibrary(t)
	for _, test := range []struct {
		query Query
		want  []string
	}{
		{Query{Text: "harry", Available: []string{"true"}}, []string{"Harry the dirty dog", "Harry Potter and the sorcerer's stone"}},
		{Query{Text: "harry", Location: []string{"E"}}, []string{"Harry the dirty dog"}},
		{Query{Text: "harry", Location: []string{"no such place"}}, []string{}},
		{Query{Text: "e", Language: []string{"ger"}}, []string{}},
		{Query{Text: "fic", Audience: []string{"adult"}}, []string{"1984", "Cien años de soledad"}},
		{Query{Type: []string{"video"}}, []string{"Water cycle"}},
		{Query{Text: "harry", Available: []string{"false"}}, []string{"Harry Potter and the chamber of secrets"}},
		{Query{Text: "harry", Available: []string{"true", "false"}}, []string{"Harry the dirty dog", "Harry Potter and the sorcerer's stone", "Harry Potter and the chamber of secrets"}},
		{Query{Text: "harry", Location: []string{"E", "GN"}}, []string{"Harry the dirty dog"}},
		{Query{Kind: []string{"graphic"}}, []string{"Smile", "New kid", "Class act", "Spider-Man : great power"}},
		{Query{Text: "c", Kind: []string{"graphic", "picture"}}, []string{"New kid", "Class act", "The cat in the hat", "It looks like spilt milk"}},
		{Query{Text: "it", Grades: []string{"9-12"}}, []string{"It"}},
		{Query{Text: "it", Grades: []string{"K-2", "9-12"}}, []string{"It", "It looks like spilt milk"}},
		{Query{Grades: []string{"no such grade"}}, []string{}},
		{Query{Text: "harry", Added: []string{"ten"}}, []string{}},
		{Query{Text: "harry", List: "no such list"}, []string{}},
		{Query{Language: []string{"spa"}, Available: []string{"true"}}, []string{"Cien años de soledad", "La mariposa", "Mi familia"}},
	} {
		page := search(t, app, test.query)
		got := titlesOf(page)
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) || page.TotalItems != len(test.want) {
			t.Errorf("%+v: %q (%d), want %q", test.query, got, page.TotalItems, test.want)
		}
	}
}

// What does not come from words: levels, grades, the day a title came, when the next item is due and who waits.
func TestSearchShowsMoreOfAHit(t *testing.T) {
	lib := testkit.NewLibrary(t)
	record := record("245 10$aPlanets", "521 8 $aAD760L$bLexile", "521 2 $a2-5.", "092   $a523.4 GIB", "852   $p111$h523.4 GIB")
	if _, err := Import(lib.App, []string{fileOf(t, record)}, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := lib.App.DB().NewQuery("UPDATE items SET acquired = '2009-05-04'").Execute(); err != nil {
		t.Fatal(err)
	}
	if err := Reindex(lib.App, false, nil); err != nil {
		t.Fatal(err)
	}
	page := search(t, lib.App, Query{Text: "planets", Kind: []string{marc.KindNonfiction}, Lexile: []string{"above-750"}, Added: []string{"ten"}, Grades: []string{"3-5"}})
	if len(page.Items) != 1 {
		t.Fatalf("%+v", search(t, lib.App, Query{Text: "planets"}))
	}
	if hit := page.Items[0]; hit.Level != "AD760L" || hit.Grades != "2-5" || hit.Added != "2009-05-04" || hit.Out != "" || hit.Waiting != 0 {
		t.Errorf("%+v", hit)
	}
	if got := page.Facets["grades"]; len(got) != 2 || got[0].Value != "K-2" || got[1].Value != "3-5" {
		t.Errorf("%+v", got)
	}
}

func TestSearchSorts(t *testing.T) {
	app := openSmallLibrary(t)
	for _, test := range []struct {
		query Query
		want  []string
	}{
		{Query{Text: "harry", Sort: "title"}, []string{"Harry Potter and the chamber of secrets", "Harry Potter and the sorcerer's stone", "Harry the dirty dog"}},
		{Query{Text: "it", Sort: "author"}, []string{"It", "Italy", "National Geographic little kids first big book of dinosaurs", "It looks like spilt milk"}},
		{Query{Text: "smile kid", Sort: "call_number"}, []string{}},
		{Query{Kind: []string{marc.KindGraphic}, Sort: "call_number"}, []string{"New kid", "Spider-Man : great power", "Smile", "Class act"}},
		{Query{Kind: []string{marc.KindGraphic}, Sort: "title"}, []string{"Class act", "New kid", "Smile", "Spider-Man : great power"}},
	} {
		page := search(t, app, test.query)
		if got := titlesOf(page); !slices.Equal(got, test.want) {
			t.Errorf("%+v: %q, want %q", test.query, got, test.want)
		}
		ids, err := Matching(app, test.query)
		if err != nil || len(ids) != len(page.Items) {
			t.Fatalf("%+v: %d ids of %d: %v", test.query, len(ids), len(page.Items), err)
		}
		for i := range ids {
			if ids[i] != page.Items[i].ID {
				t.Errorf("%+v: the selection is in another order", test.query)
			}
		}
	}
	if _, err := Search(app, Query{Sort: "colour"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an unknown order: %v", err)
	}
}

// A title that another one stands for is not found, whichever way the index is made.
func TestSearchLeavesOutMergedTitles(t *testing.T) {
	app := openSmallLibrary(t)
	if _, err := app.DB().NewQuery("UPDATE titles SET merged_into = 'another' WHERE title = 'Hatchet'").Execute(); err != nil {
		t.Fatal(err)
	}
	if err := Reindex(app, false, nil); err != nil {
		t.Fatal(err)
	}
	if got := titlesOf(search(t, app, Query{Text: "hatchet"})); !slices.Equal(got, []string{"Hatchet man and other logging stories", "The river"}) {
		t.Errorf("found %q", got)
	}
	if _, err := app.DB().NewQuery("DELETE FROM search_doc").Execute(); err != nil {
		t.Fatal(err)
	}
	if err := Reindex(app, false, nil); err != nil {
		t.Fatal(err)
	}
	if n := search(t, app, Query{}).TotalItems; n != len(smallLibrary)-1 {
		t.Errorf("%d titles", n)
	}
}

// Documents that an older program made are filled by the next start, once, and a start that finds none does nothing.
func TestRenewFillsOldDocuments(t *testing.T) {
	app := openSmallLibrary(t)
	if _, err := app.DB().NewQuery("UPDATE search_doc SET kind = '', bands = 0, title_order = '', form = 0").Execute(); err != nil {
		t.Fatal(err)
	}
	if n := search(t, app, Query{Kind: []string{marc.KindGraphic}}).TotalItems; n != 0 {
		t.Fatalf("%d before", n)
	}
	if n, err := Renew(t.Context(), app); n != len(smallLibrary) || err != nil {
		t.Fatalf("renewed %d: %v", n, err)
	}
	if n := search(t, app, Query{Kind: []string{marc.KindGraphic}}).TotalItems; n != 4 {
		t.Errorf("%d graphic novels", n)
	}
	if n, err := Renew(t.Context(), app); n != 0 || err != nil {
		t.Errorf("renewed %d again: %v", n, err)
	}
}

func TestSearchBrowsesWithoutText(t *testing.T) {
	app := openSmallLibrary(t)
	first := search(t, app, Query{PerPage: 3})
	if first.TotalItems != len(smallLibrary) || !slices.Equal(titlesOf(first), []string{"1984", "20,000 leagues under the sea", "The cat in the hat"}) {
		t.Errorf("%d %q", first.TotalItems, titlesOf(first))
	}
	if first.FacetsOf != 0 {
		t.Errorf("facets of %d titles only", first.FacetsOf)
	}
}

func TestSearchPages(t *testing.T) {
	app := openSmallLibrary(t)
	all := titlesOf(search(t, app, Query{Text: "e"}))
	var paged []string
	for page := 1; len(paged) < len(all); page++ {
		part := search(t, app, Query{Text: "e", Page: page, PerPage: 2})
		if part.TotalItems != len(all) || len(part.Items) == 0 {
			t.Fatalf("page %d: %d of %d", page, len(part.Items), part.TotalItems)
		}
		paged = append(paged, titlesOf(part)...)
	}
	if !slices.Equal(all, paged) {
		t.Errorf("%q, want %q", paged, all)
	}
	if beyond := search(t, app, Query{Text: "e", Page: 900}); len(beyond.Items) != 0 || beyond.TotalItems != len(all) {
		t.Errorf("beyond the end: %d of %d", len(beyond.Items), beyond.TotalItems)
	}
}

// More matches than are ranked one by one.
func TestSearchBoundsItsWork(t *testing.T) {
	app, s := openLargeLibrary(t, rankAll+500)
	letter := s.words[0][:1]
	first := search(t, app, Query{Text: letter, PerPage: 20})
	if first.TotalItems <= rankAll || first.FacetsOf == 0 || first.FacetsOf > first.TotalItems {
		t.Fatalf("%d titles, facets of %d", first.TotalItems, first.FacetsOf)
	}
	for _, title := range titlesOf(first) {
		if !strings.HasPrefix(title, letter) {
			t.Errorf("%q is on the first page for %q", title, letter)
		}
	}
	counted := 0
	for _, facet := range first.Facets["language"] {
		counted += facet.Count
	}
	if counted != first.FacetsOf {
		t.Errorf("languages of %d titles, want %d", counted, first.FacetsOf)
	}
	for _, q := range []Query{{Text: letter}, {Text: letter, Available: []string{"true"}, Language: []string{"spa"}}, {Available: []string{"true"}}} {
		seen := map[string]bool{}
		total := search(t, app, q).TotalItems
		for q.Page = 1; len(seen) < total; q.Page++ {
			page := search(t, app, q)
			for _, hit := range page.Items {
				if seen[hit.ID] || len(q.Available) > 0 && hit.Available == 0 {
					t.Fatalf("%+v: %+v is twice there or away", q, hit)
				}
				seen[hit.ID] = true
			}
			if len(page.Items) == 0 {
				t.Fatalf("%+v: %d of %d", q, len(seen), total)
			}
		}
		if q.Page--; total > 0 && len(search(t, app, Query{Text: q.Text, Available: q.Available, Language: q.Language, Page: q.Page + 1}).Items) != 0 {
			t.Errorf("%+v: more than %d", q, total)
		}
	}
}

func TestSearchRefusesBadPaging(t *testing.T) {
	app := testkit.App(t)
	for field, queries := range map[string][]Query{
		"page":    {{Page: -1}, {Page: maxPage + 1}},
		"perPage": {{PerPage: -1}, {PerPage: 101}},
	} {
		for _, query := range queries {
			_, err := Search(app, query)
			var refused *fault.Error
			if !errors.As(err, &refused) || refused.Code != fault.Invalid || refused.Field != field {
				t.Errorf("%+v: %v", query, err)
			}
		}
	}
}

func TestReindexRepairs(t *testing.T) {
	app := openSmallLibrary(t)
	for name, harm := range map[string][]string{
		"words lost":      {"DELETE FROM search_fts WHERE rowid % 2 = 0"},
		"rows lost":       {"DELETE FROM search_doc WHERE id % 3 = 0"},
		"all lost":        {"DELETE FROM search_doc", "DELETE FROM search_fts"},
		"title gone":      {"INSERT INTO search_doc (title_id, title) VALUES ('gone', 'gone')", "INSERT INTO search_fts (rowid, title) VALUES (last_insert_rowid(), 'hatchet')"},
		"words of no row": {"INSERT INTO search_fts (rowid, title) VALUES (999999, 'hatchet')"},
		"malformed":       {"UPDATE search_fts_data SET block = x'00' WHERE id > 10"},
		"counts wrong":    {"UPDATE search_doc SET items = 9, available = 9"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, statement := range harm {
				if _, err := app.NonconcurrentDB().NewQuery(statement).Execute(); err != nil {
					t.Fatal(err)
				}
			}
			if err := Reindex(app, false, nil); err != nil {
				t.Fatal(err)
			}
			if got := titlesOf(search(t, app, Query{Text: "hatchet"})); !slices.Equal(got, []string{"Hatchet", "Hatchet man and other logging stories", "The river"}) {
				t.Errorf("found %q", got)
			}
			var docs, words int
			for query, into := range map[string]*int{"SELECT COUNT(*) FROM search_doc": &docs, "SELECT COUNT(*) FROM search_fts": &words} {
				if err := app.DB().NewQuery(query).Row(into); err != nil {
					t.Fatal(err)
				}
			}
			if docs != len(smallLibrary) || words != docs {
				t.Errorf("%d rows, %d with words, want %d", docs, words, len(smallLibrary))
			}
			if hit := search(t, app, Query{Text: "sorcerer"}).Items[0]; hit.Items != 2 || hit.Available != 1 {
				t.Errorf("counts %+v", hit)
			}
			if _, err := app.NonconcurrentDB().NewQuery("INSERT INTO search_fts (search_fts) VALUES ('integrity-check')").Execute(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReindexStoppedInTheMiddleStillFinds(t *testing.T) {
	app := openSmallLibrary(t)
	b, err := store.NewBulk(app, false)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	stop := errors.New("stopped")
	halfway := func() {
		if steps++; steps == len(smallLibrary)/2 {
			panic(stop)
		}
	}
	func() {
		defer func() {
			if recover() != stop {
				t.Error("not stopped")
			}
			b.Abort()
		}()
		_ = renewDocs(b, halfway)
	}()
	if n := search(t, app, Query{Text: "hatchet"}).TotalItems; n != 3 {
		t.Errorf("found %d", n)
	}
}

func TestDocsChangeWithTheirTitle(t *testing.T) {
	app := openSmallLibrary(t)
	smile, _, err := collections.Find[collections.Title](app, "title = {:title}", dbx.Params{"title": "Smile"})
	if err != nil {
		t.Fatal(err)
	}
	smile.Title = "Grin"
	change(t, app, func(b *store.Bulk) error { return PutDoc(b, MakeDoc(smile, marc.Facts{}, nil)) })
	if found := search(t, app, Query{Text: "grin"}); len(found.Items) != 1 || found.Items[0].Items != 1 {
		t.Errorf("found %+v", found.Items)
	}
	if old := search(t, app, Query{Text: "smile"}); old.TotalItems != 0 && old.DidYouMean == "" {
		t.Errorf("the old title finds %d", old.TotalItems)
	}
	change(t, app, func(b *store.Bulk) error { return RemoveDoc(b, smile.ID) })
	change(t, app, func(b *store.Bulk) error { return RemoveDoc(b, smile.ID) })
	if n := search(t, app, Query{Text: "grin"}).TotalItems; n != 0 {
		t.Errorf("a removed title is found %d times", n)
	}
}

func change(t testing.TB, app core.App, piece func(*store.Bulk) error) {
	t.Helper()
	b, err := store.NewBulk(app, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Do(piece); err != nil {
		t.Fatal(err)
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
}
