package barcode

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestForms(t *testing.T) {
	tests := []struct {
		name string
		raw  string
		want []string
	}{
		{"plain", "T32889", []string{"T32889"}},
		{"line end", "T32889\r\n", []string{"T32889"}},
		{"tab and nul behind", "30101\t\x00", []string{"30101"}},
		{"blank inside", "T 32889", []string{"T 32889", "T32889"}},
		{"lower case", "t 32889", []string{"t 32889", "T32889"}},
		{"leading zeros", "0032889", []string{"0032889", "32889"}},
		{"zeros behind a letter stay", "T0032", []string{"T0032"}},
		{"only zeros", "000", []string{"000", "0"}},
		{"aim code 128", "]C0T 32889", []string{"]C0T 32889", "]C0T32889", "T32889"}},
		{"aim codabar with guards", "]F0A30101000123456B", []string{
			"]F0A30101000123456B", "A30101000123456B", "30101000123456"}},
		{"codabar guards in lower case", "a30101000123456d", []string{
			"a30101000123456d", "A30101000123456D", "30101000123456"}},
		{"codabar guards around zeros", "B000123A", []string{"B000123A", "123"}},
		{"letters that are no guards", "A12B", []string{"A12B"}},
		{"code 39 asterisks", "*T 100*", []string{"*T 100*", "*T100*", "T100"}},
		{"prefix alone", "]C0", []string{"]C0"}},
		{"empty", "", nil},
		{"blanks only", " \r\n", nil},
		{"sixty-five characters", strings.Repeat("9", 65), nil},
		{"two thousand characters", strings.Repeat("A", 2000), nil},
		{"not utf-8", "T\xff1", []string{"T\xff1", "T\ufffd1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Forms(test.raw); !slices.Equal(got, test.want) {
				t.Errorf("Forms(%q) = %q, want %q", test.raw, got, test.want)
			}
		})
	}
}

func TestKey(t *testing.T) {
	for raw, want := range map[string]string{
		"T 32889": "T32889", "t32889\n": "T32889", "000123": "123", "123": "123", "0": "0", "": "", "A30101B": "A30101B",
	} {
		if got := Key(raw); got != want {
			t.Errorf("Key(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestWarning(t *testing.T) {
	for raw, want := range map[string]string{
		"30101000123456":    WrongCheckDigit,
		"31234000650364":    "",
		"31234000650365":    WrongCheckDigit,
		"A31234000650365B":  WrongCheckDigit,
		"3 1234 00065 0364": "",
		"31234006503650":    WrongCheckDigit,
		"51234000650364":    "", // not a library code
		"3123400065036":     "", // thirteen digits
		"T 32889":           "",
		"":                  "",
	} {
		if got := Warning(raw); got != want {
			t.Errorf("Warning(%q) = %q, want %q", raw, got, want)
		}
	}
}

// The forms of a scan hold the key of whatever was stored, however the scanner dressed it up.
func TestFormsFindStoredKey(t *testing.T) {
	dress := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return s + "\r\n" },
		func(s string) string { return "]C0" + s },
		func(s string) string { return "*" + s + "*" },
		strings.ToLower,
		func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
		func(s string) string {
			if digits(s) {
				return "A" + strings.Repeat("0", 4) + s + "B"
			}
			return s
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		stored := rapid.StringMatching(`[A-Z]? ?[0-9]{1,14}`).Draw(t, "stored")
		scan := dress[rapid.IntRange(0, len(dress)-1).Draw(t, "dress")](stored)
		if !slices.Contains(Forms(scan), Key(stored)) {
			t.Fatalf("Forms(%q) = %q lacks %q", scan, Forms(scan), Key(stored))
		}
	})
}

func FuzzForms(f *testing.F) {
	for _, seed := range []string{"T 32889", "]C0A1234B", "*A*", "\xff\xfe", "000", "carrel:p:0000000000000000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		forms := Forms(raw)
		_, _ = Warning(raw), IsCard(raw)
		if token, ok := Card(raw); ok && !ValidCard(token) {
			t.Fatalf("%q is read as %q, which is not a card", raw, token)
		}
		for i, form := range forms {
			if slices.Contains(forms[:i], form) {
				t.Fatalf("%q twice in %q", form, forms)
			}
			if form == "" || utf8.RuneCountInString(form) > 2*MaxLength {
				t.Fatalf("form %q of %q", form, raw)
			}
			if i > 0 && Key(form) != form {
				t.Fatalf("form %q of %q is not a key", form, raw)
			}
		}
	})
}
