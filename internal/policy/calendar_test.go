package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A loan is overdue from the next open day after its due date.
func TestOverdue(t *testing.T) {
	friday := monday - 3
	for today, want := range map[Day]bool{friday: false, friday + 1: false, friday + 2: false, monday: true, monday + 1: true} {
		if got := weekdays().Overdue(friday, today); got != want {
			t.Errorf("due %s, today %s: %v", friday, today, got)
		}
	}
}

// LateBefore parts the due dates just where Overdue does, whatever days are open.
func TestLateBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := Calendar{Closed: map[Day]string{}, Open: map[Day]string{}}
		for i := range calendar.Week {
			calendar.Week[i] = rapid.Bool().Draw(t, "weekday")
		}
		for _, day := range rapid.SliceOf(rapid.IntRange(-40, 10)).Draw(t, "closed") {
			calendar.Closed[monday.Add(day)] = "Closed"
		}
		for _, day := range rapid.SliceOf(rapid.IntRange(-40, 10)).Draw(t, "open") {
			calendar.Open[monday.Add(day)] = "Open"
		}
		before := calendar.LateBefore(monday)
		for due := monday - 60; due < monday+5; due++ {
			if late := calendar.Overdue(due, monday); late != (due < before) {
				t.Fatalf("due %s: overdue %v, before %s", due, late, before)
			}
		}
	})
}

func TestCheckDue(t *testing.T) {
	calendar := weekdays()
	calendar.Closed[monday+1] = "Storm"
	for name, test := range map[string]struct {
		due   Day
		field string
	}{
		"a Wednesday": {monday + 2, ""}, "today": {monday, "due"}, "yesterday": {monday - 3, "due"}, "no day": {0, "due"},
		"a storm": {monday + 1, "due"}, "a Saturday": {monday + 5, "due"}, "nearly two years": {monday + 728, ""}, "beyond": {monday + 735, "due"},
	} {
		t.Run(name, func(t *testing.T) { checkInvalid(t, calendar.CheckDue(monday, test.due), test.field) })
	}
}

func TestCalendarValidate(t *testing.T) {
	day := func(text string) Day { return mustDay(t, text) }
	never := Calendar{Open: map[Day]string{monday: "today is over"}}
	closedForGood := weekdays()
	for i := range 800 {
		closedForGood.Closed[monday.Add(i)] = "Flood"
	}
	once := Calendar{Open: map[Day]string{monday + 30: "Book fair"}}
	checkInvalid(t, never.Validate(monday), "week")
	checkInvalid(t, closedForGood.Validate(monday), "week")
	checkInvalid(t, once.Validate(monday), "")
	checkInvalid(t, weekdays().Validate(monday), "")
	for name, test := range map[string]struct {
		terms []TermEnd
		field string
	}{
		"two after another":       {[]TermEnd{{Day: day("2026-12-18")}, {Day: day("2027-06-04"), Forced: true}}, ""},
		"in any order":            {[]TermEnd{{Starts: day("2027-01-04"), Day: day("2027-06-04")}, {Starts: day("2026-08-31"), Day: day("2026-12-18")}}, ""},
		"no end":                  {[]TermEnd{{Starts: day("2026-08-31")}}, "day"},
		"ends before it starts":   {[]TermEnd{{Starts: day("2027-08-31"), Day: day("2026-12-18")}}, "starts"},
		"two ends on one day":     {[]TermEnd{{Day: day("2026-12-18")}, {Day: day("2026-12-18"), Forced: true}}, "day"},
		"overlap":                 {[]TermEnd{{Starts: day("2026-08-31"), Day: day("2026-12-18")}, {Starts: day("2026-12-14"), Day: day("2027-06-04")}}, "starts"},
		"starts on the other end": {[]TermEnd{{Day: day("2026-12-18")}, {Starts: day("2026-12-18"), Day: day("2027-06-04")}}, "starts"},
		"one inside another":      {[]TermEnd{{Starts: day("2026-08-31"), Day: day("2027-06-04")}, {Day: day("2026-12-18")}}, "starts"},
	} {
		t.Run(name, func(t *testing.T) {
			calendar := weekdays()
			calendar.Terms = test.terms
			checkInvalid(t, calendar.Validate(monday), test.field)
		})
	}
	for name, test := range map[string]struct {
		cycles []Cycle
		field  string
	}{
		"two after another":     {[]Cycle{{monday, monday + 50, []string{"A", "B"}}, {monday + 51, 0, []string{"1", "2"}}}, ""},
		"no start":              {[]Cycle{{0, monday, []string{"A"}}}, "from"},
		"ends before it starts": {[]Cycle{{monday, monday - 1, []string{"A"}}}, "until"},
		"no labels":             {[]Cycle{{monday, 0, nil}}, "labels"},
		"an empty label":        {[]Cycle{{monday, 0, []string{"A", ""}}}, "labels"},
		"a comma in a label":    {[]Cycle{{monday, 0, []string{"A,B"}}}, "labels"},
		"a sentence as a label": {[]Cycle{{monday, 0, []string{"the day we have art"}}}, "labels"},
		"a repeated label":      {[]Cycle{{monday, 0, []string{"A", "B", "a"}}}, "labels"},
		"a weekday":             {[]Cycle{{monday, 0, []string{"A", "Tue"}}}, "labels"},
		"a weekday in full":     {[]Cycle{{monday, 0, []string{"friday"}}}, "labels"},
		"overlap":               {[]Cycle{{monday, monday + 50, []string{"A"}}, {monday + 50, 0, []string{"B"}}}, "from"},
		"overlap without end":   {[]Cycle{{monday + 90, 0, []string{"A"}}, {monday, 0, []string{"B"}}}, "from"},
	} {
		t.Run(name, func(t *testing.T) {
			calendar := weekdays()
			calendar.Cycles = test.cycles
			checkInvalid(t, calendar.Validate(monday), test.field)
		})
	}
}

func TestOpenDaysBetween(t *testing.T) {
	calendar := weekdays()
	calendar.Closed[Date(2026, time.November, 26)] = "Thanksgiving"
	for name, test := range map[string]struct {
		from, to Day
		want     int
	}{
		"same day": {monday, monday, 0}, "backwards": {monday + 3, monday, 0}, "one day": {monday, monday + 1, 1},
		"over a holiday and a weekend": {monday, monday + 7, 4},
	} {
		if got := calendar.OpenDaysBetween(test.from, test.to); got != test.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}
