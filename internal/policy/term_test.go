package policy

import (
	"testing"
	"time"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

func TestTermEnds(t *testing.T) {
	day := func(month time.Month, day int) Day { return Date(2026, month, day) }
	friday := day(time.December, 4)
	closedEnd := weekdays()
	for d := day(time.November, 24); d <= friday; d++ {
		closedEnd.Closed[d] = "Flood"
	}
	for name, test := range map[string]struct {
		terms    []TermEnd
		days     int
		calendar Calendar
		want     string
	}{
		"ceiling shortens":              {[]TermEnd{{Day: friday}}, 21, weekdays(), "2026-12-04"},
		"ceiling leaves shorter":        {[]TermEnd{{Day: friday}}, 7, weekdays(), "2026-11-30"},
		"ceiling on the due date":       {[]TermEnd{{Day: day(time.November, 30)}}, 7, weekdays(), "2026-11-30"},
		"term ends on a Sunday":         {[]TermEnd{{Day: day(time.December, 6)}}, 21, weekdays(), "2026-12-04"},
		"forced lengthens":              {[]TermEnd{{Day: day(time.December, 18), Forced: true}}, 7, weekdays(), "2026-12-18"},
		"forced shortens":               {[]TermEnd{{Day: friday, Forced: true}}, 21, weekdays(), "2026-12-04"},
		"a term that ends today":        {[]TermEnd{{Day: monday, Forced: true}}, 7, weekdays(), "2026-11-30"},
		"no open day before the end":    {[]TermEnd{{Day: friday}}, 21, closedEnd, "2026-12-14"},
		"not yet started":               {[]TermEnd{{Starts: monday + 1, Day: friday, Forced: true}}, 21, weekdays(), "2026-12-14"},
		"starts today":                  {[]TermEnd{{Starts: monday, Day: friday, Forced: true}}, 7, weekdays(), "2026-12-04"},
		"the nearer of two":             {[]TermEnd{{Day: friday}, {Day: day(time.December, 7), Forced: true}}, 21, weekdays(), "2026-12-04"},
		"forced later does not reach":   {[]TermEnd{{Day: friday}, {Day: day(time.December, 18), Forced: true}}, 7, weekdays(), "2026-11-30"},
		"after the one that ends today": {[]TermEnd{{Day: monday}, {Day: friday, Forced: true}}, 21, weekdays(), "2026-12-04"},
		"between two terms":             {[]TermEnd{{Day: monday}, {Starts: monday + 3, Day: friday, Forced: true}}, 21, weekdays(), "2026-12-14"},
	} {
		test.calendar.Terms = test.terms
		decision := mustDecide(t, Rules{{ID: "site", Terms: Terms{LoanDays: &test.days}}}, test.calendar, child, ItemView{})
		if decision.Due.String() != test.want {
			t.Errorf("%s: due %s, want %s", name, decision.Due, test.want)
		}
		byTerm := decision.Why.Key == "why.term"
		if byTerm != (decision.Rule.ID == "") {
			t.Errorf("%s: %s by row %q", name, decision.Why.Key, decision.Rule.ID)
		}
		if why := decision.Why.In(say.English); byTerm && decision.Due == friday && why != "Everything comes back by the end of the term: Friday, December 4." {
			t.Errorf("%s: %q", name, why)
		}
	}
}

func TestInTermOfOpenLoans(t *testing.T) {
	end := mustDay(t, "2026-12-18")
	calendar := weekdays()
	calendar.Terms = []TermEnd{{Day: mustDay(t, "2026-10-02")}, {Day: end}}
	for name, test := range map[string]struct {
		term     TermEnd
		out, due string
		want     string // empty: not touched
	}{
		"later than the ceiling":            {TermEnd{Day: end}, "2026-12-07", "2026-12-28", "2026-12-18"},
		"before the ceiling":                {TermEnd{Day: end}, "2026-11-23", "2026-12-14", ""},
		"on the ceiling":                    {TermEnd{Day: end}, "2026-11-23", "2026-12-18", ""},
		"forced, earlier":                   {TermEnd{Day: end, Forced: true}, "2026-11-23", "2026-12-14", "2026-12-18"},
		"forced, later":                     {TermEnd{Day: end, Forced: true}, "2026-12-07", "2026-12-28", "2026-12-18"},
		"forced, the same":                  {TermEnd{Day: end, Forced: true}, "2026-12-07", "2026-12-18", ""},
		"made on the term's day":            {TermEnd{Day: end, Forced: true}, "2026-12-18", "2027-01-08", ""},
		"made after it":                     {TermEnd{Day: end, Forced: true}, "2026-12-21", "2027-01-08", ""},
		"made before Starts":                {TermEnd{Starts: mustDay(t, "2026-12-01"), Day: end}, "2026-11-30", "2026-12-28", ""},
		"made on Starts":                    {TermEnd{Starts: mustDay(t, "2026-12-01"), Day: end}, "2026-12-01", "2026-12-28", "2026-12-18"},
		"made in the term before":           {TermEnd{Day: end, Forced: true}, "2026-10-01", "2026-10-02", ""},
		"made on the day of the one before": {TermEnd{Day: end, Forced: true}, "2026-10-02", "2026-10-23", "2026-12-18"},
		"ends on a Sunday":                  {TermEnd{Starts: mustDay(t, "2026-12-01"), Day: end + 2}, "2026-12-07", "2026-12-28", "2026-12-18"},
		"no open day in between":            {TermEnd{Day: end + 2}, "2026-12-18", "2026-12-28", ""},
	} {
		got, moved := calendar.InTerm(test.term, mustDay(t, test.out), mustDay(t, test.due))
		if moved != (test.want != "") || got.String() != test.want {
			t.Errorf("%s: %s %v, want %q", name, got, moved, test.want)
		}
	}
}

// What a term end entered late makes of a loan is what it would have got, had the term been known: applying it again changes nothing.
func TestALateTermIsAsOneEnteredEarly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := anyCalendar(t)
		if len(calendar.Terms) == 0 {
			t.Skip("no term")
		}
		early := mustDecide(t, nil, calendar, child, ItemView{}).Due
		without := calendar
		without.Terms = nil
		late := mustDecide(t, nil, without, child, ItemView{}).Due
		if term, ok := calendar.termFor(monday); ok {
			if due, moved := calendar.InTerm(term, monday, late); moved {
				late = due
			}
			if again, moved := calendar.InTerm(term, monday, late); moved {
				t.Fatalf("%s moved again to %s", late, again)
			}
		}
		if early != late {
			t.Fatalf("early %s, late %s", early, late)
		}
		if !calendar.IsOpen(late) || late <= monday {
			t.Fatalf("due %s", late)
		}
	})
}

