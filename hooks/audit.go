package hooks

import (
	"strconv"
	"time"

	"carrel/internal/audit"
	"carrel/internal/desk"
	"carrel/internal/ops"

	"github.com/pocketbase/pocketbase/core"
)

// audit shows who of the staff saw or changed what.
func (d *Door) audit(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	page, _ := strconv.Atoi(asked.Get("page"))       //nolint:errcheck // not a number is the first page
	perPage, _ := strconv.Atoi(asked.Get("perPage")) //nolint:errcheck // not a number is the usual size
	query := audit.Query{Staff: asked.Get("staff"), Action: asked.Get("action"), Page: page, PerPage: perPage}
	if barcode := asked.Get("patron"); barcode != "" {
		patron, err := desk.FindPatron(e.App, barcode)
		if err != nil {
			return err
		}
		query.Patron = patron.ID
	}
	list, err := audit.List(e.App, query)
	if err != nil {
		return err
	}
	return ok(e, list)
}

// doctor looks whether all is well; ?all=1 also reads the whole library, which takes seconds in a large one.
func (d *Door) doctor(e *core.RequestEvent) error {
	look := ops.Glance
	if e.Request.URL.Query().Get("all") == "1" {
		look = ops.Doctor
	}
	report := look(e.App, time.Now())
	report.Lang = langOf(e)
	return ok(e, report)
}
