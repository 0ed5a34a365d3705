package lookup

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"carrel/internal/marc"
)

// Book is what is known of a book where nobody has a MARC record: a source that answers JSON, or a person with the book in hand.
type Book struct {
	Title      string   `json:"title"`
	Subtitle   string   `json:"subtitle,omitempty"`
	Authors    []string `json:"authors,omitempty"` // "First Last" or "Last, First"; the first is the main one
	Statement  string   `json:"statement,omitempty"`
	Makers     []Maker  `json:"makers,omitempty"` // illustrators, translators …
	Edition    string   `json:"edition,omitempty"`
	Place      string   `json:"place,omitempty"`
	Publisher  string   `json:"publisher,omitempty"`
	Date       string   `json:"date,omitempty"` // as it was written: "March 1, 1978"
	Pages      string   `json:"pages,omitempty"`
	Series     []string `json:"series,omitempty"`
	Summary    string   `json:"summary,omitempty"`
	Subjects   []string `json:"subjects,omitempty"`
	Languages  []string `json:"languages,omitempty"` // ISO 639-2/B
	Dewey      string   `json:"dewey,omitempty"`     // also "[Fic]" and "[E]"
	LC         string   `json:"lc,omitempty"`
	LCCN       string   `json:"lccn,omitempty"`
	ISBNs      []string `json:"isbns,omitempty"`
	SystemMark string   `json:"system_mark,omitempty"` // "(OL)OL123M": where it comes from
}

// Maker is somebody who is not the author.
type Maker struct{ Name, Role string }

const (
	// bareLeader is a text, monograph, at minimal level (7): a librarian sees that nobody catalogued it.
	bareLeader = "00000nam a22000007  4500"
	longText   = 5000
	shortText  = 500
	mostListed = 30
)

// Record makes a MARC 21 record of a book. Texts are cleaned here, so nothing unclean comes in by any way.
func (b Book) Record(now time.Time) marc.Record {
	w := &writer{record: marc.Record{Leader: bareLeader}}
	title := clean(b.Title, shortText)
	languages := codes(b.Languages)
	main, others := namesOf(b.Authors)

	w.control("008", b.fixed(now, languages))
	w.put("010", ' ', ' ', 'a', clean(b.LCCN, 40))
	for _, number := range b.ISBNs {
		w.put("020", ' ', ' ', 'a', clean(number, 40))
	}
	w.put("035", ' ', ' ', 'a', clean(b.SystemMark, 60))
	if len(languages) > 1 { // 008 holds one
		for _, code := range languages {
			w.add("041", '1', ' ', 'a', code)
		}
	}
	w.put("050", ' ', '4', 'a', clean(b.LC, 60)) // 4: not assigned by the Library of Congress
	w.put("082", '0', '4', 'a', clean(b.Dewey, 40))
	w.name("100", main, "")
	w.title(title, clean(b.Subtitle, shortText), b.responsibility(), main != "", languages)
	w.put("250", ' ', ' ', 'a', clean(b.Edition, 100))
	w.published(clean(b.Place, 100), clean(b.Publisher, 200), clean(b.Date, 60))
	w.put("300", ' ', ' ', 'a', pagesOf(clean(b.Pages, 100)))
	for _, series := range first(b.Series, 5) {
		w.put("490", '0', ' ', 'a', clean(series, 200)) // 0: not traced, nobody checked its form
	}
	w.put("520", ' ', ' ', 'a', clean(b.Summary, longText))
	for _, subject := range subjectsOf(b.Subjects) {
		w.put("653", ' ', ' ', 'a', subject) // uncontrolled: it is from no list of headings
	}
	for _, name := range first(others, mostListed) {
		w.name("700", name, "")
	}
	for _, maker := range first(b.Makers, mostListed) {
		w.name("700", clean(maker.Name, 200), strings.ToLower(clean(maker.Role, 60)))
	}
	return w.record
}

