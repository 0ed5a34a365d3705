// Package room knows the floor plan of a library: what stands where, which books stand on which shelf, and how one walks there from the door. It is
// pure: plans in, places and directions out.
package room

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"carrel/internal/callnumber"
	"carrel/internal/fault"
	"carrel/internal/say"
)

// Plan is a room seen from above, in units of 10 cm from its upper left corner. Its outer walls are its edges.
type Plan struct {
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Things []Thing `json:"things"`
}

// The kinds of things.
const (
	Shelf  = "shelf"
	Door   = "door"
	Desk   = "desk"
	Rug    = "rug"
	Table  = "table"
	Wall   = "wall"
	Stairs = "stairs"
)

// Kinds are all of them.
var Kinds = []string{Shelf, Door, Desk, Rug, Table, Wall, Stairs}

// The sides of a shelf from which its books are taken, as one looks at the plan. A shelf without a side can be reached from both.
const (
	Top    = "top"
	Bottom = "bottom"
	Left   = "left"
	Right  = "right"
)

// Thing stands in the room. X and Y are its upper left corner. W and H are its size before it was turned: a thing turned by 90 degrees is H wide and W high.
// The bays of a shelf are counted along W from 1: from the left, and from the top when turned.
type Thing struct {
	ID     string  `json:"id"`
	Kind   string  `json:"kind"`
	Name   string  `json:"name"` // empty: it is called by its kind
	NameES string  `json:"name_es"`
	X      int     `json:"x"`
	Y      int     `json:"y"`
	W      int     `json:"w"`
	H      int     `json:"h"`
	Turn   int     `json:"turn"` // 0 or 90
	Bays   int     `json:"bays,omitempty"`
	Side   string  `json:"side,omitempty"`
	Ranges []Range `json:"ranges,omitempty"`
}

// Range is what stands on a shelf: the books of a location (empty: of any) from one call number to another, both included and each may be open. "To 599"
// includes 599.9.
type Range struct {
	Location string `json:"location"`
	From     string `json:"from"`
	To       string `json:"to"`
	Bay      int    `json:"bay"`             // 0: anywhere on the shelf
	Shelf    int    `json:"shelf,omitempty"` // the board of the bay, from the top; 0: any
}

// The bounds of a plan. A school library is seldom longer than 60 m.
const (
	minRoom, maxRoom = 20, 600
	maxThings        = 300
	maxBays          = 40
	minBay           = 4 // wide; somebody can stand in front of each
	maxBoards        = 12
	maxRanges        = 80
	maxName          = 60
	maxCall          = 60
)

// box is the ground a thing covers; right and bottom are outside.
type box struct{ left, top, right, bottom int }

func (t Thing) box() box {
	w, h := t.W, t.H
	if t.Turn == 90 {
		w, h = h, w
	}
	return box{t.X, t.Y, t.X + w, t.Y + h}
}

func (t Thing) bays() int { return max(1, t.Bays) }

