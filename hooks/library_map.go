package hooks

import (
	"carrel/internal/room"
	"carrel/internal/shelfmap"

	"github.com/pocketbase/pocketbase/core"
)

// libraryMap is the map of the library; without updated it is a plan to start from, which nobody drew.
func (d *Door) libraryMap(e *core.RequestEvent) error {
	drawn, err := shelfmap.Load(e.App)
	if err != nil {
		return err
	}
	return ok(e, drawn)
}

func (d *Door) saveLibraryMap(e *core.RequestEvent) error {
	var body shelfmap.Map
	if err := read(e, &body); err != nil {
		return err
	}
	saved, err := shelfmap.Save(e.App, body)
	if since, changed := changedSince(err); changed {
		current, err := shelfmap.Load(e.App)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return ok(e, saved)
}

type placeAnswer struct {
	Name  string       `json:"name"` // "Science wall, bay 4"
	Here  hereAnswer   `json:"here"`
	Route []room.Point `json:"route"`
	Steps []string     `json:"steps"`
}

type hereAnswer struct {
	Thing string `json:"thing"`
	Bay   int    `json:"bay"`
	Shelf int    `json:"shelf,omitempty"`
}

// placeOnMap tries the map: where a call number stands, and how one walks there.
func (d *Door) placeOnMap(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	if err := required("call_number", asked.Get("call_number")); err != nil {
		return err
	}
	place, found, err := shelfmap.Find(e.App, asked.Get("location"), asked.Get("call_number"))
	if err != nil {
		return err
	}
	if !found {
		return ok(e, map[string]any{"place": nil})
	}
	lang := langOf(e)
	answer := placeAnswer{
		Name: place.Spot.In(lang), Here: hereAnswer{place.Thing.ID, place.Bay, place.Shelf}, Route: list(place.Route), Steps: []string{},
	}
	for _, step := range place.Steps {
		answer.Steps = append(answer.Steps, step.In(lang))
	}
	return ok(e, map[string]any{"place": answer})
}
