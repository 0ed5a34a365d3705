package policy

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Cycle is a rotation of day labels ("A", "B" or "1" to "6"): the open days from From to Until get them in turn. Closed
// days are skipped, not counted. Until 0 is no end.
type Cycle struct {
	From, Until Day
	Labels      []string
}

func (c Cycle) covers(day Day) bool { return c.From <= day && (c.Until == 0 || day <= c.Until) }

// CycleDay is the label of an open day within a cycle.
func (c Calendar) CycleDay(day Day) (label string, ok bool) {
	if !c.IsOpen(day) {
		return "", false
	}
	for _, cycle := range c.Cycles {
		if cycle.covers(day) && len(cycle.Labels) > 0 {
			turn := c.OpenDaysBetween(cycle.From-1, day) - 1
			return cycle.Labels[turn%len(cycle.Labels)], true
		}
	}
	return "", false
}

// LibraryDays are the days on which a homeroom comes to the library: weekdays "mon" to "sun", or labels of a cycle.
type LibraryDays []string

// maxLabel bounds a label in runes, so that a sentence entered by mistake is not taken for one.
const maxLabel = 12

var weekdayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseLibraryDays reads "tue, thu" or "A": comma separated, weekdays in English, short or long. Nothing is no days.
// An empty or overlong entry is a fault.Invalid at "library_days".
func ParseLibraryDays(text string) (LibraryDays, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var days LibraryDays
	for part := range strings.SplitSeq(text, ",") {
		day := strings.TrimSpace(part)
		if day == "" || utf8.RuneCountInString(day) > maxLabel {
			return nil, unfit("library_days", "calendar.library_days", text)
		}
		if name, ok := weekdayName(day); ok {
			day = name
		}
		if !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	return days, nil
}

// weekdayName is the short name of "Tue", "tue" or "Tuesday".
func weekdayName(text string) (string, bool) {
	for weekday, name := range weekdayNames {
		if strings.EqualFold(text, name) || strings.EqualFold(text, time.Weekday(weekday).String()) {
			return name, true
		}
	}
	return "", false
}

// IsLibraryDay tells whether the homeroom comes on that day; a closed day never is one.
func (c Calendar) IsLibraryDay(days LibraryDays, day Day) bool {
	if !c.IsOpen(day) {
		return false
	}
	if slices.Contains(days, weekdayNames[day.Weekday()]) {
		return true
	}
	label, ok := c.CycleDay(day)
	return ok && slices.ContainsFunc(days, func(entry string) bool { return strings.EqualFold(entry, label) })
}

// CheckLibraryDays refuses a day that is neither a weekday nor a label of any cycle: fault.Invalid at "library_days".
func (c Calendar) CheckLibraryDays(days LibraryDays) error {
	for _, day := range days {
		if _, weekday := weekdayName(day); !weekday && !c.hasLabel(day) {
			return unfit("library_days", "calendar.no_such_day", day)
		}
	}
	return nil
}

func (c Calendar) hasLabel(text string) bool {
	return slices.ContainsFunc(c.Cycles, func(cycle Cycle) bool {
		return slices.ContainsFunc(cycle.Labels, func(label string) bool { return strings.EqualFold(label, text) })
	})
}

// libraryDaySearch bounds the search for a library day: longer than any summer.
const libraryDaySearch = 200

// nextLibraryDay is the first library day on or after day.
func (c Calendar) nextLibraryDay(days LibraryDays, day Day) (Day, bool) {
	if len(days) == 0 {
		return 0, false
	}
	for i := range libraryDaySearch {
		if next := day.Add(i); c.IsLibraryDay(days, next) {
			return next, true
		}
	}
	return 0, false
}
