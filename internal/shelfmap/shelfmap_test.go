package shelfmap_test

import (
	"errors"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/room"
	"carrel/internal/shelfmap"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

func TestMapIsKept(t *testing.T) {
	app := testkit.App(t)
	start, err := shelfmap.Load(app)
	if err != nil || start.Drawn() || len(start.Things) == 0 {
		t.Fatalf("to start from: %+v %v", start, err)
	}
	if _, found, err := shelfmap.Find(app, "", "523.4 GIB"); found || err != nil {
		t.Errorf("a book is found on a map nobody drew: %v", err)
	}
	first, err := shelfmap.Save(app, start)
	if err != nil || !first.Drawn() {
		t.Fatal(err)
	}
	if diff := cmp.Diff(start.Plan, first.Plan); diff != "" {
		t.Error(diff)
	}
	place, found, err := shelfmap.Find(app, "", "523.4 GIB")
	if err != nil || !found || place.Thing.Name != "Science wall" || place.Bay != 3 || len(place.Route) < 2 || len(place.Steps) < 3 {
		t.Errorf("%v %t %+v", err, found, place)
	}
	first.Things[0].Name = "In"
	if _, err := shelfmap.Save(app, first); err != nil {
		t.Fatal(err)
	}
	_, err = shelfmap.Save(app, start)
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Word != "changed" {
		t.Errorf("the second person: %v", err)
	}
}

// Every shelf of the plan to start from can be reached, and every range of it finds its own place.
func TestShippedPlanIsWhole(t *testing.T) {
	plan, err := room.Clean(room.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, thing := range plan.Things {
		for _, r := range thing.Ranges {
			spot, found := plan.Find("", r.From)
			if !found || spot.Thing.ID != thing.ID || spot.Bay != r.Bay {
				t.Errorf("%q stands at %v", r.From, spot)
			}
			if place := plan.Guide(spot, r.From); len(place.Route) == 0 {
				t.Errorf("there is no way to %q", r.From)
			}
		}
	}
}
