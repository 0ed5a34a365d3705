package marc

import (
	"strings"
	"testing"
)

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		name, kind, form string
		genres           []string
		calls            []string
		want             string
	}{
		{"a spine of a picture book", "book", "", nil, []string{"E SEN"}, KindPicture},
		{"brackets of an agency", "book", "", nil, []string{"[E]"}, KindPicture},
		{"facts for the little ones", "book", "", nil, []string{"E 523.4 GIB"}, KindNonfiction},
		{"a novel", "book", "", nil, []string{"FIC PAU"}, KindFiction},
		{"a novel of another shelf", "book", "", nil, []string{"YA FIC TEL"}, KindFiction},
		{"an author called F", "book", "", nil, []string{"XYZ F"}, KindOther},
		{"comics in Dewey", "book", "nonfiction", nil, []string{"741.5/973 CRA"}, KindGraphic},
		{"comics by prefix", "book", "", nil, []string{"GN SMI"}, KindGraphic},
		{"comics by genre, on the shelf of novels", "book", "fiction", []string{"Graphic novels"}, []string{"FIC TEL"}, KindGraphic},
		{"a life", "book", "", nil, []string{"B LIN"}, KindBiography},
		{"a life by number", "book", "", nil, []string{"92 LIN"}, KindBiography},
		{"several lives", "book", "", nil, []string{"920 ADA"}, KindBiography},
		{"facts", "book", "", nil, []string{"523.4 GIB"}, KindNonfiction},
		{"facts in the reference corner", "book", "", nil, []string{"REF 031 WOR"}, KindNonfiction},
		{"a novel by Dewey", "book", "", nil, []string{"813.54"}, KindFiction},
		{"the shelf before the code", "book", "nonfiction", nil, []string{"FIC PAU"}, KindFiction},
		{"the genre before the code", "book", "nonfiction", []string{"Picture books"}, nil, KindPicture},
		{"nonfiction is not fiction", "book", "", []string{"Nonfiction"}, nil, KindNonfiction},
		{"the code alone", "book", "fiction", nil, []string{"", "XYZ"}, KindFiction},
		{"nothing said", "book", "", nil, nil, KindOther},
		{"a film of a novel", "video", "", nil, []string{"FIC PAU"}, KindOther},
		{"made here", "", "", nil, []string{"FIC PAU"}, KindFiction},
	} {
		facts := Facts{Form: c.form, Genres: c.genres}
		if got := KindOf(&facts, c.kind, c.calls...); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestFormOf008(t *testing.T) {
	fixed := func(at33, at34 byte) Record {
		value := []byte(strings.Repeat(" ", 40))
		value[33], value[34] = at33, at34
		return Record{Leader: "00000nam a2200000 a 4500", Fields: []Field{{Tag: "008", Value: string(value)}}}
	}
	for _, c := range []struct {
		at33, at34 byte
		want       string
	}{{'1', ' ', KindFiction}, {'0', ' ', KindNonfiction}, {'0', 'a', KindBiography}, {'j', ' ', KindFiction}, {'|', '|', ""}, {'u', ' ', ""}} {
		if got := Extract(fixed(c.at33, c.at34)).Form; got != c.want {
			t.Errorf("%c%c: %q, not %q", c.at33, c.at34, got, c.want)
		}
	}
}

func TestGradesOf(t *testing.T) {
	for _, c := range []struct{ grades, audience, want string }{
		{"K-3", "", "K-3"}, {"Pre-K-2", "", "PK-2"}, {"3.4", "", "3"}, {"3-6.", "teen", "3-6"}, {"5 & up", "", "5"}, {"", "primary", "K-3"},
		{"", "juvenile", ""}, {"", "", ""}, {"adult", "teen", "9-12"}, {"9-15", "", "9-12"},
	} {
		span, ok := GradesOf(c.grades, c.audience)
		got := ""
		if ok {
			got = span.String()
		}
		if got != c.want {
			t.Errorf("%q, %q: %q, not %q", c.grades, c.audience, got, c.want)
		}
	}
}

func TestLexileNumber(t *testing.T) {
	for _, c := range []struct {
		level string
		want  int
		ok    bool
	}{{"AD760L", 760, true}, {"700L", 700, true}, {"BR100L", -100, true}, {"3.4", 0, false}, {"NP", 0, false}, {"", 0, false}, {"L", 0, false}} {
		if got, ok := LexileNumber(c.level); got != c.want || ok != c.ok {
			t.Errorf("%q: %d, %v", c.level, got, ok)
		}
	}
}
