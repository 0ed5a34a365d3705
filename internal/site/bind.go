package site

import (
	"context"
	"errors"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Bind makes every other way into the store, such as PocketBase's own dashboard, refuse a rule, a line of the calendar or a library day
// that the functions of this package would refuse. A server calls it once.
func Bind(app core.App) {
	rules, calendar, homerooms := collections.LoanRules, collections.Calendar, collections.Homerooms
	app.OnRecordCreate(rules).BindFunc(after(checkRuleRecord))
	app.OnRecordUpdate(rules).BindFunc(after(checkRuleRecord))
	app.OnRecordDelete(rules).BindFunc(after(checkRuleDelete))
	app.OnRecordCreate(calendar).BindFunc(after(checkEntryRecord))
	app.OnRecordUpdate(calendar).BindFunc(after(checkEntryRecord))
	app.OnRecordDelete(calendar).BindFunc(after(checkEntryDelete))
	app.OnRecordCreate(homerooms).BindFunc(after(checkHomeroom))
	app.OnRecordUpdate(homerooms).BindFunc(after(checkHomeroom))
	app.OnRecordDelete(collections.PatronTypes, collections.ItemTypes, collections.Locations).BindFunc(after(checkUnused))
}

// after goes on once the check has passed.
func after(check func(app core.App, record *core.Record) error) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if e.Context.Value(checkedKey{}) == nil {
			if err := check(e.App, e.Record); err != nil {
				return toldToAPI(err)
			}
		}
		return e.Next()
	}
}

// checkedKey marks the context of a save that was checked together with others: one by one they may look wrong.
type checkedKey struct{}

var checkedTogether = context.WithValue(context.Background(), checkedKey{}, true)

// toldToAPI makes PocketBase's record API answer with the fault's sentence; it hides that of any error but its own.
func toldToAPI(err error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return err
	}
	told := *refusal
	return told.Because(router.NewBadRequestError(refusal.Text.In(say.English), nil))
}

func checkRuleRecord(app core.App, record *core.Record) error {
	terms, _ := record.Get("terms").(types.JSONRaw) // nothing else is kept in this field
	return checkRule(app, collections.LoanRule{
		ID: record.Id, PatronType: record.GetString("patron_type"), ItemType: record.GetString("item_type"), Terms: terms,
	})
}

func checkEntryRecord(app core.App, record *core.Record) error {
	entry, err := lineOf(record)
	if err != nil {
		return err
	}
	entries, err := ListEntries(app)
	if err != nil {
		return err
	}
	return checkEntry(app, entries, entry)
}

// checkHomeroom looks at library days only when they change: a roster may go on after a cycle has ended.
func checkHomeroom(app core.App, record *core.Record) error {
	days := record.GetString("library_days")
	if !record.IsNew() && days == record.Original().GetString("library_days") {
		return nil
	}
	_, err := libraryDays(app, days)
	return err
}
