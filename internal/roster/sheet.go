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
