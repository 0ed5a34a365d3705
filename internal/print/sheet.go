package print

import (
	"fmt"
	"slices"
)

// Sheet is how labels or cards lie on their paper, in millimetres.
type Sheet struct {
	Name    string  `json:"name"` // by which the school knows it, such as "avery-5160"
	Paper   Paper   `json:"paper"`
	Columns int     `json:"columns"`
	Rows    int     `json:"rows"`
	Width   float64 `json:"width"` // of one label
	Height  float64 `json:"height"`
	Left    float64 `json:"left"` // margins of the paper before the first label
	Top     float64 `json:"top"`
	GapX    float64 `json:"gap_x"` // between two labels
	GapY    float64 `json:"gap_y"`
	Cut     bool    `json:"cut"` // plain paper: marks show where to cut
}

// Misfit says which measure of a sheet, printer or calibration cannot be.
type Misfit struct {
	Field      string  // its JSON name
	Value      float64 // what was asked
	Least      float64 // what would do, both ends included
	Most       float64
	WrongPaper bool // the paper has no known size; the numbers mean nothing
}

func (m *Misfit) Error() string {
	if m.WrongPaper {
		return "print: unknown paper"
	}
	return fmt.Sprintf("print: %s %g is not from %g to %g", m.Field, m.Value, m.Least, m.Most)
}

// The smallest label that anything can be printed on, and the most labels on a page.
const (
	leastWidth  = 10.0
	leastHeight = 8.0
	mostColumns = 20
	mostRows    = 50
	// roundings is by how much a sheet may exceed the paper: makers' measures are in fractions of inches.
	roundings = 0.05
)

// Check tells by a *Misfit the first measure with which the labels do not fit the paper.
func (s Sheet) Check() error {
	if s.Paper != Letter && s.Paper != A4 {
		return &Misfit{Field: "paper", WrongPaper: true}
	}
	paperWidth, paperHeight := s.Paper.size()
	across := direction{"columns", "width", "left", "gap_x", float64(s.Columns), s.Width, s.Left, s.GapX, leastWidth, mostColumns, paperWidth}
	along := direction{"rows", "height", "top", "gap_y", float64(s.Rows), s.Height, s.Top, s.GapY, leastHeight, mostRows, paperHeight}
	if err := across.check(); err != nil {
		return err
	}
	return along.check()
}

// direction is a sheet looked at in one direction, with the names of its measures.
type direction struct {
	counts, sizes, margins, gaps       string
	count, size, margin, gap           float64
	leastSize, mostCount, paperMeasure float64
}

func (d direction) check() error {
	free := d.paperMeasure + roundings
	for _, one := range []struct {
		field              string
		value, least, most float64
	}{
		{d.sizes, d.size, d.leastSize, free},
		{d.margins, d.margin, 0, free - d.size},
		{d.gaps, d.gap, 0, free},
		{d.counts, d.count, 1, d.fitting()},
	} {
		if err := within(one.field, one.value, one.least, one.most); err != nil {
			return err
		}
	}
	return nil
}

// fitting is how many labels fit beside each other.
func (d direction) fitting() float64 {
	n := 1
	for n < int(d.mostCount) && d.margin+float64(n+1)*d.size+float64(n)*d.gap <= d.paperMeasure+roundings {
		n++
	}
	return float64(n)
}

// within refuses a measure outside of its bounds, and one that is no number.
func within(field string, value, least, most float64) error {
	if value >= least && value <= most {
		return nil
	}
	return &Misfit{Field: field, Value: value, Least: least, Most: most}
}

// PerPage is the number of labels on a page.
func (s Sheet) PerPage() int { return s.Columns * s.Rows }

// place is the top left corner of the n-th label of a page, from 0, row by row.
func (s Sheet) place(n int) (x, y float64) {
	return s.Left + float64(n%s.Columns)*(s.Width+s.GapX), s.Top + float64(n/s.Columns)*(s.Height+s.GapY)
}

