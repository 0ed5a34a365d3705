package marc

import "strings"

// Positions of field 008 that all kinds of material share (MARC 21 "008 - All Materials").
const (
	pos008DateType = 6
	pos008Date1    = 7
	pos008Audience = 22
	pos008Language = 35
)

// fixed008 is the character of field 008 at a position, ' ' when there is none.
func fixed008(r *Record, position int) byte {
	if value := r.Control("008"); position < len(value) {
		return value[position]
	}
	return ' '
}

// putYear finds the year of this edition. Opinions: the first date of 008 is it, also for
// reprints (type r, whose second date is the original's) and doubtful dates (q, a range); a date
// with unknown digits ("19uu") is worth less than a year in the imprint, but a decade ("184u") is
// better than nothing and counts as its first year.
func putYear(f *Facts, r *Record, from spec) {
	date := ""
	if value := r.Control("008"); len(value) >= pos008Date1+4 && value[pos008DateType] != 'b' {
		date = value[pos008Date1 : pos008Date1+4]
	}
	if f.Year = plausibleYear(date); f.Year > 0 {
		return
	}
	imprint := from.all(r)
	for _, text := range imprint {
		if f.Year = yearIn(text); f.Year > 0 {
			return
		}
	}
	decades := append([]string{date}, imprint...)
	for _, text := range decades {
		if f.Year = decadeIn(text); f.Year > 0 {
			return
		}
	}
}

// plausibleYear reads four digits; print is not older than 1400.
func plausibleYear(text string) int {
	year, ok := decimal([]byte(text))
	if !ok || len(text) != 4 || year < 1400 || year > 2099 {
		return 0
	}
	return year
}

// yearIn is the year in a date as imprints give it: "c1987.", "[1957?]", "1962 [i.e. 1963]".
func yearIn(text string) int {
	if _, corrected, ok := strings.Cut(text, "i.e."); ok {
		if year := yearIn(corrected); year > 0 {
			return year
		}
	}
	for i := 0; i+4 <= len(text); i++ {
		if i > 0 && isDigit(text[i-1]) || i+4 < len(text) && isDigit(text[i+4]) {
			continue
		}
		if year := plausibleYear(text[i : i+4]); year > 0 {
			return year
		}
	}
	return 0
}

// decadeIn reads "184u", "199-" and "[199?]".
func decadeIn(text string) int {
	for i := 0; i+4 <= len(text); i++ {
		if strings.IndexByte("u-?", text[i+3]) >= 0 && (i == 0 || !isDigit(text[i-1])) {
			if year := plausibleYear(text[i:i+3] + "0"); year > 0 {
				return year
			}
		}
	}
	return 0
}

// terminological are the codes of ISO 639-2/T whose bibliographic code, which MARC uses, differs.
var terminological = map[string]string{
	"sqi": "alb", "hye": "arm", "eus": "baq", "mya": "bur", "zho": "chi", "ces": "cze", "nld": "dut", "fra": "fre",
	"kat": "geo", "deu": "ger", "ell": "gre", "isl": "ice", "mkd": "mac", "mri": "mao", "msa": "may", "fas": "per",
	"ron": "rum", "slk": "slo", "bod": "tib", "cym": "wel",
	// Codes MARC had before, and the two-letter codes of the languages schools have most.
	"scr": "hrv", "scc": "srp", "mol": "rum", "esp": "epo", "cam": "khm", "tag": "tgl", "ajm": "aju",
	"en": "eng", "es": "spa", "fr": "fre", "de": "ger", "it": "ita", "pt": "por", "zh": "chi", "ja": "jpn", "ko": "kor",
	"ru": "rus", "ar": "ara", "vi": "vie", "pl": "pol", "nl": "dut", "tl": "tgl", "hi": "hin", "so": "som", "uk": "ukr",
}

// languageCode is the ISO 639-2/B code of a code as records have it, "" for what says nothing
// ("und" undetermined, "zxx" no words, fill characters).
func languageCode(text string) string {
	text = strings.ToLower(text)
	if code, ok := terminological[text]; ok {
		return code
	}
	if len(text) != 3 || text == "und" || text == "zxx" {
		return ""
	}
	for i := range len(text) {
		if text[i] < 'a' || text[i] > 'z' {
			return ""
		}
	}
	return text
}

// LanguageCode is the ISO 639-2/B code of a code as people write it ("en", "fra", "SPA"), "" for what is none.
func LanguageCode(text string) string { return languageCode(strings.TrimSpace(text)) }

// putLanguages believes 008, then 041; "mul" (several) gives way to what 041 names. A $a of old
// records holds several codes run together. Codes from another list than MARC's (second
// indicator 7) count only when there are no others: they are finer than anyone asks for.
func putLanguages(f *Facts, r *Record, from spec) {
	if value := r.Control("008"); len(value) >= pos008Language+3 {
		if code := languageCode(value[pos008Language : pos008Language+3]); code != "mul" {
			addNew(&f.Languages, code)
		}
	}
	for _, other := range []bool{false, true} {
		if other && len(f.Languages) > 0 {
			break
		}
		from.each(r, func(field *Field, at *place) {
			if (field.Ind2 == '7') != other {
				return
			}
			for _, sub := range field.Subfields {
				if at.has(sub.Code) {
					addLanguages(&f.Languages, sub.Value)
				}
			}
		})
	}
	if len(f.Languages) > 0 {
		f.Language = f.Languages[0]
	}
}

func addLanguages(list *[]string, text string) {
	text = strings.TrimSpace(text)
	if len(text)%3 != 0 {
		addNew(list, languageCode(text))
		return
	}
	for ; len(text) >= 3; text = text[3:] {
		addNew(list, languageCode(text[:3]))
	}
}
