// Package booklist reads the lists of books that schools keep in spreadsheets: a table of text (CSV or TSV) with a heading in our own words, in those
// of another library program, or in whatever words a school chose. Rows that speak of one title become one MARC record, made by Carrel, with its items.
// It stores nothing.
package booklist

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"carrel/internal/marc"
	"carrel/internal/roster"
)

// Which rows are an item. Auto: those with a value about one; in a table that says nothing of items at all, every row.
const (
	AutoItems = "auto"
	EachRow   = "each"
	NoItems   = "none"
)

// Options steer the reading. Columns say what each place of the heading is: one of Fields, or "" for nothing that is brought in; without them the
// heading tells.
type Options struct {
	Columns []string
	Items   string // AutoItems (also ""), EachRow or NoItems
}

// Remark is something to know about a row. Codes with a value in their sentence have it in Value.
type Remark struct {
	Line   int    // the heading being line 1
	Column string // as in the file; "" when it is the row's
	Code   string // one of the codes below, or one of package roster: TooManyColumns, OpenQuote, ControlCharacters
	Value  string // what the file has there
}

// Codes of remarks.
const (
	NoTitle          = "no_title"          // the row is left out
	ShortenedBarcode = "shortened_barcode" // a spreadsheet wrote 3.0012E+13; the item is left out
	ShortenedISBN    = "shortened_isbn"
	NoISBN           = "no_isbn" // no number at all; one with a wrong check digit is kept in the record
	WrongPrice       = "wrong_price"
	WrongDate        = "wrong_date"
	WrongYear        = "wrong_year"
	WrongLexile      = "wrong_lexile"
	UnknownLanguage  = "unknown_language"
	Formula          = "formula" // the cell begins like a formula; it is taken as text
)

// Item is one item of an entry.
type Item struct {
	Line int
	marc.ItemFacts
}

// Entry is one title with its items: what one or several rows say. Nothing is in Values but what the list says.
type Entry struct {
	Line    int    // of its first row
	Rows    int    // how many rows it was made of
	ID      string // the title's id in a list of our own
	Values  Values
	Items   []Item
	Remarks []Remark
	Lost    []Remark // items that were left out, each with the reason
	Bad     *Remark  // the row was left out; all else is empty
}

// Reader reads the entries of one file. Rows of a title that lie apart are brought together: the file is read twice, so that only titles that are
// begun and not complete are in memory.
type Reader struct {
	Source string // whose heading it is: one of the sources of columns.go

	file     *os.File
	sheet    *roster.SheetReader
	columns  columns
	left     map[uint64]int32 // rows of a title still to come
	open     map[uint64]*Entry
	waiting  []Entry // rows left out, to be answered next
	dayFirst bool
	items    string
	again    bool // it is the second reading, which tells of what is wrong
}

// Open begins to read the list at path. An error is a *roster.FileError.
func Open(path string, options Options) (*Reader, error) {
	r := &Reader{left: map[uint64]int32{}, open: map[uint64]*Entry{}, items: cmp.Or(options.Items, AutoItems)}
	if err := r.begin(path, options); err != nil {
		return nil, err
	}
	if err := r.count(); err != nil {
		r.Close()
		return nil, err
	}
	r.Close()
	r.again = true
	if err := r.begin(path, options); err != nil {
		return nil, err
	}
	if r.items == AutoItems && !r.columns.sayItems() {
		r.items = EachRow
	}
	return r, nil
}

func (r *Reader) begin(path string, options Options) error {
	file, err := os.Open(path)
	if err != nil {
		return &roster.FileError{File: filepath.Base(path), Code: roster.Unreadable, Detail: err.Error()}
	}
	sheet, err := roster.OpenSheet(filepath.Base(path), file, r.told)
	if err != nil {
		return err
	}
	told, source := columnsOf(sheet.Heading)
	if len(options.Columns) == len(told) {
		told = options.Columns
	}
	r.file, r.sheet, r.Source, r.columns = file, sheet, source, newColumns(sheet.Heading, told)
	return nil
}

// Close closes the file.
func (r *Reader) Close() { r.sheet.Close() }

// count reads all rows once: how many speak of each title, and how dates are written.
func (r *Reader) count() error {
	for {
		row, err := r.sheet.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r.dayFirst = r.dayFirst || dayComesFirst(r.columns.one(row, "acquired"))
		if key, ok := r.columns.key(row); ok {
			r.left[key]++
		}
	}
}

