package room

import (
	"strings"

	"carrel/internal/callnumber"
	"carrel/internal/say"
)

// Spot is where a book stands.
type Spot struct {
	Thing Thing
	Bay   int // 0: anywhere on the shelf
	Shelf int // board of the bay, from the top; 0: any
}

// Find tells where a book of a location with this call number stands. A range of the book's own location goes before one of any location, and a narrow range
// before a wide one: who puts the atlases aside says so by a range within another.
func (p Plan) Find(location, call string) (spot Spot, found bool) {
	key := callnumber.Key(call)
	var best Range
	for _, thing := range p.Things {
		for _, r := range thing.Ranges {
			if !r.holds(location, key) || found && !r.narrower(best) {
				continue
			}
			best, spot, found = r, Spot{thing, r.Bay, r.Shelf}, true
		}
	}
	return spot, found
}

func (r Range) holds(location, key string) bool {
	if r.Location != "" && r.Location != location {
		return false
	}
	return r.From == "" && r.To == "" && r.Location != "" ||
		r.From+r.To != "" && key != "" && key >= callnumber.Key(r.From) && (r.To == "" || upTo(key, r.To))
}

// upTo tells whether a key stands before the end of what "to" names. "599" goes on to 599.9 and "FIC L" to FIC LIN, but "E" alone is the class E and does not
// reach into ESP.
func upTo(key, to string) bool {
	end := callnumber.Key(to)
	rest, begins := strings.CutPrefix(key, end)
	if key <= end || !begins {
		return key <= end
	}
	last, next := end[len(end)-1], rest[0]
	classAlone := strings.Count(end, " ") == 1 && last >= 'A'
	return !classAlone || next < 'A'
}

// narrower tells whether r says more exactly than other where a book stands. Of two that begin apart the later one does.
func (r Range) narrower(other Range) bool {
	if (r.Location != "") != (other.Location != "") {
		return r.Location != ""
	}
	from, otherFrom := callnumber.Key(r.From), callnumber.Key(other.From)
	if from != otherFrom {
		return from > otherFrom
	}
	if (r.To == "") != (other.To == "") {
		return r.To != ""
	}
	return callnumber.Key(r.To) < callnumber.Key(other.To)
}

// In is the place in words: "Science wall, bay 4, shelf 2".
func (s Spot) In(lang say.Lang) string {
	switch {
	case s.Bay > 0 && s.Thing.bays() > 1 && s.Shelf > 0:
		return say.T("map.place.shelf", s.Thing, s.Bay, s.Shelf).In(lang)
	case s.Bay > 0 && s.Thing.bays() > 1:
		return say.T("map.place.bay", s.Thing, s.Bay).In(lang)
	case s.Shelf > 0:
		return say.T("map.place.board", s.Thing, s.Shelf).In(lang)
	}
	return s.Thing.In(lang)
}
