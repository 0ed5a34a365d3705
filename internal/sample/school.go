// Package sample makes Cedar Hollow Library: an invented school with real books. The books are facts known to every
// school library; the people, the barcodes and the loans are invented. The same seed, scale and day give the same
// school on every machine, and nothing in it happens on or after that day.
package sample

import (
	"math/rand/v2"
	"time"

	"carrel/internal/policy"
)

// Name is the invented school library.
const Name = "Cedar Hollow Library"

// School is one whole school. Titles, items, patrons and homerooms refer to each other by their index in these slices.
type School struct {
	Titles    []Title
	Items     []Item // the items of one title stand together
	Patrons   []Patron
	Homerooms []Homeroom
	Closed    []ClosedDay // sorted by day
	Terms     []Term      // sorted by day

	seed  uint64
	today policy.Day
	zone  *time.Location
	wings []wing
}

// wing is one school of natural size. A multiplied school is many wings side by side: each lends its own items to its
// own patrons, so loans can be made wing by wing in the memory of one.
type wing struct {
	titles, items, patrons, homerooms span
}

// span is a range of indexes, half open.
type span struct{ from, to int }

// New makes the school as it stands on the morning of today, in the school's time zone. Scale multiplies titles, items,
// patrons, homerooms and loans; below 1 counts as 1. The newest book is of 2021, so a today before 2024 gives a
// library that lends books of its future.
func New(seed int64, scale int, today policy.Day, zone *time.Location) *School {
	school := &School{seed: uint64(seed), today: today, zone: zone}
	school.Closed, school.Terms = calendarAround(today)
	for number := range max(1, scale) {
		school.addWing(number)
	}
	return school
}

// Calendar is the school's calendar as the rules of lending read it.
func (s *School) Calendar() policy.Calendar {
	calendar := policy.Calendar{Week: policy.SchoolWeek, Closed: map[policy.Day]string{}, Zone: s.zone}
	for _, closed := range s.Closed {
		for day := closed.Day; day <= closed.Until; day++ {
			calendar.Closed[day] = closed.Label
		}
	}
	return calendar
}

func (s *School) addWing(number int) {
	start := wing{
		titles:    span{from: len(s.Titles)},
		items:     span{from: len(s.Items)},
		patrons:   span{from: len(s.Patrons)},
		homerooms: span{from: len(s.Homerooms)},
	}
	s.Titles = append(s.Titles, volume(number)...)
	s.addItems(start.titles.from, number)
	s.addPeople(number, s.random(number, streamPeople))
	start.titles.to, start.items.to = len(s.Titles), len(s.Items)
	start.patrons.to, start.homerooms.to = len(s.Patrons), len(s.Homerooms)
	s.wings = append(s.wings, start)
}

// Each subject of a wing draws from its own stream, so that a change in one leaves the others as they were.
const (
	streamItems = iota
	streamPeople
	streamTaste
	streamLoans
	streams
)

func (s *School) random(wing, stream int) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, uint64(wing*streams+stream)))
}

// between is a random whole number from low to high, both included.
func between(random *rand.Rand, low, high int) int { return low + random.IntN(high-low+1) }

// chance is true in percent of a hundred cases.
func chance(random *rand.Rand, percent float64) bool { return random.Float64()*100 < percent }
