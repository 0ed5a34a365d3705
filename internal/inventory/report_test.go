package inventory_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/inventory"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

var (
	monday    = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}
	volunteer = desk.Actor{Door: "staff", ID: "volunteer000001", Role: collections.Volunteer}
)

// shelves is a library and a clock that goes on by a minute with each act.
type shelves struct {
	testkit.Library
	now  *time.Time
	acts *int
}

func open(t testing.TB) shelves {
	now, acts := monday, 0
	s := shelves{Library: testkit.NewLibrary(t), now: &now, acts: &acts}
	s.Patron("P1")
	return s
}

func (s shelves) act() desk.Act {
	*s.now = s.now.Add(time.Minute)
	*s.acts++
	return desk.Act{Key: fmt.Sprintf("act-%06d", *s.acts), Now: *s.now, Actor: librarian}
}

func (s shelves) check(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

func (s shelves) location(name string) string {
	location, err := collections.Insert(s.App, collections.Location{Code: name, Name: name})
	s.check(err)
	return location.ID
}

func (s shelves) put(location, code, call string) collections.Item {
	item := s.Item(code)
	item.Location, item.CallNumber = location, call
	s.Save(item)
	return item
}

func (s shelves) start(stretch inventory.Stretch) collections.Inventory {
	s.T.Helper()
	started, err := inventory.Start(s.App, stretch, s.act().Now)
	s.check(err)
	return started
}

func (s shelves) scan(in collections.Inventory, codes ...string) (last string) {
	s.T.Helper()
	for _, code := range codes {
		act := s.act()
		_, err := desk.Scan(s.App, desk.ScanRequest{Act: act, Inventory: in.ID, Code: code})
		s.check(err)
		last = act.Key
	}
	return last
}

func (s shelves) lend(code string) {
	s.T.Helper()
	_, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: s.act(), Patron: "P1", Item: code})
	s.check(err)
}

func (s shelves) bring(code string) {
	s.T.Helper()
	_, err := desk.Return(s.App, desk.ReturnRequest{Act: s.act(), Item: code})
	s.check(err)
}

func (s shelves) mark(code, as string) {
	s.T.Helper()
	_, err := desk.Mark(s.App, desk.MarkRequest{Act: s.act(), Item: code, As: as})
	s.check(err)
}

func (s shelves) report(in collections.Inventory) inventory.Findings {
	s.T.Helper()
	found, err := inventory.Report(s.App, in.ID)
	s.check(err)
	if found.Expected != found.Seen+found.Away+len(found.NotSeen) {
		s.T.Errorf("the counts do not add up: %+v", found)
	}
	return found
}

func (s shelves) same(what string, got, want []string) {
	s.T.Helper()
	if !slices.Equal(got, want) {
		s.T.Errorf("%s: %q, want %q", what, got, want)
	}
}

func codes(lines []inventory.Line) (list []string) {
	for _, line := range lines {
		list = append(list, line.Barcode)
	}
	return list
}

func items(lines []inventory.Line) (ids []string) {
	for _, line := range lines {
		ids = append(ids, line.Item)
	}
	return ids
}

func code(line *inventory.Line) string {
	if line == nil {
		return "-"
	}
	return line.Barcode
}

func wrong(list []inventory.Misplaced) (said []string) {
	for _, m := range list {
		said = append(said, strings.Join([]string{m.Barcode, m.Why, code(m.Behind), code(m.After), code(m.Before)}, " "))
	}
	return said
}

