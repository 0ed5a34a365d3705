package say

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"
)

var verb = regexp.MustCompile(`%\d*[a-z]`)

func TestLanguagesAreComplete(t *testing.T) {
	for key, text := range sentences[English] {
		translated, ok := sentences[Spanish][key]
		if !ok {
			t.Errorf("%s is missing in Spanish", key)
			continue
		}
		if !slices.Equal(verb.FindAllString(text, -1), verb.FindAllString(translated, -1)) {
			t.Errorf("%s: the two languages say different things: %q, %q", key, text, translated)
		}
	}
	for key := range sentences[Spanish] {
		if _, ok := sentences[English][key]; !ok {
			t.Errorf("%s is missing in English", key)
		}
	}
}

func TestTextSurvivesJSON(t *testing.T) {
	text := T("why.days.other", 21, T("why.scope.site"), Day("2026-04-21"))
	data, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var back Text
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	want := "21 days, by the rule for the whole library, gives Tuesday, April 21."
	if got := back.In(English); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := back.In(Spanish); got != "21 días, según la regla de toda la biblioteca: martes 21 de abril." {
		t.Errorf("Spanish: %q", got)
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if got := Date(at, English); got != "Monday, November 23" {
		t.Error(got)
	}
	if got := Date(at, Spanish); got != "lunes 23 de noviembre" {
		t.Error(got)
	}
}

func TestUnknownKeyIsSaid(t *testing.T) {
	if got := T("no.such.key", 1).In(Spanish); got != "no.such.key" {
		t.Error(got)
	}
}