var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,20}$`)

// Clean makes the names of a plan single lines and checks it. Faults are Invalid at the place: "things.3.ranges.0.to".
func Clean(plan Plan) (Plan, error) {
	plan.Things = slices.Clone(plan.Things)
	if plan.Things == nil {
		plan.Things = []Thing{}
	}
	switch {
	case plan.Width < minRoom || plan.Width > maxRoom:
		return plan, unfit("width", "map.bad.room", minRoom/10, maxRoom/10)
	case plan.Height < minRoom || plan.Height > maxRoom:
		return plan, unfit("height", "map.bad.room", minRoom/10, maxRoom/10)
	case len(plan.Things) > maxThings:
		return plan, unfit("things", "map.bad.many", maxThings)
	}
	seen := map[string]bool{}
	for i := range plan.Things {
		thing := &plan.Things[i]
		at := fmt.Sprintf("things.%d.", i)
		if seen[thing.ID] {
			return plan, unfit(at+"id", "map.bad.id")
		}
		seen[thing.ID] = true
		if err := thing.clean(plan, at); err != nil {
			return plan, err
		}
	}
	return plan, nil
}

func (t *Thing) clean(plan Plan, at string) error {
	t.Name, t.NameES = oneLine(t.Name), oneLine(t.NameES)
	if t.Kind != Shelf {
		t.Bays, t.Side, t.Ranges = 0, "", nil
	}
	ground := t.box()
	switch {
	case !plainID.MatchString(t.ID):
		return unfit(at+"id", "map.bad.id")
	case !slices.Contains(Kinds, t.Kind):
		return unfit(at+"kind", "map.bad.kind")
	case utf8.RuneCountInString(t.Name) > maxName:
		return unfit(at+"name", "map.bad.name", maxName)
	case utf8.RuneCountInString(t.NameES) > maxName:
		return unfit(at+"name_es", "map.bad.name", maxName)
	case t.Turn != 0 && t.Turn != 90:
		return unfit(at+"turn", "map.bad.turn")
	case t.W < 1 || t.W > maxRoom:
		return unfit(at+"w", "map.bad.size")
	case t.H < 1 || t.H > maxRoom:
		return unfit(at+"h", "map.bad.size")
	case t.X < 0 || ground.right > plan.Width:
		return unfit(at+"x", "map.bad.outside")
	case t.Y < 0 || ground.bottom > plan.Height:
		return unfit(at+"y", "map.bad.outside")
	}
	if t.Kind == Shelf {
		return t.cleanShelf(at)
	}
	return nil
}

func (t *Thing) cleanShelf(at string) error {
	t.Bays = t.bays()
	sides := []string{"", Top, Bottom}
	if t.Turn == 90 {
		sides = []string{"", Left, Right}
	}
	switch {
	case t.Bays > max(1, min(maxBays, t.W/minBay)):
		return unfit(at+"bays", "map.bad.bays", max(1, min(maxBays, t.W/minBay)))
	case !slices.Contains(sides, t.Side):
		return unfit(at+"side", "map.bad.side")
	case len(t.Ranges) > maxRanges:
		return unfit(at+"ranges", "map.bad.ranges", maxRanges)
	}
	t.Ranges = slices.Clone(t.Ranges)
	for i := range t.Ranges {
		if err := t.Ranges[i].clean(t.Bays, fmt.Sprintf("%sranges.%d.", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *Range) clean(bays int, at string) error {
	r.From, r.To = oneLine(r.From), oneLine(r.To)
	switch {
	case utf8.RuneCountInString(r.From) > maxCall:
		return unfit(at+"from", "map.bad.call", maxCall)
	case utf8.RuneCountInString(r.To) > maxCall:
		return unfit(at+"to", "map.bad.call", maxCall)
	case r.To != "" && !upTo(callnumber.Key(r.From), r.To):
		return unfit(at+"to", "map.bad.upside_down", r.To, r.From)
	case r.Bay < 0 || r.Bay > bays:
		return unfit(at+"bay", "map.bad.bay", bays)
	case r.Shelf < 0 || r.Shelf > maxBoards:
		return unfit(at+"shelf", "map.bad.board", maxBoards)
	case len(r.Location) > 15:
		return unfit(at+"location", "map.bad.location")
	}
	return nil
}

func unfit(field, key string, args ...any) error {
	return fault.New("room.Clean", fault.Invalid, key, args...).At(field)
}

// oneLine is a name without control characters, with single blanks between its words.
func oneLine(text string) string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(shown), " ")
}

// In is what the thing is called: by the librarian, or by its kind.
func (t Thing) In(lang say.Lang) string {
	switch {
	case lang == say.Spanish && t.NameES != "":
		return t.NameES
	case t.Name != "":
		return t.Name
	}
	return say.T("map.the." + t.Kind).In(lang)
}
