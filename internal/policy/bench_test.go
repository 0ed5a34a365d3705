package policy

import (
	"fmt"
	"testing"
)

// BenchmarkDecide compares a check-out under a full school's rules with one under none.
func BenchmarkDecide(b *testing.B) {
	calendar := weekdays()
	for i := range 60 {
		calendar.Closed[monday.Add(10*i)] = "Holiday"
	}
	item := ItemView{Type: "item7", Title: "t1", Author: "poe", Tags: []string{"ghosts", "war"}, Free: 1}
	full := child
	full.Type = "patron7"
	var rules Rules
	for i := range 200 {
		rules = append(rules, Rule{
			ID: fmt.Sprint(i), PatronType: fmt.Sprintf("patron%d", i/14), ItemType: fmt.Sprintf("item%d", i%14),
			Terms: Terms{LoanDays: ptr(14), TypeLimit: ptr(50), TitleLimit: ptr(3)},
		})
	}
	rules[0] = Rule{ID: "site", Terms: Terms{LoanDays: ptr(21), LoanLimit: ptr(99), OverdueLimit: ptr(40), FeeLimit: ptr(500)}}
	for i := range 30 {
		full.Open = append(full.Open, OpenLoan{Due: monday + Day(i-5), ItemType: "item7", Title: fmt.Sprint("t", i+2)})
	}
	for i := range 10 {
		full.Restrictions = append(full.Restrictions, Restriction{RestrictDeny, RestrictTag, fmt.Sprint("tag", i)})
	}
	for _, bench := range []struct {
		name   string
		rules  Rules
		patron PatronView
	}{{"none", nil, child}, {"full", rules, full}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				decision, err := DecideCheckOut(bench.rules, calendar, bench.patron, item, monday)
				if err != nil || len(decision.Refusals) > 0 {
					b.Fatal(err, codesOf(decision))
				}
			}
		})
	}
}
