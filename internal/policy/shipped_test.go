package policy

import (
	"slices"
	"testing"
)

func shippedRules(t *testing.T, level string) Rules {
	t.Helper()
	rows, ok := Shipped(level)
	if !ok || len(rows) == 0 {
		t.Fatalf("no rules for %s", level)
	}
	var rules Rules
	for _, row := range rows {
		rules = append(rules, Rule{PatronType: row.PatronType, ItemType: row.ItemType, Terms: row.Terms})
	}
	return rules
}

func TestShippedRules(t *testing.T) {
	for _, level := range []string{"K-5", "6-8", "9-12"} {
		t.Run(level, func(t *testing.T) {
			rules := shippedRules(t, level)
			checkInvalid(t, rules.Validate(), "")
			for _, rule := range rules {
				if !slices.Contains([]string{"", "student", "teacher", "staff"}, rule.PatronType) || !slices.Contains([]string{"", "book", "reference", "magazine", "dvd", "laptop"}, rule.ItemType) {
					t.Errorf("unknown scope %q, %q", rule.PatronType, rule.ItemType)
				}
				terms := rule.Terms
				for _, fee := range []*int{terms.FeePerDay, terms.FeeGrace, terms.FeeCap, terms.FeeLimit, terms.LostFee, terms.ProcessingFee} {
					if fee != nil {
						t.Errorf("a fee of %d cents", *fee)
					}
				}
			}
			checkShipped(t, rules)
		})
	}
	if _, ok := Shipped("K-12"); ok {
		t.Error("rules for an unknown level")
	}
}

// checkShipped asks what a school expects of every level on the first day.
func checkShipped(t *testing.T, rules Rules) {
	t.Helper()
	ask := func(patronType string, item ItemView, open ...OpenLoan) Decision {
		item.Title = "t9"
		return mustDecide(t, rules, weekdays(), PatronView{ID: "p1", Type: patronType, Active: true, Library: LibraryDays{"mon"}, Open: open}, item)
	}
	for _, patronType := range []string{"student", "teacher", "staff"} {
		checkRefusals(t, ask(patronType, ItemView{Type: "book"}), nil)
		checkRefusals(t, DecideHold(rules, PatronView{Type: patronType, Active: true}, ItemView{Type: "book", Title: "t9"}, monday), nil)
		if due := ask(patronType, ItemView{Type: "laptop"}).Due; due != monday+1 {
			t.Errorf("a laptop for %s is due %s", patronType, due)
		}
		checkRefusals(t, ask(patronType, ItemView{Type: "laptop"}, OpenLoan{Due: monday, ItemType: "laptop"}), []Code{TypeLimit})
		checkRefusals(t, DecideHold(rules, PatronView{Type: patronType, Active: true}, ItemView{Type: "laptop", Title: "t9"}, monday), []Code{HoldNotAllowed})
		checkRefusals(t, DecideClaim(rules, PatronView{Type: patronType, Claims: 3}), []Code{ClaimLimit})
	}
	checkRefusals(t, ask("student", ItemView{Type: "reference"}), []Code{ItemNotForLoan})
	checkRefusals(t, ask("teacher", ItemView{Type: "book"}, loans(100, OpenLoan{Due: monday})...), nil)
	checkRefusals(t, ask("student", ItemView{Type: "book"}, loans(10, OpenLoan{Due: monday})...), []Code{LoanLimit})
	if teacher, student := ask("teacher", ItemView{Type: "book"}).Due, ask("student", ItemView{Type: "book"}).Due; teacher <= student {
		t.Errorf("teachers until %s, students until %s", teacher, student)
	}
}

func TestShippedLengths(t *testing.T) {
	for level, want := range map[string]string{"K-5": "2026-11-30", "6-8": "2026-12-07", "9-12": "2026-12-14"} {
		patron := with(func(p *PatronView) { p.Library = LibraryDays{"mon"} })
		if due := mustDecide(t, shippedRules(t, level), weekdays(), patron, ItemView{Type: "book"}).Due; due.String() != want {
			t.Errorf("%s: due %s, want %s", level, due, want)
		}
	}
}
