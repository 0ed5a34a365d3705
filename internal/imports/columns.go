package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/roster"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// columns are what the columns of a list go to.
type columns struct {
	Fields     []string `json:"fields"`     // by place; nil for a set of several files
	Remembered bool     `json:"remembered"` // taken from an earlier file with the same headings
	Missing    []string `json:"missing"`    // what no column goes to, and must be there
}

// Column is one column as a librarian sees it.
type Column struct {
	Name   string   `json:"name"`
	Sample []string `json:"sample"`
	Field  string   `json:"field"`
}

func columnsOfImport(imp collections.Import) (c columns, err error) {
	if len(imp.Columns) > 0 && string(imp.Columns) != "null" {
		err = json.Unmarshal(imp.Columns, &c)
	}
	return c, err
}

// options read the file so. Birth dates come in only when somebody chose them.
func (c columns) options(o Options) roster.Options {
	return roster.Options{Columns: c.Fields, NoBirthDates: c.Fields == nil && !o.BirthDates}
}

// columnsFor are the columns of a list: as chosen, else as in an earlier file with these headings, else as the headings tell.
func (r *Runner) columnsFor(list list, imp collections.Import) (c columns, err error) {
	c, err = columnsOfImport(imp)
	if err != nil || c.Fields != nil {
		return c, err
	}
	found, err := list.look()
	if err != nil || len(found) == 0 {
		return c, err
	}
	remembered, ok, err := recall(r.app, imp.Kind, found)
	if err != nil {
		return c, err
	}
	if ok {
		return columns{Fields: remembered, Remembered: true}, nil
	}
	c.Fields = make([]string, len(found))
	for i, column := range found {
		if column.Field != "birth_date" {
			c.Fields[i] = column.Field
		}
	}
	return c, nil
}

// Choose says what the columns of a list go to, or changes the options, and reads the file again. The choice is remembered for the next file with
// the same headings. chosen and options may be nil. The codes are fault.Invalid (columns, items, match …) and fault.Conflict (wrong_state).
func (r *Runner) Choose(id string, chosen []Column, options *Options) (collections.Import, error) {
	return r.change(id, true, func(imp collections.Import) error {
		if !slices.Contains([]string{collections.ImportReading, collections.ImportReady, collections.ImportUnreadable}, imp.State) {
			return wrongState("imports.Choose", imp)
		}
		next := dbx.Params{"state": collections.ImportReading, "queued": r.instant(), "error": "", "done": 0, "total": 0}
		if options != nil {
			if err := options.check(imp.Kind); err != nil {
				return err
			}
			if err := checkMap(r.app, options.Map); err != nil {
				return err
			}
			text, err := asJSON(options)
			if err != nil {
				return err
			}
			next["options"] = text
		}
		if chosen != nil {
			fields, err := r.choose(imp, chosen)
			if err != nil {
				return err
			}
			if next["columns"], err = asJSON(columns{Fields: fields}); err != nil {
				return err
			}
		}
		return set(r.app, id, next)
	})
}

// choose checks the columns somebody chose, and remembers them.
func (r *Runner) choose(imp collections.Import, chosen []Column) ([]string, error) {
	const op = "imports.Choose"
	list, err := listOf(imp, filePath(r.app, imp.ID))
	if err != nil {
		return nil, err
	}
	if list == nil {
		return nil, fault.New(op, fault.Invalid, "imports.no_columns").At("columns")
	}
	found, err := list.look()
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.New(op, fault.Invalid, "imports.no_columns").At("columns")
	}
	if len(chosen) != len(found) {
		return nil, fault.New(op, fault.Invalid, "imports.other_columns", len(found)).At("columns")
	}
	fields := make([]string, len(found))
	for i, column := range chosen {
		if column.Name != found[i].Name {
			return nil, fault.New(op, fault.Invalid, "imports.other_columns", len(found)).At("columns")
		}
		if column.Field != "" && !slices.Contains(list.fields(), column.Field) {
			return nil, fault.New(op, fault.Invalid, "imports.unknown_field", column.Field).At("columns")
		}
		fields[i] = column.Field
	}
	return fields, remember(r.app, imp.Kind, found, fields)
}

// headingKey is the setting that remembers what the columns of files with these headings go to, in whatever order they stand.
func headingKey(kind string, found []Column) string {
	names := make([]string, len(found))
	for i, column := range found {
		names[i] = strings.ToLower(column.Name)
	}
	slices.Sort(names)
	if kind != collections.ImportRoster { // which were there first
		names = append(names, "", kind)
	}
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return "import_columns:" + hex.EncodeToString(sum[:12])
}

func remember(app core.App, kind string, found []Column, fields []string) error {
	byName := map[string]string{}
	for i, column := range found {
		byName[strings.ToLower(column.Name)] = fields[i]
	}
	text, err := asJSON(byName)
	if err != nil {
		return err
	}
	key := headingKey(kind, found)
	setting, known, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": key})
	if err != nil {
		return err
	}
	setting.Key, setting.Value = key, types.JSONRaw(text)
	if known {
		return collections.Update(app, setting)
	}
	_, err = collections.Insert(app, setting)
	return err
}

func recall(app core.App, kind string, found []Column) (fields []string, known bool, err error) {
	setting, known, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": headingKey(kind, found)})
	if err != nil || !known {
		return nil, false, err
	}
	byName := map[string]string{}
	if err := json.Unmarshal(setting.Value, &byName); err != nil {
		return nil, false, err
	}
	for _, column := range found {
		fields = append(fields, byName[strings.ToLower(column.Name)])
	}
	return fields, true, nil
}
