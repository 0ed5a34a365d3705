package patrons

import (
	"strings"

	"carrel/internal/barcode"
	"carrel/internal/words"
)

// What a search for people reads of its text; the rest is ignored.
const (
	maxText  = 100 // characters
	maxWords = 10
)

// match is the MATCH expression of the index of names for a typed text: each word begins a word of the name, in any order, or the text begins
// the barcode. It is "" when there is no word in the text. The words need no escaping: no letter or digit is a quotation mark.
func match(text string) string {
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	var names []string
	for _, chunk := range strings.Fields(text) {
		if parts := words.Cut(chunk); len(parts) > 0 && len(names) < maxWords {
			names = append(names, name(parts))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "(" + strings.Join(names, " AND ") + ")" + codes(text)
}

// name matches what was typed between two blanks: its parts, or all of them written as one, as in Smith-Jones.
func name(parts []words.Word) string {
	begun := make([]string, len(parts))
	for i, part := range parts {
		begun[i] = begins(part.Text)
	}
	all := strings.Join(begun, " AND ")
	if len(parts) == 1 {
		return all
	}
	return "((" + all + ") OR " + begins(words.InOne(parts)) + ")"
}

// codes matches barcodes, in each form in which a scanner may have typed the text. A text without a digit is none: one letter would find
// everybody whose barcode has that letter before the number.
func codes(text string) string {
	if !strings.ContainsAny(text, "0123456789") {
		return ""
	}
	expression := ""
	for _, form := range barcode.Forms(text) {
		code := words.Code(form)
		if or := " OR " + begins(code); code != "" && !strings.Contains(expression, or) {
			expression += or
		}
	}
	return expression
}

func begins(word string) string { return `"` + word + `" *` }
