// Package words cuts text into the words by which titles and people are found: small letters without diacritics, the same for what is stored and
// for what is typed.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLength is the longest word in bytes; both sides of a search cut there.
const MaxLength = 60

// A Word is a run of letters and digits as an index holds it: small letters without diacritics.
type Word struct {
	Text  string
	Joint Joint
	// stem is the part before an apostrophe ("charlotte" in "Charlotte's"), tail the part after it; both are "" without one.
	stem, tail string
}

// A Joint is what stands between a word and the one before.
type Joint byte

// The joints.
const (
	Apart    Joint = iota // blanks, punctuation
	Hyphen                // a hyphen and nothing else
	Seamless              // nothing, as between two characters of a script without blanks
)

// letters that have no decomposition in Unicode, and how people without them on the keyboard type them.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŧ': "t",
	'ĸ': "k", 'ŋ': "n", 'ς': "σ", 'ə': "e", 'ǝ': "e",
}

// Cut splits text into folded words. The same cutter serves the index and the query, so whatever it decides, it decides
// for both: "&" is the word "and", "20,000" one number, "741.5" one number, an apostrophe joins ("don't" is dont).
func Cut(text string) []Word {
	cutter := cutter{words: make([]Word, 0, len(text)/6+1), gap: Seamless}
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
	words      []Word
	current    []byte
	apostrophe int   // where it stood in current; 0 for nowhere
	joint      Joint // before the current word
	gap        Joint // what was met since the last word: seamless for nothing yet
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
	c.joint = Apart
	if c.gap == Hyphen {
		c.joint = Hyphen
	}
}

// part takes what is no part of a word.
func (c *cutter) part(r rune) {
	c.end()
	switch {
	case r == '&':
		c.add(Word{Text: "and"})
		c.gap = Apart
	case c.gap == Seamless && (r == '-' || r == '‐' || r == '‑'):
		c.gap = Hyphen
	default:
		c.gap = Apart
	}
}

// ideograph makes each character of Chinese and Japanese a word: nothing in the text says where theirs end.
func (c *cutter) ideograph(r rune) {
	c.end()
	w := Word{Text: string(r)}
	if c.gap == Seamless && len(c.words) > 0 {
		w.Joint = Seamless
	}
	c.add(w)
}

func (c *cutter) add(w Word) {
	c.words = append(c.words, w)
	c.gap = Seamless
}

func (c *cutter) end() {
	if len(c.current) == 0 {
		return
	}
	w := Word{Text: clipWord(string(c.current)), Joint: c.joint}
	if at := c.apostrophe; at > 0 && at < len(c.current) && at <= len(w.Text) {
		w.stem, w.tail = w.Text[:at], w.Text[at:]
	}
	c.add(w)
	c.current, c.apostrophe = c.current[:0], 0
}

func clipWord(text string) string {
	if len(text) <= MaxLength {
		return text
	}
	end := MaxLength
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

// Fold makes two spellings of a name or a heading comparable: its words without case, accents and punctuation, in order.
func Fold(text string) string { return Line(Cut(text)) }

// Line is words in order, parted by blanks.
func Line(words []Word) string {
	var out []byte
	for i := range words {
		out = appendWord(out, words[i].Text)
	}
	return string(out)
}

// Spellings is a text as an index takes it: its words in order, then the other spellings of some: both sides of an apostrophe
// (Charlotte's: charlotte, O'Dell: dell), compounds in one (Spider-Man: spiderman), initials in one (J. K.: jk). The other spellings stand
// at the end, so that they part no phrase.
func Spellings(text string) string {
	words := Cut(text)
	size := 0
	for i := range words {
		size += len(words[i].Text) + 1
	}
	out := make([]byte, 0, size+16)
	for i := range words {
		out = appendWord(out, words[i].Text)
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
			out = appendWord(out, InOne(words[i:i+n]))
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
func compound(words []Word) int {
	n := 1
	for n < len(words) && words[n].Joint == Hyphen {
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

func isInitial(w Word) bool { return len(w.Text) == 1 && !isDigit(w.Text[0]) }

// InOne is words written as one.
func InOne(words []Word) string {
	var out strings.Builder
	for i := range words {
		out.WriteString(words[i].Text)
	}
	return clipWord(out.String())
}

// Code is a number people scan or copy (barcode, ISBN, control number) as one word that no ordinary word is equal to; "" when it has
// no letter or digit.
func Code(text string) string {
	words := Cut(text)
	if len(words) == 0 {
		return ""
	}
	return "#" + strings.ReplaceAll(InOne(words), ".", "")
}
