// Package barcode reads what scanners type: it lists the forms in which a scanned code may be
// stored, warns of wrong check digits, and makes and checks the tokens of patron cards.
package barcode

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the longest code in characters. Anything longer is a document that was scanned or
// pasted by mistake, and has no forms.
const MaxLength = 64

// WrongCheckDigit is the warning for a 14-digit library code whose last digit does not fit.
const WrongCheckDigit = "wrong_check_digit"

// Forms lists how a scanned code may be stored, best first and without duplicates: the code as it
// came (without blanks and control characters at its ends), then its Key, then the keys without
// what scanners add: an AIM symbology prefix ("]C0"), the asterisks of Code 39, the start and stop
// letters of Codabar. Every form after the first is a Key.
//
// Look the first form up among barcodes; only if it is unknown, look all of them up among keys,
// and believe the answer only if it is one item or patron.
func Forms(raw string) []string {
	exact := trim(raw)
	if exact == "" || utf8.RuneCountInString(exact) > MaxLength {
		return nil
	}
	forms := []string{exact}
	add := func(form string) {
		for _, have := range forms {
			if have == form {
				return
			}
		}
		forms = append(forms, form)
	}
	code := squeeze(exact)
	add(withoutZeros(code))
	for {
		shorter := strip(code)
		if shorter == code {
			return forms
		}
		code = shorter
		add(withoutZeros(code))
	}
}

// Key is the form under which a stored barcode is indexed beside itself: upper case, without
// blanks, and without leading zeros when it is all digits. Two barcodes may share a key, so an
// index on keys is not unique.
func Key(raw string) string {
	return withoutZeros(squeeze(raw))
}

// Warning returns WrongCheckDigit for a 14-digit library code (first digit 2 for patrons, 3 for
// items) whose Luhn check digit is wrong, otherwise "". Such codes are lent all the same: many
// schools print labels without computing the digit.
func Warning(raw string) string {
	code := squeeze(trim(raw))
	for shorter := strip(code); shorter != code; shorter = strip(code) {
		code = shorter
	}
	if len(code) != 14 || (code[0] != '2' && code[0] != '3') || !digits(code) || luhn(code) {
		return ""
	}
	return WrongCheckDigit
}

// trim takes off the blanks and control characters that scanners put around a code.
func trim(raw string) string {
	return strings.TrimFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// squeeze writes a code in upper case without blanks and control characters: "T 32889" and
// "t32889" are one label.
func squeeze(raw string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, raw)
	return strings.ToUpper(kept)
}

// strip takes one layer of scanner decoration off an upper-case code.
func strip(code string) string {
	n := len(code)
	switch {
	case n > 3 && code[0] == ']' && letter(code[1]) && code[2] < utf8.RuneSelf:
		return code[3:]
	case n > 2 && code[0] == '*' && code[n-1] == '*':
		return code[1 : n-1]
	// A label may itself begin and end with A to D, so four characters of Codabar must be inside.
	case n >= 6 && codabarGuard(code[0]) && codabarGuard(code[n-1]) && codabarInside(code[1:n-1]):
		return code[1 : n-1]
	}
	return code
}

func letter(c byte) bool       { return c >= 'A' && c <= 'Z' }
func codabarGuard(c byte) bool { return c >= 'A' && c <= 'D' }

func codabarInside(code string) bool {
	return strings.Trim(code, "0123456789-$:/.+") == ""
}

func digits(code string) bool {
	return code != "" && strings.Trim(code, "0123456789") == ""
}

// withoutZeros drops the zeros that some scanners add and others lose.
func withoutZeros(code string) string {
	if !digits(code) {
		return code
	}
	if short := strings.TrimLeft(code, "0"); short != "" {
		return short
	}
	return "0"
}

// luhn tells whether the last digit of code is its mod 10 check digit (ISO/IEC 7812-1 annex B).
func luhn(code string) bool {
	sum := 0
	for i := range len(code) {
		digit := int(code[len(code)-1-i] - '0')
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}
