package print

import (
	"fmt"
	"io"
	"time"
)

// PurchaseOrder is an order to a vendor, on as many pages as its lines take. All that is said on it comes as it is to be read.
type PurchaseOrder struct {
	At      time.Time // written into the file as its date
	Paper   Paper
	School  string
	Heading string      // "Purchase order"
	Number  string      // large beside the heading, and on every page
	Facts   [][2]string // what it is about: a name and a value, such as the day
	Parties []Party     // side by side under them
	Columns [6]string   // the headings: number of the line, what, ISBN, pieces, price, amount
	Lines   [][6]string
	Sums    [][2]string // under the amounts; the last is the total
	Note    string
	Sign    string // under a line to sign on
	Pages   string // of page and pages, in the words of fmt
	Warn    func(Warning)
}

// Party is somebody an order is between, or where it goes.
type Party struct {
	Heading string
	Lines   []string
}

const (
	orderMargin = 16.0
	orderSize   = 9.5
	orderLead   = 4.3
)

// orderColumns are the right edges of numbers and the left edges of texts, as shares of the width; right columns are counted from the last.
var orderColumns = [6]struct {
	from, to float64
	right    bool
}{{0, 0.05, true}, {0.065, 0.52, false}, {0.53, 0.70, false}, {0.70, 0.76, true}, {0.76, 0.88, true}, {0.88, 1, true}}

// Orders writes the order as PDF. What a line is called is wrapped, never cut.
func Orders(w io.Writer, o PurchaseOrder) error {
	d := newDocument(o.Paper, o.Heading+" "+o.Number, o.At)
	d.warn = o.Warn
	p := &orderPages{document: d, order: o}
	p.fill()
	p.pages = p.page
	p.draw = true
	p.fill()
	return d.write(w)
}

// orderPages sets an order twice: first to know how many pages there will be, then to draw them.
type orderPages struct {
	*document
	order       PurchaseOrder
	draw        bool
	page, pages int
	y           float64
}

func (p *orderPages) bottom() float64 { return p.height - 18 }

func (p *orderPages) fill() {
	p.page = 0
	p.begin()
	for _, line := range p.order.Lines {
		p.line(line)
	}
	p.sums()
	p.close()
}

// begin starts a page: the first with who orders from whom, each with the headings of the lines.
func (p *orderPages) begin() {
	p.page++
	if p.draw {
		p.document.page()
		p.head()
	}
	p.y = 32
	if p.page == 1 {
		p.facts()
		p.parties()
	}
	for i, heading := range p.order.Columns {
		p.cell(i, heading, bold, 8.5, textSoft)
	}
	p.y += 2
	p.draws(func() { p.rule(orderMargin, p.y, p.width-orderMargin, p.y, textSoft) })
	p.y += orderLead + 0.6
}

func (p *orderPages) head() {
	room := p.width - 2*orderMargin
	p.logo(orderMargin-0.8, 11, 9, inkSoft, ink)
	p.document.line(orderMargin+10, 16, room*0.6-10, p.order.Heading, bold, 15, 9, ink)
	p.document.line(orderMargin+10, 21.5, room*0.6-10, p.order.School, regular, 10, 7, textSoft)
	number, size := p.fit(p.order.Number, bold, 18, 9, room*0.38)
	p.text(p.width-orderMargin-textWidth(number, bold, size), 18, number, bold, size, text)
	p.centered(p.width/2, p.height-8, fmt.Sprintf(p.order.Pages, p.page, p.pages), regular, 8, textSoft)
}

// draws does what is drawn, on the second time only.
func (p *orderPages) draws(draw func()) {
	if p.draw {
		draw()
	}
}

func (p *orderPages) facts() {
	room := p.width - 2*orderMargin
	for i, fact := range p.order.Facts {
		x, y := orderMargin+room/2*float64(i%2), p.y+float64(i/2)*5
		p.draws(func() {
			p.document.line(x, y, 30, fact[0], regular, 8.5, 6, textSoft)
			p.document.line(x+32, y, room/2-34, fact[1], bold, orderSize, 6, text)
		})
	}
	p.y += float64((len(p.order.Facts)+1)/2)*5 + 3
}

