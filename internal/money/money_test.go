package money

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"carrel/internal/fault"
	"carrel/internal/say"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]int{
		"0": 0, "12": 1200, "12.5": 1250, "12.50": 1250, "0.05": 5, ".5": 50, ",50": 50, "007": 700, "1,234.50": 123450, "1,234": 123400,
		"12,50": 1250, "12,5": 1250, "1.234,50": 123450, "999.999,99": 99999999, "$12.50": 1250, "$ 12.50": 1250, "€12,50": 1250,
		"12,50 €": 1250, " \t5 \u00a0": 500, "1,000,000.00": Most, "1000000": Most, "1.000.000,00": Most,
	} {
		if got, err := Parse(text); got != want || err != nil {
			t.Errorf("Parse(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, key := range map[string]string{
		"": "money.empty", "  ": "money.empty", "$": "money.empty", " € ": "money.empty",
		"-5": "money.negative", "$-5": "money.negative", "-$5": "money.negative", "5-": "money.negative", "−5": "money.negative",
		"12.345": "money.decimals", "1.234": "money.decimals", "0,125": "money.decimals", "1.234,567": "money.decimals", "0.0000": "money.decimals",
		"1000000.01": "money.too_much", "1,000,001": "money.too_much", "99999999999999999999999": "money.too_much",
		"twelve": "money.unreadable", "1e3": "money.unreadable", "12.50 USD": "money.unreadable", "12.": "money.unreadable", ".": "money.unreadable",
		",": "money.unreadable", "1,23,456": "money.unreadable", "1,2345.00": "money.unreadable", "1 234": "money.unreadable", "$$5": "money.unreadable",
		"$5€": "money.unreadable", "+5": "money.unreadable", "1,5,0": "money.unreadable", "1.2.3": "money.unreadable", "１２": "money.unreadable",
		"0,123.00": "money.unreadable", strings.Repeat("9", 31): "money.unreadable",
	} {
		got, err := Parse(text)
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Errorf("Parse(%q) = %d, %v", text, got, err)
			continue
		}
		if f.Text.Key != key || f.Code != fault.Invalid || f.Word != "bad_amount" || f.Field != "amount" || got != 0 {
			t.Errorf("Parse(%q) = %d, %+v; want %s", text, got, f, key)
		}
		for _, lang := range []say.Lang{say.English, say.Spanish} {
			if sentence := f.Text.In(lang); sentence == key || strings.Contains(sentence, "%!") {
				t.Errorf("Parse(%q) says %q", text, sentence)
			}
		}
	}
}

func TestThreeDecimalsAreNamed(t *testing.T) {
	_, err := Parse("12.345")
	if want := "12.345 has 3 decimals"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q in it", err, want)
	}
}

func TestFormat(t *testing.T) {
	for _, one := range []struct {
		cents    int
		currency string
		lang     say.Lang
		want     string
	}{
		{1250, "USD", say.English, "$12.50"},
		{1250, "USD", say.Spanish, "$12.50"},
		{5, "USD", say.English, "$0.05"},
		{0, "USD", say.English, "$0.00"},
		{-1250, "USD", say.English, "-$12.50"},
		{123456789, "USD", say.English, "$1,234,567.89"},
		{100000, "MXN", say.Spanish, "$1,000.00"},
		{1250, "EUR", say.English, "€12.50"},
		{1250, "EUR", say.Spanish, "12,50 €"},
		{-123450, "EUR", say.Spanish, "-1.234,50 €"},
		{1250, "GBP", say.English, "£12.50"},
		{1250, "XYZ", say.Spanish, "12.50 XYZ"},
		{1250, "", say.English, "12.50"},
	} {
		if got := Format(one.cents, one.currency, one.lang); got != one.want {
			t.Errorf("Format(%d, %s, %s) = %q, want %q", one.cents, one.currency, one.lang, got, one.want)
		}
	}
}

func TestFormatIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.IntRange(0, Most).Draw(t, "cents")
		currency := rapid.SampledFrom([]string{"USD", "CAD", "MXN", "EUR", ""}).Draw(t, "currency")
		lang := rapid.SampledFrom([]say.Lang{say.English, say.Spanish}).Draw(t, "lang")
		text := Format(cents, currency, lang)
		if got, err := Parse(text); got != cents || err != nil {
			t.Fatalf("%d became %q and then %d, %v", cents, text, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"12", "12.5", "1,234.50", "12,50", "$0.05", "1.234,50 €", "12.345", "-1", "", "1e3", "1000000.01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cents, err := Parse(text)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid || cents != 0 {
				t.Fatalf("Parse(%q) = %d, %v", text, cents, err)
			}
			return
		}
		if cents < 0 || cents > Most {
			t.Fatalf("Parse(%q) = %d", text, cents)
		}
		if again, err := Parse(Format(cents, "USD", say.English)); again != cents || err != nil {
			t.Fatalf("Parse(%q) = %d, read back as %d, %v", text, cents, again, err)
		}
	})
}
