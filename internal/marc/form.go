package marc

import (
	"strconv"
	"strings"

	"carrel/internal/isbn"

	"golang.org/x/text/unicode/norm"
)

// Form is a record as the simple form shows it: what a librarian edits without knowing MARC. All is text without the punctuation of
// cataloguing rules; "" is what the record does not say. FormOf reads it and Edit writes it back.
type Form struct {
	Title       string   `json:"title"`
	Subtitle    string   `json:"subtitle"`
	Author      string   `json:"author"`
	Illustrator string   `json:"illustrator"`
	ISBN        []string `json:"isbn"` // 13 digits when valid, else the digits as they stand in the record
	CallNumber  string   `json:"call_number"`
	Kind        string   `json:"kind"`        // one of the Kind constants
	GradesFrom  string   `json:"grades_from"` // "PK", "K", "1" … "12"
	GradesTo    string   `json:"grades_to"`
	Publisher   string   `json:"publisher"`
	Place       string   `json:"place"`
	Year        string   `json:"year"`
	Pages       string   `json:"pages"` // a number, or an extent in words: "1 audio disc"
	Lexile      string   `json:"lexile"`
	ARLevel     string   `json:"ar_level"`
	ARPoints    string   `json:"ar_points"`
	ARQuiz      string   `json:"ar_quiz"`
	Series      string   `json:"series"`
	Volume      string   `json:"volume"`
	Edition     string   `json:"edition"`
	Language    string   `json:"language"` // ISO 639-2/B
	Subjects    []string `json:"subjects"` // "Heading -- subdivision"
	Summary     string   `json:"summary"`
}

// A formPart is one text of the form and the place it has in a record. The order is that in which changes are written: the language
// before the title, whose article is one of a language; the author before the title, whose first indicator tells whether there is one.
type formPart struct {
	name  string
	of    func(*Form) *string
	get   func(*Record) string
	clean func(string) string // what of a typed text is kept
	set   func(*Record, string)
}

var formParts = []formPart{
	{"language", func(f *Form) *string { return &f.Language }, formLanguage, languageCode, setLanguage},
	{"author", func(f *Form) *string { return &f.Author }, author, trimEnd, setAuthor},
	{"title", func(f *Form) *string { return &f.Title }, titleProper, trimEnd, setTitle},
	{"subtitle", func(f *Form) *string { return &f.Subtitle }, part245('b'), trimEnd, setSubtitle},
	{"illustrator", func(f *Form) *string { return &f.Illustrator }, illustrator, trimEnd, setIllustrator},
	{"call_number", func(f *Form) *string { return &f.CallNumber }, callNumberOf, cleanCallNumber, setCallNumber},
	{"kind", func(f *Form) *string { return &f.Kind }, kindIn, strings.TrimSpace, setKind},
	{"place", func(f *Form) *string { return &f.Place }, imprintPart('a'), trimEnd, setImprint('a')},
	{"publisher", func(f *Form) *string { return &f.Publisher }, imprintPart('b'), trimEnd, setImprint('b')},
	{"year", func(f *Form) *string { return &f.Year }, yearOf, cleanYear, setYear},
	{"pages", func(f *Form) *string { return &f.Pages }, pagesOf, cleanPages, setPages},
	{"edition", func(f *Form) *string { return &f.Edition }, editionOf, trimEnd, setEdition},
	{"series", func(f *Form) *string { return &f.Series }, seriesPart('a'), trimEnd, setSeries},
	{"volume", func(f *Form) *string { return &f.Volume }, seriesPart('v'), trimEnd, setVolume},
	{"lexile", func(f *Form) *string { return &f.Lexile }, lexileOf, cleanLexile, setLexile},
	{"ar_level", func(f *Form) *string { return &f.ARLevel }, readerPart('c'), trimEnd, setReader('c')},
	{"ar_points", func(f *Form) *string { return &f.ARPoints }, readerPart('d'), trimEnd, setReader('d')},
	{"ar_quiz", func(f *Form) *string { return &f.ARQuiz }, readerPart('z'), trimEnd, setReader('z')},
	{"summary", func(f *Form) *string { return &f.Summary }, summaryOf, strings.TrimSpace, setSummary},
}

