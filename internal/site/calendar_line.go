package site

import (
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

const (
	maxStretch = 400 // days of one closed or open line: longer is a slip in a year
	maxLabel   = 200 // letters
	maxLabels  = 120 // letters of all labels of a cycle
	maxGrade   = 4   // letters
)

var calendarKinds = []string{
	collections.CalendarWeek, collections.CalendarClosed, collections.CalendarOpen,
	collections.CalendarTermCeiling, collections.CalendarTermForced, collections.CalendarCycle,
}

// checkLine refuses a line that is wrong whatever else stands in the calendar.
func checkLine(entry collections.CalendarEntry) error {
	if !slices.Contains(calendarKinds, entry.Kind) {
		return unfit("kind", "site.calendar_kind", entry.Kind)
	}
	if utf8.RuneCountInString(entry.Label) > maxLabel {
		return unfit("label", "site.calendar_label", maxLabel)
	}
	switch entry.Kind {
	case collections.CalendarWeek:
		if strings.Trim(entry.Weekdays, "1234567") != "" || len(entry.Weekdays) > 7 {
			return unfit("weekdays", "site.calendar_weekdays", entry.Weekdays)
		}
	case collections.CalendarClosed, collections.CalendarOpen:
		return checkStretch(entry)
	case collections.CalendarTermCeiling, collections.CalendarTermForced:
		if utf8.RuneCountInString(entry.Grade) > maxGrade {
			return unfit("grade", "site.calendar_grade", maxGrade)
		}
	case collections.CalendarCycle:
		if utf8.RuneCountInString(entry.Labels) > maxLabels {
			return unfit("labels", "site.calendar_labels", maxLabels)
		}
	}
	return nil
}

func checkStretch(entry collections.CalendarEntry) error {
	switch {
	case entry.Day == 0:
		return unfit("day", "site.calendar_no_day")
	case entry.Until != 0 && entry.Until < entry.Day:
		return unfit("until", "site.calendar_backwards", entry.Day.String(), entry.Until.String())
	case entry.Until >= entry.Day.Add(maxStretch):
		return unfit("until", "site.calendar_long", entry.Day.String(), entry.Until.String(), maxStretch)
	}
	return nil
}

// lineOf reads a line that is about to be stored; fault.Invalid at a day that is none.
func lineOf(record *core.Record) (entry collections.CalendarEntry, err error) {
	entry = collections.CalendarEntry{
		ID: record.Id, Kind: record.GetString("kind"), Weekdays: record.GetString("weekdays"), Labels: record.GetString("labels"),
		Label: record.GetString("label"), Grade: record.GetString("grade"), Source: record.GetString("source"),
	}
	for _, field := range []struct {
		name string
		day  *policy.Day
	}{{"day", &entry.Day}, {"until", &entry.Until}, {"starts", &entry.Starts}} {
		text := record.GetString(field.name)
		if *field.day, err = policy.ParseDay(text); err != nil {
			return entry, unfit(field.name, "site.calendar_date", text).Because(err)
		}
	}
	return entry, nil
}
