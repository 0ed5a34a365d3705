package inventory

import (
	"cmp"
	"slices"
	"sort"

	"carrel/collections"
)

// track is what one person scanned of one location. Call numbers are in order only within a location, and two who scan at the same time
// are at two ends of the shelf.
type track struct{ actor, location string }

// misplaced lists what stands in the wrong place. Withdrawn items have none, and items without a call number stand anywhere.
func (w walk) misplaced(stops []stop) []Misplaced {
	var wrong []placed
	tracks := map[track][]int{}
	for i, s := range stops {
		if s.item == nil || s.item.Status == collections.ItemWithdrawn {
			continue
		}
		if why := w.wrong(s.item); why != "" {
			wrong = append(wrong, placed{i, Misplaced{Line: *w.line(s.item), Why: why, Behind: w.line(s.behind)}})
			continue
		}
		if s.item.key != "" {
			t := track{s.Actor, s.item.Location}
			tracks[t] = append(tracks[t], i)
		}
	}
	for _, along := range tracks {
		wrong = append(wrong, w.outOfOrder(stops, along)...)
	}
	slices.SortFunc(wrong, func(a, b placed) int { return cmp.Compare(a.stop, b.stop) })
	list := make([]Misplaced, len(wrong))
	for i := range wrong {
		list[i] = wrong[i].Misplaced
	}
	return list
}

// placed is a misplaced item and the stop where it was met.
type placed struct {
	stop int
	Misplaced
}

// outOfOrder finds the fewest items of a track that must be moved, and the neighbours between which each belongs.
func (w walk) outOfOrder(stops []stop, along []int) (wrong []placed) {
	keys := make([]string, len(along))
	for i, at := range along {
		keys[i] = stops[at].item.key
	}
	run := longestRun(keys)
	neighbour := func(n int) *Line {
		if n < 0 || n >= len(run) {
			return nil
		}
		return w.line(stops[along[run[n]]].item)
	}
	next := 0
	for i, at := range along {
		if next < len(run) && run[next] == i {
			next++
			continue
		}
		n := sort.Search(len(run), func(n int) bool { return keys[run[n]] > keys[i] })
		wrong = append(wrong, placed{at, Misplaced{
			Line: *w.line(stops[at].item), Why: WrongOrder, Behind: w.line(stops[at].behind), After: neighbour(n - 1), Before: neighbour(n),
		}})
	}
	return wrong
}
