package policy

import (
	"errors"
	"strings"
	"testing"
	"time"

	"carrel/internal/fault"
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

func mustDay(t testing.TB, text string) Day {
	t.Helper()
	day, err := ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func mustDecide(t rapid.TB, rules Rules, calendar Calendar, patron PatronView, item ItemView) Decision {
	t.Helper()
	decision, err := DecideCheckOut(rules, calendar, patron, item, monday)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

func codesOf(decision Decision) []Code {
	var codes []Code
	for _, refusal := range decision.Refusals {
		codes = append(codes, refusal.Code)
	}
	return codes
}

// checkRefusals compares the codes, and reads every sentence in both languages.
func checkRefusals(t *testing.T, decision Decision, want []Code) {
	t.Helper()
	if diff := cmp.Diff(want, codesOf(decision)); diff != "" {
		t.Error(diff)
	}
	for _, refusal := range decision.Refusals {
		checkSaid(t, refusal.Text)
	}
}

// checkSaid fails on a sentence that is missing or whose arguments do not fit.
func checkSaid(t *testing.T, text say.Text) {
	t.Helper()
	for _, lang := range []say.Lang{say.English, say.Spanish} {
		if said := text.In(lang); said == text.Key || strings.Contains(said, "%!") || strings.Contains(said, "why.") || strings.Contains(said, "rule.") {
			t.Errorf("%s in %s: %q", text.Key, lang, said)
		}
	}
}

// checkInvalid wants a fault.Invalid at field with a sentence; no field wants no error.
func checkInvalid(t *testing.T, err error, field string) {
	t.Helper()
	if field == "" {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return
	}
	var invalid *fault.Error
	if !errors.As(err, &invalid) {
		t.Errorf("%v is not a fault", err)
		return
	}
	if invalid.Code != fault.Invalid || invalid.Field != field {
		t.Errorf("%s at %q, want invalid at %q: %v", invalid.Code, invalid.Field, field, err)
	}
	checkSaid(t, invalid.Text)
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
	for range rapid.IntRange(0, 3).Draw(t, "extra days") {
		calendar.Open[monday+Day(rapid.IntRange(0, 120).Draw(t, "extra day"))] = "Book fair"
	}
	day := monday
	for range rapid.IntRange(0, 3).Draw(t, "terms") {
		term := TermEnd{Day: day + Day(rapid.IntRange(1, 90).Draw(t, "term")), Forced: rapid.Bool().Draw(t, "forced")}
		if rapid.Bool().Draw(t, "has a start") {
			term.Starts = Day(rapid.IntRange(int(day)-20, int(term.Day)).Draw(t, "starts"))
		}
		calendar.Terms = append(calendar.Terms, term)
		day = term.Day
	}
	if rapid.Bool().Draw(t, "has a cycle") {
		calendar.Cycles = []Cycle{{From: monday - 30, Until: monday + 200, Labels: []string{"A", "B", "C"}}}
	}
	return calendar
}

var (
	anyPatronType = rapid.SampledFrom([]string{"student", "teacher", "staff"})
	anyItemType   = rapid.SampledFrom([]string{"book", "laptop", "dvd"})
)

// anyRule draws a row of terms that its scope may set.
func anyRule(t *rapid.T) Rule {
	rule := Rule{
		PatronType: rapid.SampledFrom([]string{"", "student", "teacher", "staff"}).Draw(t, "rule patron"),
		ItemType:   rapid.SampledFrom([]string{"", "book", "laptop", "dvd"}).Draw(t, "rule item"),
	}
	rule.ID = rule.PatronType + "/" + rule.ItemType
	maybe := func(most int) *int {
		return rapid.Ptr(rapid.IntRange(0, most), true).Draw(t, "value")
	}
	rule.Terms = Terms{
		ForLoan: rapid.Ptr(rapid.Bool(), true).Draw(t, "for loan"), LoanDays: maybe(60),
		DueMode:    rapid.Ptr(rapid.SampledFrom(dueModes), true).Draw(t, "mode"),
		TitleLimit: maybe(2), RenewalLimit: maybe(3), HoldAllowed: rapid.Ptr(rapid.Bool(), true).Draw(t, "holds"),
		FeePerDay: maybe(50), FeeGrace: maybe(5), FeeCap: maybe(500), LostFee: maybe(3000), ProcessingFee: maybe(500),
	}
	if rule.ItemType != "" {
		rule.Terms.TypeLimit = maybe(4)
		return rule
	}
	rule.Terms.LoanLimit, rule.Terms.OverdueLimit, rule.Terms.FeeLimit = maybe(5), maybe(3), maybe(500)
	rule.Terms.ClaimLimit, rule.Terms.HoldLimit = maybe(3), maybe(3)
	return rule
}

// anyRules draws a matrix in which no two rows have one scope.
func anyRules(t *rapid.T) Rules {
	return rapid.SliceOfNDistinct(rapid.Custom(anyRule), 0, 10, func(rule Rule) string { return rule.ID }).Draw(t, "rules")
}

func anyPatron(t *rapid.T) PatronView {
	patron := PatronView{
		ID: "p1", Type: anyPatronType.Draw(t, "patron type"), Active: rapid.Bool().Draw(t, "active"),
		Expires: rapid.SampledFrom([]Day{0, monday - 1, monday}).Draw(t, "expires"), Block: rapid.SampledFrom([]string{"", "See the office"}).Draw(t, "block"),
		Owed: rapid.IntRange(0, 600).Draw(t, "owed"), Claims: rapid.IntRange(0, 4).Draw(t, "claims"),
		Library: rapid.SampledFrom([]LibraryDays{nil, {"tue"}, {"A"}, {"Z"}, {"mon", "B"}}).Draw(t, "library days"),
		Holds:   rapid.SliceOfN(rapid.SampledFrom([]string{"t1", "t2", "t3"}), 0, 3).Draw(t, "holds"),
	}
	for range rapid.IntRange(0, 5).Draw(t, "loans") {
		patron.Open = append(patron.Open, anyLoanDrawn(t))
	}
	for range rapid.IntRange(0, 3).Draw(t, "restrictions") {
		patron.Restrictions = append(patron.Restrictions, anyRestriction(t))
	}
	return patron
}

func anyLoanDrawn(t *rapid.T) OpenLoan {
	return OpenLoan{
		Due: monday + Day(rapid.IntRange(-20, 20).Draw(t, "due")), ItemType: anyItemType.Draw(t, "loan type"),
		Title: rapid.SampledFrom([]string{"t1", "t2"}).Draw(t, "loan title"), Claimed: rapid.Bool().Draw(t, "claimed"),
	}
}

func anyRestriction(t *rapid.T) Restriction {
	scope := rapid.SampledFrom([]string{RestrictAll, RestrictTitle, RestrictTag, RestrictAuthor, RestrictSeries}).Draw(t, "scope")
	value := map[string]string{RestrictTitle: "t1", RestrictTag: "war", RestrictAuthor: "poe", RestrictSeries: "wings"}[scope]
	return Restriction{Mode: rapid.SampledFrom([]string{RestrictDeny, RestrictAllow, RestrictAsk}).Draw(t, "mode"), Scope: scope, Value: value}
}

func anyItem(t *rapid.T) ItemView {
	return ItemView{
		Type: anyItemType.Draw(t, "item type"), Title: rapid.SampledFrom([]string{"t1", "t2"}).Draw(t, "title"),
		Author: rapid.SampledFrom([]string{"", "poe"}).Draw(t, "author"), Series: rapid.SampledFrom([]string{"", "wings"}).Draw(t, "series"),
		Tags: rapid.SampledFrom([][]string{nil, {"war"}}).Draw(t, "tags"), Withdrawn: rapid.Bool().Draw(t, "withdrawn"),
		NotForLoan: rapid.Bool().Draw(t, "not for loan"), OnLoan: rapid.Bool().Draw(t, "on loan"),
		LoanedTo: rapid.SampledFrom([]string{"", "p1", "p2"}).Draw(t, "loaned to"), HeldFor: rapid.SampledFrom([]string{"", "p1", "p2"}).Draw(t, "held for"),
		Waiting: rapid.IntRange(0, 3).Draw(t, "waiting"), Free: rapid.IntRange(0, 3).Draw(t, "free"),
	}
}
