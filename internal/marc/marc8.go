package marc

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// marc8Table is generated from the Library of Congress code tables; see tools/marc8gen for its
// layout.
//
//go:generate go run ../../tools/marc8gen codetables.xml marc8.tab
//go:embed marc8.tab
var marc8Table []byte

// The final bytes of the escape sequences of MARC-8 (MARC 21 "Character Sets and Encoding
// Options", part 2) that code here speaks of.
const (
	setASCII = 0x42
	setANSEL = 0x45
	setEACC  = 0x31
)

const escape = 0x1B

// glyph is one character of a MARC-8 set; value 0 stands for nothing at all (the second half of
// a mark over two letters).
type glyph struct {
	value     rune
	combining bool
	known     bool
}

// charset holds one set: small by 7-bit code, or for East Asian codes of three bytes sorted
// beside each other.
type charset struct {
	small [128]glyph
	codes []uint32
	runes []rune
}

var marc8Sets = sync.OnceValue(func() map[byte]*charset {
	sets := map[byte]*charset{}
	for table := marc8Table; len(table) > 0; {
		final, set := table[0], &charset{}
		table = table[1:]
		count, n := binary.Uvarint(table)
		table = table[n:]
		var code, value int64
		for range count {
			delta, n := binary.Uvarint(table)
			step, m := binary.Varint(table[n:])
			table = table[n+m:]
			code += int64(delta >> 1)
			value += step
			if final == setEACC {
				set.codes = append(set.codes, uint32(code))
				set.runes = append(set.runes, rune(value))
				continue
			}
			set.small[code] = glyph{rune(value), delta&1 == 1, true}
		}
		sets[final] = set
	}
	return sets
})

// marc8Decoder decodes one field or subfield; every one starts with the default sets.
type marc8Decoder struct {
	sets    map[byte]*charset
	g0, g1  *charset
	out     []byte
	marks   []byte // marks read, waiting for the letter they belong to
	bad     int    // bytes that mean nothing
	lonely  int    // marks without a letter behind them
	marked  int    // letters with marks,
	western int    // of these the letters of Western European languages
}

// decodeMARC8 gives the UTF-8 text of MARC-8 bytes, not normalised, and what was odd about them.
// It never fails: what means nothing becomes U+FFFD.
func decodeMARC8(text []byte) marc8Decoder {
	d := marc8Decoder{sets: marc8Sets(), out: make([]byte, 0, len(text)+len(text)/4)}
	d.g0, d.g1 = d.sets[setASCII], d.sets[setANSEL]
	for len(text) > 0 {
		text = text[d.step(text):]
	}
	d.lonelyMarks()
	return d
}

// step decodes what text begins with and answers how many bytes that was.
func (d *marc8Decoder) step(text []byte) int {
	c := text[0]
	switch {
	case c == escape:
		return d.escape(text)
	case c == '&':
		if value, n := characterReference(text); n > 0 {
			d.put(glyph{value, false, true})
			return n
		}
	case c <= 0x20:
		d.put(glyph{rune(c), false, true})
		return 1
	case c >= 0x80 && c <= 0xA0:
		d.put(controlOf(c))
		return 1
	}
	set := d.g0
	if c >= 0x80 {
		set = d.g1
	}
	if set.codes == nil {
		d.put(set.small[c&0x7F])
		return 1
	}
	return d.eastAsian(set, text)
}

// controlOf knows the four control characters of MARC-8 beyond ASCII: begin and end of what is
// not sorted, joiner and non-joiner.
func controlOf(c byte) glyph {
	switch c {
	case 0x88:
		return glyph{0x98, false, true}
	case 0x89:
		return glyph{0x9C, false, true}
	case 0x8D:
		return glyph{0x200D, false, true}
	case 0x8E:
		return glyph{0x200C, false, true}
	}
	return glyph{}
}

// eastAsian decodes a code of three bytes. One that is cut short by a blank or an escape
// sequence ends there.
func (d *marc8Decoder) eastAsian(set *charset, text []byte) int {
	var code uint32
	n := 0
	for n < 3 && n < len(text) && text[n]&0x7F > 0x20 {
		code = code<<8 | uint32(text[n]&0x7F)
		n++
	}
	i, found := slices.BinarySearch(set.codes, code)
	if n < 3 || !found {
		d.put(glyph{})
		return n
	}
	d.put(glyph{set.runes[i], false, true})
	return n
}

// put writes a character behind which the marks that came before it belong.
func (d *marc8Decoder) put(g glyph) {
	switch {
	case !g.known:
		d.bad++
		g.value = utf8.RuneError
	case g.combining && g.value == 0:
		return
	case g.combining:
		d.marks = utf8.AppendRune(d.marks, g.value)
		return
	}
	if g.value < 0x20 {
		d.lonelyMarks()
	}
	d.judge(g.value)
	d.out = utf8.AppendRune(d.out, g.value)
	d.out = append(d.out, d.marks...)
	d.marks = d.marks[:0]
}

// judge counts what tells MARC-8 from other encodings: marks before something that is no letter,
// and marks that make a letter of Western European languages.
func (d *marc8Decoder) judge(base rune) {
	if len(d.marks) == 0 {
		return
	}
	if !unicode.IsLetter(base) {
		d.lonely++
		return
	}
	pair := norm.NFC.Bytes(append(utf8.AppendRune(nil, base), d.marks...))
	if letter, n := utf8.DecodeRune(pair); n == len(pair) && letter <= 0xFF {
		d.western++
	}
	d.marked++
}

func (d *marc8Decoder) lonelyMarks() {
	if len(d.marks) > 0 {
		d.lonely++
	}
	d.out = append(d.out, d.marks...)
	d.marks = d.marks[:0]
}

// escape takes an escape sequence, which puts a set in one of the two places (G0 for codes
// below 0x80, G1 for those above), and answers its length.
func (d *marc8Decoder) escape(text []byte) int {
	rest := text[1:]
	if len(rest) == 0 {
		d.bad++
		return 1
	}
	switch rest[0] {
	case 's':
		d.g0 = d.sets[setASCII]
		return 2
	case 'g', 'b', 'p':
		d.g0 = d.sets[rest[0]]
		return 2
	}
	place, n := &d.g0, 0
	if rest[n] == '$' {
		n++
	}
	if n < len(rest) && strings.IndexByte("(,)-", rest[n]) >= 0 {
		if rest[n] == ')' || rest[n] == '-' {
			place = &d.g1
		}
		n++
	}
	if n == 0 {
		d.bad++
		return 1
	}
	if n < len(rest) && rest[n] == '!' {
		n++
	}
	if n >= len(rest) || d.sets[rest[n]] == nil {
		d.bad++
		return 1
	}
	*place = d.sets[rest[n]]
	return n + 2
}

// characterReference reads "&#xHHHH;", by which MARC-8 carries what it has no code for.
func characterReference(text []byte) (rune, int) {
	if !bytes.HasPrefix(text, []byte("&#x")) {
		return 0, 0
	}
	end := bytes.IndexByte(text[:min(len(text), 10)], ';')
	if end < 4 {
		return 0, 0
	}
	value, err := strconv.ParseUint(string(text[3:end]), 16, 32)
	if err != nil || value < 0x20 || value > utf8.MaxRune || !utf8.ValidRune(rune(value)) {
		return 0, 0
	}
	return rune(value), end + 1
}
