package site_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
)

func day(t *testing.T, text string) policy.Day {
	t.Helper()
	parsed, err := policy.ParseDay(text)
	ok(t, err)
	return parsed
}

type line = collections.CalendarEntry

func save(t *testing.T, app core.App, entry line) line {
	t.Helper()
	saved, err := site.SaveEntry(app, entry)
	ok(t, err)
	return saved
}

func week(t *testing.T, app core.App) line {
	t.Helper()
	entries, err := site.ListEntries(app)
	ok(t, err)
	if len(entries) == 0 || entries[0].Kind != collections.CalendarWeek {
		t.Fatalf("the week does not come first: %+v", entries)
	}
	return entries[0]
}

// today is the real one: a calendar is checked for the years ahead.
func today() policy.Day { return policy.DayOf(time.Now(), time.Local) }

func TestSaveEntry(t *testing.T) {
	app := testkit.App(t)
	weekID := week(t, app).ID
	holiday := save(t, app, line{Kind: "closed", Day: day(t, "2031-12-22"), Until: day(t, "2032-01-02"), Label: "Winter break"})
	term := save(t, app, line{Kind: "term_ceiling", Starts: day(t, "2031-08-15"), Day: day(t, "2031-12-19")})
	save(t, app, line{Kind: "cycle", Day: day(t, "2031-08-15"), Until: day(t, "2032-06-11"), Labels: "A, B"})
	save(t, app, line{Kind: "closed", Day: today(), Until: today().Add(399)})
	for name, test := range map[string]struct {
		entry line
		code  fault.Code
		field string
	}{
		"a closed day":                    {line{Kind: "closed", Day: day(t, "2031-11-11"), Label: "Veterans Day"}, "", ""},
		"closed twice":                    {line{Kind: "closed", Day: holiday.Day, Until: holiday.Until}, "", ""},
		"an open Saturday":                {line{Kind: "open", Day: day(t, "2031-11-15")}, "", ""},
		"a change":                        {line{ID: holiday.ID, Kind: "closed", Day: holiday.Day, Label: "Winter recess"}, "", ""},
		"the week":                        {line{ID: weekID, Kind: "week", Weekdays: "1234"}, "", ""},
		"the next term":                   {line{Kind: "term_forced", Starts: day(t, "2032-01-05"), Day: day(t, "2032-06-11")}, "", ""},
		"the next cycle":                  {line{Kind: "cycle", Day: day(t, "2032-08-15"), Labels: "1, 2, 3"}, "", ""},
		"unknown kind":                    {line{Kind: "holiday", Day: holiday.Day}, fault.Invalid, "kind"},
		"a second week":                   {line{Kind: "week", Weekdays: "12345"}, fault.Invalid, "kind"},
		"the week becomes another":        {line{ID: weekID, Kind: "closed", Day: holiday.Day}, fault.Conflict, ""},
		"a week of eight days":            {line{ID: weekID, Kind: "week", Weekdays: "12348"}, fault.Invalid, "weekdays"},
		"no open day":                     {line{ID: weekID, Kind: "week"}, fault.Invalid, "weekdays"},
		"closed for ever":                 {line{Kind: "closed", Day: today().Add(350), Until: today().Add(740)}, fault.Invalid, "until"},
		"closed without a day":            {line{Kind: "closed"}, fault.Invalid, "day"},
		"ends before it starts":           {line{Kind: "closed", Day: holiday.Until, Until: holiday.Day}, fault.Invalid, "until"},
		"401 days":                        {line{Kind: "closed", Day: holiday.Day, Until: holiday.Day.Add(400)}, fault.Invalid, "until"},
		"400 days":                        {line{Kind: "closed", Day: holiday.Day, Until: holiday.Day.Add(399)}, "", ""},
		"open for two years":              {line{Kind: "open", Day: holiday.Day, Until: holiday.Day.Add(730)}, fault.Invalid, "until"},
		"a long name":                     {line{Kind: "closed", Day: holiday.Day, Label: strings.Repeat("a", 201)}, fault.Invalid, "label"},
		"a term without end":              {line{Kind: "term_ceiling"}, fault.Invalid, "day"},
		"a term backwards":                {line{Kind: "term_ceiling", Starts: day(t, "2033-02-01"), Day: day(t, "2033-01-01")}, fault.Invalid, "starts"},
		"overlapping terms":               {line{Kind: "term_forced", Starts: term.Day, Day: day(t, "2032-06-11")}, fault.Invalid, "starts"},
		"two terms end on one day":        {line{Kind: "term_forced", Day: term.Day}, fault.Invalid, "day"},
		"a cycle without labels":          {line{Kind: "cycle", Day: day(t, "2034-08-15"), Labels: " , "}, fault.Invalid, "labels"},
		"a cycle of weekdays":             {line{Kind: "cycle", Day: day(t, "2034-08-15"), Labels: "Mon, Tue"}, fault.Invalid, "labels"},
		"a cycle without start":           {line{Kind: "cycle", Labels: "A, B"}, fault.Invalid, "day"},
		"a cycle backwards":               {line{Kind: "cycle", Day: day(t, "2034-08-15"), Until: day(t, "2034-08-14"), Labels: "A"}, fault.Invalid, "until"},
		"overlapping cycles":              {line{Kind: "cycle", Day: day(t, "2032-06-11"), Labels: "A"}, fault.Invalid, "day"},
		"labels as long as a sentence":    {line{Kind: "cycle", Day: day(t, "2034-08-15"), Labels: strings.Repeat("A", 121)}, fault.Invalid, "labels"},
		"a change of what is not there":   {line{ID: "abcdefghijklmno", Kind: "closed", Day: holiday.Day}, fault.NotFound, ""},
		"fields of other kinds go":        {line{Kind: "closed", Day: holiday.Day, Weekdays: "9", Labels: "Mon", Starts: term.Day}, "", ""},
		"a source cannot be made by hand": {line{Kind: "closed", Day: holiday.Day, Source: "x 2031-12-22"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			errDone := errors.New("every case starts from the same calendar")
			err := app.RunInTransaction(func(app core.App) error {
				before, err := site.ListEntries(app)
				ok(t, err)
				saved, err := site.SaveEntry(app, test.entry)
				checkFault(t, err, test.code, test.field)
				after, listErr := site.ListEntries(app)
				ok(t, listErr)
				if err != nil && !reflect.DeepEqual(before, after) {
					t.Error("a refused line changed the calendar")
				}
				if err == nil && (saved.ID == "" || saved.Source != "" || saved.Kind == "closed" && saved.Weekdays+saved.Labels != "") {
					t.Errorf("saved %+v", saved)
				}
				return errDone
			})
			if !errors.Is(err, errDone) {
				t.Fatal(err)
			}
		})
	}
}

