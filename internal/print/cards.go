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
	Sheet  Sheet     // with room for a card, 85 × 50 mm
	Adjust Adjust
	School string // the name on each card
	Bars   Bars   // shows each card's Barcode under the name; NoBars: the QR code alone
	Hint   string // a few words under the QR code, such as "Scan me"; may be empty
	Skip   int    // cards already used up on the first sheet
	Cards  []Card
	Warn   func(Warning) // hears what is not on the paper as it was given; may be nil
}

// Card is one patron's card. It has the first name alone, so that a lost card tells a stranger little.
type Card struct {
	Token     string // what the QR code says
	FirstName string // with the initial of the last one, where two in a class are called the same
	Homeroom  string
	Barcode   string // may be empty
	// Picture reads a JPEG, PNG or WebP when its turn comes: those of a whole school would fill the memory. The initial replaces one that cannot be
	// read; nil for none.
	Picture func() ([]byte, error)
}

const (
	bandHeight = 10.5
	cardMargin = 5.0
	cardRadius = 3.18
	qrSize     = 26.0 // the bars of a token's code are then 1 mm wide
)

// Cards writes the sheets as PDF. It fails with a *Misfit on a sheet that does not fit its paper or that has no room for cards,
// and on a token that no QR code can hold.
func Cards(w io.Writer, sheet CardSheet) error {
	if err := sheet.Sheet.Check(); err != nil {
		return err
	}
	if err := sheet.Sheet.roomForCards(); err != nil {
		return err
	}
	if err := sheet.Adjust.Check(); err != nil {
		return err
	}
	d := newDocument(sheet.Sheet.Paper, sheet.School, sheet.At)
	d.adjust, d.warn = sheet.Adjust, sheet.Warn
	g := d.onSheet(sheet.Sheet, sheet.Skip)
	for i, card := range sheet.Cards {
		x, y := g.take()
		if err := d.card(x, y, sheet, card); err != nil {
			return fmt.Errorf("card %d: %w", i+1, err)
		}
	}
	return d.write(w)
}

// HoldsCards tells whether a card has room on each place of the sheet, and is not lost in it.
func (s Sheet) HoldsCards() bool { return s.roomForCards() == nil }

func (s Sheet) roomForCards() error {
	if err := within("width", s.Width, 85, 120); err != nil {
		return err
	}
	return within("height", s.Height, 50, 80)
}

func (d *document) card(x, y float64, sheet CardSheet, card Card) error {
	g := sheet.Sheet
	if g.Cut { // the outline shows the round corners to scissors
		d.stroke(line)
		d.pdf.SetLineWidth(0.2)
		d.pdf.RoundedRect(x, y, g.Width, g.Height, cardRadius, "1234", "D")
	}
	d.band(x, y, g, sheet.School)
	qrX := x + g.Width - cardMargin - qrSize
	qrY := y + bandHeight + (g.Height-bandHeight-qrSize)/2
	if sheet.Hint != "" {
		qrY -= 1.5
		hint, size := d.fit(sheet.Hint, regular, 7.5, 6, qrSize+6)
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
	d.barcodeLine(x+cardMargin, y+g.Height, room, sheet.Bars, card.Barcode)
	return nil
}

func (d *document) band(x, y float64, g Sheet, school string) {
	if g.Cut {
		d.fill(ink)
		d.pdf.RoundedRectExt(x, y, g.Width, bandHeight, cardRadius, cardRadius, 0, 0, "F")
	} else {
		// Perforated cards are never fed quite straight: a band to the edge would show on the next card.
		d.rect(x+2, y+2, g.Width-4, bandHeight-2, 2, ink)
		y++
	}
	d.logo(x+cardMargin-0.8, y+(bandHeight-7)/2, 7, inkSoft, white)
	name, size := d.fit(school, book, 12, 8, g.Width-2*cardMargin-9)
	d.text(x+cardMargin+8, y+bandHeight/2+size*mmPerPoint*0.34, name, book, size, white)
}

// personTall sets the picture above the name, on a card without bars.
func (d *document) personTall(x, top, room float64, g Sheet, card Card) {
	free := g.Height - bandHeight
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
	second, size := d.fit(strings.Join(lines[1:], " "), bold, size, smallest, room)
	leading := size * mmPerPoint * 1.1
	d.text(x, baseline-leading, lines[0], bold, size, text)
	d.text(x, baseline, second, bold, size, text)
}

func (d *document) homeroom(x, baseline, room float64, name string) {
	short, size := d.fit(name, regular, 11, 8, room)
	d.text(x, baseline, short, regular, size, textSoft)
}

func (d *document) barcodeLine(x, bottom, room float64, kind Bars, content string) {
	const height = 8.5
	most := 8.0
	if bars, ok := d.stripesFor(kind, content, room, 1); ok {
		d.stripes(x, bottom-4-3.5-height, height, bars)
	} else {
		most = 11 // to be typed
	}
	d.line(x, bottom-4, room, content, regular, most, 6, text)
}
