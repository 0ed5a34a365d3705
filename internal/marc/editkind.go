package marc

import "strings"

// chosenKinds are the words by which a librarian's own choice of a kind stands in a record: a genre heading with the source "local"
// (655 _7 $a Picture books $2 local), which no agency writes.
var chosenKinds = map[string]string{
	KindPicture: "Picture books", KindGraphic: "Graphic novels", KindFiction: "Fiction", KindBiography: "Biographies", KindNonfiction: "Nonfiction",
}

// chosenKind is the kind that a field says was chosen, "" for any other field.
func chosenKind(f *Field) string {
	if f.Tag != "655" || f.Ind2 != '7' || strings.TrimSpace(f.First('2')) != "local" {
		return ""
	}
	for kind, words := range chosenKinds {
		if trimEnd(f.First('a')) == words {
			return kind
		}
	}
	return ""
}

func putChosen(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, _ *place) { setFirst(&f.Chosen, chosenKind(field)) })
}

// kindIn is the kind of a record by all that it says itself.
func kindIn(r *Record) string {
	facts := Extract(*r)
	return KindOf(&facts, facts.Type, facts.CallNumber)
}

// setKind notes a choice, unless the record says the same without it. KindOther only takes back what was chosen.
func setKind(r *Record, kind string) {
	for i := len(r.Fields) - 1; i >= 0; i-- {
		if chosenKind(&r.Fields[i]) != "" {
			r.drop(i)
		}
	}
	if words := chosenKinds[kind]; words != "" && kindIn(r) != kind {
		r.add(Field{Tag: "655", Ind1: ' ', Ind2: '7', Subfields: []Subfield{{'a', ending(r, words)}, {'2', "local"}}})
	}
}
