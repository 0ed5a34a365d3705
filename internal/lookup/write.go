package lookup

import (
	"strings"
	"unicode/utf8"

	"carrel/internal/marc"
)

// writer adds fields to a record; an empty text adds nothing.
type writer struct{ record marc.Record }

func (w *writer) control(tag, value string) {
	w.record.Fields = append(w.record.Fields, marc.Field{Tag: tag, Value: value})
}

// put adds a field of one subfield.
func (w *writer) put(tag string, ind1, ind2, code byte, value string) {
	if value != "" {
		w.record.Fields = append(w.record.Fields, marc.Field{Tag: tag, Ind1: ind1, Ind2: ind2, Subfields: []marc.Subfield{{Code: code, Value: value}}})
	}
}

// add adds a subfield to the last field of the tag, which is made where there is none.
func (w *writer) add(tag string, ind1, ind2, code byte, value string) {
	if last := len(w.record.Fields) - 1; last >= 0 && w.record.Fields[last].Tag == tag && value != "" {
		w.record.Fields[last].Subfields = append(w.record.Fields[last].Subfields, marc.Subfield{Code: code, Value: value})
		return
	}
	w.put(tag, ind1, ind2, code, value)
}

// name adds a person; the first indicator tells an inverted name from one in direct order.
func (w *writer) name(tag, name, role string) {
	name = Inverted(name)
	ind1 := byte('0')
	if strings.Contains(name, ",") {
		ind1 = '1'
	}
	w.put(tag, ind1, ' ', 'a', name)
	if name != "" {
		w.add(tag, ind1, ' ', 'e', role)
	}
}

// title adds field 245 with the punctuation between its parts that cataloguing rules want.
func (w *writer) title(title, subtitle, responsibility string, hasAuthor bool, languages []string) {
	ind1 := byte('0')
	if hasAuthor {
		ind1 = '1'
	}
	ind2 := byte('0' + article(title, languages)) //nolint:gosec // at most 9
	if subtitle != "" {
		title += " :"
	}
	parts := []marc.Subfield{{Code: 'a', Value: title}, {Code: 'b', Value: subtitle}, {Code: 'c', Value: responsibility}}
	if responsibility != "" {
		last := &parts[0]
		if subtitle != "" {
			last = &parts[1]
		}
		last.Value += " /"
	}
	kept := parts[:0]
	for _, part := range parts {
		if part.Value != "" {
			kept = append(kept, part)
		}
	}
	w.record.Fields = append(w.record.Fields, marc.Field{Tag: "245", Ind1: ind1, Ind2: ind2, Subfields: kept})
}

// articles are those that titles begin with, by language; of a book in no language we know, the English ones.
var articles = map[string][]string{
	"":    {"The ", "A ", "An "},
	"eng": {"The ", "A ", "An "},
	"spa": {"El ", "La ", "Los ", "Las ", "Un ", "Una "},
	"fre": {"Le ", "La ", "Les ", "L'", "L’", "Un ", "Une "},
	"ger": {"Der ", "Die ", "Das ", "Ein ", "Eine "},
}

// article is the length of the article in front of a title, in characters, with the blank behind it.
func article(title string, languages []string) int {
	language := ""
	if len(languages) > 0 {
		language = languages[0]
	}
	for _, word := range articles[language] {
		if len(title) > len(word) && strings.EqualFold(title[:len(word)], word) {
			return utf8.RuneCountInString(word)
		}
	}
	return 0
}

func (w *writer) published(place, publisher, date string) {
	if place != "" && publisher != "" {
		place += " :"
	}
	if date != "" && publisher != "" {
		publisher += ","
	}
	w.put("264", ' ', '1', 'a', place)
	w.add("264", ' ', '1', 'b', publisher)
	w.add("264", ' ', '1', 'c', date)
}
