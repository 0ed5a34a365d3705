// Package collections says what is stored: the names of the collections, a plain typed record for each, and the roles.
// The schema itself is in pb_migrations; a test holds the two together.
package collections

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The collections, by family.
const (
	Staff           = "staff"
	Settings        = "settings"
	Audit           = "audit"
	JobRuns         = "job_runs"
	Patrons         = "patrons"
	PatronTypes     = "patron_types"
	Homerooms       = "homerooms"
	Titles          = "titles"
	Items           = "items"
	ItemTypes       = "item_types"
	Locations       = "locations"
	LoanRules       = "loan_rules"
	Calendar        = "calendar"
	Loans           = "loans"
	CircEvents      = "circ_events"
	Holds           = "holds"
	Fees            = "fees"
	Restrictions    = "restrictions"
	Inventories     = "inventories"
	TitleTags       = "title_tags"
	Notices         = "notices"
	NoticeLoans     = "notice_loans"
	NoticeTemplates = "notice_templates"
	Kiosks          = "kiosks"
	KioskQuestions  = "kiosk_questions"
)

// Record is a typed record: a struct whose db tags are the field names of its collection.
type Record interface{ Collection() string }

// Find reads the one record that matches where (SQL with {:named} parameters). ok is false when there is none.
func Find[R Record](app core.App, where string, params dbx.Params) (record R, ok bool, err error) {
	err = app.DB().NewQuery("SELECT * FROM " + record.Collection() + " WHERE " + where + " LIMIT 1").Bind(params).One(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return record, false, nil
	}
	return record, err == nil, err
}

// All reads every record that matches where, in the given order (SQL, may be empty).
func All[R Record](app core.App, where, order string, params dbx.Params) ([]R, error) {
	var model R
	query := app.DB().Select("*").From(model.Collection())
	if where != "" {
		query.AndWhere(dbx.NewExp(where, params))
	}
	if order != "" {
		query.OrderBy(strings.Split(order, ", ")...)
	}
	records := []R{}
	return records, query.All(&records)
}

// Insert saves record as a new row through PocketBase, so that hooks, validation and realtime see it, and returns it with its id.
func Insert[R Record](app core.App, record R) (R, error) {
	collection, err := app.FindCachedCollectionByNameOrId(record.Collection())
	if err != nil {
		return record, err
	}
	row := core.NewRecord(collection)
	fill(row, &record)
	if err := app.Save(row); err != nil {
		return record, fmt.Errorf("save %s: %w", record.Collection(), err)
	}
	reflect.ValueOf(&record).Elem().FieldByName("ID").SetString(row.Id)
	return record, nil
}

// Update saves the changed fields of an existing row through PocketBase.
func Update[R Record](app core.App, record R) error {
	row, err := app.FindRecordById(record.Collection(), reflect.ValueOf(record).FieldByName("ID").String())
	if err != nil {
		return err
	}
	fill(row, &record)
	if err := app.Save(row); err != nil {
		return fmt.Errorf("save %s: %w", record.Collection(), err)
	}
	return nil
}

func fill[R Record](row *core.Record, record *R) {
	value := reflect.ValueOf(record).Elem()
	for i := range value.NumField() {
		name := value.Type().Field(i).Tag.Get("db")
		if name == "id" && value.Field(i).String() == "" {
			continue
		}
		row.Set(name, value.Field(i).Interface())
	}
}
