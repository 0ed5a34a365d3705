package demo

import (
	"carrel/collections"
	"carrel/internal/lists"
	"carrel/internal/room"
	"carrel/internal/sample"
	"carrel/internal/shelfmap"

	"github.com/pocketbase/dbx"
)

// lists are what the sample librarian put together. A title that an import folded into another is simply not in them.
func (l *loader) lists() error {
	for _, list := range sample.Lists {
		titles := []string{}
		for _, name := range list.Titles {
			found := []string{}
			err := l.app.DB().NewQuery("SELECT id FROM titles WHERE title = {:name} OR title LIKE {:begun} ORDER BY title, id LIMIT 1").
				Bind(dbx.Params{"name": name, "begun": name + " %"}).Column(&found)
			if err != nil {
				return err
			}
			titles = append(titles, found...)
		}
		kind := collections.ListCollection
		if list.Display {
			kind = collections.ListDisplay
		}
		_, err := lists.Add(l.app, lists.List{Name: list.Name, NameES: list.NameES, Note: list.Note, NoteES: list.NoteES, Kind: kind, Shown: list.Display}, titles)
		if err != nil {
			return err
		}
	}
	return nil
}

// room draws the map of the sample school.
func (l *loader) room() error {
	places, err := idsBy(l.app, collections.Locations, "name")
	if err != nil {
		return err
	}
	plan := room.Plan{Width: 190, Height: 121, Things: []room.Thing{
		{ID: "door", Kind: room.Door, X: 96, Y: 118, W: 24, H: 3},
		{ID: "desk", Kind: room.Desk, X: 60, Y: 92, W: 35, H: 14},
		{ID: "rug", Kind: room.Rug, X: 122, Y: 74, W: 28, H: 28},
	}}
	for _, shelf := range sample.Shelves {
		plan.Things = append(plan.Things, shelfOf(shelf, places))
	}
	_, err = shelfmap.Save(l.app, shelfmap.Map{Plan: plan})
	return err
}

// shelfDepth is that of a bookcase, in units of 10 cm of the drawing.
const shelfDepth = 9

func shelfOf(shelf sample.Shelf, places map[string]string) room.Thing {
	thing := room.Thing{
		ID: shelf.ID, Kind: room.Shelf, Name: shelf.Name, NameES: shelf.NameES, X: shelf.X, Y: shelf.Y, W: shelf.Long, H: shelfDepth, Bays: shelf.Bays, Side: shelf.Side,
	}
	if shelf.Turned {
		thing.Turn = 90
	}
	for _, stands := range shelf.Stands {
		thing.Ranges = append(thing.Ranges, room.Range{
			Location: places[stands.Location], From: stands.From, To: stands.To, Bay: stands.Bay, Shelf: stands.Board,
		})
	}
	return thing
}
