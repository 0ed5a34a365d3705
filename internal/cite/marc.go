package cite

import (
	"slices"
	"strconv"
	"strings"

	"carrel/internal/marc"
)

// The roles of added names, by $e as it is read and by $4 (MARC code list for relators).
var (
	editing      = []string{"editor", "editor of compilation", "edt", "edc", "ed", "compiler", "com"}
	translating  = []string{"translator", "trl", "trans", "tr", "traductor"}
	illustrating = []string{"illustrator", "ill", "illus", "artist", "art", "ilustrador"}
	writing      = []string{"author", "aut", "joint author", "co-author", "autor"}
)

// FromMARC reads a work from its record. An added name without a role is an author only if it is the second one named: most others contributed what
// nobody wrote down.
func FromMARC(r marc.Record) Work {
	facts := marc.Extract(r)
	work := Work{Edition: facts.Edition, Publisher: facts.Publisher, Language: facts.Language}
	if facts.Year > 0 {
		work.Year = strconv.Itoa(facts.Year)
	}
	for _, field := range r.Fields {
		switch field.Tag {
		case "245":
			work.Title, work.Subtitle = titleIn(field, facts)
		case "260", "264":
			if work.Place == "" && (field.Tag == "260" || field.Ind2 == '1') {
				work.Place = field.First('a')
			}
		case "100", "110", "111", "700", "710":
			work.take(field)
		case "338":
			work.EBook = work.EBook || field.First('b') == "cr"
		}
	}
	if work.Title == "" {
		work.Title = facts.Title
	}
	if len(work.Authors) == 0 && len(work.Editors) == 0 && facts.Author != "" && len(facts.Authors) == 0 {
		work.Authors = []Name{{Family: facts.Author, Body: true}} // named on the title page only: as it stands there
	}
	return work
}

// take enters one name by its role.
func (w *Work) take(field marc.Field) {
	name := nameIn(field)
	if name.Family == "" || field.Has('t') { // a related work, not a person's part in this one
		return
	}
	roles := rolesIn(field)
	switch {
	case has(roles, editing):
		w.Editors = append(w.Editors, name)
	case has(roles, translating):
		w.Translators = append(w.Translators, name)
	case has(roles, writing), len(roles) == 0 && field.Tag[0] == '1':
		w.Authors = append(w.Authors, name)
	case has(roles, illustrating) && field.Tag[0] == '1':
		w.Authors = append(w.Authors, name) // a book of pictures is its artist's
	case has(roles, illustrating):
		if !slices.Contains(w.Authors, name) {
			w.Illustrators = append(w.Illustrators, name)
		}
	case field.Tag[0] == '1', len(roles) == 0 && field.Tag == "700" && len(w.Authors) == 1:
		w.Authors = append(w.Authors, name)
	}
}

func nameIn(field marc.Field) Name {
	if field.Tag == "100" || field.Tag == "700" {
		name := Person(trim(field.First('a')))
		if suffix := trim(field.First('c')); suffixes[strings.ToLower(suffix)] {
			name.Suffix = suffix
		}
		return name
	}
	parts := []string{trim(field.First('a'))}
	if field.Has('b') {
		parts = append(parts, trim(field.First('b')))
	}
	return Name{Family: strings.Join(parts, ". "), Body: true}
}

func rolesIn(field marc.Field) (roles []string) {
	for _, sub := range field.Subfields {
		if sub.Code == 'e' || sub.Code == '4' {
			role := strings.Trim(strings.ToLower(sub.Value), " .,")
			roles = append(roles, role[strings.LastIndexByte(role, '/')+1:])
		}
	}
	return roles
}

func has(roles, any []string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(any, role) })
}

// titleIn is title proper and rest of the title, with number and name of a part behind the former.
func titleIn(field marc.Field, facts marc.Facts) (title, subtitle string) {
	title = trim(field.First('a'))
	for _, code := range []byte{'n', 'p'} {
		if part := trim(field.First(code)); part != "" {
			title += ". " + part
		}
	}
	if title == "" {
		return facts.Title, ""
	}
	return title, trim(field.First('b'))
}

// trim takes off the punctuation by which catalogues part their fields; the full stop of an initial stays.
func trim(text string) string {
	text = strings.TrimRight(strings.TrimSpace(text), " /:;,=")
	if before, found := strings.CutSuffix(text, "."); found && !strings.HasSuffix(before, ".") {
		last := before[strings.LastIndexAny(before, " .,-")+1:]
		if len([]rune(last)) > 2 && !suffixes[strings.ToLower(last)] {
			text = before
		}
	}
	return text
}
