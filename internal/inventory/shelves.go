package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// Shelf is how far an inventory is with one part of it: a location, or within a single location a hundred of Dewey numbers or the letters of a section.
type Shelf struct {
	Name     string `json:"name"` // empty for what has no call number, or no location
	Expected int    `json:"expected"`
	Seen     int    `json:"seen"`
	Away     int    `json:"away"`
}

// tallies counts by shelf.
type tallies map[string]*Shelf

func (t tallies) of(name string) *Shelf {
	if t[name] == nil {
		t[name] = &Shelf{Name: name}
	}
	return t[name]
}

func (t tallies) list() []Shelf {
	shelves := make([]Shelf, 0, len(t))
	for _, shelf := range t {
		shelves = append(shelves, *shelf)
	}
	slices.SortFunc(shelves, func(a, b Shelf) int { return cmp.Compare(a.Name, b.Name) })
	return shelves
}

// shelfOf is the part of the inventory to which an item belongs.
func (w walk) shelfOf(item *shelved) string {
	if w.inventory.Location == "" {
		return w.locations[item.Location]
	}
	return section(item.CallNumber)
}

// section is the beginning of a call number that tells where one stands in a room: "500" for the five hundreds, else its first word.
func section(call string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(call), " ")
	if len(first) >= 3 && strings.Trim(first[:3], "0123456789") == "" && (len(first) == 3 || first[3] == '.' || first[3] == '/') {
		return first[:1] + "00"
	}
	return strings.ToUpper(strings.Trim(first, "[]"))
}