// Those who leave the school bring their books back before the others.
func TestTermOfOneGrade(t *testing.T) {
	early, late := mustDay(t, "2026-12-04"), mustDay(t, "2026-12-18")
	days := 28
	rules := Rules{{ID: "site", Terms: Terms{LoanDays: &days}}}
	calendar := weekdays()
	calendar.Terms = []TermEnd{{Day: early, Grade: "8"}, {Starts: monday - 60, Day: late}}
	if err := calendar.Validate(monday); err != nil {
		t.Fatal(err)
	}
	for grade, want := range map[string]Day{"8": early, "7": late, "": late} {
		patron := child
		patron.Grade = grade
		if decision := mustDecide(t, rules, calendar, patron, ItemView{}); decision.Due != want {
			t.Errorf("grade %q: due %s, want %s", grade, decision.Due, want)
		}
	}
	calendar.Terms = append(calendar.Terms, TermEnd{Day: early, Grade: "8"})
	if err := calendar.Validate(monday); err == nil {
		t.Error("two ends of one grade on one day")
	}
	// A forced end of everybody is not for loans that came back earlier.
	calendar.Terms = []TermEnd{{Day: early, Grade: "8"}, {Day: late, Forced: true}}
	if _, moved := calendar.For("8").InTerm(calendar.Terms[1], monday, early); moved {
		t.Error("the end of everybody moved a loan that the grade's own end governs")
	}
}
