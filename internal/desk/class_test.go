package desk_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

// classroom is a homeroom of children C0, C1 … with an item S0, S1 … for each.
func classroom(t testing.TB, children int) (lib testkit.Library, homeroom collections.Homeroom) {
	t.Helper()
	lib = library(t)
	homeroom = lib.Homeroom("4B")
	for i := range children {
		patron := lib.Patron(fmt.Sprintf("C%d", i))
		patron.Homeroom, patron.LastName = homeroom.ID, fmt.Sprintf("Child%02d", i)
		lib.Save(patron)
		lib.Item(fmt.Sprintf("S%d", i))
	}
	return lib, homeroom
}

func shelfOf(n int) (codes []string) {
	for i := range n {
		codes = append(codes, fmt.Sprintf("S%d", i))
	}
	return codes
}

func TestClassSet(t *testing.T) {
	lib, homeroom := classroom(t, 5)
	lib.Patron("TEACHER")
	for range 2 {
		lent, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(5), Patron: "TEACHER"})
		if err != nil || len(lent) != 5 || lent[4].Item.Barcode != "S4" || lent[4].Due.String() != "2026-12-14" {
			t.Fatalf("%d lent, %v", len(lent), err)
		}
	}
	if lib.Count("circ_events", "1") != 5 {
		t.Error("the same key wrote more")
	}
	_, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(4), Patron: "TEACHER"})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("the key of another set: %v", err)
	}
	if err := desk.Undo(lib.App, "key-set-000", monday, aide); err != nil {
		t.Fatal(err)
	}
	if lib.Count("loans", "state = 'open'") != 0 {
		t.Error("the set is not undone whole")
	}
	lent, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("dealt", aide), Items: shelfOf(5), Homeroom: homeroom.ID})
	if err != nil {
		t.Fatal(err)
	}
	for i, one := range lent {
		if one.Patron.Barcode != fmt.Sprintf("C%d", i) {
			t.Errorf("item %d went to %s", i, one.Patron.Barcode)
		}
	}
	agree(t, lib)
}

// One refusal refuses the act, and names the item and the child.
func TestClassIsAllOrNothing(t *testing.T) {
	lib, _ := classroom(t, 3)
	lib.Rule("", "", `{"loan_days": 7, "loan_limit": 1}`)
	pairs := []desk.Pair{{Patron: "C0", Item: "S0"}, {Patron: "C1", Item: "S1"}, {Patron: "C1", Item: "S2"}}
	_, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("c", aide), Pairs: pairs})
	refused, ok := desk.AsRefused(err)
	if !ok || len(refused.Refusals) != 1 || refused.Refusals[0].Item != "S2" || refused.Refusals[0].Patron != "C1" || refused.Refusals[0].Code != policy.LoanLimit {
		t.Fatalf("%v", err)
	}
	if lib.Count("loans", "1") != 0 || lib.Count("circ_events", "1") != 0 {
		t.Error("a refused class left something behind")
	}
	if _, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("c", aide), Pairs: pairs, Override: []policy.Code{policy.LoanLimit}}); err != nil {
		t.Error(err)
	}
	agree(t, lib)
}

func TestBadClass(t *testing.T) {
	lib, homeroom := classroom(t, 2)
	for name, request := range map[string]desk.ClassRequest{
		"nothing":             {},
		"more than the class": {Items: []string{"S0", "S1", "B100"}, Homeroom: homeroom.ID},
		"a closed day":        {Items: []string{"S0"}, Patron: "C0", Due: policy.Date(2026, 11, 28)},
	} {
		request.Act = act("bad", aide)
		if _, err := desk.CheckOutClass(lib.App, request); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHomeroomRenewedAsOneAct(t *testing.T) {
	lib, homeroom := classroom(t, 30)
	lib.Rule("", "", `{"loan_days": 21, "renewal_limit": 1}`)
	if _, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(30), Homeroom: homeroom.ID}); err != nil {
		t.Fatal(err)
	}
	single := desk.RenewRequest{Act: act("one", aide), Item: "S3"}
	if _, err := desk.Renew(lib.App, single); err != nil {
		t.Fatal(err)
	}
	request := desk.RenewAllRequest{Act: act("all", aide), Homeroom: homeroom.ID}
	request.Now = monday.Add(7 * day)
	var first desk.RenewedAll
	for i := range 2 {
		all, err := desk.RenewAll(lib.App, request)
		if err != nil || len(all.Renewed) != 29 || len(all.Refused) != 1 || all.Refused[0].Item != "S3" || all.Refused[0].Code != policy.RenewalLimit {
			t.Fatalf("%d renewed, %+v, %v", len(all.Renewed), all.Refused, err)
		}
		if i == 0 {
			first = all
		} else if all.Renewed[0].Due != first.Renewed[0].Due || all.Renewed[0].Due.String() != "2026-12-21" {
			t.Errorf("due %s, then %s", first.Renewed[0].Due, all.Renewed[0].Due)
		}
	}
	if lib.Count("loans", "renewals = 1") != 30 {
		t.Error("not everything was renewed once")
	}
	agree(t, lib)
	if err := desk.Undo(lib.App, "key-all-000", monday.Add(8*day-time.Hour), aide); err != nil {
		t.Fatal(err)
	}
	if lib.Count("loans", "due = '2026-12-14'") != 30 {
		t.Error("the renewal is not undone whole")
	}
	agree(t, lib)
}

