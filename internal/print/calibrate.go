package print

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// Adjust makes up for a printer that moves or stretches what it prints. The zero value changes nothing.
type Adjust struct {
	Right  float64 `json:"right"`  // millimetres by which everything is moved
	Down   float64 `json:"down"`   //
	Across float64 `json:"across"` // per cent by which everything is made wider, from the left edge of the paper
	Along  float64 `json:"along"`  // per cent by which everything is made longer, from its top
}

// No printer that feeds its paper straight is further off.
const (
	mostShift   = 15.0
	mostStretch = 5.0
)

// Check tells by a *Misfit the first value that no printer needs.
func (a Adjust) Check() error {
	for _, one := range []struct {
		field       string
		value, most float64
	}{{"right", a.Right, mostShift}, {"down", a.Down, mostShift}, {"across", a.Across, mostStretch}, {"along", a.Along, mostStretch}} {
		if err := within(one.field, one.value, -one.most, one.most); err != nil {
			return err
		}
	}
	return nil
}

// matrix is the adjustment as PDF wants it (ISO 32000-1, 8.3.4): from the bottom left corner of the paper, in points.
func (a Adjust) matrix(height float64) string {
	wider, longer := 1+a.Across/100, 1+a.Along/100
	return fmt.Sprintf("%.6f 0 0 %.6f %.4f %.4f cm\n", wider, longer, a.Right/mmPerPoint, (height*(1-longer)-a.Down)/mmPerPoint)
}

// crossAway is how far the crosses of the calibration page are from the edges of the paper: every printer reaches them.
const crossAway = 20.0

// Measured is what a ruler says of a calibration page that was printed without adjustment, in millimetres.
type Measured struct {
	Left   float64 `json:"left"`   // from the left edge of the paper to the first cross
	Top    float64 `json:"top"`    // from the top edge to the first cross
	Across float64 `json:"across"` // from the first cross to the one at its right
	Along  float64 `json:"along"`  // from the first cross to the one below
}

// AdjustFor finds what brings the crosses to where they belong. A *Misfit names the measure that is off by more than a ruler's reading.
func AdjustFor(paper Paper, m Measured) (Adjust, error) {
	if paper != Letter && paper != A4 {
		return Adjust{}, &Misfit{Field: "paper", WrongPaper: true}
	}
	width, height := paper.size()
	width, height = width-2*crossAway, height-2*crossAway
	for _, one := range []struct {
		field              string
		value, right, most float64
	}{
		{"left", m.Left, crossAway, mostShift}, {"top", m.Top, crossAway, mostShift},
		{"across", m.Across, width, width * mostStretch / 105}, {"along", m.Along, height, height * mostStretch / 105},
	} {
		if err := within(one.field, one.value, one.right-one.most, one.right+one.most); err != nil {
			return Adjust{}, err
		}
	}
	// The printer brings x to stretch·x + shift; its inverse brings it back.
	inverse := func(measured, distance, right float64) (shift, percent float64) {
		stretch := distance / right
		return -(measured - stretch*crossAway) / stretch, (1/stretch - 1) * 100
	}
	var a Adjust
	a.Right, a.Across = inverse(m.Left, m.Across, width)
	a.Down, a.Along = inverse(m.Top, m.Along, height)
	return a, nil
}

// Calibration is a page that shows by how much a printer is off.
type Calibration struct {
	At      time.Time
	Paper   Paper
	Adjust  Adjust
	Heading string
	Lines   []string // what to measure, one sentence a line
}

// Calibrate writes the page as PDF: crosses 20 mm from the edges of the paper, and rulers between them.
func Calibrate(w io.Writer, c Calibration) error {
	if err := c.Adjust.Check(); err != nil {
		return err
	}
	d := newDocument(c.Paper, c.Heading, c.At)
	d.adjust = c.Adjust
	d.page()
	right, bottom := d.width-crossAway, d.height-crossAway
	for _, x := range []float64{crossAway, right} {
		for _, y := range []float64{crossAway, bottom} {
			d.cross(x, y)
		}
	}
	d.rulers(right, bottom)
	y := 60.0
	d.line(45, y, d.width-90, c.Heading, bold, 18, 8, ink)
	for _, one := range c.Lines {
		y += 9
		y = d.block(45, y, d.width-90, wrap(one, regular, 11, d.width-90), regular, 11, 5.5, text)
	}
	return d.write(w)
}

func (d *document) cross(x, y float64) {
	const arm = 6.0
	d.rule(x-arm, y, x+arm, y, black)
	d.rule(x, y-arm, x, y+arm, black)
}

// rulers have their zero at the first cross, a line each millimetre and a number each centimetre.
func (d *document) rulers(right, bottom float64) {
	const away = 10.0 // beside the arms of the crosses
	length := func(mm int) float64 {
		switch {
		case mm%10 == 0:
			return 4
		case mm%5 == 0:
			return 3
		}
		return 2
	}
	for mm := 0; crossAway+float64(mm) <= right; mm++ {
		x := crossAway + float64(mm)
		d.rule(x, crossAway+away, x, crossAway+away+length(mm), black)
		if mm%10 == 0 {
			d.centered(x, crossAway+away+7, strconv.Itoa(mm/10), regular, 7, text)
		}
	}
	for mm := 0; crossAway+float64(mm) <= bottom; mm++ {
		y := crossAway + float64(mm)
		d.rule(crossAway+away, y, crossAway+away+length(mm), y, black)
		if mm%10 == 0 && mm > 0 {
			d.text(crossAway+away+5, y+0.9, strconv.Itoa(mm/10), regular, 7, text)
		}
	}
}
