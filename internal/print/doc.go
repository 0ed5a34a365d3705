// Package print makes the papers of a school library as PDF: cards, labels, slips, receipts and lists.
// Lengths are millimetres from the top left corner of the paper; type sizes are points.
// The same input gives the same bytes.
package print

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Paper is a size of paper, used upright.
type Paper string

const (
	Letter Paper = "letter" // 215.9 × 279.4 mm
	A4     Paper = "a4"     // 210 × 297 mm
)

func (p Paper) size() (width, height float64) {
	if p == A4 {
		return 210, 297
	}
	return 215.9, 279.4
}

// color is 0xRRGGBB.
type color uint32

// The colours of the screens that also work on paper.
const (
	ink      color = 0x0C4A66
	inkSoft  color = 0x8DA9B7
	text     color = 0x15242B
	textSoft color = 0x4C5C64
	line     color = 0xC9D3CF
	marigold color = 0xF5B320
	white    color = 0xFFFFFF
	black    color = 0x000000
)

func (c color) parts() (r, g, b int) { return int(c >> 16 & 0xFF), int(c >> 8 & 0xFF), int(c & 0xFF) }

// document is a PDF being drawn.
type document struct {
	pdf           *fpdf.Fpdf
	width, height float64
	adjust        Adjust
	warn          func(Warning) // may be nil
	told          map[Warning]bool
}

func newDocument(paper Paper, title string, at time.Time) *document {
	width, height := paper.size()
	return newDocumentOf(width, height, title, at)
}

func newDocumentOf(width, height float64, title string, at time.Time) *document {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetProducer("Carrel", true)
	pdf.SetTitle(title, true)
	return &document{pdf: pdf, width: width, height: height, told: map[Warning]bool{}}
}

// page begins a page.
func (d *document) page() {
	d.pdf.AddPage()
	if d.adjust != (Adjust{}) {
		d.pdf.RawWriteStr(d.adjust.matrix(d.height))
	}
}

func (d *document) write(w io.Writer) error {
	if d.pdf.PageCount() == 0 {
		d.page() // a PDF without pages opens nowhere
	}
	if err := d.pdf.Output(w); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func (d *document) fill(c color)   { d.pdf.SetFillColor(c.parts()) }
func (d *document) stroke(c color) { d.pdf.SetDrawColor(c.parts()) }

// rect fills a rectangle, its corners rounded by radius.
func (d *document) rect(x, y, w, h, radius float64, c color) {
	d.fill(c)
	if radius == 0 {
		d.pdf.Rect(x, y, w, h, "F")
		return
	}
	d.pdf.RoundedRect(x, y, w, h, radius, "1234", "F")
}

// rule draws a thin line; dashes are the lengths of strokes and gaps, none for a solid line.
func (d *document) rule(x1, y1, x2, y2 float64, c color, dashes ...float64) {
	d.stroke(c)
	d.pdf.SetLineWidth(0.2)
	d.pdf.SetDashPattern(dashes, 0)
	d.pdf.Line(x1, y1, x2, y2)
	d.pdf.SetDashPattern(nil, 0)
}

// text draws one line whose baseline begins at x, y and returns its width.
func (d *document) text(x, y float64, s string, in style, size float64, c color) float64 {
	d.pdf.SetTextColor(c.parts())
	start := x
	for _, one := range layOut(s, in) {
		if one.font == "" {
			d.tell(Warning{NoGlyph, s, one.text})
			d.box(x, y, size*mmPerPoint, c)
			x += one.em * size * mmPerPoint
			continue
		}
		d.pdf.AddUTF8FontFromBytes(one.font, "", faceOf(one.font).data) // nothing when it is there already
		d.pdf.SetFont(one.font, "", size)
		d.pdf.Text(x, y, one.text)
		x += one.em * size * mmPerPoint
	}
	return x - start
}

// box stands for a character that no font has, so that it is seen to be missing.
func (d *document) box(x, baseline, em float64, c color) {
	d.stroke(c)
	d.pdf.SetLineWidth(em / 14)
	d.pdf.Rect(x+0.06*em, baseline-0.7*em, (boxWidth-0.12)*em, 0.7*em, "D")
}

// centered draws one line around x.
func (d *document) centered(x, y float64, s string, in style, size float64, c color) {
	d.text(x-textWidth(s, in, size)/2, y, s, in, size, c)
}

// block draws wrapped text from the baseline y down, right-aligned in right-to-left scripts, and
// returns the baseline after it.
func (d *document) block(x, y, width float64, lines []string, in style, size, leading float64, c color) float64 {
	right := startsRight(strings.Join(lines, " "))
	for _, one := range lines {
		left := x
		if right {
			left += width - textWidth(one, in, size)
		}
		d.text(left, y, one, in, size, c)
		y += leading
	}
	return y
}

// logo draws the mark of Carrel, a book on a reading desk, in a square.
func (d *document) logo(x, y, size float64, post, board color) {
	u := size / 40
	d.rect(x+5*u, y+6*u, 5*u, 28*u, 0, post)
	d.rect(x+30*u, y+6*u, 5*u, 28*u, 0, post)
	d.rect(x+5*u, y+24*u, 30*u, 4.5*u, 0, board)
	d.fill(marigold)
	d.pdf.MoveTo(x+20*u, y+11.5*u)
	d.pdf.CurveBezierCubicTo(x+18*u, y+10.1*u, x+15.4*u, y+9.7*u, x+12.5*u, y+10*u)
	d.pdf.LineTo(x+12.5*u, y+20.5*u)
	d.pdf.CurveBezierCubicTo(x+15.4*u, y+20.2*u, x+18*u, y+20.6*u, x+20*u, y+22*u)
	d.pdf.CurveBezierCubicTo(x+22*u, y+20.6*u, x+24.6*u, y+20.2*u, x+27.5*u, y+20.5*u)
	d.pdf.LineTo(x+27.5*u, y+10*u)
	d.pdf.CurveBezierCubicTo(x+24.6*u, y+9.7*u, x+22*u, y+10.1*u, x+20*u, y+11.5*u)
	d.pdf.ClosePath()
	d.pdf.DrawPath("F")
}
