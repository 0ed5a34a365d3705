package marc

import (
	"strings"

	"carrel/internal/isbn"
)

// Facts is what a record says about its title, in the values a catalogue shows and searches.
// Texts are without the punctuation that cataloguing rules put between parts.
type Facts struct {
	Title          string
	SortTitle      string // folded, without a leading article
	TitleKey       string // folded title proper, for matching
	OtherTitles    []string
	Author         string
	Authors        []string // Author first
	Responsibility string   // as the title page has it
	Edition        string
	Publisher      string
	Year           int      // 0 when unknown
	Extent         string   // pages, discs, minutes
	Language       string   // ISO 639-2/B code, "" when unknown
	Languages      []string // Language first
	Type           string   // one of the Type constants
	Audience       string   // one of the Audience constants, "" when unknown
	Chosen         string   // the kind the librarian chose, one of the Kind constants
	Form           string   // what field 008 says of the kind, one of the Kind constants; see KindOf
	Summary        string
	Series         []string // "Name ; volume"
	Subjects       []string // "Heading -- subdivision"
	Genres         []string
	Notes          []string
	ISBNs          []string // valid, 13 digits
	OtherISBNs     []string // cancelled, or with a wrong check digit: to be searched, never matched
	ISSN           string
	LCCN           string // normalised
	ControlNumber  string // 001
	ControlSource  string // 003
	CallNumber     string
	Lexile         string // "AD420L"
	Grades         string // "K-3", of interest, else of reading
	ReadingLevel   string // "3.4"
	Programs       []Program
	OriginalScript []string // fields in the original script, the title first
}

// A rule of extraction: where to look, and what to make of what is there.
type rule struct {
	from spec
	into func(*Facts, *Record, spec)
}

// table holds every opinion about where a fact is found. Later rules may use earlier facts.
var table = []rule{
	// The title is the title proper, the rest of the title, and number and name of the part. $h, the
	// general material designation, is not part of it. Archives have only $k. Without a 245 the
	// original script, then uniform and other titles stand in: a title without a name cannot be found.
	{mustSpec("245abnp:245k:245fg:880abnp:130anp:240anp:246abnp:222a:740a"), putTitle},
	{mustSpec("246abnp:247abnp:130anp:240anp:740anp"), many(func(f *Facts) *[]string { return &f.OtherTitles }, trimEnd)},

	// Names go without dates and roles: readers search for people, and dates tell apart only namesakes.
	// Editors and illustrators in 7XX count as authors behind the main one.
	{mustSpec("100abc:110ab:111an:700abc:710ab:711an:720a"), many(func(f *Facts) *[]string { return &f.Authors }, trimEnd)},
	{mustSpec("245c"), one(func(f *Facts) *string { return &f.Responsibility }, trimEnd)},
	{nil, putAuthor},

	{mustSpec("250ab"), one(func(f *Facts) *string { return &f.Edition }, trimEnd)},
	// Of the 264 fields only those with second indicator 1 are publication; others are production,
	// distribution or copyright, and better than nothing.
	{mustSpec("264|*1|b:260b:264b"), one(func(f *Facts) *string { return &f.Publisher }, trimEnd)},
	{mustSpec("264|*1|c:260c:264c:260g"), putYear},
	{mustSpec("300a"), one(func(f *Facts) *string { return &f.Extent }, trimParts)},

	// Only languages of the text or sound itself (041 $a, $d), not of summaries ($b) or originals ($h).
	{mustSpec("041ad"), putLanguages},
	{mustSpec("245abh:300a:338a"), putType},
	{nil, putForm},
	{mustSpec("521a"), putLevels},

	{mustSpec("520ab"), one(func(f *Facts) *string { return &f.Summary }, strings.TrimSpace)},
	// Traced forms (8XX) repeat the series of the book (490); the form on the book wins.
	{mustSpec("440anpv:490av:830anpv:800tnpv:810tnpv:811tnpv"), putSeries},
	{mustSpec("600:610:611:630:647:648:650:651"), putHeadings(func(f *Facts) *[]string { return &f.Subjects })},
	{mustSpec("655"), putChosen},
	{mustSpec("653a"), eachSubfield(func(f *Facts) *[]string { return &f.Subjects })},
	{mustSpec("655"), putHeadings(func(f *Facts) *[]string { return &f.Genres })},
	// Contents, performers and awards help to choose; bibliographies and bindings do not.
	{mustSpec("500a:505agrt:508a:511a:546a:586a"), many(func(f *Facts) *[]string { return &f.Notes }, strings.TrimSpace)},

	{mustSpec("020a"), putISBNs},
	{mustSpec("024|3*|a"), putBarcodeISBNs},
	{mustSpec("020z"), putOtherISBNs},
	{mustSpec("022a"), one(func(f *Facts) *string { return &f.ISSN }, normalISSN)},
	{mustSpec("010a"), one(func(f *Facts) *string { return &f.LCCN }, normalLCCN)},
	{mustSpec("001"), one(func(f *Facts) *string { return &f.ControlNumber }, strings.TrimSpace)},
	{mustSpec("003"), one(func(f *Facts) *string { return &f.ControlSource }, strings.TrimSpace)},
	// A local number (092) is on the spine of somebody's copy; 082 is what the agency proposes. Library of
	// Congress numbers are the last resort in a school.
	{mustSpec("092ab:099a:082a:090ab:050ab"), putCallNumber},
	{mustSpec("526"), putPrograms},
	// A 880 without $6 (or linked to nothing) is no less worth finding.
	{mustSpec("880abcdefghijklmnopqrstuvwxyz"), putOriginalScript},
}

