package marc

import (
	"regexp"
	"strings"

	"carrel/internal/isbn"
)

// callSpec is the table's own opinion of where a call number stands.
var callSpec = mustSpec("092ab:099a:082a:090ab:050ab")

func callNumberOf(r *Record) string {
	var facts Facts
	putCallNumber(&facts, r, callSpec)
	return facts.CallNumber
}

// setCallNumber writes what stands on the spine: a local number, never the one an agency proposes (082), which other libraries read too and which is
// right about the subject although the spine says otherwise. A Dewey number is a 092, other marks ("FIC PAU") are a 099.
func setCallNumber(r *Record, call string) {
	at := r.find("092", nil)
	if at < 0 {
		at = r.find("099", nil)
	}
	switch {
	case call == "":
		dropAll(r, "092")
		dropAll(r, "099")
	case at < 0 && isDigit(call[0]):
		r.add(Field{Tag: "092", Ind1: ' ', Ind2: ' ', Subfields: callParts(call, true)})
	case at < 0:
		r.add(Field{Tag: "099", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'a', call}}})
	default:
		field := &r.Fields[at]
		parts := callParts(call, field.Tag == "092" && field.Has('b'))
		var rest []Subfield
		for _, sub := range field.Subfields {
			if sub.Code != 'a' && (sub.Code != 'b' || field.Tag == "099") {
				rest = append(rest, sub)
			}
		}
		field.Subfields = append(parts, rest...)
	}
}

// callParts parts a call number at its first blank, if told so.
func callParts(call string, parted bool) []Subfield {
	number, mark, two := strings.Cut(call, " ")
	if !parted || !two {
		return []Subfield{{'a', call}}
	}
	return []Subfield{{'a', number}, {'b', mark}}
}

func dropAll(r *Record, tag string) {
	for at := r.find(tag, nil); at >= 0; at = r.find(tag, nil) {
		r.drop(at)
	}
}

func isbnOf(f *Field) string {
	number, ok := isbn.Parse(f.First('a'))
	if !ok {
		return ""
	}
	return number.Text
}

func formISBNs(r *Record) []string {
	found := []string{}
	for i := range r.Fields {
		if r.Fields[i].Tag == "020" {
			addNew(&found, isbnOf(&r.Fields[i]))
		}
	}
	return found
}

// isbnDigits is the number at the start of a 020 $a, with the label before it.
var isbnDigits = regexp.MustCompile(`^\s*(?i:isbn[-\s:.13]*)?[0-9](?:[-\x{2010}-\x{2015}\x{AD} ]?[0-9Xx])+`)

// setISBNs takes numbers away and adds them. One that took the place of another keeps what stands behind it, "(hardcover)"; a number
// that is gone leaves the cancelled ones ($z) beside it.
func setISBNs(r *Record, was, is []string) {
	gone, fresh := missing(was, is), missing(is, was)
	for i, number := range gone {
		other := ""
		if i < len(fresh) {
			other = fresh[i]
		}
		replaceISBN(r, number, other)
	}
	if len(fresh) <= len(gone) {
		return
	}
	for _, number := range fresh[len(gone):] {
		r.add(Field{Tag: "020", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'a', number}}})
	}
}

// missing are the texts of one list that another has not.
func missing(from, in []string) (texts []string) {
	for _, text := range from {
		if !hasText(in, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// hasText tells whether a list has a text, as addNew sees it.
func hasText(list []string, text string) bool {
	for _, known := range list {
		if known == text || len(known) == len(text) && strings.EqualFold(known, text) {
			return true
		}
	}
	return false
}

// replaceISBN writes another number into the first field of one, and takes it out of every further one; "" takes it out of all.
func replaceISBN(r *Record, number, other string) {
	for i := 0; i < len(r.Fields); i++ {
		field := &r.Fields[i]
		if field.Tag != "020" || isbnOf(field) != number {
			continue
		}
		if other != "" {
			at := field.index('a')
			value := other + isbnDigits.ReplaceAllString(field.Subfields[at].Value, "")
			if got, ok := isbn.Parse(value); !ok || got.Text != other {
				value = other
			}
			field.Subfields[at].Value, other = value, ""
			continue
		}
		if !field.Has('z') {
			r.drop(i)
			i--
			continue
		}
		for _, code := range []byte("aqc") {
			plainGrammar.put(field, code, "", false)
		}
	}
}

// formLanguage is the language of the text itself.
func formLanguage(r *Record) string {
	var facts Facts
	putLanguages(&facts, r, languageSpec)
	return facts.Language
}

var languageSpec = mustSpec("041ad")

// setLanguage writes 008, and 041 where it names the language that is no more the first one.
func setLanguage(r *Record, language string) {
	if language == "" || language == "mul" {
		return
	}
	was := formLanguage(r)
	done := r.setFixed(pos008Language, language)
	named := r.find("041", func(f *Field) bool { return f.Ind2 != '7' && f.Has('a') })
	if named >= 0 {
		field := &r.Fields[named]
		value := &field.Subfields[field.index('a')].Value
		if code := strings.TrimSpace(*value); len(code) >= 3 && (languageCode(code[:3]) == was || !done) {
			*value = language + code[3:]
			return
		}
	}
	if !done && formLanguage(r) != language {
		field := Field{Tag: "041", Ind1: '0', Ind2: ' ', Subfields: []Subfield{{'a', language}}}
		at := r.add(field)
		for ; at > 0 && r.Fields[at-1].Tag == "041"; at-- { // before the others: the first one counts
			r.Fields[at], r.Fields[at-1] = r.Fields[at-1], r.Fields[at]
		}
	}
}
