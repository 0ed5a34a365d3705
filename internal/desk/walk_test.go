package desk_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
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

	titles    []string
	inventory string
	terms     []string
}

const (
	walkItems   = 12
	walkTitles  = 5
	walkPatrons = 6
)

// walkSteps is how far the walk goes; CARREL_WALK asks for a longer one.
func walkSteps(t *testing.T) int {
	t.Helper()
	if os.Getenv("CARREL_WALK") == "" {
		return 5000
	}
	steps, err := strconv.Atoi(os.Getenv("CARREL_WALK"))
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// TestRandomWalk lends, returns, renews, holds, claims, loses, charges, replays, undoes and repeats, over holidays and the change of the clocks.
// Afterwards the state is what the facts say, and no item has two open loans.
func TestRandomWalk(t *testing.T) {
	if testing.Short() {
		t.Skip("a long walk of one walker")
	}
	lib := library(t)
	lib.Rule("", "", `{"loan_days": 21, "loan_limit": 4, "renewal_limit": 2, "claim_limit": 40, "hold_limit": 3, "fee_per_day_cents": 10, "lost_fee_cents": 900}`)
	if err := site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: say.English}); err != nil {
		t.Fatal(err)
	}
	if err := site.SaveFees(lib.App, site.Fees{On: true, Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	for year := 2026; year < 2036; year++ {
		for day := policy.Date(year, 12, 21); day < policy.Date(year+1, 1, 4); day++ {
			lib.Closed(day)
		}
	}
	for i := range walkPatrons {
		lib.Patron(fmt.Sprintf("W%d", i))
	}
	w := &walker{t: t, lib: lib, random: rand.New(rand.NewPCG(2026, 13)), now: monday, did: map[string]int{}}
	for i := range walkItems {
		if code := fmt.Sprintf("I%d", i); i < walkTitles {
			w.titles = append(w.titles, lib.Item(code).Title)
		} else {
			lib.Copy(code, w.titles[i%walkTitles])
		}
	}
	for year := 2027; year < 2036; year++ {
		w.terms = append(w.terms, lib.Term(policy.Date(year, 6, 11)).ID)
	}
	steps := walkSteps(t)
	for range steps {
		w.step()
	}
	agree(t, lib)
	w.consistent()
	for kind := range walkActs {
		if w.did[kind] < steps/500 {
			t.Errorf("the walk hardly did any %s: %v", kind, w.did)
		}
	}
	t.Logf("%d acts until %s: %v", w.acts, w.now.Format(time.DateOnly), w.did)
}

// consistent asserts what must hold whatever happened.
func (w *walker) consistent() {
	w.t.Helper()
	for what, n := range map[string]int{
		"items have two open loans":           w.lib.Count("(SELECT item FROM loans WHERE state = 'open' GROUP BY item HAVING COUNT(*) > 1)", "1"),
		"items are kept for two":              w.lib.Count("(SELECT caught FROM holds WHERE state = 'ready' GROUP BY caught HAVING COUNT(*) > 1)", "1"),
		"items are out and on the hold shelf": w.lib.Count("holds JOIN loans ON loans.item = holds.caught", "holds.state = 'ready' AND loans.state = 'open'"),
		"patrons wait twice for a title":      w.lib.Count("(SELECT patron FROM holds WHERE ended_at = '' GROUP BY patron, title HAVING COUNT(*) > 1)", "1"),
		"charges were paid too often":         w.lib.Count("fees", "paid + waived > cents OR refunded > paid"),
		"lost items are out":                  w.lib.Count("items JOIN loans ON loans.item = items.id", "items.status IN ('lost', 'missing') AND loans.state = 'open'"),
		"titles are counted wrongly": w.lib.Count("search_doc", `available != (SELECT COUNT(*) FROM items WHERE items.title = search_doc.title_id AND items.status = 'available'
			AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.state = 'open')
			AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.caught = items.id AND holds.state = 'ready'))`),
	} {
		if n != 0 {
			w.t.Errorf("%d %s", n, what)
		}
	}
}

// walkActs are the acts of the walk with how often each is tried.
var walkActs = map[string]struct {
	weight int
	try    func(w *walker, item, patron string)
}{
	"check_out": {20, (*walker).checkOut},
	"return": {20, func(w *walker, item, _ string) {
		request := desk.ReturnRequest{Act: w.act(), Item: item, Mode: w.pick("return", "book_drop")}
		_, err := desk.Return(w.lib.App, request)
		w.note("return", request.Key, err)
	}},
	"renew": {6, func(w *walker, item, _ string) {
		request := desk.RenewRequest{Act: w.act(), Item: item}
		_, err := desk.Renew(w.lib.App, request)
		w.note("renew", request.Key, err)
	}},
	"renew_all": {2, func(w *walker, _, patron string) {
		request := desk.RenewAllRequest{Act: w.act(), Patron: patron}
		_, err := desk.RenewAll(w.lib.App, request)
		w.note("renew_all", request.Key, err)
	}},
	"class": {2, func(w *walker, item, patron string) {
		request := desk.ClassRequest{Act: w.act(), Items: []string{item, w.item()}, Patron: patron, Override: []policy.Code{policy.ItemOnLoan, policy.ItemOnHold}}
		_, err := desk.CheckOutClass(w.lib.App, request)
		w.note("class", request.Key, err)
	}},
	"hold": {8, func(w *walker, item, patron string) {
		request := desk.HoldRequest{Act: w.act(), Patron: patron, Title: w.titles[w.random.IntN(len(w.titles))]}
		if w.random.IntN(3) == 0 {
			request.Title, request.Item = "", item
		}
		_, err := desk.PlaceHold(w.lib.App, request)
		w.note("hold", request.Key, err)
	}},
	"hold_change": {4, func(w *walker, _, _ string) {
		request := desk.HoldChange{Act: w.act(), Hold: w.some("holds"), Place: 1 + w.random.IntN(3)}
		change := desk.MoveHold
		if w.random.IntN(2) == 0 {
			change = desk.CancelHold
		}
		_, err := change(w.lib.App, request)
		w.note("hold_change", request.Key, err)
	}},
	"expire": {2, func(w *walker, _, _ string) {
		n, err := desk.ExpireHolds(w.lib.App, policy.DayOf(w.now, time.UTC), desk.Act{At: w.now, Now: w.now, Actor: desk.Actor{Door: "command"}})
		if err != nil {
			w.t.Fatalf("expire: %v", err)
		}
		w.did["expire"] += n
	}},
	"claim": {5, func(w *walker, item, _ string) {
		request := desk.ClaimRequest{Act: w.act(), Item: item, Claim: w.pick(collections.ClaimReturned, collections.ClaimNeverHad, "")}
		_, err := desk.Claim(w.lib.App, request)
		w.note("claim", request.Key, err)
	}},
	"mark": {8, func(w *walker, item, _ string) {
		request := desk.MarkRequest{Act: w.act(), Item: item, To: "North", As: w.pick(
			"lost", "missing", "damaged", "pieces", "repair", "found", "found", "found", "found", "in_house", "transfer", "arrive", "arrive")}
		if w.random.IntN(2) == 0 && (request.As == "lost" || request.As == "damaged") {
			cents := w.random.IntN(500)
			request.Charge = &cents
		}
		_, err := desk.Mark(w.lib.App, request)
		w.note("mark", request.Key, err)
	}},
	"money": {6, func(w *walker, _, patron string) {
		request := desk.SettleRequest{Act: w.act(), Patron: patron, Cents: 1 + w.random.IntN(300), Kind: w.pick("pay", "waive", "refund")}
		if request.Kind == "refund" {
			request.Fee = w.some("fees")
		}
		_, err := desk.Settle(w.lib.App, request)
		w.note("money", request.Key, err)
	}},
	"due": {2, func(w *walker, item, _ string) {
		request := desk.DueRequest{Act: w.act(), Items: []string{item}, Due: policy.DayOf(w.now, time.UTC).Add(1 + w.random.IntN(30))}
		_, err := desk.ChangeDue(w.lib.App, request)
		w.note("due", request.Key, err)
	}},
	"term": {1, func(w *walker, _, _ string) {
		request := desk.TermRequest{Act: w.act(), Term: w.terms[w.random.IntN(len(w.terms))]}
		_, err := desk.ApplyTerm(w.lib.App, request)
		w.note("term", request.Key, err)
	}},
	"scan":   {3, (*walker).scan},
	"undo":   {12, func(w *walker, _, _ string) { w.undo() }},
	"replay": {8, (*walker).replay},
	"again":  {6, func(w *walker, item, _ string) { w.again(item) }},
}

// drawn is the acts as often as their weight, in an order that does not change from run to run.
var drawn = func() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(walkActs)) {
		for range walkActs[name].weight {
			names = append(names, name)
		}
	}
	return names
}()

