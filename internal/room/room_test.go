package room

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carrel/internal/callnumber"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// library is a room as children know it: the door below, the desk and a rug before the shelves.
func library() Plan {
	return Plan{Width: 190, Height: 120, Things: []Thing{
		{ID: "door", Kind: Door, X: 96, Y: 117, W: 24, H: 3},
		{ID: "desk", Kind: Desk, X: 62, Y: 87, W: 35, H: 14},
		{ID: "rug", Kind: Rug, X: 121, Y: 79, W: 28, H: 28},
		{ID: "picture", Kind: Shelf, Name: "Picture books", X: 2, Y: 4, W: 75, H: 9, Turn: 90, Bays: 5, Side: Right, Ranges: []Range{{Location: "easy"}}},
		{ID: "fiction", Kind: Shelf, Name: "Fiction", NameES: "Ficción", X: 30, Y: 6, W: 60, H: 9, Bays: 2, Side: Bottom,
			Ranges: []Range{{From: "FIC A", To: "FIC L", Bay: 1}, {From: "FIC M", To: "FIC Z", Bay: 2}}},
		{ID: "science", Kind: Shelf, Name: "Science wall", NameES: "Pared de ciencias", X: 99, Y: 6, W: 82, H: 9, Bays: 5, Side: Bottom,
			Ranges: []Range{{From: "500", To: "519", Bay: 1}, {From: "520", To: "522", Bay: 3}, {From: "523", To: "529", Bay: 4, Shelf: 2}, {From: "530", To: "599", Bay: 5}}},
	}}
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ location, call, want string }{
		{"", "523.4 GIB", "Science wall, bay 4, shelf 2"},
		{"nonfiction", "523.4 GIB", "Science wall, bay 4, shelf 2"},
		{"", "529", "Science wall, bay 4, shelf 2"},
		{"", "529.9 ZZZ", "Science wall, bay 4, shelf 2"},
		{"", "530", "Science wall, bay 5"},
		{"", "599.999 ZIM", "Science wall, bay 5"},
		{"", "600", ""},
		{"", "519.5 ABC", "Science wall, bay 1"},
		{"", "FIC LIN", "Fiction, bay 1"},
		{"", "[Fic] Mar", "Fiction, bay 2"},
		{"", "FICTION A", ""},
		{"easy", "E SEN", "Picture books"},
		{"easy", "", "Picture books"},
		{"", "E SEN", ""},
		{"", "", ""},
		{"easy", "523.4 GIB", "Picture books"}, // it stands where its location says
	} {
		spot, found := library().Find(c.location, c.call)
		got := ""
		if found {
			got = spot.In(say.English)
		}
		if got != c.want {
			t.Errorf("%q in %q stands at %q, want %q", c.call, c.location, got, c.want)
		}
	}
}

// A class of one letter does not reach into a class that begins with the letter.
func TestUpToClass(t *testing.T) {
	for to, calls := range map[string]map[string]bool{
		"E":      {"E": true, "E SEN": true, "ESP 500": false, "D": true, "F": false},
		"598.1":  {"598.12 A": true, "598.1": true, "598.2": false, "598": true},
		"599":    {"599.9 Z": true, "5990": false, "600": false},
		"FIC L":  {"FIC LIN": true, "FIC M": false, "FIC L v.2": true},
		"QA76":   {"QA76.9": true, "QA77": false},
		"B LINC": {"B LINCOLN": true, "B LIND": false},
	} {
		for call, want := range calls {
			if got := upTo(callnumber.Key(call), to); got != want {
				t.Errorf("%q up to %q: %t", call, to, got)
			}
		}
	}
}

func inWords(steps []say.Text, lang say.Lang) (said []string) {
	for _, step := range steps {
		said = append(said, step.In(lang))
	}
	return said
}

func TestGuide(t *testing.T) {
	plan := library()
	spot, _ := plan.Find("", "523.4 GIB")
	place := plan.Guide(spot, "523.4 GIB")
	for lang, want := range map[say.Lang][]string{
		say.English: {"Walk past the desk.", "Turn right at the rug.", "Turn left.", "It is in front of you: Science wall, bay 4, shelf 2.", "Look for 523.4 GIB on the label."},
		say.Spanish: {"Pasa por el mostrador.", "Dobla a la derecha donde está la alfombra.", "Dobla a la izquierda.", "Está frente a ti: Pared de ciencias, módulo 4, repisa 2.", "Busca 523.4 GIB en la etiqueta."},
	} {
		if diff := cmp.Diff(want, inWords(place.Steps, lang)); diff != "" {
			t.Errorf("%s: %v\n%s", lang, place.Route, diff)
		}
	}
}

