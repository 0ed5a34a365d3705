// Package policy holds the rules of lending and the calendar as pure functions: values in, a decision out. It knows
// nothing of the store, of clocks or of doors.
package policy

import (
	"database/sql/driver"
	"fmt"
	"time"

	"carrel/internal/say"
)

// Day is a local calendar day, counted from 1970-01-01. Due dates are days, never instants: a book due on Tuesday is
// due all Tuesday, whatever the clocks do. The zero Day means "no day".
type Day int32

// DayOf is the calendar day of an instant in the school's time zone.
func DayOf(at time.Time, zone *time.Location) Day {
	year, month, day := at.In(zone).Date()
	return Date(year, month, day)
}

// Date makes a day from its parts, normalised as time.Date does.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD; the empty string is no day.
func ParseDay(text string) (Day, error) {
	if text == "" {
		return 0, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date like 2026-11-23", text)
	}
	return Day(at.Unix() / 86400), nil
}

func (d Day) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.time().Weekday() }

// Add moves by whole days.
func (d Day) Add(days int) Day { return d + Day(days) }

// At is the instant at which the clock in zone shows hour:00 on this day.
func (d Day) At(hour int, zone *time.Location) time.Time {
	year, month, day := d.time().Date()
	return time.Date(year, month, day, hour, 0, 0, 0, zone)
}

// String is YYYY-MM-DD, or nothing for no day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// In writes the day out for people: "Tuesday, April 21", "martes 21 de abril".
func (d Day) In(lang say.Lang) string { return say.Date(d.time(), lang) }

// Short writes the day out briefly, for the axis of a chart: "Apr 21", "21 abr".
func (d Day) Short(lang say.Lang) string { return say.ShortDate(d.time(), lang) }

// MarshalText writes YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDay(string(text))
	return err
}

// Value stores the day as YYYY-MM-DD.
func (d Day) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads a stored day.
func (d *Day) Scan(value any) error {
	switch text := value.(type) {
	case nil:
		*d = 0
		return nil
	case string:
		return d.UnmarshalText([]byte(text))
	case []byte:
		return d.UnmarshalText(text)
	}
	return fmt.Errorf("a day cannot be read from %T", value)
}
