package marc

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// This is the little of XML that MARCXML uses, read by hand: a checking parser gives up at the
// first control character or unclosed element, and with it the rest of the file.

// xmlTag is one tag of a text: its place from "<" to behind ">", and its name without prefix.
type xmlTag struct {
	from, to int
	name     string // "" for comments, declarations and the like
	closing  bool
	empty    bool // closes itself
	inside   []byte
}

// nextTag finds the first tag in text at or behind from. It is false when there is none, or its
// end is not in text.
func nextTag(text []byte, from int) (xmlTag, bool) {
	n := bytes.IndexByte(text[from:], '<')
	if n < 0 {
		return xmlTag{from: len(text)}, false
	}
	tag := xmlTag{from: from + n}
	rest := text[tag.from:]
	if end := sectionEnd(rest); end != "" {
		n := bytes.Index(rest, []byte(end))
		tag.to = tag.from + n + len(end)
		return tag, n >= 0
	}
	inside, n := tagEnd(rest)
	if n < 0 {
		return tag, false
	}
	tag.to = tag.from + n
	tag.read(rest[1:inside])
	return tag, true
}

// sectionEnd is what ends the comment, CDATA section or instruction text begins with, or "".
func sectionEnd(text []byte) string {
	switch {
	case len(text) > 1 && text[1] != '!' && text[1] != '?':
		return ""
	case bytes.HasPrefix(text, []byte("<!--")):
		return "-->"
	case bytes.HasPrefix(text, []byte("<![CDATA[")):
		return "]]>"
	case bytes.HasPrefix(text, []byte("<?")):
		return "?>"
	}
	return ""
}

// tagEnd is the end of what is inside a tag, and of the tag itself behind its ">"; -1 when there
// is none. One inside quotes does not count. A tag that is never closed ends where the next begins.
func tagEnd(text []byte) (inside, end int) {
	var quote byte
	for i, c := range text {
		switch {
		case quote == 0 && c == '>':
			return i, i + 1
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		case c == '<' && i > 0:
			if n := bytes.IndexByte(text[:i], '>'); n >= 0 {
				return n, n + 1 // a quote was left open
			}
			return i, i
		}
	}
	return -1, -1
}

func (t *xmlTag) read(inside []byte) {
	if bytes.HasPrefix(inside, []byte("/")) {
		t.closing, inside = true, inside[1:]
	}
	if bytes.HasSuffix(inside, []byte("/")) {
		t.empty, inside = true, inside[:len(inside)-1]
	}
	n := 0
	for n < len(inside) && inside[n] > ' ' {
		n++
	}
	t.inside = inside[n:]
	name := inside[:n]
	name = name[bytes.IndexByte(name, ':')+1:]
	t.name = knownName(name)
}

// knownName spares an allocation for the names that matter.
func knownName(name []byte) string {
	for _, known := range [...]string{"subfield", "datafield", "controlfield", "record", "leader"} {
		if string(name) == known {
			return known
		}
	}
	return string(name)
}

// attribute is the value of an attribute without prefix, or "".
func (t *xmlTag) attribute(name string) string {
	for rest := t.inside; ; {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			return ""
		}
		key := bytes.TrimSpace(rest[:equals])
		rest = bytes.TrimLeft(rest[equals+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		if string(key) == name {
			return unescape(rest[1 : end+1])
		}
		rest = rest[end+2:]
	}
}

// textOf is the text between two tags, or that of a CDATA section.
func textOf(text []byte) string {
	if cdata, ok := bytes.CutPrefix(text, []byte("<![CDATA[")); ok {
		return string(bytes.TrimSuffix(cdata, []byte("]]>")))
	}
	return unescape(text)
}

// unescape resolves entities: those of XML, of HTML where a file has them, and numbered ones.
// An "&" that begins none stands for itself.
func unescape(raw []byte) string {
	text := string(raw)
	from := strings.IndexByte(text, '&')
	if from < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for {
		out = append(out, text[:from]...)
		text = text[from:]
		entity, n := entityOf(text)
		out = append(out, entity...)
		text = text[n:]
		if from = strings.IndexByte(text, '&'); from < 0 {
			return string(append(out, text...))
		}
	}
}

func entityOf(text string) (string, int) {
	end := strings.IndexByte(text[:min(len(text), 34)], ';')
	if end < 2 {
		return "&", 1
	}
	number, isNumber := strings.CutPrefix(text[1:end], "#")
	if !isNumber {
		if known := html.UnescapeString(text[:end+1]); known != text[:end+1] {
			return known, end + 1
		}
		return "&", 1
	}
	base := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(number), "x"); ok {
		number, base = hex, 16
	}
	value, err := strconv.ParseUint(number, base, 32)
	if err != nil || value > utf8.MaxRune {
		return "&", 1
	}
	return string(rune(value)), end + 1
}
