package adds

import (
	"strings"
	"time"

	"carrel/internal/marc"

	"github.com/pocketbase/pocketbase/core"
)

// shelves is how the school marks what has no class number on its spine.
type shelves struct {
	picture string // "E"
	fiction string // "FIC"
	at      time.Time
}

// The words by which American school libraries mark the two, without brackets. The school's own favourite counts.
var (
	pictureMarks = []string{"E", "EASY", "PIC", "P", "PB", "JE", "EP", "ER"}
	fictionMarks = []string{"FIC", "F", "FICTION", "JF", "JFIC"}
)

// shelvesOf looks which marks the spines in the school have. A school without any has the commonest.
func shelvesOf(app core.App, now time.Time) (s shelves, err error) {
	var rows []struct {
		Mark string `db:"mark"`
		N    int    `db:"n"`
	}
	err = app.DB().NewQuery(`SELECT substr(call_number, 1, instr(call_number || ' ', ' ') - 1) AS mark, COUNT(*) AS n FROM items
		WHERE call_number >= 'A' GROUP BY mark ORDER BY n DESC LIMIT 200`).All(&rows)
	s = shelves{at: now}
	for _, row := range rows {
		for _, one := range []struct {
			into  *string
			marks []string
		}{{&s.picture, pictureMarks}, {&s.fiction, fictionMarks}} {
			if *one.into == "" && isOne(row.Mark, one.marks) {
				*one.into = row.Mark
			}
		}
	}
	if s.picture == "" {
		s.picture = "E"
	}
	if s.fiction == "" {
		s.fiction = "FIC"
	}
	return s, err
}

func isOne(mark string, marks []string) bool {
	mark = strings.ToUpper(strings.Trim(mark, "[]"))
	for _, known := range marks {
		if mark == known {
			return true
		}
	}
	return false
}

// propose makes the call number of a record. The rule: what a library put on its own spine (092, 099) is taken as it is; picture books and fiction get
// the school's mark; everything else its Dewey number, shortened where the cataloguer allows it (741.5/973 is 741.5) and else after two decimals;
// behind it stand the first three letters of the author, or of the title. A record that says none of this gets no proposal: a person decides.
func (s shelves) propose(record marc.Record, facts marc.Facts) string {
	for _, field := range record.Fields {
		if (field.Tag == "092" || field.Tag == "099") && field.Has('a') {
			return facts.CallNumber
		}
	}
	mark := s.mark(record, facts)
	if mark == "" {
		return ""
	}
	name, _, _ := strings.Cut(facts.Author, ",")
	letters := lettersOf(name)
	if letters == "" {
		letters = lettersOf(facts.SortTitle)
	}
	return strings.TrimSpace(mark + " " + letters)
}

// forSmall are the audiences for which a story of few pages is a picture book.
var forSmall = map[string]bool{marc.AudiencePreschool: true, marc.AudiencePrimary: true, marc.AudienceJuvenile: true}

func (s shelves) mark(record marc.Record, facts marc.Facts) string {
	dewey := deweyOf(record)
	bare := strings.ToLower(strings.Trim(dewey, "[]. "))
	literature := strings.HasPrefix(bare, "8") && len(bare) >= 3 && bare[2] == '3' // 813, 823, 863: novels and stories
	switch {
	case bare == "e":
		return s.picture
	case bare == "fic" || bare == "f":
		return s.fiction
	case (bare == "" || literature) && isStory(record, facts):
		if forSmall[facts.Audience] && fewPages(facts.Extent) {
			return s.picture
		}
		return s.fiction
	case bare == "" || bare[0] < '0' || bare[0] > '9':
		return ""
	}
	return short(dewey)
}

// deweyOf is the class the record proposes (082 $a), with its prime marks.
func deweyOf(record marc.Record) string {
	for _, field := range record.Fields {
		if field.Tag == "082" && field.First('a') != "" {
			return strings.TrimSpace(field.First('a'))
		}
	}
	return ""
}

func short(dewey string) string {
	dewey, _, _ = strings.Cut(dewey, " ")
	if whole, _, marked := strings.Cut(dewey, "/"); marked && strings.Contains(whole, ".") || marked && len(whole) == 3 {
		return strings.TrimRight(whole, ".'")
	}
	dewey = strings.NewReplacer("/", "", "'", "", "’", "").Replace(dewey)
	if whole, decimals, found := strings.Cut(dewey, "."); found && len(decimals) > 2 {
		return whole + "." + decimals[:2]
	}
	return dewey
}

// isStory tells fiction: by the form of the text (008/33), else by a heading.
func isStory(record marc.Record, facts marc.Facts) bool {
	if fixed := record.Control("008"); len(fixed) > 33 && (fixed[33] == '1' || fixed[33] == 'f' || fixed[33] == 'j') {
		return true
	}
	for _, heading := range append(facts.Subjects[:len(facts.Subjects):len(facts.Subjects)], facts.Genres...) {
		low := strings.ToLower(heading)
		if strings.Contains(low, "fiction") && !strings.Contains(low, "nonfiction") {
			return true
		}
	}
	return false
}

// fewPages tells a picture book by its extent: 32 pages, or "1 volume (unpaged)".
func fewPages(extent string) bool {
	low := strings.ToLower(extent)
	if strings.Contains(low, "unpaged") {
		return true
	}
	pages := 0
	for _, c := range low {
		if c < '0' || c > '9' {
			if pages > 0 {
				break
			}
			continue
		}
		pages = min(pages*10+int(c-'0'), 10_000)
	}
	return pages > 0 && pages <= 48
}

// lettersOf are the first three letters of a name, without accents: they stand on a label.
func lettersOf(name string) string {
	letters := []rune(strings.ToUpper(strings.ReplaceAll(marc.Fold(name), " ", "")))
	return string(letters[:min(len(letters), 3)])
}
