package desk

import (
	"maps"
	"reflect"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// insert writes a loan or a fact by a plain statement. Saving it as a record would ask the store again for what an act has just read
// (is there such an item, is the id free) and cost a quarter of a check-out; nothing hangs on the saving of these two.
func insert(app core.App, record collections.Record, more dbx.Params) error {
	row := dbx.Params{}
	value := reflect.ValueOf(record)
	for i := range value.NumField() {
		row[value.Type().Field(i).Tag.Get("db")] = value.Field(i).Interface()
	}
	maps.Copy(row, more)
	_, err := app.DB().Insert(record.Collection(), row).Execute()
	return err
}

// insertLoan writes a new loan and answers it with its id.
func insertLoan(app core.App, act Act, loan collections.Loan) (collections.Loan, error) {
	loan.ID = randomID()
	now := instant(act.Now)
	return loan, insert(app, loan, dbx.Params{"created": now, "updated": now})
}

// nextSeq numbers facts in the order in which they are recorded; there is one writer at a time.
var nextSeq = dbx.NewExp("(SELECT COALESCE(MAX(seq), 0) + 1 FROM circ_events)")

// insertFact writes a fact behind all others and answers it with its id, not its number.
func insertFact(app core.App, fact collections.Fact) (collections.Fact, error) {
	fact.ID = randomID()
	return fact, insert(app, fact, dbx.Params{"seq": nextSeq})
}
