package imports

import (
	"carrel/collections"
	"carrel/internal/adds"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// Books begins to add the scanned books of these rows, or (none) of all that are ready. There is no preview: the queue is one. The same key again answers
// the same import. The codes are fault.Invalid (key) and those of adds.Ready.
func (r *Runner) Books(rows []string, key, staff string, lang say.Lang) (imp collections.Import, err error) {
	before, again, err := collections.Find[collections.Import](r.app, "kind = 'books' AND apply_key = {:key}", dbx.Params{"key": key})
	if err != nil || again {
		return before, err
	}
	if len(key) < 8 || len(key) > 56 {
		return imp, fault.New("imports.Books", fault.Invalid, "desk.bad_key").At("key")
	}
	ids, err := adds.Ready(r.app, rows)
	if err != nil {
		return imp, err
	}
	imp = r.newImport(collections.ImportBooks, staff, lang)
	imp.State, imp.ApplyKey, imp.Applied, imp.Total = collections.ImportRunning, key, r.instant(), len(ids)
	if imp.Facts, err = lastFact(r.app); err != nil {
		return imp, err
	}
	return r.add(imp, Options{Rows: ids})
}

// addBooks makes titles and items of the rows of an import.
func (r *Runner) addBooks(j *job, imp collections.Import, options Options) (report, error) {
	today, err := adds.Today(r.app, imp.Applied.Time())
	if err != nil {
		return nil, err
	}
	summary, err := adds.Commit(r.app, options.Rows, adds.Work{Import: imp.ID, Today: today, Frame: journaledUntilCancelled(j), Progress: j.at})
	return reportTitles(summary, nil), err
}
