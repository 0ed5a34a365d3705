// Package marc reads and writes MARC 21 records, and says in plain values what they are about.
//
// The reader takes ISO 2709 (in UTF-8 or MARC-8), MARCXML and MARC-in-JSON, recognised by
// content, and forgives what real files get wrong: every repair and every record it has to skip
// is reported with its place, and a bad record never costs its neighbour. Inside Carrel text is
// UTF-8 in Unicode normal form C.
//
// Facts and Items turn a record into the values a catalogue needs; what they look at is
// written down as data in extract.go and itemtags.go.
package marc

import "strings"

// leaderLength is the length of every leader, ISO 2709 and MARC 21 "Leader".
const leaderLength = 24

// Record is one MARC record. The leader is always 24 characters; the places that only describe
// an exchange file (lengths, encoding, entry map) hold fixed values, see cleanLeader.
//
// The texts of a record that was read share one piece of memory, and so may facts taken from it:
// who keeps a few of them for long should keep a strings.Clone.
type Record struct {
	Leader string
	Fields []Field
}

// Field is a control field (tags 00X, with a Value) or a data field (indicators and subfields).
// A blank indicator is a space.
type Field struct {
	Tag        string
	Value      string
	Ind1, Ind2 byte
	Subfields  []Subfield
}

// Subfield is one coded part of a data field.
type Subfield struct {
	Code  byte
	Value string
}

// isControlTag tells whether fields of this tag have a value instead of subfields.
func isControlTag(tag string) bool { return strings.HasPrefix(tag, "00") }

// IsControl tells whether the field has a value instead of subfields.
func (f Field) IsControl() bool { return isControlTag(f.Tag) }

// First is the value of the first subfield with this code, or "".
func (f Field) First(code byte) string {
	for _, sub := range f.Subfields {
		if sub.Code == code {
			return sub.Value
		}
	}
	return ""
}

// Has tells whether the field has a subfield with this code.
func (f Field) Has(code byte) bool {
	for _, sub := range f.Subfields {
		if sub.Code == code {
			return true
		}
	}
	return false
}

// Control is the value of the first control field with this tag, or "".
func (r Record) Control(tag string) string {
	for _, field := range r.Fields {
		if field.Tag == tag {
			return field.Value
		}
	}
	return ""
}

// Same tells whether two records say the same: leader, fields, indicators, subfields and their
// order. Only the order between control and data fields is free, because MARCXML demands control
// fields first and a record must survive a journey through it.
func (r Record) Same(other Record) bool {
	if r.Leader != other.Leader || len(r.Fields) != len(other.Fields) {
		return false
	}
	for _, control := range []bool{true, false} {
		i, j := -1, -1
		for {
			i, j = r.next(i, control), other.next(j, control)
			if i < 0 || j < 0 {
				break
			}
			if !r.Fields[i].same(other.Fields[j]) {
				return false
			}
		}
		if i != j {
			return false
		}
	}
	return true
}

// next is the index of the first field of the kind behind index i, or -1.
func (r Record) next(i int, control bool) int {
	for i++; i < len(r.Fields); i++ {
		if r.Fields[i].IsControl() == control {
			return i
		}
	}
	return -1
}

func (f Field) same(other Field) bool {
	if f.Tag != other.Tag || f.Value != other.Value || len(f.Subfields) != len(other.Subfields) {
		return false
	}
	if !f.IsControl() && (f.Ind1 != other.Ind1 || f.Ind2 != other.Ind2) {
		return false
	}
	for i, sub := range f.Subfields {
		if sub != other.Subfields[i] {
			return false
		}
	}
	return true
}

// cleanLeader makes a leader of 24 characters that every writer may use as it is. Positions
// 0-4, 9-16 and 20-23 describe the file a record came in, not the record: they get fixed values
// (UTF-8, two indicators, one-character codes), so that the same record from two files is equal.
// Of the others, anything but letters and digits becomes a blank: "-", "^", "#" and "|" are
// ways in which files write one, and the MARCXML schema allows none of them. Position 6, which
// must not be blank, becomes "a" (text), the commonest by far.
// The second answer is true when the leader was wrong beyond such ways of writing a blank.
func cleanLeader(raw string) (string, bool) {
	leader := []byte("00000 a  a2200000   4500")
	wrong := len(raw) != leaderLength
	for _, i := range [...]int{5, 6, 7, 8, 17, 18, 19} {
		if i >= len(raw) || i > 8 && len(raw) != leaderLength {
			break
		}
		if c := raw[i]; isAlnum(c) {
			leader[i] = c
		} else if !strings.ContainsRune(" -^#|\\_?", rune(c)) || i == 6 {
			wrong = true
		}
	}
	return string(leader), wrong
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
