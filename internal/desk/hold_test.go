package desk_test

import (
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

// queued is a library in which P100 has the only copy of B100, and P200 and P300 wait for it in that order.
func queued(t *testing.T) (lib testkit.Library, second, third desk.Held) {
	t.Helper()
	lib = library(t)
	lib.Patron("P200")
	lib.Patron("P300")
	mustCheckOut(t, lib, "a")
	return lib, mustHold(t, lib, "h2", "P200"), mustHold(t, lib, "h3", "P300")
}

func mustHold(t *testing.T, lib testkit.Library, key, patron string) desk.Held {
	t.Helper()
	item, err := desk.FindItem(lib.App, "B100")
	if err != nil {
		t.Fatal(err)
	}
	held, err := desk.PlaceHold(lib.App, desk.HoldRequest{Act: act(key, aide), Patron: patron, Title: item.Title})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

func mustReturn(t *testing.T, lib testkit.Library, key string) desk.Returned {
	t.Helper()
	returned, err := desk.Return(lib.App, desk.ReturnRequest{Act: act(key, aide), Item: "B100"})
	if err != nil {
		t.Fatal(err)
	}
	return returned
}

func TestAReturnCatchesTheFirstHold(t *testing.T) {
	lib, second, third := queued(t)
	if second.Place != 1 || third.Place != 2 {
		t.Errorf("places %d and %d", second.Place, third.Place)
	}
	returned := mustReturn(t, lib, "r")
	if returned.Next != desk.NextHold || returned.For == nil || returned.For.ID != second.Patron.ID {
		t.Fatalf("%+v", returned)
	}
	if got, want := returned.Hold.PickupBy.String(), "2026-11-30"; got != want {
		t.Errorf("pick up by %s, want %s: five open days", got, want)
	}
	if lib.Count("search_doc", "available = 0") != 1 {
		t.Error("an item on the hold shelf is shown as available")
	}
	_, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act("x", librarian), Patron: "P300", Item: "B100"})
	if diff := cmp.Diff([]policy.Code{policy.ItemOnHold}, codes(t, err)); diff != "" {
		t.Error(diff)
	}
	if _, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act("y", librarian), Patron: "P200", Item: "B100"}); err != nil {
		t.Fatal(err)
	}
	if lib.Count("holds", "state = 'filled'") != 1 || lib.Count("holds", "state = 'waiting'") != 1 {
		t.Error("the hold was not filled")
	}
	agree(t, lib)
}

func TestUndoneReturnTakesTheItemFromTheHoldShelf(t *testing.T) {
	lib, _, _ := queued(t)
	mustReturn(t, lib, "r")
	if err := desk.Undo(lib.App, "key-r-000", monday, librarian); err != nil {
		t.Fatal(err)
	}
	if lib.Count("holds", "state = 'waiting' AND caught = ''") != 2 || lib.Count("loans", "state = 'open'") != 1 {
		t.Error("the return is not undone whole")
	}
	agree(t, lib)
}

func TestRenewalIsRefusedWhileOthersWait(t *testing.T) {
	lib, _, _ := queued(t)
	_, err := desk.Renew(lib.App, desk.RenewRequest{Act: act("r", aide), Item: "B100"})
	if diff := cmp.Diff([]policy.Code{policy.ItemOnHold}, codes(t, err)); diff != "" {
		t.Error(diff)
	}
}

// Lending what is kept for somebody puts them back where they stood in the queue.
func TestOverriddenHoldGoesBackIntoTheQueue(t *testing.T) {
	lib, second, _ := queued(t)
	mustReturn(t, lib, "r")
	request := desk.CheckOutRequest{Act: act("x", librarian), Patron: "P300", Item: "B100", Override: []policy.Code{policy.ItemOnHold}}
	request.Reason = "Needs it for class today"
	if _, err := desk.CheckOut(lib.App, request); err != nil {
		t.Fatal(err)
	}
	if lib.Count("holds", "id = '"+second.Hold.ID+"' AND state = 'waiting' AND caught = ''") != 1 || lib.Count("holds", "state = 'filled'") != 1 {
		t.Error("the queue is wrong")
	}
	if lib.Count("circ_events", `json_extract(data, '$.reason') = 'Needs it for class today' AND actor = 'librarian000001'`) != 1 {
		t.Error("the reason of the override is not in the fact")
	}
	agree(t, lib)
}