// FormOf reads the friendly fields of a record.
func FormOf(r Record) Form {
	if len(r.Leader) != leaderLength {
		r.Leader, _ = cleanLeader(r.Leader)
	}
	form := Form{ISBN: formISBNs(&r), Subjects: formSubjects(&r)}
	for _, part := range formParts {
		*part.of(&form) = part.get(&r)
	}
	form.GradesFrom, form.GradesTo = gradesOf(&r)
	return form
}

// over is what a record can hold of a form that is laid over the one it has now. What is as it was stays so; of the rest control characters and line
// ends become blanks, what cataloguing rules put behind a text goes, ISBNs are 13 digits where they are valid, and a range of grades has both its ends.
func (f Form) over(was Form) Form {
	for _, part := range formParts {
		if text := part.of(&f); *text != *part.of(&was) {
			*text = part.clean(typed(*text))
		}
	}
	if f.GradesFrom != was.GradesFrom || f.GradesTo != was.GradesTo {
		f.GradesFrom, f.GradesTo = cleanGrades(typed(f.GradesFrom), typed(f.GradesTo))
	}
	if f.Series == "" {
		f.Volume = ""
	}
	f.ISBN = listOver(f.ISBN, was.ISBN, func(text string) string {
		number, _ := isbn.Parse(text)
		return number.Text
	})
	f.Subjects = listOver(f.Subjects, was.Subjects, func(text string) string { return heading(subjectField(text)) })
	return f
}

// listOver cleans the texts of a list that are new in it. A text that stands in it twice does so once; an empty one does not.
func listOver(texts, was []string, clean func(string) string) []string {
	found := []string{}
	for _, text := range texts {
		if !hasText(was, text) {
			text = clean(typed(text))
		}
		addNew(&found, text)
	}
	return found
}

// Edit writes a form into a record: only what differs from the form the record has now is changed, and only in the fields it belongs to. All
// others keep their bytes and their order. The record given is not changed.
//
// What cannot be said with a record stays unsaid: a call number that is taken away uncovers the one an agency proposes, a language is only ever
// exchanged for another, and so is a kind.
func Edit(r Record, form Form) Record {
	was := FormOf(r)
	is := form.over(was)
	r = r.clone()
	for _, part := range formParts {
		if text := *part.of(&is); text != *part.of(&was) {
			part.set(&r, text)
		}
	}
	if is.GradesFrom != was.GradesFrom || is.GradesTo != was.GradesTo {
		setGrades(&r, is.GradesFrom, is.GradesTo)
	}
	setISBNs(&r, was.ISBN, is.ISBN)
	setSubjects(&r, was.Subjects, is.Subjects)
	return r
}

// clone is a record whose fields can be changed without changing those of the first.
func (r Record) clone() Record {
	fields := make([]Field, len(r.Fields), len(r.Fields)+4)
	for i, field := range r.Fields {
		field.Subfields = append([]Subfield(nil), field.Subfields...)
		fields[i] = field
	}
	r.Fields = fields
	if len(r.Leader) != leaderLength {
		r.Leader, _ = cleanLeader(r.Leader)
	}
	return r
}

// typed is a text as it is kept of what somebody typed or pasted.
func typed(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7F && r < 0xA0 || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return norm.NFC.String(strings.Join(strings.Fields(text), " "))
}

func cleanYear(text string) string {
	if year := plausibleYear(text); year > 0 {
		return strconv.Itoa(year)
	}
	return ""
}

// cleanLexile is the measure with its code: "ad 580" is "AD580L".
func cleanLexile(text string) string { return lexile(text, "Lexile") }

// Texts are the texts of a form by the names of their fields; ISBNs, subjects and grades are no single texts.
func (f Form) Texts() map[string]string {
	texts := make(map[string]string, len(formParts))
	for _, part := range formParts {
		texts[part.name] = *part.of(&f)
	}
	return texts
}

// IsLexile tells whether a text is a Lexile measure: "AD580L", "ad 580", "BR100L", "NP".
func IsLexile(text string) bool { return cleanLexile(typed(text)) != "" }

// IsLanguage tells whether a text is the code of one language: "eng", or in a form that is understood.
func IsLanguage(text string) bool {
	code := languageCode(typed(text))
	return code != "" && code != "mul"
}
