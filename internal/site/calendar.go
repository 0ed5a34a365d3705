package site

import (
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// Calendar reads the calendar of the school.
func Calendar(app core.App) (policy.Calendar, error) {
	school, err := Load(app)
	if err != nil {
		return policy.Calendar{}, err
	}
	entries, err := collections.All[collections.CalendarEntry](app, "", "day", nil)
	if err != nil {
		return policy.Calendar{}, err
	}
	return calendarOf(school, entries), nil
}

func calendarOf(school School, entries []collections.CalendarEntry) policy.Calendar {
	calendar := policy.Calendar{
		Week: policy.SchoolWeek, Zone: school.Location(),
		Closed: map[policy.Day]string{}, Open: map[policy.Day]string{},
	}
	for _, entry := range entries {
		enter(&calendar, entry)
	}
	slices.SortFunc(calendar.Terms, func(a, b policy.TermEnd) int { return int(a.Day - b.Day) })
	return calendar
}

func enter(calendar *policy.Calendar, entry collections.CalendarEntry) {
	switch entry.Kind {
	case collections.CalendarWeek:
		calendar.Week = weekOf(entry.Weekdays)
	case collections.CalendarClosed, collections.CalendarOpen:
		days := calendar.Closed
		if entry.Kind == collections.CalendarOpen {
			days = calendar.Open
		}
		for day := entry.Day; day <= max(entry.Day, entry.Until); day++ {
			days[day] = entry.Label
		}
	case collections.CalendarTermCeiling, collections.CalendarTermForced:
		calendar.Terms = append(calendar.Terms, TermOf(entry))
	case collections.CalendarCycle:
		calendar.Cycles = append(calendar.Cycles, policy.Cycle{From: entry.Day, Until: entry.Until, Labels: labelsOf(entry.Labels)})
	}
}

// TermOf is a calendar entry as a term end.
func TermOf(entry collections.CalendarEntry) policy.TermEnd {
	return policy.TermEnd{Starts: entry.Starts, Day: entry.Day, Forced: entry.Kind == collections.CalendarTermForced, Grade: entry.Grade}
}

// weekOf reads ISO weekday numbers: "12345" is Monday to Friday.
func weekOf(numbers string) (week [7]bool) {
	for _, number := range numbers {
		if number >= '1' && number <= '7' {
			week[(number-'0')%7] = true
		}
	}
	return week
}

func labelsOf(text string) []string {
	var labels []string
	for label := range strings.SplitSeq(text, ",") {
		if label = strings.TrimSpace(label); label != "" {
			labels = append(labels, label)
		}
	}
	return labels
}
