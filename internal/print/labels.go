package print

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// LabelSheet is a stack of labels for items.
type LabelSheet struct {
	At     time.Time // written into the file as its date
	Name   string    // of the file
	Sheet  Sheet
	Adjust Adjust
	Skip   int // labels already used up on the first sheet
	Labels []Label
	Warn   func(Warning) // hears what is not on the paper as it was given; may be nil
}

// Label is one label: that of a code or, when Spine has lines, that of a call number.
type Label struct {
	Bars  Bars // of Code
	Code  string
	Over  string // above the code, such as the name of the school; left out where there is no room
	Under string // below it, such as the title; left out where there is no room
	Spine []string
}

const (
	labelMarginX = 2.5
	labelMarginY = 1.5
	smallSize    = 7.0
	smallLead    = 3.0
	codeSize     = 8.5
	codeLead     = 3.3
	leastSize    = 5.0 // below, nobody reads it
	tallestBars  = 15.0
	lowestBars   = 4.0
	largestQR    = 25.0
	// leastQRModule is the side of the smallest square of a QR code that scanners at arm's length see.
	leastQRModule = 0.3
	quietQR       = 4 // modules around a QR code

	spineMost   = 18.0
	spineLeast  = 7.0
	spineLead   = 1.15 // of the size
	spineMargin = 1.2
)

// Labels writes the sheets as PDF. It fails with a *Misfit on a sheet that does not fit its paper. A code that does not fit its label is printed in
// digits: bars that a scanner reads wrongly would be worse than none.
func Labels(w io.Writer, sheet LabelSheet) error {
	if err := sheet.Sheet.Check(); err != nil {
		return err
	}
	if err := sheet.Adjust.Check(); err != nil {
		return err
	}
	d := newDocument(sheet.Sheet.Paper, sheet.Name, sheet.At)
	d.adjust, d.warn = sheet.Adjust, sheet.Warn
	g := d.onSheet(sheet.Sheet, sheet.Skip)
	for _, label := range sheet.Labels {
		x, y := g.take()
		switch {
		case label.Spine != nil:
			g.spine(x, y, label.Spine)
		case label.Bars == QR:
			g.qrLabel(x, y, label)
		default:
			g.barLabel(x, y, label)
		}
	}
	return d.write(w)
}

// barLabel sets the bars between a line of words above and below, as far as there is room, and the code in digits under them.
func (g *grid) barLabel(x, y float64, label Label) {
	top, bottom := y+labelMarginY, y+g.Height-labelMarginY
	middle, room := x+g.Width/2, g.Width-2*labelMarginX
	if label.Over != "" && bottom-top > lowestBars+codeLead+2*smallLead {
		top += smallLead
		g.lineCentered(middle, top-0.8, room, label.Over, regular, smallSize, leastSize, text)
	}
	if label.Under != "" && bottom-top > lowestBars+codeLead+smallLead {
		g.lineCentered(middle, bottom-0.4, room, label.Under, regular, smallSize, leastSize, text)
		bottom -= smallLead
	}
	height := min(bottom-top-codeLead, tallestBars)
	top += (bottom - top - codeLead - height) / 2
	bars, ok := g.barsOn(label, height)
	if lines := wrap(label.Code, bold, codeSize, room); !ok && len(lines) > 1 && float64(len(lines))*codeLead <= height+codeLead {
		for _, one := range lines { // where the bars would be, for one that is cut could not be typed
			top += codeLead
			g.centered(middle, top-0.5, one, bold, codeSize, black)
		}
		return
	}
	if ok {
		g.stripes(x+(g.Width-bars.width())/2, top, height, bars)
	}
	g.lineCentered(middle, top+height+codeLead-0.5, room, label.Code, bold, codeSize, leastSize, black)
}

func (g *grid) barsOn(label Label, height float64) (stripes, bool) {
	if height < lowestBars {
		g.tell(Warning{NoCode, label.Code, string(label.Bars)})
		return stripes{}, false
	}
	return g.stripesFor(label.Bars, label.Code, g.Width, 2)
}

