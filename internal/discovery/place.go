package discovery

import (
	"cmp"
	"database/sql"
	"net/http"
	"slices"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/room"
	"carrel/internal/say"
	"carrel/internal/shelfmap"

	"github.com/pocketbase/dbx"
)

// place is where items of a title stand together, and the way there from the door when the library has a map.
type place struct {
	CallNumber string   `json:"call_number"`
	Location   string   `json:"location"`
	N          int      `json:"n"` // on the shelf now
	Here       *here    `json:"here,omitempty"`
	Route      []point  `json:"route,omitempty"`
	Steps      []string `json:"steps"`

	location string // id
}

type here struct {
	Thing  string `json:"thing"`
	Name   string `json:"name"`
	NameES string `json:"name_es"`
	Bay    int    `json:"bay,omitempty"`
	Shelf  int    `json:"shelf,omitempty"`
}

type point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// plan is the map of the library, null until the school has drawn one.
func (c *catalogue) plan(*http.Request) (any, error) {
	drawn, err := shelfmap.Load(c.app)
	if err != nil {
		return nil, err
	}
	answer := struct {
		Map *room.Plan `json:"map"`
	}{}
	if drawn.Drawn() {
		answer.Map = &drawn.Plan
	}
	return answer, nil
}

// standing is one item as the shelf knows it.
type standing struct {
	CallNumber string         `db:"call_number"`
	Location   string         `db:"location"`
	Name       string         `db:"name"`
	In         bool           `db:"in_now"`
	Due        sql.NullString `db:"due"`
}

// shelve tells where the items of a title stand, or when the first of them is due back.
func (c *catalogue) shelve(title collections.Title, answer *titleAnswer, lang say.Lang) error {
	answer.Places = []place{}
	var items []standing
	err := c.app.DB().NewQuery(`SELECT i.call_number, i.location, COALESCE(p.name, '') AS name, l.due,
			i.status = 'available' AND l.id IS NULL AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.caught = i.id AND h.state = 'ready') AS in_now
		FROM items i LEFT JOIN locations p ON p.id = i.location LEFT JOIN loans l ON l.item = i.id AND l.state = 'open'
		WHERE i.title = {:title} AND i.status != 'withdrawn' ORDER BY i.call_number, i.barcode`).Bind(dbx.Params{"title": title.ID}).All(&items)
	if err != nil {
		return err
	}
	for _, item := range items {
		answer.count(item, cmp.Or(item.CallNumber, title.CallNumber))
	}
	if answer.Available > 0 {
		answer.Back = ""
	}
	slices.SortStableFunc(answer.Places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(callnumber.Key(a.CallNumber), callnumber.Key(b.CallNumber)))
	})
	if err := c.guide(answer.Places, lang); err != nil {
		return err
	}
	return c.app.DB().NewQuery("SELECT COUNT(*) FROM holds WHERE title = {:title} AND state = 'waiting'").Bind(dbx.Params{"title": title.ID}).Row(&answer.Waiting)
}

// count enters an item at its place.
func (a *titleAnswer) count(item standing, call string) {
	in := 0
	if item.In {
		in = 1
	}
	a.Items++
	a.Available += in
	if item.Due.Valid && (a.Back == "" || item.Due.String < a.Back) {
		a.Back = item.Due.String
	}
	for i := range a.Places {
		if a.Places[i].CallNumber == call && a.Places[i].location == item.Location {
			a.Places[i].N += in
			return
		}
	}
	a.Places = append(a.Places, place{CallNumber: call, Location: item.Name, N: in, Steps: []string{}, location: item.Location})
}

// guide finds the places on the map.
func (c *catalogue) guide(places []place, lang say.Lang) error {
	drawn, err := shelfmap.Load(c.app)
	if err != nil || !drawn.Drawn() {
		return err
	}
	for i := range places {
		spot, found := drawn.Place(places[i].location, places[i].CallNumber)
		if !found {
			continue
		}
		thing := spot.Thing
		places[i].Here = &here{Thing: thing.ID, Name: thing.Name, NameES: thing.NameES, Bay: spot.Bay, Shelf: spot.Shelf}
		for _, corner := range spot.Route {
			places[i].Route = append(places[i].Route, point(corner))
		}
		for _, step := range spot.Steps {
			places[i].Steps = append(places[i].Steps, step.In(lang))
		}
	}
	return nil
}
