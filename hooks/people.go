package hooks

import (
	"net/http"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/patrons"

	"github.com/pocketbase/pocketbase/core"
)

// listRoutes are what the staff app asks for in People, besides the single patron of the desk.
func (d *Door) listRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/patrons", peopleRoles, d.patrons},
		{http.MethodPost, "/api/carrel/patrons", onlyHead, d.addPatron},
		{http.MethodPatch, "/api/carrel/patrons/{barcode}", onlyHead, d.changePatron},
		{http.MethodPost, "/api/carrel/patrons/{barcode}/card", onlyHead, d.renewCard},
		{http.MethodGet, "/api/carrel/patrons/{barcode}/picture", deskRoles, d.picture},
		{http.MethodPut, "/api/carrel/patrons/{barcode}/picture", onlyHead, d.savePicture},
		{http.MethodDelete, "/api/carrel/patrons/{barcode}/picture", onlyHead, d.dropPicture},
		{http.MethodPost, "/api/carrel/homerooms", onlyHead, d.addHomeroom},
		{http.MethodDelete, "/api/carrel/homerooms/{id}", onlyHead, d.deleteHomeroom},
	}
}

// patrons lists who borrows. Who owes something is for the librarian alone.
func (d *Door) patrons(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	query := patrons.Query{
		Text: asked.Get("q"), Homeroom: asked.Get("homeroom"), Grade: asked.Get("grade"), Type: asked.Get("type"),
		Status: asked.Get("status"), Only: asked.Get("only"), Sort: asked.Get("sort"),
	}
	for field, into := range map[string]*int{"page": &query.Page, "perPage": &query.PerPage} {
		if text := asked.Get(field); text != "" {
			number, err := strconv.Atoi(text)
			if err != nil || number < 1 {
				return fault.New("hooks.patrons", fault.Invalid, "door.wrong_type", field).At(field)
			}
			*into = number
		}
	}
	if query.Only == "owes" {
		if err := only(e, []collections.Role{collections.Librarian}); err != nil {
			return err
		}
	}
	page, err := patrons.List(e.App, query, time.Now())
	if err != nil {
		return err
	}
	if err := patrons.Listed(e.App, query, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return ok(e, page)
}