func (w *walker) step() {
	w.now = w.now.Add(time.Duration(w.random.IntN(240)) * time.Minute)
	patron := fmt.Sprintf("W%d", w.random.IntN(walkPatrons))
	walkActs[drawn[w.random.IntN(len(drawn))]].try(w, w.item(), patron)
}

func (w *walker) item() string { return fmt.Sprintf("I%d", w.random.IntN(walkItems)) }

func (w *walker) pick(words ...string) string { return words[w.random.IntN(len(words))] }

// some is the id of one of the newest rows of a table; nothing when it is empty.
func (w *walker) some(table string) string {
	ids := []string{}
	if err := w.lib.App.DB().NewQuery("SELECT id FROM " + table + " ORDER BY rowid DESC LIMIT 12").Column(&ids); err != nil {
		w.t.Fatal(err)
	}
	if len(ids) == 0 {
		return "nothing00000000"
	}
	return ids[w.random.IntN(len(ids))]
}

func (w *walker) checkOut(item, patron string) {
	request := desk.CheckOutRequest{Act: w.act(), Patron: patron, Item: item}
	if w.random.IntN(2) == 0 {
		request.Override = []policy.Code{policy.ItemOnLoan, policy.LoanLimit, policy.ItemOnHold}
	}
	_, err := desk.CheckOut(w.lib.App, request)
	w.note("check_out", request.Key, err)
}

func (w *walker) scan(item, _ string) {
	if w.inventory == "" {
		w.inventory = w.lib.Inventory().ID
	}
	request := desk.ScanRequest{Act: w.act(), Inventory: w.inventory, Code: w.pick(item, "999999")}
	_, err := desk.Scan(w.lib.App, request)
	w.note("scan", request.Key, err)
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
		if w.lib.Count("circ_events", "key = '"+key+"'") == 1 { // an act of many may find nothing to do
			w.keys = append(w.keys, key)
		}
	case fault.Refused, fault.Conflict, fault.Invalid, fault.NotFound:
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
	key := recent[w.random.IntN(len(recent))]
	err := desk.Undo(w.lib.App, key, w.now, librarian)
	switch fault.CodeOf(err) {
	case "":
		w.did["undo"]++
	case fault.Conflict:
	default:
		w.t.Fatalf("undo %s: %v", key, err)
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
