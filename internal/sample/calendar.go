package sample

import (
	"slices"
	"time"

	"carrel/internal/policy"
)

// ClosedDay is one row of the calendar: closed from Day to Until, both included.
type ClosedDay struct {
	Day, Until policy.Day
	Label      string
}

// Term is a stretch of a school year, both days included. Cedar Hollow sets no due dates by it: children take books
// home over every break.
type Term struct {
	Label       string
	First, Last policy.Day
}

// calendarAround lists closed days and terms of the two school years before that of today, of it, and of the next one.
//
// Cedar Hollow keeps a balanced calendar with four weeks of summer. That is a choice for the sample: no break is longer
// than the longest delay of a loan, so some loans are overdue whatever the day.
func calendarAround(today policy.Day) (closed []ClosedDay, terms []Term) {
	current := schoolYear(today)
	for year := current - 2; year <= current+1; year++ {
		closed = append(closed, closedDays(year)...)
		terms = append(terms, termsOf(year)...)
	}
	slices.SortFunc(closed, func(a, b ClosedDay) int { return int(a.Day - b.Day) })
	return closed, terms
}

// schoolYear is the calendar year in which the school year of day began. It begins with the summer break before it.
func schoolYear(day policy.Day) int {
	year := day.At(0, time.UTC).Year()
	if day < summer(year).Day {
		return year - 1
	}
	return year
}

func summer(year int) ClosedDay {
	first := weekday(year, time.July, time.Monday, 1)
	return ClosedDay{first, first.Add(4*7 - 3), "Summer break"}
}

func winter(year int) ClosedDay {
	first := onOrAfter(policy.Date(year, time.December, 20), time.Monday)
	return ClosedDay{first, first.Add(2*7 - 3), "Winter break"}
}

func closedDays(year int) []ClosedDay {
	fall := weekday(year, time.October, time.Monday, 2)
	thanks := weekday(year, time.November, time.Thursday, 4)
	spring := weekday(year+1, time.April, time.Monday, 1)
	memorial := onOrAfter(policy.Date(year+1, time.May, 25), time.Monday)
	days := []ClosedDay{
		summer(year),
		oneDay(weekday(year, time.September, time.Monday, 1), "Labor Day"),
		{fall, fall.Add(4), "Fall break"},
		{thanks.Add(-1), thanks.Add(1), "Thanksgiving"},
		winter(year),
		oneDay(weekday(year+1, time.January, time.Monday, 3), "Martin Luther King Jr. Day"),
		oneDay(weekday(year+1, time.February, time.Monday, 3), "Presidents' Day"),
		{spring, spring.Add(4), "Spring break"},
		oneDay(memorial, "Memorial Day"),
	}
	for _, feast := range []ClosedDay{
		oneDay(policy.Date(year, time.November, 11), "Veterans Day"),
		oneDay(policy.Date(year+1, time.June, 19), "Juneteenth"),
		oneDay(policy.Date(year+1, time.July, 4), "Independence Day"),
	} {
		if policy.SchoolWeek[feast.Day.Weekday()] && feast.Day < summer(year+1).Day {
			days = append(days, feast)
		}
	}
	return days
}

func termsOf(year int) []Term {
	return []Term{
		{"Fall term", summer(year).Until.Add(3), winter(year).Day.Add(-3)},
		{"Spring term", winter(year).Until.Add(3), summer(year + 1).Day.Add(-3)},
	}
}

func oneDay(day policy.Day, label string) ClosedDay { return ClosedDay{day, day, label} }

// weekday is the n-th such weekday of a month, counted from 1.
func weekday(year int, month time.Month, day time.Weekday, n int) policy.Day {
	return onOrAfter(policy.Date(year, month, 1), day).Add(7 * (n - 1))
}

func onOrAfter(day policy.Day, wanted time.Weekday) policy.Day {
	return day.Add((int(wanted-day.Weekday()) + 7) % 7)
}

// FirstDay is the first school day of the year of today.
func (s *School) FirstDay() policy.Day { return summer(schoolYear(s.today)).Until.Add(3) }
