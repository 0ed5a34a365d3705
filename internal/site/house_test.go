package site_test

import (
	"testing"

	"carrel/collections"
	"carrel/internal/site"
	"carrel/internal/testkit"
)

// A house kept in memory follows changes of this process and of another one.
func TestWatchedHouseFollowsChanges(t *testing.T) {
	app := testkit.App(t)
	site.Watch(app)
	limit := func() int {
		t.Helper()
		house, err := site.Open(app)
		if err != nil {
			t.Fatal(err)
		}
		if house.Rules[0].Terms.LoanLimit == nil {
			return 0
		}
		return *house.Rules[0].Terms.LoanLimit
	}
	if limit() != 0 {
		t.Fatal("a fresh library has a limit")
	}
	rules, err := collections.All[collections.LoanRule](app, "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	rules[0].Terms = []byte(`{"loan_limit": 3}`)
	if err := collections.Update(app, rules[0]); err != nil {
		t.Fatal(err)
	}
	if limit() != 3 {
		t.Error("a change of this process was not seen")
	}
	other := testkit.Open(t, app.DataDir())
	rules[0].Terms = []byte(`{"loan_limit": 5}`)
	if err := collections.Update(other, rules[0]); err != nil {
		t.Fatal(err)
	}
	if limit() != 5 {
		t.Error("a change of another process was not seen")
	}
}