func TestReportOfEverything(t *testing.T) {
	s := open(t)
	fiction, pictures := s.location("Fiction"), s.location("Picture books")
	for code, call := range map[string]string{
		"A1": "FIC ABE", "A2": "FIC ALL", "A3": "FIC BAU", "A4": "FIC COL", "A5": "FIC DAH", "A6": "FIC ELL", "A7": "FIC FOX",
		"M1": "FIC GAR", "L1": "FIC GRA", "W1": "FIC HES", "R1": "FIC HIN", "O1": "FIC IBB", "S1": "FIC JAC", "Z1": "FIC ZUS",
	} {
		s.put(fiction, code, call)
	}
	s.put(pictures, "E1", "E SEU")
	visitor := s.put(fiction, "V1", "FIC DIC")
	visitor.Home = "Hill School"
	s.Save(visitor)
	s.mark("M1", collections.FactMissing)
	s.lend("L1")
	s.mark("L1", collections.FactLost)
	s.mark("W1", collections.FactWithdraw)
	s.mark("R1", collections.FactRepair)
	s.lend("O1")
	s.lend("S1")

	in := s.start(inventory.Stretch{Name: "Fiction A to R", Location: fiction, From: "FIC A", To: "FIC R"})
	s.scan(in, "A1", "A5", "A2", "A3", "A4", "NOBODYS", "NOBODYS", "M1", "L1", "W1", "O1", "E1", "V1", "Z1")
	s.lend("A3") // after it was seen
	s.lend("A6") // before anybody saw it
	s.bring("S1")

	found := s.report(in)
	s.same("not seen", codes(found.NotSeen), []string{"A7"})
	s.same("misplaced", wrong(found.Misplaced), []string{"A5 order A1 A4 M1", "E1 location O1 - -", "V1 site E1 - -", "Z1 range V1 - -"})
	s.same("withdrawn", codes(found.Withdrawn), []string{"W1"})
	if len(found.OutButHere) != 1 || found.OutButHere[0].Barcode != "O1" || found.OutButHere[0].Loan == "" {
		t.Errorf("out but here: %+v", found.OutButHere)
	}
	if len(found.Found) != 2 || found.Found[0].Barcode+found.Found[0].Was != "M1missing" || found.Found[1].Barcode+found.Found[1].Was != "L1lost" {
		t.Errorf("found: %+v", found.Found)
	}
	if len(found.Unknown) != 1 || found.Unknown[0].Code != "NOBODYS" || code(found.Unknown[0].Behind) != "A4" {
		t.Errorf("unknown: %+v", found.Unknown)
	}
	got := [4]int{found.Scans, found.Expected, found.Seen, found.Away}
	if want := [4]int{14, 12, 8, 3}; got != want { // away: R1 in repair, A6 on loan, S1 just brought back
		t.Errorf("scans, expected, seen, away: %v, want %v", got, want)
	}
	line := inventory.Line{Item: found.NotSeen[0].Item, Barcode: "A7", Title: "Hatchet A7", CallNumber: "FIC FOX", Location: "Fiction"}
	if diff := cmp.Diff(line, found.NotSeen[0]); diff != "" {
		t.Error(diff)
	}
}

func TestUndoneScansDoNotCount(t *testing.T) {
	s := open(t)
	s.put("", "A1", "FIC ABE")
	s.put("", "M1", "FIC MAX")
	s.mark("M1", collections.FactMissing)
	in := s.start(inventory.Stretch{Name: "All"})
	for _, code := range []string{"A1", "M1", "NOBODYS"} {
		s.check(desk.Undo(s.App, s.scan(in, code), s.act().Now, librarian))
	}
	found := s.report(in)
	s.same("not seen", codes(found.NotSeen), []string{"A1"})
	if found.Scans+found.Seen+len(found.Found)+len(found.Unknown) != 0 || found.Expected != 1 {
		t.Errorf("%+v", found)
	}
}

// What somebody had in hand since the start is not missing, even when it is on no loan any more; what was undone nobody had in hand.
func TestHandledWhileWalking(t *testing.T) {
	s := open(t)
	for _, code := range []string{"A1", "A2", "A3", "A4", "A5"} {
		s.put("", code, "FIC "+code)
	}
	s.lend("A2")
	s.bring("A2") // before the start: it should be there
	s.lend("A3")
	in := s.start(inventory.Stretch{Name: "All"})
	s.lend("A1")
	s.bring("A1")
	dropped := s.act()
	dropped.At = s.now.Add(-3 * time.Minute) // put into the book drop a while before it was emptied
	_, err := desk.Return(s.App, desk.ReturnRequest{Act: dropped, Item: "A3", Mode: "book_drop"})
	s.check(err)
	s.lend("A4")
	s.check(desk.Undo(s.App, fmt.Sprintf("act-%06d", *s.acts), s.act().Now, librarian))
	s.mark("A5", collections.FactInHouse)
	found := s.report(in)
	s.same("not seen", codes(found.NotSeen), []string{"A2", "A4"})
	if found.Away != 3 {
		t.Errorf("away %d", found.Away)
	}
}

func TestOutButHereIsThatLoan(t *testing.T) {
	s := open(t)
	for _, code := range []string{"A1", "A2"} {
		s.put("", code, "FIC "+code)
		s.lend(code)
	}
	in := s.start(inventory.Stretch{Name: "All"})
	s.scan(in, "A1", "A2")
	s.bring("A2")
	s.lend("A2") // another loan, made after the scan
	found := s.report(in)
	if len(found.OutButHere) != 1 || found.OutButHere[0].Barcode != "A1" {
		t.Errorf("%+v", found.OutButHere)
	}
}

func TestItemsOnTheHoldShelfAreAway(t *testing.T) {
	s := open(t)
	item := s.put("", "A1", "FIC ABE")
	s.lend("A1")
	s.Patron("P2")
	_, err := desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(), Patron: "P2", Title: item.Title})
	s.check(err)
	s.bring("A1") // kept for P2
	found := s.report(s.start(inventory.Stretch{Name: "All"}))
	if found.Away != 1 || len(found.NotSeen) != 0 {
		t.Errorf("%+v", found)
	}
}

