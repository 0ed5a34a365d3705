package booklist

import (
	"slices"
	"strconv"
	"strings"

	"carrel/internal/isbn"
	"carrel/internal/marc"
)

// find is the place of the first field with a tag, or -1.
func find(r *marc.Record, tag string) int {
	return slices.IndexFunc(r.Fields, func(f marc.Field) bool { return f.Tag == tag })
}

// set puts a value into the first field with a tag, or into a new one.
func set(r *marc.Record, tag, indicators string, code byte, value string) {
	if at := find(r, tag); at >= 0 {
		setSubfield(&r.Fields[at], code, value)
		return
	}
	add(r, tag, indicators, string(code), value)
}

// setSubfield leaves the record that the field came from as it is.
func setSubfield(f *marc.Field, code byte, value string) {
	f.Subfields = slices.Clone(f.Subfields)
	at := slices.IndexFunc(f.Subfields, func(s marc.Subfield) bool { return s.Code == code })
	if at < 0 {
		f.Subfields = append(f.Subfields, marc.Subfield{Code: code, Value: value})
		return
	}
	f.Subfields[at].Value = value
}

// add appends a field; pairs are codes and values, of which empty ones are left out.
func add(r *marc.Record, tag, indicators string, pairs ...string) {
	f := marc.Field{Tag: tag, Ind1: indicators[0], Ind2: indicators[1]}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			f.Subfields = append(f.Subfields, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
		}
	}
	r.Fields = append(r.Fields, f)
}

// personal are the indicators of a name: "Paulsen, Gary" begins with the family name.
func personal(name string) string {
	if strings.Contains(name, ",") {
		return "1 "
	}
	return "0 "
}

func addName(r *marc.Record, name, role string) { add(r, "700", personal(name), "a", name, "e", role) }

// hasName knows a name also the other way round: "Gary Paulsen".
func hasName(names []string, name string) bool {
	return slices.ContainsFunc(names, func(known string) bool { return nameKey(known) == nameKey(name) })
}

func nameKey(name string) string {
	words := strings.Fields(marc.Fold(name))
	slices.Sort(words)
	return strings.Join(words, " ")
}

func sameAuthor(f *marc.Facts, values []string) bool {
	return f.Author != "" && nameKey(f.Author) == nameKey(values[0]) && !slices.ContainsFunc(values, func(name string) bool { return !hasName(f.Authors, name) })
}

// sameTitle takes a title without its subtitle for the same: a list that leaves it out does not take it away.
func sameTitle(f *marc.Facts, values []string) bool {
	title := marc.Fold(values[0])
	return f.Title == values[0] || title != "" && (title == marc.Fold(f.Title) || title == f.TitleKey)
}

// putTitle writes the title as cataloguing rules have it: a colon before the rest, and the length of the article in front.
func putTitle(r *marc.Record, values []string, all Values) {
	title, rest := values[0], all.one("subtitle")
	if rest != "" && !strings.HasSuffix(title, ":") {
		title += " :"
	}
	ind1 := byte('0')
	if all.one("author") != "" || find(r, "100") >= 0 {
		ind1 = '1'
	}
	field := marc.Field{Tag: "245", Ind1: ind1, Ind2: '0' + articleLength(values[0], all.one("language")), Subfields: []marc.Subfield{{Code: 'a', Value: title}}}
	if rest != "" {
		field.Subfields = append(field.Subfields, marc.Subfield{Code: 'b', Value: rest})
	}
	at := find(r, "245")
	if at < 0 {
		r.Fields = append(r.Fields, field)
		return
	}
	for _, sub := range r.Fields[at].Subfields { // parts of the old title are gone with it; the rest of the field is about the same book
		if strings.IndexByte("abnpkfg", sub.Code) < 0 {
			field.Subfields = append(field.Subfields, sub)
		}
	}
	r.Fields[at] = field
}

// articles are those that are not sorted by, with their blank.
var articles = map[string][]string{
	"eng": {"The ", "A ", "An "}, "spa": {"El ", "La ", "Los ", "Las ", "Un ", "Una ", "Lo "}, "fre": {"Le ", "La ", "Les ", "L'", "Un ", "Une "},
	"ger": {"Der ", "Die ", "Das ", "Ein ", "Eine "},
	"":    {"The ", "A ", "An ", "El ", "Los ", "Las "},
}

