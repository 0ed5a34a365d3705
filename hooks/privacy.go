package hooks

import (
	"strconv"
	"time"

	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/privacy"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) deletePatron(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	if err := privacy.DeletePatron(e.App, patron.ID, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return ok(e, map[string]string{"deleted": patron.Barcode})
}

// history shows the past loans of a patron who asked for them to be kept. Each view is kept in the audit.
func (d *Door) history(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	asked := e.Request.URL.Query()
	page, _ := strconv.Atoi(asked.Get("page"))       //nolint:errcheck // not a number is the first page
	perPage, _ := strconv.Atoi(asked.Get("perPage")) //nolint:errcheck // not a number is the usual size
	past, err := privacy.History(e.App, patron.ID, max(page, 1), perPage)
	if err != nil {
		return err
	}
	if err := patrons.Seen(e.App, patron.ID, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return ok(e, past)
}

// setHistory notes whether a patron wants past loans kept.
func (d *Door) setHistory(e *core.RequestEvent) error {
	var body struct {
		Keep *bool `json:"keep"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if body.Keep == nil {
		return fault.New("hooks.setHistory", fault.Invalid, "door.missing", "keep").At("keep")
	}
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	if err := privacy.SetHistory(e.App, patron.ID, *body.Keep, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return ok(e, map[string]bool{"keep": *body.Keep})
}
