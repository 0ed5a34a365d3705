package site

import "github.com/pocketbase/pocketbase/core"

// Lookup says where the records of new books may be looked up on the internet, in the order in which they are asked.
type Lookup struct {
	On      bool     `json:"on"` // off: no ISBN leaves the school
	Sources []Source `json:"sources"`
}

// Source is one place on the internet.
type Source struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Kind     string `json:"kind"` // SourceSRU or SourceOpenLibrary
	URL      string `json:"url"`
	Database string `json:"database,omitempty"` // of SRU, behind the address
	On       bool   `json:"on"`
}

// The kinds of sources.
const (
	SourceSRU         = "sru"
	SourceOpenLibrary = "openlibrary"
)

// defaultLookup asks the Library of Congress first: its records are made by cataloguers. Its server speaks no https (www.loc.gov/z3950/lcserver.html);
// what goes there is an ISBN, which is printed on the book.
var defaultLookup = Lookup{On: true, Sources: []Source{
	{ID: "loc", Name: "Library of Congress", Kind: SourceSRU, URL: "http://lx2.loc.gov:210", Database: "LCDB", On: true},
	{ID: "openlibrary", Name: "Open Library", Kind: SourceOpenLibrary, URL: "https://openlibrary.org", On: true},
}}

// Batch is what every book of the batch under way is given.
type Batch struct {
	Location    string `json:"location"` // id
	Type        string `json:"type"`     // id of an item type
	Fund        string `json:"fund"`
	Vendor      string `json:"vendor"`
	Price       int    `json:"price"`        // cents; 0: not known
	NextBarcode string `json:"next_barcode"` // "": books get none
	LastBarcode string `json:"last_barcode"` // of the printed labels; "": nobody counts them
}

const (
	lookupKey = "lookup"
	// BatchKey is the key of the setting that holds the batch; adding books moves its next barcode on within its own transaction.
	BatchKey = "adds_batch"
)

// LoadLookup reads where books are looked up.
func LoadLookup(app core.App) (Lookup, error) {
	shipped := defaultLookup
	shipped.Sources = nil
	lookup, err := loadSetting(app, lookupKey, shipped)
	if lookup.Sources == nil {
		lookup.Sources = append([]Source{}, defaultLookup.Sources...)
	}
	return lookup, err
}

// SaveLookup keeps it.
func SaveLookup(app core.App, lookup Lookup) error { return saveSetting(app, lookupKey, lookup) }

// LoadBatch reads what the books of the batch are given.
func LoadBatch(app core.App) (Batch, error) { return loadSetting(app, BatchKey, Batch{}) }

// SaveBatch keeps it.
func SaveBatch(app core.App, batch Batch) error { return saveSetting(app, BatchKey, batch) }
