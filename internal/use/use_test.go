package use_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/privacy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"
	"carrel/internal/use"

	"github.com/google/go-cmp/cmp"
)

var (
	monday    = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func library(t testing.TB, zone string) testkit.Library {
	t.Helper()
	lib := testkit.NewLibrary(t)
	check(t, site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: zone, Language: say.English}))
	lib.Patron("P100")
	lib.Item("B100")
	return lib
}

func act(key string, at time.Time) desk.Act {
	return desk.Act{Key: "key-" + key + "-000", Now: at, Actor: librarian}
}

func lend(t testing.TB, lib testkit.Library, key string, at time.Time) {
	t.Helper()
	_, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: act(key, at), Patron: "P100", Item: "B100"})
	check(t, err)
}

func giveBack(t testing.TB, lib testkit.Library, key string, at time.Time) {
	t.Helper()
	_, err := desk.Return(lib.App, desk.ReturnRequest{Act: act(key, at), Item: "B100"})
	check(t, err)
}

func catchUp(t testing.TB, lib testkit.Library) {
	t.Helper()
	check(t, use.CatchUp(t.Context(), lib.App))
}

// proven asserts that the counts are what the facts say, and counts the facts once more in another way.
func proven(t testing.TB, lib testkit.Library) {
	t.Helper()
	_, err := use.Rebuild(t.Context(), lib.App, false, func(d use.Difference) { t.Errorf("counts and facts differ: %+v", d) })
	check(t, err)
	const counted = "circ_events f WHERE kind = '%s' AND f.id NOT IN (SELECT reverses FROM circ_events WHERE kind = 'undo')"
	for _, kind := range []string{"check_out", "renew", "return", "in_house", "withdraw"} {
		var facts int
		check(t, lib.App.DB().NewQuery("SELECT COUNT(*) FROM "+fmt.Sprintf(counted, kind)).Row(&facts))
		for _, table := range []string{"use_days", "use_hours", "use_shelves"} {
			if kind == "return" && table == "use_shelves" {
				continue
			}
			if n := sum(t, lib, table+" WHERE kind = '"+kind+"'"); n != facts {
				t.Errorf("%s has %d of %s, the facts %d", table, n, kind, facts)
			}
		}
	}
}

func sum(t testing.TB, lib testkit.Library, from string) (n int) {
	t.Helper()
	check(t, lib.App.DB().NewQuery("SELECT COALESCE(SUM(n), 0) FROM "+from).Row(&n))
	return n
}

// What happened in the evening of the 22nd in New York happened on the 23rd in London.
func TestALoanCountsOnTheDayOfTheSchool(t *testing.T) {
	lib := library(t, "America/New_York")
	evening := time.Date(2026, 11, 24, 3, 30, 0, 0, time.UTC)
	lend(t, lib, "a", evening)
	catchUp(t, lib)
	if n := lib.Count("use_days", "day = '2026-11-23' AND kind = 'check_out' AND grade = '4' AND door = 'staff' AND n = 1"); n != 1 {
		t.Error("it is not counted on its day")
	}
	if n := lib.Count("use_hours", "day = '2026-11-23' AND hour = '22' AND n = 1"); n != 1 {
		t.Error("it is not counted in its hour")
	}
	check(t, site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: "Europe/London", Language: say.English}))
	catchUp(t, lib)
	if n := lib.Count("use_hours", "day = '2026-11-24' AND hour = '03' AND n = 1"); n != 1 {
		t.Error("another time zone does not count everything again")
	}
	proven(t, lib)
}

// An act that a kiosk hands in two days late counts on the day on which it happened.
func TestALateReplayCountsOnItsOwnDay(t *testing.T) {
	lib := library(t, "UTC")
	lend(t, lib, "a", monday)
	giveBack(t, lib, "b", monday.Add(time.Hour))
	catchUp(t, lib)
	replayed := desk.Replayed{Key: "a-key-of-the-kiosk", At: monday.AddDate(0, 0, -4), Kind: "check_out", Card: "P100", Item: "B100"}
	lib.Item("B200")
	replayed.Item = "B200"
	_, err := desk.Replay(lib.App, replayed, monday.AddDate(0, 0, 1), desk.Actor{Door: "kiosk", ID: "kiosk0000000001"})
	check(t, err)
	catchUp(t, lib)
	if n := lib.Count("use_days", "day = '2026-11-19' AND door = 'kiosk' AND kind = 'check_out' AND n = 1"); n != 1 {
		t.Error("the replay is not counted on its day")
	}
	proven(t, lib)
}

