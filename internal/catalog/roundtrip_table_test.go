package catalog

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/marc"

	"github.com/pocketbase/pocketbase/core"
	"pgregory.net/rapid"
)

// listing is all that a CSV tells of a library, as texts in the order of the titles.
func listing(t testing.TB, app core.App) (lines []string) {
	t.Helper()
	titles, err := collections.All[collections.Title](app, "", "id", nil)
	check(t, err)
	for _, title := range titles {
		items, err := heldItems(app, []held{{Title: title}})
		check(t, err)
		list := items[title.ID]
		call := title.CallNumber
		if len(list) > 0 {
			call = "" // that of an item stands in its place
		}
		record, err := marc.Decode([]byte(title.MARC))
		check(t, err)
		facts := marc.Extract(record)
		about := []string{
			title.Title, title.Author, title.Publisher, fmt.Sprint(title.Year), title.ISBN, title.Language, title.Type, title.Audience, title.Series, title.Summary,
			title.Level, call, facts.Extent, facts.Grades, strings.Join(facts.Subjects, "|"),
		}
		slices.SortFunc(list, func(a, b namedItem) int {
			return cmp.Compare(a.Barcode+a.CallNumber+a.Copy, b.Barcode+b.CallNumber+b.Copy)
		})
		for _, i := range list {
			about = append(about, fmt.Sprint(i.Barcode, i.CallNumber, i.TypeCode, i.LocationCode, i.Copy, i.Status, i.PriceCents, i.Currency, i.Acquired, i.Vendor, i.Fund, i.PublicNote, i.StaffNote))
		}
		lines = append(lines, strings.Join(about, " / "))
	}
	slices.Sort(lines)
	return lines
}

// Any library that is written as CSV is the same in another place, and the CSV changes nothing where it came from.
func TestCSVRoundTrip(t *testing.T) {
	word := rapid.StringMatching(`[=@"']?[A-Za-zñé][A-Za-z0-9ñé,"'=-]{0,8}`)
	words := rapid.Custom(func(r *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 4).Draw(r, "words"), " ") })
	maybe := func(r *rapid.T, name string, g *rapid.Generator[string]) string {
		if rapid.Bool().Draw(r, "has "+name) {
			return g.Draw(r, name)
		}
		return ""
	}
	number := 0
	rapid.Check(t, func(r *rapid.T) {
		var records []marc.Record
		for range rapid.IntRange(1, 6).Draw(r, "titles") {
			number++
			rec := marc.Record{Leader: "00000n" + rapid.SampledFrom([]string{"am", "as", "im", "jm", "gm", "em", "cm", "mm", "om", "rm", "pm"}).Draw(r, "kind") + " a2200000 a 4500"}
			add := func(tag, indicators string, pairs ...string) {
				f := marc.Field{Tag: tag, Ind1: indicators[0], Ind2: indicators[1]}
				for i := 0; i < len(pairs); i += 2 {
					if pairs[i+1] != "" {
						f.Subfields = append(f.Subfields, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
					}
				}
				if len(f.Subfields) > 0 {
					rec.Fields = append(rec.Fields, f)
				}
			}
			rec.Fields = append(rec.Fields, marc.Field{Tag: "001", Value: fmt.Sprint(number)}, marc.Field{Tag: "003", Value: "Test"})
			add("020", "  ", "a", rapid.SampledFrom([]string{"", "9781416936473", "0689840926"}).Draw(r, "isbn"))
			add("041", "0 ", "a", rapid.SampledFrom([]string{"", "eng", "spa"}).Draw(r, "language"))
			add("092", "  ", "a", maybe(r, "call", word))
			add("100", "1 ", "a", maybe(r, "author", words))
			add("245", "10", "a", words.Draw(r, "title"), "b", maybe(r, "rest", words))
			add("264", " 1", "b", maybe(r, "publisher", words), "c", rapid.SampledFrom([]string{"", "1987"}).Draw(r, "year"))
			add("300", "  ", "a", rapid.SampledFrom([]string{"", "195 p."}).Draw(r, "pages"))
			add("490", "0 ", "a", maybe(r, "series", words), "v", rapid.SampledFrom([]string{"", "3"}).Draw(r, "volume"))
			add("520", "  ", "a", maybe(r, "summary", words))
			add("521", "8 ", "a", rapid.SampledFrom([]string{"", "760"}).Draw(r, "lexile"), "b", "Lexile")
			add("650", " 1", "a", maybe(r, "subject", rapid.StringMatching(`[A-Za-zñ]{1,8}`)))
			for range rapid.IntRange(0, 3).Draw(r, "items") {
				number++
				add("852", "  ", "p", rapid.SampledFrom([]string{"", "B", "-B"}).Draw(r, "barcode")+fmt.Sprint(number), "h", word.Draw(r, "item call"), "b", maybe(r, "location", word),
					"t", maybe(r, "copy", word), "9", rapid.SampledFrom([]string{"", "23.54USD", "8.00"}).Draw(r, "price"), "x", "FSC@aBook@c20230504@f"+rapid.StringMatching(`[A-Z]{1,5}`).Draw(r, "vendor"),
					"z", maybe(r, "note", words))
			}
			records = append(records, rec)
		}
		here := newImportDesk(t)
		here.bringFile(ImportOptions{Match: MatchAdd}, fileOf(t, records...))
		name, _ := exported(t, here.App, ExportOptions{Format: "csv"})
		there := newImportDesk(t)
		there.bringFile(ImportOptions{}, name)
		if got, want := listing(t, there.App), listing(t, here.App); !slices.Equal(got, want) {
			text, _ := os.ReadFile(name) //nolint:errcheck // only to be shown
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					r.Fatalf("there %q\nhere  %q\nby\n%s", got[i], want[i], text)
				}
			}
			r.Fatalf("%d titles there, %d here", len(got), len(want))
		}
		again := here.bringFile(ImportOptions{}, name)
		if again.Titles.Added+again.Titles.Updated+again.Items.Added+again.Items.Updated+len(again.Rejected) > 0 {
			text, _ := os.ReadFile(name) //nolint:errcheck // only to be shown
			r.Fatalf("where it came from: %+v\n%s", again, text)
		}
	})
}
