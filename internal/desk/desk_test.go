package desk_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

var (
	monday    = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}
	aide      = desk.Actor{Door: "staff", ID: "aide00000000001", Role: collections.Aide}
	volunteer = desk.Actor{Door: "staff", ID: "volunteer000001", Role: collections.Volunteer}
)

// library is a school in UTC with one child, one book and the contract's default rules.
func library(t testing.TB) testkit.Library {
	t.Helper()
	lib := testkit.NewLibrary(t)
	if err := site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: "UTC", Language: say.English}); err != nil {
		t.Fatal(err)
	}
	lib.Patron("P100")
	lib.Item("B100")
	return lib
}

func act(key string, by desk.Actor) desk.Act {
	return desk.Act{Key: "key-" + key + "-000", Now: monday, Actor: by}
}

func checkOut(lib testkit.Library, key string, override ...policy.Code) (desk.Lent, error) {
	return desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act(key, librarian), Patron: "P100", Item: "B100", Override: override})
}

func mustCheckOut(t testing.TB, lib testkit.Library, key string) desk.Lent {
	t.Helper()
	lent, err := checkOut(lib, key)
	if err != nil {
		t.Fatal(err)
	}
	return lent
}

// agree asserts that the state of every loan is what the facts say.
func agree(t testing.TB, lib testkit.Library) {
	t.Helper()
	if _, err := desk.Rebuild(lib.App, false, func(d desk.Difference) { t.Errorf("state and facts differ: %+v", d) }, nil); err != nil {
		t.Fatal(err)
	}
}

func codes(t testing.TB, err error) []policy.Code {
	t.Helper()
	refused, ok := desk.AsRefused(err)
	if !ok {
		t.Fatalf("not a refusal: %v", err)
	}
	var list []policy.Code
	for _, refusal := range refused.Refusals {
		list = append(list, refusal.Code)
	}
	return list
}

func TestCheckOut(t *testing.T) {
	lib := library(t)
	lent := mustCheckOut(t, lib, "a")
	if got, want := lent.Due.String(), "2026-12-14"; got != want {
		t.Errorf("due %s, want %s", got, want)
	}
	if got, want := lent.Why.In(say.English), "21 days, by the rule for the whole library, gives Monday, December 14."; got != want {
		t.Errorf("why %q, want %q", got, want)
	}
	if lent.Item.TitleName != "Hatchet B100" || lent.Patron.Name() != "Diego Ramírez" || lent.Left != nil {
		t.Errorf("answer %+v", lent)
	}
	if n := lib.Count("search_doc", "available = 0 AND items = 1"); n != 1 {
		t.Error("the catalogue still shows the item as available")
	}
	agree(t, lib)
}

func TestSameKeyWritesNothing(t *testing.T) {
	lib := library(t)
	first := mustCheckOut(t, lib, "a")
	second := mustCheckOut(t, lib, "a")
	sameWords := cmp.Comparer(func(a, b say.Text) bool { return a.In(say.Spanish) == b.In(say.Spanish) })
	if diff := cmp.Diff(first, second, sameWords); diff != "" {
		t.Errorf("the second answer differs:\n%s", diff)
	}
	if n := lib.Count("circ_events", "1"); n != 1 {
		t.Errorf("%d facts", n)
	}
	_, err := desk.Return(lib.App, desk.ReturnRequest{Act: act("a", librarian), Item: "B100"})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("the key of another act: %v", err)
	}
}

// The answer of a replayed key is what that act gave, even after later acts.
func TestSameKeyAfterRenewal(t *testing.T) {
	lib := library(t)
	first := mustCheckOut(t, lib, "a")
	later := act("r", librarian)
	later.Now = monday.Add(48 * time.Hour)
	if _, err := desk.Renew(lib.App, desk.RenewRequest{Act: later, Item: "B100"}); err != nil {
		t.Fatal(err)
	}
	if again := mustCheckOut(t, lib, "a"); again.Due != first.Due {
		t.Errorf("due %s, was %s", again.Due, first.Due)
	}
}

func TestScannedForms(t *testing.T) {
	lib := library(t)
	lib.Item("T 32889")
	for _, code := range []string{"T 32889", "T32889", "t32889", "]C0T32889", "T32889\r\n"} {
		if item, err := desk.FindItem(lib.App, code); err != nil || item.Barcode != "T 32889" {
			t.Errorf("%q: %v %v", code, item.Barcode, err)
		}
	}
	if _, err := desk.FindItem(lib.App, "T32880"); fault.CodeOf(err) != fault.NotFound {
		t.Error("an unknown barcode was found")
	}
}

