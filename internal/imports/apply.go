package imports

import (
	"slices"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// wrongState refuses what the state of an import does not allow.
func wrongState(op string, imp collections.Import) error {
	return fault.New(op, fault.Conflict, "imports.state."+imp.State).Named("wrong_state")
}

// Apply begins to apply an import that was read, or goes on with one that stopped. The same key again answers the same. The codes are fault.NotFound
// and fault.Conflict (wrong_state, many_leaving).
func (r *Runner) Apply(id, key string) (collections.Import, error) {
	const op = "imports.Apply"
	return r.change(id, false, func(imp collections.Import) error {
		if imp.ApplyKey == key {
			return nil
		}
		if imp.State != collections.ImportReady && imp.State != collections.ImportStopped {
			return wrongState(op, imp)
		}
		if err := confirmed(op, imp); err != nil {
			return err
		}
		next := dbx.Params{"state": collections.ImportRunning, "apply_key": key, "queued": r.instant(), "error": "", "done": 0}
		if imp.Applied.IsZero() {
			next["applied"] = r.instant()
			last, err := lastFact(r.app)
			if err != nil {
				return err
			}
			next["facts"] = last
		}
		return set(r.app, id, next)
	})
}

func lastFact(app core.App) (seq int64, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM circ_events").Row(&seq)
	return seq, err
}

func confirmed(op string, imp collections.Import) error {
	if imp.Kind != collections.ImportRoster {
		return nil
	}
	options, err := optionsOf(imp)
	if err != nil || options.Confirm {
		return err
	}
	preview, err := reportOf(imp.Kind, imp.Preview)
	if err != nil {
		return err
	}
	if known, ok := preview.(*rosterReport); ok && known.ManyLeaving {
		return fault.New(op, fault.Conflict, "imports.many_leaving", known.Patrons.Left).Named(manyLeaving).At("confirm")
	}
	return nil
}

// apply does what the preview said. It may have been cut off before: what is done already is found as it is.
func (r *Runner) apply(j *job, imp collections.Import) (dbx.Params, error) {
	options, err := optionsOf(imp)
	if err != nil {
		return nil, err
	}
	resumed, err := r.journalled(imp.ID)
	if err != nil {
		return nil, err
	}
	result, failure := r.do(j, imp, options)
	if err := r.endJournal(); err != nil {
		return nil, err
	}
	if j.ctx.Err() != nil {
		return nil, j.ctx.Err()
	}
	next := dbx.Params{"state": collections.ImportDone, "error": ""}
	if failure != nil {
		if next, err = r.failed(imp, failure); err != nil {
			return nil, err
		}
	}
	if resumed || failure != nil {
		if err := r.recount(imp.ID, result); err != nil {
			return nil, err
		}
	}
	next["result"], err = asJSON(result)
	return next, err
}

// do applies an import of any kind.
func (r *Runner) do(j *job, imp collections.Import, options Options) (report, error) {
	switch imp.Kind {
	case collections.ImportTitles:
		return r.titles(j, imp, options, false)
	case collections.ImportRoster:
		return r.roster(j, imp, options, false)
	case collections.ImportPictures:
		return r.bringPictures(j, imp)
	case collections.ImportItems:
		return r.items(j, imp, false)
	case collections.ImportBooks:
		return r.addBooks(j, imp, options)
	}
	return r.turnOver(j, imp, options)
}

func (r *Runner) journalled(id string) (some bool, err error) {
	err = r.app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM import_changes WHERE import = {:id})").Bind(dbx.Params{"id": id}).Row(&some)
	return some, err
}

// tally is what the journal says an import did to a table.
type tally struct {
	Added   int `db:"added"`
	Changed int `db:"changed"`
	Left    int `db:"gone"`
}

func (r *Runner) tally(id, table string) (t tally, err error) {
	err = r.app.DB().NewQuery(`SELECT COALESCE(SUM(added), 0) AS added, COALESCE(SUM(NOT added), 0) AS changed, COALESCE(SUM(gone AND NOT added), 0) AS gone FROM (
		SELECT MAX(before IS NULL) AS added, MAX(COALESCE(json_extract(before, '$.status'), '') = 'active') AS gone
		FROM import_changes WHERE import = {:id} AND tbl = {:table} AND part != 'met' GROUP BY row)`).
		Bind(dbx.Params{"id": id, "table": table}).One(&t)
	return t, err
}

// recount makes the result of an import that was cut off that of all its parts: the last run counts what the earlier ones did as found.
func (r *Runner) recount(id string, result report) error {
	switch done := result.(type) {
	case *titlesReport:
		titles, err := r.tally(id, collections.Titles)
		if err != nil {
			return err
		}
		items, err := r.tally(id, collections.Items)
		if err != nil {
			return err
		}
		done.Titles.Added, done.Titles.Updated, done.Titles.Skipped = titles.over(done.Titles.Added, done.Titles.Updated, done.Titles.Skipped)
		done.Items.Added, done.Items.Updated, done.Items.Skipped = items.over(done.Items.Added, done.Items.Updated, done.Items.Skipped)
	case *rosterReport:
		t, err := r.tally(id, collections.Patrons)
		if err != nil {
			return err
		}
		p := &done.Patrons
		p.Added, p.Updated, p.Skipped = tally{Added: t.Added, Changed: t.Changed - t.Left}.over(p.Added, p.Updated, p.Skipped)
		p.Left = t.Left
	case *itemsReport:
		t, err := r.tally(id, collections.Items)
		if err != nil {
			return err
		}
		_, done.Items.Updated, done.Items.Skipped = t.over(0, done.Items.Updated, done.Items.Skipped)
	}
	return nil
}

// over lays the tally over what the last run counted, whose sum stays.
func (t tally) over(added, updated, skipped int) (int, int, int) {
	all := max(added+updated+skipped, t.Added+t.Changed)
	return t.Added, t.Changed, all - t.Added - t.Changed
}

// Discard forgets an import that was not applied, or that was taken back. The codes are fault.NotFound and fault.Conflict (wrong_state).
func (r *Runner) Discard(id string) error {
	err := r.changeNow(id, true, func(imp collections.Import) error {
		free := []string{collections.ImportReading, collections.ImportReady, collections.ImportUnreadable, collections.ImportUndone}
		if !slices.Contains(free, imp.State) {
			return wrongState("imports.Discard", imp)
		}
		return forget(r.app, id)
	})
	if err == nil {
		r.tell(id)
	}
	return err
}

// forget takes an import away with all that was kept of it.
func forget(app core.App, id string) error {
	for _, query := range []string{"DELETE FROM import_changes WHERE import = {:id}", "DELETE FROM import_kept WHERE import = {:id}", "DELETE FROM imports WHERE id = {:id}"} {
		if _, err := app.DB().NewQuery(query).Bind(dbx.Params{"id": id}).Execute(); err != nil {
			return err
		}
	}
	return removeFiles(app, id)
}
