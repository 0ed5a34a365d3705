package marc

import (
	"fmt"
	"strconv"
	"strings"
)

// A spec names places in a record:
//
//	245abnp        subfields a, b, n, p of every field 245, in the order of the record
//	264|*1|b       the same for fields whose indicators match; * matches any
//	008[35-37]     characters 35 to 37 of a control field, counting from 0; LDR is the leader
//	001            a whole control field; all subfields of a data field
//	100ab:110ab    one after the other
//	6**a           * matches any character of a tag
type spec []place

type place struct {
	tag        string
	number     int  // the tag as a number, -1 when it is none
	ind1, ind2 byte // '*' for any
	codes      string
	from, to   int // characters, to not included; 0,0 for all
}

// mustSpec parses a spec of the program's own; a wrong one is a mistake in the program.
func mustSpec(text string) spec {
	parsed, err := parseSpec(text)
	if err != nil {
		panic(err)
	}
	return parsed
}

func parseSpec(text string) (spec, error) {
	var parsed spec
	for part := range strings.SplitSeq(text, ":") {
		at, err := parsePlace(part)
		if err != nil {
			return nil, fmt.Errorf("marc: spec %q: %w", part, err)
		}
		parsed = append(parsed, at)
	}
	return parsed, nil
}

func parsePlace(text string) (place, error) {
	if len(text) < 3 {
		return place{}, fmt.Errorf("a tag has three characters")
	}
	at := place{tag: text[:3], number: tagNumber(text[:3]), ind1: '*', ind2: '*'}
	rest := text[3:]
	if strings.HasPrefix(rest, "|") {
		if len(rest) < 4 || rest[3] != '|' {
			return place{}, fmt.Errorf("indicators are written |12|")
		}
		at.ind1, at.ind2, rest = rest[1], rest[2], rest[4:]
	}
	span, isSpan := strings.CutPrefix(rest, "[")
	if !isSpan {
		at.codes = rest
		return at, nil
	}
	span, closed := strings.CutSuffix(span, "]")
	first, last, isRange := strings.Cut(span, "-")
	if !isRange {
		last = first
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if !closed || err1 != nil || err2 != nil || from < 0 || to < from {
		return place{}, fmt.Errorf("characters are written [first-last]")
	}
	at.from, at.to = from, to+1
	return at, nil
}

// tagNumber is a tag as a number, -1 for one with letters.
func tagNumber(tag string) int {
	if len(tag) != 3 || !isDigit(tag[0]) || !isDigit(tag[1]) || !isDigit(tag[2]) {
		return -1
	}
	return int(tag[0]-'0')*100 + int(tag[1]-'0')*10 + int(tag[2]-'0')
}

// tagSet is the numbers of the tags a record has.
type tagSet [1000]bool

func (r *Record) tags() *tagSet {
	var set tagSet
	for i := range r.Fields {
		if number := tagNumber(r.Fields[i].Tag); number >= 0 {
			set[number] = true
		}
	}
	return &set
}

// within appends to dst the places the record may have: most rules ask for most tags in vain.
func (s spec) within(tags *tagSet, dst spec) spec {
	for _, at := range s {
		if at.number < 0 || tags[at.number] {
			dst = append(dst, at)
		}
	}
	return dst
}

func (p *place) matches(field *Field) bool {
	if len(field.Tag) != 3 {
		return false
	}
	for i := range 3 {
		if p.tag[i] != field.Tag[i] && p.tag[i] != '*' {
			return false
		}
	}
	return field.IsControl() || (p.ind1 == '*' || p.ind1 == field.Ind1) && (p.ind2 == '*' || p.ind2 == field.Ind2)
}

// has tells whether the subfield is one the place names.
func (p *place) has(code byte) bool {
	return p.codes == "" || strings.IndexByte(p.codes, code) >= 0
}

// text is what the place names in one field, subfields joined by a blank.
func (p *place) text(field *Field) string {
	if field.IsControl() {
		return p.cut(field.Value)
	}
	var first string
	var joined []byte
	for i := range field.Subfields {
		sub := &field.Subfields[i]
		switch value := sub.Value; {
		case !p.has(sub.Code) || value == "":
		case first == "":
			first = value
		case joined == nil:
			joined = append(append(append(joined, first...), ' '), value...)
		default:
			joined = append(append(joined, ' '), value...)
		}
	}
	if joined != nil {
		return p.cut(string(joined))
	}
	return p.cut(first)
}

// cut takes the characters the place names; text that is too short gives "".
func (p *place) cut(text string) string {
	if p.to == 0 {
		return text
	}
	if len(text) < p.to {
		return ""
	}
	return text[p.from:p.to]
}

// each calls found with every field the spec names, place by place, in the order of the record.
func (s spec) each(r *Record, found func(*Field, *place)) {
	for i := range s {
		for j := range r.Fields {
			if s[i].matches(&r.Fields[j]) {
				found(&r.Fields[j], &s[i])
			}
		}
	}
}

// all is the texts the spec names, one for a field, without empty ones.
func (s spec) all(r *Record) []string {
	var texts []string
	s.each(r, func(field *Field, at *place) {
		if text := strings.TrimSpace(at.text(field)); text != "" {
			texts = append(texts, text)
		}
	})
	return texts
}

// first is the first text the spec names, or "".
func (s spec) first(r *Record) string {
	for i := range s {
		if s[i].tag == "LDR" {
			return s[i].cut(r.Leader)
		}
		for j := range r.Fields {
			if !s[i].matches(&r.Fields[j]) {
				continue
			}
			if text := strings.TrimSpace(s[i].text(&r.Fields[j])); text != "" {
				return text
			}
		}
	}
	return ""
}
