package hooks

import (
	"errors"
	"time"

	"carrel/internal/desk"
	"carrel/internal/patrons"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// picture streams the picture of a patron. A browser may keep it for its own screen, but asks each time whether it is still the same.
func (d *Door) picture(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	files, key, err := patrons.OpenPicture(e.App, patron.Patron)
	if err != nil {
		return err
	}
	defer files.Close() //nolint:errcheck // only read
	header := e.Response.Header()
	header.Set("Cache-Control", "private, no-cache")
	header.Set("ETag", `"`+patron.Picture+`"`)
	if err := files.Serve(e.Response, e.Request, key, "picture.jpg"); !errors.Is(err, filesystem.ErrNotFound) {
		return err
	}
	header.Del("ETag") // the store has a picture that its folder has lost
	return patrons.NoPicture()
}

func (d *Door) savePicture(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	if err := patrons.SavePicture(e.App, patron.ID, e.Request.Body); err != nil {
		return err
	}
	if err := patrons.Changed(e.App, patron.ID, e.Auth.Id, []string{"picture"}, time.Now()); err != nil {
		return err
	}
	return tellUpdated(e, patron.ID, map[string]any{"picture": true})
}

func (d *Door) dropPicture(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	if patron.Picture == "" {
		return patrons.NoPicture()
	}
	if err := patrons.DropPicture(e.App, patron.ID); err != nil {
		return err
	}
	if err := patrons.Changed(e.App, patron.ID, e.Auth.Id, []string{"picture"}, time.Now()); err != nil {
		return err
	}
	return tellUpdated(e, patron.ID, map[string]any{"picture": false})
}
