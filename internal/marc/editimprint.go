package marc

import (
	"regexp"
	"strconv"
	"strings"
)

// imprint is the place of the field that says who published the title, or -1: 264 where the second indicator says so, else 260 of the older rules.
func imprint(r *Record) int {
	if at := r.find("264", func(f *Field) bool { return f.Ind2 == '1' }); at >= 0 {
		return at
	}
	return r.find("260", nil)
}

func imprintPart(code byte) func(*Record) string {
	return func(r *Record) string {
		at := imprint(r)
		if at < 0 {
			return ""
		}
		return trimEnd(r.Fields[at].First(code))
	}
}

// theImprint is the form the record has; one without gets that of today's rules.
func theImprint(r *Record) int {
	if at := imprint(r); at >= 0 {
		return at
	}
	return r.add(Field{Tag: "264", Ind1: ' ', Ind2: '1'})
}

func setImprint(code byte) func(*Record, string) {
	return func(r *Record, text string) {
		at := theImprint(r)
		imprintGrammar.put(&r.Fields[at], code, text, r.isbd())
		r.dropEmpty(at)
	}
}

// yearOf is the year of this edition: the first date of 008, else the one in the imprint.
func yearOf(r *Record) string {
	if value := r.Control("008"); len(value) >= pos008Date1+4 && value[pos008DateType] != 'b' {
		if year := cleanYear(value[pos008Date1 : pos008Date1+4]); year != "" {
			return year
		}
	}
	if at := imprint(r); at >= 0 {
		if year := yearIn(r.Fields[at].First('c')); year > 0 {
			return strconv.Itoa(year)
		}
	}
	return ""
}

var fourDigits = regexp.MustCompile(`[0-9]+`)

// setYear writes the year into 008 and into the imprint, there in the way the old one stands: "c1987.", "[1987?]".
func setYear(r *Record, year string) {
	setFixedYear(r, year)
	at := theImprint(r)
	field := &r.Fields[at]
	was := field.First('c')
	runs := fourDigits.FindAllStringIndex(was, -1)
	if year != "" && len(runs) == 1 && runs[0][1]-runs[0][0] == 4 {
		if like := was[:runs[0][0]] + year + was[runs[0][1]:]; strconv.Itoa(yearIn(like)) == year {
			field.Subfields[field.index('c')].Value = like
			return
		}
	}
	imprintGrammar.put(field, 'c', year, r.isbd())
	if year != "" && was == "" {
		last := &field.Subfields[field.index('c')].Value
		*last = ending(r, *last)
	}
	r.dropEmpty(at)
}

// setFixedYear writes the first date of 008. A date type that says the year is unknown or doubtful becomes that of a single year; without a year
// it becomes "unknown".
func setFixedYear(r *Record, year string) {
	value := r.Control("008")
	if len(value) < pos008Date1+4 {
		return
	}
	if year == "" {
		if r.setFixed(pos008DateType, "nuuuu") {
			r.setFixed(pos008Date1+4, "uuuu")
		}
		return
	}
	kind := value[pos008DateType]
	if strings.IndexByte("nbq| ", kind) >= 0 {
		kind = 's'
		r.setFixed(pos008Date1+4, "    ")
	}
	r.setFixed(pos008DateType, string(rune(kind))+year)
}

// pageCount is the number of pages in an extent: "xii, 345 p. :", "32 unnumbered pages", "40 páginas".
var pageCount = regexp.MustCompile(`(?i)(?:^|[^0-9\pL])\[?([0-9]+)\]?( unnumbered| unpaged)? *(?:p\b|pages\b|pp\b|leaves\b|p[aá]g)`)

func pagesOf(r *Record) string {
	at := r.find("300", nil)
	if at < 0 {
		return ""
	}
	return cleanPages(r.Fields[at].First('a'))
}

// cleanPages is the number of pages where an extent names one, else the extent in its words.
func cleanPages(text string) string {
	text = trimParts(text)
	if found := pageCount.FindAllStringSubmatch(text, -1); len(found) == 1 {
		return found[0][1]
	}
	return text
}

func setPages(r *Record, pages string) {
	at := r.find("300", nil)
	if at < 0 {
		at = r.add(Field{Tag: "300", Ind1: ' ', Ind2: ' '})
	}
	field := &r.Fields[at]
	extentGrammar.put(field, 'a', extent(r, field.First('a'), pages), r.isbd())
	r.dropEmpty(at)
}

