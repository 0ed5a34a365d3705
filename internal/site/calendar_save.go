package site

import (
	"errors"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// ListEntries reads the lines of the calendar: the week, which has no day, then the others by their first one.
func ListEntries(app core.App) ([]collections.CalendarEntry, error) {
	return collections.All[collections.CalendarEntry](app, "", "day, id", nil)
}

// SaveEntry keeps a new line of the calendar, or with an id changes one. Fields that its kind does not have are emptied; where it was
// imported from is never changed. The codes are fault.Invalid at the field, fault.Conflict (the week stays the week) and fault.NotFound.
func SaveEntry(app core.App, entry collections.CalendarEntry) (collections.CalendarEntry, error) {
	err := app.RunInTransaction(func(app core.App) error {
		entries, err := ListEntries(app)
		if err != nil {
			return err
		}
		entry = ofItsKind(entry)
		if at := indexOf(entries, entry.ID); at >= 0 {
			entry.Source = entries[at].Source
		}
		if err := checkEntry(app, entries, entry); err != nil {
			return err
		}
		entry, err = put(app, entry.ID, entry)
		return err
	})
	return entry, err
}

// ofItsKind leaves the fields that mean something for the kind.
func ofItsKind(entry collections.CalendarEntry) collections.CalendarEntry {
	kept := collections.CalendarEntry{ID: entry.ID, Kind: entry.Kind, Label: entry.Label}
	switch entry.Kind {
	case collections.CalendarWeek:
		kept.Weekdays = entry.Weekdays
	case collections.CalendarClosed, collections.CalendarOpen:
		kept.Day, kept.Until = entry.Day, entry.Until
	case collections.CalendarTermCeiling, collections.CalendarTermForced:
		kept.Day, kept.Starts, kept.Grade = entry.Day, entry.Starts, entry.Grade
	case collections.CalendarCycle:
		kept.Day, kept.Until, kept.Labels = entry.Day, entry.Until, entry.Labels
	}
	return kept
}

// DeleteEntry takes a line away. The codes are fault.NotFound, fault.Conflict (the week) and fault.Invalid at "day" (the last open days).
func DeleteEntry(app core.App, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		record, err := find(app, collections.Calendar, id)
		if err != nil {
			return err
		}
		if err := checkEntryDelete(app, record); err != nil {
			return err
		}
		return app.Delete(record)
	})
}

// checkEntryDelete looks at the whole calendar only when open days go. Nothing else can be missed, and a calendar with two faults must
// be mendable one line at a time.
func checkEntryDelete(app core.App, record *core.Record) error {
	switch record.GetString("kind") {
	case collections.CalendarWeek:
		return fault.New("site.DeleteEntry", fault.Conflict, "site.week_stays")
	case collections.CalendarOpen:
		entries, err := ListEntries(app)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(entries, func(entry collections.CalendarEntry) bool { return entry.ID == record.Id })
		return atField(checkCalendar(app, left), map[string]string{"week": "day"})
	}
	return nil
}

// checkEntry refuses a line that is wrong in itself or makes the calendar one that cannot be lived by. entries are the stored ones.
func checkEntry(app core.App, entries []collections.CalendarEntry, entry collections.CalendarEntry) error {
	if err := checkLine(entry); err != nil {
		return err
	}
	isWeek := entry.Kind == collections.CalendarWeek
	for _, other := range entries {
		if other.Kind != collections.CalendarWeek {
			continue
		}
		if other.ID == entry.ID && !isWeek {
			return fault.New("site.SaveEntry", fault.Conflict, "site.week_stays")
		}
		if other.ID != entry.ID && isWeek {
			return unfit("kind", "site.one_week")
		}
	}
	return atField(checkCalendar(app, with(entries, entry)), fieldsOf(entry))
}

// fieldsOf maps the places that policy names to fields of the line at fault.
func fieldsOf(entry collections.CalendarEntry) map[string]string {
	week := "day"
	switch {
	case entry.Kind == collections.CalendarWeek:
		week = "weekdays"
	case entry.Until != 0:
		week = "until"
	}
	return map[string]string{"week": week, "from": "day"}
}

// with is entries with one of them changed, or one more.
func with(entries []collections.CalendarEntry, entry collections.CalendarEntry) []collections.CalendarEntry {
	changed := slices.Clone(entries)
	if at := indexOf(changed, entry.ID); at >= 0 {
		changed[at] = entry
		return changed
	}
	return append(changed, entry)
}

// indexOf is the place of a stored entry; -1 when it is none.
func indexOf(entries []collections.CalendarEntry, id string) int {
	return slices.IndexFunc(entries, func(entry collections.CalendarEntry) bool { return id != "" && entry.ID == id })
}

func checkCalendar(app core.App, entries []collections.CalendarEntry) error {
	school, err := Load(app)
	if err != nil {
		return err
	}
	return calendarOf(school, entries).Validate(policy.DayOf(time.Now(), school.Location()))
}

// atField moves a fault to another field.
func atField(err error, fields map[string]string) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || fields[refusal.Field] == "" {
		return err
	}
	moved := *refusal
	return moved.At(fields[refusal.Field])
}
