package barcode

import (
	"fmt"
	"strconv"
	"strings"
)

// First is the first barcode of a library without any. The letter tells a book from a student's number.
const First = "B00001"

// Shape is what the barcodes of one series have in common: what stands before the number, how many digits the number has and whether a check digit
// follows it.
type Shape struct {
	Prefix  string
	Digits  int
	Checked bool
}

// labelPrefix is how many digits of a 14-digit library code are the same on each of a library's labels: 3 for an item, and the number of the library.
const labelPrefix = 5

// mostDigits bounds a number that counts on; a longer one is that of a product and no series.
const mostDigits = 15

// ShapeOf is the shape of a barcode. ok is false for one that does not end in a number and so belongs to no series.
func ShapeOf(code string) (shape Shape, ok bool) {
	if len(code) == 14 && code[0] == '3' && digits(code) && luhn(code) {
		return Shape{code[:labelPrefix], 14 - labelPrefix - 1, true}, true
	}
	prefix := strings.TrimRight(code, "0123456789")
	n := len(code) - len(prefix)
	if n == 0 || n > mostDigits {
		return Shape{}, false
	}
	return Shape{prefix, n, false}, true
}

// Number is the number of a barcode of this shape; ok is false for a barcode of another one.
func (s Shape) Number(code string) (number int64, ok bool) {
	if of, has := ShapeOf(code); !has || of != s {
		return 0, false
	}
	number, err := strconv.ParseInt(code[len(s.Prefix):len(s.Prefix)+s.Digits], 10, 64)
	return number, err == nil
}

// Code is the barcode of a number, with its check digit where the shape has one (the mod 10 digit of ISO/IEC 7812-1, as on the 14-digit Codabar labels of
// libraries). A number too large for the shape gets a digit more; with a check digit there is none: ok is false.
func (s Shape) Code(number int64) (code string, ok bool) {
	text := fmt.Sprintf("%0*d", s.Digits, number)
	if !s.Checked {
		return s.Prefix + text, len(s.Prefix+text) <= MaxLength
	}
	if len(text) > s.Digits {
		return "", false
	}
	body := s.Prefix + text
	for check := '0'; check <= '9'; check++ {
		if luhn(body + string(check)) {
			return body + string(check), true
		}
	}
	return "", false
}

// Wider is the shape with a digit more, for when its numbers are used up.
func (s Shape) Wider() Shape {
	s.Digits++
	return s
}
