package barcode

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestShapeCountsOn(t *testing.T) {
	for code, want := range map[string]string{
		"T32889": "T32890", "B00001": "B00002", "99": "100", "T99999": "T100000", "LAP-007": "LAP-008", "0041": "0042",
		"30412000008715": "30412000008723", // the last digit is a check digit
		"30412000008710": "30412000008711", // and here it cannot be one
	} {
		shape, ok := ShapeOf(code)
		number, mine := shape.Number(code)
		if !ok || !mine {
			t.Errorf("%s has no shape", code)
			continue
		}
		if next, ok := shape.Code(number + 1); !ok || next != want {
			t.Errorf("after %s comes %s, not %s", code, next, want)
		}
	}
	for _, code := range []string{"", "LAPTOP", "9780316168816123", "12A"} {
		if shape, ok := ShapeOf(code); ok {
			t.Errorf("%q has the shape %v", code, shape)
		}
	}
	if code, ok := (Shape{"39999", 8, true}).Code(100_000_000); ok {
		t.Errorf("the numbers of a label are used up, yet %s follows", code)
	}
}

// A code made of a number has that number and shape again, and a library's label its check digit.
func TestShapeAndNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := Shape{rapid.SampledFrom([]string{"T", "B-", "3041", "30412", ""}).Draw(t, "prefix"), rapid.IntRange(1, 8).Draw(t, "digits"), false}
		if shape.Prefix == "30412" {
			shape.Digits, shape.Checked = 8, true
		}
		most := int64(1)
		for range shape.Digits {
			most *= 10
		}
		number := rapid.Int64Range(0, most-1).Draw(t, "number")
		code, ok := shape.Code(number)
		if !ok || Warning(code) != "" && shape.Checked {
			t.Fatalf("%v %d: %q", shape, number, code)
		}
		if strings.Trim(shape.Prefix, "0123456789") == "" && !shape.Checked {
			return // a prefix of digits alone is part of the number
		}
		if got, ok := shape.Number(code); !ok || got != number {
			t.Fatalf("%v: %q is %d, not %d", shape, code, got, number)
		}
	})
}
