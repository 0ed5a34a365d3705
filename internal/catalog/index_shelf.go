package catalog

import (
	"time"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/words"
)

// Shelf is what the index knows of a title beside its words.
type Shelf struct {
	Kind   string // one of the Kind constants of package marc
	Bands  int    // of grades, a bit each; see gradeBands
	Lexile string // one of lexileBands
	Year   int
	Grades string // "2-5", as shown
	Added  policy.Day

	byTitle, byAuthor, byCall string // in the order of bytes
}

// shelfColumns are the columns of values. The form says that a document was made by this program, not by one that knew less.
const shelfColumns = "kind, bands, lexile, year, grades, title_order, author_order, call_order, form"

const docForm = 1

func (s Shelf) values() []any {
	return []any{s.Kind, s.Bands, s.Lexile, s.Year, s.Grades, s.byTitle, s.byAuthor, s.byCall, docForm}
}

// dateAdded is the day a title came to the library: when its first item was acquired, where that is known, else when it was entered. It is text, as
// days are stored.
const dateAdded = `UPDATE search_doc SET added = COALESCE(
	(SELECT MIN(acquired) FROM items WHERE items.title = search_doc.title_id AND acquired != '' AND status != 'withdrawn'),
	(SELECT substr(created, 1, 10) FROM titles WHERE titles.id = search_doc.title_id), '') WHERE title_id = ?`

func shelve(title collections.Title, facts *marc.Facts, items []collections.Item) Shelf {
	calls := make([]string, 0, len(items)+1)
	for i := range items {
		calls = append(calls, items[i].CallNumber)
	}
	calls = append(calls, title.CallNumber)
	call := ""
	for _, one := range calls {
		if call = callnumber.Key(one); call != "" {
			break
		}
	}
	shelf := Shelf{
		Kind: marc.KindOf(facts, title.Type, calls...), Lexile: lexileBand(title.Level), Year: title.Year, Added: addedOn(items),
		byTitle: clip(title.SortTitle, maxOrder), byAuthor: clip(words.Fold(title.Author), maxOrder), byCall: clip(call, maxOrder),
	}
	if span, ok := marc.GradesOf(facts.Grades, title.Audience); ok {
		shelf.Grades, shelf.Bands = span.String(), bandsOf(span)
	}
	return shelf
}

// maxOrder is how many characters of a title are sorted by: enough to tell neighbours apart, and few enough to read for each match.
const maxOrder = 60

// addedOn is dateAdded of a title that is entered today.
func addedOn(items []collections.Item) policy.Day {
	first := policy.DayOf(time.Now(), time.UTC)
	for i := range items {
		if day := items[i].Acquired; day != 0 && day < first && items[i].Status != collections.ItemWithdrawn {
			first = day
		}
	}
	return first
}

// gradeBands are the stretches of grades by which a search is narrowed. A title is in each that its grades touch.
var gradeBands = []struct {
	name     string
	from, to int
}{{"K-2", -1, 2}, {"3-5", 3, 5}, {"6-8", 6, 8}, {"9-12", 9, 12}}

func bandsOf(span marc.GradeSpan) (bands int) {
	for i, band := range gradeBands {
		if span.From <= band.to && span.To >= band.from {
			bands |= 1 << i
		}
	}
	return bands
}

// bandBit is 0 for a band that does not exist.
func bandBit(name string) int {
	for i, band := range gradeBands {
		if band.name == name {
			return 1 << i
		}
	}
	return 0
}

var lexileBands = []string{"below-500", "500-750", "above-750"}

func lexileBand(level string) string {
	number, ok := marc.LexileNumber(level)
	switch {
	case !ok:
		return ""
	case number < 500:
		return lexileBands[0]
	case number <= 750:
		return lexileBands[1]
	}
	return lexileBands[2]
}
