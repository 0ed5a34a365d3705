// Package standards reads frameworks of learning standards: CASE 1.0 JSON (1EdTech "Competencies and Academic Standards Exchange", the CFPackage of its REST
// binding) and the spreadsheets in which states and teachers pass them on. It gives one tree in the order of its makers and says what it had to mend.
package standards

import (
	"bytes"
	"fmt"
	"io"
)

// MaxStatements is how large a framework may be: some ten times the largest of a state.
const MaxStatements = 100_000

// MaxFile is how many bytes of a file are read.
const MaxFile = 64 << 20

// Framework is a set of standards. Statements come in the order of reading, each before those under it.
type Framework struct {
	ID         string // as its makers gave it; may be empty for a spreadsheet
	Title      string
	Creator    string
	Language   string // ISO 639-1, "" when not said
	Status     string // "Draft", "Adopted", "Deprecated" …, as its makers say
	Statements []Statement
	Remarks    []Remark
}

// Statement is one standard, or a heading above some.
type Statement struct {
	ID     string
	Code   string // "CCSS.ELA-LITERACY.RI.4.9"; unique only where its makers saw to that
	Text   string
	Short  string
	Notes  string
	Type   string   // "Standard", "Cluster" …
	Grades []string // as the school writes them: PK, K, 1 … 12
	Parent int      // index of the statement above; -1 at the top
	Depth  int      // 0 at the top
}

// The codes of remarks.
const (
	Orphan    = "orphan"    // what it stands under is not in the file: it stands at the top
	Cycle     = "cycle"     // it stands below itself: it stands at the top
	Another   = "another"   // it stands in a further place, too, which is left out
	Double    = "double"    // a second statement with the id of another: left out
	Wordless  = "wordless"  // a statement without words: its code stands in for them, or it is left out
	Uncertain = "uncertain" // a grade that no school has is left out
)

// Remark is something that was mended, and where: the id or code of the statement, and the line of a spreadsheet.
type Remark struct {
	Code      string
	Statement string
	Line      int // 0 in JSON
	Detail    string
}

// The codes of a FileError.
const (
	NotStandards = "not_standards" // neither CASE JSON nor a table with a column of statements
	BrokenJSON   = "broken_json"
	BrokenTable  = "broken_table"
	Empty        = "empty"
	TooLarge     = "too_large"
	TooMany      = "too_many"
)

// FileError is why a file could not be read at all. Offset is where JSON breaks, in bytes; Line where a table does.
type FileError struct {
	Code   string
	Offset int64
	Line   int
	Err    error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("standards: %s (offset %d, line %d): %v", e.Code, e.Offset, e.Line, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }

// Read reads a framework of either form, told apart by its first sign. The error is a *FileError, or that of the reader.
func Read(from io.Reader, name string) (Framework, error) {
	content, err := io.ReadAll(io.LimitReader(from, MaxFile+1))
	if err != nil {
		return Framework{}, err
	}
	if len(content) > MaxFile {
		return Framework{}, &FileError{Code: TooLarge}
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(start) == 0:
		return Framework{}, &FileError{Code: Empty}
	case start[0] == '{':
		return readCASE(start)
	case start[0] == '[' || start[0] == '<' || bytes.HasPrefix(start, []byte("%PDF")) || bytes.HasPrefix(start, []byte("PK\x03\x04")): // a PDF, a workbook
		return Framework{}, &FileError{Code: NotStandards}
	}
	return readTable(content, name)
}
