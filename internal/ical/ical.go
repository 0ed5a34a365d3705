// Package ical reads a school calendar (.ics, RFC 5545) as whole days, and guesses which of them are closed.
package ical

import (
	"io"
	"slices"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/say"
)

const (
	maxBytes  = 2 << 20
	maxEvents = 5000 // in the file, and again after repeating
	maxDays   = 366  // of one event: longer is a slip in a year
	// maxFruitless is how many rules of repetition may match no day at all. Finding that out takes long.
	maxFruitless = 20
	maxDetail    = 80 // letters
)

// Event is one or more whole local days. An event that repeats is here once for each time.
type Event struct {
	UID     string
	Summary string // on one line, without escapes
	From    string // YYYY-MM-DD
	Until   string // YYYY-MM-DD, inclusive
	Line    int    // where the event begins in the file, the first line being 1
}

// Problem is an event that could not be read, or, when it is not Skipped, one that was read with a doubt.
type Problem struct {
	Line    int
	Code    string // one of the Problem codes
	Detail  string // what the sentence quotes
	Skipped bool   // the event was left out
}

// Problem codes.
const (
	Unfinished  = "unfinished"   // the event has no end; Detail is empty
	NoStart     = "no_start"     // Detail is the summary
	BadDate     = "bad_date"     // Detail is the date, or the duration, as in the file
	Backwards   = "backwards"    // ends before it starts; Detail is the summary
	TooLong     = "too_long"     // longer than a year; Detail is the summary
	BadRepeat   = "bad_repeat"   // Detail is the rule
	Endless     = "endless"      // Detail is the last day taken; not Skipped
	UnknownZone = "unknown_zone" // Detail is the zone, told once a file; not Skipped
)

// Text is the problem's sentence.
func (p Problem) Text() say.Text {
	if p.Code == Unfinished {
		return say.T("ical.problem." + p.Code)
	}
	return say.T("ical.problem."+p.Code, p.Detail)
}

// Read reads all events of a file of at most 2 MB in the file's order, as days of zone. Cancelled events
// are left out. The error is an Invalid fault at "file" with the word "not_a_calendar", "too_big" or
// "too_many" (events), or the reader's own.
//
// Opinions: DTSTART is the first day of a repeating event even when the rule does not match it. A rule without end
// is followed from a year before today to three years after it, or after its own start if that is later. What takes a day off or moves it (EXDATE, RECURRENCE-ID) is matched by the local
// day, since exporters disagree on the time. A zone that nobody knows is the school's own.
func Read(r io.Reader, zone *time.Location, today time.Time) ([]Event, []Problem, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, nil, err
	}
	if len(data) > maxBytes {
		return nil, nil, refuse("too_big")
	}
	found := cut(data)
	if !found.calendar {
		return nil, nil, refuse("not_a_calendar")
	}
	if len(found.blocks) > maxEvents {
		return nil, nil, refuse("too_many")
	}
	c := calendar{zone: zone, today: today, zones: map[string]*time.Location{}, problems: found.problems}
	c.findMoved(found.blocks)
	for _, b := range found.blocks {
		c.read(b)
		if len(c.events) > maxEvents || c.fruitless > maxFruitless {
			return nil, nil, refuse("too_many")
		}
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Line - b.Line })
	return c.events, c.problems, nil
}

func refuse(word string) error {
	return fault.New("ical.Read", fault.Invalid, "ical."+word).Named(word).At("file")
}

// calendar gathers what one file holds.
type calendar struct {
	zone      *time.Location
	today     time.Time
	zones     map[string]*time.Location // by TZID
	moved     map[occurrence]bool
	fruitless int // rules that matched no day
	events    []Event
	problems  []Problem
}

// occurrence is one time of a repeating event.
type occurrence struct {
	uid string
	day time.Time
}

// findMoved notes which single times of repeating events are told apart: cancelled, or moved to another day.
func (c *calendar) findMoved(blocks []block) {
	c.moved = map[occurrence]bool{}
	for _, b := range blocks {
		id, ok := b.first("RECURRENCE-ID")
		if !ok {
			continue
		}
		if at, ok := c.moment(id, id.value); ok {
			c.moved[occurrence{b.text("UID"), at.dayIn(c.zone)}] = true
		}
	}
}

// read adds the events of one block, or its problem.
func (c *calendar) read(b block) {
	if strings.EqualFold(b.text("STATUS"), "CANCELLED") {
		return
	}
	first, last, problem := c.span(b)
	if problem != nil {
		c.skip(problem)
		return
	}
	days, problem := c.days(b, first)
	if problem != nil {
		c.skip(problem)
		return
	}
	length := last.Sub(first.dayIn(c.zone))
	for _, day := range days {
		c.events = append(c.events, Event{
			UID: b.text("UID"), Summary: b.summary(), Line: b.line,
			From: day.Format(time.DateOnly), Until: day.Add(length).Format(time.DateOnly),
		})
	}
}

// note keeps a problem. What it quotes is kept short.
func (c *calendar) note(p Problem) {
	if letters := []rune(p.Detail); len(letters) > maxDetail {
		p.Detail = string(letters[:maxDetail]) + "…"
	}
	c.problems = append(c.problems, p)
}

func (c *calendar) skip(p *Problem) {
	p.Skipped = true
	c.note(*p)
}