func TestQueueOrder(t *testing.T) {
	lib, second, third := queued(t)
	moved, err := desk.MoveHold(lib.App, desk.HoldChange{Act: act("m", aide), Hold: third.Hold.ID, Place: 1})
	if err != nil || moved.Place != 1 {
		t.Fatalf("%+v, %v", moved, err)
	}
	if returned := mustReturn(t, lib, "r"); returned.For.ID != third.Patron.ID {
		t.Errorf("caught for %s", returned.For.Barcode)
	}
	if _, err := desk.CancelHold(lib.App, desk.HoldChange{Act: act("c", aide), Hold: third.Hold.ID}); err != nil {
		t.Fatal(err)
	}
	if returned := mustReturn(t, lib, "s"); returned.For == nil || returned.For.ID != second.Patron.ID {
		t.Errorf("the next scan caught it for %+v", returned.For)
	}
	_, err = desk.CancelHold(lib.App, desk.HoldChange{Act: act("d", aide), Hold: third.Hold.ID})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("cancelled twice: %v", err)
	}
	agree(t, lib)
}

func TestHoldExpiresAfterItsOpenDays(t *testing.T) {
	lib, _, _ := queued(t)
	lib.Closed(policy.Date(2026, 11, 26))
	returned := mustReturn(t, lib, "r")
	if got, want := returned.Hold.PickupBy.String(), "2026-12-01"; got != want {
		t.Fatalf("pick up by %s, want %s: the holiday eats no day", got, want)
	}
	for later, want := range []int{0, 1} { // the last day of the pickup, and the day after
		today := returned.Hold.PickupBy.Add(later)
		now := today.At(6, time.UTC)
		for range 2 { // a second run finds nothing
			n, err := desk.ExpireHolds(lib.App, today, desk.Act{At: now, Now: now, Actor: desk.Actor{Door: "command"}})
			if err != nil || n > want {
				t.Errorf("%s: %d expired, %v", today, n, err)
			}
		}
		if got := lib.Count("holds", "state = 'expired'"); got != want {
			t.Errorf("%s: %d expired", today, got)
		}
	}
	agree(t, lib)
}