func TestWithoutAWay(t *testing.T) {
	noDoor := library()
	noDoor.Things = noDoor.Things[1:]
	walledIn := library()
	walledIn.Things = append(walledIn.Things, Thing{ID: "w", Kind: Wall, X: 0, Y: 20, W: 190, H: 2})
	blocked := library()
	blocked.Things = append(blocked.Things, Thing{ID: "w", Kind: Wall, X: 96, Y: 0, W: 24, H: 120})
	for name, plan := range map[string]Plan{"no door": noDoor, "walled in": walledIn, "something in the door": blocked} {
		spot, found := plan.Find("", "523.4 GIB")
		if !found {
			t.Fatal(name)
		}
		place := plan.Guide(spot, "523.4 GIB")
		if got := inWords(place.Steps, say.English); place.Route != nil || !slices.Equal(got, []string{"Look for 523.4 GIB on the label."}) {
			t.Errorf("%s: %v %q", name, place.Route, got)
		}
	}
}

func TestClean(t *testing.T) {
	for at, spoil := range map[string]func(*Plan){
		"width":                func(p *Plan) { p.Width = 0 },
		"height":               func(p *Plan) { p.Height = 100_000 },
		"things":               func(p *Plan) { p.Things = make([]Thing, 301) },
		"things.1.id":          func(p *Plan) { p.Things[1].ID = "door" },
		"things.0.id":          func(p *Plan) { p.Things[0].ID = "<script>" },
		"things.0.kind":        func(p *Plan) { p.Things[0].Kind = "trapdoor" },
		"things.0.name":        func(p *Plan) { p.Things[0].Name = strings.Repeat("é", 61) },
		"things.0.turn":        func(p *Plan) { p.Things[0].Turn = 45 },
		"things.0.w":           func(p *Plan) { p.Things[0].W = -24 },
		"things.0.x":           func(p *Plan) { p.Things[0].X = 180 },
		"things.0.y":           func(p *Plan) { p.Things[0].Y = -1 },
		"things.4.bays":        func(p *Plan) { p.Things[4].Bays = 16 },
		"things.4.side":        func(p *Plan) { p.Things[4].Side = Left },
		"things.3.side":        func(p *Plan) { p.Things[3].Side = Top },
		"things.4.ranges.1.to": func(p *Plan) { p.Things[4].Ranges = []Range{{}, {From: "FIC Z", To: "FIC A"}} },
		"things.4.ranges.0.bay": func(p *Plan) {
			p.Things[4].Ranges = []Range{{From: "FIC", Bay: 3}}
		},
	} {
		plan := library()
		spoil(&plan)
		_, err := Clean(plan)
		var refusal *fault.Error
		if !errors.As(err, &refusal) || refusal.Code != fault.Invalid || refusal.Field != at {
			t.Errorf("%s: %v", at, err)
		}
	}
	plan := library()
	plan.Things[1].Name = " The\x00 desk\n"
	cleaned, err := Clean(plan)
	if err != nil || cleaned.Things[1].Name != "The desk" || plan.Things[1].Name == "The desk" {
		t.Errorf("%v %q", err, cleaned.Things[1].Name)
	}
}

// drawRoom is a room with a door in one of its walls and things that may stand on one another.
func drawRoom(t *rapid.T) Plan {
	plan := Plan{Width: rapid.IntRange(40, 200).Draw(t, "width"), Height: rapid.IntRange(40, 200).Draw(t, "height")}
	door := Thing{ID: "door", Kind: Door, W: 10, H: 3}
	switch along := rapid.IntRange(0, 28).Draw(t, "door"); rapid.SampledFrom([]string{Top, Bottom, Left, Right}).Draw(t, "wall") {
	case Top:
		door.X = along
	case Bottom:
		door.X, door.Y = along, plan.Height-3
	case Left:
		door.Y, door.Turn = along, 90
	case Right:
		door.X, door.Y, door.Turn = plan.Width-3, along, 90
	}
	plan.Things = append(plan.Things, door)
	for i := range rapid.IntRange(1, 14).Draw(t, "things") {
		thing := Thing{
			ID: fmt.Sprint("t", i), Kind: rapid.SampledFrom([]string{Shelf, Shelf, Shelf, Desk, Rug, Table, Wall, Stairs}).Draw(t, "kind"),
			W: rapid.IntRange(1, 38).Draw(t, "w"), H: rapid.IntRange(1, 38).Draw(t, "h"), Turn: rapid.SampledFrom([]int{0, 90}).Draw(t, "turn"),
		}
		ground := thing.box()
		thing.X, thing.Y = rapid.IntRange(0, plan.Width-ground.right).Draw(t, "x"), rapid.IntRange(0, plan.Height-ground.bottom).Draw(t, "y")
		if thing.Kind == Shelf {
			thing.Bays = rapid.IntRange(1, max(1, thing.W/minBay)).Draw(t, "bays")
			thing.Side = rapid.SampledFrom(map[int][]string{0: {"", Top, Bottom}, 90: {"", Left, Right}}[thing.Turn]).Draw(t, "side")
		}
		plan.Things = append(plan.Things, thing)
	}
	return plan
}

