package marc

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func problems(found []Problem) string {
	var list []string
	for _, p := range found {
		list = append(list, fmt.Sprintf("%s@%s=%q%s", p.Code, p.At, p.What, map[bool]string{true: "!"}[p.Hard]))
	}
	return strings.Join(list, " ")
}

func TestDraftCheck(t *testing.T) {
	title := DraftField{Tag: "245", Ind1: "1", Ind2: "0", Subfields: []DraftSubfield{{"a", "Hatchet"}}}
	one := func(tag, code, value string) DraftField {
		return DraftField{Tag: tag, Subfields: []DraftSubfield{{code, value}}}
	}
	for _, test := range []struct {
		name  string
		draft Draft
		want  string
	}{
		{"Good", Draft{goodLeader, []DraftField{{Tag: "001", Value: "1"}, title}}, ""},
		{"Leader", Draft{"short", []DraftField{title}}, `leader@leader="short"!`},
		{"NoTitle", Draft{goodLeader, []DraftField{one("246", "a", "x")}}, `no_title@fields=""!`},
		{"TwoTitles", Draft{goodLeader, []DraftField{title, title}}, `titles@fields.1=""`},
		{"Tag", Draft{goodLeader, []DraftField{title, one("65", "a", "x")}}, `tag@fields.1.tag="65"!`},
		{"TagOfLetters", Draft{goodLeader, []DraftField{title, one("LKR", "a", "x")}}, ``},
		{"TagOfTheLeader", Draft{goodLeader, []DraftField{title, {Tag: "000", Value: "x"}}}, `tag@fields.1.tag="000"!`},
		{"Indicator", Draft{goodLeader, []DraftField{title, {"650", "10", "#", "", []DraftSubfield{{"a", "x"}}}}}, `indicator@fields.1.ind1="10"! indicator@fields.1.ind2="#"!`},
		{"Code", Draft{goodLeader, []DraftField{title, one("650", "ab", "x")}}, `code@fields.1.subfields.0="ab"! empty@fields.1="650"`},
		{"NoCode", Draft{goodLeader, []DraftField{title, one("650", "", "x")}}, `code@fields.1.subfields.0=""! empty@fields.1="650"`},
		{"SubfieldsInControl", Draft{goodLeader, []DraftField{title, {Tag: "005", Value: "2", Subfields: []DraftSubfield{{"a", "x"}}}}}, `kind@fields.1="005"!`},
		{"ValueInData", Draft{goodLeader, []DraftField{title, {Tag: "500", Value: "x", Subfields: []DraftSubfield{{"a", "y"}}}}}, `kind@fields.1="500"!`},
		{"Empty", Draft{goodLeader, []DraftField{title, one("500", "a", "")}}, `empty@fields.1="500"`},
		{"ISBN", Draft{goodLeader, []DraftField{one("020", "a", "9781250199341 (hardcover)"), title}}, `isbn@fields.0.subfields.0="9781250199341"`},
		{"Fixed", Draft{goodLeader, []DraftField{{Tag: "008", Value: "190401s2019"}, title}}, `fixed@fields.0="11"`},
		{"Control", Draft{goodLeader, []DraftField{title, one("500", "a", "a\x1d\x1fb\x00c")}}, `control@fields.1.subfields.0="U+001D U+001F U+0000"`},
		{"Long", Draft{goodLeader, []DraftField{title, one("520", "a", strings.Repeat("x", 10_000))}}, `long@fields=""`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, found := test.draft.Check()
			if got := problems(found); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestDraftTakesControlCharactersOut(t *testing.T) {
	draft := Draft{goodLeader, []DraftField{{Tag: "245", Subfields: []DraftSubfield{{"a", "Moon\x1e\x1fb\n rise\x00 \u0098The\u009C"}}}}}
	r, _ := draft.Check()
	if got := r.Fields[0].First('a'); got != "Moonb\n rise \u0098The\u009C" {
		t.Errorf("%q", got)
	}
}

// TestPropertyDraft types records in as they are: they stay so.
func TestPropertyDraft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord().Draw(t, "record")
		again, found := DraftOf(r).Check()
		for _, p := range found {
			if p.Code == ProblemControl || p.Code == ProblemEmpty || p.Code == ProblemTag {
				t.Skip("nothing a reader would keep")
			}
		}
		r.Leader, _ = cleanLeader(r.Leader)
		if !r.Same(again) {
			t.Fatalf("%s\n%s", Encode(r), Encode(again))
		}
	})
}
