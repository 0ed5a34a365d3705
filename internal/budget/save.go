package budget

import (
	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// madeWith finds the row that is saved: the one with the id, or the one that an earlier call with the same key made. A new one gets the id of its key, so that the
// same call twice makes one; without either it has none yet.
func madeWith[R collections.Record](app core.App, op, what, key, id string) (row R, rowID string, err error) {
	if id != "" {
		row, err = byID[R](app, op, id, "id")
		return row, id, err
	}
	if key == "" {
		return row, "", nil
	}
	id = store.SeededID(what+":"+key, 0)
	row, _, err = collections.Find[R](app, "id = {:id}", dbx.Params{"id": id})
	return row, id, err
}

func save[R collections.Record](app core.App, record R, known bool) (R, error) {
	if known {
		return record, collections.Update(app, record)
	}
	return collections.Insert(app, record)
}

// unchanged refuses to save over what somebody else saved since: fault.Conflict (changed). Whoever does not say what was seen saves over anything.
func unchanged(op string, seen, now types.DateTime, known bool) error {
	if !known || seen.IsZero() || seen.String() == now.String() {
		return nil
	}
	return fault.New(op, fault.Conflict, "budget.changed").Named("changed")
}

// openYear refuses what concerns a year that is closed: fault.NotFound, fault.Conflict (year_closed).
func openYear(app core.App, op, id, field string) error {
	year, err := byID[collections.Year](app, op, id, field)
	if err == nil && !year.ClosedAt.IsZero() {
		err = fault.New(op, fault.Conflict, "budget.year_closed", year.Name).Named("year_closed").At(field)
	}
	return err
}
