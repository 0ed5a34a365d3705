// Package teaching keeps what the library teaches: lessons, and the calendar, which is made of sessions and of the visits in the classes' timetable. A visit of the
// timetable is no row of the store; it becomes a session when it is moved, changed or cancelled, which then stands instead of it.
package teaching

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
)

// Who asks. A teacher is shown the sessions of the own homerooms and nobody's notes; nobody but the librarian is shown notes.
type Who struct {
	ID        string // of the member of staff
	Role      collections.Role
	Homerooms []string // the teacher's own
}

func (w Who) head() bool { return w.Role == collections.Librarian }

// sees tells whether a session is shown: to a teacher the own classes', and when the library is closed.
func (w Who) sees(s collections.Session) bool {
	return w.Role != collections.Teacher || s.AskedBy != "" && s.AskedBy == w.ID || s.Homeroom != "" && slices.Contains(w.Homerooms, s.Homeroom)
}

// Named is something by its name.
type Named struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func unfit(op, field, key string, args ...any) *fault.Error {
	return fault.New("teaching."+op, fault.Invalid, key, args...).At(field)
}

func unknown(op, field, word string) *fault.Error {
	return fault.New("teaching."+op, fault.NotFound, "teaching."+word).Named(word).At(field)
}

// line makes a typed text one line of at most so many letters; fault.Invalid at the field.
func line(op, field, typed string, most int) (string, error) {
	text := site.OneLine(typed)
	if utf8.RuneCountInString(text) > most {
		return text, unfit(op, field, "teaching.long", most)
	}
	return text, nil
}

// paragraphs is line for a text of several lines.
func paragraphs(op, field, typed string, most int) (string, error) {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, typed)
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > most {
		return text, unfit(op, field, "teaching.long", most)
	}
	return text, nil
}

// oneOf refuses what is not among the choices: fault.Invalid at the field.
func oneOf(op, field, value string, choices ...string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return unfit(op, field, "teaching.choice", strings.Join(choices, ", "))
}

// among is a list of values as SQL, with its parameters.
func among(values []string) (string, dbx.Params) {
	names, params := make([]string, len(values)), dbx.Params{}
	for i, value := range values {
		name := fmt.Sprint("v", i)
		names[i], params[name] = "{:"+name+"}", value
	}
	return "(" + strings.Join(names, ", ") + ")", params
}

// addClasses reads the homerooms with how many active patrons each has. A homeroom without a grade has the one that most of them are in.
func (b *book) addClasses() error {
	rooms, err := collections.All[collections.Homeroom](b.app, "", "name, id", nil)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		b.rooms[room.ID] = room
	}
	var rows []struct {
		Homeroom string `db:"homeroom"`
		Grade    string `db:"grade"`
		N        int    `db:"n"`
	}
	err = b.app.DB().Select("homeroom", "grade", "COUNT(*) AS n").From(collections.Patrons).
		Where(dbx.HashExp{"status": collections.PatronActive}).GroupBy("homeroom", "grade").OrderBy("n", "grade").All(&rows)
	graded := map[string]string{}
	for _, row := range rows {
		b.sizes[row.Homeroom] += row.N
		if row.Grade != "" {
			graded[row.Homeroom] = row.Grade // the last one has the most
		}
	}
	for id, room := range b.rooms {
		room.Grade = or(room.Grade, graded[id])
		b.rooms[id] = room
	}
	return err
}
