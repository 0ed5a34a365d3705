package desk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/tools/types"
)

func pick[V any](dice *rand.Rand, from ...V) V { return from[dice.IntN(len(from))] }

// TestStandings holds what is read for many at once to what the desk says of each.
func TestStandings(t *testing.T) {
	now, dice := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC), rand.New(rand.NewPCG(1, 2))
	lib := testkit.NewLibrary(t)
	lib.Rule("", "", `{"loan_days": 21, "loan_limit": 2, "overdue_limit": 1, "fee_limit_cents": 500}`)
	var ids []string
	for i := range 40 {
		patron := lib.Patron(fmt.Sprint("P", i, "x"))
		patron.Block = pick(dice, "", "", "", "See me")
		patron.Expires = pick(dice, 0, 0, policy.DayOf(now, time.UTC)-9, policy.DayOf(now, time.UTC)+9)
		lib.Save(patron)
		someLoans(lib, patron, now, dice)
		ids = append(ids, patron.ID)
	}
	slices.Reverse(ids)
	for _, fees := range []bool{false, true} {
		if err := site.SaveFees(lib.App, site.Fees{On: fees, Currency: "USD"}); err != nil {
			t.Fatal(err)
		}
		patrons, err := desk.PatronsByID(lib.App, ids)
		if err != nil {
			t.Fatal(err)
		}
		standings, err := desk.Standings(lib.App, patrons, now)
		if err != nil {
			t.Fatal(err)
		}
		var held []string
		for i, standing := range standings {
			if patrons[i].ID != ids[i] {
				t.Fatal("they are in another order")
			}
			if diff := cmp.Diff(oneByOne(lib, patrons[i], now), standing); diff != "" {
				t.Errorf("%s: %s", patrons[i].Barcode, diff)
			}
			if standing.Held() {
				held = append(held, ids[i])
			}
		}
		all, err := desk.HeldPatrons(lib.App, now)
		slices.Sort(all)
		slices.Sort(held)
		if diff := cmp.Diff(held, all); diff != "" || err != nil || len(held) < 10 || len(held) > 35 {
			t.Errorf("%d are held: %s %v", len(held), diff, err)
		}
	}
}

// someLoans gives a patron loans, some of them late, claimed or begun today, and perhaps a charge.
func someLoans(lib testkit.Library, patron collections.Patron, now time.Time, dice *rand.Rand) {
	lib.T.Helper()
	for i := range dice.IntN(4) {
		out, err := types.ParseDateTime(now.AddDate(0, 0, -dice.IntN(3)))
		if err != nil {
			lib.T.Fatal(err)
		}
		_, err = collections.Insert(lib.App, collections.Loan{
			Item: lib.Item(fmt.Sprint(patron.Barcode, i)).ID, Patron: patron.ID, State: collections.LoanOpen, OutAt: out,
			Due: policy.DayOf(now, time.UTC).Add(dice.IntN(20) - 4), Claim: pick(dice, "", "", "returned"),
		})
		if err != nil {
			lib.T.Fatal(err)
		}
	}
	if cents := pick(dice, 0, 0, 100, 700); cents > 0 {
		if _, err := collections.Insert(lib.App, collections.Fee{Patron: patron.ID, State: "open", Reason: "other", Cents: cents}); err != nil {
			lib.T.Fatal(err)
		}
	}
}

// oneByOne is how a patron stands by what the desk answers for one.
func oneByOne(lib testkit.Library, patron desk.Borrower, now time.Time) (stands desk.Standing) {
	lib.T.Helper()
	check := func(err error) {
		lib.T.Helper()
		if err != nil {
			lib.T.Fatal(err)
		}
	}
	calendar, err := site.Calendar(lib.App)
	check(err)
	today := policy.DayOf(now, calendar.Zone)
	stands.Left, err = desk.Left(lib.App, patron)
	check(err)
	stands.Blocks, err = desk.Blocks(lib.App, patron, today)
	check(err)
	loans, err := collections.All[collections.Loan](lib.App, "patron = '"+patron.ID+"'", "", nil)
	check(err)
	stands.Loans = len(loans)
	for _, loan := range loans {
		if loan.Claim == "" && calendar.Overdue(loan.Due, today) {
			stands.Late++
		}
		if policy.DayOf(loan.OutAt.Time(), calendar.Zone) == today {
			stands.Today++
		}
	}
	return stands
}
