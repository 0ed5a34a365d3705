package imports

import (
	"encoding/json"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// View is an import as a librarian sees it.
type View struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	File       string    `json:"file"`
	Size       int64     `json:"size"` // bytes
	State      string    `json:"state"`
	By         string    `json:"by"` // a name
	Created    string    `json:"created"`
	Applied    string    `json:"applied"`
	UndoUntil  string    `json:"undo_until"` // empty when it cannot be taken back
	Progress   progress  `json:"progress"`
	Columns    []Column  `json:"columns,omitempty"`
	Fields     []string  `json:"fields,omitempty"`
	Missing    []string  `json:"missing,omitempty"` // fields without which the list cannot be read
	Remembered bool      `json:"remembered"`
	Options    Options   `json:"options"`
	Preview    report    `json:"preview"`
	Result     report    `json:"result"`
	Error      string    `json:"error"`
	Kept       []keptRow `json:"kept"`
	MoreKept   int       `json:"more_kept,omitempty"`
	Unlabelled int       `json:"unlabelled,omitempty"` // items it brought that have no barcode
}

// progress counts records, people or pictures; total is 0 while nobody knows it.
type progress struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// keptRow is something that taking back left as it was.
type keptRow struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// maxKept is how many are listed one by one.
const maxKept = 200

// View shows an import in a language; brief leaves out what is listed one by one.
func (r *Runner) View(imp collections.Import, lang say.Lang, brief bool) (v View, err error) {
	v = View{
		ID: imp.ID, Kind: imp.Kind, File: imp.File, Size: imp.Size, State: imp.State, Created: rfc3339(imp.Created.Time()), Applied: rfc3339(imp.Applied.Time()),
		Progress: progress{int64(imp.Done), int64(imp.Total)}, Kept: []keptRow{},
	}
	if now := r.current.Load(); now != nil && now.id == imp.ID {
		v.Progress.Done, v.Progress.Total = now.progress()
	}
	if until := undoUntil(imp); imp.State != collections.ImportUndone && imp.State != collections.ImportUndoing && until.After(r.Now()) {
		v.UndoUntil = rfc3339(until)
	}
	if v.By, err = r.nameOfStaff(imp.Staff); err != nil {
		return v, err
	}
	if v.Options, err = optionsOf(imp); err != nil {
		return v, err
	}
	if v.Preview, err = said(imp.Kind, imp.Preview, lang, brief); err != nil {
		return v, err
	}
	if v.Result, err = said(imp.Kind, imp.Result, lang, brief); err != nil {
		return v, err
	}
	if v.Error, err = sentenceOf(imp.Error, lang); err != nil || brief {
		return v, err
	}
	if err := r.showColumns(&v, imp); err != nil {
		return v, err
	}
	if imp.State == collections.ImportDone {
		if v.Unlabelled, err = r.unlabelled(imp.ID); err != nil {
			return v, err
		}
	}
	return v, r.showKept(&v, imp, lang)
}

func rfc3339(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func (r *Runner) nameOfStaff(id string) (name string, err error) {
	err = r.app.DB().NewQuery("SELECT COALESCE(MAX(name), '') FROM staff WHERE id = {:id}").Bind(dbx.Params{"id": id}).Row(&name)
	return name, err
}

// said is a report in a language; a nil one stays nil.
func said(kind string, data []byte, lang say.Lang, brief bool) (report, error) {
	r, err := reportOf(kind, data)
	if err != nil || r == nil {
		return nil, err
	}
	if brief {
		r.brief()
	}
	r.in(lang)
	return r, nil
}

func sentenceOf(data []byte, lang say.Lang) (string, error) {
	var text say.Text
	if len(data) == 0 || string(data) == "null" || string(data) == `""` {
		return "", nil
	}
	err := json.Unmarshal(data, &text)
	return text.In(lang), err
}

// showColumns shows the columns of a list as long as it can still be read otherwise. Their values are read from the file: they are not kept elsewhere.
func (r *Runner) showColumns(v *View, imp collections.Import) error {
	if !slices.Contains([]string{collections.ImportReading, collections.ImportReady, collections.ImportUnreadable}, imp.State) {
		return nil
	}
	chosen, err := columnsOfImport(imp)
	if err != nil || len(chosen.Fields) == 0 {
		return err
	}
	list, err := listOf(imp, filePath(r.app, imp.ID))
	if err != nil || list == nil {
		return nil //nolint:nilerr // the preview says what is wrong with the file
	}
	found, err := list.look()
	if err != nil || len(found) != len(chosen.Fields) {
		return nil //nolint:nilerr // as above
	}
	v.Fields, v.Missing, v.Remembered = append([]string{""}, list.fields()...), chosen.Missing, chosen.Remembered
	for i, column := range found {
		v.Columns = append(v.Columns, Column{column.Name, column.Sample, chosen.Fields[i]})
	}
	return nil
}

// labels are how a row that was kept is called, by table.
const labels = `CASE k.tbl
	WHEN 'titles' THEN (SELECT title FROM titles WHERE id = k.row)
	WHEN 'items' THEN (SELECT COALESCE(titles.title || CASE items.barcode WHEN '' THEN '' ELSE ' (' || items.barcode || ')' END, items.barcode)
		FROM items LEFT JOIN titles ON titles.id = items.title WHERE items.id = k.row)
	WHEN 'patrons' THEN (SELECT trim(first_name || ' ' || last_name) FROM patrons WHERE id = k.row)
	WHEN 'homerooms' THEN (SELECT name FROM homerooms WHERE id = k.row)
	WHEN 'patron_types' THEN (SELECT name FROM patron_types WHERE id = k.row)
	WHEN 'item_types' THEN (SELECT name FROM item_types WHERE id = k.row)
	WHEN 'locations' THEN (SELECT name FROM locations WHERE id = k.row) END`

// showKept lists what taking back left. Names are read from the rows themselves, so that nobody is named who was deleted since.
func (r *Runner) showKept(v *View, imp collections.Import, lang say.Lang) error {
	var rows []struct {
		What string `db:"what"`
		Why  string `db:"why"`
	}
	err := r.app.DB().NewQuery("SELECT COALESCE(" + labels + ", '') AS what, k.why AS why FROM import_kept AS k WHERE k.import = {:id} ORDER BY k.tbl, k.row").
		Bind(dbx.Params{"id": imp.ID}).All(&rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.What == "" { // gone since
			continue
		}
		if len(v.Kept) >= maxKept {
			v.MoreKept++
			continue
		}
		v.Kept = append(v.Kept, keptRow{row.What, say.T("imports.kept." + row.Why).In(lang)})
	}
	return nil
}