// articleLength counts the characters of the article a title begins with.
func articleLength(title, language string) byte {
	list, known := articles[language]
	if !known && language != "" {
		return 0
	}
	for _, article := range list {
		if len(title) > len(article) && strings.EqualFold(title[:len(article)], article) {
			return byte(len(article))
		}
	}
	return 0
}

// imprint is the place of the field about publication, or -1.
func imprint(r *marc.Record) int {
	at := slices.IndexFunc(r.Fields, func(f marc.Field) bool { return f.Tag == "264" && f.Ind2 == '1' })
	if at < 0 {
		at = find(r, "260")
	}
	return at
}

func setImprint(r *marc.Record, code byte, value string) {
	if at := imprint(r); at >= 0 {
		setSubfield(&r.Fields[at], code, value)
		return
	}
	add(r, "264", " 1", string(code), value)
}

// putYear writes the year where it is read first, and where people see it.
func putYear(r *marc.Record, values []string, _ Values) {
	year := yearOf(values[0])
	if at := find(r, "008"); at >= 0 && len(r.Fields[at].Value) >= 11 {
		fixed := r.Fields[at].Value
		r.Fields[at].Value = fixed[:6] + "s" + year + fixed[11:]
	}
	setImprint(r, 'c', year)
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func pagesText(text string) string {
	if _, err := strconv.Atoi(text); err == nil {
		return text + " p."
	}
	return text
}

func putLanguage(r *marc.Record, values []string, _ Values) {
	if at := find(r, "008"); at >= 0 && len(r.Fields[at].Value) >= 38 {
		fixed := r.Fields[at].Value
		r.Fields[at].Value = fixed[:35] + values[0] + fixed[38:]
		return
	}
	set(r, "041", "0 ", 'a', values[0])
}

// putSeries takes the place of the series that are there only where there is one.
func putSeries(r *marc.Record, values []string, all Values) {
	for i, one := range values {
		name, volume, _ := strings.Cut(one, " ; ")
		if len(values) == 1 && volume == "" {
			volume = all.one("volume")
		}
		if at := find(r, "490"); at >= 0 && len(values) == 1 && i == 0 {
			setSubfield(&r.Fields[at], 'a', name)
			if volume != "" {
				setSubfield(&r.Fields[at], 'v', volume)
			}
			continue
		}
		add(r, "490", "0 ", "a", name, "v", volume)
	}
}

func isAR(program string) bool { return strings.HasPrefix(marc.Fold(program), "accelerated reader") }

func putProgram(r *marc.Record, values []string, all Values) {
	for i := range r.Fields {
		if f := &r.Fields[i]; f.Tag == "526" && isAR(f.First('a')) {
			setSubfield(f, 'c', values[0])
			if points := all.one("ar_points"); points != "" {
				setSubfield(f, 'd', points)
			}
			return
		}
	}
	add(r, "526", "0 ", "a", "Accelerated Reader", "c", values[0], "d", all.one("ar_points"))
}

func hasNumbers(f *marc.Facts, values []string) bool {
	return !slices.ContainsFunc(values, func(text string) bool {
		number, _ := isbn.Parse(text) //nolint:errcheck // not an error: the second answer says that there is none
		return !slices.Contains(f.ISBNs, number.Text) && !slices.Contains(f.OtherISBNs, number.Text)
	})
}

func hasSubjects(f *marc.Facts, values []string) bool {
	return !slices.ContainsFunc(values, func(subject string) bool { return !containsFolded(f.Subjects, subject) })
}

func containsFolded(list []string, text string) bool {
	return slices.ContainsFunc(list, func(known string) bool { return marc.Fold(known) == marc.Fold(text) })
}

// addSubject keeps subdivisions apart: "Dogs -- Fiction".
func addSubject(r *marc.Record, subject string) {
	parts := strings.Split(subject, "--")
	if slices.ContainsFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" }) {
		parts = []string{subject}
	}
	pairs := []string{"a", strings.TrimSpace(parts[0])}
	for _, part := range parts[1:] {
		pairs = append(pairs, "x", strings.TrimSpace(part))
	}
	add(r, "650", " 4", pairs...)
}
