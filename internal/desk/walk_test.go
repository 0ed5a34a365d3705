package desk_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/testkit"
)

// walker does whatever could happen at a desk, one act after the other, while the clock runs on.
type walker struct {
	t      *testing.T
	lib    testkit.Library
	random *rand.Rand
	now    time.Time
	acts   int
	keys   []string
	did    map[string]int
}

const (
	walkSteps   = 4000
	walkItems   = 12
	walkPatrons = 6
)

// TestRandomWalk lends, returns, renews, replays, undoes and repeats for a school year, over holidays and the change of the clocks. Afterwards the
// state is what the facts say, and no item has two open loans.
func TestRandomWalk(t *testing.T) {
	lib := library(t)
	lib.Rule("", "", `{"loan_days": 21, "loan_limit": 4, "renewal_limit": 2}`)
	for day := policy.Date(2026, 12, 21); day < policy.Date(2027, 1, 4); day++ {
		lib.Closed(day)
	}
	for i := range walkPatrons {
		lib.Patron(fmt.Sprintf("W%d", i))
	}
	for i := range walkItems {
		lib.Item(fmt.Sprintf("I%d", i))
	}
	w := &walker{t: t, lib: lib, random: rand.New(rand.NewPCG(2026, 13)), now: monday, did: map[string]int{}}
	for range walkSteps {
		w.step()
	}
	agree(t, lib)
	if n := lib.Count("(SELECT item FROM loans WHERE state = 'open' GROUP BY item HAVING COUNT(*) > 1)", "1"); n != 0 {
		t.Errorf("%d items have two open loans", n)
	}
	if n := lib.Count("search_doc", `available != (SELECT COUNT(*) FROM items WHERE items.title = search_doc.title_id AND items.status = 'available'
		AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.state = 'open'))`); n != 0 {
		t.Errorf("the catalogue is wrong about %d titles", n)
	}
	for _, kind := range []string{"check_out", "return", "renew", "undo", "replay", "again"} {
		if w.did[kind] < walkSteps/100 {
			t.Errorf("the walk hardly did any %s: %v", kind, w.did)
		}
	}
}

func (w *walker) step() {
	w.now = w.now.Add(time.Duration(w.random.IntN(240)) * time.Minute)
	item, patron := fmt.Sprintf("I%d", w.random.IntN(walkItems)), fmt.Sprintf("W%d", w.random.IntN(walkPatrons))
	switch w.random.IntN(10) {
	case 0, 1, 2, 3:
		request := desk.CheckOutRequest{Act: w.act(), Patron: patron, Item: item}
		if w.random.IntN(2) == 0 {
			request.Override = []policy.Code{policy.ItemOnLoan, policy.LoanLimit}
		}
		_, err := desk.CheckOut(w.lib.App, request)
		w.note("check_out", request.Key, err)
	case 4, 5:
		request := desk.ReturnRequest{Act: w.act(), Item: item}
		_, err := desk.Return(w.lib.App, request)
		w.note("return", request.Key, err)
	case 6:
		request := desk.RenewRequest{Act: w.act(), Item: item}
		_, err := desk.Renew(w.lib.App, request)
		w.note("renew", request.Key, err)
	case 7:
		w.undo()
	case 8:
		w.replay(item, patron)
	case 9:
		w.again(item)
	}
}

func (w *walker) act() desk.Act {
	w.acts++
	return desk.Act{Key: fmt.Sprintf("walk-%06d", w.acts), Now: w.now, Actor: librarian}
}

// note counts what was done; only a rule's or the state's no is an answer to expect.
func (w *walker) note(kind, key string, err error) {
	w.t.Helper()
	switch fault.CodeOf(err) {
	case "":
		w.did[kind]++
		w.keys = append(w.keys, key)
	case fault.Refused, fault.Conflict, fault.Invalid:
	default:
		w.t.Fatalf("%s: %v", kind, err)
	}
}

// undo takes back one of the last acts.
func (w *walker) undo() {
	if len(w.keys) == 0 {
		return
	}
	recent := w.keys[max(0, len(w.keys)-4):]
	err := desk.Undo(w.lib.App, recent[w.random.IntN(len(recent))], w.now, librarian)
	switch fault.CodeOf(err) {
	case "":
		w.did["undo"]++
	case fault.Conflict:
	default:
		w.t.Fatalf("undo: %v", err)
	}
}

// replay sends an act of the last days, as a kiosk does that was cut off.
func (w *walker) replay(item, patron string) {
	act := w.act()
	kind := []string{collections.FactCheckOut, collections.FactReturn}[w.random.IntN(2)]
	sent := desk.Replayed{Key: act.Key, At: w.now.Add(-time.Duration(w.random.IntN(4000)) * time.Minute), Kind: kind, Card: patron, Item: item}
	first, err := desk.Replay(w.lib.App, sent, w.now, device)
	if err != nil {
		w.t.Fatalf("replay: %v", err)
	}
	if second, err := desk.Replay(w.lib.App, sent, w.now, device); err != nil || second != first {
		w.t.Fatalf("the same replay gave %q, then %q (%v)", first, second, err)
	}
	w.did["replay"]++
}

// again repeats an earlier return by its key, which must write nothing whatever happened since.
func (w *walker) again(item string) {
	request := desk.ReturnRequest{Act: w.act(), Item: item}
	if _, err := desk.Return(w.lib.App, request); err != nil {
		w.note("return", request.Key, err)
		return
	}
	facts := w.lib.Count("circ_events", "1")
	if _, err := desk.Return(w.lib.App, request); err != nil {
		w.t.Fatalf("again: %v", err)
	}
	if now := w.lib.Count("circ_events", "1"); now != facts {
		w.t.Fatalf("the same key wrote %d facts", now-facts)
	}
	w.did["again"]++
}
