package print

// Warning tells of something that is not on the paper as it was given.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"` // what should have been printed
	Part string `json:"part"` // of a cut text what is printed, of characters without a shape these, of a code its kind
}

// The codes of warnings.
const (
	WasCut  = "cut"      // too long even in the smallest type: it ends in "…"
	NoGlyph = "no_glyph" // no font has the characters: boxes stand for them
	NoCode  = "no_code"  // the code's alphabet lacks a character, or its bars would be too thin: it is printed in digits
)

// tell passes each warning on once.
func (d *document) tell(w Warning) {
	if d.warn == nil || d.told[w] {
		return
	}
	d.told[w] = true
	d.warn(w)
}

// fit is the function of that name, and warns when the text had to be cut.
func (d *document) fit(s string, in style, most, least, width float64) (string, float64) {
	short, size := fit(s, in, most, least, width)
	if short != s {
		d.tell(Warning{WasCut, s, short})
	}
	return short, size
}

// line draws text in at most width millimetres, as large as it fits.
func (d *document) line(x, y, width float64, s string, in style, most, least float64, c color) {
	short, size := d.fit(s, in, most, least, width)
	d.text(x, y, short, in, size, c)
}

// lineCentered draws text around x in at most width millimetres, as large as it fits.
func (d *document) lineCentered(x, y, width float64, s string, in style, most, least float64, c color) {
	short, size := d.fit(s, in, most, least, width)
	d.centered(x, y, short, in, size, c)
}
