package print

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The fonts are parts of Atkinson Hyperlegible Next, Literata and Noto Sans under the SIL Open Font
// License, and of Droid Sans Fallback under the Apache License; fonts/LICENSE has the texts and fonts/build.sh how they were made.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// A style is the fonts of one look, the preferred first and then those that help out with the
// scripts it lacks.
type style []string

var (
	regular = slices.Concat(style{"atkinson-regular"}, helpers("regular"))
	bold    = slices.Concat(style{"atkinson-bold"}, helpers("bold"))
	book    = slices.Concat(style{"literata"}, helpers("bold"))
)

// helpers have the scripts that the fonts of our own look lack. The last is large and has one weight only.
func helpers(weight string) style {
	var names style
	for _, script := range []string{"", "hebrew-", "arabic-", "armenian-", "georgian-", "ethiopic-"} {
		names = append(names, "noto-"+script+weight)
	}
	return append(names, "droid-cjk")
}

// face is one font file.
type face struct {
	data   []byte
	em     float64
	mu     sync.Mutex // guards what follows: the parser works in one buffer
	parsed *sfnt.Font
	buffer sfnt.Buffer
	widths map[rune]float64 // in em; negative: not in the font
}

var faces sync.Map // *face by name

// faceOf returns the named font, read when it is first needed. The names are those of this file and
// the fonts are part of the program, so a font that cannot be read is a mistake in the program.
func faceOf(name string) *face {
	if have, ok := faces.Load(name); ok {
		return have.(*face)
	}
	data, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
	if err != nil {
		panic(fmt.Sprintf("print: font %s: %v", name, err))
	}
	parsed, err := sfnt.Parse(data)
	if err != nil {
		panic(fmt.Sprintf("print: font %s: %v", name, err))
	}
	made := &face{data: data, parsed: parsed, em: float64(parsed.UnitsPerEm()), widths: map[rune]float64{}}
	have, _ := faces.LoadOrStore(name, made)
	return have.(*face)
}

// width returns the advance of r in em, and whether the font has it.
func (f *face) width(r rune) (float64, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	width, known := f.widths[r]
	if !known {
		width = f.measure(r)
		f.widths[r] = width
	}
	return width, width >= 0
}

func (f *face) measure(r rune) float64 {
	if r > 0xFFFF { // the PDF library numbers characters with 16 bits
		return -1
	}
	glyph, err := f.parsed.GlyphIndex(&f.buffer, r)
	if err != nil || glyph == 0 {
		return -1
	}
	ppem := fixed.I(int(f.em))
	advance, err := f.parsed.GlyphAdvance(&f.buffer, glyph, ppem, font.HintingNone)
	if err != nil {
		return -1
	}
	return float64(advance) / float64(ppem)
}
