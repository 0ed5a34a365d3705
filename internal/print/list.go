package print

import (
	"fmt"
	"io"
	"time"
)

// List is a table on as many pages as it takes, such as what to fetch from the shelves.
type List struct {
	At      time.Time // written into the file as its date
	Paper   Paper
	School  string
	Heading string
	Note    string // under the heading, such as the day
	Tick    bool   // a box to tick begins each row
	Columns []Column
	Groups  []Group
	Empty   string // said when there are no rows
	Pages   string // of page and pages, in the words of fmt: "%d / %d"; empty for that
	Warn    func(Warning)
}

// Column is a column of a list; the shares of all are of the width of the page.
type Column struct {
	Heading string
	Share   float64
	Strong  bool
}

// Group is rows under a name of their own, such as those of a homeroom; they begin a page if NewPage is set.
type Group struct {
	Name    string
	NewPage bool
	Rows    [][]string // one cell a column
}

const (
	listMargin = 15.0
	listSize   = 9.5
	listLead   = 4.3
	listGap    = 3.0 // between columns
	tickSide   = 3.2
)

// Lists writes the list as PDF. Cells are wrapped, never cut; a row taller than a page goes on on the next.
func Lists(w io.Writer, l List) error {
	d := newDocument(l.Paper, l.Heading, l.At)
	d.warn = l.Warn
	p := &listPages{document: d, list: l}
	p.pages = p.count()
	p.draw = true
	p.fill()
	return d.write(w)
}

// listPages sets a list twice: first to know how many pages there will be, then to draw them.
type listPages struct {
	*document
	list        List
	draw        bool
	page, pages int
	y           float64 // baseline of the next row
}

func (p *listPages) count() int {
	p.fill()
	return p.page
}

func (p *listPages) fill() {
	p.page = 0
	p.begin()
	rows := 0
	for i, group := range p.list.Groups {
		if group.NewPage && i > 0 {
			p.begin()
		}
		p.groupName(group)
		for _, row := range group.Rows {
			p.row(row)
			rows++
		}
	}
	if rows == 0 && p.draw {
		p.text(listMargin, p.y, p.list.Empty, regular, listSize+1, textSoft)
	}
}

func (p *listPages) bottom() float64 { return p.height - 16 }

// begin starts a page with the headings.
func (p *listPages) begin() {
	p.page++
	p.y = 40
	if !p.draw {
		return
	}
	p.document.page()
	room := p.width - 2*listMargin
	p.logo(listMargin-0.8, 11, 8, inkSoft, ink)
	p.line(listMargin+9, 17, room*0.65-9, p.list.Heading, bold, 15, 9, ink)
	p.line(listMargin+9, 22.5, room*0.65-9, p.list.Note, regular, 10, 7, textSoft)
	school, size := p.fit(p.list.School, book, 10, 7, room*0.33)
	p.text(p.width-listMargin-textWidth(school, book, size), 17, school, book, size, textSoft)
	form := p.list.Pages
	if form == "" {
		form = "%d / %d"
	}
	p.centered(p.width/2, p.height-8, fmt.Sprintf(form, p.page, p.pages), regular, 8, textSoft)
	p.eachColumn(func(i int, x, width float64) {
		p.line(x, 33, width, p.list.Columns[i].Heading, regular, 8.5, 6, textSoft)
	})
	p.rule(listMargin, 35, p.width-listMargin, 35, textSoft)
}

// eachColumn gives each column its place.
func (p *listPages) eachColumn(do func(i int, x, width float64)) {
	x, room := listMargin, p.width-2*listMargin
	if p.list.Tick {
		x, room = x+tickSide+2, room-tickSide-2
	}
	total := 0.0
	for _, column := range p.list.Columns {
		total += column.Share
	}
	for i, column := range p.list.Columns {
		width := room * column.Share / total
		do(i, x, width-listGap)
		x += width
	}
}

// groupName heads a group, never alone at the foot of a page.
func (p *listPages) groupName(group Group) {
	if group.Name == "" {
		return
	}
	if p.y+3*listLead > p.bottom() {
		p.begin()
	}
	p.y += 1.5
	if p.draw {
		p.line(listMargin, p.y, p.width-2*listMargin, group.Name, bold, listSize+1.5, 8, ink)
	}
	p.y += listLead + 1
}

func (p *listPages) row(cells []string) {
	wrapped := make([][]string, len(p.list.Columns))
	tallest := 1
	p.eachColumn(func(i int, _, width float64) {
		if i < len(cells) {
			wrapped[i] = wrap(cells[i], p.look(i), listSize, width)
			tallest = max(tallest, len(wrapped[i]))
		}
	})
	if p.y+float64(tallest-1)*listLead > p.bottom() && p.y > 40 {
		p.begin()
	}
	p.tick()
	for at := range tallest {
		if p.y > p.bottom() {
			p.begin()
		}
		p.cells(wrapped, at)
		p.y += listLead
	}
	if p.draw {
		p.rule(listMargin, p.y-2.6, p.width-listMargin, p.y-2.6, line)
	}
	p.y += 1.6
}

func (p *listPages) look(column int) style {
	if p.list.Columns[column].Strong {
		return bold
	}
	return regular
}

func (p *listPages) tick() {
	if !p.draw || !p.list.Tick {
		return
	}
	p.stroke(textSoft)
	p.pdf.SetLineWidth(0.25)
	p.pdf.Rect(listMargin, p.y-tickSide+0.4, tickSide, tickSide, "D")
}

// cells draws one line of each cell of a row.
func (p *listPages) cells(wrapped [][]string, at int) {
	if !p.draw {
		return
	}
	p.eachColumn(func(i int, x, _ float64) {
		if at < len(wrapped[i]) {
			p.text(x, p.y, wrapped[i][at], p.look(i), listSize, text)
		}
	})
}
