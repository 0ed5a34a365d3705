package print

import (
	"io"
	"time"
)

// Receipt is what a person takes home from the desk: what is out, and until when. Its words are the caller's, in the person's language.
type Receipt struct {
	At      time.Time // written into the file as its date
	School  string
	Heading string // such as the first name
	Opening string // such as the day
	Rows    []SlipRow
	Closing string
	Warn    func(Warning) // hears what is not on the paper as it was given; may be nil
}

const (
	receiptWidth  = 80.0 // the paper roll of receipt printers, of which they print 72 mm
	receiptMargin = 5.0
	receiptSize   = 10.0
	receiptLead   = 4.6
)

// Receipts writes the receipt as PDF: one page, 80 mm wide and as long as it needs.
func Receipts(w io.Writer, r Receipt) error {
	const room = receiptWidth - 2*receiptMargin
	opening, closing := wrap(r.Opening, regular, receiptSize, room), wrap(r.Closing, regular, receiptSize, room)
	rows := make([][]string, len(r.Rows))
	lines := len(opening) + len(closing)
	for i, row := range r.Rows {
		rows[i] = wrap(row.Text, bold, receiptSize, room)
		lines += len(rows[i]) + len(wrap(row.Note, regular, receiptSize, room))
	}
	height := 42 + receiptLead*float64(lines) + 3*float64(len(rows))
	d := newDocumentOf(receiptWidth, height, r.School, r.At)
	d.warn = r.Warn
	d.page()
	d.logo(receiptMargin-0.8, 5, 7, inkSoft, ink)
	d.line(receiptMargin+8, 10.3, room-8, r.School, book, 11, 7, ink)
	d.line(receiptMargin, 20, room, r.Heading, bold, 14, 8, text)
	y := d.block(receiptMargin, 26, room, opening, regular, receiptSize, receiptLead, text)
	for i, row := range r.Rows {
		d.rule(receiptMargin, y-2.5, receiptMargin+room, y-2.5, line)
		y = d.block(receiptMargin, y+2, room, rows[i], bold, receiptSize, receiptLead, text)
		y = d.block(receiptMargin, y, room, wrap(row.Note, regular, receiptSize, room), regular, receiptSize, receiptLead, text) + 1
	}
	d.block(receiptMargin, y+3, room, closing, regular, receiptSize, receiptLead, text)
	return d.write(w)
}