func TestUndoSubtracts(t *testing.T) {
	lib := library(t, "UTC")
	title := titleOf(t, lib, "B100")
	lend(t, lib, "a", monday.AddDate(0, -2, 0))
	giveBack(t, lib, "b", monday.AddDate(0, -2, 1))
	lend(t, lib, "c", monday)
	catchUp(t, lib)
	if got := ofTitle(t, lib, title); got.All != 2 || got.Last != "2026-11-23" {
		t.Errorf("before the undo: %+v", got)
	}
	check(t, desk.Undo(lib.App, act("c", monday).Key, monday.Add(time.Minute), librarian))
	got := ofTitle(t, lib, title)
	if got.All != 1 || got.ThisYear != 1 || got.Last != "2026-09-23" || got.Months[21].Loans != 1 || got.Months[23].Loans != 0 {
		t.Errorf("after it: %+v", got)
	}
	if n := lib.Count("use_days", "day = '2026-11-23'"); n != 0 {
		t.Error("empty cells are kept")
	}
	proven(t, lib)
}

func ofTitle(t testing.TB, lib testkit.Library, id string) use.Title {
	t.Helper()
	title, err := use.OfTitle(t.Context(), lib.App, id, policy.DayOf(monday, time.UTC))
	check(t, err)
	return title
}

func titleOf(t testing.TB, lib testkit.Library, code string) (title string) {
	t.Helper()
	check(t, lib.App.DB().NewQuery("SELECT title FROM items WHERE barcode = '"+code+"'").Row(&title))
	return title
}

func run(t testing.TB, lib testkit.Library, statement string) {
	t.Helper()
	_, err := lib.App.DB().NewQuery(statement).Execute()
	check(t, err)
}

// The past of a title goes with it into the one that stands for it, and comes back.
func TestAMergedTitleCountsForTheOneThatStandsForIt(t *testing.T) {
	lib := library(t, "UTC")
	lend(t, lib, "a", monday)
	from, to := titleOf(t, lib, "B100"), lib.Item("B200").Title
	catchUp(t, lib)
	run(t, lib, "UPDATE titles SET merged_into = '"+to+"' WHERE id = '"+from+"'")
	if a, b := ofTitle(t, lib, from), ofTitle(t, lib, to); a.All != 0 || b.All != 1 || b.Months[23].Loans != 1 {
		t.Errorf("merged: %+v and %+v", a, b)
	}
	top, err := use.Top(lib.App, policy.DayOf(monday, time.UTC), 5)
	check(t, err)
	if diff := cmp.Diff([]use.Ranked{{ID: to, Loans: 1}}, top); diff != "" {
		t.Error(diff)
	}
	run(t, lib, "UPDATE titles SET merged_into = '' WHERE id = '"+from+"'")
	if a, b := ofTitle(t, lib, from), ofTitle(t, lib, to); a.All != 1 || b.All != 0 {
		t.Errorf("parted again: %+v and %+v", a, b)
	}
	proven(t, lib)
}

// A book that goes to another shelf takes its past along; one that is no more keeps it in the sums.
func TestAnItemThatMovesOrGoes(t *testing.T) {
	lib := library(t, "UTC")
	lend(t, lib, "a", monday)
	run(t, lib, "UPDATE items SET call_number = '598.2 EXA'")
	catchUp(t, lib)
	if n := sum(t, lib, "use_shelves WHERE band = '500'"); n != 1 {
		t.Errorf("%d loans of the 500s", n)
	}
	run(t, lib, "UPDATE items SET call_number = 'FIC EXA', location = 'fiction00000001'")
	catchUp(t, lib)
	if n := sum(t, lib, "use_shelves WHERE band = 'FIC' AND location = 'fiction00000001'"); n != 1 || lib.Count("use_shelves", "band = '500'") != 0 {
		t.Errorf("%d loans of fiction", n)
	}
	proven(t, lib)
	run(t, lib, "DELETE FROM loans")
	run(t, lib, "DELETE FROM items")
	catchUp(t, lib)
	if n := sum(t, lib, "use_shelves WHERE band = '' AND location = ''"); n != 1 {
		t.Errorf("%d loans of items that are no more", n)
	}
	proven(t, lib)
}

func TestRebuildFindsAndRepairs(t *testing.T) {
	lib := library(t, "UTC")
	lend(t, lib, "a", monday)
	catchUp(t, lib)
	run(t, lib, "UPDATE use_days SET n = 7")
	run(t, lib, "DELETE FROM use_titles")
	run(t, lib, "UPDATE use_items SET last = '2020-01-01'")
	run(t, lib, "INSERT INTO use_hours VALUES ('2026-11-01', '09', 'renew', 'kiosk', 3)")
	var found []string
	_, err := use.Rebuild(t.Context(), lib.App, true, func(d use.Difference) { found = append(found, d.Table+" "+d.Is) })
	check(t, err)
	if len(found) != 4 {
		t.Errorf("found %q", found)
	}
	proven(t, lib)
}

