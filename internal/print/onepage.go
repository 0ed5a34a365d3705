package print

import (
	"io"
	"math"
	"time"
)

// OnePage is a report on one sheet: a sentence, a few large numbers, and sections in two columns. Its type is as large as all of it fits the page.
type OnePage struct {
	At       time.Time // written into the file as its date
	Paper    Paper
	Title    string
	Under    string // school and days
	Sentence string
	Tiles    []PageTile
	Sections []PageSection // row by row
	Foot     string
	Made     string
	Warn     func(Warning)
}

// PageTile is one large number.
type PageTile struct{ Value, Label, Note string }

// PageSection is a part of the page. Those of one row stand beside each other, on the left or the right; a wide one takes all of its row.
type PageSection struct {
	Title   string
	Lead    string
	Row     int
	Right   bool
	Wide    bool
	Columns []PageColumn
	Rows    [][]string
	Strong  bool // the last row is the sum
	Bars    []PageBar
	Was     string // what the bars before and after are called
	Now     string
	Note    string
}

// PageColumn is a column of numbers or words; Wide is for words that need room.
type PageColumn struct {
	Heading string
	Right   bool
	Wide    bool
}

// PageBar is a share before and after, 0 to 1.
type PageBar struct {
	Label             string
	Before, After     float64
	WasText, NowText  string
	NoBefore, NoAfter bool
}

const (
	pageMargin  = 14.3
	pageGutter  = 8.5
	pageFoot    = 18.0 // of two lines
	footSize    = 8.0
	leastScale  = 0.62
	pageText    = 9.75 // points at full scale
	barInk      = color(0x1B6E3C)
	barBefore   = color(0x8B9AA3)
	sentenceBar = 1.1
)

// OnePages writes the report as PDF.
func OnePages(w io.Writer, report OnePage) error {
	d := newDocument(report.Paper, report.Title, report.At)
	d.warn = report.Warn
	p := &onePage{document: d, report: report, scale: 1}
	for p.set(); p.y > p.height-pageFoot && p.scale > leastScale; p.set() {
		p.scale -= 0.02
	}
	d.page()
	p.draw = true
	p.set()
	p.foot()
	return d.write(w)
}

type onePage struct {
	*document
	report OnePage
	scale  float64
	draw   bool
	y      float64
}

func (p *onePage) width2() float64        { return (p.width - 2*pageMargin - pageGutter) / 2 }
func (p *onePage) pt(n float64) float64   { return n * p.scale }
func (p *onePage) lead(n float64) float64 { return p.pt(n) * mmPerPoint * 1.42 }

// set lays the page out, and draws it once the scale is found.
func (p *onePage) set() {
	p.y = 12
	p.head()
	p.tiles()
	for at := 0; at < len(p.report.Sections); {
		at = p.row(at)
	}
}

func (p *onePage) head() {
	mark := p.pt(14)
	if p.draw {
		p.logo(pageMargin-1, p.y-1, mark*0.85, inkSoft, ink)
	}
	left, room := pageMargin+mark+1, p.width-2*pageMargin-mark-1
	if p.draw {
		p.line(left, p.y+p.pt(6.4), room, p.report.Title, book, p.pt(22), 10, text)
		p.line(left, p.y+p.pt(12), room, p.report.Under, regular, p.pt(9.75), 6, textSoft)
	}
	p.y += p.pt(18)
	size := p.pt(12.5)
	lines := wrap(p.report.Sentence, book, size, p.width-2*pageMargin-6)
	tall := float64(len(lines)) * p.lead(12.5)
	if p.draw && len(lines) > 0 {
		p.rect(pageMargin, p.y, sentenceBar, tall+p.pt(1), 0, marigold)
		p.block(pageMargin+5, p.y+p.lead(12.5)*0.75, p.width-2*pageMargin-6, lines, book, size, p.lead(12.5), text)
	}
	p.y += tall + p.pt(5)
}

func (p *onePage) tiles() {
	if len(p.report.Tiles) == 0 {
		return
	}
	tall := p.pt(24)
	if p.draw {
		p.rect(pageMargin, p.y, p.width-2*pageMargin, 0.7, 0, text)
		wide := (p.width - 2*pageMargin) / float64(len(p.report.Tiles))
		for i, tile := range p.report.Tiles {
			x, room := pageMargin+float64(i)*wide, wide-6
			if i > 0 {
				p.rule(x, p.y, x, p.y+tall, line)
				x += 3.5
			}
			p.line(x, p.y+p.pt(10.5), room, tile.Value, bold, p.pt(25), 9, text)
			p.line(x, p.y+p.pt(16.3), room, tile.Label, regular, p.pt(pageText), 5, text)
			p.line(x, p.y+p.pt(21), room, tile.Note, regular, p.pt(pageText), 5, textSoft)
		}
		p.rule(pageMargin, p.y+tall, p.width-pageMargin, p.y+tall, line)
	}
	p.y += tall + p.pt(5)
}

// row sets the sections that stand beside each other, and returns where the next row begins.
func (p *onePage) row(at int) int {
	left, right := p.y, p.y
	row := p.report.Sections[at].Row
	for ; at < len(p.report.Sections) && p.report.Sections[at].Row == row; at++ {
		section := p.report.Sections[at]
		switch {
		case section.Wide:
			p.y = max(left, right)
			p.section(section, pageMargin, p.width-2*pageMargin)
			left, right = p.y, p.y
		case section.Right:
			p.y = right
			p.section(section, pageMargin+p.width2()+pageGutter, p.width2())
			right = p.y
		default:
			p.y = left
			p.section(section, pageMargin, p.width2())
			left = p.y
		}
	}
	p.y = max(left, right)
	return at
}

