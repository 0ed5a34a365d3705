package marc

import (
	"encoding/json"
	"fmt"
	"strings"
)

// jsonCursor walks through JSON text. After an error every step does nothing.
type jsonCursor struct {
	text string // valid UTF-8
	at   int
	err  error
}

func (c *jsonCursor) fail() {
	if c.err == nil {
		c.err = fmt.Errorf("the JSON is broken at its byte %d", c.at)
	}
}

// peek is the next character that is not white space, 0 at the end or after an error.
func (c *jsonCursor) peek() byte {
	for c.at < len(c.text) {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			if c.err != nil {
				return 0
			}
			return b
		}
	}
	return 0
}

func (c *jsonCursor) take(want byte) bool {
	if c.peek() != want {
		return false
	}
	c.at++
	return true
}

// object calls member with each key, which must read or skip the value.
func (c *jsonCursor) object(member func(key string)) {
	c.list('{', '}', func() {
		key := c.string()
		if !c.take(':') {
			c.fail()
			return
		}
		member(key)
	})
}

// array calls element once for each element, which must read or skip it.
func (c *jsonCursor) array(element func()) { c.list('[', ']', element) }

func (c *jsonCursor) list(start, end byte, element func()) {
	if !c.take(start) {
		c.fail()
		return
	}
	if c.take(end) {
		return
	}
	for c.err == nil {
		element()
		if c.take(end) {
			return
		}
		if !c.take(',') {
			c.fail()
		}
	}
}

// string reads a string; a number, true, false or null where one is expected is read as it is
// written, and null as "".
func (c *jsonCursor) string() string {
	if c.peek() != '"' {
		return c.word()
	}
	start := c.at + 1
	n := strings.IndexByte(c.text[start:], '"')
	if n < 0 {
		c.fail()
		return ""
	}
	if body := c.text[start : start+n]; strings.IndexByte(body, '\\') < 0 {
		c.at = start + n + 1
		return body
	}
	return c.escaped()
}

// escaped reads a string with escapes in it, by the standard library.
func (c *jsonCursor) escaped() string {
	end := c.at + 1
	for end < len(c.text) && c.text[end] != '"' {
		if c.text[end] == '\\' {
			end++
		}
		end++
	}
	var text string
	if end >= len(c.text) || json.Unmarshal([]byte(c.text[c.at:end+1]), &text) != nil {
		c.fail()
		return ""
	}
	c.at = end + 1
	return text
}

func (c *jsonCursor) word() string {
	start := c.at
	for c.at < len(c.text) && (isAlnum(c.text[c.at]) || strings.IndexByte("+-.", c.text[c.at]) >= 0) {
		c.at++
	}
	word := c.text[start:c.at]
	if word == "" {
		c.fail()
	}
	if word == "null" {
		return ""
	}
	return word
}

// skip passes over a value of any kind.
func (c *jsonCursor) skip() {
	switch c.peek() {
	case '{':
		c.object(func(string) { c.skip() })
	case '[':
		c.array(c.skip)
	default:
		_ = c.string()
	}
}
