package hooks

import (
	"errors"
	"net/http"

	"carrel/internal/catalog"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// itemRoutes are the items of a title as the catalogue keeps them; what happens to them at the desk is not here.
func (d *Door) itemRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/barcodes/next", peopleRoles, d.nextBarcode},
		{http.MethodGet, "/api/carrel/titles/{id}/items", peopleRoles, d.itemsOfTitle},
		{http.MethodPost, "/api/carrel/items", peopleRoles, d.addItems},
		{http.MethodPatch, "/api/carrel/items/{id}", peopleRoles, d.changeItem},
		{http.MethodDelete, "/api/carrel/items/{id}", onlyHead, d.deleteItem},
	}
}

func (d *Door) nextBarcode(e *core.RequestEvent) error {
	code, err := catalog.NextBarcode(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]string{"barcode": code})
}

// seenBy leaves out what is for the librarian's eyes alone.
func seenBy(e *core.RequestEvent, items []catalog.ItemView) []catalog.ItemView {
	if isHead(e) {
		return list(items)
	}
	seen := make([]catalog.ItemView, len(items))
	for i, item := range items {
		seen[i] = item.WithoutMoney()
	}
	return seen
}

func (d *Door) itemsOfTitle(e *core.RequestEvent) error {
	items, err := catalog.ItemsOf(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"items": seenBy(e, items)})
}

// mayPrice refuses money from anybody but the librarian.
func mayPrice(e *core.RequestEvent, fields catalog.ItemFields) error {
	if fields.HasMoney() {
		return only(e, onlyHead)
	}
	return nil
}

func (d *Door) addItems(e *core.RequestEvent) error {
	var body struct {
		catalog.ItemFields
		Key   string `json:"key"`
		Title string `json:"title"`
		N     int    `json:"n"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key, "title", body.Title); err != nil {
		return err
	}
	if len(body.Key) < 8 || len(body.Key) > 56 {
		return fault.New("hooks.addItems", fault.Invalid, "desk.bad_key").At("key")
	}
	if err := mayPrice(e, body.ItemFields); err != nil {
		return err
	}
	added, err := catalog.AddItems(e.App, catalog.NewItems{Key: body.Key, Title: body.Title, N: body.N, Fields: body.ItemFields})
	if err != nil {
		return taken(e, err)
	}
	return e.JSON(http.StatusCreated, map[string]any{"items": seenBy(e, added)})
}

// changeItem saves what was typed, unless somebody saved the item since; then the answer shows what they saved.
func (d *Door) changeItem(e *core.RequestEvent) error {
	var body struct {
		catalog.ItemFields
		Updated string `json:"updated"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("updated", body.Updated); err != nil {
		return err
	}
	if err := mayPrice(e, body.ItemFields); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	item, err := catalog.ChangeItem(e.App, id, body.Updated, body.ItemFields)
	var since *fault.Error
	if errors.As(err, &since) && since.Word == "changed" {
		current, err := catalog.ItemOf(e.App, id)
		if err != nil {
			return err
		}
		return e.JSON(http.StatusConflict, map[string]any{
			"status": http.StatusConflict, "message": since.Text.In(langOf(e)),
			"data": map[string]any{"code": since.Word, "current": seenBy(e, []catalog.ItemView{current})[0]},
		})
	}
	if err != nil {
		return taken(e, err)
	}
	return ok(e, map[string]any{"item": seenBy(e, []catalog.ItemView{item})[0]})
}

// taken shows with the refusal of a barcode the item that has it.
func taken(e *core.RequestEvent, err error) error {
	var by *catalog.Taken
	var why *fault.Error
	if !errors.As(err, &by) || !errors.As(err, &why) {
		return err
	}
	return e.JSON(http.StatusConflict, map[string]any{
		"status": http.StatusConflict, "message": why.Text.In(langOf(e)),
		"data": map[string]any{"code": why.Word, "field": why.Field, "item": by.Holder},
	})
}

func (d *Door) deleteItem(e *core.RequestEvent) error {
	return deleted(e, catalog.DeleteItem(e.App, e.Request.PathValue("id")))
}