func TestChangeDue(t *testing.T) {
	lib, homeroom := classroom(t, 3)
	if _, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(3), Homeroom: homeroom.ID, Due: policy.Date(2026, 12, 1)}); err != nil {
		t.Fatal(err)
	}
	if lib.Count("loans", "due = '2026-12-01'") != 3 {
		t.Fatal("the due date chosen for the class did not hold")
	}
	for name, request := range map[string]desk.DueRequest{
		"one item":  {Items: []string{"S0"}, Due: policy.Date(2026, 12, 2)},
		"one child": {Patron: "C1", Due: policy.Date(2026, 12, 3)},
		"the class": {Homeroom: homeroom.ID, Due: policy.Date(2026, 12, 4)},
	} {
		request.Act = act(name[:7], aide)
		moved, err := desk.ChangeDue(lib.App, request)
		if err != nil || len(moved) == 0 || moved[0].Due != request.Due {
			t.Errorf("%s: %v, %v", name, moved, err)
		}
		again, err := desk.ChangeDue(lib.App, request)
		if diff := cmp.Diff(moved, again); diff != "" || err != nil {
			t.Errorf("%s again: %v\n%s", name, err, diff)
		}
	}
	for name, request := range map[string]desk.DueRequest{
		"a Saturday": {Patron: "C1", Due: policy.Date(2026, 12, 5)},
		"today":      {Patron: "C1", Due: policy.Date(2026, 11, 23)},
		"nobody":     {Due: policy.Date(2026, 12, 4)},
	} {
		request.Act = act("bad", aide)
		if _, err := desk.ChangeDue(lib.App, request); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	agree(t, lib)
}

// A term end that is entered late is applied to what is out as one act, and taken back as one.
func TestTermAppliedLate(t *testing.T) {
	lib, homeroom := classroom(t, 4)
	if _, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(4), Homeroom: homeroom.ID}); err != nil {
		t.Fatal(err)
	}
	term := lib.Term(policy.Date(2026, 12, 4))
	planned, err := desk.PlanTerm(lib.App, term.ID)
	if err != nil || len(planned) != 4 || lib.Count("loans", "due = '2026-12-14'") != 4 {
		t.Fatalf("planned %v, %v", planned, err)
	}
	request := desk.TermRequest{Act: act("term", librarian), Term: term.ID}
	for range 2 {
		moved, err := desk.ApplyTerm(lib.App, request)
		if err != nil || len(moved) != 4 || moved[0].Due.String() != "2026-12-04" || moved[0].Was.String() != "2026-12-14" {
			t.Fatalf("%v, %v", moved, err)
		}
	}
	agree(t, lib)
	if err := desk.Undo(lib.App, "key-term-000", monday, librarian); err != nil {
		t.Fatal(err)
	}
	if lib.Count("loans", "due = '2026-12-14'") != 4 {
		t.Error("the term is not undone whole")
	}
	agree(t, lib)
	_, err = desk.ApplyTerm(lib.App, desk.TermRequest{Act: act("no", librarian), Term: "nothing00000000"})
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown term: %v", err)
	}
}

// The end for one grade moves the loans of that grade, and those stay where everybody's end would move them.
func TestTermOfOneGradeAppliedLate(t *testing.T) {
	lib, homeroom := classroom(t, 3)
	leaving, _, err := collections.Find[collections.Patron](lib.App, "barcode = 'C1'", nil)
	if err != nil {
		t.Fatal(err)
	}
	leaving.Grade = "8"
	lib.Save(leaving)
	if _, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(3), Homeroom: homeroom.ID}); err != nil {
		t.Fatal(err)
	}
	early := lib.Term(policy.Date(2026, 12, 2))
	early.Grade = "8"
	if err := collections.Update(lib.App, early); err != nil {
		t.Fatal(err)
	}
	all := lib.Term(policy.Date(2026, 12, 11))
	for i, test := range []struct {
		term  collections.CalendarEntry
		moved int
	}{{early, 1}, {all, 2}} {
		moved, err := desk.ApplyTerm(lib.App, desk.TermRequest{Act: act(fmt.Sprint("grade", i), librarian), Term: test.term.ID})
		if err != nil || len(moved) != test.moved {
			t.Errorf("term %d moved %v, %v", i, moved, err)
		}
	}
	if lib.Count("loans", "due = '2026-12-02'") != 1 || lib.Count("loans", "due = '2026-12-11'") != 2 {
		t.Error("other loans were moved")
	}
	agree(t, lib)
}

