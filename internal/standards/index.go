package standards

import (
	"strings"
	"unicode"

	"carrel/internal/words"
)

// Indexed is a statement as the search index takes it, folded by package words.
type Indexed struct {
	Codes string // the code, and each end of it, as words.Code writes codes: "#ccssri49 #ri49 #49"
	Text  string
	More  string // its short form and notes
}

// Index makes a statement ready to be found. A code is found from any of its parts on, with whatever signs between them: RI.4.9, ri49, "RI 4 9".
func Index(code, text, more string) Indexed {
	return Indexed{
		Codes: strings.TrimSpace(strings.Join(codeEnds(code), " ") + " " + words.Spellings(code)),
		Text:  words.Spellings(text),
		More:  words.Spellings(more),
	}
}

// codeEnds is a code from each of its parts on, whole first.
func codeEnds(code string) (ends []string) {
	parts := CodeParts(code)
	for i := range parts {
		if end := words.Code(strings.Join(parts[i:], "")); end != "" {
			ends = append(ends, end)
		}
	}
	return ends
}

// CodeParts cuts a code where its signs stand: CCSS.ELA-LITERACY.RI.4.9 is CCSS, ELA, LITERACY, RI, 4, 9.
func CodeParts(code string) []string {
	return strings.FieldsFunc(code, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
