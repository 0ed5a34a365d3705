package hooks

import (
	"context"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/adds"
	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/lookup"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

const (
	addsPath = "/api/carrel/adds"
	poolPath = "/api/carrel/pool"
)

// addRoutes are books that are scanned to be added, and where their records are looked up.
func (d *Door) addRoutes() []Route {
	return []Route{
		{http.MethodGet, addsPath, peopleRoles, d.showAdds},
		{http.MethodPost, addsPath, peopleRoles, d.scanISBN},
		{http.MethodPut, addsPath + "/batch", peopleRoles, d.setBatch},
		{http.MethodPost, addsPath + "/commit", peopleRoles, d.commitAdds},
		{http.MethodPatch, addsPath + "/{id}", peopleRoles, d.editAdd},
		{http.MethodPost, addsPath + "/{id}/again", peopleRoles, d.lookAgain},
		{http.MethodDelete, addsPath + "/{id}", peopleRoles, d.removeAdd},
		{http.MethodGet, poolPath, onlyHead, d.pools},
		{http.MethodPost, poolPath, onlyHead, d.pour},
		{http.MethodDelete, poolPath + "/{id}", onlyHead, d.drain},
		{http.MethodGet, "/api/carrel/settings/lookup", onlyHead, d.lookupSettings},
		{http.MethodPut, "/api/carrel/settings/lookup", onlyHead, d.saveLookupSettings},
		{http.MethodPost, "/api/carrel/settings/lookup/test", onlyHead, d.testSource},
	}
}

// bindAdds looks things up while the server is open.
func (d *Door) bindAdds() {
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		d.finds.Start()
		return e.Next()
	})
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		d.finds.Stop()
		return e.Next()
	})
}

// showAdds answers the queue, or what an import of it added.
func (d *Door) showAdds(e *core.RequestEvent) error {
	if id := e.Request.URL.Query().Get("import"); id != "" {
		return d.showAdded(e, id)
	}
	queue, err := adds.Look(e.App, langOf(e), isHead(e), time.Now())
	if err != nil {
		return err
	}
	return ok(e, queue)
}

// showAdded answers what an import added, and how far it is. Aides ask it here: the list of imports is not theirs.
func (d *Door) showAdded(e *core.RequestEvent, id string) error {
	one, err := imports.Find(e.App, id)
	if err != nil {
		return err
	}
	rows, err := adds.Added(e.App, id, langOf(e))
	if err != nil {
		return err
	}
	view, err := d.bulk.View(one, langOf(e), true)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"rows": rows, "state": view.State, "undo_until": view.UndoUntil, "error": view.Error})
}

// scanISBN keeps a scan and answers at once; the look-up follows.
func (d *Door) scanISBN(e *core.RequestEvent) error {
	var body struct{ Key, ISBN string }
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key, "isbn", body.ISBN); err != nil {
		return err
	}
	if len(body.Key) < 8 || len(body.Key) > 56 {
		return fault.New("hooks.scanISBN", fault.Invalid, "desk.bad_key").At("key")
	}
	add, err := adds.Scan(e.App, body.Key, body.ISBN, e.Auth.Id, time.Now())
	if err != nil {
		return err
	}
	d.finds.Kick()
	return d.answerAdd(e, http.StatusCreated, add)
}

func (d *Door) answerAdd(e *core.RequestEvent, status int, add collections.Add) error {
	row, err := adds.View(e.App, add, langOf(e))
	if err != nil {
		return err
	}
	return e.JSON(status, map[string]any{"row": row})
}

func (d *Door) editAdd(e *core.RequestEvent) error {
	var change adds.Change
	if err := read(e, &change); err != nil {
		return err
	}
	add, err := adds.Edit(e.App, e.Request.PathValue("id"), change, time.Now())
	if err != nil {
		return err
	}
	return d.answerAdd(e, http.StatusOK, add)
}

func (d *Door) lookAgain(e *core.RequestEvent) error {
	add, err := adds.Again(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	d.finds.Kick()
	return d.answerAdd(e, http.StatusOK, add)
}

func (d *Door) removeAdd(e *core.RequestEvent) error {
	return deleted(e, adds.Remove(e.App, e.Request.PathValue("id")))
}

// setBatch refuses an aide what is a librarian's: vendor, fund and price.
func (d *Door) setBatch(e *core.RequestEvent) error {
	var change adds.BatchChange
	if err := read(e, &change); err != nil {
		return err
	}
	if change.OfMoney() {
		if err := only(e, onlyHead); err != nil {
			return err
		}
	}
	if err := adds.SetBatch(e.App, change); err != nil {
		return err
	}
	batch, err := adds.LookBatch(e.App, isHead(e))
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"batch": batch})
}

func (d *Door) commitAdds(e *core.RequestEvent) error {
	var body struct {
		Key  string   `json:"key"`
		Rows []string `json:"rows"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	one, err := d.bulk.Books(body.Rows, body.Key, e.Auth.Id, langOf(e))
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusAccepted, one)
}

func (d *Door) pools(e *core.RequestEvent) error {
	pools, err := lookup.Pools(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"sources": pools})
}

// pour takes a vendor's file as the body. What waits is looked at again.
func (d *Door) pour(e *core.RequestEvent) error {
	body := e.Request.Body
	if copied, ok := body.(*router.RereadableReadCloser); ok {
		body = copied.ReadCloser
	}
	name := imports.NameOf(e.Request.URL.Query().Get("file"))
	pool, poured, err := lookup.Pour(e.Request.Context(), e.App, name, http.MaxBytesReader(e.Response, body, imports.MaxFile+1))
	if err != nil {
		return err
	}
	if err := adds.Reconsider(e.App); err != nil {
		return err
	}
	d.finds.Kick()
	return e.JSON(http.StatusCreated, map[string]any{"id": pool.ID, "name": pool.Name, "records": poured.Records, "isbns": poured.ISBNs})
}

func (d *Door) drain(e *core.RequestEvent) error {
	return deleted(e, lookup.Drain(e.App, e.Request.PathValue("id")))
}

func (d *Door) lookupSettings(e *core.RequestEvent) error {
	settings, err := site.LoadLookup(e.App)
	if err != nil {
		return err
	}
	return ok(e, settings)
}

// saveLookupSettings replaces the list of sources. Every source may be asked at once, and what is not found yet is looked at again.
func (d *Door) saveLookupSettings(e *core.RequestEvent) error {
	settings, err := site.LoadLookup(e.App)
	if err != nil {
		return err
	}
	if err := read(e, &settings); err != nil {
		return err
	}
	if settings, err = lookup.Check(settings); err != nil {
		return err
	}
	if err := site.SaveLookup(e.App, settings); err != nil {
		return err
	}
	if err := lookup.Forget(e.App); err != nil {
		return err
	}
	if err := adds.Reconsider(e.App); err != nil {
		return err
	}
	d.finds.Kick()
	return ok(e, settings)
}

// testPatience is how long somebody waits in front of a screen.
const testPatience = 20 * time.Second

// testSource asks a source as it stands in the body, saved or not, for a book that every library knows.
func (d *Door) testSource(e *core.RequestEvent) error {
	var source site.Source
	if err := read(e, &source); err != nil {
		return err
	}
	checked, err := lookup.Check(site.Lookup{Sources: []site.Source{source}})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), testPatience)
	defer cancel()
	title, err := d.finds.Test(ctx, checked.Sources[0])
	if err != nil {
		return ok(e, map[string]any{"state": lookup.AsTrouble(err).Kind, "title": ""})
	}
	return ok(e, map[string]any{"state": "online", "title": title})
}
