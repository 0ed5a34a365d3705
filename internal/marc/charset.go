package marc

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// textReader turns the bytes of one ISO 2709 record into text. Leader position 9 says UTF-8
// ("a") or MARC-8 (anything else), and real files lie in both directions, some of them from
// field to field; so the bytes decide.
type textReader struct {
	raw     []byte
	text    string // the same as text, which shares its memory with the values cut from it
	isText  bool   // all of it is UTF-8
	saysUTF bool
	fixes   *repairs
}

func newTextReader(raw []byte, leader9 byte, fixes *repairs) textReader {
	t := textReader{raw: raw, text: string(raw), saysUTF: leader9 == 'a', fixes: fixes}
	switch {
	case isASCII(raw):
		t.isText = !bytes.Contains(raw, []byte{escape}) && (t.saysUTF || !bytes.Contains(raw, []byte("&#x")))
	case utf8.Valid(raw):
		t.isText = !bytes.Contains(raw, []byte{escape})
		if t.isText && !t.saysUTF {
			fixes.add(RepairUTF8, "")
		}
	}
	return t
}

// slice is the clean text of raw[from:to].
func (t *textReader) slice(from, to int, tag string) string {
	text := t.text[from:to]
	if !t.isText && !(isASCII(text) && strings.IndexByte(text, escape) < 0 && strings.IndexByte(text, '&') < 0) {
		text = t.decode(t.raw[from:to], tag)
	}
	return cleanText(text, tag, t.fixes)
}

// decode reads a value of a record that is not UTF-8 from end to end.
func (t *textReader) decode(raw []byte, tag string) string {
	escaped := bytes.IndexByte(raw, escape) >= 0
	if !escaped && (isASCII(raw) && t.saysUTF) {
		return string(raw)
	}
	if !escaped && !isASCII(raw) && utf8.Valid(raw) {
		// Valid multi-byte UTF-8 does not happen by chance in MARC-8, whose marks stand before
		// plain letters.
		if !t.saysUTF {
			t.fixes.add(RepairUTF8, tag)
		}
		return string(raw)
	}
	marc8 := decodeMARC8(raw)
	switch {
	case t.saysUTF && hasMultibyte(raw):
		t.fixes.add(RepairBadBytes, tag)
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	case t.saysUTF && marc8.bad+marc8.lonely == 0 && marc8.western == marc8.marked:
		t.fixes.add(RepairMARC8, tag)
	case !escaped && marc8.western == 0 && isLatin1(raw) && (t.saysUTF || marc8.bad+marc8.lonely > 0):
		// "Café" as Latin-1 is, as MARC-8, a mark without a letter. Where both readings make sense
		// MARC-8 is believed, unless the record itself says it is not.
		t.fixes.add(RepairLatin1, tag)
		latin, _ := charmap.Windows1252.NewDecoder().Bytes(raw)
		return string(latin)
	case marc8.bad > 0:
		t.fixes.add(RepairBadBytes, tag)
	}
	return string(marc8.out)
}

// hasMultibyte tells whether bytes that are not UTF-8 as a whole hold characters that are.
func hasMultibyte(raw []byte) bool {
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if n > 1 && r != utf8.RuneError {
			return true
		}
		raw = raw[n:]
	}
	return false
}

// isLatin1 tells whether everything beyond ASCII is a letter or common sign in Windows-1252.
func isLatin1(raw []byte) bool {
	for _, c := range raw {
		if 0x80 <= c && c < 0xA0 && c != 0x85 && (c < 0x91 || c > 0x97) {
			return false
		}
	}
	return true
}

func isASCII[T string | []byte](text T) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// cleanText is text in normal form C without the characters that neither XML nor ISO 2709 can
// hold in a value.
func cleanText(text, tag string, fixes *repairs) string {
	plain := true
	for i := range len(text) {
		if c := text[i]; c >= 0x80 || c < 0x20 {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	clean := strings.Map(allowed, text)
	if len(clean) != len(text) {
		fixes.add(RepairControlChar, tag)
	}
	return norm.NFC.String(clean)
}

// allowed follows XML 1.0, section 2.2; the separators of ISO 2709 are among what it forbids.
func allowed(r rune) rune {
	if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return -1
	}
	return r
}
