package inventory_test

import (
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/inventory"
	"carrel/internal/say"
)

// told scans a code and answers what whoever stands there is told.
func (s shelves) told(in collections.Inventory, code string) string {
	s.T.Helper()
	act := s.act()
	scanned, err := desk.Scan(s.App, desk.ScanRequest{Act: act, Inventory: in.ID, Code: code})
	s.check(err)
	seen, err := inventory.Look(s.App, in.ID, scanned.Item, act.Actor.ID, scanned.Found)
	s.check(err)
	var told []string
	for _, wrong := range seen.Wrong {
		told = append(told, wrong.Code+": "+wrong.Text.In(say.English))
	}
	return strings.Join(told, " / ")
}

func TestWhatIsWrongWithABook(t *testing.T) {
	s := open(t)
	fiction, pictures := s.location("Fiction"), s.location("Picture books")
	for code, call := range map[string]string{
		"A1": "FIC ABE", "A2": "FIC ALL", "A3": "FIC BAU", "A4": "FIC COL", "A5": "FIC DAH", "A6": "FIC ELL", "O1": "FIC FOX", "M1": "FIC GAR", "W1": "FIC HES", "R1": "FIC HIN", "Z1": "FIC ZUS",
	} {
		s.put(fiction, code, call)
	}
	s.put(pictures, "E1", "E SEU")
	visitor := s.put(fiction, "V1", "FIC DIC")
	visitor.Home = "Hill School"
	s.Save(visitor)
	s.lend("O1")
	s.mark("M1", collections.FactMissing)
	s.mark("W1", collections.FactWithdraw)
	s.mark("R1", collections.FactRepair)
	in := s.start(inventory.Stretch{Name: "Fiction", Location: fiction, To: "FIC R"})
	for _, step := range [][2]string{
		{"A1", ""}, {"A2", ""}, {"A5", ""},
		{"A3", "before: The book before it stands out of order: FIC DAH, “Hatchet A5”."}, {"A4", ""},
		{"A2", "order: It stands out of order: it belongs between FIC ABE and FIC BAU."}, // it stands there once more
		{"NOBODYS", "unknown: No copy has this barcode. Put the book aside."},
		{"O1", "on_loan: It is on loan to somebody. Take it to the desk."},
		{"M1", "found: It was missing. Now it is found."},
		{"W1", "withdrawn: It was withdrawn. Take it off the shelf."},
		{"R1", "repair: It is in repair. Take it to the desk."},
		{"V1", "site: It belongs to Hill School. Put it aside."},
		{"E1", "location: It belongs elsewhere: Picture books."},
		{"Z1", "range: FIC ZUS does not belong to this part of the shelves."},
		{"A6", "order: It stands out of order: it belongs between FIC COL and FIC FOX."},
	} {
		if got := s.told(in, step[0]); got != step[1] {
			t.Errorf("%s: %q, not %q", step[0], got, step[1])
		}
	}
}

func TestShelvesAndLists(t *testing.T) {
	s := open(t)
	fiction, science := s.location("Fiction"), s.location("Science")
	for code, call := range map[string]string{"A1": "523.4 GIB", "A2": "[Fic] ALL", "A3": "599 ABC", "A4": "E SEU", "A5": ""} {
		s.put(science, code, call)
	}
	s.put(fiction, "B1", "FIC A")
	s.lend("A3")
	one := s.start(inventory.Stretch{Name: "Science", Location: science})
	s.scan(one, "A1", "NEW")
	found := s.report(one)
	want := []inventory.Shelf{{Name: "", Expected: 1}, {Name: "500", Expected: 2, Seen: 1, Away: 1}, {Name: "E", Expected: 1}, {Name: "FIC", Expected: 1}}
	if len(found.Shelves) != len(want) {
		t.Fatalf("%+v", found.Shelves)
	}
	for i := range want {
		if found.Shelves[i] != want[i] {
			t.Errorf("%+v, not %+v", found.Shelves[i], want[i])
		}
	}
	all := s.report(s.start(inventory.Stretch{Name: "All"}))
	if len(all.Shelves) != 2 || all.Shelves[0] != (inventory.Shelf{Name: "Fiction", Expected: 1}) {
		t.Errorf("%+v", all.Shelves)
	}
	for kind, n := range map[string]int{"not_seen": 3, "unknown": 1, "misplaced": 0, "found": 0, "withdrawn": 0, "out_but_here": 0} {
		if rows, err := found.List(kind); err != nil || len(rows) != n {
			t.Errorf("%s: %d rows, %v", kind, len(rows), err)
		}
	}
	if _, err := found.List("all"); err == nil {
		t.Error("a list that is none")
	}
}
