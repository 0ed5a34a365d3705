package teaching

import (
	"encoding/json"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
)

// The longest texts of a session, and the most children.
const (
	maxName     = 200
	maxTeacher  = 120
	maxNeeds    = 300
	maxNotes    = 5000
	maxAnswer   = 1000
	maxStudents = 500
)

// Ref is the id of something, which a body may also name as the object it was answered as.
type Ref string

// UnmarshalJSON reads "id", {"id": "id"} or null.
func (r *Ref) UnmarshalJSON(data []byte) error {
	var named struct {
		ID Ref `json:"id"`
	}
	if len(data) > 0 && data[0] == '{' {
		err := json.Unmarshal(data, &named)
		*r = named.ID
		return err
	}
	var id *string
	if err := json.Unmarshal(data, &id); err != nil {
		return err
	}
	*r = ""
	if id != nil {
		*r = Ref(*id)
	}
	return nil
}

// Change is what is to be changed in a session; nil leaves a field as it is. Of a session that is moved by From alone, Until moves along.
type Change struct {
	Kind     *string   `json:"kind"`
	Name     *string   `json:"name"`
	Lesson   *Ref      `json:"lesson"`
	Homeroom *Ref      `json:"homeroom"`
	Teacher  *string   `json:"teacher"`
	Day      *string   `json:"day"`
	From     *string   `json:"from"`
	Until    *string   `json:"until"`
	Place    *string   `json:"place"`
	Needs    *string   `json:"needs"`
	Role     *[]string `json:"role"`
	Students *int      `json:"students"` // 0 for the whole class
	State    *string   `json:"state"`
	Notes    *string   `json:"notes"`
	Answer   *string   `json:"answer"`
	InReport *bool     `json:"in_report"`
}

// value is what a field says, or its zero.
func value[V any](typed *V) (v V) {
	if typed != nil {
		v = *typed
	}
	return v
}

const opChange = "ChangeSession"

// lay checks a change and puts it over a session.
func (b *book) lay(row *collections.Session, c Change, today policy.Day) error {
	steps := []func(*collections.Session, Change) error{b.layWhat, b.layClass, b.layTime, b.layWords, b.layState}
	for _, step := range steps {
		if err := step(row, c); err != nil {
			return err
		}
	}
	if row.State == collections.SessionTaught && row.Day > today {
		return unfit(opChange, "state", "teaching.not_yet")
	}
	return nil
}

func (b *book) layWhat(row *collections.Session, c Change) error {
	if c.Kind != nil {
		row.Kind = *c.Kind
	}
	if err := oneOf(opChange, "kind", row.Kind, collections.SessionLesson, collections.SessionCheckout, collections.SessionMaking, collections.SessionClosed, collections.SessionOther); err != nil {
		return err
	}
	if c.Lesson == nil || string(*c.Lesson) == row.Lesson {
		return nil
	}
	row.Lesson = string(*c.Lesson)
	if row.Lesson == "" {
		return nil
	}
	_, found, err := collections.Find[collections.Lesson](b.app, "id = {:id}", dbx.Params{"id": row.Lesson})
	if err == nil && !found {
		err = unfit(opChange, "lesson", "teaching.unknown_lesson").Named("unknown_lesson")
	}
	return err
}

func (b *book) layClass(row *collections.Session, c Change) error {
	if c.Homeroom == nil || string(*c.Homeroom) == row.Homeroom {
		return nil
	}
	room, there := b.rooms[string(*c.Homeroom)]
	if !there && *c.Homeroom != "" {
		return unfit(opChange, "homeroom", "door.unknown_homeroom").Named("unknown_homeroom")
	}
	had := b.rooms[row.Homeroom].Teacher
	if row.Teacher == "" || row.Teacher == had {
		row.Teacher = room.Teacher
	}
	row.Homeroom, row.Class, row.Grade = room.ID, room.Name, room.Grade
	return nil
}

