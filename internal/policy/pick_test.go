package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMostSpecificRowWins(t *testing.T) {
	rules := Rules{
		{ID: "site", Terms: Terms{LoanDays: ptr(21), LoanLimit: ptr(5)}},
		{ID: "patron", PatronType: "teacher", Terms: Terms{LoanDays: ptr(90), LoanLimit: ptr(50)}},
		{ID: "item", ItemType: "laptop", Terms: Terms{LoanDays: ptr(1), LoanLimit: ptr(0)}},
		{ID: "both", PatronType: "teacher", ItemType: "laptop", Terms: Terms{LoanDays: ptr(10)}},
		{ID: "second site row", Terms: Terms{LoanDays: ptr(99)}},
	}
	for _, test := range []struct {
		patron, item string
		days, limit  string
	}{
		{"student", "book", "site", "site"},
		{"teacher", "book", "patron", "patron"},
		{"student", "laptop", "item", "site"},   // a limit in a row for laptops is mis-scoped and not read
		{"teacher", "laptop", "both", "patron"}, // each value is decided on its own
		{"", "", "site", "site"},
	} {
		rows := rules.matching(test.patron, test.item)
		_, days := pick(rows, func(t *Terms) *int { return t.LoanDays })
		_, limit := pick(rows.wholePatron(), func(t *Terms) *int { return t.LoanLimit })
		if days.ID != test.days || limit.ID != test.limit {
			t.Errorf("%s with %s: days by %s, limit by %s", test.patron, test.item, days.ID, limit.ID)
		}
	}
	if value, rule := pick(rules.matching("teacher", "laptop"), func(t *Terms) *int { return t.TypeLimit }); value != nil || rule.ID != "" {
		t.Errorf("a value that no row sets came from %q", rule.ID)
	}
}

// naivePick is what pick must do, written as plainly as can be: the scopes that can decide, from the narrowest on.
func naivePick(rules Rules, patronType, itemType string, value func(*Terms) *int) (*int, string) {
	for _, scope := range [][2]string{{patronType, itemType}, {"", itemType}, {patronType, ""}, {"", ""}} {
		for _, rule := range rules {
			if found := value(&rule.Terms); rule.PatronType == scope[0] && rule.ItemType == scope[1] && found != nil {
				return found, rule.ID
			}
		}
	}
	return nil, ""
}

func TestPickIsTheNaiveReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		patronType, itemType := anyPatronType.Draw(t, "patron"), anyItemType.Draw(t, "item")
		rows := rules.matching(patronType, itemType)
		for _, field := range numbers {
			want, by := naivePick(rules, patronType, itemType, field.of)
			if got, rule := pick(rows, field.of); got != want || rule.ID != by {
				t.Fatalf("%s: by %q, want %q", field.name, rule.ID, by)
			}
		}
	})
}

// A row decides nothing outside its scope, however narrow or wide the others are.
func TestARowChangesOnlyItsScope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, more := anyRules(t), anyRule(t)
		patron, item, calendar := anyPatron(t), anyItem(t), anyCalendar(t)
		if more.matches(patron.Type, item.Type) {
			t.Skip("the row is about them")
		}
		wider := append(Rules{more}, rules...)
		if diff := cmp.Diff(mustDecide(t, rules, calendar, patron, item), mustDecide(t, wider, calendar, patron, item)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(DecideHold(rules, patron, item, monday), DecideHold(wider, patron, item, monday)); diff != "" {
			t.Fatal(diff)
		}
		due, back := monday-20, monday
		if diff := cmp.Diff(LateFee(rules, calendar, patron.Type, item.Type, due, back, 0), LateFee(wider, calendar, patron.Type, item.Type, due, back, 0)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A wider row added later never takes a value from a narrower one.
func TestAWiderRowNeverDecidesForANarrowerOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		patronType, itemType := anyPatronType.Draw(t, "patron"), anyItemType.Draw(t, "item")
		for _, field := range numbers {
			value, rule := pick(rules.matching(patronType, itemType), field.of)
			if value == nil || rule.specificity() == 0 {
				continue
			}
			wider := append(Rules{{ID: "new site row", Terms: Terms{LoanDays: ptr(1), LoanLimit: ptr(1), RenewalLimit: ptr(1), TitleLimit: ptr(1)}}}, rules...)
			if _, by := pick(wider.matching(patronType, itemType), field.of); by.ID != rule.ID {
				t.Fatalf("%s: %q took it from %q", field.name, by.ID, rule.ID)
			}
		}
	})
}
