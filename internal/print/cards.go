package print

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// CardSheet is a stack of patron cards.
type CardSheet struct {
	At     time.Time // written into the file as its date
	Stock  Stock
	School string // the name on each card
	Bars   Bars   // shows each card's Barcode under the name; NoBars: the QR code alone
	Hint   string // a few words under the QR code, such as "Scan me"; may be empty
	Skip   int    // cards already used up on the first sheet
	Cards  []Card
}

// Card is one patron's card. It has the first name alone, so that a lost card tells a stranger little.
type Card struct {
	Token     string // what the QR code says
	FirstName string
	Homeroom  string
	Barcode   string // may be empty
	Picture   []byte // JPEG or PNG; one that cannot be read is replaced by the initial
}

// Stock is what cards are printed on.
type Stock string

const (
	LetterCards Stock = "cr80-letter" // eight cards of bank-card size, to be cut out
	A4Cards     Stock = "cr80-a4"     // the same on A4
	Avery5371   Stock = "avery-5371"  // ten perforated business cards of 3½ × 2 inches on Letter
)

// grid is where cards lie on their sheet, two side by side, in millimetres.
type grid struct {
	paper         Paper
	width, height float64 // of a card
	left, top     float64
	gapX, gapY    float64
	rows          int
	cut           bool // marks show where to cut
}

const columns = 2

// The size of a bank card is ID-1 of ISO/IEC 7810: 85.60 × 53.98 mm.
var grids = map[Stock]grid{
	LetterCards: {paper: Letter, width: 85.6, height: 53.98, left: 18.35, top: 19.74, gapX: 8, gapY: 8, rows: 4, cut: true},
	A4Cards:     {paper: A4, width: 85.6, height: 53.98, left: 15.4, top: 28.54, gapX: 8, gapY: 8, rows: 4, cut: true},
	Avery5371:   {paper: Letter, width: 88.9, height: 50.8, left: 19.05, top: 12.7, rows: 5},
}

const (
	bandHeight = 10.5
	cardMargin = 5.0
	cardRadius = 3.18
	qrSize     = 26.0 // the bars of a token's code are then 1 mm wide
)

// Cards writes the sheets as PDF. It fails on an unknown stock and on a token that no QR code can hold.
func Cards(w io.Writer, sheet CardSheet) error {
	g, ok := grids[sheet.Stock]
	if !ok {
		return fmt.Errorf("print: no card stock %q", sheet.Stock)
	}
	d := newDocument(g.paper, sheet.School, sheet.At)
	perPage := columns * g.rows
	skip := max(sheet.Skip, 0) % perPage
	if len(sheet.Cards) == 0 {
		d.pdf.AddPage() // a PDF without pages opens nowhere
	}
	for i, card := range sheet.Cards {
		place := (skip + i) % perPage
		if place == 0 || i == 0 {
			d.pdf.AddPage()
			if g.cut {
				d.cropMarks(g)
			}
		}
		x := g.left + float64(place%columns)*(g.width+g.gapX)
		y := g.top + float64(place/columns)*(g.height+g.gapY)
		if err := d.card(x, y, g, sheet, card); err != nil {
			return fmt.Errorf("card %d: %w", i+1, err)
		}
	}
	return d.write(w)
}

// cropMarks draws short lines outside the cards along which a paper cutter goes.
func (d *document) cropMarks(g grid) {
	const length, away = 5.0, 2.0
	right := g.left + columns*g.width + (columns-1)*g.gapX
	bottom := g.top + float64(g.rows)*g.height + float64(g.rows-1)*g.gapY
	for c := range columns {
		for _, x := range []float64{g.left + float64(c)*(g.width+g.gapX), g.left + float64(c)*(g.width+g.gapX) + g.width} {
			d.rule(x, g.top-away-length, x, g.top-away, line)
			d.rule(x, bottom+away, x, bottom+away+length, line)
		}
	}
	for r := range g.rows {
		for _, y := range []float64{g.top + float64(r)*(g.height+g.gapY), g.top + float64(r)*(g.height+g.gapY) + g.height} {
			d.rule(g.left-away-length, y, g.left-away, y, line)
			d.rule(right+away, y, right+away+length, y, line)
		}
	}
}

