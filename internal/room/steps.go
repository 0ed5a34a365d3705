package room

import (
	"cmp"
	"maps"
	"slices"

	"carrel/internal/say"
)

// Place is a spot with the way to it. Route is the corners of the way from the door, Steps says it in plain sentences; without a door, or when the shelf is
// walled in, there is no route and Steps only says what to look for.
type Place struct {
	Spot
	Route []Point
	Steps []say.Text
}

// How far a landmark may be, in units: as one passes it, and from the corner at which one turns. A turn so close behind the door is one at the door.
const (
	passedWithin = 20
	turnedWithin = 22
	atTheDoor    = 16
)

// landmarks are the things by which one finds one's way. A child knows the desk and the rug; every shelf looks like the next.
var landmarks = map[string]bool{Desk: true, Rug: true, Table: true, Stairs: true}

// Guide says how one walks from the door to a spot, to look there for a call number.
func (p Plan) Guide(spot Spot, call string) Place {
	look := say.T("map.step.look", call)
	way, found := p.walkTo(spot)
	if !found {
		return Place{spot, nil, []say.Text{look}}
	}
	steps := p.steps(way)
	if end := way.ends(spot); end.Key != "" {
		steps = append(steps, end)
	}
	return Place{spot, way.corners, append(steps, look)}
}

// leg is one straight stretch of a way.
type leg struct {
	from, to Point
	way      heading
}

func (w walk) legs() (legs []leg) {
	for i := 1; i < len(w.corners); i++ {
		legs = append(legs, leg{w.corners[i-1], w.corners[i], headed(w.corners[i-1], w.corners[i])})
	}
	return legs
}

func (l leg) length() int {
	return max(l.to.X-l.from.X, l.from.X-l.to.X, l.to.Y-l.from.Y, l.from.Y-l.to.Y)
}

func headed(from, to Point) heading {
	switch {
	case to.Y < from.Y:
		return up
	case to.X > from.X:
		return rightward
	case to.Y > from.Y:
		return down
	}
	return leftward
}

// turn is "left" or "right" by the cross product of two headings; "" for straight on.
func turn(from, to heading) string {
	a, b := ahead[from], ahead[to]
	switch cross := a.X*b.Y - a.Y*b.X; { // y grows downwards: positive is clockwise
	case cross > 0:
		return "right"
	case cross < 0:
		return "left"
	}
	return ""
}

func (p Plan) steps(way walk) (steps []say.Text) {
	legs := way.legs()
	looks := way.enters
	used := map[string]bool{}
	for i, leg := range legs {
		side := turn(looks, leg.way)
		corner, marked := p.near(leg.from, used)
		switch {
		case side == "":
		case i == 0, i == 1 && legs[0].length() < atTheDoor && len(steps) == 0:
			steps = append(steps, say.T("map.step.door."+side))
		case marked:
			used[corner.ID] = true
			steps = append(steps, say.T("map.step.turn_at."+side, corner))
		default:
			steps = append(steps, say.T("map.step.turn."+side))
		}
		looks = leg.way
		if i == 0 && len(legs) > 1 && leg.length() < atTheDoor {
			continue
		}
		reserved := used
		if next, ok := p.near(leg.to, used); ok && i+1 < len(legs) { // the next turn is told by it
			reserved = maps.Clone(used)
			reserved[next.ID] = true
		}
		if thing, ok := p.passed(leg, reserved); ok {
			used[thing.ID] = true
			steps = append(steps, say.T("map.step.past", thing))
		} else if i == 0 && side == "" {
			steps = append(steps, say.T("map.step.straight"))
		}
	}
	return steps
}

// near is the landmark closest to a corner, among those not yet spoken of.
func (p Plan) near(corner Point, used map[string]bool) (Thing, bool) {
	return p.closest(used, func(t Thing) (int, bool) {
		away := t.box().distance(corner)
		return away, away <= turnedWithin
	})
}

// passed is the landmark closest to a leg that one has behind oneself at its end.
func (p Plan) passed(leg leg, used map[string]bool) (Thing, bool) {
	return p.closest(used, func(t Thing) (int, bool) {
		b := t.box()
		middle := Point{(b.left + b.right) / 2, (b.top + b.bottom) / 2}
		beside := Point{min(max(middle.X, min(leg.from.X, leg.to.X)), max(leg.from.X, leg.to.X)), min(max(middle.Y, min(leg.from.Y, leg.to.Y)), max(leg.from.Y, leg.to.Y))}
		away := b.distance(beside)
		behind := beside != leg.to && (beside != leg.from || b.along(leg.from, leg.way))
		return away, away <= passedWithin && behind
	})
}

// along tells whether a thing still stands beside somebody at a point: its middle is a little behind, its end is not.
func (b box) along(at Point, way heading) bool {
	switch way {
	case up:
		return b.top < at.Y && at.Y < b.bottom
	case down:
		return b.top < at.Y && at.Y < b.bottom
	}
	return b.left < at.X && at.X < b.right
}

func (p Plan) closest(used map[string]bool, reach func(Thing) (away int, ok bool)) (Thing, bool) {
	type candidate struct {
		thing Thing
		away  int
	}
	var candidates []candidate
	for _, thing := range p.Things {
		if away, ok := reach(thing); ok && landmarks[thing.Kind] && !used[thing.ID] {
			candidates = append(candidates, candidate{thing, away})
		}
	}
	if len(candidates) == 0 {
		return Thing{}, false
	}
	best := slices.MinFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.away, b.away) })
	return best.thing, true
}

// distance is how far a point is from a thing's ground, the larger of the two directions; 0 within.
func (b box) distance(p Point) int {
	return max(b.left-p.X, p.X-b.right, b.top-p.Y, p.Y-b.bottom, 0)
}

// facing is the way one looks when one stands on a side of a shelf and looks at its books.
var facing = map[string]heading{Top: down, Bottom: up, Left: rightward, Right: leftward}

// ends says on which hand the shelf is at the end of the way.
func (w walk) ends(spot Spot) say.Text {
	looks := w.enters
	if legs := w.legs(); len(legs) > 0 {
		looks = legs[len(legs)-1].way
	}
	switch side := turn(looks, facing[w.side]); {
	case side != "":
		return say.T("map.step.end."+side, spot)
	case looks == facing[w.side]:
		return say.T("map.step.end.ahead", spot)
	}
	return say.T("map.step.end.behind", spot)
}
