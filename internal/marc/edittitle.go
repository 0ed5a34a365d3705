package marc

import (
	"strings"
	"unicode/utf8"
)

func titleProper(r *Record) string {
	at := r.find("245", nil)
	if at < 0 {
		return ""
	}
	return trimEnd(withoutNonSort(r.Fields[at].First('a'), false))
}

func part245(code byte) func(*Record) string {
	return func(r *Record) string {
		at := r.find("245", nil)
		if at < 0 {
			return ""
		}
		return trimEnd(r.Fields[at].First(code))
	}
}

// the245 is the place of the title, which a record gets when it has none.
func the245(r *Record) int {
	if at := r.find("245", nil); at >= 0 {
		return at
	}
	ind1 := byte('0')
	if hasMainName(r) {
		ind1 = '1'
	}
	return r.add(Field{Tag: "245", Ind1: ind1, Ind2: '0'})
}

func setTitle(r *Record, title string) {
	at := the245(r)
	field := &r.Fields[at]
	was := field.First('a')
	titleGrammar.put(field, 'a', title, r.isbd())
	field.Ind2 = nonFilingOf(field.Ind2, withoutNonSort(was, false), title, formLanguage(r))
	r.dropEmpty(at)
}

func setSubtitle(r *Record, subtitle string) {
	at := the245(r)
	titleGrammar.put(&r.Fields[at], 'b', subtitle, r.isbd())
	r.dropEmpty(at)
}

// articles are the words a title is not sorted by, by the language of the title. Those with an apostrophe have no blank behind them.
var articles = map[string][]string{
	"eng": {"the", "a", "an"},
	"spa": {"el", "la", "los", "las", "lo", "un", "una", "unos", "unas"},
	"fre": {"le", "la", "les", "l'", "un", "une", "des"},
	"ger": {"der", "die", "das", "ein", "eine"},
	"ita": {"il", "lo", "la", "i", "gli", "le", "l'", "un", "uno", "una", "un'"},
	"por": {"o", "a", "os", "as", "um", "uma"},
	"cat": {"el", "la", "els", "les", "l'", "un", "una"},
	"dut": {"de", "het", "een", "'t"},
	"swe": {"en", "ett", "den", "det", "de"},
	"dan": {"en", "et", "den", "det", "de"},
	"nor": {"en", "et", "ei", "den", "det", "de"},
}

// notAfterA follow an "A" that is the letter: "A is for apple", "A to Z".
var notAfterA = map[string]bool{"is": true, "to": true, "for": true, "and": true, "or": true, "was": true, "b": true}

// nonFilingOf is the second indicator of 245 for a new title: the characters of its article with the blank behind it. A title that begins with
// the same word keeps what the cataloguer decided.
func nonFilingOf(ind2 byte, was, title, language string) byte {
	first, rest, _ := strings.Cut(title, " ")
	if before, _, _ := strings.Cut(was, " "); before == first && isDigit(ind2) {
		return ind2
	}
	if language == "" {
		language = "eng"
	}
	plain := strings.ReplaceAll(title, "’", "'")
	word := strings.ToLower(strings.ReplaceAll(first, "’", "'"))
	next, _, _ := strings.Cut(strings.ToLower(rest), " ")
	for _, article := range articles[language] {
		switch {
		case strings.HasSuffix(article, "'") && len(plain) > len(article) && strings.EqualFold(plain[:len(article)], article):
			return byte('0' + utf8.RuneCountInString(article))
		case word != article || rest == "":
		case language == "eng" && word == "a" && notAfterA[next]:
		default:
			return byte('0' + utf8.RuneCountInString(article) + 1)
		}
	}
	return '0'
}

// The main name of a record: a person, a body, a meeting.
var mainNames = []place{{tag: "100", codes: "abc"}, {tag: "110", codes: "ab"}, {tag: "111", codes: "an"}}

// mainName is the place of the main name and how it is read; -1 when there is none.
func mainName(r *Record) (int, place) {
	for _, name := range mainNames {
		if at := r.find(name.tag, nil); at >= 0 {
			return at, name
		}
	}
	return -1, place{}
}

