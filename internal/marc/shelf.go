package marc

import (
	"strconv"
	"strings"
)

// What kind of book a title is, in the words by which children and librarians look for one.
const (
	KindPicture    = "picture"
	KindGraphic    = "graphic"
	KindFiction    = "fiction"
	KindBiography  = "biography"
	KindNonfiction = "nonfiction"
	KindOther      = "other" // no book, or nothing says what kind
)

// Kinds are all kinds, in the order in which they are offered.
var Kinds = []string{KindPicture, KindGraphic, KindFiction, KindBiography, KindNonfiction, KindOther}

// forms are the codes of literary form (008/33 of books).
var forms = map[byte]string{
	'0': KindNonfiction, 'e': KindNonfiction, 'i': KindNonfiction, 's': KindNonfiction,
	'1': KindFiction, 'd': KindFiction, 'f': KindFiction, 'h': KindFiction, 'j': KindFiction,
}

// soundForms are the codes of literary text for sound recordings (008/30).
var soundForms = map[byte]string{'a': KindBiography, 'b': KindBiography, 'f': KindFiction, 'h': KindNonfiction}

// putForm reads what field 008 says of the kind: biography (34, a to d) before literary form (33).
func putForm(f *Facts, r *Record, _ spec) {
	switch f.Type {
	case TypeAudiobook:
		f.Form = soundForms[fixed008(r, 30)]
	case TypeBook, TypeEbook:
		if at := fixed008(r, 34); 'a' <= at && at <= 'd' {
			f.Form = KindBiography
			return
		}
		f.Form = forms[fixed008(r, 33)]
	}
}

// spines are the words with which call numbers of school libraries begin, without points and brackets.
var spines = map[string]string{
	"E": KindPicture, "EASY": KindPicture, "P": KindPicture, "PIC": KindPicture, "PICTURE": KindPicture, "JP": KindPicture, "EP": KindPicture, "BOARD": KindPicture,
	"GN": KindGraphic, "GRAPHIC": KindGraphic, "GRA": KindGraphic, "MANGA": KindGraphic, "COMIC": KindGraphic, "COMICS": KindGraphic,
	"FIC": KindFiction, "F": KindFiction, "FICTION": KindFiction, "JF": KindFiction, "JFIC": KindFiction, "YAF": KindFiction, "SC": KindFiction, "FICCION": KindFiction,
	"B": KindBiography, "BIO": KindBiography, "BIOG": KindBiography, "BIOGRAPHY": KindBiography,
}

// classes are beginnings of class numbers that tell more than "nonfiction", the longest first where one begins with another: comics in
// Dewey and in the Library of Congress classification, collected (920) and single (92, 921) lives, fiction for the young (PZ).
var classes = []struct{ begins, kind string }{
	{"741.5", KindGraphic}, {"PN67", KindGraphic}, {"PZ", KindFiction}, {"920", KindBiography}, {"921", KindBiography},
}

// kindOfCall reads a call number. Words it does not know before the telling one say where a book stands or in what language it is ("REF", "YA",
// "SPANISH"); the last word is the author's. "E 523" is a book of facts for the little ones.
func kindOfCall(call string) string {
	parts := strings.Fields(strings.ToUpper(strings.NewReplacer("[", "", "]", "", "/", "").Replace(call)))
	for i, part := range parts {
		if kind := kindOfClass(part); kind != "" {
			return kind
		}
		if i > 0 && i == len(parts)-1 {
			break
		}
		kind := spines[strings.Trim(part, ".")]
		if kind != "" && i+1 < len(parts) && isDigit(parts[i+1][0]) && kind == KindPicture {
			return kindOfClass(parts[i+1])
		}
		if kind != "" {
			return kind
		}
	}
	return ""
}