// The way begins at the door, goes round everything, and ends in front of the bay; what is said agrees with it.
func TestPropertyRoute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan, err := Clean(drawRoom(t))
		if err != nil {
			t.Fatal(err)
		}
		shelves := slices.DeleteFunc(slices.Clone(plan.Things), func(thing Thing) bool { return thing.Kind != Shelf })
		if len(shelves) == 0 {
			return
		}
		shelf := rapid.SampledFrom(shelves).Draw(t, "shelf")
		spot := Spot{Thing: shelf, Bay: rapid.IntRange(0, shelf.Bays).Draw(t, "bay")}
		place := plan.Guide(spot, "523.4 GIB")
		if diff := cmp.Diff(place, plan.Guide(spot, "523.4 GIB")); diff != "" {
			t.Fatalf("not the same twice\n%s", diff)
		}
		if len(place.Route) == 0 {
			return
		}
		for i := 1; i < len(place.Route); i++ {
			a, b := place.Route[i-1], place.Route[i]
			if (a.X == b.X) == (a.Y == b.Y) {
				t.Fatalf("from %v to %v is not straight", a, b)
			}
			if plan.stands(box{min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X) + 1, max(a.Y, b.Y) + 1}) {
				t.Fatalf("something stands between %v and %v", a, b)
			}
		}
		side := plan.inFront(spot, place.Route[len(place.Route)-1], 8)
		if side == "" || shelf.Side != "" && side != shelf.Side {
			t.Fatalf("the way ends at %v, on side %q of %+v", place.Route[len(place.Route)-1], side, shelf)
		}
		followSteps(t, plan, spot, place, side)
	})
}

// followSteps walks by the words alone: after all turns that are said one looks where the last leg of the way goes, with the shelf on the hand that is said.
func followSteps(t *rapid.T, plan Plan, spot Spot, place Place, side string) {
	way, _ := plan.walkTo(spot)
	looks := way.enters
	turns := 0
	for _, step := range place.Steps {
		key := step.Key
		switch {
		case strings.HasPrefix(key, "map.step.turn"), strings.HasPrefix(key, "map.step.door"):
			turns++
			if strings.HasSuffix(key, ".left") {
				looks = (looks + 3) % 4
			} else {
				looks = (looks + 1) % 4
			}
			if want := headed(place.Route[legAt(way, turns)], place.Route[legAt(way, turns)+1]); want != looks {
				t.Fatalf("%q leaves one looking %d on leg %d, which goes %d", key, looks, legAt(way, turns), want)
			}
		case strings.HasPrefix(key, "map.step.end"):
			hand := map[string]heading{"ahead": 0, "right": 1, "behind": 2, "left": 3}[key[strings.LastIndexByte(key, '.')+1:]]
			if got := (looks + hand) % 4; got != facing[side] {
				t.Fatalf("%q: looking %d the shelf is at %d, not at %d", key, looks, facing[side], got)
			}
		}
	}
	if legs := way.legs(); len(legs) > 0 && legs[len(legs)-1].way != looks {
		t.Fatalf("the words leave one looking %d, the way goes %d", looks, legs[len(legs)-1].way)
	}
}

// legAt is the leg that begins with the nth turn. A way that goes straight in from the door has its first turn before the second leg.
func legAt(way walk, n int) int {
	if turn(way.enters, way.legs()[0].way) == "" {
		return n
	}
	return n - 1
}

// Shelves cut a row of books into pieces; each book is found on the piece it would be put on.
func TestPropertyFindAgreesWithShelfOrder(t *testing.T) {
	call := rapid.StringMatching(`([0-9]{3}(\.[0-9]{1,3})? [A-Z]{3})|((FIC|E|B|REF) [A-Z]{2,4})`)
	rapid.Check(t, func(t *rapid.T) {
		starts := rapid.SliceOfNDistinct(call, 1, 12, callnumber.Key).Draw(t, "starts")
		slices.SortFunc(starts, func(a, b string) int { return strings.Compare(callnumber.Key(a), callnumber.Key(b)) })
		plan := Plan{}
		for i, start := range starts { // each piece goes on to the end: the later one is the narrower
			plan.Things = append(plan.Things, Thing{ID: fmt.Sprint(i), Kind: Shelf, Bays: 1, Ranges: []Range{{From: start}}})
		}
		book := call.Draw(t, "book")
		want := -1
		for i, start := range starts {
			if callnumber.Key(start) <= callnumber.Key(book) {
				want = i
			}
		}
		spot, found := plan.Find("anywhere", book)
		if found != (want >= 0) || found && spot.Thing.ID != fmt.Sprint(want) {
			t.Fatalf("%q stands at %q, want %d of %q", book, spot.Thing.ID, want, starts)
		}
	})
}

func BenchmarkGuide(b *testing.B) {
	plan := library()
	spot, _ := plan.Find("", "523.4 GIB")
	for b.Loop() {
		plan.Guide(spot, "523.4 GIB")
	}
}
