package hooks

import (
	"io"
	"net/http"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/labels"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

const importsPath = "/api/carrel/imports"

// importRoutes are bulk changes: looked at, applied as a job, taken back.
func (d *Door) importRoutes() []Route {
	return []Route{
		{http.MethodGet, importsPath, onlyHead, d.listImports},
		{http.MethodPost, importsPath, onlyHead, d.newImport},
		{http.MethodGet, importsPath + "/{id}", onlyHead, d.showImport},
		{http.MethodPut, importsPath + "/{id}", onlyHead, d.chooseImport},
		{http.MethodPost, importsPath + "/{id}/apply", onlyHead, d.applyImport},
		{http.MethodPost, importsPath + "/{id}/undo", onlyHead, d.undoImport},
		{http.MethodPost, importsPath + "/{id}/cancel", onlyHead, d.cancelImport},
		{http.MethodPost, importsPath + "/{id}/barcodes", onlyHead, d.numberImport},
		{http.MethodGet, importsPath + "/{id}/labels.pdf", onlyHead, d.importLabels},
		{http.MethodGet, importsPath + "/{id}/rejects.csv", onlyHead, d.importRejects},
		{http.MethodGet, importsPath + "/{id}/rejects.mrc", onlyHead, d.importRejected},
		{http.MethodGet, importsPath + "/{id}/warnings.csv", onlyHead, d.importWarnings},
		{http.MethodDelete, importsPath + "/{id}", onlyHead, d.discardImport},
	}
}

// streamed lets a large file through as it comes: without the platform's limit, and without its copy for reading a body twice.
func streamed(route *router.Route[*core.RequestEvent]) {
	route.Unbind(apis.DefaultBodyLimitMiddlewareId)
}

// Imports are the bulk changes of the door's library.
func (d *Door) Imports() *imports.Runner { return d.bulk }

// bindImports goes on with what was under way when the server opens, and ends it whole when it closes. Who is deleted leaves no picture behind.
func (d *Door) bindImports() {
	d.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		d.bulk.Kick()
		return e.Next()
	})
	d.app.OnRecordAfterDeleteSuccess(collections.Patrons).BindFunc(func(e *core.RecordEvent) error {
		if err := imports.ForgetPictures(e.App, e.Record.Id); err != nil {
			return err
		}
		return e.Next()
	})
	d.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		d.bulk.Stop()
		return e.Next()
	})
}

func (d *Door) listImports(e *core.RequestEvent) error {
	all, err := imports.List(e.App)
	if err != nil {
		return err
	}
	views := make([]imports.View, 0, len(all))
	for _, one := range all {
		view, err := d.bulk.View(one, langOf(e), true)
		if err != nil {
			return err
		}
		views = append(views, view)
	}
	return ok(e, map[string]any{"imports": views})
}

func (d *Door) showImport(e *core.RequestEvent) error {
	one, err := imports.Find(e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusOK, one)
}

func (d *Door) answerImport(e *core.RequestEvent, status int, one collections.Import) error {
	view, err := d.bulk.View(one, langOf(e), false)
	if err != nil {
		return err
	}
	return e.JSON(status, map[string]any{"import": view})
}

// newImport takes a file as the body; a change of the school year has none and is described in JSON.
func (d *Door) newImport(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	if asked.Get("kind") == collections.ImportTurnover {
		return d.newTurnover(e)
	}
	if asked.Get("kind") == collections.ImportItems {
		return d.newItemChange(e)
	}
	body := e.Request.Body
	if copied, ok := body.(*router.RereadableReadCloser); ok {
		body = copied.ReadCloser
	}
	one, err := d.bulk.Take(imports.Upload{
		Kind: asked.Get("kind"), Name: asked.Get("file"), Size: e.Request.ContentLength,
		Body: http.MaxBytesReader(e.Response, body, imports.MaxFile+1), Staff: e.Auth.Id, Lang: langOf(e),
	})
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusCreated, one)
}

func (d *Door) newTurnover(e *core.RequestEvent) error {
	var options imports.Options
	if err := read(e, &options); err != nil {
		return err
	}
	one, err := d.bulk.Turnover(options, e.Auth.Id, langOf(e))
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusCreated, one)
}

// maxSelection bounds the body of a bulk change in bytes: a hundred thousand ids.
const maxSelection = 4 << 20

func (d *Door) newItemChange(e *core.RequestEvent) error {
	var asked imports.ItemChange
	if err := readUpTo(e, &asked, maxSelection); err != nil {
		return err
	}
	one, err := d.bulk.ChangeItems(asked, e.Auth.Id, langOf(e))
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusCreated, one)
}

// chooseImport changes what the columns of a list go to, or the options, and has the file read again.
func (d *Door) chooseImport(e *core.RequestEvent) error {
	var body struct {
		Columns []imports.Column `json:"columns"`
		Options *imports.Options `json:"options"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	one, err := d.bulk.Choose(e.Request.PathValue("id"), body.Columns, body.Options)
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusOK, one)
}

func (d *Door) applyImport(e *core.RequestEvent) error { return d.startImport(e, d.bulk.Apply) }

func (d *Door) undoImport(e *core.RequestEvent) error { return d.startImport(e, d.bulk.Undo) }

func (d *Door) startImport(e *core.RequestEvent, start func(id, key string) (collections.Import, error)) error {
	var body struct {
		Key string `json:"key"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	if len(body.Key) < 8 || len(body.Key) > 56 {
		return fault.New("hooks.startImport", fault.Invalid, "desk.bad_key").At("key")
	}
	one, err := start(e.Request.PathValue("id"), body.Key)
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusAccepted, one)
}

// cancelImport stops what is being applied. It needs no key: stopped twice is stopped.
func (d *Door) cancelImport(e *core.RequestEvent) error {
	one, err := d.bulk.Cancel(e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusOK, one)
}

// numberImport begins the change that gives barcodes to what came without.
func (d *Door) numberImport(e *core.RequestEvent) error {
	one, err := d.bulk.Number(e.Request.PathValue("id"), e.Auth.Id, langOf(e))
	if err != nil {
		return err
	}
	return d.answerImport(e, http.StatusCreated, one)
}

func (d *Door) importLabels(e *core.RequestEvent) error {
	barcodes, err := d.bulk.Labelled(e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return printLabels(e, labels.Wanted{Items: barcodes})
}

func (d *Door) importRejects(e *core.RequestEvent) error {
	return download(e, "rejects.csv", "text/csv; charset=utf-8", func(out io.Writer) error { return d.bulk.WriteRejects(e.Request.PathValue("id"), langOf(e), out) })
}

func (d *Door) importWarnings(e *core.RequestEvent) error {
	return download(e, "warnings.csv", "text/csv; charset=utf-8", func(out io.Writer) error { return d.bulk.WriteWarnings(e.Request.PathValue("id"), langOf(e), out) })
}

func (d *Door) importRejected(e *core.RequestEvent) error {
	return download(e, "rejects.mrc", "application/marc", func(out io.Writer) error { return d.bulk.WriteRejectedRecords(e.Request.PathValue("id"), out) })
}

// download sends a file that is written on the way. A refusal that comes before the first byte is still one.
func download(e *core.RequestEvent, name, kind string, write func(io.Writer) error) error {
	header := e.Response.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	err := write(e.Response)
	if err != nil {
		header.Del("Content-Disposition")
	}
	return err
}

func (d *Door) discardImport(e *core.RequestEvent) error {
	return deleted(e, d.bulk.Discard(e.Request.PathValue("id")))
}
