package print

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Handout is a text that a class works on, or a teacher teaches from. It fits one page if it can: the type is as large as the page allows.
//
// Text has a few marks of Markdown: "# " a title, "## " a heading, "- " and "1. " items, "| a | b |" rows of a table whose first is its head unless it has
// places to mark, **bold** and
// *titles*. Three marks are our own: a line "___" to write on, also at the end of a sentence; a line "[ ]" for a box to draw in; "( )" for a place to mark.
type Handout struct {
	At    time.Time // written into the file as its date
	Paper Paper
	Name  string // of the file
	Foot  string // small, at the foot of each page
	Text  string
	Warn  func(Warning)
}

const (
	handoutMargin = 18.0
	handoutTop    = 24.0 // baseline of the first line
	handoutFoot   = 15.0
	handoutMost   = 13.0 // points
	handoutLeast  = 9.5
	handoutFlow   = 10.5 // of a text that needs more than a page
	handoutBox    = 38.0 // height of a box to draw in
	handoutWrite  = 8.5  // between two lines to write on
	leastBlank    = 30.0 // of a line to write on behind a sentence
)

// markPlace stands for "( )" while a text is set.
const markPlace = "\uE000"

// Handouts writes the text as PDF.
func Handouts(w io.Writer, h Handout) error {
	d := newDocument(h.Paper, h.Name, h.At)
	d.warn = h.Warn
	p := &handoutPages{document: d, handout: h, size: handoutMost}
	for p.set(); p.page > 1; p.set() {
		if p.size <= handoutLeast {
			p.size = handoutFlow
			p.set()
			break
		}
		p.size -= 0.25
	}
	p.pages, p.draw = p.page, true
	p.set()
	return d.write(w)
}

// handoutPages sets a handout: again and again to find the size of its type, and then once to draw it.
type handoutPages struct {
	*document
	handout     Handout
	size        float64
	draw        bool
	page, pages int
	y           float64 // baseline of the next line
}

func (p *handoutPages) lead() float64 { return p.size * mmPerPoint * 1.36 }

func (p *handoutPages) set() {
	p.page = 0
	p.begin()
	gap := true // a paragraph may begin here without a space above
	for row := range strings.SplitSeq(strings.TrimSpace(p.handout.Text), "\n") {
		row = strings.TrimSpace(row)
		switch {
		case row == "":
			if !gap {
				p.y += p.lead() * 0.45
			}
			gap = true
			continue
		case strings.HasPrefix(row, "# "):
			p.heading(row[2:], book, 1.75)
		case strings.HasPrefix(row, "## "):
			p.y += p.lead() * 0.3
			p.heading(row[3:], bold, 1.2)
		case row == "___":
			p.blank()
		case row == "[ ]":
			p.drawing()
		case strings.HasPrefix(row, "|"):
			p.tableRow(strings.Split(strings.Trim(row, "| "), "|"), gap && !strings.Contains(row, "( )"))
		default:
			mark, words := itemOf(row)
			p.paragraph(mark, words)
		}
		gap = false
	}
}

func (p *handoutPages) begin() {
	p.page++
	p.y = handoutTop
	if !p.draw {
		return
	}
	p.document.page()
	y := p.height - 8
	p.text(handoutMargin, y, p.handout.Foot, regular, 8, textSoft)
	if p.pages > 1 {
		of := fmt.Sprintf("%d / %d", p.page, p.pages)
		p.text(p.width-handoutMargin-textWidth(of, regular, 8), y, of, regular, 8, textSoft)
	}
}

// room begins a page if so much does not fit on this one.
func (p *handoutPages) room(height float64) {
	if p.y+height > p.height-handoutFoot && p.y > handoutTop {
		p.begin()
	}
}

func (p *handoutPages) heading(words string, in style, larger float64) {
	size := p.size * larger
	lead := size * mmPerPoint * 1.25
	lines := wrap(words, in, size, p.width-2*handoutMargin)
	p.room(float64(len(lines))*lead + 2*p.lead())
	if p.draw {
		p.block(handoutMargin, p.y, p.width-2*handoutMargin, lines, in, size, lead, ink)
	}
	p.y += float64(len(lines)) * lead
}

// blank is a line to write on.
func (p *handoutPages) blank() {
	p.room(handoutWrite)
	p.y += handoutWrite - p.lead()
	p.ruled(handoutMargin, p.y)
	p.y += p.lead()
}

func (p *handoutPages) ruled(from, y float64) {
	if p.draw {
		p.rule(from, y, p.width-handoutMargin, y, textSoft)
	}
}

