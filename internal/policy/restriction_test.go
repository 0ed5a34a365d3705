package policy

import (
	"strings"
	"testing"

	"carrel/internal/say"

	"pgregory.net/rapid"
)

func TestRestrictions(t *testing.T) {
	item := ItemView{Title: "t1", Author: "poe", Series: "wings", Tags: []string{"ghosts", "war"}}
	plain := ItemView{Title: "t2"}
	catalogued := ItemView{Title: "t3", Author: "rowling j k 1965", Series: "goosebumps series 2000 12"}
	for name, test := range map[string]struct {
		rows []Restriction
		item ItemView
		want bool
	}{
		"none":                      {nil, item, false},
		"deny everything":           {[]Restriction{{RestrictDeny, RestrictAll, ""}}, plain, true},
		"ask about everything":      {[]Restriction{{RestrictAsk, RestrictAll, ""}}, plain, true},
		"deny the title":            {[]Restriction{{RestrictDeny, RestrictTitle, "t1"}}, item, true},
		"deny another title":        {[]Restriction{{RestrictDeny, RestrictTitle, "t1"}}, plain, false},
		"deny a tag":                {[]Restriction{{RestrictDeny, RestrictTag, "war"}}, item, true},
		"deny a tag it has not":     {[]Restriction{{RestrictDeny, RestrictTag, "wa"}}, item, false},
		"deny the author":           {[]Restriction{{RestrictDeny, RestrictAuthor, "poe"}}, item, true},
		"ask about the series":      {[]Restriction{{RestrictAsk, RestrictSeries, "wings"}}, item, true},
		"an author is no series":    {[]Restriction{{RestrictDeny, RestrictSeries, "poe"}}, item, false},
		"no author, no value":       {[]Restriction{{RestrictDeny, RestrictAuthor, ""}}, plain, false},
		"an author as on a form":    {[]Restriction{{RestrictDeny, RestrictAuthor, "j k rowling"}}, catalogued, true},
		"another of that name":      {[]Restriction{{RestrictDeny, RestrictAuthor, "joanne rowling"}}, catalogued, false},
		"a series with its number":  {[]Restriction{{RestrictDeny, RestrictSeries, "goosebumps"}}, catalogued, true},
		"part of a word":            {[]Restriction{{RestrictDeny, RestrictSeries, "bumps"}}, catalogued, false},
		"words of a series apart":   {[]Restriction{{RestrictDeny, RestrictSeries, "goosebumps 2000"}}, catalogued, false},
		"on the allow-list":         {[]Restriction{{RestrictAllow, RestrictTitle, "t1"}}, item, false},
		"not on the allow-list":     {[]Restriction{{RestrictAllow, RestrictTitle, "t1"}}, plain, true},
		"on one of two allow rows":  {[]Restriction{{RestrictAllow, RestrictTitle, "t9"}, {RestrictAllow, RestrictTag, "war"}}, item, false},
		"allow everything":          {[]Restriction{{RestrictAllow, RestrictAll, ""}}, plain, false},
		"deny beats allow":          {[]Restriction{{RestrictAllow, RestrictTitle, "t1"}, {RestrictDeny, RestrictTag, "war"}}, item, true},
		"ask beats allow":           {[]Restriction{{RestrictAsk, RestrictAuthor, "poe"}, {RestrictAllow, RestrictTitle, "t1"}}, item, true},
		"allow with a deny beside":  {[]Restriction{{RestrictDeny, RestrictTag, "war"}, {RestrictAllow, RestrictTitle, "t2"}}, plain, false},
		"a scope nobody knows":      {[]Restriction{{RestrictDeny, "subject", "war"}}, item, false},
		"the patron alone, allow":   {[]Restriction{{RestrictAllow, RestrictTitle, "t1"}}, ItemView{}, false},
		"the patron alone, all":     {[]Restriction{{RestrictDeny, RestrictAll, ""}}, ItemView{}, true},
		"the patron alone, a title": {[]Restriction{{RestrictDeny, RestrictTitle, ""}}, ItemView{}, false},
	} {
		if got := restricted(test.rows, test.item); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The family's reason, and what it named, stay with the librarian.
func TestRestrictedTellsNoReason(t *testing.T) {
	patron := with(func(p *PatronView) { p.Restrictions = []Restriction{{RestrictDeny, RestrictTag, "divorce"}} })
	decision := mustDecide(t, nil, weekdays(), patron, ItemView{Title: "t1", Tags: []string{"divorce"}})
	checkRefusals(t, decision, []Code{Restricted})
	text := decision.Refusals[0].Text
	if got := text.In(say.English); got != "The family has asked the library about this one. Please ask the librarian." {
		t.Error(got)
	}
	if len(text.Args) > 0 || strings.Contains(text.In(say.Spanish), "divorce") {
		t.Errorf("%v", text)
	}
}

func TestRestrictionValidate(t *testing.T) {
	for name, test := range map[string]struct {
		row   Restriction
		field string
	}{
		"deny a title":    {Restriction{RestrictDeny, RestrictTitle, "t1"}, ""},
		"ask about all":   {Restriction{RestrictAsk, RestrictAll, ""}, ""},
		"unknown mode":    {Restriction{"forbid", RestrictTitle, "t1"}, "mode"},
		"unknown scope":   {Restriction{RestrictDeny, "subject", "x"}, "scope"},
		"nothing named":   {Restriction{RestrictDeny, RestrictTag, ""}, "value"},
		"all, with value": {Restriction{RestrictDeny, RestrictAll, "x"}, "value"},
	} {
		t.Run(name, func(t *testing.T) { checkInvalid(t, test.row.Validate(), test.field) })
	}
}

// The order of the rows does not matter, and one more deny or ask never allows anything.
func TestRestrictionsAreASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(anyRestriction), 0, 6).Draw(t, "rows")
		item := anyItem(t)
		got := restricted(rows, item)
		if restricted(rapid.Permutation(rows).Draw(t, "shuffled"), item) != got {
			t.Fatal("the order matters")
		}
		more := anyRestriction(t)
		if more.Mode != RestrictAllow && got && !restricted(append(rows, more), item) {
			t.Fatalf("%v allows", more)
		}
	})
}
