package catalog

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/store"
	"carrel/internal/testkit"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// benchTitles is the size of the made-up catalogue; CARREL_BENCH_TITLES changes it.
func benchTitles() int {
	if n, err := strconv.Atoi(os.Getenv("CARREL_BENCH_TITLES")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// speech makes texts whose words are spread as in a language: few of them make up most of it.
type speech struct {
	words []string
	zipf  *rand.Zipf
	rand  *rand.Rand
}

func newSpeech(seed uint64) *speech {
	r := rand.New(rand.NewPCG(seed, seed))
	starts := strings.Fields("b bl br c ch cl d dr f fl g gr h j k l m n p pl qu r s sh st str t th tr v w wh y z a e i o u")
	middles := strings.Fields("a e i o u ai ea ee oo ou an en in on ar er or al el il")
	ends := strings.Fields("b d g k l m n p r s t ck ng st nd y le ly er ing ed tion ment ness")
	s := &speech{rand: r}
	seen := map[string]bool{}
	for len(s.words) < 40_000 {
		w := ""
		for range 1 + min(len(s.words)/200, r.IntN(3)) {
			w += starts[r.IntN(len(starts))] + middles[r.IntN(len(middles))]
		}
		if len(s.words) > 30 {
			w += ends[r.IntN(len(ends))]
		}
		if !seen[w] {
			seen[w] = true
			s.words = append(s.words, w)
		}
	}
	s.zipf = rand.NewZipf(r, 1.05, 5, uint64(len(s.words)-1))
	return s
}

func (s *speech) say(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = s.words[s.zipf.Uint64()]
	}
	return strings.Join(words, " ")
}

// title is about 150 bytes of title, author and subjects, as in real records, and about as much beside them.
func (s *speech) title(i int) (collections.Title, marc.Facts, []collections.Item) {
	id := fmt.Sprintf("t%014d", i*7919%1_000_003)
	author := s.say(1) + ", " + s.say(1)
	title := collections.Title{
		ID: id, Title: s.say(3 + s.rand.IntN(6)), Author: author, Publisher: s.say(2), Year: 1960 + s.rand.IntN(60), Summary: s.say(20),
		Language: []string{"eng", "eng", "eng", "spa"}[s.rand.IntN(4)], Type: []string{"book", "book", "book", "video", "audiobook"}[s.rand.IntN(5)],
		Audience: []string{"preschool", "primary", "juvenile", "teen", "adult"}[s.rand.IntN(5)], CallNumber: "FIC " + strings.ToUpper(author[:2]),
		ISBN: fmt.Sprint(9780000000000 + i*13), MARC: strings.Repeat("x", 1200),
	}
	title.SortTitle = words.Fold(title.Title)
	title.CallNumber = []string{title.CallNumber, "E " + strings.ToUpper(author[:2]), fmt.Sprintf("%d.%d", 100+s.rand.IntN(800), s.rand.IntN(100))}[s.rand.IntN(3)]
	title.Level = []string{"", fmt.Sprintf("%dL", 10*s.rand.IntN(120))}[s.rand.IntN(2)]
	facts := marc.Facts{Authors: []string{author}, Subjects: []string{s.say(3), s.say(2), s.say(3)}, Grades: fmt.Sprintf("%d-%d", i%6, i%6+3), ISBNs: []string{title.ISBN}, ControlNumber: "ocm" + strconv.Itoa(i+1_000_000)}
	status := collections.ItemAvailable
	if s.rand.IntN(3) == 0 {
		status = collections.ItemRepair
	}
	item := collections.Item{Barcode: strconv.Itoa(30000000000000 + i), CallNumber: title.CallNumber, Location: fmt.Sprintf("place%010d", s.rand.IntN(8)), Status: status, Acquired: policy.Date(2008+s.rand.IntN(18), 9, 1)}
	return title, facts, []collections.Item{item}
}

// openLargeLibrary makes a catalogue of so many titles.
func openLargeLibrary(b testing.TB, titles int) (core.App, *speech) {
	app, s := testkit.App(b), newSpeech(7)
	bulk, err := store.NewBulk(app, false)
	if err != nil {
		b.Fatal(err)
	}
	for i := range titles {
		title, facts, items := s.title(i)
		err := bulk.Do(func(bulk *store.Bulk) error {
			if err := bulk.Exec(`INSERT INTO titles (id, title, sort_title, author, publisher, year, language, type, audience, call_number, isbn, summary, marc)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, title.ID, title.Title, title.SortTitle, title.Author, title.Publisher, title.Year,
				title.Language, title.Type, title.Audience, title.CallNumber, title.ISBN, title.Summary, title.MARC); err != nil {
				return err
			}
			return AddDoc(bulk, MakeDoc(title, facts, items))
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := bulk.Flush(); err != nil {
		b.Fatal(err)
	}
	for i := range 8 {
		place := collections.Location{Code: strconv.Itoa(i), Name: strconv.Itoa(i)}
		if _, err := app.DB().Insert("locations", dbx.Params{"id": fmt.Sprintf("place%010d", i), "code": place.Code, "name": place.Name}).Execute(); err != nil {
			b.Fatal(err)
		}
	}
	return app, s
}

// percentile runs act over texts and answers the time below which 95 of 100 stay, in milliseconds.
func percentile(b *testing.B, texts []string, act func(text string) error) float64 {
	took := make([]float64, len(texts))
	for i, text := range texts {
		began := time.Now()
		if err := act(text); err != nil {
			b.Fatal(err)
		}
		took[i] = float64(time.Since(began).Microseconds()) / 1000
	}
	slices.Sort(took)
	return took[len(took)*95/100]
}

// BenchmarkSearch measures whole searches with facets beside the bare query of the index for the same words, in one run, and
// making the index anew.
func BenchmarkSearch(b *testing.B) {
	app, s := openLargeLibrary(b, benchTitles())
	texts := map[string][]string{}
	for range 200 {
		var title string
		if err := app.DB().NewQuery("SELECT title FROM titles WHERE rowid = {:row}").Bind(dbx.Params{"row": 1 + s.rand.IntN(benchTitles())}).Row(&title); err != nil {
			b.Fatal(err)
		}
		words := strings.Fields(title)
		last := words[len(words)-1]
		texts["a title"] = append(texts["a title"], title)
		texts["two words, one letter"] = append(texts["two words, one letter"], words[0]+" "+last[:1])
		texts["three words"] = append(texts["three words"], words[0]+" "+words[1]+" "+last[:1+s.rand.IntN(len(last))])
		for n := 1; n <= 3; n++ {
			name := fmt.Sprintf("%d typed", n)
			texts[name] = append(texts[name], (last + words[0] + "e")[:n])
		}
		texts["unrelated words"] = append(texts["unrelated words"], s.say(3))
		mistyped := s.words[s.rand.IntN(len(s.words))]
		texts["mistyped"] = append(texts["mistyped"], mistyped[:1]+"x"+mistyped[1:])
	}
	for _, name := range []string{"three words", "a title", "1 typed", "2 typed", "3 typed", "two words, one letter", "unrelated words", "mistyped"} {
		b.Run(name, func(b *testing.B) {
			var ours, sorted, available, floor float64
			for b.Loop() {
				floor = percentile(b, texts[name], func(text string) error {
					var rows []int64
					return app.DB().NewQuery("SELECT rowid FROM search_fts WHERE search_fts MATCH {:match} ORDER BY rank LIMIT 20").
						Bind(dbx.Params{"match": `"` + strings.ReplaceAll(text, " ", `" AND "`) + `" *`}).Column(&rows)
				})
				sorted = percentile(b, texts[name], func(text string) error {
					_, err := Search(app, Query{Text: text, Sort: "author"})
					return err
				})
				ours = percentile(b, texts[name], func(text string) error { _, err := Search(app, Query{Text: text}); return err })
				available = percentile(b, texts[name], func(text string) error {
					_, err := Search(app, Query{Text: text, Available: []string{"true"}})
					return err
				})
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours, "p95-ms")
			b.ReportMetric(available, "filtered-p95-ms")
			b.ReportMetric(sorted, "sorted-p95-ms")
			b.ReportMetric(floor, "bare-p95-ms")
			b.ReportMetric(ours/floor, "times-bare")
		})
	}
	b.Run("reindex", func(b *testing.B) {
		for b.Loop() {
			if err := Reindex(app, false, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkIndex measures making and writing documents beside bare inserts of the same rows.
func BenchmarkIndex(b *testing.B) {
	const titles = 10_000
	s := newSpeech(7)
	type source struct {
		title collections.Title
		facts marc.Facts
		items []collections.Item
	}
	sources := make([]source, titles)
	docs := make([]Doc, titles)
	for i := range sources {
		sources[i].title, sources[i].facts, sources[i].items = s.title(i)
		docs[i] = MakeDoc(sources[i].title, sources[i].facts, sources[i].items)
	}
	write := func(b *testing.B, doc func(i int) Doc) {
		for b.Loop() {
			b.StopTimer()
			app := testkit.App(b)
			bulk, err := store.NewBulk(app, false)
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			for i := range titles {
				if err := bulk.Do(func(bulk *store.Bulk) error { return AddDoc(bulk, doc(i)) }); err != nil {
					b.Fatal(err)
				}
			}
			if err := bulk.Flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			for _, from := range sources {
				_ = MakeDoc(from.title, from.facts, from.items)
			}
		}
	})
	b.Run("insert", func(b *testing.B) { write(b, func(i int) Doc { return docs[i] }) })
	b.Run("both", func(b *testing.B) {
		write(b, func(i int) Doc { return MakeDoc(sources[i].title, sources[i].facts, sources[i].items) })
	})
}
