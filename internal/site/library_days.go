package site

import (
	"strings"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// SaveLibraryDays keeps the days on which a homeroom comes to the library: "tue, thu", or labels of a day cycle, "A". The codes are
// fault.Invalid at "library_days" and fault.NotFound.
func SaveLibraryDays(app core.App, homeroom, text string) error {
	return saveHomeroom(app, homeroom, func(app core.App, record *core.Record) error {
		days, err := libraryDays(app, text)
		record.Set("library_days", strings.Join(days, ", "))
		return err
	})
}

// SaveVisits keeps the hours of a homeroom, "tue 09:00-09:45; A 13:10-13:55", and with them its library days. The codes are fault.Invalid at "visits" or
// "library_days", and fault.NotFound.
func SaveVisits(app core.App, homeroom, text string) error {
	return saveHomeroom(app, homeroom, func(app core.App, record *core.Record) error {
		visits, err := policy.ParseVisits(text)
		if err != nil {
			return err
		}
		var hours, names []string
		for _, visit := range visits {
			hours, names = append(hours, visit.String()), append(names, visit.Day)
		}
		days, err := libraryDays(app, strings.Join(names, ", "))
		record.Set("visits", strings.Join(hours, "; "))
		record.Set("library_days", strings.Join(days, ", "))
		return err
	})
}

func saveHomeroom(app core.App, id string, change func(core.App, *core.Record) error) error {
	return app.RunInTransaction(func(app core.App) error {
		record, err := find(app, collections.Homerooms, id)
		if err != nil {
			return err
		}
		if err := change(app, record); err != nil {
			return err
		}
		return app.Save(record)
	})
}

// maxLibraryDays is the length of the days in letters, as they are stored.
const maxLibraryDays = 120

func libraryDays(app core.App, text string) (policy.LibraryDays, error) {
	days, err := policy.ParseLibraryDays(text)
	if err != nil {
		return nil, err
	}
	if len([]rune(strings.Join(days, ", "))) > maxLibraryDays {
		return nil, unfit("library_days", "calendar.library_days", text)
	}
	calendar, err := Calendar(app)
	if err != nil {
		return nil, err
	}
	return days, calendar.CheckLibraryDays(days)
}