// Several at once count everything once.
func TestCatchUpBySeveral(t *testing.T) {
	lib := library(t, "UTC")
	for i := range 40 {
		lend(t, lib, fmt.Sprintf("out%d", i), monday.AddDate(0, 0, i))
		giveBack(t, lib, fmt.Sprintf("in%d", i), monday.AddDate(0, 0, i).Add(time.Hour))
	}
	other := testkit.Library{T: t, App: testkit.Open(t, lib.App.DataDir())}
	var everybody sync.WaitGroup
	for i := range 8 {
		everybody.Go(func() {
			app := lib.App
			if i%2 == 0 {
				app = other.App
			}
			if err := use.CatchUp(t.Context(), app); err != nil {
				t.Error(err)
			}
		})
	}
	everybody.Wait()
	proven(t, lib)
}

// A day of random acts, each of which may be refused, with the counting in between: it comes to what counting all facts at once comes to.
func TestRandomActsAreCountedAsTheirFacts(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWalk(t, seed)
			for range 250 {
				w.step()
			}
			proven(t, w.lib)
			if n := sum(t, w.lib, "use_days"); n < 30 {
				t.Errorf("only %d acts were counted", n)
			}
			_, err := privacy.Unlink(t.Context(), w.lib.App, policy.DayOf(w.now, time.UTC).Add(400), w.now.AddDate(1, 0, 0), false)
			check(t, err)
			proven(t, w.lib)
		})
	}
}

type walk struct {
	t      *testing.T
	lib    testkit.Library
	random *rand.Rand
	now    time.Time
	keys   []string
	codes  []string
	titles []string
}

func newWalk(t *testing.T, seed uint64) *walk {
	w := &walk{t: t, lib: library(t, "America/New_York"), random: rand.New(rand.NewPCG(seed, 7)), now: monday}
	w.lib.Rule("", "", `{"loan_days": 21, "loan_limit": 9, "renewal_limit": 9}`)
	for i := range 6 {
		code := fmt.Sprintf("I%d", i)
		w.codes = append(w.codes, code)
		w.titles = append(w.titles, w.lib.Item(code).Title)
	}
	for i := range 3 {
		w.lib.Patron(fmt.Sprintf("W%d", i))
	}
	return w
}

func (w *walk) act() desk.Act {
	w.now = w.now.Add(time.Duration(w.random.IntN(300)) * time.Minute)
	w.keys = append(w.keys, fmt.Sprintf("walk-%08d", len(w.keys)))
	return desk.Act{Key: w.keys[len(w.keys)-1], Now: w.now, Actor: librarian}
}

func (w *walk) pick(from []string) string { return from[w.random.IntN(len(from))] }

// step does one thing that may be refused; a refusal is as good as an act.
func (w *walk) step() {
	item, patron := w.pick(w.codes), fmt.Sprintf("W%d", w.random.IntN(3))
	switch n := w.random.IntN(100); {
	case n < 30:
		_, _ = desk.CheckOut(w.lib.App, desk.CheckOutRequest{Act: w.act(), Patron: patron, Item: item})
	case n < 50:
		_, _ = desk.Return(w.lib.App, desk.ReturnRequest{Act: w.act(), Item: item})
	case n < 58:
		_, _ = desk.Renew(w.lib.App, desk.RenewRequest{Act: w.act(), Item: item})
	case n < 64:
		_, _ = desk.Mark(w.lib.App, desk.MarkRequest{Act: w.act(), Item: item, As: w.pick([]string{"in_house", "found", "lost", "withdraw"})})
	case n < 76 && len(w.keys) > 0:
		_ = desk.Undo(w.lib.App, w.keys[max(0, len(w.keys)-1-w.random.IntN(3))], w.now, librarian)
	case n < 84:
		act := w.act()
		replayed := desk.Replayed{Key: act.Key, At: w.now.Add(-time.Duration(w.random.IntN(5000)) * time.Minute), Kind: w.pick([]string{"check_out", "return"}), Card: patron, Item: item}
		_, _ = desk.Replay(w.lib.App, replayed, w.now, desk.Actor{Door: "kiosk", ID: "kiosk0000000001"})
	case n < 88:
		run(w.t, w.lib, "UPDATE items SET call_number = '"+w.pick([]string{"", "598 A", "FIC A", "E A"})+"' WHERE barcode = '"+item+"'")
	case n < 91:
		run(w.t, w.lib, "UPDATE titles SET call_number = '"+w.pick([]string{"921 B", "741.5 B"})+"' WHERE id = '"+w.pick(w.titles)+"'")
	case n < 94:
		run(w.t, w.lib, "UPDATE items SET title = '"+w.pick(w.titles)+"' WHERE barcode = '"+item+"'")
	case n < 95:
		into := w.pick([]string{"", w.titles[0]})
		run(w.t, w.lib, "UPDATE titles SET merged_into = '"+into+"' WHERE id = '"+w.pick(w.titles[1:])+"'")
	default:
		catchUp(w.t, w.lib)
	}
}
