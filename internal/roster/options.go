package roster

import "slices"

// Options steer the reading of a roster.
type Options struct {
	// Columns say what each place of the heading of a single CSV file is: one of Fields, or "" for nothing that is brought in. Without them
	// the heading tells. Sets of several files have the columns of their format.
	Columns      []string
	NoBirthDates bool
}

// Fields are the columns of ours that a column of a file may be.
var Fields = []string{
	"district_id", "source_id", "barcode", "last_name", "first_name", "preferred_name", "grade", "homeroom", "homeroom_teacher",
	"email", "guardian_email", "language", "birth_date", "type", "status",
}

// over lays the options over what the heading tells. Columns that are only used while reading, such as when a row was changed, stay what they are.
func (o Options) over(told []string) []string {
	if o.Columns == nil && !o.NoBirthDates {
		return told
	}
	columns := slices.Clone(told)
	for i, column := range told {
		if len(o.Columns) == len(told) && (o.Columns[i] != "" || slices.Contains(Fields, column)) {
			columns[i] = o.Columns[i]
		}
		if o.NoBirthDates && columns[i] == "birth_date" {
			columns[i] = ""
		}
	}
	return columns
}

// Column is one column of a CSV file.
type Column struct {
	Name   string   // as in the file
	Field  string   // what its heading says it is: one of Fields, or ""
	Sample []string // its first values, each once
}

// samples is how many values of a column are shown.
const samples = 3

// sampledRows bounds how far the values are looked for.
const sampledRows = 200

// Look reads the heading and the first rows of the roster at path. Without columns it is a set of several files. An error is a *FileError.
func Look(path string) (columns []Column, err error) {
	set, err := openSet(path)
	if err != nil {
		return nil, err
	}
	defer set.close()
	name, single := set.only()
	if !single {
		return nil, set.known()
	}
	r := &reader{set: set}
	t, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer t.close()
	for i, field := range t.columnsOf(dialectOf(t)) {
		if !slices.Contains(Fields, field) {
			field = ""
		}
		columns = append(columns, Column{Name: t.heading[i], Field: field, Sample: []string{}})
	}
	for range sampledRows {
		cells, _, _, more := t.lines.record()
		if !more {
			break
		}
		for i := range min(len(cells), len(columns)) {
			columns[i].add(clean(cells[i]))
		}
	}
	return columns, t.ended("")
}

// known refuses a set of which nobody knows how its files belong together.
func (s *fileSet) known() error {
	for _, layout := range layouts {
		if s.has(layout.students) && s.has(layout.sections) {
			return nil
		}
	}
	if s.has("users") {
		return nil
	}
	return &FileError{File: s.name, Code: MissingFile, Detail: "users.csv"}
}

func (c *Column) add(value string) {
	if value != "" && len(c.Sample) < samples && !slices.Contains(c.Sample, value) {
		c.Sample = append(c.Sample, value)
	}
}

// Missing lists the Fields without which the file at path is of no use, when it is read with the options.
func Missing(path string, options Options) (fields []string, err error) {
	set, err := openSet(path)
	if err != nil {
		return nil, err
	}
	defer set.close()
	name, single := set.only()
	if !single {
		return nil, nil
	}
	r := &reader{set: set}
	t, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer t.close()
	d := dialectOf(t)
	return d.lacks(options.over(t.columnsOf(d))), nil
}
