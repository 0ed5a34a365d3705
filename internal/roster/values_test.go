package roster

import (
	"testing"

	"pgregory.net/rapid"
)

func TestGrade(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "PK": "PK", "Pre-K": "PK", "TK": "PK", "K": "K", "KG": "K", "0": "K", "00": "K", "Kindergarten": "K", "1": "1", "01": "1",
		"12": "12", "Grade 4": "4", "4th": "4", "4th Grade": "4", "gr. 5": "5", "3º": "3", "1er grado": "1", "UG": "", "Other": "", "13": "",
	} {
		if got, ok := grade(text); got != want || !ok {
			t.Errorf("grade(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"14", "-1", "4-5", "purple", "1234"} {
		if got, ok := grade(text); ok || got != "" {
			t.Errorf("grade(%q) = %q", text, got)
		}
	}
}

func TestLanguageCode(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "en": "en", "EN": "en", "eng": "en", "English": "en", "spa": "es", "es-MX": "es", "es_US": "es", "Español": "es",
		"Spanish (Mexico)": "es", "Haitian Creole": "ht", "hmn": "hmn", "fil": "tl", "und": "", "zh-Hans": "zh",
	} {
		if got, ok := languageCode(text); got != want || !ok {
			t.Errorf("languageCode(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"Klingonese", "zzzz", "1"} {
		if got, ok := languageCode(text); ok || got != "" {
			t.Errorf("languageCode(%q) = %q", text, got)
		}
	}
}

// Whatever a file holds, a person's grade is one of the fourteen or empty.
func TestGradeIsKnownOrEmpty(t *testing.T) {
	grades := map[string]bool{"": true, "PK": true, "K": true, "1": true, "2": true, "3": true, "4": true, "5": true, "6": true,
		"7": true, "8": true, "9": true, "10": true, "11": true, "12": true}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(grade )?[0-9k]{0,3}(th|º)?`)).Draw(t, "text")
		if g, _ := grade(text); !grades[g] {
			t.Fatalf("grade(%q) = %q", text, g)
		}
	})
}