// A book that was put right and scanned again is in its place; two who scan at once do not disturb each other; a location has an order of its own.
func TestOrderIsAlongOneWalk(t *testing.T) {
	s := open(t)
	upper, lower := s.location("Upper"), s.location("Lower")
	for _, call := range []string{"A", "B", "C", "D"} {
		s.put(upper, "U"+call, "FIC "+call)
		s.put(lower, "L"+call, "FIC "+call)
	}
	s.put(upper, "BARE", "")
	in := s.start(inventory.Stretch{Name: "All"})
	s.scan(in, "UB", "UA", "UB", "BARE", "UC", "UD")
	for _, codes := range [][2]string{{"LC", "LA"}, {"LD", "LB"}} {
		act := s.act()
		act.Actor = volunteer
		_, err := desk.Scan(s.App, desk.ScanRequest{Act: act, Inventory: in.ID, Code: codes[0]})
		s.check(err)
		s.scan(in, codes[1])
	}
	if found := s.report(in); len(found.Misplaced) != 0 || found.Seen != 9 {
		t.Errorf("%d seen, misplaced %q", found.Seen, wrong(found.Misplaced))
	}
}

func TestACodeThatBecameAnItem(t *testing.T) {
	s := open(t)
	in := s.start(inventory.Stretch{Name: "All"})
	s.scan(in, "NEW1")
	s.put("", "NEW1", "FIC NEW")
	if found := s.report(in); found.Seen != 1 || len(found.Unknown)+len(found.NotSeen) != 0 {
		t.Errorf("%+v", found)
	}
}

func TestGiveUpAndUndo(t *testing.T) {
	s := open(t)
	for _, code := range []string{"A1", "A2", "A3", "A4", "A5", "A6"} {
		s.put("", code, "FIC "+code)
	}
	in := s.start(inventory.Stretch{Name: "All"})
	s.scan(in, "A1")
	s.lend("A2")
	defer func() { s.same("nobody looked at it", codes(s.report(in).NotSeen), []string{"A3", "A4", "A6"}) }()
	act := s.act()
	looked := items(s.report(in).NotSeen)[:3] // A6 stays on the list
	s.lend("A5")                              // while the librarian looked at the list
	marked, err := inventory.GiveUp(s.App, in.ID, looked, act)
	s.check(err)
	again, err := inventory.GiveUp(s.App, in.ID, looked, act)
	s.check(err)
	if len(marked) != 2 || !slices.Equal(marked, again) || s.Count("items", "status = 'missing' AND barcode IN ('A3', 'A4')") != 2 {
		t.Errorf("given up: %v, again %v", marked, again)
	}
	if found := s.report(in); found.Expected != 4 || len(found.NotSeen) != 1 {
		t.Errorf("after giving up: %+v", found)
	}
	s.check(desk.Undo(s.App, act.Key, s.act().Now, librarian))
	s.same("not seen after undo", codes(s.report(in).NotSeen), []string{"A3", "A4", "A6"})
	if _, err := desk.Rebuild(s.App, false, func(d desk.Difference) { t.Errorf("state and facts differ: %+v", d) }, nil); err != nil {
		t.Fatal(err)
	}
}

func TestTwoInventoriesOverOneLocation(t *testing.T) {
	s := open(t)
	fiction := s.location("Fiction")
	s.put(fiction, "A1", "FIC ABE")
	first := s.start(inventory.Stretch{Name: "First", Location: fiction})
	second := s.start(inventory.Stretch{Name: "Second", Location: fiction})
	s.scan(first, "A1")
	one, two := s.report(first), s.report(second)
	if one.Seen != 1 || two.Seen != 0 || two.Away != 1 || len(two.NotSeen) != 0 {
		t.Errorf("first %+v, second %+v", one, two)
	}
	s.check(inventory.Close(s.App, second.ID, s.act().Now))
	s.check(inventory.Close(s.App, second.ID, s.act().Now.Add(time.Hour)))
	_, err := desk.Scan(s.App, desk.ScanRequest{Act: s.act(), Inventory: second.ID, Code: "A1"})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("a scan into a closed inventory: %v", err)
	}
	list, err := inventory.List(s.App)
	s.check(err)
	if len(list) != 2 || list[0].ID != second.ID || list[0].State != collections.InventoryClosed || list[0].Ended.Time().After(*s.now) {
		t.Errorf("%+v", list)
	}
}

func TestBadStretches(t *testing.T) {
	s := open(t)
	for field, stretch := range map[string]inventory.Stretch{
		"name":     {Name: "  "},
		"from":     {Name: "x", From: "..."},
		"to":       {Name: "x", From: "599", To: "398.2"},
		"location": {Name: "x", Location: "nowhere"},
	} {
		_, err := inventory.Start(s.App, stretch, monday)
		var f *fault.Error
		if !errors.As(err, &f) || f.Field != field || (f.Code == fault.NotFound) != (field == "location") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, good := range []inventory.Stretch{{Name: "x", From: "599.7", To: "599"}, {Name: "x", To: "398"}, {Name: "x", From: "FIC A", To: "FIC A"}} {
		if _, err := inventory.Start(s.App, good, monday); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	if s.Count("inventories", "1") != 3 {
		t.Error("a refused inventory was kept")
	}
	if _, err := inventory.Report(s.App, "nothing"); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	if err := inventory.Close(s.App, "nothing", monday); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}
