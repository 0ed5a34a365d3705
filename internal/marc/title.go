package marc

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The characters by which a record may enclose what is not sorted (MARC-8 0x88 and 0x89).
const (
	nonSortBegin = '\u0098'
	nonSortEnd   = '\u009C'
)

func putTitle(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, at *place) {
		if f.Title != "" || field.Tag == "880" && !strings.HasPrefix(field.First('6'), "245") {
			return
		}
		text := titleText(field, at)
		f.Title = trimEnd(withoutNonSort(text, false))
		proper := place{codes: strings.ReplaceAll(at.codes, "b", "")}
		f.SortTitle, f.TitleKey = sortForm(text, field), sortForm(proper.text(field), field)
	})
}

// sortForm is a title folded, without its leading article.
func sortForm(text string, field *Field) string {
	sorted := withoutNonSort(text, true)
	if sorted == text && (field.Tag == "245" || field.Tag == "880") {
		sorted = text[nonFiling(text, field.Ind2):]
	}
	return Fold(sorted)
}

// titleText joins the parts of the title. A colon or the like that stands at the end of $h belongs
// between the parts of the title around it.
func titleText(field *Field, at *place) string {
	var text []byte
	for _, sub := range field.Subfields {
		value := strings.TrimSpace(sub.Value)
		switch {
		case sub.Code == 'h' && len(text) > 0 && strings.HasSuffix(value, ":"):
			text = append(text, " :"...)
		case value == "" || !at.has(sub.Code):
		case len(text) == 0:
			text = append(text, value...)
		default:
			text = append(append(text, ' '), value...)
		}
	}
	return string(text)
}

// withoutNonSort takes the enclosing characters out, and with them what they enclose if told so.
func withoutNonSort(text string, content bool) string {
	begin := strings.IndexRune(text, nonSortBegin)
	end := strings.IndexRune(text, nonSortEnd)
	if begin < 0 || end < begin {
		return text
	}
	size := utf8.RuneLen(nonSortBegin)
	if content {
		return text[:begin] + text[end+size:]
	}
	return text[:begin] + text[begin+size:end] + text[end+size:]
}

// nonFiling is the length in bytes of the article at the start of a title, which the second
// indicator gives in characters. An indicator that would cut through a word is a mistake, except
// the common one of not counting the blank.
func nonFiling(text string, ind2 byte) int {
	if !isDigit(ind2) || ind2 == '0' {
		return 0
	}
	at, last := 0, ' '
	for range ind2 - '0' {
		r, n := utf8.DecodeRuneInString(text[at:])
		if n == 0 {
			return 0
		}
		at, last = at+n, r
	}
	next, _ := utf8.DecodeRuneInString(text[at:])
	if isWord(last) && isWord(next) || at == len(text) {
		return 0
	}
	return at
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// abbreviations end with a full stop that is not the cataloguer's.
var abbreviations = map[string]bool{
	"jr": true, "sr": true, "dr": true, "mr": true, "mrs": true, "ms": true, "st": true, "etc": true,
	"inc": true, "co": true, "corp": true, "ltd": true, "dept": true, "vol": true,
	"al": true, "vs": true, "ph.d": true, "cía": true,
}

// trimEnd takes off the punctuation by which ISBD ends a part: " /", " :", " ;", " =", ",", and the
// closing full stop, unless it belongs to an initial, an abbreviation or an ellipsis.
func trimEnd(text string) string {
	for {
		text = strings.TrimSpace(text)
		switch {
		case text == "":
			return text
		case strings.IndexByte("/:;,=", text[len(text)-1]) >= 0:
			text = text[:len(text)-1]
		case text[len(text)-1] == '.' && !stopBelongs(text[:len(text)-1]):
			text = text[:len(text)-1]
		default:
			return text
		}
	}
}

// trimParts takes off the punctuation between parts and leaves full stops, as in "416 p.".
func trimParts(text string) string { return strings.TrimRight(strings.TrimSpace(text), " :;,+/") }

// stopBelongs tells whether a full stop behind text belongs to its last word.
func stopBelongs(text string) bool {
	word := text[strings.LastIndexAny(text, " ,(")+1:]
	if word == "" || strings.HasSuffix(word, ".") {
		return word != ""
	}
	first, n := utf8.DecodeRuneInString(word)
	initial := n == len(word) && unicode.IsUpper(first)
	inner := strings.Contains(word, ".") && len(word) <= 6 && unicode.IsLetter(first) // "U.S", "D.C"
	return initial || inner || abbreviations[strings.ToLower(word)]
}

// Fold makes texts comparable: small letters without diacritics, apostrophes dropped, anything
// else that is no letter or digit a single blank.
func Fold(text string) string {
	if isASCII(text) {
		return foldASCII(text)
	}
	var out strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(text) {
		plain, ok := foldRune(unicode.ToLower(r))
		switch {
		case !ok:
			gap = true
		case plain == "":
		default:
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			out.WriteString(plain)
		}
	}
	return norm.NFC.String(out.String())
}

func foldASCII(text string) string {
	out := make([]byte, 0, len(text))
	gap := false
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case isAlnum(c):
			if gap && len(out) > 0 {
				out = append(out, ' ')
			}
			gap = false
			out = append(out, c)
		case c == '\'':
		default:
			gap = true
		}
	}
	return string(out)
}

// letters that Unicode does not take apart into a base and a mark.
var letters = map[rune]string{
	'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ı': "i", 'ħ': "h",
}

// foldRune gives the plain form of a small letter; "" for what is dropped; false for a gap.
func foldRune(r rune) (string, bool) {
	if plain, ok := letters[r]; ok {
		return plain, true
	}
	switch {
	case r == '\'', r == '’', r == 'ʻ', r == 'ʼ', r == 'ʹ', r == 'ʺ', unicode.Is(unicode.Mn, r):
		return "", true
	case isWord(r), unicode.Is(unicode.Mc, r):
		return string(r), true
	}
	return "", false
}