// Two barcodes with one stripped form are never guessed between.
func TestAmbiguousFormIsUnknown(t *testing.T) {
	lib := library(t)
	lib.Item("00777")
	lib.Item("0777")
	if _, err := desk.FindItem(lib.App, "777"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
	if item, err := desk.FindItem(lib.App, "0777"); err != nil || item.Barcode != "0777" {
		t.Errorf("exact: %v %v", item.Barcode, err)
	}
}

func TestEveryReasonAtOnce(t *testing.T) {
	lib := library(t)
	other := lib.Patron("P200")
	if _, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act("o", librarian), PatronID: other.ID, Item: "B100"}); err != nil {
		t.Fatal(err)
	}
	lib.Rule("", "", `{"loan_limit": 0, "for_loan": false}`)
	patron, err := desk.FindPatron(lib.App, "P100")
	if err != nil {
		t.Fatal(err)
	}
	patron.Block, patron.Expires = "See the office", policy.Date(2026, 6, 30)
	lib.Save(patron.Patron)
	_, err = checkOut(lib, "a")
	want := []policy.Code{policy.ItemNotForLoan, policy.ItemOnLoan, policy.PatronBlocked, policy.PatronExpired, policy.LoanLimit}
	if diff := cmp.Diff(want, codes(t, err)); diff != "" {
		t.Error(diff)
	}
	if lib.Count("circ_events", "1") != 1 {
		t.Error("a refusal wrote a fact")
	}
	if _, err = checkOut(lib, "b", want...); err != nil {
		t.Errorf("the librarian may pass all of these: %v", err)
	}
	agree(t, lib)
}

func TestOverrideIsByRole(t *testing.T) {
	lib := library(t)
	lib.Rule("", "", `{"loan_days": 21, "loan_limit": 0}`)
	for _, test := range []struct {
		by  desk.Actor
		may bool
	}{{volunteer, false}, {aide, true}} {
		_, err := desk.CheckOut(lib.App, desk.CheckOutRequest{
			Act: act("o"+string(test.by.Role), test.by), Patron: "P100", Item: "B100", Override: []policy.Code{policy.LoanLimit},
		})
		if (err == nil) != test.may {
			t.Errorf("%s: %v", test.by.Role, err)
		}
	}
}

func TestReturnAndLendInOneAct(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	lib.Patron("P200")
	request := desk.CheckOutRequest{Act: act("b", librarian), Patron: "P200", Item: "B100", Override: []policy.Code{policy.ItemOnLoan}}
	if _, err := desk.CheckOut(lib.App, request); err != nil {
		t.Fatal(err)
	}
	if n := lib.Count("circ_events", "kind = 'return'"); n != 1 {
		t.Errorf("%d returns in the facts", n)
	}
	if n := lib.Count("loans", "state = 'open'"); n != 1 {
		t.Errorf("%d open loans", n)
	}
	agree(t, lib)
}

func TestReturn(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	returned, err := desk.Return(lib.App, desk.ReturnRequest{Act: act("b", aide), Item: "B100"})
	if err != nil {
		t.Fatal(err)
	}
	if returned.Loan == nil || returned.Loan.State != collections.LoanReturned || returned.Next != desk.NextShelve {
		t.Errorf("%+v", returned)
	}
	again, err := desk.Return(lib.App, desk.ReturnRequest{Act: act("c", aide), Item: "B100"})
	if err != nil || again.Loan != nil {
		t.Errorf("an item that was not out counts as seen: %+v, %v", again, err)
	}
	if lib.Count("circ_events", "kind = 'seen'") != 1 || lib.Count("search_doc", "available = 1") != 1 {
		t.Error("seen fact or availability missing")
	}
	agree(t, lib)
}

func TestReturnBeforeCheckOutIsRefused(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	early := act("b", aide)
	early.At = monday.Add(-time.Hour)
	_, err := desk.Return(lib.App, desk.ReturnRequest{Act: early, Item: "B100"})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != "at" {
		t.Errorf("got %v", err)
	}
}

func TestAScanFindsAMissingItem(t *testing.T) {
	lib := library(t)
	item, _ := desk.FindItem(lib.App, "B100") //nolint:errcheck // made above
	item.Status = collections.ItemMissing
	lib.Save(item.Item)
	mustCheckOut(t, lib, "a")
	if item, _ = desk.FindItem(lib.App, "B100"); item.Status != collections.ItemAvailable { //nolint:errcheck // made above
		t.Errorf("status %s", item.Status)
	}
	if err := desk.Undo(lib.App, "key-a-000", monday, librarian); err != nil {
		t.Fatal(err)
	}
	if item, _ = desk.FindItem(lib.App, "B100"); item.Status != collections.ItemMissing { //nolint:errcheck // made above
		t.Errorf("after undo: status %s", item.Status)
	}
}

