package checks

import (
	"encoding/json"
	"reflect"
	"regexp"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

var rowID = regexp.MustCompile(`^[a-z0-9]{15}$`)

// Add keeps a new check. The same key again answers the one that is there; an id brings back a check that was deleted. The code is fault.Invalid at the
// place.
func Add(app core.App, check Check, key string) (added Check, err error) {
	record, err := check.record()
	if err != nil {
		return check, err
	}
	if check.ID != "" && !rowID.MatchString(check.ID) {
		return check, unfit("id", "checks.unknown")
	}
	record.Key = key
	err = app.RunInTransaction(func(app core.App) error {
		there, err := read(app, "c.key = {:key} AND c.key != '' OR c.id = {:id}", dbx.Params{"key": key, "id": check.ID})
		if err != nil {
			return err
		}
		if len(there) > 0 {
			added = there[0]
			return nil
		}
		if record, err = collections.Insert(app, record); err != nil {
			return err
		}
		added, err = Get(app, record.ID)
		return err
	})
	return added, err
}

// Save changes a check that was as of its Updated when the one who changes it looked. The codes are fault.NotFound, fault.Invalid at the place, and
// fault.Conflict: named changed when somebody saved it since, named answered when the questions change of one that students have answered.
func Save(app core.App, check Check) (saved Check, err error) {
	record, err := check.record()
	if err != nil {
		return check, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		before, err := Get(app, check.ID)
		if err != nil {
			return err
		}
		if before.Updated != check.Updated {
			return fault.New("checks.Save", fault.Conflict, "checks.changed", before.Title).Named("changed")
		}
		var items []Item
		if err := json.Unmarshal(record.Items, &items); err != nil {
			return err
		}
		if used, err := answered(app, check.ID); err != nil {
			return err
		} else if used && !reflect.DeepEqual(items, before.Items) {
			return fault.New("checks.Save", fault.Conflict, "checks.answered").Named("answered").At("items")
		}
		if err := app.DB().Select("key").From(collections.Checks).Where(dbx.HashExp{"id": check.ID}).Row(&record.Key); err != nil {
			return err
		}
		if err := collections.Update(app, record); err != nil {
			return err
		}
		saved, err = Get(app, check.ID)
		return err
	})
	return saved, err
}

// answered tells whether there is a result that the questions must go on fitting, also in a run that can still be brought back.
func answered(app core.App, check string) (yes bool, err error) {
	err = app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM check_runs r WHERE r.check_id = {:check} AND (r.source != 'device'
		OR EXISTS (SELECT 1 FROM check_sheets s WHERE s.run = r.id AND s.state != 'joined')))`).Bind(dbx.Params{"check": check}).Row(&yes)
	return yes, err
}

// Copy makes a check of one's own from another, with new ids, so that its questions can be changed. The code is fault.NotFound.
func Copy(app core.App, id, key, title string) (Check, error) {
	check, err := Get(app, id)
	if err != nil {
		return check, err
	}
	check.ID = ""
	if title != "" {
		check.Title = title
	}
	return Add(app, check, key)
}

// Delete takes away a check that no class did. The codes are fault.NotFound and fault.Conflict (in_use).
func Delete(app core.App, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		check, err := Get(app, id)
		if err != nil {
			return err
		}
		if check.Runs > 0 {
			return fault.New("checks.Delete", fault.Conflict, "checks.in_use").Named("in_use")
		}
		// runs that were deleted hold it no longer
		if _, err := app.DB().NewQuery("DELETE FROM check_sheets WHERE run IN (SELECT id FROM check_runs WHERE check_id = {:id})").Bind(dbx.Params{"id": id}).Execute(); err != nil {
			return err
		}
		if _, err := app.DB().Delete(collections.CheckRuns, dbx.HashExp{"check_id": id}).Execute(); err != nil {
			return err
		}
		record, err := app.FindRecordById(collections.Checks, id)
		if err != nil {
			return err
		}
		return app.Delete(record)
	})
}
