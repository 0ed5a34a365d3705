package privacy_test

import (
	"fmt"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/privacy"

	"github.com/google/go-cmp/cmp"
)

func TestHistory(t *testing.T) {
	l := newLibrary(t)
	patron := l.Patron("P100")
	l.Patron("P200")
	old := monday.Add(-1000 * day)
	for i := range 6 {
		l.Item(fmt.Sprintf("B%d", i))
	}
	for i := range 5 {
		l.lentAndBack("P100", fmt.Sprintf("B%d", i), old.Add(time.Duration(i)*10*day))
	}
	l.lentAndBack("P200", "B5", monday.Add(-30*day))
	l.lend("P100", "B5", monday.Add(-20*day)) // still out
	act := l.act(monday)
	_, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: act, Patron: "P100", Item: "B0"})
	l.must(err)
	l.must(desk.Undo(l.App, act.Key, monday, librarian)) // never was

	_, err = privacy.History(l.App, patron.ID, 1, 2)
	if fault.CodeOf(err) != fault.Conflict || word(t, err) != "no_history" {
		t.Errorf("not asked for: %v", err)
	}
	l.must(privacy.SetHistory(l.App, patron.ID, true, librarian.ID, monday))
	for page, want := range map[int][]string{0: {"B4", "B3"}, 1: {"B4", "B3"}, 2: {"B2", "B1"}, 3: {"B0"}, 4: nil} {
		answer, err := privacy.History(l.App, patron.ID, page, 2)
		l.must(err)
		var got []string
		for _, loan := range answer.Items {
			got = append(got, loan.Barcode)
		}
		if diff := cmp.Diff(want, got); diff != "" || answer.TotalItems != 5 {
			t.Errorf("page %d of %d: %s", page, answer.TotalItems, diff)
		}
	}
	answer, err := privacy.History(l.App, patron.ID, 1, 1)
	l.must(err)
	if last := answer.Items[0]; last.Title != "Hatchet B4" || last.State != collections.LoanReturned || last.ReturnedAt.Time() != old.Add(40*day) || last.OutAt.IsZero() {
		t.Errorf("%+v", last)
	}
	if _, err := privacy.History(l.App, "nobody", 1, 0); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of nobody: %v", err)
	}
}

func TestSwitchingHistoryIsAudited(t *testing.T) {
	l := newLibrary(t)
	patron := l.Patron("P100")
	for _, keep := range []bool{true, true, false} {
		l.must(privacy.SetHistory(l.App, patron.ID, keep, librarian.ID, monday))
	}
	for action, want := range map[string]int{"history_on": 1, "history_off": 1} {
		if n := l.Count("audit", "action = '"+action+"' AND staff = '"+librarian.ID+"'"); n != want {
			t.Errorf("%s: %d", action, n)
		}
	}
	if fault.CodeOf(privacy.SetHistory(l.App, "nobody", true, librarian.ID, monday)) != fault.NotFound {
		t.Error("of nobody")
	}
}
