package booklist

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"carrel/internal/marc"
)

// value is a cell without what a spreadsheet or an export put around it: ="00123" keeps its zeros, and an apostrophe in front of a sign keeps a
// program from running the cell.
func value(cell string) string {
	if inner, ok := strings.CutPrefix(cell, `="`); ok {
		if text, ok := strings.CutSuffix(inner, `"`); ok && !strings.Contains(text, `"`) {
			return strings.TrimSpace(text)
		}
	}
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte("=+-@", cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// isFormula tells whether a cell is one that a spreadsheet would run.
func isFormula(cell string) bool {
	if len(cell) < 2 || strings.IndexByte("=+@", cell[0]) < 0 {
		return false
	}
	return value(cell) == cell && strings.ContainsAny(cell, "(!|")
}

// several parts a cell with more than one value: at semicolons and bars, or as SLiMS has them, <one><two>.
func several(cell string) (values []string) {
	if strings.HasPrefix(cell, "<") && strings.HasSuffix(cell, ">") {
		cell = strings.ReplaceAll(strings.Trim(cell, "<>"), "><", "|")
	}
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '|' }) {
		if part = strings.TrimSpace(part); part != "" {
			values = append(values, part)
		}
	}
	return values
}

// seriesIn parts a cell of series. " ; " stands before the volume of one, as records and our own lists have it.
func seriesIn(cell string) (series []string) {
	const volume = "\x00"
	for _, one := range several(strings.ReplaceAll(cell, " ; ", volume)) {
		series = append(series, strings.ReplaceAll(one, volume, " ; "))
	}
	return series
}

// shortened recognises a number that a spreadsheet wrote with an exponent: its last digits are lost.
var shortened = regexp.MustCompile(`^\d[.,]?\d*[eE]\+\d+$`)

var fourDigits = regexp.MustCompile(`(?:^|\D)(1[4-9]\d\d|20\d\d)(?:\D|$)`)

// yearOf is the year in a date such as "c1987" or "2014-05-06"; "" when there is none.
func yearOf(text string) string {
	if match := fourDigits.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}

var numericDay = regexp.MustCompile(`^(\d{1,2})([/.\-])(\d{1,2})[/.\-](\d{4})$`)

// dayComesFirst tells from one date that the day stands before the month: with points, or when the first number is above 12.
func dayComesFirst(text string) bool {
	match := numericDay.FindStringSubmatch(dateOnly(text))
	if match == nil {
		return false
	}
	first, _ := strconv.Atoi(match[1]) //nolint:errcheck // one or two digits
	return match[2] == "." || first > 12
}

func dateOnly(text string) string {
	text, _, _ = strings.Cut(text, " ")
	text, _, _ = strings.Cut(text, "T")
	return text
}

// dayOf reads a date as YYYY-MM-DD, "" for none.
func dayOf(text string, dayFirst bool) string {
	text = dateOnly(text)
	if match := numericDay.FindStringSubmatch(text); match != nil {
		month, day := match[1], match[3]
		if dayFirst {
			month, day = day, month
		}
		at, err := time.Parse("2006-1-2", match[4]+"-"+month+"-"+day)
		if err != nil {
			return ""
		}
		return at.Format(time.DateOnly)
	}
	return marc.ParseDate(text)
}

// languages are the names of languages in lists, beside the codes. The answer is a code of ISO 639-2/B.
var languages = map[string]string{
	"english": "eng", "ingles": "eng", "spanish": "spa", "espanol": "spa", "castellano": "spa", "french": "fre", "frances": "fre", "german": "ger", "aleman": "ger",
	"chinese": "chi", "chino": "chi", "mandarin": "chi", "vietnamese": "vie", "arabic": "ara", "arabe": "ara", "portuguese": "por", "portugues": "por",
	"russian": "rus", "ruso": "rus", "ukrainian": "ukr", "somali": "som", "korean": "kor", "japanese": "jpn", "japones": "jpn", "italian": "ita", "italiano": "ita",
	"tagalog": "tgl", "hmong": "hmn", "polish": "pol", "hindi": "hin", "urdu": "urd", "haitian creole": "hat", "latin": "lat", "indonesian": "ind", "dutch": "dut",
	"bilingual": "mul", "bilingue": "mul", "multilingual": "mul",
}

// languageOf is the ISO 639-2/B code of a language; "" for one that is not known.
func languageOf(text string) string {
	if code, ok := languages[marc.Fold(text)]; ok {
		return code
	}
	code, _, _ := strings.Cut(strings.ReplaceAll(text, "_", "-"), "-")
	return marc.LanguageCode(code)
}

// statuses are the words for a state of an item that a list may bring; all others mean that it is on the shelf or with somebody.
var statuses = map[string]string{
	"lost": marc.StatusLost, "perdido": marc.StatusLost, "missing": marc.StatusMissing, "extraviado": marc.StatusMissing, "faltante": marc.StatusMissing,
	"damaged": marc.StatusDamaged, "danado": marc.StatusDamaged, "deteriorado": marc.StatusDamaged,
	"withdrawn": marc.StatusWithdrawn, "weeded": marc.StatusWithdrawn, "discarded": marc.StatusWithdrawn, "deleted": marc.StatusWithdrawn, "descartado": marc.StatusWithdrawn, "de baja": marc.StatusWithdrawn,
	"not for loan": marc.StatusNotForLoan, "reference only": marc.StatusNotForLoan, "no se presta": marc.StatusNotForLoan,
}