func (p *onePage) section(s PageSection, x, width float64) {
	p.y += p.pt(5)
	if p.draw {
		p.line(x, p.y, width, s.Title, book, p.pt(14), 8, text)
	}
	p.y += p.pt(6)
	p.words(s.Lead, x, width, textSoft)
	p.key(s, x)
	for _, bar := range s.Bars {
		p.bar(bar, x, width)
	}
	p.table(s, x, width)
	p.words(s.Note, x, width, textSoft)
	p.y += p.pt(2.5)
}

func (p *onePage) words(words string, x, width float64, c color) {
	if words == "" {
		return
	}
	lines := wrap(words, regular, p.pt(pageText), width)
	if p.draw {
		p.block(x, p.y, width, lines, regular, p.pt(pageText), p.lead(pageText), c)
	}
	p.y += float64(len(lines))*p.lead(pageText) + p.pt(0.8)
}

// key says which bar is which.
func (p *onePage) key(s PageSection, x float64) {
	if len(s.Bars) == 0 || s.Was == "" {
		return
	}
	side := p.pt(3)
	if p.draw {
		p.rect(x, p.y-side, side, side, 0.4, barBefore)
		x += side + 1 + p.text(x+side+1, p.y-p.pt(0.5), s.Was, regular, p.pt(pageText), textSoft) + 3
		p.rect(x, p.y-side, side, side, 0.4, barInk)
		p.text(x+side+1, p.y-p.pt(0.5), s.Now, regular, p.pt(pageText), textSoft)
	}
	p.y += p.lead(pageText) + p.pt(0.8)
}

// bar draws a share before above the one after, with their numbers.
func (p *onePage) bar(bar PageBar, x, width float64) {
	if p.draw {
		p.line(x, p.y, width, bar.Label, regular, p.pt(pageText), 6, text)
	}
	p.y += p.pt(1.6)
	long := width * 0.84
	for _, one := range []struct {
		share float64
		words string
		tall  float64
		c     color
		in    style
		skip  bool
	}{{bar.Before, bar.WasText, 3, barBefore, regular, bar.NoBefore}, {bar.After, bar.NowText, 3.8, barInk, bold, bar.NoAfter}} {
		tall := p.pt(one.tall)
		if p.draw && !one.skip {
			wide := max(long*math.Max(0, math.Min(1, one.share)), 0.4)
			p.rect(x, p.y, wide, tall, 0.4, one.c)
			p.text(x+wide+1.6, p.y+tall*0.86, one.words, one.in, p.pt(9), text)
		}
		p.y += tall + p.pt(0.4)
	}
	p.y += p.pt(4.4)
}

func (p *onePage) table(s PageSection, x, width float64) {
	if len(s.Rows) == 0 {
		return
	}
	cell := p.lead(pageText) * 1.36
	heads := false
	for _, column := range s.Columns {
		heads = heads || column.Heading != ""
	}
	if heads {
		p.cells(s, x, width, func(i int) (string, style, color) { return s.Columns[i].Heading, bold, textSoft })
		p.y += cell
	}
	for n, row := range s.Rows {
		in := regular
		if s.Strong && n == len(s.Rows)-1 {
			in = bold
		}
		p.cells(s, x, width, func(i int) (string, style, color) {
			if i >= len(row) {
				return "", in, text
			}
			return row[i], in, text
		})
		p.y += cell
	}
	p.y += p.pt(0.6)
}

// cells draws one row of a table with the line under it.
func (p *onePage) cells(s PageSection, x, width float64, cell func(i int) (string, style, color)) {
	if !p.draw {
		return
	}
	from := x
	for i, wide := range p.widths(s, width) {
		words, in, c := cell(i)
		words, size := p.fit(words, in, p.pt(pageText), 5, wide-1.5)
		at := from
		if s.Columns[i].Right {
			at = from + wide - textWidth(words, in, size)
		}
		p.text(at, p.y, words, in, size, c)
		from += wide
	}
	under := p.y + p.lead(pageText)*0.44
	p.rule(x, under, x+width, under, line)
}

// widths gives each column what its longest cell needs, and what is left to the wide ones, or to all if none is. Where that is too little they are all the same.
func (p *onePage) widths(s PageSection, width float64) []float64 {
	widths := make([]float64, len(s.Columns))
	left, wide := width, 0
	for i, column := range s.Columns {
		if column.Wide {
			wide++
			continue
		}
		widths[i] = textWidth(column.Heading, bold, p.pt(pageText)) + 3
		for _, row := range s.Rows {
			if i < len(row) {
				widths[i] = max(widths[i], textWidth(row[i], bold, p.pt(pageText))+3)
			}
		}
		left -= widths[i]
	}
	cramped := left < 0 || wide > 0 && left < width/4
	for i, column := range s.Columns {
		switch {
		case cramped:
			widths[i] = width / float64(len(widths))
		case column.Wide:
			widths[i] = left / float64(wide)
		case wide == 0:
			widths[i] += left / float64(len(widths))
		}
	}
	return widths
}

func (p *onePage) footLines() []string {
	return wrap(p.report.Foot, regular, footSize, p.width-2*pageMargin-textWidth(p.report.Made, regular, footSize)-6)
}

func (p *onePage) foot() {
	const lead = 3.6
	made := textWidth(p.report.Made, regular, footSize)
	lines := p.footLines()
	y := p.height - 8 - float64(len(lines)-1)*lead
	p.rule(pageMargin, y-4, p.width-pageMargin, y-4, line)
	p.block(pageMargin, y, p.width, lines, regular, footSize, lead, textSoft)
	p.text(p.width-pageMargin-made, y, p.report.Made, regular, footSize, textSoft)
}