func TestRenew(t *testing.T) {
	lib := library(t)
	lib.Rule("", "", `{"loan_days": 21, "renewal_limit": 1}`)
	mustCheckOut(t, lib, "a")
	later := act("r", aide)
	later.Now = monday.Add(7 * 24 * time.Hour)
	lent, err := desk.Renew(lib.App, desk.RenewRequest{Act: later, Item: "B100"})
	if err != nil || lent.Due.String() != "2026-12-21" || lent.Loan.Renewals != 1 {
		t.Fatalf("%+v, %v", lent, err)
	}
	later.Key = "key-second-r"
	_, err = desk.Renew(lib.App, desk.RenewRequest{Act: later, Item: "B100"})
	if diff := cmp.Diff([]policy.Code{policy.RenewalLimit}, codes(t, err)); diff != "" {
		t.Error(diff)
	}
	agree(t, lib)
}

func TestUndo(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	for range 2 { // the second time writes nothing
		if err := desk.Undo(lib.App, "key-a-000", monday, librarian); err != nil {
			t.Fatal(err)
		}
	}
	if lib.Count("circ_events", "kind = 'undo'") != 1 || lib.Count("loans", "state = 'undone'") != 1 || lib.Count("search_doc", "available = 1") != 1 {
		t.Error("the undone check-out left something behind")
	}
	mustCheckOut(t, lib, "b")
	if _, err := desk.Return(lib.App, desk.ReturnRequest{Act: act("c", aide), Item: "B100"}); err != nil {
		t.Fatal(err)
	}
	if err := desk.Undo(lib.App, "key-b-000", monday, librarian); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("undoing what a return builds on: %v", err)
	}
	if err := desk.Undo(lib.App, "key-c-000", monday, volunteer); fault.CodeOf(err) != fault.Unauthorized {
		t.Errorf("a volunteer undoing somebody else's act: %v", err)
	}
	if err := desk.Undo(lib.App, "key-c-000", monday.Add(25*time.Hour), aide); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("undoing after a day: %v", err)
	}
	if err := desk.Undo(lib.App, "key-c-000", monday, aide); err != nil {
		t.Fatal(err)
	}
	if lib.Count("loans", "state = 'open'") != 1 {
		t.Error("the undone return did not open the loan again")
	}
	agree(t, lib)
}

func TestBadActs(t *testing.T) {
	lib := library(t)
	future := act("f", librarian)
	future.At = monday.Add(time.Hour)
	for name, request := range map[string]desk.CheckOutRequest{
		"key": {Act: desk.Act{Key: "short", Now: monday, Actor: librarian}, Patron: "P100", Item: "B100"},
		"at":  {Act: future, Patron: "P100", Item: "B100"},
	} {
		_, err := desk.CheckOut(lib.App, request)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Twenty clients want one item at the same moment: one gets it, the others are told why.
func TestOneWinner(t *testing.T) {
	lib := library(t)
	var group sync.WaitGroup
	results := make([]error, 20)
	for i := range results {
		group.Go(func() { _, results[i] = checkOut(lib, fmt.Sprintf("race%02d", i)) })
	}
	group.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if got := codes(t, err); len(got) != 1 || got[0] != policy.ItemOnLoanToPatron {
			t.Errorf("refused for %v", got)
		}
	}
	if won != 1 {
		t.Errorf("%d winners", won)
	}
	agree(t, lib)
}

func TestRebuildFindsAndRepairs(t *testing.T) {
	lib := library(t)
	lent := mustCheckOut(t, lib, "a")
	if _, err := lib.App.DB().NewQuery("UPDATE loans SET due = '2030-01-01', renewals = 7").Execute(); err != nil {
		t.Fatal(err)
	}
	var found []desk.Difference
	if _, err := desk.Rebuild(lib.App, true, func(d desk.Difference) { found = append(found, d) }, nil); err != nil {
		t.Fatal(err)
	}
	want := []desk.Difference{{"loan", lent.Loan.ID, "due", "2030-01-01", "2026-12-14"}, {"loan", lent.Loan.ID, "renewals", "7", "0"}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	agree(t, lib)
}

func TestFactsAreKept(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	if _, err := lib.App.DB().NewQuery("DELETE FROM circ_events").Execute(); err == nil {
		t.Error("a fact was deleted")
	}
}