func (d *document) card(x, y float64, g grid, sheet CardSheet, card Card) error {
	if g.cut { // the outline shows the round corners to scissors
		d.stroke(line)
		d.pdf.SetLineWidth(0.2)
		d.pdf.RoundedRect(x, y, g.width, g.height, cardRadius, "1234", "D")
	}
	d.band(x, y, g, sheet.School)
	qrX := x + g.width - cardMargin - qrSize
	qrY := y + bandHeight + (g.height-bandHeight-qrSize)/2
	if sheet.Hint != "" {
		qrY -= 1.5
		hint, size := fit(sheet.Hint, regular, 7.5, 6, qrSize+6)
		d.centered(qrX+qrSize/2, qrY+qrSize+4.2, hint, regular, size, textSoft)
	}
	if err := d.qr(qrX, qrY, qrSize, card.Token); err != nil {
		return err
	}
	// Four modules of the code, about 4 mm, stay white beside it.
	room := qrX - 4.5 - (x + cardMargin)
	if sheet.Bars == NoBars || card.Barcode == "" {
		d.personTall(x+cardMargin, y+bandHeight, room, g, card)
		return nil
	}
	d.personWide(x+cardMargin, y+bandHeight, room, card)
	d.barcodeLine(x+cardMargin, y+g.height, room, sheet.Bars, card.Barcode)
	return nil
}

func (d *document) band(x, y float64, g grid, school string) {
	if g.cut {
		d.fill(ink)
		d.pdf.RoundedRectExt(x, y, g.width, bandHeight, cardRadius, cardRadius, 0, 0, "F")
	} else {
		// Perforated cards are never fed quite straight: a band to the edge would show on the next card.
		d.rect(x+2, y+2, g.width-4, bandHeight-2, 2, ink)
		y++
	}
	d.logo(x+cardMargin-0.8, y+(bandHeight-7)/2, 7, inkSoft, white)
	name, size := fit(school, book, 12, 8, g.width-2*cardMargin-9)
	d.text(x+cardMargin+8, y+bandHeight/2+size*mmPerPoint*0.34, name, book, size, white)
}

// personTall sets the picture above the name, on a card without bars.
func (d *document) personTall(x, top, room float64, g grid, card Card) {
	free := g.height - bandHeight
	tile := free - 24
	d.portrait(x, top+4.5, tile, card)
	d.firstName(x, top+free-10.5, room, 19, card.FirstName)
	d.homeroom(x, top+free-5, room, card.Homeroom)
}

// personWide sets the name beside the picture, and leaves the lower third to the bars.
func (d *document) personWide(x, top, room float64, card Card) {
	const tile = 17.0
	d.portrait(x, top+3.5, tile, card)
	x += tile + 3
	room -= tile + 3
	d.firstName(x, top+11.5, room, 15, card.FirstName)
	d.homeroom(x, top+17, room, card.Homeroom)
}

// firstName draws the name as large as it fits, a long one on two lines.
func (d *document) firstName(x, baseline, room, most float64, name string) {
	const smallest = 8.0
	whole, size := fit(name, bold, most, most*0.7, room)
	if whole == name {
		d.text(x, baseline, name, bold, size, text)
		return
	}
	size = most * 0.7
	lines := wrap(name, bold, size, room)
	for len(lines) > 2 && size > smallest {
		size -= 0.5
		lines = wrap(name, bold, size, room)
	}
	if len(lines) == 1 {
		d.text(x, baseline, lines[0], bold, size, text)
		return
	}
	second, size := fit(strings.Join(lines[1:], " "), bold, size, smallest, room)
	leading := size * mmPerPoint * 1.1
	d.text(x, baseline-leading, lines[0], bold, size, text)
	d.text(x, baseline, second, bold, size, text)
}

func (d *document) homeroom(x, baseline, room float64, name string) {
	short, size := fit(name, regular, 11, 8, room)
	d.text(x, baseline, short, regular, size, textSoft)
}

func (d *document) barcodeLine(x, bottom, room float64, kind Bars, content string) {
	const height = 8.5
	label, size := fit(content, regular, 8, 6, room)
	if !d.bars(x, bottom-4-3.5-height, room, height, kind, content) {
		label, size = fit(content, bold, 11, 6, room) // to be typed
	}
	d.text(x, bottom-4, label, regular, size, text)
}
