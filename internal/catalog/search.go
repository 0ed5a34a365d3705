package catalog

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// Query is what somebody looks for. Empty fields ask for nothing; an empty text lists every title. Several values of one field are any of them,
// several fields all of them.
type Query struct {
	Text      string
	Page      int // from 1, which 0 means too
	PerPage   int // 1 to 100; 0 means 20
	Type      []string
	Location  []string // codes
	Language  []string
	Audience  []string
	Kind      []string // the Kind constants of package marc
	Grades    []string // K-2, 3-5, 6-8, 9-12
	Lexile    []string // below-500, 500-750, above-750
	Added     []string // year: within a year; ten: more than ten years ago
	Available []string // true: with an item on the shelf; false: without
	List      string   // id of a list, see TitlesOfList
	Sort      string   // one of Sorts; "" means the best first

	// Also answers other words that a word of the text may stand for; nil for none. A title with one of them is found, too.
	Also func(word string) []string

	today policy.Day // for tests; 0 means today
}

// Sorts are the orders in which results come: the best match, by title, author, call number, the year of publication (newest first), or newest
// in the library.
var Sorts = []string{"best", "title", "author", "year", "call_number", "newest"}

// ReadQuery reads a search from the query string of an address.
func ReadQuery(asked url.Values) Query {
	page, _ := strconv.Atoi(asked.Get("page"))       //nolint:errcheck // not a number is the first page
	perPage, _ := strconv.Atoi(asked.Get("perPage")) //nolint:errcheck // not a number is the usual size
	return Query{
		Text: asked.Get("q"), Page: page, PerPage: perPage,
		Type: filled(asked["type"]), Location: filled(asked["location"]), Language: filled(asked["language"]), Audience: filled(asked["audience"]),
		Kind: filled(asked["kind"]), Grades: filled(asked["grades"]), Lexile: filled(asked["lexile"]), Added: filled(asked["added"]),
		Available: filled(asked["available"]), List: asked.Get("list"), Sort: asked.Get("sort"),
	}
}

func filled(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(value string) bool { return value == "" })
}

// The bounds of paging.
const (
	defaultPerPage = 20
	maxPerPage     = 100
	maxPage        = 100_000
)

// Hit is one title found.
type Hit struct {
	ID         string `json:"id" db:"id"`
	Title      string `json:"title" db:"title"`
	Author     string `json:"author" db:"author"`
	CallNumber string `json:"call_number" db:"call_number"`
	Year       int    `json:"year" db:"year"`
	Type       string `json:"type" db:"type"`
	ISBN       string `json:"isbn" db:"isbn"`
	Cover      string `json:"cover" db:"cover"` // its version; empty without one
	Kind       string `json:"kind" db:"kind"`
	Level      string `json:"level" db:"level"`   // "AD760L"
	Grades     string `json:"grades" db:"grades"` // "2-5"
	Added      string `json:"added" db:"added"`   // day
	Items      int    `json:"items" db:"items"`
	Available  int    `json:"available" db:"available"`
	Out        string `json:"out,omitempty" db:"out"` // when none is in: the day on which the next one is due
	Waiting    int    `json:"waiting" db:"waiting"`   // holds
}

// Facet is a value by which a result can be narrowed, and how many titles it would leave.
type Facet struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"` // when people call it something else
	Count int    `json:"count"`
}

// Page is one page of titles found.
type Page struct {
	Page       int                `json:"page"`
	PerPage    int                `json:"perPage"`
	TotalItems int                `json:"totalItems"`
	Items      []Hit              `json:"items"`
	Facets     map[string][]Facet `json:"facets"` // by the names of facetNames
	// FacetsOf is the number of matches in which the facets were counted, when that is fewer than all of them.
	FacetsOf   int     `json:"facets_of,omitempty"`
	TookMS     float64 `json:"took_ms"`
	DidYouMean string  `json:"did_you_mean,omitempty"`
}

