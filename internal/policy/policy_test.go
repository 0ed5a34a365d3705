package policy

import (
	"testing"
	"time"

	"carrel/internal/say"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func ptr[V any](value V) *V { return &value }

func weekdays() Calendar {
	return Calendar{Week: SchoolWeek, Closed: map[Day]string{}, Open: map[Day]string{}, Zone: time.UTC}
}

var (
	monday = Date(2026, time.November, 23)
	child  = PatronView{ID: "p1", Type: "student", Active: true}
)

func TestDueDate(t *testing.T) {
	thanksgiving := weekdays()
	thanksgiving.Closed[Date(2026, time.November, 26)] = "Thanksgiving"
	thanksgiving.Closed[Date(2026, time.November, 27)] = "Thanksgiving"
	openSaturday := weekdays()
	openSaturday.Open[Date(2026, time.November, 28)] = "Book fair"
	term := weekdays()
	term.Terms = []TermEnd{{Day: Date(2026, time.December, 4)}}
	weekendTerm := weekdays()
	weekendTerm.Terms = []TermEnd{{Day: Date(2026, time.December, 6)}}
	forced := weekdays()
	forced.Terms = []TermEnd{{Day: Date(2026, time.December, 18), Forced: true}}
	past := weekdays()
	past.Terms = []TermEnd{{Day: monday}}
	for name, test := range map[string]struct {
		calendar Calendar
		terms    Terms
		want     string
		why      string
	}{
		"no rule at all":         {weekdays(), Terms{}, "2026-12-14", "21 days, by the rule for the whole library, gives Monday, December 14."},
		"moves over the weekend": {weekdays(), Terms{LoanDays: ptr(5)}, "2026-11-30", "5 days, by the rule for the whole library. That day is closed, so it moves to the next open day: Monday, November 30."},
		"moves over a holiday":   {thanksgiving, Terms{LoanDays: ptr(3)}, "2026-11-30", ""},
		"counts open days only":  {thanksgiving, Terms{LoanDays: ptr(3), DueMode: ptr(DueSkipClosed)}, "2026-11-30", "3 open days, by the rule for the whole library, gives Monday, November 30."},
		"open against the week":  {openSaturday, Terms{LoanDays: ptr(5)}, "2026-11-28", ""},
		"one day":                {weekdays(), Terms{LoanDays: ptr(1)}, "2026-11-24", "1 day, by the rule for the whole library, gives Tuesday, November 24."},
		"ceiling shortens":       {term, Terms{LoanDays: ptr(21)}, "2026-12-04", "Everything comes back by the end of the term: Friday, December 4."},
		"ceiling leaves shorter": {term, Terms{LoanDays: ptr(7)}, "2026-11-30", ""},
		"term ends on a Sunday":  {weekendTerm, Terms{LoanDays: ptr(21)}, "2026-12-04", ""},
		"forced lengthens":       {forced, Terms{LoanDays: ptr(7)}, "2026-12-18", ""},
		"a term that ends today": {past, Terms{LoanDays: ptr(7)}, "2026-11-30", ""},
	} {
		decision, err := DecideCheckOut(Rules{{Terms: test.terms}}, test.calendar, child, ItemView{}, monday)
		if err != nil || decision.Due.String() != test.want {
			t.Errorf("%s: due %s, want %s (%v)", name, decision.Due, test.want, err)
		}
		if why := decision.Why.In(say.English); test.why != "" && why != test.why {
			t.Errorf("%s: %q", name, why)
		}
	}
}

func TestMostSpecificRowWins(t *testing.T) {
	rules := Rules{
		{ID: "site", Terms: Terms{LoanDays: ptr(21), LoanLimit: ptr(5)}},
		{ID: "patron", PatronType: "teacher", Terms: Terms{LoanDays: ptr(90), LoanLimit: ptr(50)}},
		{ID: "item", ItemType: "laptop", Terms: Terms{LoanDays: ptr(1)}},
		{ID: "both", PatronType: "teacher", ItemType: "laptop", Terms: Terms{LoanDays: ptr(10)}},
	}
	for _, test := range []struct {
		patron, item string
		days, limit  string
	}{
		{"student", "book", "site", "site"},
		{"teacher", "book", "patron", "patron"},
		{"student", "laptop", "item", "site"},
		{"teacher", "laptop", "both", "patron"}, // each value is decided on its own
	} {
		_, days := pick(rules, test.patron, test.item, func(t Terms) *int { return t.LoanDays })
		_, limit := pick(rules, test.patron, test.item, func(t Terms) *int { return t.LoanLimit })
		if days.ID != test.days || limit.ID != test.limit {
			t.Errorf("%s with %s: days by %s, limit by %s", test.patron, test.item, days.ID, limit.ID)
		}
	}
}

func TestRefusals(t *testing.T) {
	rules := Rules{{Terms: Terms{LoanLimit: ptr(3), OverdueLimit: ptr(1)}}, {ItemType: "laptop", Terms: Terms{TypeLimit: ptr(1)}}, {ItemType: "atlas", Terms: Terms{ForLoan: ptr(false)}}}
	for name, test := range map[string]struct {
		patron PatronView
		item   ItemView
		want   []Code
	}{
		"nothing":            {child, ItemView{}, nil},
		"withdrawn":          {child, ItemView{Withdrawn: true}, []Code{ItemWithdrawn}},
		"item not for loan":  {child, ItemView{NotForLoan: true}, []Code{ItemNotForLoan}},
		"type not for loan":  {child, ItemView{Type: "atlas"}, []Code{ItemNotForLoan}},
		"on loan":            {child, ItemView{OnLoan: true, LoanedTo: "p2"}, []Code{ItemOnLoan}},
		"on loan, unlinked":  {child, ItemView{OnLoan: true}, []Code{ItemOnLoan}},
		"on loan to them":    {child, ItemView{OnLoan: true, LoanedTo: "p1"}, []Code{ItemOnLoanToPatron}},
		"blocked":            {PatronView{ID: "p1", Active: true, Block: "x"}, ItemView{}, []Code{PatronBlocked}},
		"left":               {PatronView{ID: "p1"}, ItemView{}, []Code{PatronExpired}},
		"expired yesterday":  {PatronView{ID: "p1", Active: true, Expires: monday - 1}, ItemView{}, []Code{PatronExpired}},
		"expires today":      {PatronView{ID: "p1", Active: true, Expires: monday}, ItemView{}, nil},
		"one late":           {PatronView{ID: "p1", Active: true, Dues: []Day{monday - 10}}, ItemView{}, []Code{PatronOverdue}},
		"due on Friday":      {PatronView{ID: "p1", Active: true, Dues: []Day{monday - 3}}, ItemView{}, []Code{PatronOverdue}},
		"due today":          {PatronView{ID: "p1", Active: true, Dues: []Day{monday}}, ItemView{}, nil},
		"at the limit":       {PatronView{ID: "p1", Active: true, OpenLoans: 3}, ItemView{}, []Code{LoanLimit}},
		"at the type limit":  {PatronView{ID: "p1", Active: true, OpenLoans: 1, OfType: 1}, ItemView{Type: "laptop"}, []Code{TypeLimit}},
		"everything at once": {PatronView{ID: "p1", Block: "x", OpenLoans: 9, OfType: 9, Dues: []Day{1}}, ItemView{Type: "laptop", Withdrawn: true, NotForLoan: true, OnLoan: true}, []Code{ItemWithdrawn, ItemNotForLoan, ItemOnLoan, PatronBlocked, PatronExpired, PatronOverdue, LoanLimit, TypeLimit}},
	} {
		decision, err := DecideCheckOut(rules, weekdays(), test.patron, test.item, monday)
		if err != nil {
			t.Fatal(err)
		}
		var got []Code
		for _, refusal := range decision.Refusals {
			got = append(got, refusal.Code)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// A loan is overdue from the next open day after its due date.
func TestOverdue(t *testing.T) {
	friday := monday - 3
	for today, want := range map[Day]bool{friday: false, friday + 1: false, friday + 2: false, monday: true, monday + 1: true} {
		if got := weekdays().Overdue(friday, today); got != want {
			t.Errorf("due %s, today %s: %v", friday, today, got)
		}
	}
}

func TestNeverOpen(t *testing.T) {
	if _, err := DecideCheckOut(nil, Calendar{}, child, ItemView{}, monday); err == nil {
		t.Error("a calendar with no open day gave a due date")
	}
}

func TestParseTerms(t *testing.T) {
	for _, bad := range []string{`{"loan_dayz": 3}`, `{"loan_days": -1}`, `{"loan_days": "x"}`, `{"due_mode": "maybe"}`, `[]`} {
		if _, err := ParseTerms([]byte(bad)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	for _, good := range []string{``, `null`, `{}`, `{"loan_days": 0, "due_mode": "skip_closed"}`} {
		if _, err := ParseTerms([]byte(good)); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

func TestDayAcrossDaylightSaving(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Date(2026, time.March, 7, 23, 30, 0, 0, zone) // clocks go forward that night
	if got := DayOf(before, zone).Add(1).String(); got != "2026-03-08" {
		t.Error(got)
	}
	if got := DayOf(before.Add(time.Hour), zone).String(); got != "2026-03-08" {
		t.Error(got)
	}
}

// anyCalendar draws calendars that are open at least one day a week.
func anyCalendar(t *rapid.T) Calendar {
	calendar := Calendar{Closed: map[Day]string{}, Open: map[Day]string{}, Zone: time.UTC}
	for i := range calendar.Week {
		calendar.Week[i] = rapid.Bool().Draw(t, "open")
	}
	calendar.Week[rapid.IntRange(0, 6).Draw(t, "weekday")] = true
	for range rapid.IntRange(0, 30).Draw(t, "holidays") {
		calendar.Closed[monday+Day(rapid.IntRange(0, 120).Draw(t, "holiday"))] = "Holiday"
	}
	day := monday
	for range rapid.IntRange(0, 3).Draw(t, "terms") {
		day += Day(rapid.IntRange(1, 90).Draw(t, "term"))
		calendar.Terms = append(calendar.Terms, TermEnd{Day: day, Forced: rapid.Bool().Draw(t, "forced")})
	}
	return calendar
}

func TestADueDateIsAnOpenDayAhead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := anyCalendar(t)
		mode := rapid.SampledFrom([]string{DueNextOpen, DueSkipClosed}).Draw(t, "mode")
		terms := Terms{LoanDays: ptr(rapid.IntRange(1, 60).Draw(t, "days")), DueMode: &mode}
		decision, err := DecideCheckOut(Rules{{Terms: terms}}, calendar, child, ItemView{}, monday)
		if err != nil {
			t.Fatal(err)
		}
		if !calendar.IsOpen(decision.Due) || decision.Due <= monday {
			t.Fatalf("due %s", decision.Due)
		}
		if term, ok := calendar.termFrom(monday + 1); ok && decision.Due > term.Day && calendar.previousOpen(term.Day, monday) != 0 {
			t.Fatalf("due %s is after the term end %s", decision.Due, term.Day)
		}
	})
}

// Adding a reason to refuse never removes another.
func TestRefusalsOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{{Terms: Terms{LoanLimit: ptr(rapid.IntRange(0, 3).Draw(t, "limit")), OverdueLimit: ptr(1)}}}
		patron := PatronView{ID: "p1", Active: rapid.Bool().Draw(t, "active"), OpenLoans: rapid.IntRange(0, 4).Draw(t, "loans")}
		item := ItemView{NotForLoan: rapid.Bool().Draw(t, "not for loan"), OnLoan: rapid.Bool().Draw(t, "on loan")}
		before, err := DecideCheckOut(rules, weekdays(), patron, item, monday)
		if err != nil {
			t.Fatal(err)
		}
		patron.Block, patron.Dues, item.Withdrawn = "block", []Day{1}, true
		after, err := DecideCheckOut(rules, weekdays(), patron, item, monday)
		if err != nil {
			t.Fatal(err)
		}
		have := map[Code]bool{}
		for _, refusal := range after.Refusals {
			have[refusal.Code] = true
		}
		for _, refusal := range before.Refusals {
			if !have[refusal.Code] {
				t.Fatalf("%s is gone", refusal.Code)
			}
		}
	})
}

func TestDayText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := Day(rapid.IntRange(1, 40000).Draw(t, "day"))
		back, err := ParseDay(day.String())
		if err != nil || back != day {
			t.Fatalf("%s came back as %s (%v)", day, back, err)
		}
	})
}
