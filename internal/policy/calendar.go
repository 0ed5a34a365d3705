package policy

import (
	"errors"
	"time"
)

// Calendar says on which days the library is open, where a term ends and how day cycles rotate.
type Calendar struct {
	Week   [7]bool        // open weekdays, by time.Weekday
	Closed map[Day]string // days closed against the week, with their label
	Open   map[Day]string // days open against the week
	Terms  []TermEnd      // sorted by day
	Cycles []Cycle
	Zone   *time.Location // the school's time zone
}

// SchoolWeek is Monday to Friday.
var SchoolWeek = [7]bool{time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true, time.Friday: true}

// ErrNeverOpen is a calendar on which no due date can be found.
var ErrNeverOpen = errors.New("the calendar has no open day within two years")

// searchDays bounds every walk along the calendar.
const searchDays = 731

// IsOpen tells whether the library is open on day. A day listed as open wins over one listed as closed: it was entered later, on purpose.
func (c Calendar) IsOpen(day Day) bool {
	if _, open := c.Open[day]; open {
		return true
	}
	if _, closed := c.Closed[day]; closed {
		return false
	}
	return c.Week[day.Weekday()]
}

// NextOpen is day itself when open, else the first open day after it.
func (c Calendar) NextOpen(day Day) (Day, error) {
	for i := range searchDays {
		if next := day.Add(i); c.IsOpen(next) {
			return next, nil
		}
	}
	return 0, ErrNeverOpen
}

// previousOpen is the last open day on or before day and after limit; 0 when there is none.
func (c Calendar) previousOpen(day, limit Day) Day {
	for ; day > limit; day-- {
		if c.IsOpen(day) {
			return day
		}
	}
	return 0
}

// afterOpenDays counts n open days from day, not counting day itself.
func (c Calendar) afterOpenDays(day Day, n int) (Day, error) {
	for i := 1; i <= searchDays+7*n; i++ {
		next := day.Add(i)
		if !c.IsOpen(next) {
			continue
		}
		if n--; n <= 0 {
			return next, nil
		}
	}
	return 0, ErrNeverOpen
}

// OpenDaysBetween counts the open days after from, up to and including to: "6 school days late".
func (c Calendar) OpenDaysBetween(from, to Day) int {
	count := 0
	for day := from + 1; day <= to; day++ {
		if c.IsOpen(day) {
			count++
		}
	}
	return count
}

// Overdue tells whether a loan due on due is overdue on today: from the next open day after the due date.
func (c Calendar) Overdue(due, today Day) bool {
	if today <= due {
		return false
	}
	next, err := c.NextOpen(due + 1)
	return err == nil && today >= next
}

// LateBefore is Overdue for a query: what is due on a day before it is overdue on today, and nothing else. It is 0 when nothing is.
func (c Calendar) LateBefore(today Day) Day { return c.previousOpen(today, today.Add(-searchDays)) }

// maxAhead bounds a due date chosen by hand: two years.
const maxAhead = searchDays

// CheckDue refuses a due date chosen by hand that is not after today, is a closed day, or is more than two years ahead:
// fault.Invalid at "due".
func (c Calendar) CheckDue(today, due Day) error {
	switch {
	case due <= today:
		return unfit("due", "calendar.due_past")
	case due > today.Add(maxAhead):
		return unfit("due", "calendar.due_far")
	case !c.IsOpen(due):
		return unfit("due", "calendar.due_closed", due)
	}
	return nil
}
