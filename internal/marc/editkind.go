package marc

import "strings"

// What kind of reading a book is.
const (
	KindPicture    = "picture"
	KindGraphic    = "graphic"
	KindFiction    = "fiction"
	KindBiography  = "biography"
	KindNonfiction = "nonfiction"
	KindOther      = "other"
)

// saidKinds are the words of a genre heading (655) that say what kind a book is, and the words by which Carrel says it. They come before all else: a
// person chose them.
var saidKinds = []struct {
	kind, says string
	words      []string
}{
	{KindGraphic, "Graphic novels", []string{"graphic novel", "comic book", "novelas graficas"}},
	{KindPicture, "Picture books", []string{"picture book", "libros ilustrados"}},
	{KindBiography, "Biographies", []string{"biographies", "autobiographies", "biografias"}},
	{KindFiction, "Fiction", []string{"fiction", "ficcion"}},
	{KindNonfiction, "Nonfiction", []string{"nonfiction"}},
}

// saysKind is the kind that a genre heading says, "" for none. Fiction and nonfiction must be the whole heading: "Science fiction" is a genre.
func saysKind(f *Field) string {
	if f.Tag != "655" {
		return ""
	}
	said := Fold(f.First('a'))
	for _, k := range saidKinds {
		for _, word := range k.words {
			whole := k.kind == KindFiction || k.kind == KindNonfiction
			if said == word || !whole && strings.HasPrefix(said, word) {
				return k.kind
			}
		}
	}
	return ""
}

// kindIn is the kind of a record, as the catalogue is narrowed by it; its items are not asked. Only the leader says whether it is a text: the form edits the
// pages, too.
func kindIn(r *Record) string {
	if r.Leader[6] != 'a' && r.Leader[6] != 't' {
		return KindOther
	}
	facts := Extract(*r)
	facts.Type, facts.Form = TypeBook, formOfBook(r)
	return KindOf(&facts, facts.Type, callNumberOf(r))
}

// setKind says the kind as a genre heading, and keeps 008 from contradicting it. KindOther only takes back what was said.
func setKind(r *Record, kind string) {
	says := ""
	for _, k := range saidKinds {
		if k.kind == kind {
			says = k.says
		}
	}
	for i := len(r.Fields) - 1; i >= 0; i-- {
		if saysKind(&r.Fields[i]) != "" {
			r.drop(i)
		}
	}
	switch kind {
	case KindFiction, KindNonfiction:
		if form := fixed008(r, 33); (strings.IndexByte("1djfhp", form) >= 0) != (kind == KindFiction) {
			r.setFixed(33, map[string]string{KindFiction: "1", KindNonfiction: "0"}[kind])
		}
	case KindBiography:
		r.setFixed(33, "0")
	}
	if says != "" && kindIn(r) != kind {
		r.add(Field{Tag: "655", Ind1: ' ', Ind2: '4', Subfields: []Subfield{{'a', ending(r, says)}}})
	}
}
