package print

import (
	"fmt"
	"io"
	"time"
)

// ClassSheet is a stack of pages for classes without cards: each page has the codes of a homeroom's children with their first names.
type ClassSheet struct {
	At      time.Time // written into the file as its date
	Paper   Paper
	Adjust  Adjust
	School  string
	Hint    string // a few words under the homeroom, such as "Scan me"
	Classes []Class
	Warn    func(Warning) // hears what is not on the paper as it was given; may be nil
}

// Class is a homeroom and its children; of a Card the token, first name and homeroom are used.
type Class struct {
	Homeroom string
	Cards    []Card
}

const (
	classColumns = 4
	classRows    = 5
	classQR      = 30.0
)

// Classes writes the pages as PDF. It fails on a token that no QR code can hold.
func Classes(w io.Writer, sheet ClassSheet) error {
	if err := sheet.Adjust.Check(); err != nil {
		return err
	}
	d := newDocument(sheet.Paper, sheet.School, sheet.At)
	d.adjust, d.warn = sheet.Adjust, sheet.Warn
	cells := classCells(sheet.Paper)
	for _, class := range sheet.Classes {
		for i, card := range class.Cards {
			if i%cells.PerPage() == 0 {
				d.page()
				d.classHeading(sheet, class)
			}
			x, y := cells.place(i % cells.PerPage())
			middle := x + cells.Width/2
			if err := d.qr(middle-classQR/2, y+4, classQR, card.Token); err != nil {
				return fmt.Errorf("%s, %d: %w", class.Homeroom, i+1, err)
			}
			d.lineCentered(middle, y+4+classQR+7, cells.Width-4, card.FirstName, bold, 14, 7, text)
		}
	}
	return d.write(w)
}

// classCells are the places of the children on their page.
func classCells(paper Paper) Sheet {
	width, height := paper.size()
	cells := Sheet{Paper: paper, Columns: classColumns, Rows: classRows, Left: 14, Top: 32}
	cells.Width, cells.Height = (width-2*cells.Left)/classColumns, (height-cells.Top-10)/classRows
	return cells
}

func (d *document) classHeading(sheet ClassSheet, class Class) {
	const left, baseline = 16.0, 19.0
	d.logo(left, baseline-8, 9, inkSoft, ink)
	half := d.width/2 - left
	d.line(left+11, baseline, half-11, class.Homeroom, bold, 20, 9, ink)
	d.line(left+11, baseline+7, half-11, sheet.Hint, regular, 10, 7, textSoft)
	school, size := d.fit(sheet.School, book, 12, 8, half-4)
	d.text(d.width-left-textWidth(school, book, size), baseline, school, book, size, textSoft)
}

// MarkerSheet is a stack of shelf markers: a child leaves one where a book was, and scans it at the kiosk.
type MarkerSheet struct {
	At     time.Time // written into the file as its date
	Paper  Paper
	Adjust Adjust
	School string
	Cards  []Card
	Warn   func(Warning) // hears what is not on the paper as it was given; may be nil
}

const (
	markerQR   = 28.0
	markerBand = 14.0
)

// Markers writes the sheets as PDF, four markers a page, each the same at both ends. It fails on a token that no QR code can hold.
func Markers(w io.Writer, sheet MarkerSheet) error {
	if err := sheet.Adjust.Check(); err != nil {
		return err
	}
	d := newDocument(sheet.Paper, sheet.School, sheet.At)
	d.adjust, d.warn = sheet.Adjust, sheet.Warn
	strips := Sheet{Paper: sheet.Paper, Columns: 4, Rows: 1, Width: 44, Height: 240, GapX: 4, Cut: true}
	strips.Left, strips.Top = (d.width-4*strips.Width-3*strips.GapX)/2, (d.height-strips.Height)/2
	g := d.onSheet(strips, 0)
	for i, card := range sheet.Cards {
		x, y := g.take()
		for _, end := range []float64{y, y + strips.Height/2} {
			if err := g.markerEnd(x, end, card, end == y); err != nil {
				return fmt.Errorf("marker %d: %w", i+1, err)
			}
		}
	}
	return d.write(w)
}

// markerEnd draws one half of a marker, with the band that sticks out of the shelf at its outer end.
func (g *grid) markerEnd(x, top float64, card Card, upper bool) error {
	middle, half := x+g.Width/2, g.Height/2
	band, name, code := top, top+markerBand+14, top+markerBand+32
	if !upper {
		band, name, code = top+half-markerBand, top+half-markerBand-18, top+half-markerBand-32-markerQR
	}
	g.rect(x, band, g.Width, markerBand, 0, ink)
	g.lineCentered(middle, band+markerBand/2+1.8, g.Width-6, card.Homeroom, bold, 15, 7, white)
	g.lineCentered(middle, name+4, g.Width-6, card.FirstName, bold, 20, 8, text)
	return g.qr(middle-markerQR/2, code, markerQR, card.Token)
}

// HoldSheet is a stack of slips that stick out of the books on the hold shelf.
type HoldSheet struct {
	At    time.Time // written into the file as its date
	Paper Paper
	Name  string // of the file
	Slips []HoldSlip
	Warn  func(Warning) // hears what is not on the paper as it was given; may be nil
}

// HoldSlip is the slip of one kept item. Everybody who passes sees it.
type HoldSlip struct {
	Name     string // as much of it as the school wants to be seen
	Homeroom string
	Lines    []string // such as until when it is kept
}

// HoldSlips writes the sheets as PDF, eight slips a page.
func HoldSlips(w io.Writer, sheet HoldSheet) error {
	d := newDocument(sheet.Paper, sheet.Name, sheet.At)
	d.warn = sheet.Warn
	strips := Sheet{Paper: sheet.Paper, Columns: 4, Rows: 2, Width: 44, Height: 120, GapX: 4, GapY: 4, Cut: true}
	strips.Left, strips.Top = (d.width-4*strips.Width-3*strips.GapX)/2, (d.height-2*strips.Height-strips.GapY)/2
	g := d.onSheet(strips, 0)
	for _, slip := range sheet.Slips {
		x, y := g.take()
		room := strips.Width - 6
		g.lineCentered(x+strips.Width/2, y+14, room, slip.Name, bold, 22, 8, text)
		g.lineCentered(x+strips.Width/2, y+23, room, slip.Homeroom, bold, 14, 8, ink)
		g.rule(x+3, y+28, x+strips.Width-3, y+28, line)
		y += 35
		for _, one := range slip.Lines {
			y = g.block(x+3, y, room, wrap(one, regular, 9, room), regular, 9, 4.2, text) + 2
		}
	}
	return d.write(w)
}
