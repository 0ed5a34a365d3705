package reports

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Saved is a report that somebody kept under a name.
type Saved struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Report     string            `json:"report"`
	Parameters map[string]string `json:"parameters"`
}

// longestName is what the column holds.
const longestName = 120

// ListSaved lists the saved reports by name.
func ListSaved(app core.App) ([]Saved, error) {
	rows, err := collections.All[collections.SavedReport](app, "", "name, id", nil)
	list := make([]Saved, 0, len(rows))
	for _, row := range rows {
		saved := Saved{ID: row.ID, Name: row.Name, Report: row.Report, Parameters: map[string]string{}}
		if err := json.Unmarshal(row.Parameters, &saved.Parameters); err != nil {
			continue // somebody else wrote it; it cannot be opened
		}
		list = append(list, saved)
	}
	return list, err
}

// Save keeps a report with its parameters; the same name for the same report takes the place of the older one. Only what the report asks for is kept. The codes are
// those of Make, and fault.Invalid at "name".
func Save(app core.App, asker Asker, saved Saved, staff string) (Saved, error) {
	saved.Name = strings.TrimSpace(saved.Name)
	if saved.Name == "" {
		return saved, unfit("name", "reports.no_name")
	}
	if utf8.RuneCountInString(saved.Name) > longestName {
		return saved, unfit("name", "reports.too_long", longestName)
	}
	d, err := find(saved.Report)
	if err != nil {
		return saved, err
	}
	l, err := newLook(context.Background(), app, asker, saved.Parameters)
	if err != nil {
		return saved, err
	}
	about, err := l.describe(d)
	if err != nil {
		return saved, err
	}
	saved.Parameters = map[string]string{}
	for _, parameter := range about.Parameters {
		saved.Parameters[parameter.Name] = parameter.Value
	}
	return saved, app.RunInTransaction(func(app core.App) error { return saved.write(app, staff) })
}

func (s *Saved) write(app core.App, staff string) error {
	parameters, err := json.Marshal(s.Parameters)
	if err != nil {
		return err
	}
	row, found, err := collections.Find[collections.SavedReport](app, "report = {:report} AND name = {:name}", dbx.Params{"report": s.Report, "name": s.Name})
	if err != nil {
		return err
	}
	row.Name, row.Report, row.Parameters, row.Staff = s.Name, s.Report, parameters, staff
	if found {
		s.ID = row.ID
		return collections.Update(app, row)
	}
	row, err = collections.Insert(app, row)
	s.ID = row.ID
	return err
}

// Forget deletes a saved report; one that is gone already is no error.
func Forget(app core.App, id string) error {
	_, err := app.DB().Delete(collections.SavedReports, dbx.HashExp{"id": id}).Execute()
	return err
}
