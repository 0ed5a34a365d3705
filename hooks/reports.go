package hooks

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/reports"

	"github.com/pocketbase/pocketbase/core"
)

var reportRoles = []collections.Role{collections.Librarian, collections.Principal}

func (d *Door) reportRoutes() []Route {
	return []Route{
		{http.MethodGet, "/api/carrel/reports", reportRoles, d.reports},
		{http.MethodGet, "/api/carrel/reports/{id}", reportRoles, d.report},
		{http.MethodPost, "/api/carrel/saved-reports", reportRoles, d.saveReport},
		{http.MethodDelete, "/api/carrel/saved-reports/{id}", reportRoles, d.forgetReport},
	}
}

func asker(e *core.RequestEvent) reports.Asker {
	return reports.Asker{Lang: langOf(e), Now: time.Now(), Prices: isHead(e)}
}

func (d *Door) reports(e *core.RequestEvent) error {
	list, err := reports.List(e.App, asker(e))
	if err != nil {
		return err
	}
	saved, err := reports.ListSaved(e.App)
	if err != nil {
		return err
	}
	return ok(e, map[string]any{"reports": list, "saved": saved})
}

// report answers a report as JSON, or as a file when its id ends like one.
func (d *Door) report(e *core.RequestEvent) error {
	values := map[string]string{}
	for name, given := range e.Request.URL.Query() {
		values[name] = given[0]
	}
	id, form, _ := strings.Cut(e.Request.PathValue("id"), ".")
	made, err := reports.Make(e.Request.Context(), e.App, asker(e), id, values)
	if err != nil {
		return err
	}
	switch form {
	case "csv":
		fileHeaders(e, made.ID+"."+form, "text/csv; charset=utf-8")
		return made.CSV(e.Response)
	case "xlsx":
		fileHeaders(e, made.ID+"."+form, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return made.XLSX(e.Response)
	case "pdf":
		return answerPDF(e, made.ID+".pdf", func(w io.Writer, warn func(print.Warning)) error { return made.PDF(e.App, w, warn, asker(e)) })
	}
	return ok(e, made)
}

func fileHeaders(e *core.RequestEvent, name, kind string) {
	e.Response.Header().Set("Content-Type", kind)
	day := policy.DayOf(time.Now(), time.Local)
	e.Response.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s"`, day, name))
}

func (d *Door) saveReport(e *core.RequestEvent) error {
	var body reports.Saved
	if err := read(e, &body); err != nil {
		return err
	}
	saved, err := reports.Save(e.App, asker(e), body, e.Auth.Id)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]any{"saved": saved})
}

func (d *Door) forgetReport(e *core.RequestEvent) error {
	if err := reports.Forget(e.App, e.Request.PathValue("id")); err != nil {
		return err
	}
	return ok(e, map[string]any{})
}
