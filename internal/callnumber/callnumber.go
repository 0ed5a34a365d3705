// Package callnumber puts call numbers in the order in which they stand on the shelf.
package callnumber

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Key is a text whose byte order is the shelf order of call numbers: Dewey (598.2 EXA), the
// letters of school libraries ([Fic] EXA, E EXA, B LIN, REF 031) and Library of Congress
// (QA76.73.P22 M33 2000) alike.
//
// Opinions, after the filing habit of "nothing before something": brackets, case, diacritics and
// the slashes in Dewey numbers do not count; numbers stand before letters; whole numbers go by
// size (v.2 before v.10, QA9 before QA76), fractions digit by digit (598.12 before 598.2), and a
// number behind letters is a fraction unless it is the class or the letters mean volume or copy.
func Key(call string) string {
	text := fold(call)
	key := make([]byte, 0, len(text)+8)
	before, first := "", true // the part before this one, "" across a blank
	for text != "" {
		part := text[:runLength(text)]
		text = text[len(part):]
		switch {
		case part == " ":
			before = ""
			continue
		case part == ".":
			before += part
			continue
		case isDigit(part[0]) && isFraction(before, first):
			key = appendFraction(key, part)
		case isDigit(part[0]):
			key = appendNumber(key, part)
		default:
			key = append(append(key, ' '), part...)
		}
		first = before == "" && len(key) == len(part)+1
		before = part
	}
	return string(key)
}

// fold leaves capitals and digits without diacritics, points, and one blank for anything else.
func fold(call string) string {
	var text strings.Builder
	for _, r := range norm.NFD.String(strings.ToUpper(call)) {
		switch {
		case r < 0x80 && isDigit(byte(r)), r >= 'A' && r <= 'Z', r == '.', r >= 0x370:
			text.WriteRune(r)
		case strings.ContainsRune("/'’[]", r), r >= 0x300:
			// nothing
		default:
			text.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// runLength is how far text goes on with digits, or with letters; points and blanks stand alone.
func runLength(text string) int {
	if kind(text[0]) == '.' || kind(text[0]) == ' ' {
		return 1
	}
	for i := 1; i < len(text); i++ {
		if kind(text[i]) != kind(text[0]) {
			return i
		}
	}
	return len(text)
}

func kind(c byte) byte {
	switch {
	case isDigit(c):
		return '0'
	case c == '.', c == ' ':
		return c
	}
	return 'A'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// counted are letters whose number counts something.
var counted = map[string]bool{
	"V": true, "VOL": true, "NO": true, "BK": true, "PT": true, "C": true, "COPY": true, "T": true, "ED": true,
}

// isFraction tells whether digits behind this part are a fraction. first is true when the part
// is the class letters that open the call number.
func isFraction(before string, first bool) bool {
	point := strings.HasSuffix(before, ".")
	before = strings.TrimRight(before, ".")
	switch {
	case before == "":
		return point
	case isDigit(before[0]):
		return point
	}
	return !counted[before] && (!first || point)
}

// appendNumber makes numbers sort by size, and before letters: their length comes first.
func appendNumber(key []byte, digits string) []byte {
	digits = strings.TrimLeft(digits, "0")
	digits = digits[:min(len(digits), 30)]
	return append(append(key, ' ', '!'+byte(len(digits))), digits...)
}

// appendFraction adds digits to what stands before them, without the blank that begins a new part:
// "598 A" stands before "598.1".
func appendFraction(key []byte, digits string) []byte {
	digits = strings.TrimRight(digits, "0")
	return append(append(key, '.'), digits...)
}
