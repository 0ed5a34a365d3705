package adds

import (
	"strings"

	"carrel/internal/barcode"
)

// after is the label that follows on a sheet: the number at the end of a barcode goes up by one and keeps its width and the blanks in it; a library
// barcode of 14 digits with its check digit gets the right one. "" when the code does not end in a digit, or its digits are used up.
func after(code string) string {
	plain := strings.ReplaceAll(code, " ", "")
	if len(plain) == 14 && strings.HasPrefix(plain, "3") && digitsOnly(plain) && barcode.Warning(plain) == "" {
		return withCheck(up(code[:len(code)-1]))
	}
	return up(code)
}

func digitsOnly(code string) bool { return strings.Trim(code, "0123456789") == "" }

// withCheck adds the check digit, found by trying: package barcode knows the rule.
func withCheck(body string) string {
	if body == "" {
		return ""
	}
	for _, digit := range "0123456789" {
		if barcode.Warning(body+string(digit)) == "" {
			return body + string(digit)
		}
	}
	return ""
}

// up counts the digits at the end up; blanks between them stay where they are.
func up(code string) string {
	text := []byte(code)
	for i := len(text) - 1; i >= 0; i-- {
		switch c := text[i]; {
		case c == ' ' && i < len(text)-1:
		case c < '0' || c > '9':
			return ""
		case c < '9':
			text[i]++
			return string(text)
		default:
			text[i] = '0'
		}
	}
	return ""
}

// beyond tells whether a label comes behind the last of a sheet. Labels of another width are no labels of this sheet.
func beyond(code, last string) bool {
	return last != "" && (len(code) != len(last) || code > last)
}

// mostLabels bounds what is counted of a range.
const mostLabels = 100_000

// left is how many labels there are from one to another, both counted; 0 when the range is used up.
func left(from, to string) (n int) {
	for code := from; code != "" && !beyond(code, to) && n < mostLabels; code = after(code) {
		n++
	}
	return n
}
