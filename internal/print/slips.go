package print

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// SlipSheet is a stack of notices on paper, three to a page.
//
// A slip has three panels. Folded inwards at the first line and back at the second, it shows nothing
// but the third, with the name and the homeroom.
type SlipSheet struct {
	At       time.Time // written into the file as its date
	Paper    Paper
	School   string        // heads each message
	FoldIn   string        // words at the first fold line, such as "1. Fold in"; may be empty
	FoldBack string        // words at the second fold line
	Slips    []Slip        // in the order in which they are handed out: each homeroom begins a page
	Warn     func(Warning) // hears what is not on the paper as it was given; may be nil
}

// Slip is the notice to one patron. All its words are the caller's, in the family's language and no
// more telling than the school wants.
type Slip struct {
	Name     string // outside
	Homeroom string // outside
	Heading  string
	Opening  string    // before the rows
	Rows     []SlipRow // what is due
	Closing  string    // behind the rows
}

// SlipRow is one line of a slip's list.
type SlipRow struct {
	Text string // a title, a kind of material, a count
	Note string // at the right: a date, an amount; may be empty
}

const (
	slipsPerPage = 3
	slipMarginX  = 12.0
	slipMarginY  = 8.0
	slipSize     = 10.5
	slipLeading  = 5.0
	noteSize     = 10.0
)

// Slips writes the stack as PDF. A message too long for one slip goes on on the next.
func Slips(w io.Writer, sheet SlipSheet) error {
	s := newSlipPages(sheet)
	for i, slip := range sheet.Slips {
		if sheet.begins(i) {
			s.place = slipsPerPage
		}
		s.slip(slip)
	}
	return s.write(w)
}

// SlipPages is how many pages Slips makes of the stack.
func SlipPages(sheet SlipSheet) (pages int) {
	s := newSlipPages(sheet)
	free := 0
	for i, slip := range sheet.Slips {
		if sheet.begins(i) {
			free = 0
		}
		for range s.spread(slip) {
			if free == 0 {
				pages++
				free = slipsPerPage
			}
			free--
		}
	}
	return pages
}

// begins tells whether a slip is the first of its homeroom.
func (sheet SlipSheet) begins(i int) bool {
	return i > 0 && sheet.Slips[i].Homeroom != sheet.Slips[i-1].Homeroom
}

func newSlipPages(sheet SlipSheet) *slipPages {
	d := newDocument(sheet.Paper, sheet.School, sheet.At)
	d.warn = sheet.Warn
	return &slipPages{document: d, sheet: sheet, place: slipsPerPage, panel: d.width / 3, height: d.height / slipsPerPage}
}

// slipPages places slips on pages.
type slipPages struct {
	*document
	sheet         SlipSheet
	place         int // the next free place of the page; slipsPerPage when it is full
	panel, height float64
}

// part is something of a message that stays on one slip.
type part struct {
	lines  []string
	in     style
	size   float64
	lead   float64 // from line to line
	before float64 // space above, unless it is the first of its slip
	note   string
	rule   bool // a line above
}

func (p part) height() float64 { return float64(len(p.lines)) * p.lead }

// spread lays the message on one slip, in smaller type if need be, or on as many as it takes.
func (s *slipPages) spread(slip Slip) [][]part {
	pages := s.paginate(s.parts(slip, 1))
	for _, scale := range []float64{0.93, 0.86} {
		if len(pages) > 1 {
			if smaller := s.paginate(s.parts(slip, scale)); len(smaller) == 1 {
				pages = smaller
			}
		}
	}
	return pages
}

// slip draws the message.
func (s *slipPages) slip(slip Slip) {
	pages := s.spread(slip)
	for i, parts := range pages {
		count := ""
		if len(pages) > 1 {
			count = fmt.Sprintf("%d / %d", i+1, len(pages))
		}
		y := s.next()
		s.outside(y, slip)
		s.message(y, parts, count)
	}
}

// next goes to the next free place and returns its top.
func (s *slipPages) next() float64 {
	if s.place == slipsPerPage {
		s.page()
		s.place = 0
		for i := 1; i < slipsPerPage; i++ {
			s.rule(0, float64(i)*s.height, s.width, float64(i)*s.height, textSoft, 1.5, 1.5)
		}
	}
	y := float64(s.place) * s.height
	s.place++
	return y
}

// room is the width of a message.
func (s *slipPages) room() float64 { return 2*s.panel - 2*slipMarginX }