func (p *handoutPages) drawing() {
	p.room(handoutBox)
	if p.draw {
		p.stroke(textSoft)
		p.pdf.SetLineWidth(0.25)
		p.pdf.RoundedRect(handoutMargin, p.y-p.lead()*0.6, p.width-2*handoutMargin, handoutBox, 2, "1234", "D")
	}
	p.y += handoutBox + p.lead()*0.6
}

// tableRow draws a row of cells of one width; the first row of a table is its head.
func (p *handoutPages) tableRow(cells []string, head bool) {
	p.room(p.lead())
	width := (p.width - 2*handoutMargin) / float64(len(cells))
	for i, cell := range cells {
		x := handoutMargin + float64(i)*width
		if head {
			cell = "**" + strings.TrimSpace(cell) + "**"
		}
		for _, word := range inkedWords(cell) {
			x += p.ink(x, word) + textWidth(" ", regular, p.size)
		}
	}
	p.y += p.lead() * 0.35
	if p.draw {
		p.rule(handoutMargin, p.y, p.width-handoutMargin, p.y, line)
	}
	p.y += p.lead()
}

// itemOf parts the mark of an item from its words; the mark of other text is empty.
func itemOf(row string) (mark, words string) {
	if rest, is := strings.CutPrefix(row, "- "); is {
		return "•", rest
	}
	number, rest, is := strings.Cut(row, ". ")
	if is && number != "" && strings.Trim(number, "0123456789") == "" {
		return number + ".", rest
	}
	return "", row
}

// piece is a stretch of one look within a word.
type piece struct {
	text string
	in   style
}

type inkedWord []piece

func (w inkedWord) width(size float64) (sum float64) {
	for _, one := range w {
		if one.text == markPlace {
			sum += size * mmPerPoint * 0.9
			continue
		}
		sum += textWidth(one.text, one.in, size)
	}
	return sum
}

// inkedWords cuts text at blanks, and takes the marks of its looks out.
func inkedWords(row string) (list []inkedWord) {
	row = strings.ReplaceAll(row, "( )", markPlace)
	strong, title := false, false
	for word := range strings.FieldsSeq(row) {
		var pieces inkedWord
		for word != "" {
			if rest, is := strings.CutPrefix(word, "**"); is {
				strong, word = !strong, rest
				continue
			}
			if rest, is := strings.CutPrefix(word, "*"); is {
				title, word = !title, rest
				continue
			}
			end := strings.Index(word, "*")
			if end < 0 {
				end = len(word)
			}
			in := regular
			switch {
			case strong:
				in = bold
			case title:
				in = book
			}
			pieces = append(pieces, piece{word[:end], in})
			word = word[end:]
		}
		if len(pieces) > 0 {
			list = append(list, pieces)
		}
	}
	return list
}

func (p *handoutPages) paragraph(mark, row string) {
	words := inkedWords(row)
	if mark == "•" && len(words) > 0 && words[0][0].text == markPlace {
		mark = "" // the place to mark is mark enough
	}
	left := handoutMargin
	p.room(0)
	if mark != "" {
		if p.draw {
			p.text(left, p.y, mark, bold, p.size, ink)
		}
		left += p.size * mmPerPoint * 1.6
	}
	space, end, x := textWidth(" ", regular, p.size), p.width-handoutMargin, left
	for _, word := range words {
		if word[0].text == "___" {
			if end-x < leastBlank {
				x = p.turn(left) // a new line is long enough to write on
			}
			p.ruled(x, p.y+0.6)
			continue
		}
		if x > left && x+word.width(p.size) > end {
			x = p.turn(left)
		}
		x += p.ink(x, word) + space
	}
	p.y += p.lead() * 1.12
}

// turn goes to the next line, and the next page if there is no room for it.
func (p *handoutPages) turn(left float64) float64 {
	p.y += p.lead()
	p.room(0)
	return left
}

// ink draws a word and returns its width.
func (p *handoutPages) ink(x float64, word inkedWord) float64 {
	from := x
	for _, one := range word {
		wide := inkedWord{one}.width(p.size)
		if p.draw && one.text == markPlace {
			em := p.size * mmPerPoint
			p.stroke(textSoft)
			p.pdf.SetLineWidth(0.25)
			p.pdf.Rect(x, p.y-0.78*em, 0.85*em, 0.85*em, "D")
		} else if p.draw {
			p.text(x, p.y, one.text, one.in, p.size, text)
		}
		x += wide
	}
	return x - from
}
