package hooks

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/inventory"

	"github.com/pocketbase/pocketbase/core"
)

type inventoryAnswer struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Location string `json:"location"` // id
	From     string `json:"from"`
	To       string `json:"to"`
	State    string `json:"state"`
	Started  string `json:"started_at"`
	Ended    string `json:"ended_at"`
}

func answerInventory(walk collections.Inventory) inventoryAnswer {
	return inventoryAnswer{
		walk.ID, walk.Name, walk.Location, walk.From, walk.To, walk.State, rfc3339(walk.Started.Time()), rfc3339(walk.Ended.Time()),
	}
}

func (d *Door) inventories(e *core.RequestEvent) error {
	walks, err := inventory.List(e.App)
	if err != nil {
		return err
	}
	answers := make([]inventoryAnswer, 0, len(walks))
	for _, walk := range walks {
		answers = append(answers, answerInventory(walk))
	}
	return ok(e, map[string]any{"inventories": answers})
}

func (d *Door) startInventory(e *core.RequestEvent) error {
	var body struct {
		Name     string `json:"name"`
		Location string `json:"location"`
		From     string `json:"from"`
		To       string `json:"to"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	stretch := inventory.Stretch{Name: body.Name, Location: body.Location, From: body.From, To: body.To}
	walk, err := inventory.Start(e.App, stretch, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"inventory": answerInventory(walk)})
}

func (d *Door) inventoryReport(e *core.RequestEvent) error {
	found, err := inventory.Report(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, found)
}

// scan keeps one scan along the shelf; a code without an item is kept too.
func (d *Door) scan(e *core.RequestEvent) error {
	var body struct {
		actBody
		Code string `json:"code"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "code", body.Code)
	if err != nil {
		return err
	}
	scanned, err := desk.Scan(e.App, desk.ScanRequest{Act: act, Inventory: e.Request.PathValue("id"), Code: body.Code})
	if err != nil {
		return err
	}
	answer := map[string]any{"code": scanned.Code, "item": nil, "out": scanned.Out, "found": scanned.Found}
	if scanned.Item != nil {
		answer["item"] = itemAnswer{scanned.Item.Barcode, scanned.Item.TitleName}
	}
	return ok(e, answer)
}

func (d *Door) closeInventory(e *core.RequestEvent) error {
	if err := inventory.Close(e.App, e.Request.PathValue("id"), time.Now()); err != nil {
		return err
	}
	return ok(e, map[string]string{"state": collections.InventoryClosed})
}

// giveUp marks as missing what the inventory did not see.
func (d *Door) giveUp(e *core.RequestEvent) error {
	var body actBody
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	marked, err := inventory.GiveUp(e.App, e.Request.PathValue("id"), act)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"marked": list(marked)})
}
