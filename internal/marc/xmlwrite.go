package marc

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	xmlHeader = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<collection xmlns="http://www.loc.gov/MARC21/slim">` + "\n"
	xmlFooter = "</collection>\n"
)

// XMLWriter writes a collection in MARCXML that is valid against the Library of Congress schema
// (MARC21slim.xsd): control fields first, and nothing the schema does not know.
type XMLWriter struct {
	out    *bufio.Writer
	buffer []byte
	count  int
}

// NewXMLWriter begins a collection; Close ends it.
func NewXMLWriter(out io.Writer) *XMLWriter {
	return &XMLWriter{out: bufio.NewWriter(out)}
}

// Write adds a record and says what of it MARCXML could not take. Repair.Record counts the
// records written; there is no offset.
func (w *XMLWriter) Write(r Record) ([]Repair, error) {
	w.begin()
	var fixes repairs
	w.buffer = appendXML(w.buffer[:0], r, &fixes)
	_, err := w.out.Write(w.buffer)
	w.count++
	for i := range fixes {
		fixes[i].Record = w.count
	}
	return fixes, err
}

// Close ends the collection; it does not close the writer below.
func (w *XMLWriter) Close() error {
	w.begin()
	_, _ = w.out.WriteString(xmlFooter) // a failed write comes back from Flush
	return w.out.Flush()
}

func (w *XMLWriter) begin() {
	if w.count == 0 && w.out.Buffered() == 0 {
		_, _ = w.out.WriteString(xmlHeader) // a failed write comes back from Flush
	}
}

func appendXML(dst []byte, r Record, fixes *repairs) []byte {
	leader, _ := cleanLeader(r.Leader)
	dst = append(dst, "<record>\n  <leader>"...)
	dst = append(append(dst, leader...), "</leader>\n"...)
	for _, field := range r.Fields {
		if field.IsControl() {
			dst = appendXMLControl(dst, field, fixes)
		}
	}
	for _, field := range r.Fields {
		if !field.IsControl() {
			dst = appendXMLData(dst, field, fixes)
		}
	}
	return append(dst, "</record>\n"...)
}

func appendXMLControl(dst []byte, field Field, fixes *repairs) []byte {
	if len(field.Tag) != 3 || !isAlnum(field.Tag[2]) || field.Tag == "000" {
		fixes.add(RepairTag, field.Tag)
		return dst
	}
	dst = append(append(dst, `  <controlfield tag="`...), field.Tag...)
	dst = appendXMLText(append(dst, `">`...), field.Value, field.Tag, fixes)
	return append(dst, "</controlfield>\n"...)
}

func appendXMLData(dst []byte, field Field, fixes *repairs) []byte {
	if !xmlTagAllowed(field.Tag) || len(field.Subfields) == 0 {
		fixes.add(RepairTag, field.Tag)
		return dst
	}
	dst = append(append(dst, `  <datafield tag="`...), field.Tag...)
	dst = append(append(dst, `" ind1="`...), xmlIndicator(field.Ind1, field.Tag, fixes))
	dst = append(append(dst, `" ind2="`...), xmlIndicator(field.Ind2, field.Tag, fixes))
	dst = append(dst, "\">\n"...)
	for _, sub := range field.Subfields {
		code := sub.Code
		if !validCode(code) {
			fixes.add(RepairSubfieldCode, field.Tag)
			code = 'a'
		}
		dst = append(dst, `    <subfield code="`...)
		dst = appendXMLText(dst, string(rune(code)), field.Tag, fixes)
		dst = append(dst, `">`...)
		dst = appendXMLText(dst, sub.Value, field.Tag, fixes)
		dst = append(dst, "</subfield>\n"...)
	}
	return append(dst, "  </datafield>\n"...)
}

// xmlTagAllowed follows the schema: letters all large or all small.
func xmlTagAllowed(tag string) bool {
	return validTag([]byte(tag)) && (strings.ToUpper(tag) == tag || strings.ToLower(tag) == tag)
}

// xmlIndicator follows the schema: a small letter, a digit or a blank.
func xmlIndicator(ind byte, tag string, fixes *repairs) byte {
	if ind == ' ' || isDigit(ind) || 'a' <= ind && ind <= 'z' {
		return ind
	}
	fixes.add(RepairIndicator, tag)
	return ' '
}

func appendXMLText(dst []byte, text, tag string, fixes *repairs) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			if allowed(r) < 0 {
				fixes.add(RepairControlChar, tag)
			} else {
				dst = utf8.AppendRune(dst, r)
			}
			i += n
			continue
		}
		i++
		switch {
		case c == '&':
			dst = append(dst, "&amp;"...)
		case c == '<':
			dst = append(dst, "&lt;"...)
		case c == '>':
			dst = append(dst, "&gt;"...)
		case c == '"':
			dst = append(dst, "&quot;"...)
		case c == '\r':
			dst = append(dst, "&#13;"...) // a bare one would be read as a line feed
		case allowed(rune(c)) < 0:
			fixes.add(RepairControlChar, tag)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
