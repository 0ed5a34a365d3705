package booklist

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"carrel/internal/marc"
)

// Values are what a list says of a title, by field; a field it says nothing of is not there.
type Values map[string][]string

// itemsCall is the call number of the title's first item. A new title that has none gets it.
const itemsCall = "call_number of an item"

// itemTag is the field in which a record made here has its items.
const itemTag = "852"

func (v Values) one(field string) string {
	if values := v[field]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Title is the title as the list has it, for messages.
func (e *Entry) Title() string { return e.Values.one("title") }

// Record makes the record of the title with its items, whose FieldIndex it sets.
func (e *Entry) Record() marc.Record {
	record := marc.Record{Leader: "00000nam a2200000   4500"}
	if e.ID != "" {
		record.Fields = append(record.Fields, marc.Field{Tag: "001", Value: e.ID}, marc.Field{Tag: "003", Value: "Carrel"})
	}
	values := maps.Clone(e.Values)
	if len(values["call_number"]) == 0 {
		values["call_number"] = values[itemsCall]
	}
	values.begin(&record)
	record = values.Over(record)
	slices.SortStableFunc(record.Fields, func(a, b marc.Field) int { return cmp.Compare(a.Tag, b.Tag) })
	for i := range e.Items {
		e.Items[i].FieldIndex = len(record.Fields)
		record.Fields = append(record.Fields, marc.NewItemField(e.Items[i].ItemFacts))
	}
	return record
}

// begin sets what only a new record can be told: what kind of thing it is, for whom, and its coded dates and language (MARC 21 "008 - Books").
func (v Values) begin(record *marc.Record) {
	kind := kindOf(v.one("kind"))
	leader := []byte(record.Leader)
	leader[6], leader[7] = kind.leader[0], kind.leader[1]
	record.Leader = string(leader)
	fixed := []byte("000101nuuuu    xx " + strings.Repeat("|", 17) + "und d") // year and language come from their rules
	fixed[23] = kind.form
	if code := audiences[v.one("audience")]; code != 0 {
		fixed[22] = code
	}
	record.Fields = append(record.Fields, marc.Field{Tag: "008", Value: string(fixed)})
}

// audiences are the codes of 008/22.
var audiences = map[string]byte{
	marc.AudiencePreschool: 'a', marc.AudiencePrimary: 'b', marc.AudienceMiddle: 'c', marc.AudienceTeen: 'd', marc.AudienceAdult: 'e',
	marc.AudienceGeneral: 'g', marc.AudienceJuvenile: 'j',
}

// kind is how a record says what a title is: leader 06-07 and 008/23.
type kind struct {
	leader string
	form   byte
}

var kinds = map[string]kind{
	marc.TypeBook: {"am", '|'}, marc.TypeEbook: {"am", 'o'}, marc.TypeSerial: {"as", '|'}, marc.TypeAudiobook: {"im", '|'}, marc.TypeMusic: {"jm", '|'},
	marc.TypeVideo: {"gm", '|'}, marc.TypeMap: {"em", '|'}, marc.TypeScore: {"cm", '|'}, marc.TypeComputer: {"mm", '|'}, marc.TypeKit: {"om", '|'},
	marc.TypeObject: {"rm", '|'}, marc.TypeMixed: {"pm", '|'},
}

// kindWords are other words for them.
var kindWords = map[string]string{
	"e book": marc.TypeEbook, "magazine": marc.TypeSerial, "periodical": marc.TypeSerial, "revista": marc.TypeSerial, "audiolibro": marc.TypeAudiobook,
	"dvd": marc.TypeVideo, "vhs": marc.TypeVideo, "video recording": marc.TypeVideo, "pelicula": marc.TypeVideo, "mapa": marc.TypeMap, "game": marc.TypeObject, "juego": marc.TypeObject,
	"juguete": marc.TypeObject, "toy": marc.TypeObject, "software": marc.TypeComputer, "cd rom": marc.TypeComputer, "partitura": marc.TypeScore,
}

// kindOf takes what is not known for a book.
func kindOf(word string) kind {
	word = marc.Fold(word)
	if known, ok := kindWords[word]; ok {
		word = known
	}
	if known, ok := kinds[word]; ok {
		return known
	}
	return kinds[marc.TypeBook]
}

// Over is the record with what the list says differently from it. All else stays as it is, and every field where it is: a new one stands behind the others.
func (v Values) Over(record marc.Record) marc.Record {
	record.Fields = slices.Clone(record.Fields)
	facts := marc.Extract(record)
	for _, rule := range rules {
		if values := v[rule.field]; len(values) > 0 && !rule.same(&facts, values) {
			rule.put(&record, values, v)
		}
	}
	return record
}

// rule says when a record has what a list says, and where it goes otherwise.
type rule struct {
	field string
	same  func(f *marc.Facts, values []string) bool
	put   func(r *marc.Record, values []string, all Values)
}

var rules = []rule{
	{"isbn", hasNumbers, func(r *marc.Record, values []string, _ Values) {
		for _, number := range values {
			if !slices.ContainsFunc(r.Fields, func(f marc.Field) bool { return f.Tag == "020" && f.First('a') == number }) {
				add(r, "020", "  ", "a", number)
			}
		}
	}},
	{"lccn", func(f *marc.Facts, _ []string) bool { return f.LCCN != "" }, plain("010", "  ", 'a')},
	{"author", sameAuthor, func(r *marc.Record, values []string, _ Values) {
		set(r, "100", personal(values[0]), 'a', values[0])
		for _, name := range values[1:] {
			addName(r, name, "")
		}
	}},
	{"title", sameTitle, putTitle},
	{"edition", same(func(f *marc.Facts) string { return f.Edition }), plain("250", "  ", 'a')},
	{"place", func(f *marc.Facts, _ []string) bool { return false }, func(r *marc.Record, values []string, _ Values) {
		if at := imprint(r); at < 0 || !r.Fields[at].Has('a') {
			setImprint(r, 'a', values[0])
		}
	}},
	{"publisher", same(func(f *marc.Facts) string { return f.Publisher }), func(r *marc.Record, values []string, _ Values) { setImprint(r, 'b', values[0]) }},
	{"year", func(f *marc.Facts, values []string) bool { return yearOf(values[0]) == yearText(f.Year) }, putYear},
	{"pages", same(func(f *marc.Facts) string { return f.Extent }), func(r *marc.Record, values []string, _ Values) {
		set(r, "300", "  ", 'a', pagesText(values[0]))
	}},
	{"series", same(func(f *marc.Facts) string { return strings.Join(f.Series, "; ") }), putSeries},
	{"summary", same(func(f *marc.Facts) string { return f.Summary }), plain("520", "  ", 'a')},
	{"grades", same(func(f *marc.Facts) string { return f.Grades }), func(r *marc.Record, values []string, _ Values) { add(r, "521", "2 ", "a", values[0]) }},
	{"lexile", same(func(f *marc.Facts) string { return f.Lexile }), func(r *marc.Record, values []string, _ Values) {
		for i := range r.Fields {
			if f := &r.Fields[i]; f.Tag == "521" && f.Ind1 == '8' && strings.Contains(marc.Fold(f.First('b')), "lexile") {
				setSubfield(f, 'a', values[0])
				return
			}
		}
		add(r, "521", "8 ", "a", values[0], "b", "Lexile")
	}},
	{"ar_level", func(f *marc.Facts, values []string) bool {
		return slices.ContainsFunc(f.Programs, func(p marc.Program) bool { return isAR(p.Name) && p.Level == values[0] })
	}, putProgram},
	{"language", same(func(f *marc.Facts) string { return f.Language }), putLanguage},
	{"subjects", hasSubjects, func(r *marc.Record, values []string, _ Values) {
		have := marc.Extract(*r).Subjects
		for _, subject := range values {
			if !containsFolded(have, subject) {
				addSubject(r, subject)
			}
		}
	}},
	{"illustrator", func(f *marc.Facts, values []string) bool {
		return !slices.ContainsFunc(values, func(name string) bool { return !hasName(f.Authors, name) })
	}, func(r *marc.Record, values []string, _ Values) {
		have := marc.Extract(*r).Authors
		for _, name := range values {
			if !hasName(have, name) {
				addName(r, name, "illustrator")
			}
		}
	}},
	{"call_number", same(func(f *marc.Facts) string { return f.CallNumber }), plain("092", "  ", 'a')},
}

// same tells whether a fact is what the list says, but for case and punctuation.
func same(fact func(*marc.Facts) string) func(*marc.Facts, []string) bool {
	return func(f *marc.Facts, values []string) bool {
		have, said := fact(f), strings.Join(values, "; ")
		return have == said || have != "" && marc.Fold(have) == marc.Fold(said)
	}
}

func plain(tag, indicators string, code byte) func(*marc.Record, []string, Values) {
	return func(r *marc.Record, values []string, _ Values) { set(r, tag, indicators, code, values[0]) }
}
