// Package restrictcsv reads a list of what families asked for on paper forms: which books their child may not
// borrow, may borrow, or must ask for first.
package restrictcsv

import (
	"errors"
	"io"
	"slices"

	"carrel/internal/fault"
	"carrel/internal/roster"
	"carrel/internal/say"
)

const op = "restrictcsv.Read"

// maxBytes bounds a file. One of 4 MB holds some 50,000 forms.
const maxBytes = 4 << 20

// The rules.
const (
	Deny  = "deny"
	Allow = "allow"
	Ask   = "ask"
)

// The scopes, from the narrowest.
const (
	Title  = "title"
	ISBN   = "isbn"
	Item   = "item"
	Tag    = "tag"
	Author = "author"
	Series = "series"
	All    = "all"
)

// Row is one wish of a family.
type Row struct {
	Line    int    // where the row begins, the first line of the file being 1
	Student string // barcode or number, as in the file
	Name    string // for comparing only; often empty
	Rule    string // Deny, Allow or Ask
	Scope   string // Title, ISBN, …
	Value   string // of the scope: 13 digits for ISBN, empty for All, else as in the file
	Note    string
}

// Problem is a row that was left out.
type Problem struct {
	Line   int
	Column string // as in the file; "" when it is the row's
	Code   string // one of the Problem codes
	Args   []any  // what the sentence quotes
}

// Problem codes.
const (
	NoStudent    = "no_student"
	NoRule       = "no_rule"
	UnknownRule  = "unknown_rule"
	UnknownScope = "unknown_scope"
	NoValue      = "no_value" // nothing says which books
	BadISBN      = "bad_isbn"
	Rounded      = "rounded" // a spreadsheet has cut a long number: 9.78E+12

	TooManyColumns = roster.TooManyColumns
	OpenQuote      = roster.OpenQuote
)

// Text is the problem's sentence.
func (p Problem) Text() say.Text {
	if p.Code == TooManyColumns || p.Code == OpenQuote {
		return say.T("roster.problem." + p.Code)
	}
	return say.T("restrictcsv.problem."+p.Code, p.Args...)
}

// Read reads a file of at most 4 MB with a heading. A line is in the rows or in the problems, never in both; a line
// that names several tags makes a row for each. The error is an Invalid fault at "file" with the word "bad_file",
// "too_big" or "missing_column"; its sentence names the column.
func Read(r io.Reader) ([]Row, []Problem, error) {
	limited := &io.LimitedReader{R: r, N: maxBytes + 1}
	sheet, err := roster.ReadSheet("restrictions.csv", limited)
	if limited.N <= 0 {
		return nil, nil, refuse("too_big")
	}
	if err != nil {
		return nil, nil, unreadable(err)
	}
	h, err := headingOf(sheet.Heading)
	if err != nil {
		return nil, nil, err
	}
	var rows []Row
	var problems []Problem
	damaged := map[int]bool{}
	for _, p := range sheet.Problems {
		damaged[p.Line] = true
		problems = append(problems, Problem{Line: p.Line, Code: p.Code})
	}
	for _, line := range sheet.Rows {
		if damaged[line.Line] { // a child's restriction is not guessed from a broken row
			continue
		}
		wishes, problem := h.read(line)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		rows = append(rows, wishes...)
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return rows, problems, nil
}

func refuse(word string, args ...any) error {
	return fault.New(op, fault.Invalid, "restrictcsv."+word, args...).Named(word).At("file")
}

func unreadable(err error) error {
	var file *roster.FileError
	if !errors.As(err, &file) {
		return fault.Wrap(op, err)
	}
	why := say.T("roster.file."+file.Code, file.Args()...)
	return fault.New(op, fault.Invalid, "restrictcsv.unreadable", why).Named("bad_file").At("file").Because(err)
}
