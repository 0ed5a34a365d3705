package collections

import "github.com/pocketbase/pocketbase/tools/types"

// Adds is the collection of books that were scanned to be added.
const Adds = "adds"

// Add is one scan: one copy of a book to be added.
type Add struct {
	ID         string         `db:"id"`
	Key        string         `db:"key"`
	Code       string         `db:"code"` // as it was scanned
	ISBN       string         `db:"isbn"` // 13 digits, "" when the code is none
	Scanned    types.DateTime `db:"scanned"`
	Staff      string         `db:"staff"`
	State      string         `db:"state"`
	Found      types.JSONRaw  `db:"found"`
	Chosen     int            `db:"chosen"` // the number of a record, from 1; 0 before
	CallNumber string         `db:"call_number"`
	Barcode    string         `db:"barcode"`
	Tried      types.JSONRaw  `db:"tried"`
	Why        types.JSONRaw  `db:"why"`    // a say.Text: why a person is needed
	Import     string         `db:"import"` // that added it
	Item       string         `db:"item"`   // that it became
}

func (Add) Collection() string { return Adds }

// The states of a scan.
const (
	AddNew     = "new"     // not looked up at all
	AddWaiting = "waiting" // for a source on the internet
	AddReady   = "ready"
	AddOwn     = "own" // a copy of a title that is here
	AddChoose  = "choose"
	AddNeeds   = "needs" // a person
)
