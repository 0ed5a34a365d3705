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
	return app.RunInTransaction(func(app core.App) error {
		record, err := find(app, collections.Homerooms, homeroom)
		if err != nil {
			return err
		}
		days, err := libraryDays(app, text)
		if err != nil {
			return err
		}
		record.Set("library_days", strings.Join(days, ", "))
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
