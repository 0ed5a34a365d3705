package marc

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrTooLong is a record that ISO 2709 cannot hold: more than 99,999 bytes, or a field of more
// than 9,999. MARCXML and MARC-in-JSON know no such limit.
var ErrTooLong = errors.New("the record is too long for ISO 2709")

const (
	maxISORecord = 99_999
	maxISOField  = 9_999
)

// AppendISO2709 appends the record in ISO 2709 and UTF-8, its fields in their own order. It
// answers dst unchanged and ErrTooLong when the record does not fit the format, or another error
// when a tag is not three letters or digits.
func AppendISO2709(dst []byte, r Record) ([]byte, error) {
	start := len(dst)
	base := leaderLength + len(r.Fields)*directoryEntry + 1
	leader, _ := cleanLeader(r.Leader)
	out := append(dst, leader...)
	var data []byte
	for _, field := range r.Fields {
		if !validTag([]byte(field.Tag)) {
			return dst, fmt.Errorf("field %q: a tag is three letters or digits", field.Tag)
		}
		from := len(data)
		data = appendISOField(data, field)
		if len(data)-from > maxISOField || len(data) > maxISORecord {
			return dst, fmt.Errorf("field %s: %w", field.Tag, ErrTooLong)
		}
		out = append(out, field.Tag...)
		out = appendPadded(out, len(data)-from, 4)
		out = appendPadded(out, from, 5)
	}
	out = append(out, fieldEnd)
	out = append(out, data...)
	out = append(out, recordEnd)
	length := len(out) - start
	if length > maxISORecord {
		return dst, ErrTooLong
	}
	appendPadded(out[start:start], length, 5)
	appendPadded(out[start+12:start+12], base, 5)
	return out, nil
}

func appendISOField(data []byte, field Field) []byte {
	if field.IsControl() {
		return append(appendISOText(data, field.Value), fieldEnd)
	}
	data = append(data, max(field.Ind1, ' '), max(field.Ind2, ' '))
	for _, sub := range field.Subfields {
		data = append(data, subfieldStart, sub.Code)
		data = appendISOText(data, sub.Value)
	}
	return append(data, fieldEnd)
}

// appendISOText leaves out the separators of the format, which a pasted text may bring along.
func appendISOText(data []byte, text string) []byte {
	if !strings.ContainsAny(text, "\x1D\x1E\x1F") {
		return append(data, text...)
	}
	return append(data, strings.Map(allowed, text)...)
}

// appendPadded appends n in decimal with leading zeros.
func appendPadded(dst []byte, n, width int) []byte {
	dst = append(dst, "00000"[:width]...)
	for i := len(dst) - 1; n > 0; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}

// Encode is the record as one line of compact MARC-in-JSON, the form in which Carrel stores it:
// nothing is lost and nothing reordered.
func Encode(r Record) []byte {
	return AppendJSON(make([]byte, 0, 4096), r)
}

// AppendJSON appends the record as compact MARC-in-JSON, without a line end.
func AppendJSON(dst []byte, r Record) []byte {
	dst = append(dst, `{"leader":`...)
	dst = appendQuoted(dst, r.Leader)
	dst = append(dst, `,"fields":[`...)
	for i, field := range r.Fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		dst = appendQuoted(dst, field.Tag)
		dst = append(dst, ':')
		dst = appendJSONField(dst, field)
		dst = append(dst, '}')
	}
	return append(dst, "]}"...)
}

func appendJSONField(dst []byte, field Field) []byte {
	if field.IsControl() {
		return appendQuoted(dst, field.Value)
	}
	dst = append(dst, `{"ind1":`...)
	dst = appendQuoted(dst, string(rune(max(field.Ind1, ' '))))
	dst = append(dst, `,"ind2":`...)
	dst = appendQuoted(dst, string(rune(max(field.Ind2, ' '))))
	dst = append(dst, `,"subfields":[`...)
	for i, sub := range field.Subfields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		dst = appendQuoted(dst, string(rune(sub.Code)))
		dst = append(dst, ':')
		dst = appendQuoted(dst, sub.Value)
		dst = append(dst, '}')
	}
	return append(dst, "]}"...)
}

// appendQuoted appends a JSON string (RFC 8259, section 7). Invalid UTF-8 becomes U+FFFD.
func appendQuoted(dst []byte, text string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, text[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += n
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, text[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	return append(append(dst, text[from:]...), '"')
}