func hasMainName(r *Record) bool {
	at, _ := mainName(r)
	return at >= 0
}

func author(r *Record) string {
	at, name := mainName(r)
	if at < 0 {
		return ""
	}
	return trimEnd(name.text(&r.Fields[at]))
}

// setAuthor keeps a body a body. The title's first indicator follows: 1 with a main name, 0 without.
func setAuthor(r *Record, name string) {
	at, _ := mainName(r)
	switch {
	case name == "":
		for ; at >= 0; at, _ = mainName(r) {
			r.drop(at)
		}
	case at < 0:
		r.add(Field{Tag: "100", Ind1: nameForm(name), Ind2: ' ', Subfields: []Subfield{{'a', ending(r, name)}}})
	default:
		setName(&r.Fields[at], name)
	}
	if title := r.find("245", nil); title >= 0 && strings.IndexByte("01 ", r.Fields[title].Ind1) >= 0 {
		if is := hasMainName(r); is != (r.Fields[title].Ind1 == '1') {
			r.Fields[title].Ind1 = map[bool]byte{true: '1', false: '0'}[is]
		}
	}
}

// ending ends a new text with a full stop where the record's rules want one.
func ending(r *Record, text string) string {
	if !r.isbd() {
		return text
	}
	return plainGrammar.end(text, ".")
}

// nameForm is the first indicator of a person: 1 with the family name first, 0 for a forename.
func nameForm(name string) byte {
	if strings.Contains(name, ",") {
		return '1'
	}
	return '0'
}

// setName writes another name into a field. What told the first person apart, dates, fuller names and identifiers, goes with them; roles stay.
func setName(f *Field, name string) {
	was := f.First('a')
	for at := f.index('a'); at >= 0; at = f.after('a', at) {
		if other := f.after('a', at); other >= 0 {
			nameGrammar.remove(f, other)
		}
	}
	nameGrammar.put(f, 'a', name, false)
	codes := "bcdqgjut01"
	if f.Tag == "111" {
		codes = "ndcegqtu01"
	}
	for i := range len(codes) {
		nameGrammar.put(f, codes[i], "", false)
	}
	if f.Tag[1:] == "00" && strings.Contains(was, ",") != strings.Contains(name, ",") {
		f.Ind1 = nameForm(name)
	}
}

// after is the place of the next subfield with a code behind a place, or -1.
func (f *Field) after(code byte, at int) int {
	for i := at + 1; i < len(f.Subfields); i++ {
		if f.Subfields[i].Code == code {
			return i
		}
	}
	return -1
}

// draws tells whether a name added to a record is said to be the illustrator's. A record that names one on the title page only (245 $c) has none.
func draws(f *Field) bool {
	for _, sub := range f.Subfields {
		role := strings.ToLower(strings.TrimSpace(sub.Value))
		if sub.Code == 'e' && (strings.HasPrefix(role, "ill") || strings.HasPrefix(role, "ilus")) || sub.Code == '4' && strings.HasSuffix(role, "ill") {
			return true
		}
	}
	return false
}

func illustrator(r *Record) string {
	at := r.find("700", draws)
	if at < 0 {
		return ""
	}
	return trimEnd(mainNames[0].text(&r.Fields[at]))
}

func setIllustrator(r *Record, name string) {
	at := r.find("700", draws)
	switch {
	case name == "":
		for ; at >= 0; at = r.find("700", draws) {
			r.drop(at)
		}
	case at >= 0:
		setName(&r.Fields[at], name)
	default:
		role := "illustrator"
		if r.inSpanish() {
			role = "ilustrador"
		}
		field := Field{Tag: "700", Ind1: nameForm(name), Ind2: ' ', Subfields: []Subfield{{'a', name}}}
		nameGrammar.insert(&field, Subfield{'e', role}, true)
		field.Subfields[1].Value = ending(r, role)
		r.add(field)
	}
}
