package hooks

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/site"
	"carrel/internal/use"

	"github.com/pocketbase/pocketbase/core"
)

// finderRoutes find titles, and do something with what was chosen.
func (d *Door) finderRoutes() []Route {
	staff := []collections.Role{collections.Librarian, collections.Aide, collections.Teacher, collections.Principal, collections.Coordinator}
	return []Route{
		{http.MethodGet, "/api/carrel/titles", staff, d.findTitles},
		{http.MethodPost, "/api/carrel/exports", peopleRoles, d.export},
		{http.MethodPost, "/api/carrel/labels.pdf", peopleRoles, d.labelsOf},
	}
}

// search is public on the school network and knows nothing of people.
func (d *Door) search(e *core.RequestEvent) error {
	found, err := catalog.Search(e.App, catalog.ReadQuery(e.Request.URL.Query()))
	if err != nil {
		return err
	}
	return ok(e, found)
}

// usedHit is a title found and how much it is used.
type usedHit struct {
	catalog.Hit
	Loans    int    `json:"loans"`     // this school year
	LastLoan string `json:"last_loan"` // day; empty when it never was
}

// findTitles is search for the staff.
func (d *Door) findTitles(e *core.RequestEvent) error {
	found, err := catalog.Search(e.App, catalog.ReadQuery(e.Request.URL.Query()))
	if err != nil {
		return err
	}
	hits, err := withUse(e.App, found.Items, time.Now())
	if err != nil {
		return err
	}
	return ok(e, struct {
		catalog.Page
		Items []usedHit `json:"items"`
	}{found, hits})
}

func withUse(app core.App, hits []catalog.Hit, now time.Time) ([]usedHit, error) {
	school, err := site.Load(app)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i := range hits {
		ids[i] = hits[i].ID
	}
	loans, err := use.OfTitles(app, ids, site.SchoolYear(policy.DayOf(now, school.Location())))
	if err != nil {
		return nil, err
	}
	last, err := use.LastLoans(app, ids)
	if err != nil {
		return nil, err
	}
	used := make([]usedHit, len(hits))
	for i, hit := range hits {
		used[i] = usedHit{hit, loans[hit.ID], last[hit.ID].String()}
	}
	return used, nil
}

// exportTypes are the media types and file names of the formats.
var exportTypes = map[string]struct{ media, name string }{
	"marc": {"application/marc", "titles.mrc"}, "marcxml": {"application/marcxml+xml", "titles.xml"}, "mij": {"application/x-ndjson", "titles.json"},
	"csv": {"text/csv; charset=utf-8", "titles.csv"},
}

// export answers a file. It is made on the disk first, so that it is whole or an error; the header Carrel-Left-Out counts the titles that are too
// long for the format. An aide does not see what things cost.
func (d *Door) export(e *core.RequestEvent) error {
	var body struct {
		Selection catalog.Selection `json:"selection"`
		Format    string            `json:"format"`
		Items     *bool             `json:"items"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	kind, known := exportTypes[body.Format]
	if !known {
		return fault.New("hooks.export", fault.Invalid, "catalog.bad_format", body.Format).At("format")
	}
	titles, err := body.Selection.Titles(e.App)
	if err != nil {
		return err
	}
	if len(titles) == 0 {
		return fault.New("hooks.export", fault.NotFound, "catalog.nothing_to_export").Named("nothing").At("selection")
	}
	folder, err := os.MkdirTemp("", "carrel-export-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, kind.name)
	done, err := catalog.Export(e.App, name, catalog.ExportOptions{
		Format: body.Format, NoItems: body.Items != nil && !*body.Items, NoMoney: !isHead(e), Titles: titles,
	})
	if err != nil {
		return err
	}
	return sendFile(e, name, kind.media, len(done.TooLong))
}

func sendFile(e *core.RequestEvent, name, media string, leftOut int) error {
	file, err := os.Open(name) //nolint:gosec // its name was made here
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was read
	header := e.Response.Header()
	header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", filepath.Base(name)))
	header.Set("Cache-Control", "no-store")
	header.Set("Carrel-Left-Out", strconv.Itoa(leftOut))
	return e.Stream(http.StatusOK, media, file)
}

// labelsOf prints labels for a selection, in the order of the shelves.
func (d *Door) labelsOf(e *core.RequestEvent) error {
	var body struct {
		Selection catalog.Selection `json:"selection"`
		Kind      string            `json:"kind"`
		Bars      string            `json:"bars"`
		Sheet     string            `json:"sheet"`
		Printer   string            `json:"printer"`
		Skip      int               `json:"skip"`
		Check     bool              `json:"check"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	choice, err := labels.Choose(e.App, cmp.Or(body.Sheet, usualLabels), body.Printer, body.Skip)
	if err != nil {
		return err
	}
	items, err := body.Selection.Items(e.App)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return fault.New("hooks.labelsOf", fault.NotFound, "print.no_items").Named("no_items").At("selection")
	}
	kind, bars := labels.Kind(cmp.Or(body.Kind, string(labels.Barcodes))), print.Bars(cmp.Or(body.Bars, string(print.Code128)))
	return sendPDF(e, "labels.pdf", body.Check, func(w io.Writer, warn func(print.Warning)) error {
		return labels.Print(e.App, w, labels.Wanted{IDs: items}, kind, bars, choice, warn, time.Now())
	})
}