// A return of one of the loans stands in the way of undoing all of them.
func TestUndoneTermStopsAtWhatWasBuiltOnIt(t *testing.T) {
	lib, homeroom := classroom(t, 2)
	if _, err := desk.CheckOutClass(lib.App, desk.ClassRequest{Act: act("set", aide), Items: shelfOf(2), Homeroom: homeroom.ID}); err != nil {
		t.Fatal(err)
	}
	term := lib.Term(policy.Date(2026, 12, 4))
	if _, err := desk.ApplyTerm(lib.App, desk.TermRequest{Act: act("term", librarian), Term: term.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Return(lib.App, desk.ReturnRequest{Act: act("r", aide), Item: "S1"}); err != nil {
		t.Fatal(err)
	}
	var f *fault.Error
	if err := desk.Undo(lib.App, "key-term-000", monday, librarian); !errors.As(err, &f) || f.Word != "undo_built_on" {
		t.Errorf("got %v", err)
	}
	if lib.Count("loans", "due = '2026-12-04'") != 2 {
		t.Error("a refused undo changed something")
	}
	agree(t, lib)
}

func TestScans(t *testing.T) {
	lib := library(t)
	inventory := lib.Inventory()
	scan := func(key, code string) desk.Scanned {
		t.Helper()
		scanned, err := desk.Scan(lib.App, desk.ScanRequest{Act: act(key, volunteer), Inventory: inventory.ID, Code: code})
		if err != nil {
			t.Fatal(err)
		}
		return scanned
	}
	if got := scan("1", "B100"); got.Item == nil || got.Out || got.Found != "" {
		t.Errorf("on the shelf: %+v", got)
	}
	if got := scan("2", "4006381333931"); got.Item != nil {
		t.Errorf("a food package: %+v", got)
	}
	mustCheckOut(t, lib, "a")
	if got := scan("3", "B100"); !got.Out || lib.Count("loans", "state = 'open'") != 1 {
		t.Errorf("on loan: %+v", got)
	}
	mustMark(t, lib, "l", "lost")
	for range 2 {
		if got := scan("4", "B100"); got.Found != collections.ItemLost || status(t, lib) != collections.ItemAvailable {
			t.Errorf("lost: %+v", got)
		}
	}
	if lib.Count("loans", "state = 'returned'") != 1 || lib.Count("circ_events", "kind = 'scan'") != 4 {
		t.Error("the loan of a found item is still lost, or a scan was kept twice")
	}
	agree(t, lib)
	inventory.State = collections.InventoryClosed
	lib.Save(inventory)
	_, err := desk.Scan(lib.App, desk.ScanRequest{Act: act("5", volunteer), Inventory: inventory.ID, Code: "B100"})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("a closed inventory: %v", err)
	}
}

func TestMarkMissingIsOneAct(t *testing.T) {
	lib, _ := classroom(t, 4)
	var ids []string
	for _, code := range shelfOf(4) {
		item, err := desk.FindItem(lib.App, code)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, item.ID)
	}
	if _, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act("a", aide), Patron: "C0", Item: "S2"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		marked, err := desk.MarkMissing(lib.App, desk.MissingRequest{Act: act("m", librarian), Inventory: "i", Items: ids})
		if err != nil || len(marked) != 3 {
			t.Fatalf("%v, %v", marked, err)
		}
	}
	if lib.Count("items", "status = 'missing'") != 3 || lib.Count("search_doc", "available = 1") != 1 {
		t.Error("what is out was marked, or the catalogue does not know")
	}
	agree(t, lib)
	if err := desk.Undo(lib.App, "key-m-000", monday, librarian); err != nil {
		t.Fatal(err)
	}
	if lib.Count("items", "status = 'available'") != 5 {
		t.Error("not undone whole")
	}
	agree(t, lib)
}

// A due date that was changed while the book lay in the drop does not make its return untrue.
func TestBookDropOlderThanADueDate(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	moved := desk.DueRequest{Act: act("d", aide), Patron: "P100", Due: policy.Date(2026, 12, 4)}
	moved.Now = monday.Add(5 * day)
	if _, err := desk.ChangeDue(lib.App, moved); err != nil {
		t.Fatal(err)
	}
	drop := desk.ReturnRequest{Act: act("r", aide), Item: "B100", Mode: "book_drop"}
	drop.At, drop.Now = monday.Add(4*day), monday.Add(7*day)
	if _, err := desk.Return(lib.App, drop); err != nil {
		t.Error(err)
	}
	agree(t, lib)
}

// An act entered as older than what is already known of the item is refused; one that a slow clock makes a little older is not.
func TestFactOlderThanItsPredecessor(t *testing.T) {
	lib := library(t)
	mustCheckOut(t, lib, "a")
	mustReturn(t, lib, "r")
	lib.Patron("P200")
	for _, test := range []struct { // in this order: the one that is accepted lends the item
		name   string
		before time.Duration
		want   fault.Code
	}{{"an hour", time.Hour, fault.Invalid}, {"a minute", time.Minute, ""}} {
		request := desk.CheckOutRequest{Act: act(test.name, librarian), Patron: "P200", Item: "B100"}
		request.At = monday.Add(-test.before)
		_, err := desk.CheckOut(lib.App, request)
		if fault.CodeOf(err) != test.want {
			t.Errorf("%s before the last return: %v", test.name, err)
		}
		var f *fault.Error
		if test.want != "" && (!errors.As(err, &f) || f.Field != "at" || f.Word != "older_than_last") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	agree(t, lib)
}
