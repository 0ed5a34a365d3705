package marc

import (
	"fmt"
	"strings"

	"carrel/internal/isbn"

	"golang.org/x/text/unicode/norm"
)

// Draft is a record as it is typed field by field, with whatever mistakes. Indicators are one character, a blank written " " or left out; a field has a
// value (tags 00X) or subfields.
type Draft struct {
	Leader string       `json:"leader"`
	Fields []DraftField `json:"fields"`
}

// DraftField is one field of a Draft.
type DraftField struct {
	Tag       string          `json:"tag"`
	Ind1      string          `json:"ind1"`
	Ind2      string          `json:"ind2"`
	Value     string          `json:"value,omitempty"`
	Subfields []DraftSubfield `json:"subfields,omitempty"`
}

// DraftSubfield is one subfield of a Draft.
type DraftSubfield struct {
	Code  string `json:"code"`
	Value string `json:"value"`
}

// Problem is something wrong with a Draft and its place, "fields.3.subfields.0". A hard one keeps it from being a record.
type Problem struct {
	At   string
	Code string // one of the Problem constants
	What string // of it: the text that is wrong
	Hard bool
}

// What may be wrong with a draft.
const (
	ProblemLeader    = "leader"    // not 24 characters, or others than letters and digits in it
	ProblemTag       = "tag"       // not three digits or letters
	ProblemIndicator = "indicator" // not a blank, a digit or a small letter
	ProblemSubfield  = "code"      // a code that is not one letter, digit or sign
	ProblemKind      = "kind"      // subfields in a control field, or a value in another one
	ProblemEmpty     = "empty"     // a field that says nothing; it is left out
	ProblemNoTitle   = "no_title"  // no 245 $a
	ProblemTitles    = "titles"    // a second 245
	ProblemControl   = "control"   // control characters, which were taken out
	ProblemISBN      = "isbn"      // a check digit that does not fit
	ProblemFixed     = "fixed"     // 008 is not 40 characters
	ProblemLong      = "long"      // longer than ISO 2709 holds: it is exported as MARCXML
)

// DraftOf is a record to be typed in.
func DraftOf(r Record) Draft {
	draft := Draft{Leader: r.Leader, Fields: make([]DraftField, 0, len(r.Fields))}
	for _, field := range r.Fields {
		if field.IsControl() {
			draft.Fields = append(draft.Fields, DraftField{Tag: field.Tag, Value: field.Value})
			continue
		}
		typed := DraftField{Tag: field.Tag, Ind1: string(rune(max(field.Ind1, ' '))), Ind2: string(rune(max(field.Ind2, ' ')))}
		for _, sub := range field.Subfields {
			typed.Subfields = append(typed.Subfields, DraftSubfield{string(rune(sub.Code)), sub.Value})
		}
		draft.Fields = append(draft.Fields, typed)
	}
	return draft
}

// checker gathers what is wrong with a draft.
type checker struct{ problems []Problem }

func (c *checker) add(hard bool, code, what, place string, at ...any) {
	c.problems = append(c.problems, Problem{At: fmt.Sprintf(place, at...), Code: code, What: what, Hard: hard})
}

// Check makes a record of a draft and says what is wrong with it. Control characters are taken out: they come along when text is pasted, nobody types
// them, and in a record they are the ends of fields. With a hard problem the record is not to be kept.
func (d Draft) Check() (Record, []Problem) {
	var c checker
	r := Record{}
	var wrong bool
	if r.Leader, wrong = cleanLeader(d.Leader); wrong {
		c.add(true, ProblemLeader, d.Leader, "leader")
	}
	titles := 0
	for i, typed := range d.Fields {
		field, ok := c.field(i, typed)
		if !ok {
			continue
		}
		if field.Tag == "245" && field.First('a') != "" {
			if titles++; titles == 2 {
				c.add(false, ProblemTitles, "", "fields.%d", i)
			}
		}
		r.Fields = append(r.Fields, field)
	}
	if titles == 0 {
		c.add(true, ProblemNoTitle, "", "fields")
	}
	if _, err := AppendISO2709(nil, r); err != nil && len(c.problems) == 0 {
		c.add(false, ProblemLong, "", "fields")
	}
	return r, c.problems
}

// field makes a field of a typed one; false for one that says nothing.
func (c *checker) field(i int, typed DraftField) (Field, bool) {
	if !validTag([]byte(typed.Tag)) || typed.Tag == "000" {
		c.add(true, ProblemTag, typed.Tag, "fields.%d.tag", i)
	}
	field := Field{Tag: typed.Tag}
	if isControlTag(typed.Tag) {
		if len(typed.Subfields) > 0 {
			c.add(true, ProblemKind, typed.Tag, "fields.%d", i)
		}
		field.Value = c.text(typed.Value, "fields.%d", i)
		if field.Value == "" {
			c.add(false, ProblemEmpty, typed.Tag, "fields.%d", i)
		}
		if n := len([]rune(field.Value)); typed.Tag == "008" && n != 40 {
			c.add(false, ProblemFixed, fmt.Sprint(n), "fields.%d", i)
		}
		return field, field.Value != ""
	}
	if typed.Value != "" {
		c.add(true, ProblemKind, typed.Tag, "fields.%d", i)
	}
	field.Ind1 = c.indicator(typed.Ind1, "fields.%d.ind1", i)
	field.Ind2 = c.indicator(typed.Ind2, "fields.%d.ind2", i)
	said := false
	for j, sub := range typed.Subfields {
		if len(sub.Code) != 1 || !validCode(sub.Code[0]) {
			c.add(true, ProblemSubfield, sub.Code, "fields.%d.subfields.%d", i, j)
			continue
		}
		value := c.text(sub.Value, "fields.%d.subfields.%d", i, j)
		said = said || value != ""
		field.Subfields = append(field.Subfields, Subfield{sub.Code[0], value})
	}
	if !said {
		c.add(false, ProblemEmpty, typed.Tag, "fields.%d", i)
	}
	if number, ok := isbn.Parse(field.First('a')); typed.Tag == "020" && ok && !number.Valid {
		c.add(false, ProblemISBN, number.Text, "fields.%d.subfields.%d", i, field.index('a'))
	}
	return field, said
}

func (c *checker) indicator(text, place string, i int) byte {
	switch {
	case text == "":
		return ' '
	case len(text) == 1 && (text[0] == ' ' || isDigit(text[0]) || 'a' <= text[0] && text[0] <= 'z'):
		return text[0]
	}
	c.add(true, ProblemIndicator, text, place, i)
	return ' '
}

// text takes the control characters out of a text; line ends, tabs and the marks around what is not sorted stay.
func (c *checker) text(text, place string, at ...any) string {
	var gone []string
	kept := strings.Map(func(r rune) rune {
		switch {
		case allowed(r) < 0 || r >= 0x7F && r < 0xA0 && r != nonSortBegin && r != nonSortEnd:
			gone = append(gone, fmt.Sprintf("U+%04X", r))
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if len(gone) > 0 {
		c.add(false, ProblemControl, strings.Join(gone, " "), place, at...)
	}
	return norm.NFC.String(kept)
}
