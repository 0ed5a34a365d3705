package policy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/internal/fault"
)

// Validate refuses a calendar that cannot be lived by: fault.Invalid at "week" when there is no open day within two
// years after today, at "day" or "starts" for a term, at "from", "until" or "labels" for a cycle.
func (c Calendar) Validate(today Day) error {
	if _, err := c.NextOpen(today + 1); err != nil {
		return unfit("week", "calendar.never_open").Because(err)
	}
	if err := c.checkTerms(); err != nil {
		return err
	}
	return c.checkCycles()
}

// unfit makes the fault. Days in its sentences are written with their year: a slip of the year is what goes wrong here.
func unfit(field, key string, args ...any) *fault.Error {
	return fault.New("policy.calendar", fault.Invalid, key, args...).At(field)
}

func (c Calendar) checkTerms() error {
	terms := slices.SortedFunc(slices.Values(c.Terms), func(a, b TermEnd) int { return cmp.Compare(a.Day, b.Day) })
	last := map[string]Day{} // the terms of a grade and those of everybody may overlap: the nearer end counts
	for _, term := range terms {
		previous := last[term.Grade]
		switch {
		case term.Day == 0:
			return unfit("day", "calendar.term_no_day")
		case term.Starts > term.Day:
			return unfit("starts", "calendar.term_backwards", term.Starts.String(), term.Day.String())
		case term.Day == previous:
			return unfit("day", "calendar.term_twice", term.Day.String())
		case term.Starts != 0 && term.Starts <= previous:
			return unfit("starts", "calendar.term_overlap", term.Starts.String(), previous.String())
		}
		last[term.Grade] = term.Day
	}
	return nil
}

func (c Calendar) checkCycles() error {
	cycles := slices.SortedFunc(slices.Values(c.Cycles), func(a, b Cycle) int { return cmp.Compare(a.From, b.From) })
	for i, cycle := range cycles {
		if err := cycle.check(); err != nil {
			return err
		}
		if i > 0 && cycles[i-1].covers(cycle.From) {
			return unfit("from", "calendar.cycle_overlap", cycle.From.String())
		}
	}
	return nil
}

func (c Cycle) check() error {
	if c.From == 0 {
		return unfit("from", "calendar.cycle_no_from")
	}
	if c.Until != 0 && c.Until < c.From {
		return unfit("until", "calendar.cycle_backwards", c.From.String(), c.Until.String())
	}
	if len(c.Labels) == 0 {
		return unfit("labels", "calendar.cycle_no_labels")
	}
	seen := map[string]bool{}
	for _, label := range c.Labels {
		folded := strings.ToLower(label)
		if _, weekday := weekdayName(label); weekday {
			return unfit("labels", "calendar.cycle_weekday", label)
		}
		if seen[folded] {
			return unfit("labels", "calendar.cycle_repeated", label)
		}
		if label != strings.TrimSpace(label) || label == "" || strings.Contains(label, ",") || utf8.RuneCountInString(label) > maxLabel {
			return unfit("labels", "calendar.cycle_label", label, maxLabel)
		}
		seen[folded] = true
	}
	return nil
}