// Extract reads the facts of a record. It never fails: what a record does not say stays empty.
func Extract(r Record) Facts {
	if len(r.Leader) != leaderLength {
		r.Leader, _ = cleanLeader(r.Leader)
	}
	var facts Facts
	tags, places := r.tags(), make(spec, 0, 16)
	for _, rule := range table {
		rule.into(&facts, &r, rule.from.within(tags, places))
	}
	return facts
}

// one keeps the first text.
func one(to func(*Facts) *string, clean func(string) string) func(*Facts, *Record, spec) {
	return func(f *Facts, r *Record, from spec) { *to(f) = clean(from.first(r)) }
}

// many keeps all texts that differ by more than case and punctuation.
func many(to func(*Facts) *[]string, clean func(string) string) func(*Facts, *Record, spec) {
	return func(f *Facts, r *Record, from spec) {
		from.each(r, func(field *Field, at *place) { addNew(to(f), clean(at.text(field))) })
	}
}

// eachSubfield keeps every subfield as a text of its own.
func eachSubfield(to func(*Facts) *[]string) func(*Facts, *Record, spec) {
	return func(f *Facts, r *Record, from spec) {
		from.each(r, func(field *Field, at *place) {
			for _, sub := range field.Subfields {
				if at.has(sub.Code) {
					addNew(to(f), trimEnd(sub.Value))
				}
			}
		})
	}
}

// addNew adds a text that is not there yet. The same heading comes from several thesauri, the
// same series traced and untraced.
func addNew(list *[]string, text string) {
	if text != "" && !hasText(*list, text) {
		*list = append(*list, text)
	}
}

func putAuthor(f *Facts, _ *Record, _ spec) {
	if len(f.Authors) > 0 {
		f.Author = f.Authors[0]
		return
	}
	// Home-made records often name the author on the title page only.
	name, _, _ := strings.Cut(f.Responsibility, ";")
	for _, prefix := range []string{"written by ", "by ", "por "} {
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			name = name[len(prefix):]
			break
		}
	}
	f.Author = trimEnd(name)
}

func putSeries(f *Facts, r *Record, from spec) {
	var seen []string
	from.each(r, func(field *Field, at *place) {
		volume := ""
		name := *at
		if n := len(name.codes) - 1; name.codes[n] == 'v' {
			name.codes = name.codes[:n]
			volume = trimEnd(field.First('v'))
		}
		text := trimEnd(name.text(field))
		before := len(seen)
		if addNew(&seen, Fold(text)); len(seen) == before || text == "" {
			return
		}
		if volume != "" {
			text += " ; " + volume
		}
		f.Series = append(f.Series, text)
	})
}

// putHeadings writes headings as they are read aloud: subdivisions ($v $x $y $z) behind dashes.
// Control subfields (digits, $e and $4 roles) are left out.
func putHeadings(to func(*Facts) *[]string) func(*Facts, *Record, spec) {
	return func(f *Facts, r *Record, from spec) {
		from.each(r, func(field *Field, _ *place) { addNew(to(f), heading(field)) })
	}
}

func heading(field *Field) string {
	text := make([]byte, 0, 64)
	for _, sub := range field.Subfields {
		value := strings.TrimSpace(sub.Value)
		switch {
		case value == "" || isDigit(sub.Code) || sub.Code == 'e' || sub.Code == 'j':
			continue
		case len(text) == 0:
		case strings.IndexByte("vxyz", sub.Code) >= 0:
			text = append(text, " -- "...)
			value = trimEnd(value)
		default:
			text = append(text, ' ')
		}
		text = append(text, value...)
	}
	return trimEnd(string(text))
}

func putISBNs(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, at *place) {
		number, ok := isbn.Parse(at.text(field))
		switch {
		case ok && number.Valid:
			addNew(&f.ISBNs, number.Text)
		case ok:
			addNew(&f.OtherISBNs, number.Text)
		}
	})
}

// putBarcodeISBNs takes the ISBN from the article number (024, first indicator 3) of records that
// have it nowhere else.
func putBarcodeISBNs(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, at *place) {
		if number, ok := isbn.Parse(at.text(field)); ok && number.Valid && len(strings.TrimSpace(at.text(field))) >= 13 {
			addNew(&f.ISBNs, number.Text)
		}
	})
}

func putOtherISBNs(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, at *place) {
		if number, ok := isbn.Parse(at.text(field)); ok {
			addNew(&f.OtherISBNs, number.Text)
		}
	})
}

func putCallNumber(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, at *place) {
		text := at.text(field)
		if field.Tag == "082" {
			text = field.First('a') // further ones are numbers in other editions of Dewey
		}
		if f.CallNumber == "" {
			f.CallNumber = cleanCallNumber(text)
		}
	})
}

// cleanCallNumber takes the prime marks out of Dewey numbers and the brackets off "[Fic]".
func cleanCallNumber(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '/' || r == '[' || r == ']' || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// putOriginalScript puts the title, linked to 245, first.
func putOriginalScript(f *Facts, r *Record, from spec) {
	from.each(r, func(field *Field, at *place) {
		text := trimEnd(at.text(field))
		if text == "" {
			return
		}
		if strings.HasPrefix(field.First('6'), "245") {
			f.OriginalScript = append([]string{text}, f.OriginalScript...)
			return
		}
		addNew(&f.OriginalScript, text)
	})
}
