package policy

import (
	"errors"
	"testing"
	"time"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

func TestDueDate(t *testing.T) {
	thanksgiving := weekdays()
	thanksgiving.Closed[Date(2026, time.November, 26)] = "Thanksgiving"
	thanksgiving.Closed[Date(2026, time.November, 27)] = "Thanksgiving"
	openSaturday := weekdays()
	openSaturday.Open[Date(2026, time.November, 28)] = "Book fair"
	saturdayBoth := weekdays()
	saturdayBoth.Open[Date(2026, time.November, 27)] = "Book fair"
	saturdayBoth.Closed[Date(2026, time.November, 27)] = "Thanksgiving"
	cycle := weekdays()
	cycle.Cycles = []Cycle{{From: monday, Until: monday + 100, Labels: []string{"A", "B", "C"}}}
	cycle.Closed[Date(2026, time.November, 25)] = "Storm"
	const site = "by the rule for the whole library"
	for name, test := range map[string]struct {
		calendar Calendar
		terms    Terms
		library  LibraryDays
		want     string
		why      string
	}{
		"no rule at all":         {weekdays(), Terms{}, nil, "2026-12-14", "21 days, " + site + ", gives Monday, December 14."},
		"moves over the weekend": {weekdays(), Terms{LoanDays: ptr(5)}, nil, "2026-11-30", "5 days, " + site + ". That day is closed, so it moves to the next open day: Monday, November 30."},
		"moves over a holiday":   {thanksgiving, Terms{LoanDays: ptr(3)}, nil, "2026-11-30", ""},
		"counts open days only":  {thanksgiving, Terms{LoanDays: ptr(3), DueMode: ptr(DueSkipClosed)}, nil, "2026-11-30", "3 open days, " + site + ", gives Monday, November 30."},
		"one open day":           {weekdays(), Terms{LoanDays: ptr(1), DueMode: ptr(DueSkipClosed)}, nil, "2026-11-24", "1 open day, " + site + ", gives Tuesday, November 24."},
		"open against the week":  {openSaturday, Terms{LoanDays: ptr(5)}, nil, "2026-11-28", ""},
		"open beats closed":      {saturdayBoth, Terms{LoanDays: ptr(4)}, nil, "2026-11-27", ""},
		"one day":                {weekdays(), Terms{LoanDays: ptr(1)}, nil, "2026-11-24", "1 day, " + site + ", gives Tuesday, November 24."},
		"the same day":           {weekdays(), Terms{LoanDays: ptr(0)}, nil, "2026-11-23", "0 days, " + site + ", gives Monday, November 23."},

		"next time the class comes":    {weekdays(), Terms{LoanDays: ptr(1), DueMode: ptr(DueLibraryDay)}, LibraryDays{"thu"}, "2026-11-26", "At least 1 day, " + site + ", and then until the class next comes to the library: Thursday, November 26."},
		"today is no next time":        {weekdays(), Terms{LoanDays: ptr(1), DueMode: ptr(DueLibraryDay)}, LibraryDays{"mon"}, "2026-11-30", ""},
		"library day after a week":     {weekdays(), Terms{LoanDays: ptr(7), DueMode: ptr(DueLibraryDay)}, LibraryDays{"tue"}, "2026-12-01", ""},
		"the earlier of two":           {weekdays(), Terms{LoanDays: ptr(1), DueMode: ptr(DueLibraryDay)}, LibraryDays{"fri", "wed"}, "2026-11-25", ""},
		"library day on a holiday":     {thanksgiving, Terms{LoanDays: ptr(1), DueMode: ptr(DueLibraryDay)}, LibraryDays{"thu"}, "2026-12-03", ""},
		"library day by a cycle":       {cycle, Terms{LoanDays: ptr(1), DueMode: ptr(DueLibraryDay)}, LibraryDays{"c"}, "2026-11-26", ""},
		"days from another row":        {weekdays(), Terms{LoanDays: ptr(0), DueMode: ptr(DueLibraryDay)}, LibraryDays{"mon"}, "2026-11-30", ""},
		"no homeroom":                  {weekdays(), Terms{LoanDays: ptr(5), DueMode: ptr(DueLibraryDay)}, nil, "2026-11-30", "5 days, " + site + ". That day is closed, so it moves to the next open day: Monday, November 30."},
		"a label the calendar has not": {weekdays(), Terms{LoanDays: ptr(1), DueMode: ptr(DueLibraryDay)}, LibraryDays{"A"}, "2026-11-24", "1 day, " + site + ", gives Tuesday, November 24."},
	} {
		t.Run(name, func(t *testing.T) {
			patron := child
			patron.Library = test.library
			decision := mustDecide(t, Rules{{Terms: test.terms}}, test.calendar, patron, ItemView{})
			if decision.Due.String() != test.want {
				t.Errorf("due %s, want %s", decision.Due, test.want)
			}
			checkSaid(t, decision.Why)
			if why := decision.Why.In(say.English); test.why != "" && why != test.why {
				t.Errorf("%q, want %q", why, test.why)
			}
		})
	}
}

// The sentence names the row that set the days.
func TestWhyDueNamesTheRow(t *testing.T) {
	for name, test := range map[string]struct {
		rule   Rule
		en, es string
	}{
		"patron":             {Rule{PatronType: "student", PatronName: "Student"}, "7 days, by the rule for Student, gives Monday, November 30.", "7 días, según la regla para Student: lunes 30 de noviembre."},
		"item":               {Rule{ItemType: "laptop", ItemName: "Laptop"}, "7 days, by the rule for Laptop, gives Monday, November 30.", ""},
		"both":               {Rule{PatronType: "student", ItemType: "laptop", PatronName: "Student", ItemName: "Laptop"}, "7 days, by the rule for Student with Laptop, gives Monday, November 30.", "7 días, según la regla para Student con Laptop: lunes 30 de noviembre."},
		"patron, no name":    {Rule{PatronType: "student"}, "7 days, by the rule for this kind of person, gives Monday, November 30.", ""},
		"item, no name":      {Rule{ItemType: "laptop"}, "7 days, by the rule for this kind of item, gives Monday, November 30.", ""},
		"both, one name":     {Rule{PatronType: "student", ItemType: "laptop", ItemName: "Laptop"}, "7 days, by the rule for this kind of item and person, gives Monday, November 30.", ""},
		"a name with a sign": {Rule{PatronType: "student", PatronName: "100%d"}, "7 days, by the rule for 100%d, gives Monday, November 30.", ""},
	} {
		test.rule.ID, test.rule.Terms.LoanDays = name, ptr(7)
		decision := mustDecide(t, Rules{test.rule}, weekdays(), child, ItemView{Type: "laptop"})
		if got := decision.Why.In(say.English); got != test.en {
			t.Errorf("%s: %q", name, got)
		}
		if got := decision.Why.In(say.Spanish); test.es != "" && got != test.es {
			t.Errorf("%s: %q", name, got)
		}
		if decision.Rule.ID != name {
			t.Errorf("%s: the row is %q", name, decision.Rule.ID)
		}
	}
}

func TestNeverOpen(t *testing.T) {
	for _, mode := range dueModes {
		_, err := DecideCheckOut(Rules{{Terms: Terms{DueMode: &mode}}}, Calendar{}, child, ItemView{}, monday)
		if !errors.Is(err, ErrNeverOpen) {
			t.Errorf("%s on a calendar with no open day: %v", mode, err)
		}
	}
}

func TestADueDateIsAnOpenDayAhead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, rules, patron := anyCalendar(t), anyRules(t), anyPatron(t)
		terms := Terms{LoanDays: ptr(rapid.IntRange(1, 60).Draw(t, "days"))}
		rules = append(rules, Rule{PatronType: patron.Type, ItemType: "globe", Terms: terms})
		decision := mustDecide(t, rules, calendar, patron, ItemView{Type: "globe"})
		if !calendar.IsOpen(decision.Due) || decision.Due <= monday {
			t.Fatalf("due %s", decision.Due)
		}
		if term, ok := calendar.termFor(monday); ok && decision.Due > term.Day && calendar.previousOpen(term.Day, monday) != 0 {
			t.Fatalf("due %s is after the term end %s", decision.Due, term.Day)
		}
	})
}

// A library day is never sooner than asked, and nothing is skipped on the way to it.
func TestTheFirstLibraryDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := anyCalendar(t)
		calendar.Terms = nil
		days := rapid.IntRange(1, 20).Draw(t, "days")
		library := LibraryDays{rapid.SampledFrom([]string{"mon", "wed", "sun", "A", "C"}).Draw(t, "library day")}
		due, mode, err := calendar.dueBy(DueLibraryDay, days, library, monday)
		if err != nil {
			t.Fatal(err)
		}
		if due < monday.Add(days) || mode == DueLibraryDay && !calendar.IsLibraryDay(library, due) {
			t.Fatalf("due %s by %s", due, mode)
		}
		for day := monday.Add(days); day < due; day++ {
			if mode == DueLibraryDay && calendar.IsLibraryDay(library, day) {
				t.Fatalf("%s was skipped for %s", day, due)
			}
		}
	})
}
