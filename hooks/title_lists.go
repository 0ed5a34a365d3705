package hooks

import (
	"errors"
	"io"
	"net/http"
	"time"

	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/lists"
	"carrel/internal/print"

	"github.com/pocketbase/pocketbase/core"
)

// titleListRoutes are the lists of titles and the map of the library.
func (d *Door) titleListRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/lists", peopleRoles, d.titleLists},
		{http.MethodPost, "/api/carrel/lists", onlyHead, d.addTitleList},
		{http.MethodGet, "/api/carrel/lists/{id}", peopleRoles, d.titleList},
		{http.MethodPatch, "/api/carrel/lists/{id}", onlyHead, d.changeTitleList},
		{http.MethodDelete, "/api/carrel/lists/{id}", onlyHead, d.deleteTitleList},
		{http.MethodPost, "/api/carrel/lists/{id}/titles", peopleRoles, d.changeListed},
		{http.MethodGet, "/api/carrel/lists/{id}/list.pdf", peopleRoles, d.printTitleList},
		{http.MethodGet, "/api/carrel/settings/map", peopleRoles, d.libraryMap},
		{http.MethodPut, "/api/carrel/settings/map", onlyHead, d.saveLibraryMap},
		{http.MethodGet, "/api/carrel/settings/map/place", peopleRoles, d.placeOnMap},
	}
}

func (d *Door) titleLists(e *core.RequestEvent) error {
	found, err := lists.All(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"lists": found})
}

// addTitleList keeps a new list. With an id and titles it brings back one that was deleted.
func (d *Door) addTitleList(e *core.RequestEvent) error {
	var body struct {
		lists.List
		Titles []string `json:"titles"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	added, err := lists.Add(e.App, body.List, body.Titles)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"list": added})
}

// shownMatches is how many titles of a list that fills itself are shown to staff: enough to see whether the search is right.
const shownMatches = 300

func (d *Door) titleList(e *core.RequestEvent) error {
	found, err := lists.Get(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	limit := 0
	if found.Search != "" {
		limit = shownMatches
	}
	titles, err := lists.Titles(e.App, found, limit)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"list": found, "titles": list[catalog.Hit](titles)})
}

// changeTitleList changes what the body names and leaves the rest.
func (d *Door) changeTitleList(e *core.RequestEvent) error {
	before, err := lists.Get(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	body := before
	body.Updated = ""
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("updated", body.Updated); err != nil {
		return err
	}
	body.ID = before.ID
	saved, err := lists.Save(e.App, body)
	if since, changed := changedSince(err); changed {
		current, err := lists.Get(e.App, before.ID)
		if err != nil {
			return err
		}
		return answerChanged(e, since, current)
	}
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"list": saved})
}

func (d *Door) deleteTitleList(e *core.RequestEvent) error {
	return deleted(e, lists.Delete(e.App, e.Request.PathValue("id")))
}

// changeListed takes titles by their ids, or what was selected on another screen.
func (d *Door) changeListed(e *core.RequestEvent) error {
	var body struct {
		lists.Change
		Selection *catalog.Selection `json:"selection"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if body.Selection != nil {
		chosen, err := body.Selection.Titles(e.App)
		if err != nil {
			return err
		}
		body.Add = append(body.Add, chosen...)
	}
	changed, err := lists.SetTitles(e.App, e.Request.PathValue("id"), body.Change)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"list": changed})
}

func (d *Door) printTitleList(e *core.RequestEvent) error {
	return answerPDF(e, "list.pdf", func(w io.Writer, warn func(print.Warning)) error {
		return labels.FetchList(e.App, w, e.Request.PathValue("id"), warn, time.Now())
	})
}

// changedSince tells whether a save was refused because somebody else saved the same thing meanwhile.
func changedSince(err error) (since *fault.Error, changed bool) {
	return since, errors.As(err, &since) && since.Word == "changed"
}

// answerChanged shows who was second what is there now.
func answerChanged(e *core.RequestEvent, since *fault.Error, current any) error {
	return e.JSON(http.StatusConflict, map[string]any{
		"status": http.StatusConflict, "message": since.Text.In(langOf(e)), "data": map[string]any{"code": since.Word, "current": current},
	})
}
