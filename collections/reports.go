package collections

import "github.com/pocketbase/pocketbase/tools/types"

// SavedReports is the collection of reports that somebody will want again.
const SavedReports = "saved_reports"

// SavedReport is a report with its parameters, under a name. Everybody who may see reports sees it.
type SavedReport struct {
	ID         string        `db:"id"`
	Name       string        `db:"name"`
	Report     string        `db:"report"`
	Parameters types.JSONRaw `db:"parameters"` // texts by name
	Staff      string        `db:"staff"`      // who saved it
}

func (SavedReport) Collection() string { return SavedReports }
