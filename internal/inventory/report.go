package inventory

import (
	"cmp"
	"slices"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/core"
)

// Findings are what an inventory found so far. Expected is Seen, what is in NotSeen, and Away: on loan, on the hold shelf, in repair, or handled
// elsewhere in the library since the inventory started.
type Findings struct {
	Inventory string `json:"inventory"` // id
	Scans     int    `json:"scans"`
	Expected  int    `json:"expected"` // items of the stretch that are not given up or withdrawn
	Seen      int    `json:"seen"`
	Away      int    `json:"away"`

	Shelves []Shelf `json:"shelves"` // the same counts by part of the library

	NotSeen    []Line      `json:"not_seen"`     // in shelf order
	Misplaced  []Misplaced `json:"misplaced"`    // in the order of scanning, as all below
	OutButHere []Out       `json:"out_but_here"` // on loan, yet on the shelf
	Found      []Found     `json:"found"`        // were missing or lost
	Withdrawn  []Line      `json:"withdrawn"`    // but standing there
	Unknown    []Unknown   `json:"unknown"`      // codes without an item
}

// Line is one item of a list.
type Line struct {
	Item       string `json:"item"` // id
	Barcode    string `json:"barcode"`
	Title      string `json:"title"`
	CallNumber string `json:"call_number"`
	Location   string `json:"location"` // name
}

// Why an item stands in the wrong place.
const (
	WrongOrder    = "order"
	WrongLocation = "location"
	WrongRange    = "range" // outside of the stretch
	WrongSite     = "site"  // it belongs to another library
)

// Misplaced is an item in the wrong place.
type Misplaced struct {
	Line
	Why    string `json:"why"`
	Behind *Line  `json:"behind"` // the item scanned before it: where it stands; nil for the first
	After  *Line  `json:"after"`  // its neighbours where it belongs, when the order is wrong; nil at the ends
	Before *Line  `json:"before"`
}

// Out is an item that is on loan, yet on the shelf.
type Out struct {
	Line
	Loan string `json:"loan"` // id
}

// Found is an item that had been given up.
type Found struct {
	Line
	Was string `json:"was"` // its state before
}

// Unknown is a code that no item answers to.
type Unknown struct {
	Code   string `json:"code"`
	Behind *Line  `json:"behind"` // the item scanned before it; nil for the first
}

// Report compares what was scanned with what should stand there. The code is fault.NotFound (unknown_inventory).
func Report(app core.App, id string) (found Findings, err error) {
	inventory, err := find(app, "inventory.Report", id)
	if err != nil {
		return found, err
	}
	w, err := readWalk(app, inventory)
	if err != nil {
		return found, err
	}
	found = Findings{
		Inventory: id, Scans: len(w.scans),
		NotSeen: []Line{}, OutButHere: []Out{}, Found: []Found{}, Withdrawn: []Line{}, Unknown: []Unknown{},
	}
	stops := w.stops()
	w.countItems(&found, stops)
	w.listStops(&found, stops)
	found.Misplaced = w.misplaced(stops)
	return found, nil
}

// walk is all that a report is made of.
type walk struct {
	inventory collections.Inventory
	scans     []scan
	items     map[string]*shelved
	hands     map[string]bool   // ids of items in somebody's hand since the start
	locations map[string]string // names by id
}

func readWalk(app core.App, inventory collections.Inventory) (w walk, err error) {
	w = walk{inventory: inventory, locations: map[string]string{}}
	if w.scans, err = readScans(app, inventory.ID); err != nil {
		return w, err
	}
	if w.items, err = readItems(app, inventory, w.scans); err != nil {
		return w, err
	}
	since, err := seqBefore(app, inventory)
	if err != nil {
		return w, err
	}
	if w.hands, err = inHand(app, since); err != nil {
		return w, err
	}
	locations, err := collections.All[collections.Location](app, "", "", nil)
	for _, location := range locations {
		w.locations[location.ID] = location.Name
	}
	return w, err
}

// stop is one item or unknown code where the walk came by.
type stop struct {
	scan
	item   *shelved // nil for an unknown code
	behind *shelved // what the same person scanned before
}

// stops puts the scans together with their items, each item or code once: where it was scanned last is where it stands now.
func (w walk) stops() []stop {
	last := map[string]int{}
	for i, s := range w.scans {
		last[cmp.Or(s.Item, s.Code)] = i
	}
	var stops []stop
	behind := map[string]*shelved{}
	for i, s := range w.scans {
		item, known := w.items[s.Item]
		if s.Item != "" && !known {
			continue // the item is gone from the catalogue
		}
		if last[cmp.Or(s.Item, s.Code)] == i {
			stops = append(stops, stop{s, item, behind[s.Actor]})
		}
		if known {
			behind[s.Actor] = item
		}
	}
	return stops
}

// wrong is why an item does not belong into the stretch at all; "" when it does.
func (w walk) wrong(item *shelved) string {
	switch {
	case item.Home != "":
		return WrongSite
	case w.inventory.Location != "" && item.Location != w.inventory.Location:
		return WrongLocation
	case !item.inRange:
		return WrongRange
	}
	return ""
}

// countItems counts what should be there, and lists what nobody saw.
func (w walk) countItems(found *Findings, stops []stop) {
	scanned := make(map[*shelved]bool, len(stops))
	for _, s := range stops {
		scanned[s.item] = true
	}
	var missed []*shelved
	shelves := tallies{}
	for _, item := range w.items {
		if w.wrong(item) != "" || item.givenUp() {
			continue
		}
		shelf := shelves.of(w.shelfOf(item))
		found.Expected++
		shelf.Expected++
		switch {
		case scanned[item]:
			found.Seen++
			shelf.Seen++
		case item.onShelf() && !w.hands[item.ID]:
			missed = append(missed, item)
		default:
			found.Away++
			shelf.Away++
		}
	}
	found.Shelves = shelves.list()
	slices.SortFunc(missed, func(a, b *shelved) int {
		return cmp.Or(cmp.Compare(w.locations[a.Location], w.locations[b.Location]), cmp.Compare(a.key, b.key), cmp.Compare(a.Barcode, b.Barcode))
	})
	for _, item := range missed {
		found.NotSeen = append(found.NotSeen, *w.line(item))
	}
}

func (s *shelved) givenUp() bool {
	return s.Status == collections.ItemMissing || s.Status == collections.ItemLost || s.Status == collections.ItemWithdrawn
}

func (s *shelved) onShelf() bool {
	return s.Status == collections.ItemAvailable && s.Loan == "" && !s.Kept
}

// listStops lists what is remarkable about what was scanned, but for its place.
func (w walk) listStops(found *Findings, stops []stop) {
	for _, s := range stops {
		if s.item == nil {
			found.Unknown = append(found.Unknown, Unknown{s.Code, w.line(s.behind)})
			continue
		}
		if s.item.Status == collections.ItemWithdrawn {
			found.Withdrawn = append(found.Withdrawn, *w.line(s.item))
		}
		if s.item.Loan != "" && s.item.OutAt < s.At {
			found.OutButHere = append(found.OutButHere, Out{*w.line(s.item), s.item.Loan})
		}
	}
	for _, s := range w.scans { // not the stops: the scan that found an item need not be its last
		if item, known := w.items[s.Item]; known && s.Found != "" {
			found.Found = append(found.Found, Found{*w.line(item), s.Found})
		}
	}
}

// line is nil for no item.
func (w walk) line(item *shelved) *Line {
	if item == nil {
		return nil
	}
	return &Line{item.ID, item.Barcode, item.Title, item.CallNumber, w.locations[item.Location]}
}
