package catalog

import (
	"time"

	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// Query is what somebody looks for. Empty fields ask for nothing; an empty text lists every title.
type Query struct {
	Text      string
	Page      int // from 1, which 0 means too
	PerPage   int // 1 to 100; 0 means 20
	Type      string
	Location  string // code
	Language  string
	Audience  string
	Available bool // only titles with an item on the shelf

	// Also answers other words that a word of the text may stand for; nil for none. A title with one of them is found, too.
	Also func(word string) []string
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
	Items      int    `json:"items" db:"items"`
	Available  int    `json:"available" db:"available"`
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
	Facets     map[string][]Facet `json:"facets"` // by "type", "location", "language", "audience", "available"
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
// of the words (title, author, subjects, the rest).
//
// Cost is bounded, since the first letter of a search matches a whole catalogue. TotalItems is always exact. Up to
// rankAll matches every one is ranked and counted. Above that, only a pool of those with the words in their title is ranked, pages
// behind the pool follow in the order of cataloguing, and facets are counted in a sample spread over all matches, whose size
// is FacetsOf.
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
	shelves, err := readLocations(app)
	if err != nil {
		return page, fault.Wrap("search", err)
	}
	s := &searcher{app: app, shelves: shelves, also: q.Also, filter: filter{
		byType: q.Type, byLocation: shelves.id(q.Location), byLanguage: q.Language, byAudience: q.Audience,
	}}
	if q.Available {
		s.filter[byAvailable] = "true"
	}
	if err := s.run(q.Text, &page); err != nil {
		return page, fault.Wrap("search", err)
	}
	page.TookMS = float64(time.Since(began).Microseconds()) / 1000
	return page, nil
}
