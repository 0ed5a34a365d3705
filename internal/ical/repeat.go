package ical

import (
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

const (
	endlessYears = 3    // how far ahead a rule without end is followed
	longestYears = 20   // how far any other is
	maxRepeats   = 1100 // of one event: three years of days
)

// days are the local days on which an event starts, in order: its own, those of its rule, without those taken off.
func (c *calendar) days(b block, first moment) ([]time.Time, *Problem) {
	days := []time.Time{first.dayIn(c.zone)}
	if _, single := b.first("RECURRENCE-ID"); single {
		return days, nil
	}
	if rule, ok := b.first("RRULE"); ok {
		more, problem := c.repeat(rule, first)
		if problem != nil {
			return nil, problem
		}
		days = append(days, more...)
	}
	added, problem := c.list(b.props["RDATE"])
	if problem != nil {
		return nil, problem
	}
	off, problem := c.list(b.props["EXDATE"])
	if problem != nil {
		return nil, problem
	}
	days = append(days, added...)
	slices.SortFunc(days, time.Time.Compare)
	days = slices.CompactFunc(days, time.Time.Equal)
	taken := map[time.Time]bool{}
	for _, day := range off {
		taken[day] = true
	}
	uid := b.text("UID")
	return slices.DeleteFunc(days, func(day time.Time) bool { return taken[day] || c.moved[occurrence{uid, day}] }), nil
}

// list reads the days of EXDATE and RDATE; of a period only the start counts.
func (c *calendar) list(all []property) ([]time.Time, *Problem) {
	var days []time.Time
	for _, p := range all {
		for value := range strings.SplitSeq(p.value, ",") {
			if strings.TrimSpace(value) == "" {
				continue
			}
			start, _, _ := strings.Cut(value, "/")
			at, ok := c.moment(p, start)
			if !ok {
				return nil, &Problem{Line: p.line, Code: BadDate, Detail: value}
			}
			days = append(days, at.dayIn(c.zone))
		}
	}
	return days, nil
}

// repeat follows one RRULE (RFC 5545, section 3.3.10) in the event's own zone.
func (c *calendar) repeat(p property, first moment) (days []time.Time, problem *Problem) {
	bad := &Problem{Line: p.line, Code: BadRepeat, Detail: p.value}
	defer func() {
		// The library runs out of its tables on some impossible rules, such as FREQ=MONTHLY;BYDAY=-53SU.
		if recover() != nil {
			days, problem = nil, bad
		}
	}()
	option, until, ok := c.rule(p, first)
	if !ok {
		return nil, bad
	}
	start := first.dayIn(c.zone)
	from, limit := start, start.AddDate(longestYears, 0, 0)
	if option.Count == 0 && until.IsZero() {
		from, limit = c.today.AddDate(-1, 0, 0), latest(start, c.today).AddDate(endlessYears, 0, 0)
	}
	rule, err := rrule.NewRRule(option)
	if err != nil {
		return nil, bad
	}
	passed := false // it matched days that are too long ago to matter
	for next := rule.Iterator(); ; {
		at, more := next()
		day := moment{at, first.date}.dayIn(c.zone)
		over := !day.Before(limit)
		switch {
		case more && !until.IsZero() && day.After(until):
			return days, nil
		case len(days) == 0 && (over || !more) && !passed:
			c.fruitless++
			return nil, bad
		case !more:
			return days, nil
		case day.Before(from):
			passed = true
			continue
		case len(days) == 0 && over:
			return days, nil
		case over, len(days) == maxRepeats:
			c.note(Problem{Line: p.line, Code: Endless, Detail: days[len(days)-1].Format(time.DateOnly)})
			return days, nil
		}
		days = append(days, day)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// rule reads an RRULE that starts at first, and the last day on which it may match, if it has one. UNTIL is ours to
// read: exporters write a date for events with a time, and a time for those without.
func (c *calendar) rule(p property, first moment) (option rrule.ROption, until time.Time, ok bool) {
	var parts []string
	for part := range strings.SplitSeq(strings.ToUpper(strings.ReplaceAll(p.value, " ", "")), ";") {
		value, isUntil := strings.CutPrefix(part, "UNTIL=")
		switch {
		case isUntil:
			at, ok := c.moment(property{params: map[string]string{}}, value)
			if !ok {
				return option, until, false
			}
			until = at.dayIn(c.zone)
		case part != "":
			parts = append(parts, part)
		}
	}
	read, err := rrule.StrToROption(strings.Join(parts, ";"))
	if err != nil || read.Freq > rrule.DAILY || read.Count < 0 { // several times a day is no school calendar's
		return option, until, false
	}
	read.Dtstart = first.at
	read.Byhour, read.Byminute, read.Bysecond = nil, nil, nil // only the day counts
	return *read, until, true
}
