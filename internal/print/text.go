package print

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

const (
	mmPerPoint = 25.4 / 72
	boxWidth   = 0.7 // em
)

// run is a stretch of text in one font, in the order in which it is drawn.
type run struct {
	font string // "" for one character that no font has: a box stands for it
	text string
	em   float64 // width at size 1
}

// layOut turns a line of text into runs from left to right: right-to-left scripts are turned round,
// Arabic is joined, and each word gets the first font of the style that can show it.
func layOut(text string, in style) []run {
	var runs []run
	for _, word := range words(visual(text)) {
		runs = appendWord(runs, word, in)
	}
	return runs
}

// visual puts a line in the order in which it is drawn.
func visual(text string) string {
	text = printable(text)
	if !strings.ContainsFunc(text, rightToLeft) {
		return text
	}
	text = string(shape([]rune(text)))
	var p bidi.Paragraph
	if _, err := p.SetString(text); err != nil {
		return bidi.ReverseString(text)
	}
	order, err := p.Order()
	if err != nil || order.NumRuns() == 0 {
		return bidi.ReverseString(text)
	}
	var parts []string
	for i := range order.NumRuns() {
		part := order.Run(i)
		turned := part.String()
		if part.Direction() == bidi.RightToLeft {
			// A mark then stands before the letter that bears it, where fonts of these scripts expect it.
			turned = bidi.ReverseString(turned)
		}
		parts = append(parts, turned)
	}
	if order.Direction() == bidi.RightToLeft { // the line itself runs from right to left
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
	}
	return strings.Join(parts, "")
}

// printable composes letters and takes out what has no width and no shape.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return -1
		}
		return r
	}, norm.NFC.String(text))
}

func rightToLeft(r rune) bool {
	props, _ := bidi.LookupRune(r)
	class := props.Class()
	return class == bidi.R || class == bidi.AL
}

// startsRight tells whether the first letter of the text is of a right-to-left script.
func startsRight(text string) bool {
	i := strings.IndexFunc(text, unicode.IsLetter)
	return i >= 0 && rightToLeft([]rune(text[i:])[0])
}

// words cuts text after each run of blanks.
func words(text string) []string {
	return strings.SplitAfter(text, " ")
}

func appendWord(runs []run, word string, in style) []run {
	for _, name := range in {
		if width, ok := widthOf(word, name); ok {
			return appendRun(runs, run{font: name, text: word, em: width})
		}
	}
	for _, r := range word {
		runs = appendRun(runs, runOf(r, in))
	}
	return runs
}

// runOf shows one character in the first font that has it, or as a box.
func runOf(r rune, in style) run {
	for _, name := range in {
		if width, ok := faceOf(name).width(r); ok {
			return run{font: name, text: string(r), em: width}
		}
	}
	return run{text: string(r), em: boxWidth}
}

func widthOf(word, font string) (float64, bool) {
	sum := 0.0
	one := faceOf(font)
	for _, r := range word {
		width, ok := one.width(r)
		if !ok {
			return 0, false
		}
		sum += width
	}
	return sum, true
}

func appendRun(runs []run, next run) []run {
	if n := len(runs); n > 0 && next.font != "" && runs[n-1].font == next.font {
		runs[n-1].text += next.text
		runs[n-1].em += next.em
		return runs
	}
	return append(runs, next)
}

// textWidth is the width of a line in millimetres at a size in points.
func textWidth(text string, in style, size float64) float64 {
	sum := 0.0
	for _, one := range layOut(text, in) {
		sum += one.em
	}
	return sum * size * mmPerPoint
}

// wrap breaks text into lines of at most width millimetres, between words where it can.
func wrap(text string, in style, size, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(printable(text)) {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if textWidth(joined, in, size) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for textWidth(word, in, size) > width {
			head := cut(word, in, size, width)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut returns as much of a word as fits the width, and at least one character.
func cut(word string, in style, size, width float64) string {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && textWidth(word[:next], in, size) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// fit returns the largest size from most down to least points at which text is at most width
// millimetres wide, and the text, ended by "…" if even the least is too large.
func fit(text string, in style, most, least, width float64) (string, float64) {
	natural := textWidth(text, in, 1)
	if natural*most <= width {
		return text, most
	}
	if size := width / natural; size >= least {
		return text, size
	}
	short := cut(printable(text), in, least, width-textWidth("…", in, least))
	return strings.TrimSpace(short) + "…", least
}
