package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is the longest word in bytes; both sides of a search cut there.
const maxWord = 60

// A word is a run of letters and digits as the index holds it: small letters without diacritics.
type word struct {
	text  string
	joint joint
	// stem is the part before an apostrophe ("charlotte" in "Charlotte's"), tail the part after it; both are "" without one.
	stem, tail string
}

// A joint is what stands between a word and the one before.
type joint byte

const (
	apart    joint = iota // blanks, punctuation
	hyphen                // a hyphen and nothing else
	seamless              // nothing, as between two characters of a script without blanks
)

// letters that have no decomposition in Unicode, and how people without them on the keyboard type them.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŧ': "t",
	'ĸ': "k", 'ŋ': "n", 'ς': "σ", 'ə': "e", 'ǝ': "e",
}

// cut splits text into folded words. The same cutter serves the index and the query, so whatever it decides, it decides
// for both: "&" is the word "and", "20,000" one number, "741.5" one number, an apostrophe joins ("don't" is dont).
func cut(text string) []word {
	cutter := cutter{words: make([]word, 0, len(text)/6+1), gap: seamless}
	if !isASCII(text) {
		text = norm.NFKD.String(text)
	}
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		cutter.take(r, text)
	}
	cutter.end()
	return cutter.words
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

type cutter struct {
	words      []word
	current    []byte
	apostrophe int   // where it stood in current; 0 for nowhere
	joint      joint // before the current word
	gap        joint // what was met since the last word: seamless for nothing yet
}

func (c *cutter) take(r rune, rest string) {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		c.begin()
		c.current = append(c.current, byte(r))
	case r >= 'A' && r <= 'Z':
		c.begin()
		c.current = append(c.current, byte(r)+'a'-'A')
	case len(c.current) > 0 && isApostrophe(r):
		if c.apostrophe == 0 {
			c.apostrophe = len(c.current)
		}
	case len(c.current) > 0 && withinNumber(r, c.current[len(c.current)-1], rest):
		if r == '.' {
			c.current = append(c.current, '.')
		}
	case r < utf8.RuneSelf:
		c.part(r)
	case isIdeograph(r):
		c.ideograph(r)
	case unicode.IsMark(r) || unicode.Is(unicode.Cf, r):
		// diacritics, soft hyphens and the like are not there
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		c.begin()
		c.letter(unicode.ToLower(r))
	default:
		c.part(r)
	}
}

func (c *cutter) letter(r rune) {
	if plain, ok := letters[r]; ok {
		c.current = append(c.current, plain...)
		return
	}
	c.current = utf8.AppendRune(c.current, r)
}

func (c *cutter) begin() {
	if len(c.current) > 0 {
		return
	}
	c.joint = apart
	if c.gap == hyphen {
		c.joint = hyphen
	}
}

// part takes what is no part of a word.
func (c *cutter) part(r rune) {
	c.end()
	switch {
	case r == '&':
		c.add(word{text: "and"})
		c.gap = apart
	case c.gap == seamless && (r == '-' || r == '‐' || r == '‑'):
		c.gap = hyphen
	default:
		c.gap = apart
	}
}

// ideograph makes each character of Chinese and Japanese a word: nothing in the text says where theirs end.
func (c *cutter) ideograph(r rune) {
	c.end()
	w := word{text: string(r)}
	if c.gap == seamless && len(c.words) > 0 {
		w.joint = seamless
	}
	c.add(w)
}

func (c *cutter) add(w word) {
	c.words = append(c.words, w)
	c.gap = seamless
}

func (c *cutter) end() {
	if len(c.current) == 0 {
		return
	}
	w := word{text: clipWord(string(c.current)), joint: c.joint}
	if at := c.apostrophe; at > 0 && at < len(c.current) && at <= len(w.text) {
		w.stem, w.tail = w.text[:at], w.text[at:]
	}
	c.add(w)
	c.current, c.apostrophe = c.current[:0], 0
}

func clipWord(text string) string {
	if len(text) <= maxWord {
		return text
	}
	end := maxWord
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '′':
		return true
	}
	return false
}

func isIdeograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && unicode.IsLetter(r)
}

// withinNumber tells whether r, met after the byte before, belongs to a number: a decimal point, or a comma before
// exactly three digits.
func withinNumber(r rune, before byte, rest string) bool {
	if !isDigit(before) || rest == "" || !isDigit(rest[0]) {
		return false
	}
	return r == '.' || r == ',' && len(rest) >= 3 && isDigit(rest[1]) && isDigit(rest[2]) && (len(rest) == 3 || !isDigit(rest[3]))
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// joined is the words as the index takes them: in order, then the other spellings of some: both sides of an apostrophe
// (Charlotte's: charlotte, O'Dell: dell), compounds in one (Spider-Man: spiderman), initials in one (J. K.: jk). The other spellings stand
// at the end, so that they part no phrase.
func joined(words []word) string {
	size := 0
	for i := range words {
		size += len(words[i].text) + 1
	}
	out := make([]byte, 0, size+16)
	for i := range words {
		out = appendWord(out, words[i].text)
	}
	for i := range words {
		for _, part := range []string{words[i].stem, words[i].tail} {
			if len(part) > 2 {
				out = appendWord(out, part)
			}
		}
	}
	for i := 0; i < len(words); {
		n := compound(words[i:])
		if n > 1 {
			out = appendWord(out, oneWord(words[i:i+n]))
		}
		i += max(n, 1)
	}
	return string(out)
}

func appendWord(out []byte, text string) []byte {
	if len(out) > 0 {
		out = append(out, ' ')
	}
	return append(out, text...)
}

// compound tells how many words from the first on are also written in one: those joined by hyphens, and initials.
func compound(words []word) int {
	n := 1
	for n < len(words) && words[n].joint == hyphen {
		n++
	}
	if n > 1 {
		return n
	}
	for n < len(words) && isInitial(words[n-1]) && isInitial(words[n]) {
		n++
	}
	return n
}

func isInitial(w word) bool { return len(w.text) == 1 && !isDigit(w.text[0]) }

func oneWord(words []word) string {
	var out strings.Builder
	for i := range words {
		out.WriteString(words[i].text)
	}
	return clipWord(out.String())
}

// code is a number people scan or copy (barcode, ISBN, control number) as one word that no ordinary word is equal to; "" when it has
// no letter or digit.
func code(text string) string {
	words := cut(text)
	if len(words) == 0 {
		return ""
	}
	return "#" + strings.ReplaceAll(oneWord(words), ".", "")
}
