package isbn

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
		valid            bool
	}{
		{"Thirteen", "9780306406157", "9780306406157", true},
		{"Ten", "0306406152", "9780306406157", true},
		{"Hyphens", "978-0-306-40615-7", "9780306406157", true},
		{"Dashes", "978–0–306–40615–7", "9780306406157", true},
		{"Blanks", "978 0 306 40615 7", "9780306406157", true},
		{"CapitalX", "080442957X (hardcover) :", "9780804429573", true},
		{"SmallX", "080442957x", "9780804429573", true},
		{"Binding", "0306406152 (pbk.) :", "9780306406157", true},
		{"Price", "9780306406157 $16.72", "9780306406157", true},
		{"PriceBehindTen", "0306406152 12.95", "9780306406157", true},
		{"PriceWithoutBlank", "0306406152$12.95", "9780306406157", true},
		{"Label", "ISBN 0-306-40615-2", "9780306406157", true},
		{"LabelThirteen", "ISBN-13: 978-0-306-40615-7", "9780306406157", true},
		{"LabelWithoutColon", "ISBN 13 978-0-306-40615-7", "9780306406157", true},
		{"MusiclandIsBookland", "9791090636071", "9791090636071", true},
		{"OldStandardBookNumber", "306406152", "9780306406157", true},
		{"WrongCheckDigit", "9780306406158", "9780306406158", false},
		{"WrongCheckDigitOfTen", "0306406153 (pbk.)", "0306406153", false},
		{"OtherArticle", "5012345678900", "5012345678900", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Parse(test.text)
			if !ok || got.Text != test.want || got.Valid != test.valid {
				t.Errorf("Parse(%q) = %v, %v; want %q, %v", test.text, got, ok, test.want, test.valid)
			}
		})
	}
}

func TestParseNothing(t *testing.T) {
	for _, text := range []string{"", "(pbk.)", "$16.72", "12345678", "X", "ISBN", "--", "unknown 9780306406157"} {
		if got, ok := Parse(text); ok {
			t.Errorf("Parse(%q) = %v, want nothing", text, got)
		}
	}
}

func TestShort(t *testing.T) {
	for long, want := range map[string]string{
		"9780306406157": "0306406152",
		"9780804429573": "080442957X",
		"9791090636071": "",
		"9780306406158": "",
		"97803":         "",
	} {
		if got := Short(long); got != want {
			t.Errorf("Short(%q) = %q, want %q", long, got, want)
		}
	}
}

// Every number, in every way of writing it, is the same book; and one wrong digit is noticed.
func TestPropertyFormsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := fmt.Sprintf("%09d", rapid.IntRange(0, 999_999_999).Draw(t, "body"))
		ten := body + string(check10(body))
		want := to13(ten)
		tail := rapid.SampledFrom([]string{"", " (pbk.) :", " : $4.95", "(lib. bdg.)"}).Draw(t, "tail")
		for _, text := range []string{ten + tail, want + tail, want[:3] + "-" + want[3:] + tail} {
			if got, ok := Parse(text); !ok || !got.Valid || got.Text != want {
				t.Fatalf("Parse(%q) = %v, want %s", text, got, want)
			}
		}
		if Short(want) != ten {
			t.Fatalf("Short(%s) = %s, want %s", want, Short(want), ten)
		}
		place := rapid.IntRange(3, 12).Draw(t, "place")
		wrong := []byte(want)
		wrong[place] = '0' + (wrong[place]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if got, _ := Parse(string(wrong)); got.Valid {
			t.Fatalf("Parse(%s) is valid, with one digit of %s changed", wrong, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"9780306406157", "080442957X (hbk.)", "ISBN-10: 0", "978-", "\xff9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := Parse(text)
		if !ok {
			return
		}
		if again, _ := Parse(got.Text); got.Valid && again != got {
			t.Errorf("Parse(%q) = %v, and that again %v", text, got, again)
		}
	})
}
