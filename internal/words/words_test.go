package words

import (
	"strings"
	"testing"
)

func TestWordsOfTheIndex(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"The Cat":                     "the cat",
		"Ramírez":                     "ramirez",
		"Ran\u0303a":                  "rana",
		"Straße ÆON Øre Đ Łódź ﬁn":    "strasse aeon ore d lodz fin",
		"İstanbul ışık":               "istanbul isik",
		"Charlotte’s web":             "charlottes web charlotte",
		"O'Dell":                      "odell dell",
		"don't":                       "dont don",
		"'quoted'":                    "quoted",
		"Spider-Man":                  "spider man spiderman",
		"Spider - Man":                "spider man",
		"J. K. Rowling, E.B. White":   "j k rowling e b white jk eb",
		"20,000 leagues":              "20000 leagues",
		"1,2,3":                       "1 2 3",
		"741.5 CRA.":                  "741.5 cra",
		"Frog & Toad":                 "frog and toad",
		"soft\u00adhyphen":            "softhyphen",
		"魔法石 abc":                     "魔 法 石 abc",
		"が か":                         "か か",
		"a\x00b\xffc":                 "a b c abc",
		"😀 😀":                         "",
		strings.Repeat("x", 100):      strings.Repeat("x", MaxLength),
		strings.Repeat("x", 59) + "я": strings.Repeat("x", 59),
	} {
		if got := Spellings(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestCodesAreNoWords(t *testing.T) {
	for text, want := range map[string]string{
		"978-0-439-70818-0": "#9780439708180",
		"T 32889":           "#t32889",
		"$ -":               "",
		"1.5":               "#15",
	} {
		if got := Code(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