// told is what the sheet tells of a row: one that is skipped is answered as an entry of its own.
func (r *Reader) told(p roster.Problem) {
	if !r.again {
		return
	}
	remark := Remark{Line: p.Line, Column: p.Column, Code: p.Code, Value: p.Value}
	entry := Entry{Line: p.Line, Rows: 1}
	if p.Skipped {
		entry.Bad = &remark
	} else {
		entry.Rows, entry.Remarks = 0, []Remark{remark}
	}
	r.waiting = append(r.waiting, entry)
}

// Next answers the next entry: a title, or a row that was left out (Bad), or remarks on a row whose title comes later (neither title nor Bad). It is
// io.EOF behind the last, else a *roster.FileError.
func (r *Reader) Next() (Entry, error) {
	for {
		if len(r.waiting) > 0 {
			entry := r.waiting[0]
			r.waiting = r.waiting[1:]
			return entry, nil
		}
		row, err := r.sheet.Next()
		if err != nil {
			if errors.Is(err, io.EOF) && len(r.waiting) > 0 {
				continue
			}
			return Entry{}, err
		}
		entry, complete := r.take(row)
		if complete {
			r.waiting = append(r.waiting, entry)
		}
	}
}

// take lays a row to the others of its title; complete says that it was the last of them.
func (r *Reader) take(row roster.SheetRow) (entry Entry, complete bool) {
	key, ok := r.columns.key(row)
	if !ok {
		return Entry{Line: row.Line, Rows: 1, Bad: &Remark{Line: row.Line, Column: r.columns.called("title"), Code: NoTitle}}, true
	}
	begun := r.open[key]
	if begun == nil {
		begun = &Entry{Line: row.Line, ID: r.columns.one(row, "id"), Values: Values{}}
		r.open[key] = begun
	}
	r.read(row, begun)
	if r.left[key]--; r.left[key] > 0 {
		return Entry{}, false
	}
	delete(r.open, key)
	delete(r.left, key)
	return *begun, true
}

// read takes what a row says. Rows themselves are not kept: a file may say the same a million times.
func (r *Reader) read(row roster.SheetRow, entry *Entry) {
	reading := reading{columns: r.columns, dayFirst: r.dayFirst, entry: entry}
	reading.title(row)
	entry.Rows++
	reading.formulas(row)
	if r.items == EachRow || r.items == AutoItems && r.columns.isItem(row) {
		entry.Items = append(entry.Items, reading.items(row)...)
	}
}

// Column is one column of a list, as the heading tells and as the first rows have it.
type Column struct {
	Name   string
	Field  string
	Sample []string
}

const (
	samples     = 3
	sampledRows = 200
)

// Look reads the heading and the first rows of the list at path. An error is a *roster.FileError; a text that is no table at all (one column of
// unknown name) is roster.NotARoster.
func Look(path string) (columns []Column, err error) {
	name := filepath.Base(path)
	file, err := os.Open(path)
	if err != nil {
		return nil, &roster.FileError{File: name, Code: roster.Unreadable, Detail: err.Error()}
	}
	sheet, err := roster.OpenSheet(name, file, func(roster.Problem) {})
	if err != nil {
		return nil, err
	}
	defer sheet.Close()
	fields, _ := columnsOf(sheet.Heading)
	if len(fields) < 2 && !slices.Contains(fields, "title") {
		return nil, &roster.FileError{File: name, Code: roster.NotARoster}
	}
	for i, heading := range sheet.Heading {
		columns = append(columns, Column{Name: heading, Field: fields[i], Sample: []string{}})
	}
	for range sampledRows {
		row, err := sheet.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		for i := range columns {
			columns[i].add(row.Cells[i])
		}
	}
	return columns, nil
}

func (c *Column) add(value string) {
	const shown = 80 // characters
	if runes := []rune(value); len(runes) > shown {
		value = string(runes[:shown]) + "…"
	}
	if value != "" && len(c.Sample) < samples && !slices.Contains(c.Sample, value) {
		c.Sample = append(c.Sample, value)
	}
}

// Missing lists the Fields without which a list with these columns is of no use.
func Missing(columns []string) []string {
	if !slices.Contains(columns, "title") {
		return []string{"title"}
	}
	return nil
}
