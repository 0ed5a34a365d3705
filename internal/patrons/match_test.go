package patrons

import "testing"

func TestMatch(t *testing.T) {
	for text, want := range map[string]string{
		"":              "",
		" - ? ":         "",
		"m":             `("m" *)`,
		"Ramírez  DI":   `("ramirez" * AND "di" *)`,
		"o'br":          `("obr" *)`,
		"Smith-J":       `((("smith" * AND "j" *) OR "smithj" *))`,
		`"x" OR a:b*`:   `("x" * AND "or" * AND (("a" * AND "b" *) OR "ab" *))`,
		"王小":            `((("王" * AND "小" *) OR "王小" *))`,
		"P 0012":        `("p" * AND "0012" *) OR "#p0012" *`,
		"0012":          `("0012" *) OR "#0012" * OR "#12" *`,
		"]A1--":         `("a1" *) OR "#a1" *`,
		"*P12*":         `("p12" *) OR "#p12" *`,
		"a b c d e f g": `("a" * AND "b" * AND "c" * AND "d" * AND "e" * AND "f" * AND "g" *)`,
	} {
		if got := match(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
