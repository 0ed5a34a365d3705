// Package imports makes bulk changes that a librarian can look at before, follow while they run and take back for thirty days: titles, rosters,
// pictures, items and the change of the school year. Only one runs at a time; whatever cuts it off, it goes on where it was.
package imports

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// undoDays is how long an import can be taken back, and how long its file and its journal are kept.
const undoDays = 30

// Options are what the librarian decides about an import. Which of them count hangs on the kind.
type Options struct {
	Items string `json:"items,omitempty"` // titles: auto, 852, 949, 952 or none; of a table auto, each or none
	Match string `json:"match,omitempty"` // titles: overlay, skip or add

	Map catalog.Words `json:"map,omitzero"` // titles: ids of what words of the file stand for

	Confirm       bool   `json:"confirm,omitempty"`        // roster: it is right that many are leaving
	BirthDates    bool   `json:"birth_dates,omitempty"`    // roster of several files: birth dates are brought in
	LastGrade     string `json:"last_grade,omitempty"`     // turnover: who is in it leaves
	KeepHomerooms bool   `json:"keep_homerooms,omitempty"` // turnover

	Rows []string `json:"rows,omitempty"` // books: what is added, in this order
}

func (o Options) check(kind string) error {
	const op = "imports.Options"
	switch kind {
	case collections.ImportTitles:
		if !slices.Contains([]string{"", "auto", "852", "949", "952", "each", "none"}, o.Items) {
			return fault.New(op, fault.Invalid, "imports.bad_items").At("items")
		}
		if !slices.Contains([]string{"", catalog.MatchOverlay, catalog.MatchSkip, catalog.MatchAdd}, o.Match) {
			return fault.New(op, fault.Invalid, "imports.bad_match").At("match")
		}
	case collections.ImportTurnover:
		if !slices.Contains(grades, o.LastGrade) {
			return fault.New(op, fault.Invalid, "imports.bad_grade").At("last_grade")
		}
	}
	return nil
}

func optionsOf(imp collections.Import) (o Options, err error) {
	if len(imp.Options) > 0 {
		err = json.Unmarshal(imp.Options, &o)
	}
	return o, err
}

// folder is where the files lie.
func folder(app core.App) string { return filepath.Join(app.DataDir(), "imports") }

func filePath(app core.App, id string) string { return filepath.Join(folder(app), id) }

// Find reads an import; fault.NotFound (unknown_import).
func Find(app core.App, id string) (collections.Import, error) {
	imp, found, err := collections.Find[collections.Import](app, "id = {:id}", dbx.Params{"id": id})
	if err == nil && !found {
		err = fault.New("imports.Find", fault.NotFound, "imports.unknown").Named("unknown_import").At("id")
	}
	return imp, err
}

// List reads all imports, the newest first.
func List(app core.App) ([]collections.Import, error) {
	return collections.All[collections.Import](app, "", "created DESC, id", nil)
}

// set writes some columns of an import.
func set(app core.App, id string, columns dbx.Params) error {
	columns["updated"] = types.NowDateTime().String()
	_, err := app.DB().Update(collections.Imports, columns, dbx.HashExp{"id": id}).Execute()
	return err
}

func asJSON(value any) (string, error) {
	data, err := json.Marshal(value)
	return string(data), err
}

// undoUntil is when taking back ends; zero before it was applied.
func undoUntil(imp collections.Import) time.Time {
	if imp.Applied.IsZero() {
		return time.Time{}
	}
	return imp.Applied.Time().AddDate(0, 0, undoDays)
}

func langOf(imp collections.Import) say.Lang { return say.LangOf(imp.Language) }

// removeFiles forgets the file of an import, what is told of it and the pictures it replaced; one that is not there is no error.
func removeFiles(app core.App, id string) error {
	for _, beside := range []string{replacedFolder(app, id), remarksPath(app, id)} {
		if err := os.RemoveAll(beside); err != nil {
			return err
		}
	}
	return os.RemoveAll(filePath(app, id))
}