// An expiry that was taken back may come again.
func TestUndoneExpiryExpiresAgain(t *testing.T) {
	lib, _, _ := queued(t)
	mustReturn(t, lib, "r")
	today := policy.Date(2026, 12, 7)
	now := today.At(6, time.UTC)
	expire := func() int {
		t.Helper()
		n, err := desk.ExpireHolds(lib.App, today, desk.Act{At: now, Now: now, Actor: desk.Actor{Door: "command"}})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if expire() != 1 {
		t.Fatal("did not expire")
	}
	var key string
	if err := lib.App.DB().NewQuery("SELECT key FROM circ_events WHERE kind = 'hold_expire'").Row(&key); err != nil {
		t.Fatal(err)
	}
	if err := desk.Undo(lib.App, key, now, librarian); err != nil {
		t.Fatal(err)
	}
	if lib.Count("holds", "state = 'ready'") != 1 || expire() != 1 || lib.Count("holds", "state = 'expired'") != 1 {
		t.Error("an undone expiry stays undone for ever")
	}
	agree(t, lib)
}

func TestHoldOfOneItem(t *testing.T) {
	lib := library(t)
	item, err := desk.FindItem(lib.App, "B100")
	if err != nil {
		t.Fatal(err)
	}
	lib.Copy("B101", item.Title)
	lib.Patron("P200")
	if _, err := desk.PlaceHold(lib.App, desk.HoldRequest{Act: act("h", aide), Patron: "P200", Item: "B101"}); err != nil {
		t.Fatal(err)
	}
	if returned := mustReturn(t, lib, "r"); returned.Next != desk.NextShelve {
		t.Errorf("another copy was caught: %s", returned.Next)
	}
	returned, err := desk.Return(lib.App, desk.ReturnRequest{Act: act("s", aide), Item: "B101"})
	if err != nil || returned.Next != desk.NextHold {
		t.Errorf("%s, %v", returned.Next, err)
	}
}

// Two copies on the shelf and one who waits: the other copy may go.
func TestFreeCopiesMayGo(t *testing.T) {
	lib := library(t)
	item, err := desk.FindItem(lib.App, "B100")
	if err != nil {
		t.Fatal(err)
	}
	lib.Patron("P200")
	lib.Patron("P300")
	lib.Copy("B101", item.Title)
	mustHold(t, lib, "h", "P200")
	if _, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act("a", aide), Patron: "P300", Item: "B101"}); err != nil {
		t.Fatal(err)
	}
	_, err = desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act("b", aide), Patron: "P100", Item: "B100"})
	if diff := cmp.Diff([]policy.Code{policy.ItemOnHold}, codes(t, err)); diff != "" {
		t.Error(diff)
	}
}

func TestHoldRefusals(t *testing.T) {
	lib, second, _ := queued(t)
	for name, test := range map[string]struct {
		patron string
		want   policy.Code
	}{
		"twice":           {"P200", policy.HoldExists},
		"has it already":  {"P100", policy.ItemOnLoanToPatron},
		"card is blocked": {"P400", policy.PatronBlocked},
	} {
		if name == "card is blocked" {
			patron := lib.Patron("P400")
			patron.Block = "See the office"
			lib.Save(patron)
		}
		_, err := desk.PlaceHold(lib.App, desk.HoldRequest{Act: act("no"+test.patron, aide), Patron: test.patron, Title: second.Hold.Title})
		if diff := cmp.Diff([]policy.Code{test.want}, codes(t, err)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for what, request := range map[string]desk.HoldRequest{
		"a title without items": {Act: act("u1", aide), Patron: "P100", Title: "nosuchtitle0000"},
		"an unknown patron":     {Act: act("u2", aide), Patron: "P999", Title: second.Hold.Title},
	} {
		if _, err := desk.PlaceHold(lib.App, request); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A hold that comes back by undo does not stand beside a newer one of the same patron.
func TestUndoneCancelMakesNoSecondHold(t *testing.T) {
	lib, second, _ := queued(t)
	if _, err := desk.CancelHold(lib.App, desk.HoldChange{Act: act("c", aide), Hold: second.Hold.ID}); err != nil {
		t.Fatal(err)
	}
	mustHold(t, lib, "again", "P200")
	if err := desk.Undo(lib.App, "key-c-000", monday, librarian); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("undone: %v", err)
	}
	if lib.Count("holds", "ended_at = '' AND patron = '"+second.Patron.ID+"'") != 1 {
		t.Error("two holds")
	}
	agree(t, lib)
}

// What left the library, is broken or is not for loan catches no hold.
func TestOnlyAFitItemIsCaught(t *testing.T) {
	for _, status := range []string{collections.ItemDamaged, collections.ItemRepair, collections.ItemWithdrawn, collections.ItemIncomplete} {
		lib, _, _ := queued(t)
		item, err := desk.FindItem(lib.App, "B100")
		if err != nil {
			t.Fatal(err)
		}
		item.Status = status
		lib.Save(item.Item)
		if returned := mustReturn(t, lib, "r"); returned.Hold != nil {
			t.Errorf("a %s item was caught", status)
		}
	}
}