// parties stand side by side, as tall as the tallest.
func (p *orderPages) parties() {
	if len(p.order.Parties) == 0 {
		return
	}
	width, tallest := (p.width-2*orderMargin)/float64(len(p.order.Parties)), 0
	for i, party := range p.order.Parties {
		var lines []string
		for _, one := range party.Lines {
			lines = append(lines, wrap(one, regular, orderSize, width-5)...)
		}
		tallest = max(tallest, len(lines))
		x, y := orderMargin+width*float64(i), p.y
		p.draws(func() {
			p.document.line(x, y, width-5, party.Heading, bold, 8.5, 6, textSoft)
			p.block(x, y+5, width-5, lines, regular, orderSize, orderLead, text)
		})
	}
	p.y += 5 + float64(tallest)*orderLead + 6
}

// cell draws one cell of a line at the height of the pen.
func (p *orderPages) cell(column int, s string, in style, size float64, c color) {
	if !p.draw || s == "" {
		return
	}
	room, place := p.width-2*orderMargin, orderColumns[column]
	x, width := orderMargin+room*place.from, room*(place.to-place.from)
	if !place.right {
		p.document.line(x, p.y, width, s, in, size, 6, c)
		return
	}
	short, size := p.fit(s, in, size, 6, width)
	p.text(x+width-textWidth(short, in, size), p.y, short, in, size, c)
}

func (p *orderPages) line(cells [6]string) {
	place := orderColumns[1]
	names := wrap(cells[1], regular, orderSize, (p.width-2*orderMargin)*(place.to-place.from))
	if p.y+float64(max(len(names), 1)-1)*orderLead > p.bottom() {
		p.begin()
	}
	for i, cell := range cells {
		if i != 1 {
			p.cell(i, cell, regular, orderSize, text)
		}
	}
	for i, name := range names {
		if i > 0 {
			p.y += orderLead
			if p.y > p.bottom() {
				p.begin()
			}
		}
		p.cell(1, name, regular, orderSize, text)
	}
	p.y += 1.8
	p.draws(func() { p.rule(orderMargin, p.y, p.width-orderMargin, p.y, line) })
	p.y += orderLead + 0.2
}

// sums stand together, never parted by the end of a page.
func (p *orderPages) sums() {
	if p.y+float64(len(p.order.Sums))*5 > p.bottom() {
		p.begin()
	}
	for i, sum := range p.order.Sums {
		look, size := regular, orderSize
		if i == len(p.order.Sums)-1 {
			look, size = bold, 11
		}
		p.y++
		p.draws(func() {
			right := p.width - orderMargin - (p.width-2*orderMargin)*0.16
			p.text(right-textWidth(sum[0], look, size), p.y, sum[0], look, size, text)
			p.text(p.width-orderMargin-textWidth(sum[1], look, size), p.y, sum[1], look, size, text)
		})
		p.y += orderLead + 0.2
	}
}

// close ends the order with its note and the line to sign on.
func (p *orderPages) close() {
	notes := wrap(p.order.Note, regular, orderSize, p.width-2*orderMargin)
	p.y += 4
	if p.order.Note != "" {
		for _, note := range notes {
			if p.y > p.bottom() {
				p.begin()
			}
			p.draws(func() { p.text(orderMargin, p.y, note, regular, orderSize, text) })
			p.y += orderLead
		}
	}
	if p.order.Sign == "" {
		return
	}
	if p.y += 14; p.y+5 > p.bottom() {
		p.begin()
		p.y += 14
	}
	p.draws(func() {
		p.rule(orderMargin, p.y, orderMargin+75, p.y, textSoft)
		p.text(orderMargin, p.y+4, p.order.Sign, regular, 8.5, textSoft)
	})
}
