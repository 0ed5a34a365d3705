package marc

import (
	"bytes"
	"io"
	"strings"
)

// jsonSplitter finds the top-level objects of a file: one alone, one a line, or the elements of
// an array.
type jsonSplitter struct{ source *source }

func (s *jsonSplitter) next() ([]byte, int64, error) {
	for {
		window := s.source.window()
		start := bytes.IndexByte(window, '{')
		if start >= 0 {
			s.source.drop(start)
			break
		}
		s.source.drop(len(window))
		if !s.source.grow() {
			if err := s.source.failed(); err != nil {
				return nil, s.source.offset, err
			}
			return nil, s.source.offset, io.EOF
		}
	}
	offset := s.source.offset
	var o objectEnd
	for from := 0; ; {
		window := s.source.window()
		n, state := o.find(window, from)
		switch state {
		case whole:
			s.source.drop(n)
			return window[:n], offset, nil
		case broken:
			s.source.drop(n)
			return nil, offset, badRecord(BadSyntax, "")
		}
		from = n
		if s.source.grow() {
			continue
		}
		window = s.source.window()
		if err := s.source.failed(); err != nil {
			return nil, offset, err
		}
		if next := nextObject(window, 1); next > 0 {
			s.source.drop(next)
			return nil, offset, badRecord(BadSyntax, "")
		}
		s.source.drop(len(window))
		if len(window) > maxRecord {
			return nil, offset, badRecord(BadTooLarge, "")
		}
		return nil, offset, badRecord(BadTruncated, "")
	}
}

// objectEnd follows an object to its closing brace.
type objectEnd struct {
	depth  int
	quoted bool
}

type objectState int

const (
	unfinished objectState = iota
	whole
	broken
)

// find goes on at from and answers where it stopped: behind the object; at the next one, when
// this one is broken; or where to go on when there is more text.
func (o *objectEnd) find(text []byte, from int) (int, objectState) {
	for i := from; i < len(text); i++ {
		c := text[i]
		if o.quoted {
			switch {
			case c == '\\':
				if i+1 == len(text) {
					return i, unfinished
				}
				i++
			case c == '"':
				o.quoted = false
			case c == '\n':
				// No string runs over a line: its closing quote is missing.
				if next := nextObject(text, i); next > 0 {
					return next, broken
				}
				o.quoted = false
			}
			continue
		}
		switch c {
		case '"':
			o.quoted = true
		case '{':
			if o.depth > 0 && startsRecord(text[i+1:]) {
				return i, broken
			}
			o.depth++
		case '}':
			if o.depth--; o.depth == 0 {
				return i + 1, whole
			}
		}
	}
	return len(text), unfinished
}

// nextObject is the first place at or behind from that begins a record, or -1. Records begin
// with their leader; nothing inside a record does.
func nextObject(text []byte, from int) int {
	for at := from; at < len(text); at++ {
		n := bytes.IndexByte(text[at:], '{')
		if n < 0 {
			return -1
		}
		at += n
		if startsRecord(text[at+1:]) {
			return at
		}
	}
	return -1
}

// startsRecord looks behind an opening brace.
func startsRecord(text []byte) bool {
	for i, c := range text {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c == '"' && bytes.HasPrefix(text[i:], []byte(`"leader"`))
		}
	}
	return false
}

func (s *jsonSplitter) parse(raw []byte, fixes *repairs) (Record, error) {
	return parseJSON(raw, fixes)
}

// Decode reads one record of MARC-in-JSON, such as Encode made.
func Decode(raw []byte) (Record, error) {
	var fixes repairs
	return parseJSON(raw, &fixes)
}

// parseJSON reads MARC-in-JSON. Its objects carry meaning in the order of their keys ("fields"
// holds objects of one key each), which is why it is read by hand.
func parseJSON(raw []byte, fixes *repairs) (Record, error) {
	c := jsonCursor{text: strings.ToValidUTF8(string(raw), "\uFFFD")}
	leader, fields := "", []Field(nil)
	subfields := make([]Subfield, 0, bytes.Count(raw, []byte(`{"`)))
	c.object(func(key string) {
		switch key {
		case "leader":
			leader = c.string()
		case "fields":
			fields = make([]Field, 0, bytes.Count(raw, []byte("ind1"))+8)
			c.array(func() {
				c.object(func(tag string) { fields = append(fields, jsonField(&c, tag, &subfields, fixes)) })
			})
		default:
			c.skip()
		}
	})
	if c.err != nil {
		return Record{}, badRecord(BadSyntax, c.err.Error())
	}
	return finishRecord(leader, fields, fixes)
}

func jsonField(c *jsonCursor, tag string, list *[]Subfield, fixes *repairs) Field {
	if c.peek() == '"' {
		return Field{Tag: tag, Value: cleanText(c.string(), tag, fixes)}
	}
	field := Field{Tag: tag, Ind1: ' ', Ind2: ' '}
	first := len(*list)
	c.object(func(key string) {
		switch key {
		case "ind1":
			field.Ind1 = indicatorOf(c.string(), tag, fixes)
		case "ind2":
			field.Ind2 = indicatorOf(c.string(), tag, fixes)
		case "subfields":
			c.array(func() {
				c.object(func(code string) {
					*list = append(*list, Subfield{codeOf(code, tag, fixes), cleanText(c.string(), tag, fixes)})
				})
			})
		default:
			c.skip()
		}
	})
	field.Subfields = (*list)[first:len(*list):len(*list)]
	return field
}