// responsibility is the title page's line, or the authors as they were given.
func (b Book) responsibility() string {
	if text := clean(b.Statement, shortText); text != "" {
		return strings.TrimPrefix(text, "/ ")
	}
	var names []string
	for _, author := range first(b.Authors, 3) {
		if name := clean(author, 200); name != "" && !strings.Contains(name, ",") {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// fixed is field 008 of a book (MARC 21 Bibliographic, 008 All Materials and Books): day of entry, year, language, audience (22) and literary form (33).
func (b Book) fixed(now time.Time, languages []string) string {
	field := []byte(strings.Repeat(" ", 40))
	copy(field, now.Format("060102"))
	copy(field[6:], "nuuuuuuuu") // no date
	if year := YearOf(b.Date); year > 0 {
		copy(field[6:], fmt.Sprintf("s%04d    ", year))
	}
	copy(field[15:], "xx ")
	copy(field[35:], "und")
	if len(languages) > 0 {
		copy(field[35:], languages[0])
	}
	field[33] = 'u'
	for _, subject := range append(slices.Clone(b.Subjects), b.Dewey) {
		low := strings.ToLower(subject)
		if strings.Contains(low, "juvenile") || strings.Contains(low, "children") || low == "[e]" {
			field[22] = 'j'
		}
		if isFiction(low) {
			field[33] = '1'
		}
	}
	field[39] = 'd' // other than a national agency
	return string(field)
}

// isFiction reads a heading in small letters. "Nonfiction" and "science fiction films" are the traps.
func isFiction(low string) bool {
	return low == "[fic]" || low == "[e]" || strings.Contains(low, "fiction") && !strings.Contains(low, "nonfiction") && !strings.Contains(low, "non-fiction")
}

// YearOf is the year in a date as people write it; 0 when there is none.
func YearOf(date string) int {
	for part := range strings.FieldsFuncSeq(date, func(r rune) bool { return r < '0' || r > '9' }) {
		if year, err := strconv.Atoi(part); err == nil && len(part) == 4 && year >= 1400 && year <= 2100 {
			return year
		}
	}
	return 0
}

// pagesOf writes a bare number as an extent.
func pagesOf(text string) string {
	if _, err := strconv.Atoi(text); err == nil {
		return text + " pages"
	}
	return text
}

// codes keeps what can be a language code.
func codes(list []string) (kept []string) {
	for _, code := range first(list, 6) {
		code = strings.ToLower(strings.TrimSpace(code))
		if len(code) == 3 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == "" && !slices.Contains(kept, code) {
			kept = append(kept, code)
		}
	}
	return kept
}

// shelved are tags by which readers' sites sort, and which are no subjects.
var shelved = []string{"in library", "protected daisy", "accessible book", "internet archive wishlist", "overdrive", "large type books", "new york times bestseller", "lending library", "open library staff picks"}

func subjectsOf(list []string) (kept []string) {
	for _, subject := range list {
		subject = strings.TrimRight(clean(subject, 200), ".")
		low := strings.ToLower(subject)
		if subject == "" || len(kept) == mostListed || slices.Contains(shelved, low) || strings.ContainsAny(low, "=") || strings.Contains(low, "nyt:") {
			continue
		}
		if !slices.ContainsFunc(kept, func(have string) bool { return strings.EqualFold(have, subject) }) {
			kept = append(kept, subject)
		}
	}
	return kept
}

func first[V any](list []V, n int) []V { return list[:min(len(list), n)] }

// namesOf is the main author and the others, inverted for filing and each once.
func namesOf(authors []string) (main string, others []string) {
	for _, author := range first(authors, mostListed) {
		name := Inverted(clean(author, 200))
		switch {
		case name == "" || name == main || slices.Contains(others, name):
		case main == "":
			main = name
		default:
			others = append(others, name)
		}
	}
	return main, others
}

var (
	suffixes  = []string{"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d."}
	particles = []string{"de", "da", "di", "du", "del", "della", "la", "le", "van", "von", "der", "den", "ter", "el", "al", "st.", "saint"}
)

// Inverted puts the family name first: "Ursula K. Le Guin" is "Le Guin, Ursula K.". Opinions: a name with a comma is left as it is, and so is one of
// a single word or in a script without capitals; particles go with the family name, as most American libraries file them.
func Inverted(name string) string {
	parts := strings.Fields(name)
	if len(parts) < 2 || strings.ContainsAny(name, ",&(") || !unicode.IsUpper([]rune(parts[0])[0]) {
		return name
	}
	end := len(parts)
	for end > 2 && slices.Contains(suffixes, strings.ToLower(parts[end-1])) {
		end--
	}
	from := end - 1
	for from > 1 && slices.Contains(particles, strings.ToLower(parts[from-1])) {
		from--
	}
	inverted := strings.Join(parts[from:end], " ") + ", " + strings.Join(parts[:from], " ")
	if end < len(parts) {
		inverted += ", " + strings.Join(parts[end:], " ")
	}
	return inverted
}