func TestDeleteEntry(t *testing.T) {
	app := testkit.App(t)
	weekly := week(t, app)
	open := save(t, app, line{Kind: "open", Day: today(), Until: today().Add(300)})
	weekly.Weekdays = ""
	save(t, app, weekly)
	closed := save(t, app, line{Kind: "closed", Day: day(t, "2031-11-11")})
	checkFault(t, site.DeleteEntry(app, weekly.ID), fault.Conflict, "")
	checkFault(t, site.DeleteEntry(app, open.ID), fault.Invalid, "day") // nothing else opens this library
	checkFault(t, site.DeleteEntry(app, closed.ID), "", "")
	checkFault(t, site.DeleteEntry(app, closed.ID), fault.NotFound, "")
}

// A calendar with two faults, from before the validation, is mended one line at a time.
func TestBrokenCalendarCanBeMended(t *testing.T) {
	app := testkit.App(t)
	var twice []line
	for _, text := range []string{"2031-12-19", "2031-12-19", "2032-06-11", "2032-06-11"} {
		entry, err := collections.Insert(app, line{Kind: "term_ceiling", Day: day(t, text)})
		ok(t, err)
		twice = append(twice, entry)
	}
	checkFault(t, site.DeleteEntry(app, twice[0].ID), "", "")
	checkFault(t, site.DeleteEntry(app, twice[2].ID), "", "")
	save(t, app, line{Kind: "closed", Day: day(t, "2031-11-11")})
}

func TestSaveLibraryDays(t *testing.T) {
	app := testkit.App(t)
	save(t, app, line{Kind: "cycle", Day: day(t, "2031-08-15"), Labels: "A, B"})
	room, err := collections.Insert(app, collections.Homeroom{Name: "4B"})
	ok(t, err)
	for text, want := range map[string]struct {
		stored string
		code   fault.Code
	}{
		"":                    {"", ""},
		"Tuesday, thu":        {"tue, thu", ""},
		"a":                   {"a", ""},
		"mon, B":              {"mon, B", ""},
		"C":                   {"", fault.Invalid},
		"tue,,thu":            {"", fault.Invalid},
		"every other Tuesday": {"", fault.Invalid},
	} {
		t.Run(text, func(t *testing.T) {
			err := site.SaveLibraryDays(app, room.ID, text)
			checkFault(t, err, want.code, "library_days")
			stored, err := app.FindRecordById(collections.Homerooms, room.ID)
			ok(t, err)
			if want.code == "" && stored.GetString("library_days") != want.stored {
				t.Errorf("stored %q, want %q", stored.GetString("library_days"), want.stored)
			}
		})
	}
	checkFault(t, site.SaveLibraryDays(app, "abcdefghijklmno", "tue"), fault.NotFound, "")
}