// Search finds titles that have all the words of a text, in any order and in any field, the last one unfinished; words in quotation
// marks stand together; a barcode or ISBN finds its title. When nothing has them all, every word is taken for unfinished; when even so nothing is found, mistyped
// words are replaced by the nearest ones of the catalogue and DidYouMean says which. No text is an error. Bad numbers are
// fault.Invalid at page or perPage.
//
// Order: the title that is exactly the text, with or without its article; the one whose code it is; titles that begin with it; then the weighted relevance
// of the words (title, author, subjects, the rest). Another order is asked for by Sort. A title that was merged into another is not found.
//
// Cost is bounded, since the first letter of a search matches a whole catalogue. TotalItems is always exact. Up to
// rankAll matches every one is ranked and counted. Above that, only a pool of those with the words in their title is ranked, pages
// behind the pool follow in the order of cataloguing, and facets are counted in a sample spread over all matches, whose size
// is FacetsOf. Another order than the best match is exact for any number.
func Search(app core.App, q Query) (Page, error) {
	began := time.Now()
	page := Page{Page: max(q.Page, 1), PerPage: q.PerPage, Items: []Hit{}}
	if page.PerPage == 0 {
		page.PerPage = defaultPerPage
	}
	if q.Page < 0 || q.Page > maxPage {
		return page, fault.New("search", fault.Invalid, "search.bad_page", maxPage).At("page")
	}
	if page.PerPage < 1 || page.PerPage > maxPerPage {
		return page, fault.New("search", fault.Invalid, "search.bad_per_page", maxPerPage).At("perPage")
	}
	s, err := newSearcher(app, q)
	if err != nil {
		return page, fault.Wrap("search", err)
	}
	if err := s.run(q.Text, &page); err != nil {
		return page, fault.Wrap("search", err)
	}
	page.TookMS = float64(time.Since(began).Microseconds()) / 1000
	return page, nil
}

// maxMatching is the most titles that are named at once.
const maxMatching = 100_000

// Matching answers the ids of all titles that a search finds, in its order, at most 100,000. Paging is ignored. The code is that of Search.
func Matching(app core.App, q Query) ([]string, error) {
	s, err := newSearcher(app, q)
	if err != nil {
		return nil, fault.Wrap("search", err)
	}
	ids, err := s.all(q.Text)
	return ids, fault.Wrap("search", err)
}

// TitlesOfList answers the titles of a list in its order. The package that keeps the lists sets it; it stands on this one, so it cannot be asked directly.
var TitlesOfList func(app core.App, list string) ([]string, error)

func newSearcher(app core.App, q Query) (*searcher, error) {
	order, ok := orders[cmp.Or(q.Sort, Sorts[0])]
	if !ok {
		return nil, fault.New("search", fault.Invalid, "search.bad_sort", strings.Join(Sorts, ", ")).At("sort")
	}
	shelves, err := readLocations(app)
	if err != nil {
		return nil, err
	}
	s := &searcher{app: app, shelves: shelves, also: q.Also, order: order, added: addedSince(cmp.Or(q.today, policy.DayOf(time.Now(), time.UTC)))}
	s.filter = filter{
		byType: q.Type, byLanguage: q.Language, byAudience: q.Audience, byKind: q.Kind, byGrades: q.Grades, byLexile: q.Lexile, byAdded: q.Added, byAvailable: q.Available,
	}
	for _, code := range q.Location {
		s.filter[byLocation] = append(s.filter[byLocation], shelves.id(code))
	}
	if q.List == "" {
		return s, nil
	}
	s.listed, err = listed(app, q.List)
	return s, err
}

// listed is a condition that only the titles of a list fulfil. A list that is not known has none.
func listed(app core.App, list string) (string, error) {
	if TitlesOfList == nil {
		return " AND FALSE", nil
	}
	titles, err := TitlesOfList(app, list)
	if err != nil {
		return "", err
	}
	quoted := make([]string, len(titles))
	for i, id := range titles {
		quoted[i] = "'" + strings.ReplaceAll(id, "'", "''") + "'"
	}
	return " AND d.title_id IN (" + strings.Join(quoted, ", ") + ")", nil
}
