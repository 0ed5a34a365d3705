package hooks

import (
	"net/http"
	"strconv"
	"time"

	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

type titleAnswer struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type holdAnswer struct {
	ID       string       `json:"id"`
	State    string       `json:"state"`
	Place    int          `json:"place"` // in the queue, from 1; 0 for one that does not wait
	PlacedAt string       `json:"placed_at"`
	PickupBy policy.Day   `json:"pickup_by,omitzero"`
	Title    titleAnswer  `json:"title"`
	Patron   patronAnswer `json:"patron"`
}

func answerHold(held desk.Held) map[string]any {
	hold := held.Hold
	return map[string]any{"hold": holdAnswer{
		ID: hold.ID, State: hold.State, Place: held.Place, PlacedAt: rfc3339(hold.PlacedAt.Time()), PickupBy: hold.PickupBy,
		Title: titleAnswer{hold.Title, held.TitleName}, Patron: patronAnswer{held.Patron.Barcode, held.Patron.Name()},
	}}
}

func (d *Door) placeHold(e *core.RequestEvent) error {
	var body struct {
		actBody
		Patron string `json:"patron"`
		Title  string `json:"title"`
		Item   string `json:"item"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "patron", body.Patron, "title", body.Title+body.Item)
	if err != nil {
		return err
	}
	held, err := desk.PlaceHold(e.App, desk.HoldRequest{Act: act, Patron: body.Patron, Title: body.Title, Item: body.Item, Override: body.Override})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, answerHold(held))
}

func (d *Door) cancelHold(e *core.RequestEvent) error { return changeHold(e, desk.CancelHold) }

func (d *Door) moveHold(e *core.RequestEvent) error { return changeHold(e, desk.MoveHold) }

func changeHold(e *core.RequestEvent, change func(core.App, desk.HoldChange) (desk.Held, error)) error {
	var body struct {
		actBody
		Place int `json:"place"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	held, err := change(e.App, desk.HoldChange{Act: act, Hold: e.Request.PathValue("id"), Place: body.Place})
	if err != nil {
		return err
	}
	return ok(e, answerHold(held))
}

// holdQueue shows who waits for a title.
func (d *Door) holdQueue(e *core.RequestEvent) error {
	title := e.Request.URL.Query().Get("title")
	if err := required("title", title); err != nil {
		return err
	}
	holds, err := desk.HoldQueue(e.App, title)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"holds": holds})
}

// allHolds shows a page of all who wait and of what waits for them.
func (d *Door) allHolds(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	page, perPage := 1, 0
	for field, into := range map[string]*int{"page": &page, "perPage": &perPage} {
		if text := asked.Get(field); text != "" {
			number, err := strconv.Atoi(text)
			if err != nil || number < 1 {
				return fault.New("hooks.allHolds", fault.Invalid, "door.wrong_type", field).At(field)
			}
			*into = number
		}
	}
	found, err := desk.AllHolds(e.App, asked.Get("q"), page, perPage)
	if err != nil {
		return err
	}
	return ok(e, found)
}

// pullList shows what to fetch from the shelf.
func (d *Door) pullList(e *core.RequestEvent) error {
	school, err := site.Load(e.App)
	if err != nil {
		return err
	}
	holds, err := desk.PullList(e.App, policy.DayOf(time.Now(), school.Location()))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"holds": holds})
}

func (d *Door) holdShelf(e *core.RequestEvent) error {
	ready, over, err := desk.HoldShelf(e.App, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"ready": ready, "over": over})
}
