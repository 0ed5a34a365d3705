// Package isbn finds the ISBN in what records and people write around it.
package isbn

import "strings"

// ISBN is a standard book number (ISO 2108). Text holds 13 digits without hyphens when it is
// valid; otherwise the digits as they were written, which are kept to be shown and searched but
// must not be used to tell books apart.
type ISBN struct {
	Text  string
	Valid bool
}

// Parse reads the ISBN at the start of text such as "0-19-852663-6 (pbk.) :", "ISBN 978…",
// "080442957X $16.72". The second answer is false when no run of 9 to 13 digits is there.
//
// Opinions: nine digits are an SBN of before 1970 and get a zero in front; digits that are valid
// only up to the tenth end there, as a price often follows.
func Parse(text string) (ISBN, bool) {
	digits := leadingDigits(afterLabel(text))
	switch {
	case len(digits) >= 13 && isBookland(digits):
		return ISBN{digits[:13], valid13(digits[:13])}, true
	case len(digits) >= 10 && valid10(digits[:10]):
		return ISBN{to13(digits[:10]), true}, true
	case len(digits) == 9 && valid10("0"+digits):
		return ISBN{to13("0" + digits), true}, true
	case len(digits) >= 9:
		return ISBN{digits[:min(len(digits), 13)], false}, true
	}
	return ISBN{}, false
}

// Short is the ten-digit form of a valid 13-digit ISBN, or "" when it has none (979).
func Short(isbn13 string) string {
	if len(isbn13) != 13 || !valid13(isbn13) || !strings.HasPrefix(isbn13, "978") {
		return ""
	}
	body := isbn13[3:12]
	return body + string(check10(body))
}

// afterLabel skips "ISBN", "ISBN-13:" and white space.
func afterLabel(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < 4 || !strings.EqualFold(text[:4], "isbn") {
		return text
	}
	text = strings.TrimLeft(text[4:], " -–")
	for _, form := range []string{"10", "13"} {
		if rest, ok := strings.CutPrefix(text, form); ok && rest != "" && strings.Contains(" :", rest[:1]) {
			text = rest
		}
	}
	return strings.TrimLeft(text, " :.")
}

// leadingDigits gathers the digits text begins with, across hyphens and single blanks, and an X
// where a check digit of ten may be one.
func leadingDigits(text string) string {
	var digits []byte
	separator := true // none may come first, nor two together
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9' && len(digits) < 13:
			digits = append(digits, byte(r))
			separator = false
		case (r == 'x' || r == 'X') && len(digits) == 9:
			return string(append(digits, 'X'))
		case (r == '-' || r == ' ' || r >= '\u2010' && r <= '\u2015' || r == '\u00AD') && !separator:
			separator = true
		default:
			return string(digits)
		}
	}
	return string(digits)
}

// isBookland tells whether 13 digits are a book's and not another article's.
func isBookland(digits string) bool {
	return strings.HasPrefix(digits, "978") || strings.HasPrefix(digits, "979")
}

func valid10(digits string) bool {
	for i := range 9 {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return digits[9] == check10(digits[:9])
}

// check10 is the check digit of the ten-digit form: weights 10 to 2, modulo 11, ten written X.
func check10(body string) byte {
	sum := 0
	for i := range 9 {
		sum += (10 - i) * int(body[i]-'0')
	}
	check := (11 - sum%11) % 11
	if check == 10 {
		return 'X'
	}
	return byte('0' + check)
}

func valid13(digits string) bool { return digits[12] == check13(digits[:12]) }

// check13 is the check digit of the 13-digit form: weights 1 and 3 in turn, modulo 10.
func check13(body string) byte {
	sum := 0
	for i := range 12 {
		sum += (1 + i%2*2) * int(body[i]-'0')
	}
	return byte('0' + (10-sum%10)%10)
}

func to13(isbn10 string) string {
	body := "978" + isbn10[:9]
	return body + string(check13(body))
}
