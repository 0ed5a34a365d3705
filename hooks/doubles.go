package hooks

import (
	"net/http"
	"time"

	"carrel/internal/desk"
	"carrel/internal/doubles"

	"github.com/pocketbase/pocketbase/core"
)

// doubleRoutes make one title of several, and part them again.
func (d *Door) doubleRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/duplicates", onlyHead, d.duplicates},
		{http.MethodGet, "/api/carrel/merges", onlyHead, d.merges},
		{http.MethodPost, "/api/carrel/merges", onlyHead, d.merge},
		{http.MethodPost, "/api/carrel/merges/{id}/undo", onlyHead, d.undoMerge},
	}
}

func (d *Door) duplicates(e *core.RequestEvent) error {
	groups, err := doubles.Find(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"groups": groups})
}

func (d *Door) merges(e *core.RequestEvent) error {
	merges, err := doubles.List(e.App, time.Now())
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"merges": merges})
}

func (d *Door) merge(e *core.RequestEvent) error {
	var request doubles.Request
	if err := read(e, &request); err != nil {
		return err
	}
	if err := required("keep", request.Keep, "key", request.Key); err != nil {
		return err
	}
	now := time.Now()
	request.Act = desk.Act{At: now, Now: now, Actor: actor(e)}
	merge, err := doubles.Join(e.App, request)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"merge": merge})
}

func (d *Door) undoMerge(e *core.RequestEvent) error {
	var body actBody
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e)
	if err != nil {
		return err
	}
	merge, err := doubles.Part(e.App, e.Request.PathValue("id"), act)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"merge": merge})
}
