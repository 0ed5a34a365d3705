package marc

import (
	"strings"
)

// A grammar is how the parts of a field follow each other: their order, and the punctuation that ISBD puts in front of each.
type grammar struct {
	order string
	lead  map[byte]string
	clean func(string) string // takes the punctuation off a part
}

var (
	titleGrammar   = grammar{"anphbc", map[byte]string{'b': " :", 'c': " /", 'n': ".", 'p': ","}, trimEnd}
	nameGrammar    = grammar{"abcqdte", map[byte]string{'b': ".", 'c': ",", 'd': ",", 'e': ","}, trimEnd}
	imprintGrammar = grammar{"abc", map[byte]string{'b': " :", 'c': ","}, trimEnd}
	extentGrammar  = grammar{"abce", map[byte]string{'b': " :", 'c': " ;", 'e': " +"}, trimParts}
	seriesGrammar  = grammar{"anpxv", map[byte]string{'v': " ;", 'n': ".", 'p': ","}, trimEnd}
	plainGrammar   = grammar{"abcdz", nil, trimEnd}
	textGrammar    = grammar{"ab", nil, strings.TrimSpace}
)

// isbd tells whether a record says that its parts are punctuated (leader 18: AACR 2, or ISBD).
func (r *Record) isbd() bool { return r.Leader[18] == 'a' || r.Leader[18] == 'i' }

// tail is the punctuation behind a part.
func (g *grammar) tail(text string) string {
	text = strings.TrimRight(text, " ")
	core := g.clean(text)
	if at := strings.LastIndex(text, core); core != "" && at >= 0 {
		return text[at+len(core):]
	}
	return ""
}

// end puts punctuation behind a part, unless it would then be read as another text.
func (g *grammar) end(core, tail string) string {
	if g.clean(core+tail) != core {
		return core
	}
	return core + tail
}

// put writes one part of a field: over the one that is there with the punctuation behind it, else to where it belongs, and the punctuation around it moves along.
// "" takes it away, and every further one of its kind.
func (g *grammar) put(f *Field, code byte, value string, isbd bool) {
	at := f.index(code)
	switch {
	case value == "":
		for ; at >= 0; at = f.index(code) {
			g.remove(f, at)
		}
	case at >= 0:
		f.Subfields[at].Value = g.end(value, g.tail(f.Subfields[at].Value))
	default:
		g.insert(f, Subfield{code, value}, isbd)
	}
}

// remove takes a part away; the one before it ends as it did.
func (g *grammar) remove(f *Field, at int) {
	gone := g.tail(f.Subfields[at].Value)
	if at > 0 && isPart(f.Subfields[at].Code) && isPart(f.Subfields[at-1].Code) {
		before := &f.Subfields[at-1].Value
		if core := g.clean(*before); core != "" && g.tail(*before) != "" {
			*before = g.end(core, gone)
		}
	}
	f.Subfields = append(f.Subfields[:at], f.Subfields[at+1:]...)
}

func (g *grammar) insert(f *Field, sub Subfield, isbd bool) {
	at := g.place(f, sub.Code)
	if at > 0 && isPart(f.Subfields[at-1].Code) {
		before := &f.Subfields[at-1].Value
		core, tail := g.clean(*before), g.tail(*before)
		last := at == len(f.Subfields)
		if core != "" && (tail != "" || isbd && last) {
			*before, sub.Value = g.end(core, g.lead[sub.Code]), g.end(sub.Value, tail)
		}
	} else if next := at < len(f.Subfields) && isPart(f.Subfields[at].Code); next && isbd {
		sub.Value = g.end(sub.Value, g.lead[f.Subfields[at].Code])
	}
	f.Subfields = append(f.Subfields, Subfield{})
	copy(f.Subfields[at+1:], f.Subfields[at:])
	f.Subfields[at] = sub
}

// place is where a part belongs: behind the last one that comes before it, else behind the links and materials at the start.
func (g *grammar) place(f *Field, code byte) int {
	rank, at := strings.IndexByte(g.order, code), 0
	for at < len(f.Subfields) && (f.Subfields[at].Code == '6' || f.Subfields[at].Code == '8' || f.Subfields[at].Code == '3') {
		at++
	}
	for i, sub := range f.Subfields {
		if before := strings.IndexByte(g.order, sub.Code); before >= 0 && before < rank {
			at = i + 1
		}
	}
	return at
}

// isPart tells a part of the text from a link, an identifier or a code.
func isPart(code byte) bool { return 'a' <= code && code <= 'z' }

// index is the place of the first subfield with this code, or -1.
func (f *Field) index(code byte) int {
	for i, sub := range f.Subfields {
		if sub.Code == code {
			return i
		}
	}
	return -1
}

// isEmpty tells whether nothing is left in a field but links.
func (f *Field) isEmpty() bool {
	for _, sub := range f.Subfields {
		if isPart(sub.Code) {
			return false
		}
	}
	return true
}

// find is the index of the first field that fits, or -1.
func (r *Record) find(tag string, fits func(*Field) bool) int {
	for i := range r.Fields {
		if r.Fields[i].Tag == tag && !r.Fields[i].IsControl() && (fits == nil || fits(&r.Fields[i])) {
			return i
		}
	}
	return -1
}

// add puts a new field behind those of its tag, else before the first data field of a higher one, and returns its place.
func (r *Record) add(field Field) int {
	at := len(r.Fields)
	for i := len(r.Fields) - 1; i >= 0; i-- {
		if r.Fields[i].Tag == field.Tag {
			at = i + 1
			break
		}
		if !r.Fields[i].IsControl() && r.Fields[i].Tag > field.Tag {
			at = i
		}
	}
	r.Fields = append(r.Fields, Field{})
	copy(r.Fields[at+1:], r.Fields[at:])
	r.Fields[at] = field
	return at
}

// drop takes a field out. A field in the original script that was linked to it stays and is linked to none from now on (occurrence 00).
func (r *Record) drop(at int) {
	tag, link := r.Fields[at].Tag, r.Fields[at].First('6')
	r.Fields = append(r.Fields[:at], r.Fields[at+1:]...)
	if len(link) < len("880-01") || !strings.HasPrefix(link, "880-") || strings.HasPrefix(link, "880-00") {
		return
	}
	linked := tag + "-" + link[4:6]
	for i := range r.Fields {
		field := &r.Fields[i]
		if six := field.index('6'); field.Tag == "880" && six >= 0 && strings.HasPrefix(field.Subfields[six].Value, linked) {
			field.Subfields[six].Value = tag + "-00" + field.Subfields[six].Value[len(linked):]
		}
	}
}

// dropEmpty takes a field out in which nothing is left.
func (r *Record) dropEmpty(at int) {
	if r.Fields[at].isEmpty() {
		r.drop(at)
	}
}

// setFixed writes over a stretch of field 008; one that is too short, or has other than ASCII there, stays as it is.
func (r *Record) setFixed(position int, text string) bool {
	for i := range r.Fields {
		field := &r.Fields[i]
		if field.Tag != "008" {
			continue
		}
		end := position + len(text)
		if len(field.Value) < end || !isASCII(field.Value[:end]) {
			return false
		}
		field.Value = field.Value[:position] + text + field.Value[end:]
		return true
	}
	return false
}

// inSpanish tells whether the record was catalogued in Spanish (040 $b).
func (r *Record) inSpanish() bool {
	at := r.find("040", nil)
	return at >= 0 && r.Fields[at].First('b') == "spa"
}
