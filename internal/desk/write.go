package desk

import (
	"maps"
	"reflect"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// State and facts are written by plain statements. Saving them as records would ask the store again for what an act has just read
// (is there such an item, is the id free) and cost a quarter of a check-out; nothing hangs on the saving of these.

// row is a record as columns.
func row(record collections.Record) dbx.Params {
	columns := dbx.Params{}
	value := reflect.ValueOf(record)
	for i := range value.NumField() {
		columns[value.Type().Field(i).Tag.Get("db")] = value.Field(i).Interface()
	}
	return columns
}

func insert(app core.App, record collections.Record, more dbx.Params) error {
	columns := row(record)
	maps.Copy(columns, more)
	_, err := app.DB().Insert(record.Collection(), columns).Execute()
	return err
}

// insertState writes a new loan, hold or charge.
func insertState(app core.App, record collections.Record, now types.DateTime) error {
	return insert(app, record, dbx.Params{"created": now, "updated": now})
}

// updateState writes a loan, hold or charge over what was there.
func updateState(app core.App, record collections.Record, now types.DateTime) error {
	columns := row(record)
	id := columns["id"]
	columns["updated"] = now
	_, err := app.DB().Update(record.Collection(), columns, dbx.HashExp{"id": id}).Execute()
	return err
}

// setStatus writes the state of an item; seen is when it was in somebody's hand, zero when nobody saw it.
func setStatus(app core.App, item, status string, seen, now types.DateTime) error {
	columns := dbx.Params{"status": status, "updated": now}
	if !seen.IsZero() {
		columns["last_seen"] = seen
	}
	_, err := app.DB().Update(collections.Items, columns, dbx.HashExp{"id": item}).Execute()
	return err
}

// nextSeq numbers facts in the order in which they are recorded; there is one writer at a time.
var nextSeq = dbx.NewExp("(SELECT COALESCE(MAX(seq), 0) + 1 FROM circ_events)")

// insertFact writes a fact behind all others and answers it with its id, not its number.
func insertFact(app core.App, fact collections.Fact) (collections.Fact, error) {
	fact.ID = randomID()
	return fact, insert(app, fact, dbx.Params{"seq": nextSeq})
}