func (b *book) layTime(row *collections.Session, c Change) (err error) {
	if c.Day != nil {
		if row.Day, err = parseDay("day", *c.Day); err != nil {
			return err
		}
	}
	length := row.Ends - row.Begins
	if c.From != nil && (*c.From != "" || row.State != collections.SessionAsked) {
		if row.Begins, err = parseClock("from", *c.From); err != nil {
			return err
		}
		row.Ends = row.Begins + length
	}
	if c.Until != nil && (*c.Until != "" || row.State != collections.SessionAsked) {
		if row.Ends, err = parseClock("until", *c.Until); err != nil {
			return err
		}
	}
	if row.Begins == 0 && row.Ends == 0 {
		return nil
	}
	if row.Ends <= row.Begins || row.Ends > minutesOfDay {
		return unfit(opChange, "until", "teaching.until")
	}
	return nil
}

const minutesOfDay = 24 * 60

// The days that a session can lie on: beyond them it is a slip of the year.
var firstDay, lastDay = policy.Date(1990, 1, 1), policy.Date(2099, 12, 31)

func parseDay(field, text string) (policy.Day, error) {
	day, err := policy.ParseDay(text)
	if err != nil || day != 0 && (day < firstDay || day > lastDay) {
		return 0, unfit(opChange, field, "door.bad_day")
	}
	return day, nil
}

func parseClock(field, text string) (int, error) {
	minutes, ok := policy.ParseClock(text)
	if !ok {
		return 0, unfit(opChange, field, "teaching.clock")
	}
	return minutes, nil
}

func (b *book) layWords(row *collections.Session, c Change) (err error) {
	for _, text := range []struct {
		field string
		typed *string
		into  *string
		most  int
		clean func(op, field, typed string, most int) (string, error)
	}{
		{"name", c.Name, &row.Name, maxName, line}, {"teacher", c.Teacher, &row.Teacher, maxTeacher, line}, {"place", c.Place, &row.Place, maxTeacher, line},
		{"needs", c.Needs, &row.Needs, maxNeeds, line}, {"notes", c.Notes, &row.Notes, maxNotes, paragraphs}, {"answer", c.Answer, &row.Answer, maxAnswer, paragraphs},
	} {
		if text.typed == nil {
			continue
		}
		if *text.into, err = text.clean(opChange, text.field, *text.typed, text.most); err != nil {
			return err
		}
	}
	if row.Name == "" && row.Lesson == "" && row.Homeroom == "" {
		return unfit(opChange, "name", "teaching.nameless")
	}
	return nil
}

func (b *book) layState(row *collections.Session, c Change) error {
	if c.Role != nil {
		for _, role := range *c.Role {
			if err := oneOf(opChange, "role", role, Roles...); err != nil {
				return err
			}
		}
		row.Role = strings.Join(slices.DeleteFunc(slices.Clone(Roles), func(role string) bool { return !slices.Contains(*c.Role, role) }), ",")
	}
	if c.Students != nil {
		if *c.Students < 0 || *c.Students > maxStudents {
			return unfit(opChange, "students", "teaching.students", maxStudents)
		}
		row.Students = *c.Students
	}
	if c.InReport != nil {
		row.InReport = *c.InReport
	}
	if c.State != nil && *c.State != row.State {
		if err := b.enter(row, *c.State); err != nil {
			return err
		}
	}
	if row.State == collections.SessionAsked || row.State == collections.SessionDeclined {
		return nil
	}
	if row.Day == 0 {
		return unfit(opChange, "day", "teaching.no_day")
	}
	if row.Ends == 0 {
		return unfit(opChange, "from", "teaching.clock")
	}
	return nil
}

// enter moves a session into a state. What was taught keeps the class as it was then, and how many children there were.
func (b *book) enter(row *collections.Session, state string) error {
	if err := oneOf(opChange, "state", state, collections.SessionPlanned, collections.SessionTaught, collections.SessionCancelled, collections.SessionDeclined); err != nil {
		return err
	}
	if state == collections.SessionDeclined && row.State != collections.SessionAsked {
		return fault.New("teaching."+opChange, fault.Conflict, "teaching.not_asked").Named("not_asked").At("state")
	}
	row.State = state
	room, there := b.rooms[row.Homeroom]
	if state != collections.SessionTaught || !there {
		return nil
	}
	row.Class, row.Grade = room.Name, room.Grade
	if row.Students == 0 {
		row.Students = b.sizes[room.ID]
	}
	return nil
}