// kindOfClass reads a class number. The novels of a literature are its third division (813, 823, 863).
func kindOfClass(class string) string {
	for _, known := range classes {
		if strings.HasPrefix(class, known.begins) {
			return known.kind
		}
	}
	number, _, _ := strings.Cut(class, ".")
	if number == "92" {
		return KindBiography
	}
	if len(number) != 3 || !isDigit(number[0]) || !isDigit(number[1]) || !isDigit(number[2]) {
		return ""
	}
	if number[0] == '8' && number[2] == '3' && number[1] != '0' {
		return KindFiction
	}
	return KindNonfiction
}

// genres are words of genre headings (655), the most telling first.
var genres = []struct{ word, kind string }{
	{"graphic novel", KindGraphic}, {"comic", KindGraphic}, {"graphic fiction", KindGraphic}, {"manga", KindGraphic}, {"novela gráfica", KindGraphic},
	{"picture book", KindPicture}, {"board book", KindPicture},
	{"biograph", KindBiography}, {"nonfiction", KindNonfiction}, {"non-fiction", KindNonfiction}, {"fiction", KindFiction}, {"novels", KindFiction},
}

func kindOfGenres(headings []string) string {
	for _, known := range genres {
		for _, heading := range headings {
			if strings.Contains(strings.ToLower(heading), known.word) {
				return known.kind
			}
		}
	}
	return ""
}

// KindOf tells what kind of book a title is: what the librarian chose, where that was done. Opinions on the others: what is drawn as a comic is one wherever it stands; otherwise the place on the shelf, which
// the library chose, tells more than a genre heading, and that more than the codes of field 008. calls are the title's call numbers, those of
// its items first.
func KindOf(f *Facts, kind string, calls ...string) string {
	if kind != "" && kind != TypeBook && kind != TypeEbook && kind != TypeAudiobook {
		return KindOther
	}
	if f.Chosen != "" {
		return f.Chosen
	}
	genre, shelf := kindOfGenres(f.Genres), ""
	for _, call := range calls {
		if shelf = kindOfCall(call); shelf != "" {
			break
		}
	}
	if genre == KindGraphic {
		return genre
	}
	for _, found := range []string{shelf, genre, f.Form} {
		if found != "" {
			return found
		}
	}
	return KindOther
}

// GradeSpan is a range of school grades, both included; K is 0 and what comes before -1.
type GradeSpan struct{ From, To int }

// audienceGrades are the grades of the codes of 008/22 as MARC 21 gives them, for records that say no more. "Juvenile" is too wide to help anyone.
var audienceGrades = map[string]GradeSpan{
	AudiencePreschool: {-1, 0}, AudiencePrimary: {0, 3}, AudienceMiddle: {4, 8}, AudienceTeen: {9, 12},
}

// GradesOf is the grades a title is for: those of field 521 ("K-3", "3.4"), else those of its audience. ok is false when neither says any.
func GradesOf(grades, audience string) (span GradeSpan, ok bool) {
	if low, high, found := gradeRange(grades); found && low <= 12 {
		return GradeSpan{int(low), min(int(high), 12)}, true
	}
	span, ok = audienceGrades[audience]
	return span, ok
}

// String writes a span as on a label: "K-3", "5".
func (s GradeSpan) String() string {
	if s.From == s.To {
		return gradeName(s.From)
	}
	return gradeName(s.From) + "-" + gradeName(s.To)
}

func gradeName(grade int) string {
	switch {
	case grade < 0:
		return "PK"
	case grade == 0:
		return "K"
	}
	return strconv.Itoa(grade)
}

// LexileNumber is the number of a Lexile measure ("AD760L", "BR100L" below zero); ok is false for a level of another kind.
func LexileNumber(level string) (number int, ok bool) {
	text, isLexile := strings.CutSuffix(strings.ToUpper(strings.ReplaceAll(level, " ", "")), "L")
	digits := strings.TrimLeft(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	number, err := strconv.Atoi(digits)
	if !isLexile || err != nil || number < 0 {
		return 0, false
	}
	if strings.HasPrefix(text, "BR") {
		number = -number
	}
	return number, true
}