// qrLabel sets the code at the left and the words beside it.
func (g *grid) qrLabel(x, y float64, label Label) {
	left := x + g.qrOn(x, y, label) + labelMarginX
	room := x + g.Width - labelMarginX - left
	if room < 8 {
		return // the code alone
	}
	baseline := g.codeLines(left, y+g.Height-labelMarginY-1, room, label.Code) - 0.7
	lines := wrap(label.Under, regular, smallSize, room)
	if free := max(int((baseline-y-labelMarginY-smallLead)/smallLead), 0); len(lines) > free {
		if free == 0 {
			return
		}
		lines = append(lines[:free-1], strings.Join(lines[free-1:], " "))
	}
	top := y + labelMarginY + smallLead - 0.6
	if label.Over != "" && top+float64(len(lines))*smallLead <= baseline {
		g.line(left, top, room, label.Over, regular, smallSize, leastSize, textSoft)
		top += smallLead + 0.4
	}
	for _, one := range lines {
		g.line(left, top, room, one, regular, smallSize, leastSize, text)
		top += smallLead
	}
}

// codeLines draws a code in digits upwards from a baseline, on as many lines as it takes: one that is cut could not be typed. It returns the baseline
// above.
func (g *grid) codeLines(x, baseline, room float64, code string) float64 {
	lines := wrap(code, bold, smallSize, room)
	most := int((g.Height - 2*labelMarginY) / codeLead)
	if short, _ := fit(code, bold, codeSize, smallSize, room); short == code || len(lines) > most {
		g.line(x, baseline, room, code, bold, codeSize, leastSize, black)
		return baseline - codeLead
	}
	for i := len(lines) - 1; i >= 0; i-- {
		g.text(x, baseline, lines[i], bold, smallSize, black)
		baseline -= codeLead
	}
	return baseline
}

// qrOn draws the code as large as the label allows and returns how much of the label's width it takes, its quiet zones included.
func (g *grid) qrOn(x, y float64, label Label) float64 {
	rows, err := modules(label.Code)
	if err != nil {
		g.tell(Warning{NoCode, label.Code, string(QR)})
		return 0
	}
	whole := float64(len(rows) + 2*quietQR)
	module := min(g.Height/whole, g.Width/whole, largestQR/float64(len(rows)))
	if module < leastQRModule {
		g.tell(Warning{NoCode, label.Code, string(QR)})
		return 0
	}
	size := module * float64(len(rows))
	g.modules(x+quietQR*module, y+(g.Height-size)/2, size, rows)
	return module * whole
}

// spine sets each part of a call number on a line of its own, all in the largest size in which they fit.
func (g *grid) spine(x, y float64, lines []string) {
	room, tall := g.Width-2*spineMargin, g.Height-2*spineMargin
	size := min(spineMost, tall/(float64(max(len(lines), 1))*spineLead*mmPerPoint))
	for _, one := range lines {
		size = min(size, room/max(textWidth(one, bold, 1), 0.01))
	}
	size = max(size, spineLeast)
	lead := size * spineLead * mmPerPoint
	if most := int(tall / lead); len(lines) > most {
		kept := append(lines[:most-1:most-1], lines[most-1]+"…")
		g.tell(Warning{WasCut, strings.Join(lines, " "), strings.Join(kept, " ")})
		lines = kept
	}
	baseline := y + (g.Height-lead*float64(len(lines)))/2 + size*mmPerPoint*0.85
	for _, one := range lines {
		g.lineCentered(x+g.Width/2, baseline, room, one, bold, size, size, black)
		baseline += lead
	}
}

// TestLabels are labels that show how a sheet comes out of a printer: the number of each place, framed.
func TestLabels(w io.Writer, sheet LabelSheet) error {
	if err := sheet.Sheet.Check(); err != nil {
		return err
	}
	if err := sheet.Adjust.Check(); err != nil {
		return err
	}
	d := newDocument(sheet.Sheet.Paper, sheet.Name, sheet.At)
	d.adjust = sheet.Adjust
	g := d.onSheet(sheet.Sheet, 0)
	for n := range sheet.Sheet.PerPage() {
		x, y := g.take()
		g.stroke(black)
		g.pdf.SetLineWidth(0.2)
		g.pdf.Rect(x, y, g.Width, g.Height, "D")
		g.centered(x+g.Width/2, y+g.Height/2+1.5, fmt.Sprint(n+1), bold, 12, black)
	}
	return d.write(w)
}