// The size of a bank card is ID-1 of ISO/IEC 7810: 85.60 × 53.98 mm. Label makers give theirs in inches on Letter paper,
// in millimetres on A4.
var stocks = []Sheet{
	{Name: "cr80-letter", Paper: Letter, Columns: 2, Rows: 4, Width: 85.6, Height: 53.98, Left: 18.35, Top: 19.74, GapX: 8, GapY: 8, Cut: true},
	{Name: "cr80-a4", Paper: A4, Columns: 2, Rows: 4, Width: 85.6, Height: 53.98, Left: 15.4, Top: 28.54, GapX: 8, GapY: 8, Cut: true},
	{Name: "avery-5371", Paper: Letter, Columns: 2, Rows: 5, Width: 88.9, Height: 50.8, Left: 19.05, Top: 12.7},
	{Name: "avery-5160", Paper: Letter, Columns: 3, Rows: 10, Width: 66.675, Height: 25.4, Left: 4.7625, Top: 12.7, GapX: 3.175},
	{Name: "avery-5161", Paper: Letter, Columns: 2, Rows: 10, Width: 101.6, Height: 25.4, Left: 3.96875, Top: 12.7, GapX: 4.7625},
	{Name: "avery-5163", Paper: Letter, Columns: 2, Rows: 5, Width: 101.6, Height: 50.8, Left: 3.96875, Top: 12.7, GapX: 4.7625},
	{Name: "avery-5167", Paper: Letter, Columns: 4, Rows: 20, Width: 44.45, Height: 12.7, Left: 7.14375, Top: 12.7, GapX: 7.9375},
	{Name: "avery-l7160", Paper: A4, Columns: 3, Rows: 7, Width: 63.5, Height: 38.1, Left: 7.21, Top: 15.15, GapX: 2.54},
	{Name: "avery-l7163", Paper: A4, Columns: 2, Rows: 7, Width: 99.1, Height: 38.1, Left: 4.65, Top: 15.15, GapX: 2.5},
	{Name: "avery-l7651", Paper: A4, Columns: 5, Rows: 13, Width: 38.1, Height: 21.2, Left: 4.67, Top: 10.7, GapX: 2.54},
}

// Stocks lists the sheets one can buy, and those for cards on plain paper.
func Stocks() []Sheet { return slices.Clone(stocks) }

// Stock is the sheet of that name.
func Stock(name string) (Sheet, bool) {
	i := slices.IndexFunc(stocks, func(s Sheet) bool { return s.Name == name })
	if i < 0 {
		return Sheet{}, false
	}
	return stocks[i], true
}

// grid fills pages with labels or cards.
type grid struct {
	*document
	Sheet
	next int // place of the next label on its page
}

// onSheet begins a stack behind the places that are used up on its first page.
func (d *document) onSheet(sheet Sheet, skip int) *grid {
	g := &grid{document: d, Sheet: sheet, next: max(skip, 0) % sheet.PerPage()}
	g.page()
	return g
}

func (g *grid) page() {
	g.document.page()
	if g.Cut {
		g.cropMarks()
	}
}

// take returns the corner of the next free place.
func (g *grid) take() (x, y float64) {
	if g.next == g.PerPage() {
		g.page()
		g.next = 0
	}
	x, y = g.place(g.next)
	g.next++
	return x, y
}

// cropMarks draws short lines outside the cards along which a paper cutter goes.
func (g *grid) cropMarks() {
	const length, away = 5.0, 2.0
	right, bottom := g.place(g.PerPage() - 1)
	right, bottom = right+g.Width, bottom+g.Height
	for c := range g.Columns {
		for _, x := range []float64{g.Left + float64(c)*(g.Width+g.GapX), g.Left + float64(c)*(g.Width+g.GapX) + g.Width} {
			g.rule(x, g.Top-away-length, x, g.Top-away, line)
			g.rule(x, bottom+away, x, bottom+away+length, line)
		}
	}
	for r := range g.Rows {
		for _, y := range []float64{g.Top + float64(r)*(g.Height+g.GapY), g.Top + float64(r)*(g.Height+g.GapY) + g.Height} {
			g.rule(g.Left-away-length, y, g.Left-away, y, line)
			g.rule(right+away, y, right+away+length, y, line)
		}
	}
}
