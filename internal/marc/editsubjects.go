package marc

import "strings"

// subjectTags are the headings the form shows as subjects; genres (655) say what a title is, not what it is about.
const subjectTags = "600 610 611 630 647 648 650 651"

func isSubject(f *Field) bool { return len(f.Tag) == 3 && strings.Contains(subjectTags, f.Tag) }

func formSubjects(r *Record) []string {
	found := []string{}
	for i := range r.Fields {
		field := &r.Fields[i]
		switch {
		case isSubject(field):
			addNew(&found, heading(field))
		case field.Tag == "653":
			for _, sub := range field.Subfields {
				if sub.Code == 'a' {
					addNew(&found, trimEnd(sub.Value))
				}
			}
		}
	}
	return found
}

// formWords are subdivisions that say what kind of a thing a title is ($v); all others are topics ($x).
var formWords = map[string]bool{
	"fiction": true, "juvenile fiction": true, "juvenile literature": true, "biography": true, "juvenile biography": true, "pictorial works": true,
	"poetry": true, "juvenile poetry": true, "dictionaries": true, "maps": true, "novela": true, "novela juvenil": true, "literatura juvenil": true,
}

// subjectField is the heading "Moon -- Fiction" as a field. Nobody vouches for what is typed, so it names no thesaurus: a 650 with second indicator
// 4. A 653 would say the same, but few catalogues show it as a subject.
func subjectField(text string) *Field {
	field := &Field{Tag: "650", Ind1: ' ', Ind2: '4'}
	for part := range strings.SplitSeq(text, "--") {
		whole := strings.TrimSpace(part)
		part = trimEnd(part)
		switch {
		case part == "":
		case len(field.Subfields) == 0:
			field.Subfields = append(field.Subfields, Subfield{'a', whole})
		case formWords[strings.ToLower(part)]:
			field.Subfields = append(field.Subfields, Subfield{'v', part})
		default:
			field.Subfields = append(field.Subfields, Subfield{'x', part})
		}
	}
	return field
}

// setSubjects takes headings away, from whichever thesauri they come, and adds new ones behind the others. Those that stay keep their fields.
func setSubjects(r *Record, was, is []string) {
	for _, gone := range missing(was, is) {
		dropSubject(r, gone)
	}
	fresh := missing(is, was)
	stops := endsWithStop(r)
	for _, text := range fresh {
		field := subjectField(text)
		if last := len(field.Subfields) - 1; last >= 0 {
			end := &field.Subfields[last].Value
			if *end = trimEnd(*end); stops {
				*end = plainGrammar.end(*end, ".")
			}
			r.add(*field)
		}
	}
}

// endsWithStop tells whether the record's headings end with a full stop, as some rules want.
func endsWithStop(r *Record) bool {
	at := r.find("650", nil)
	if at < 0 {
		return r.isbd()
	}
	subs := r.Fields[at].Subfields
	for i := len(subs) - 1; i >= 0; i-- {
		if isPart(subs[i].Code) {
			return strings.HasSuffix(subs[i].Value, ".")
		}
	}
	return false
}

func dropSubject(r *Record, text string) {
	for i := 0; i < len(r.Fields); i++ {
		field := &r.Fields[i]
		if isSubject(field) && strings.EqualFold(heading(field), text) {
			r.drop(i)
			i--
			continue
		}
		if field.Tag != "653" {
			continue
		}
		var kept []Subfield
		for _, sub := range field.Subfields {
			if sub.Code != 'a' || !strings.EqualFold(trimEnd(sub.Value), text) {
				kept = append(kept, sub)
			}
		}
		if len(kept) == len(field.Subfields) {
			continue
		}
		if field.Subfields = kept; field.isEmpty() {
			r.drop(i)
			i--
		}
	}
}
