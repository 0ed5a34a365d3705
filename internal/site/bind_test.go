package site_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// raw is a record as another door would save it.
func raw(t *testing.T, app core.App, collection string, fields map[string]any) *core.Record {
	t.Helper()
	found, err := app.FindCollectionByNameOrId(collection)
	ok(t, err)
	record := core.NewRecord(found)
	record.Load(fields)
	return record
}

type fields = map[string]any

func TestOtherDoorsCannotStore(t *testing.T) {
	app := ruleSchool(t)
	site.Bind(app)
	for name, test := range map[string]struct {
		collection string
		fields     fields
		code       fault.Code
		field      string
	}{
		"a rule":               {collections.LoanRules, fields{"patron_type": typeID(t, app, "teacher"), "terms": `{"loan_days": 60}`}, "", ""},
		"a second site row":    {collections.LoanRules, fields{"terms": `{"loan_days": 60}`}, fault.Invalid, "patron_type"},
		"an unknown value":     {collections.LoanRules, fields{"patron_type": typeID(t, app, "student"), "terms": `{"loan_dayz": 6}`}, fault.Invalid, "loan_dayz"},
		"terms of text":        {collections.LoanRules, fields{"patron_type": typeID(t, app, "student"), "terms": `soon`}, fault.Invalid, "terms"},
		"a mis-scoped value":   {collections.LoanRules, fields{"patron_type": typeID(t, app, "student"), "terms": `{"type_limit": 1}`}, fault.Invalid, "type_limit"},
		"a closed day":         {collections.Calendar, fields{"kind": "closed", "day": "2031-11-11"}, "", ""},
		"a day there is not":   {collections.Calendar, fields{"kind": "closed", "day": "2031-02-30"}, fault.Invalid, "day"},
		"an until there isn't": {collections.Calendar, fields{"kind": "closed", "day": "2031-02-01", "until": "2031-02-30"}, fault.Invalid, "until"},
		"a closed century":     {collections.Calendar, fields{"kind": "closed", "day": "2031-02-01", "until": "2131-02-01"}, fault.Invalid, "until"},
		"a second week":        {collections.Calendar, fields{"kind": "week", "weekdays": "1"}, fault.Invalid, "kind"},
		"a homeroom":           {collections.Homerooms, fields{"name": "4B", "library_days": "tue"}, "", ""},
		"a homeroom on day C":  {collections.Homerooms, fields{"name": "4C", "library_days": "C"}, fault.Invalid, "library_days"},
	} {
		t.Run(name, func(t *testing.T) {
			before := testkit.Library{T: t, App: app}.Count(test.collection, "1")
			checkFault(t, app.Save(raw(t, app, test.collection, test.fields)), test.code, test.field)
			added := testkit.Library{T: t, App: app}.Count(test.collection, "1") - before
			if (added == 1) != (test.code == "") {
				t.Errorf("%d rows were added", added)
			}
		})
	}
}

func typeID(t *testing.T, app core.App, code string) string {
	t.Helper()
	record, err := app.FindFirstRecordByData(collections.PatronTypes, "code", code)
	ok(t, err)
	return record.Id
}

func TestOtherDoorsCannotChangeOrDelete(t *testing.T) {
	app := ruleSchool(t)
	site.Bind(app)
	_, err := site.SaveRule(app, site.RuleRow{PatronType: "teacher", ItemType: "Laptop", Terms: days(60)})
	ok(t, err)
	own, err := app.FindRecordById(collections.LoanRules, ownRow(t, app).ID)
	ok(t, err)
	checkFault(t, app.Delete(own), fault.Conflict, "")
	own.Set("patron_type", typeID(t, app, "student"))
	checkFault(t, app.Save(own), fault.Conflict, "")

	weekly, err := app.FindRecordById(collections.Calendar, week(t, app).ID)
	ok(t, err)
	checkFault(t, app.Delete(weekly), fault.Conflict, "")
	weekly.Set("weekdays", "")
	checkFault(t, app.Save(weekly), fault.Invalid, "weekdays")

	teacher, err := app.FindRecordById(collections.PatronTypes, typeID(t, app, "teacher"))
	ok(t, err)
	checkFault(t, app.Delete(teacher), fault.Conflict, "")
	student, err := app.FindRecordById(collections.PatronTypes, typeID(t, app, "student"))
	ok(t, err)
	checkFault(t, app.Delete(student), "", "")
	laptop, err := app.FindFirstRecordByData(collections.ItemTypes, "code", "Laptop")
	ok(t, err)
	checkFault(t, app.Delete(laptop), fault.Conflict, "")
}

// Library days of a cycle that is no more do not stop a roster from changing the homeroom's teacher.
func TestOldLibraryDaysStay(t *testing.T) {
	app := testkit.App(t)
	room, err := collections.Insert(app, collections.Homeroom{Name: "4B", LibraryDays: "C"})
	ok(t, err)
	site.Bind(app)
	room.Teacher = "Ms. Okafor"
	ok(t, collections.Update(app, room))
	room.LibraryDays = "D"
	checkFault(t, collections.Update(app, room), fault.Invalid, "library_days")
}

// The superuser's dashboard reads why.
func TestRecordAPISaysWhy(t *testing.T) {
	app := testkit.App(t)
	site.Bind(app)
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	ok(t, err)
	technician := core.NewRecord(superusers)
	technician.SetEmail("technician@example.org")
	technician.SetRandomPassword()
	ok(t, app.Save(technician))
	token, err := technician.NewAuthToken()
	ok(t, err)
	router, err := apis.NewRouter(app)
	ok(t, err)
	door, err := router.BuildMux()
	ok(t, err)
	request := httptest.NewRequest(http.MethodPost, "/api/collections/calendar/records",
		strings.NewReader(`{"kind":"closed","day":"2031-11-11","until":"2030-11-11"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	answer := httptest.NewRecorder()
	door.ServeHTTP(answer, request)
	if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "It starts (2031-11-11) after it ends (2030-11-11).") {
		t.Errorf("answered %d %s", answer.Code, answer.Body)
	}
}
