package site

import (
	"database/sql"
	"errors"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// unfit makes the fault of a value that cannot be kept.
func unfit(field, key string, args ...any) *fault.Error {
	return fault.New("site.save", fault.Invalid, key, args...).At(field)
}

func gone(err error) error {
	return fault.New("site.save", fault.NotFound, "site.gone").Because(err)
}

// put inserts a record that has no id yet and updates one that has; fault.NotFound when that one is gone.
func put[R collections.Record](app core.App, id string, record R) (R, error) {
	if id == "" {
		return collections.Insert(app, record)
	}
	err := collections.Update(app, record)
	if errors.Is(err, sql.ErrNoRows) {
		return record, gone(err)
	}
	return record, err
}

// find reads the record that a save or a deletion is about; fault.NotFound when it is gone.
func find(app core.App, collection, id string) (*core.Record, error) {
	record, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, gone(err)
	}
	return record, err
}
