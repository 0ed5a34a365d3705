package catalog

import (
	"slices"
	"strings"
	"testing"

	"carrel/internal/words"

	"pgregory.net/rapid"
)

// scraps are what texts are made of here: words of the library, begun and mistyped ones, and what breaks expressions.
var scraps = []string{
	"hatchet", "hat", "the", "it", "e", "harry potter", "charlotte's", "spider-man", "j.k.", "741.5", "fic", "ramírez", "魔法", "dinosors", "20,000",
	`"`, `"magic tree"`, "NEAR(", "*", "^", "title:", "AND", "OR NOT", "(", ")", "{a}", "+", "-", "#1001", "30000000000011", "\x00", "\xff", "😀", "'", "''",
	"9780439708180", "&", "ß", strings.Repeat("long", 40), strings.Repeat("a ", 200),
}

func drawText(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(scraps), rapid.String()), 0, 6).Draw(t, "parts")
	return strings.Join(parts, rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
}

func drawFilter(t *rapid.T) Query {
	some := func(name string, values ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, 2, rapid.ID[string]).Draw(t, name)
	}
	return Query{
		Type: some("type", "book", "video", "'"), Location: some("location", "FIC", "E", "?"), Language: some("language", "eng", "spa"),
		Audience: some("audience", "juvenile", "preschool"), Available: some("available", "true", "false"), Kind: some("kind", "picture", "fiction", "graphic", "'"),
		Grades: some("grades", "K-2", "9-12", "'"), Added: some("added", "year", "ten"), Lexile: some("lexile", "below-500"),
		Sort: rapid.SampledFrom(append([]string{"", ""}, Sorts...)).Draw(t, "sort"),
	}
}

func TestPropertyAnyTextIsAnswered(t *testing.T) {
	app := openSmallLibrary(t)
	rapid.Check(t, func(rt *rapid.T) {
		q := drawFilter(rt)
		q.Text = drawText(rt)
		page := search(t, app, q)
		if len(page.Items) != min(page.TotalItems, 100) {
			rt.Fatalf("%q: %d titles of %d", q.Text, len(page.Items), page.TotalItems)
		}
	})
}

// Each hit has every word of the text, or of the text it was corrected to, at the beginning of a word of its own.
func TestPropertyHitsHaveEveryWord(t *testing.T) {
	app := openSmallLibrary(t)
	spelt := map[string][]string{}
	for _, b := range smallLibrary {
		all := []string{b.title, b.author, b.call, strings.ReplaceAll(b.call, "/", ""), b.subjects, b.series, b.summary}
		for _, part := range all {
			spelt[b.title] = append(spelt[b.title], strings.Fields(words.Spellings(part))...)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"hatchet", "hat", "the", "it", "e", "harry", "pot", "charlotte's", "fic", "pau", "ramírez", "dinosors", "hary", "of", "Kids", "ÆBLET", "741.5", "cra",
		}), 1, 4).Draw(rt, "words"), " ")
		page := search(t, app, Query{Text: text})
		if page.DidYouMean != "" {
			text = page.DidYouMean
		}
		for _, hit := range page.Items {
			for _, w := range words.Cut(text) {
				if !slices.ContainsFunc(spelt[hit.Title], func(have string) bool { return strings.HasPrefix(have, w.Text) }) {
					rt.Fatalf("%q found %q without %q", text, hit.Title, w.Text)
				}
			}
		}
	})
}

// A facet's count is what choosing it would leave.
func TestPropertyFacetsCountTheirTitles(t *testing.T) {
	app := openSmallLibrary(t)
	rapid.Check(t, func(rt *rapid.T) {
		q := drawFilter(rt)
		q.Text = rapid.SampledFrom([]string{"", "e", "the", "fic", "harry", "hary", "s", "30000000000011"}).Draw(rt, "text")
		for name, facets := range search(t, app, q).Facets {
			for _, facet := range facets {
				chosen := q
				switch name {
				case "type":
					chosen.Type = []string{facet.Value}
				case "location":
					chosen.Location = []string{facet.Value}
				case "language":
					chosen.Language = []string{facet.Value}
				case "audience":
					chosen.Audience = []string{facet.Value}
				case "kind":
					chosen.Kind = []string{facet.Value}
				case "grades":
					chosen.Grades = []string{facet.Value}
				case "lexile":
					chosen.Lexile = []string{facet.Value}
				case "added":
					chosen.Added = []string{facet.Value}
				case "available":
					chosen.Available = []string{facet.Value}
				default:
					rt.Fatalf("an unknown facet %q", name)
				}
				if total := search(t, app, chosen).TotalItems; total != facet.Count {
					rt.Fatalf("%+v: %s %q counts %d, choosing it leaves %d", q, name, facet.Value, facet.Count, total)
				}
			}
		}
	})
}

// What the index holds of a word is what a query makes of it.
func TestPropertyFoldingIsStable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		once := words.Fold(rapid.String().Draw(rt, "text"))
		if twice := words.Fold(once); twice != once {
			rt.Fatalf("%q folds to %q", once, twice)
		}
	})
}

func TestDistanceCountsMistakes(t *testing.T) {
	var d distance
	for _, test := range []struct {
		word, term       string
		whole, beginning int
	}{
		{"hatchet", "hatchet", 0, 0},
		{"hatchot", "hatchet", 1, 1},
		{"hatcet", "hatchet", 1, 1},
		{"hattchet", "hatchet", 1, 1},
		{"hathcet", "hatchet", 1, 1},
		{"dinosors", "dinosaurs", 2, 2},
		{"dino", "dinosaurs", 5, 0},
		{"ñu", "nu", 1, 1},
		{"", "abc", 3, 0},
		{"abc", "", 3, 3},
	} {
		if whole, beginning := d.between([]rune(test.word), []byte(test.term)); whole != test.whole || beginning != test.beginning {
			t.Errorf("%q to %q: %d and %d, want %d and %d", test.word, test.term, whole, beginning, test.whole, test.beginning)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, scrap := range scraps {
		f.Add(scrap)
	}
	f.Add(`foo"bar`)
	f.Add(strings.Repeat(`"x* `, 500))
	app := openSmallLibrary(f)
	s := searcher{app: app}
	f.Fuzz(func(t *testing.T, text string) {
		q := parseQuery(text)
		for _, match := range []string{q.match(false), q.match(true), q.matchWords(false), q.matchCodes()} {
			if match == "" {
				continue
			}
			if _, err := s.count(match); err != nil {
				t.Errorf("%q became %q: %v", text, match, err)
			}
		}
	})
}
