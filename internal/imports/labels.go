package imports

import (
	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// maxLabels is how many items are labelled at a time.
const maxLabels = 5000

// ofImport are the items that an import added, or gave their barcode.
const ofImport = ` FROM items WHERE items.id IN (SELECT row FROM import_changes WHERE import = {:id} AND tbl = 'items'
	AND (before IS NULL OR json_extract(before, '$.barcode') IS NOT NULL)) AND items.status != 'withdrawn'`

// Labelled are the barcodes of the items that an import added or gave a barcode, in the order of their call numbers, at most 5,000. The codes are those
// of Find and fault.NotFound (no_labels).
func (r *Runner) Labelled(id string) (barcodes []string, err error) {
	if _, err := Find(r.app, id); err != nil {
		return nil, err
	}
	err = r.app.DB().NewQuery("SELECT items.barcode" + ofImport + " AND items.barcode != '' ORDER BY items.call_number, items.barcode LIMIT {:most}").
		Bind(dbx.Params{"id": id, "most": maxLabels}).Column(&barcodes)
	if err == nil && len(barcodes) == 0 {
		err = fault.New("imports.Labelled", fault.NotFound, "imports.no_labels").Named("no_labels")
	}
	return barcodes, err
}

// unlabelled counts the items of an import that have no barcode.
func (r *Runner) unlabelled(id string) (n int, err error) {
	err = r.app.DB().NewQuery("SELECT COUNT(*)" + ofImport + " AND items.barcode = ''").Bind(dbx.Params{"id": id}).Row(&n)
	return n, err
}

// Number begins a bulk change that gives the items an import brought without a barcode the next ones, at most 5,000 at a time. The codes are those of
// Find, fault.NotFound (no_labels) and those of ChangeItems.
func (r *Runner) Number(id, staff string, lang say.Lang) (imp collections.Import, err error) {
	if _, err := Find(r.app, id); err != nil {
		return imp, err
	}
	var items []string
	err = r.app.DB().NewQuery("SELECT items.id" + ofImport + " AND items.barcode = '' ORDER BY items.call_number, items.rowid LIMIT {:most}").
		Bind(dbx.Params{"id": id, "most": maxLabels}).Column(&items)
	if err != nil {
		return imp, err
	}
	if len(items) == 0 {
		return imp, fault.New("imports.Number", fault.NotFound, "imports.no_labels").Named("no_labels")
	}
	codes, err := catalog.NextBarcodes(r.app, len(items), "")
	if err != nil {
		return imp, err
	}
	change := ItemChange{}
	for i, item := range items {
		change.Barcodes = append(change.Barcodes, catalog.Relabel{Item: item, Barcode: codes[i]})
	}
	return r.ChangeItems(change, staff, lang)
}