func (s *slipPages) parts(slip Slip, scale float64) []part {
	var parts []part
	add := func(words string, p part, width float64) {
		p.size, p.lead, p.before = p.size*scale, p.lead*scale, p.before*scale
		if p.lines = wrap(words, p.in, p.size, width); len(p.lines) > 0 {
			parts = append(parts, p)
		}
	}
	add(slip.Heading, part{in: bold, size: 14, lead: 6.2}, s.room())
	add(slip.Opening, part{in: regular, size: slipSize, lead: slipLeading, before: 1.5}, s.room())
	for _, row := range slip.Rows {
		width := s.room() - 4
		if row.Note != "" {
			width -= textWidth(row.Note, regular, noteSize) + 4
		}
		add(row.Text, part{in: bold, size: slipSize, lead: slipLeading, before: 3, note: row.Note, rule: true}, width)
	}
	add(slip.Closing, part{in: regular, size: slipSize, lead: slipLeading, before: 3}, s.room())
	return parts
}

// paginate fills slips with parts in order.
func (s *slipPages) paginate(parts []part) [][]part {
	free := s.messageBottom() - s.messageTop()
	pages := [][]part{nil}
	used := 0.0
	for _, p := range parts {
		last := len(pages) - 1
		for used+p.before+p.height() > free {
			fitting := max(int((free-used-p.before)/p.lead), 0)
			if len(pages[last]) == 0 || fitting >= 4 { // too long for any slip, or long enough to be split
				fitting = max(fitting, 1)
				head := p
				head.lines, p.lines = p.lines[:fitting], p.lines[fitting:]
				p.note, p.rule = "", false
				pages[last] = append(pages[last], head)
			}
			pages = append(pages, nil)
			last++
			used = 0
		}
		pages[last] = append(pages[last], p)
		used += p.before + p.height()
	}
	return pages
}

func (s *slipPages) messageTop() float64    { return slipMarginY + 13.5 }
func (s *slipPages) messageBottom() float64 { return s.height - 4 }

// message draws the two inner panels.
func (s *slipPages) message(top float64, parts []part, count string) {
	s.logo(slipMarginX-0.8, top+slipMarginY-2, 7, inkSoft, ink)
	school, size := s.fit(s.sheet.School, book, 11, 8, s.room()-30)
	s.text(slipMarginX+8, top+slipMarginY+2.8, school, book, size, ink)
	if count != "" {
		s.text(slipMarginX+s.room()-textWidth(count, regular, 9), top+slipMarginY+2.8, count, regular, 9, textSoft)
	}
	y := top + s.messageTop()
	for i, p := range parts {
		if i > 0 {
			y += p.before
		}
		y = s.part(y, p)
	}
}

func (s *slipPages) part(y float64, p part) float64 {
	right := slipMarginX + s.room()
	if p.rule {
		s.rule(slipMarginX, y-p.lead, right, y-p.lead, line)
	}
	if p.note != "" {
		s.text(right-textWidth(p.note, regular, noteSize), y, p.note, regular, noteSize, text)
	}
	width := s.room()
	if p.note != "" {
		width -= textWidth(p.note, regular, noteSize) + 4
	}
	return s.block(slipMarginX, y, width, p.lines, p.in, p.size, p.lead, text)
}

// outside draws the panel that shows when the slip is folded, and the fold lines.
func (s *slipPages) outside(top float64, slip Slip) {
	for i, words := range []string{s.sheet.FoldIn, s.sheet.FoldBack} {
		x := float64(i+1) * s.panel
		// The message runs across the first line, which is therefore only hinted at.
		s.rule(x, top+1.5, x, top+5, textSoft, 1, 0.7)
		s.rule(x, top+s.height-5, x, top+s.height-1.5, textSoft, 1, 0.7)
		if i == 1 {
			s.rule(x, top+7, x, top+s.height-7, line, 1, 1.4)
		}
		s.text(x-1.5-textWidth(words, regular, 7), top+s.height-3, words, regular, 7, textSoft)
	}
	center := 2.5 * s.panel
	room := s.panel - 14
	homeroom, size := s.fit(slip.Homeroom, bold, 26, 11, room)
	s.centered(center, top+s.height*0.42, homeroom, bold, size, ink)
	s.rule(center-9, top+s.height*0.42+5, center+9, top+s.height*0.42+5, marigold)
	name, size := fit(slip.Name, bold, 17, 12, room)
	if name == slip.Name {
		s.centered(center, top+s.height*0.42+14, name, bold, size, text)
		return
	}
	const most, lead = 6, 5.5 // more lines would run into the slip below
	lines := wrap(slip.Name, bold, 12, room)
	if len(lines) > most {
		lines = append(lines[:most-1], strings.Join(lines[most-1:], " "))
	}
	y := top + s.height*0.42 + 13
	for _, one := range lines {
		s.lineCentered(center, y, room, one, bold, 12, 12, text)
		y += lead
	}
}
