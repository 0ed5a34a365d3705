package roster

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

var gradeNumber = regexp.MustCompile(`^(?:grade|grado|gr|g|year)?\.?\s*0*(\d{1,2})\s*(?:st|nd|rd|th|er|ro|do|to|mo|vo|no|[º°ª.])?\s*(?:grade|grado)?$`)

// The grades that are words. TK, the year between preschool and kindergarten, counts as PK.
// The K-12 codes are those of CEDS "Entry Grade Level", which OneRoster uses.
var gradeWords = map[string]string{
	"pk": "PK", "prek": "PK", "prekindergarten": "PK", "prekinder": "PK", "preschool": "PK", "pr": "PK", "it": "PK", "tk": "PK",
	"k": "K", "kg": "K", "kn": "K", "kf": "K", "kh": "K", "kp": "K", "ka": "K", "kinder": "K", "kínder": "K", "kindergarten": "K", "gradek": "K",
	"": "", "ug": "", "ungraded": "", "other": "", "ps": "", "13": "", "na": "",
}

// grade reads a grade; ok is false when it is not known.
func grade(text string) (string, bool) {
	low := strings.ToLower(text)
	if g, ok := gradeWords[plain(low)]; ok {
		return g, true
	}
	match := gradeNumber.FindStringSubmatch(low)
	if match == nil {
		return "", false
	}
	number, _ := strconv.Atoi(match[1]) // one or two digits
	switch {
	case number == 0:
		return "K", true
	case number <= 12:
		return strconv.Itoa(number), true
	}
	return "", false
}

// languageNames is how rosters write the languages of families when they use no code.
var languageNames = map[string]string{
	"english": "en", "inglés": "en", "spanish": "es", "español": "es", "castellano": "es", "chinese": "zh", "mandarin": "zh",
	"cantonese": "yue", "vietnamese": "vi", "arabic": "ar", "somali": "so", "russian": "ru", "ukrainian": "uk", "portuguese": "pt",
	"french": "fr", "haitian": "ht", "haitiancreole": "ht", "creole": "ht", "korean": "ko", "japanese": "ja", "tagalog": "tl",
	"filipino": "tl", "hmong": "hmn", "german": "de", "italian": "it", "polish": "pl", "hindi": "hi", "urdu": "ur", "punjabi": "pa",
	"bengali": "bn", "gujarati": "gu", "telugu": "te", "tamil": "ta", "nepali": "ne", "farsi": "fa", "persian": "fa", "dari": "prs",
	"pashto": "ps", "swahili": "sw", "amharic": "am", "tigrinya": "ti", "kinyarwanda": "rw", "burmese": "my", "karen": "kar",
	"khmer": "km", "lao": "lo", "thai": "th", "turkish": "tr", "hebrew": "he", "greek": "el", "romanian": "ro", "navajo": "nv",
	"yiddish": "yi", "armenian": "hy", "albanian": "sq", "bosnian": "bs", "serbian": "sr", "croatian": "hr",
}

// languageCode reads a language by name or by a code of ISO 639 or BCP 47 ("spa", "es-MX"); ok is false when it is not known.
func languageCode(text string) (string, bool) {
	if text == "" {
		return "", true
	}
	name, _, _ := strings.Cut(text, "(") // "Spanish (Mexico)"
	if code, ok := languageNames[plain(name)]; ok {
		return code, true
	}
	code, _, _ := strings.Cut(strings.ReplaceAll(text, "_", "-"), "-")
	switch strings.ToLower(code) {
	case "fil": // x/text keeps it apart from tl; schools do not
		return "tl", true
	case "und", "mul", "zxx", "mis":
		return "", true
	}
	base, err := language.ParseBase(code)
	if err != nil {
		return "", false
	}
	return base.String(), true
}

var statuses = map[string]string{
	"": Active, "active": Active, "a": Active, "current": Active, "enrolled": Active, "yes": Active, "y": Active, "true": Active, "1": Active, "activo": Active,
	"left": Left, "inactive": Left, "i": Left, "withdrawn": Left, "w": Left, "graduated": Left, "transferred": Left, "dropped": Left,
	"deleted": Left, "tobedeleted": Left, "suspended": Left, "archived": Left, "no": Left, "n": Left, "false": Left, "0": Left, "inactivo": Left,
}

// status reads whether a person is still there; ok is false when the word is not known.
func status(text string) (string, bool) {
	if s, ok := statuses[plain(text)]; ok {
		return s, true
	}
	return Active, false
}

// addresses reads one or more mail addresses; wrong holds what is not one.
func addresses(text string) (good, wrong []string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";,| ", r) }) {
		if address, err := mail.ParseAddress(part); err == nil {
			good = append(good, address.Address)
		} else {
			wrong = append(wrong, part)
		}
	}
	return good, wrong
}

var numericDate = regexp.MustCompile(`^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$`)

// date reads a calendar day as YYYY-MM-DD. 4/2/2000 is 4 February when the day comes first, else 2 April;
// a time behind the day is ignored.
func date(text string, dayFirst bool) (string, bool) {
	text, _, _ = strings.Cut(text, "T")
	text, _, _ = strings.Cut(text, " ")
	if len(text) == 8 {
		if day, err := time.Parse("20060102", text); err == nil {
			return day.Format(time.DateOnly), true
		}
	}
	if match := numericDate.FindStringSubmatch(text); match != nil {
		month, day := match[1], match[2]
		if dayFirst {
			month, day = day, month
		}
		text = match[3] + "-" + month + "-" + day
	}
	day, err := time.Parse("2006-1-2", strings.ReplaceAll(text, "/", "-"))
	if err != nil {
		return "", false
	}
	return day.Format(time.DateOnly), true
}

// dayFirst tells from all dates of one file how they are written. With points, or when one of them has a
// first number above 12, the day comes first; otherwise the month, as in the United States.
func dayFirst(dates []string) bool {
	for _, text := range dates {
		text, _, _ = strings.Cut(text, " ")
		match := numericDate.FindStringSubmatch(text)
		if match == nil {
			continue
		}
		if first, _ := strconv.Atoi(match[1]); first > 12 || strings.Contains(text, ".") {
			return true
		}
	}
	return false
}
