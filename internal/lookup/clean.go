package lookup

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var tags = regexp.MustCompile(`</?[a-zA-Z!][^<>]*>`)

// clean makes a line of text of what somebody else wrote: without markup, control and direction characters, in normal form C, at most max characters. A
// sign of a tag that is left behind is text, and is shown as such.
func clean(text string, max int) string {
	if len(text) > 8*max { // what is beyond it is not wanted, and need not be looked at
		text = text[:8*max]
	}
	text = html.UnescapeString(tags.ReplaceAllString(text, " "))
	text = tags.ReplaceAllString(text, " ") // markup that was escaped
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, text)
	text = norm.NFC.String(strings.Join(strings.Fields(text), " "))
	if runes := []rune(text); len(runes) > max {
		text = strings.TrimSpace(string(runes[:max])) + "…"
	}
	return text
}
