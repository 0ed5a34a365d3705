package ical

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"golang.org/x/text/encoding/charmap"
)

// property is one content line (RFC 5545, section 3.1), its name and the names of its parameters in capitals.
type property struct {
	line   int
	params map[string]string
	value  string
}

// block is one VEVENT.
type block struct {
	line  int
	props map[string][]property
}

func (b block) first(name string) (property, bool) {
	if all := b.props[name]; len(all) > 0 {
		return all[0], true
	}
	return property{}, false
}

func (b block) text(name string) string {
	p, _ := b.first(name)
	return strings.TrimSpace(p.value)
}

// summary is the event's name on one line, in UTF-8 without control characters.
func (b block) summary() string {
	words := strings.Join(strings.Fields(b.text("SUMMARY")), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, words)
}

// wanted are the properties that matter. The rest, however broken, costs nothing.
var wanted = map[string]bool{
	"UID": true, "SUMMARY": true, "STATUS": true, "DTSTART": true, "DTEND": true, "DURATION": true,
	"RRULE": true, "RDATE": true, "EXDATE": true, "RECURRENCE-ID": true,
}

// cuts are the events of a file.
type cuts struct {
	calendar bool // the file says that it is one
	blocks   []block
	problems []Problem
	open     *block
	depth    int // of components inside the open event, such as alarms
}

func cut(data []byte) *cuts {
	c := &cuts{}
	for content, line := range contentLines(data) {
		c.take(content, line)
	}
	c.abandon()
	return c
}

func (c *cuts) take(content string, line int) {
	name, rest, _ := strings.Cut(content, ":")
	name, rest = strings.ToUpper(strings.TrimSpace(name)), strings.ToUpper(strings.TrimSpace(rest))
	switch {
	case name == "BEGIN" && rest == "VCALENDAR":
		c.abandon()
		c.calendar = true
	case name == "BEGIN" && rest == "VEVENT":
		c.abandon()
		c.open = &block{line: line, props: map[string][]property{}}
	case name == "END" && rest == "VCALENDAR":
		c.abandon()
	case c.open == nil:
	case name == "END" && rest == "VEVENT":
		c.blocks = append(c.blocks, *c.open)
		c.open, c.depth = nil, 0
	case name == "BEGIN":
		c.depth++
	case name == "END":
		c.depth = max(0, c.depth-1)
	case c.depth == 0:
		c.keep(content, line)
	}
}

// abandon gives up an event that never ended.
func (c *cuts) abandon() {
	if c.open != nil {
		c.problems = append(c.problems, Problem{Line: c.open.line, Code: Unfinished, Skipped: true})
	}
	c.open, c.depth = nil, 0
}

func (c *cuts) keep(content string, line int) {
	end := strings.IndexAny(content, ":;")
	if end < 0 {
		return
	}
	name := strings.ToUpper(strings.TrimSpace(content[:end]))
	if wanted[name] {
		c.open.props[name] = append(c.open.props[name], parsed(name, content[end:], line))
	}
}

// parsed reads what follows the name. Parameters that cannot be read are dropped: the value may do without.
func parsed(name, rest string, line int) property {
	p := property{line: line, params: map[string]string{}}
	base, err := ics.ParseProperty(ics.ContentLine(name + rest))
	if err != nil || base == nil {
		_, value, _ := strings.Cut(rest, ":")
		p.value = ics.FromText(value)
		return p
	}
	p.value = base.Value
	for key, values := range base.ICalParameters {
		p.params[strings.ToUpper(key)] = strings.Join(values, ",")
	}
	return p
}

// contentLines yields the unfolded lines that hold something, each with the number of its first line. Lines end
// at LF, CRLF or a lone CR. What is not UTF-8 is Windows-1252, told apart only here, since a fold may split a letter.
func contentLines(data []byte) iter.Seq2[string, int] {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	lines := bytes.Split(data, []byte("\n"))
	return func(yield func(string, int) bool) {
		for i := 0; i < len(lines); {
			first := i
			content := slices.Clone(lines[i])
			for i++; i < len(lines) && folded(lines[i]); i++ {
				content = append(content, lines[i][1:]...)
			}
			if len(bytes.TrimSpace(content)) > 0 && !yield(decoded(content), first+1) {
				return
			}
		}
	}
}

// folded tells that a line goes on with the one before (RFC 5545, section 3.1).
func folded(line []byte) bool { return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') }

func decoded(content []byte) string {
	if utf8.Valid(content) {
		return string(content)
	}
	// Windows-1252 gives every byte a meaning or U+FFFD: there is no error to handle.
	text, _ := charmap.Windows1252.NewDecoder().String(string(content))
	return text
}
