package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Title is one bibliographic record. MARC keeps the whole record as it came (MARC-in-JSON, UTF-8); the other fields are read from it.
type Title struct {
	ID         string `db:"id"`
	Title      string `db:"title"`
	SortTitle  string `db:"sort_title"`
	Author     string `db:"author"`
	Publisher  string `db:"publisher"`
	Year       int    `db:"year"`
	Language   string `db:"language"` // MARC code list for languages, "eng"
	Type       string `db:"type"`
	Audience   string `db:"audience"`
	CallNumber string `db:"call_number"`
	ISBN       string `db:"isbn"` // the first valid one, 13 digits
	Series     string `db:"series"`
	Level      string `db:"level"`
	Summary    string `db:"summary"`
	ItemTag    string `db:"item_tag"` // which field of MARC carries the items: 852, 949, 952 or none
	Cover      string `db:"cover"`
	MARC       string `db:"marc"`
	MergedInto string `db:"merged_into"` // the title that stands for this double; empty for a title of its own
}

func (Title) Collection() string { return Titles }

// Item is one physical thing that can be lent.
type Item struct {
	ID         string         `db:"id"`
	Title      string         `db:"title"`
	Barcode    string         `db:"barcode"`
	BarcodeKey string         `db:"barcode_key"`
	Type       string         `db:"type"`
	Location   string         `db:"location"`
	CallNumber string         `db:"call_number"`
	Copy       string         `db:"copy"`
	Status     string         `db:"status"`
	NotForLoan bool           `db:"not_for_loan"`
	PriceCents int            `db:"price_cents"`
	Currency   string         `db:"currency"`
	Acquired   policy.Day     `db:"acquired"`
	Vendor     string         `db:"vendor"`
	Fund       string         `db:"fund"`
	PublicNote string         `db:"public_note"`
	StaffNote  string         `db:"staff_note"`
	LastSeen   types.DateTime `db:"last_seen"`
	MarcIndex  int            `db:"marc_index"` // 1-based place of its field in the title's record; 0 when made here
	Home       string         `db:"home"`       // the site it belongs to; empty for this one
	OrderLine  string         `db:"order_line"` // the line of an order it came with; empty for others
}

func (Item) Collection() string { return Items }

// The states of an item; being out on loan is not one of them, an open loan says that.
const (
	ItemAvailable  = "available"
	ItemMissing    = "missing"
	ItemLost       = "lost"
	ItemDamaged    = "damaged"
	ItemIncomplete = "incomplete" // pieces are missing
	ItemRepair     = "repair"
	ItemTransit    = "transit" // on its way between sites
	ItemWithdrawn  = "withdrawn"
)

// ItemType groups items for the loan rules: book, laptop …
type ItemType struct {
	ID       string `db:"id"`
	Code     string `db:"code"`
	Name     string `db:"name"`
	Position int    `db:"position"`
}

func (ItemType) Collection() string { return ItemTypes }

// Location is a shelving place: Fiction, Picture books …
type Location struct {
	ID       string `db:"id"`
	Code     string `db:"code"`
	Name     string `db:"name"`
	Position int    `db:"position"`
}

func (Location) Collection() string { return Locations }