// extent is the number of pages as the record would say it.
func extent(r *Record, was, pages string) string {
	if _, isNumber := decimal([]byte(pages)); !isNumber || pages == "" {
		return pages
	}
	was = trimParts(was)
	if found := pageCount.FindAllStringSubmatchIndex(was, -1); len(found) == 1 {
		return was[:found[0][2]] + pages + was[found[0][3]:]
	}
	switch {
	case r.inSpanish():
		return pages + " páginas"
	case r.Leader[18] == 'a':
		return pages + " p."
	}
	return pages + " pages"
}

func editionOf(r *Record) string {
	at := r.find("250", nil)
	if at < 0 {
		return ""
	}
	return trimEnd(r.Fields[at].First('a'))
}

func setEdition(r *Record, edition string) {
	at := r.find("250", nil)
	if at < 0 {
		r.add(Field{Tag: "250", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'a', ending(r, edition)}}})
		return
	}
	plainGrammar.put(&r.Fields[at], 'a', edition, r.isbd())
	r.dropEmpty(at)
}

// seriesTags are where a series stands: as on the book, in the form of older rules, and as it is traced.
var seriesTags = []string{"490", "440", "830"}

func seriesAt(r *Record) int {
	for _, tag := range seriesTags {
		if at := r.find(tag, nil); at >= 0 {
			return at
		}
	}
	return -1
}

func seriesPart(code byte) func(*Record) string {
	return func(r *Record) string {
		at := seriesAt(r)
		if at < 0 || trimEnd(r.Fields[at].First('a')) == "" {
			return ""
		}
		return trimEnd(r.Fields[at].First(code))
	}
}

// tracedAt is the place of the field that traces a series under the same name, or -1.
func tracedAt(r *Record, name string) int {
	return r.find("830", func(f *Field) bool { return name != "" && Fold(trimEnd(f.First('a'))) == Fold(name) })
}

// setSeries changes the name on the book, and the traced one where it was the same.
func setSeries(r *Record, name string) {
	at := seriesAt(r)
	if at < 0 {
		r.add(Field{Tag: "490", Ind1: '0', Ind2: ' ', Subfields: []Subfield{{'a', name}}})
		return
	}
	was, tag := seriesPart('a')(r), r.Fields[at].Tag
	if name == "" {
		for ; at >= 0; at = seriesAt(r) {
			r.drop(at)
		}
		return
	}
	seriesGrammar.put(&r.Fields[at], 'a', name, r.isbd())
	if traced := tracedAt(r, was); tag == "490" && traced >= 0 {
		seriesGrammar.put(&r.Fields[traced], 'a', name, r.isbd())
	}
}

func setVolume(r *Record, volume string) {
	at := seriesAt(r)
	if at < 0 {
		return
	}
	name, tag := seriesPart('a')(r), r.Fields[at].Tag
	seriesGrammar.put(&r.Fields[at], 'v', volume, r.isbd())
	if traced := tracedAt(r, name); tag == "490" && traced >= 0 {
		seriesGrammar.put(&r.Fields[traced], 'v', volume, r.isbd())
	}
}

func summaryAt(r *Record) int {
	at := place{codes: "ab"}
	return r.find("520", func(f *Field) bool { return strings.TrimSpace(at.text(f)) != "" })
}

func summaryOf(r *Record) string {
	at := summaryAt(r)
	if at < 0 {
		return ""
	}
	parts := place{codes: "ab"}
	return strings.TrimSpace(parts.text(&r.Fields[at]))
}

func setSummary(r *Record, summary string) {
	at := summaryAt(r)
	if summary == "" {
		for ; at >= 0; at = summaryAt(r) {
			r.drop(at)
		}
		return
	}
	if at < 0 {
		r.add(Field{Tag: "520", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'a', summary}}})
		return
	}
	field := &r.Fields[at]
	textGrammar.put(field, 'b', "", false)
	for other := field.after('a', field.index('a')); field.index('a') >= 0 && other >= 0; other = field.after('a', field.index('a')) {
		textGrammar.remove(field, other)
	}
	textGrammar.put(field, 'a', summary, false)
}
