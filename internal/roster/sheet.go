package roster

import "io"

// Sheet is a small CSV file of another subject, read as rosters are: any separator, a byte order mark,
// Windows-1252, quotation marks left open.
type Sheet struct {
	Heading  []string // as in the file
	Rows     []SheetRow
	Problems []Problem // TooManyColumns and OpenQuote
}

// SheetRow is one row that holds something, with a cell for each column of the heading.
type SheetRow struct {
	Line  int // where the row begins, the first line being 1
	Cells []string
}

// ReadSheet reads all of text, whose size the caller bounds. An error is a *FileError about name.
func ReadSheet(name string, text io.Reader) (Sheet, error) {
	var sheet Sheet
	t, err := newTable(name, io.NopCloser(text), func(p Problem) { sheet.Problems = append(sheet.Problems, p) })
	if err != nil {
		return Sheet{}, err
	}
	sheet.Heading = t.heading
	err = t.each(func(one row) {
		cells := make([]string, len(t.heading))
		copy(cells, one.cells)
		sheet.Rows = append(sheet.Rows, SheetRow{Line: one.line, Cells: cells})
	})
	return sheet, err
}

// SheetReader reads the rows of a Sheet one by one: the file may be of any length.
type SheetReader struct {
	Heading []string // as in the file

	table *table
}

// OpenSheet reads the heading. problem is told of what is wrong with single rows: TooManyColumns, OpenQuote and ControlCharacters. An error is a
// *FileError about name, and text is closed then.
func OpenSheet(name string, text io.ReadCloser, problem func(Problem)) (*SheetReader, error) {
	t, err := newTable(name, text, problem)
	if err != nil {
		return nil, err
	}
	t.strict = true
	return &SheetReader{Heading: t.heading, table: t}, nil
}

// Next answers the next row that holds something; io.EOF behind the last, else a *FileError.
func (s *SheetReader) Next() (SheetRow, error) {
	one, ok := s.table.next()
	if !ok {
		if err := s.table.ended(""); err != nil {
			return SheetRow{}, err
		}
		return SheetRow{}, io.EOF
	}
	cells := make([]string, len(s.Heading))
	copy(cells, one.cells)
	return SheetRow{Line: one.line, Cells: cells}, nil
}

// Close closes the text.
func (s *SheetReader) Close() { s.table.close() }

// PlainName is a heading without case, signs and bracketed remarks: "Call Number" and "call_number" are both "callnumber".
func PlainName(heading string) string { return plain(heading) }
