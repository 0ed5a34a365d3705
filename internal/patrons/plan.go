package patrons

import (
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/policy"
	"carrel/internal/roster"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// plan is what a roster would change, worked out before anything is written: the dry run and the import are one.
type plan struct {
	add       []change
	update    []change
	left      []collections.Patron
	unchanged []string // ids
	managed   int      // active patrons of the types in the file, the measure of the guard
	homerooms []string // new ones
	lang      say.Lang
	rejected  []Reject
	warnings  []Warning
}

// change is a patron to write; type and homeroom are names until the import makes sure that they exist.
type change struct {
	patron   collections.Patron
	kind     string
	homeroom string
	teacher  string
	place    int // of the person in the roster
}

// Reject is a row that changed nothing, with its place and reason.
type Reject struct {
	File   string `json:"file"`
	Record int    `json:"record"` // line
	Column string `json:"column,omitempty"`
	Code   string `json:"code"`
	Reason string `json:"reason"`

	Text say.Text `json:"-"` // the reason in any language
}

// Warning is something to know about a row that was imported all the same.
type Warning struct {
	Record  int    `json:"record"`
	Code    string `json:"code"`
	Message string `json:"message"`

	Text say.Text `json:"-"` // the message in any language
}

func newReject(file string, record int, column, code string, text say.Text, lang say.Lang) Reject {
	return Reject{File: file, Record: record, Column: column, Code: code, Reason: text.In(lang), Text: text}
}

func newWarning(record int, code string, text say.Text, lang say.Lang) Warning {
	return Warning{Record: record, Code: code, Message: text.In(lang), Text: text}
}

// known is everybody in the library, by what a roster may call them.
type known struct {
	all        []collections.Patron
	byDistrict map[string]int
	bySource   map[string]int
	byBarcode  map[string]int
	byPerson   map[string]int // name and birth date
	kinds      map[string]string
	homerooms  map[string]string
}

func load(app core.App) (k known, err error) {
	if k.all, err = collections.All[collections.Patron](app, "", "id", nil); err != nil {
		return k, err
	}
	k.byDistrict, k.bySource, k.byBarcode, k.byPerson = map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for i, patron := range k.all {
		note(k.byDistrict, patron.DistrictID, i)
		note(k.bySource, patron.SourceID, i)
		note(k.byBarcode, patron.Barcode, i)
		if patron.BirthDate != 0 {
			note(k.byPerson, personKey(patron.FirstName, patron.LastName, patron.BirthDate.String()), i)
		}
	}
	k.kinds, k.homerooms = map[string]string{}, map[string]string{}
	kinds, err := collections.All[collections.PatronType](app, "", "id", nil)
	if err != nil {
		return k, err
	}
	for _, kind := range kinds {
		k.kinds[kind.ID] = kind.Code
	}
	rooms, err := collections.All[collections.Homeroom](app, "", "id", nil)
	for _, room := range rooms {
		k.homerooms[room.ID] = room.Name
	}
	return k, err
}

func note(index map[string]int, key string, i int) {
	if key != "" {
		index[key] = i
	}
}

func personKey(first, last, birth string) string { return first + "\x00" + last + "\x00" + birth }

// match finds the patron a person of the roster already is. question is set for somebody who looks the same but carries another
// number: that is never decided silently.
func (k known) match(person roster.Person) (index int, found bool, question say.Text) {
	if i, ok := k.byDistrict[person.DistrictID]; ok && person.DistrictID != "" {
		return i, true, question
	}
	if i, ok := k.bySource[person.SourceID]; ok && person.SourceID != "" {
		return i, true, question
	}
	if i, ok := k.byBarcode[person.Barcode]; ok && person.Barcode != "" {
		if person.DistrictID == "" && person.SourceID == "" {
			return i, true, question
		}
		return 0, false, say.T("patrons.barcode_taken", person.Barcode, k.all[i].Name())
	}
	if i, ok := k.byPerson[personKey(person.FirstName, person.LastName, person.BirthDate)]; ok && person.BirthDate != "" {
		return 0, false, say.T("patrons.same_person", k.all[i].Name())
	}
	return 0, false, question
}

// makePlan compares a roster with the library.
func makePlan(k known, file string, people roster.Roster, lang say.Lang) plan {
	p := plan{lang: lang}
	for _, problem := range people.Problems {
		p.addProblem(file, problem)
	}
	present := map[int]bool{}
	kinds := map[string]bool{}
	for place, person := range people.Persons {
		kinds[kindOf(person)] = true
		i, found, question := k.match(person)
		if question.Key != "" {
			p.rejected = append(p.rejected, newReject(file, person.Line, "", "question", question, lang))
			continue
		}
		if !found {
			p.addPerson(k, person, place)
			continue
		}
		present[i] = true
		p.updatePerson(k, k.all[i], person, place)
	}
	if !people.Delta {
		p.findLeavers(k, present, kinds)
	}
	return p
}

func (p *plan) addProblem(file string, problem roster.Problem) {
	text := say.T("roster.problem."+problem.Code, problem.Args()...)
	if problem.Skipped {
		p.rejected = append(p.rejected, newReject(file, problem.Line, problem.Column, problem.Code, text, p.lang))
		return
	}
	if problem.Column != "" {
		text = say.T("patrons.in_column", problem.Column, text)
	}
	p.warnings = append(p.warnings, newWarning(problem.Line, problem.Code, text, p.lang))
}

func (p *plan) addPerson(k known, person roster.Person, place int) {
	patron := merge(collections.Patron{Status: collections.PatronActive}, person)
	if patron.Barcode == "" { // schools without barcodes of their own print the student number
		patron.Barcode = person.DistrictID
		if _, taken := k.byBarcode[patron.Barcode]; taken {
			patron.Barcode = ""
		}
	}
	patron.BarcodeKey = barcode.Key(patron.Barcode)
	p.add = append(p.add, change{patron, kindOf(person), roomOf(person), clip(person.HomeroomTeacher, maxTeacher), place})
	p.noteRoom(k, roomOf(person))
	if code := barcode.Warning(patron.Barcode); code != "" {
		p.warnings = append(p.warnings, newWarning(person.Line, code, say.T("patrons.check_digit", patron.Barcode), p.lang))
	}
}

func (p *plan) updatePerson(k known, old collections.Patron, person roster.Person, place int) {
	patron := merge(old, person)
	patron.BarcodeKey = barcode.Key(patron.Barcode)
	kind, room := kindOf(person), roomOf(person)
	if person.Type == "" {
		kind = k.kinds[old.Type]
	}
	if room == "" {
		room = k.homerooms[old.Homeroom]
	}
	if patron == old && kind == k.kinds[old.Type] && room == k.homerooms[old.Homeroom] {
		p.unchanged = append(p.unchanged, old.ID)
		return
	}
	p.update = append(p.update, change{patron, kind, room, clip(person.HomeroomTeacher, maxTeacher), place})
	p.noteRoom(k, room)
}

// noteRoom keeps the names of homerooms that the library does not have yet.
func (p *plan) noteRoom(k known, room string) {
	if room != "" && !slices.Contains(p.homerooms, room) && !k.hasRoom(room) {
		p.homerooms = append(p.homerooms, room)
	}
}

func (k known) hasRoom(name string) bool {
	for _, have := range k.homerooms {
		if have == name {
			return true
		}
	}
	return false
}

// findLeavers lists who is in the library by a roster and no longer in this one. Only kinds of people that the file speaks of count:
// a file of students says nothing about teachers.
func (p *plan) findLeavers(k known, present map[int]bool, kinds map[string]bool) {
	for i, patron := range k.all {
		if patron.Status != collections.PatronActive || patron.DistrictID == "" && patron.SourceID == "" || !kinds[k.kinds[patron.Type]] {
			continue
		}
		p.managed++
		if !present[i] {
			p.left = append(p.left, patron)
		}
	}
}

// merge lays what the roster knows over a patron; what it does not know stays.
func merge(patron collections.Patron, person roster.Person) collections.Patron {
	first := person.FirstName
	if person.PreferredName != "" {
		first = person.PreferredName
	}
	for _, field := range []struct {
		into *string
		from string
	}{
		{&patron.DistrictID, person.DistrictID}, {&patron.SourceID, person.SourceID}, {&patron.Barcode, person.Barcode},
		{&patron.LastName, person.LastName}, {&patron.FirstName, first}, {&patron.Grade, person.Grade},
		{&patron.Email, person.Email}, {&patron.GuardianEmail, strings.Join(person.GuardianEmails, ";")},
		{&patron.Language, person.Language}, {&patron.Status, person.Status},
	} {
		if field.from != "" {
			*field.into = field.from
		}
	}
	if birth, err := policy.ParseDay(person.BirthDate); err == nil && birth != 0 {
		patron.BirthDate = birth
	}
	return patron
}

// What the store holds of the names of a homeroom, its teacher and a patron type, in characters.
const (
	maxRoom    = 120
	maxTeacher = 200
	maxKind    = 60
)

func roomOf(person roster.Person) string { return clip(person.Homeroom, maxRoom) }

func clip(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// kindOf is the code of a person's patron type.
func kindOf(person roster.Person) string {
	kind := clip(strings.ToLower(strings.TrimSpace(person.Type)), maxKind)
	if kind == "" {
		return "student"
	}
	return kind
}
