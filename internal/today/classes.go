package today

import (
	"cmp"
	"slices"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/teaching"
)

// Class is who comes today: a class on a visit or to a lesson, or something else in the calendar, which has no homeroom. From and To are in school time, "08:50".
type Class struct {
	Homeroom string `json:"homeroom"` // id; empty for an entry without a class
	Name     string `json:"name"`     // of the homeroom, else of the entry
	Teacher  string `json:"teacher"`
	From     string `json:"from"`
	To       string `json:"to"`
	Patrons  int    `json:"patrons"`
	Now      bool   `json:"now"`
	Kind     string `json:"kind"`   // of a session
	Lesson   string `json:"lesson"` // id
	Title    string `json:"title"`  // what is done with the class; empty for a visit as the timetable has it
	N        int    `json:"n"`      // which one of this lesson with this class
	Of       int    `json:"of"`
	CoTaught bool   `json:"cotaught"`
	Needs    string `json:"needs"`

	over bool
}

// classes are the entries of the day, by hour; a closed day has none of the timetable.
func (l look) classes() ([]Class, error) {
	classes := []Class{}
	view, err := teaching.Calendar(l.app, l.on, l.on, teaching.Who{Role: collections.Librarian}, l.asker.Now)
	if err != nil {
		return nil, err
	}
	for _, session := range view.Entries {
		if session.From == "" || session.Kind == collections.SessionClosed || session.State != collections.SessionPlanned && session.State != collections.SessionTaught {
			continue
		}
		class := Class{
			Name: session.Name, Teacher: session.Teacher, From: session.From, To: session.Until, Patrons: session.Students, Kind: session.Kind,
			Now: session.From <= view.Now && view.Now < session.Until, over: session.Until <= view.Now,
			N: session.N, Of: session.Of, CoTaught: session.CoTaught(), Needs: session.Needs,
		}
		if session.Lesson != nil {
			class.Lesson, class.Title = session.Lesson.ID, session.Lesson.Title
		}
		if session.Homeroom != nil {
			class.Homeroom, class.Name, class.Title = session.Homeroom.ID, session.Homeroom.Name, cmp.Or(session.Name, class.Title)
		}
		classes = append(classes, class)
	}
	slices.SortStableFunc(classes, func(a, b Class) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name)) })
	return classes, nil
}

// lessons are the requests of teachers for one, and those of the last weeks of which nobody said whether they happened.
func (l look) lessons(Today) (needs []Need, err error) {
	asks, err := teaching.Asks(l.app, teaching.Who{Role: collections.Librarian})
	if err != nil {
		return nil, err
	}
	asks = slices.DeleteFunc(asks, func(s teaching.Session) bool { return s.State != collections.SessionAsked })
	if len(asks) > 0 {
		needs = append(needs, Need{"kind": "lesson_asks", "n": len(asks), "name": nameOf(asks[0]), "room": roomOf(asks[0])})
	}
	open, err := l.unsaid()
	if err == nil && len(open) > 0 {
		last := open[len(open)-1]
		needs = append(needs, Need{"kind": "lesson_happened", "n": len(open), "name": nameOf(last), "room": roomOf(last), "day": last.Day, "lesson": lessonOf(last)})
	}
	return needs, err
}

// unsaidFor is for how many days somebody is asked whether a lesson happened; after that nobody remembers.
const unsaidFor = 21

// unsaid are the lessons that were planned for a time that has passed.
func (l look) unsaid() ([]teaching.Session, error) {
	view, err := teaching.Calendar(l.app, l.on-policy.Day(unsaidFor), l.on, teaching.Who{Role: collections.Librarian}, l.asker.Now)
	return slices.DeleteFunc(view.Entries, func(s teaching.Session) bool {
		passed := s.Day < l.on || s.Until != "" && s.Until <= view.Now
		return s.Kind != collections.SessionLesson || s.State != collections.SessionPlanned || !passed
	}), err
}

func nameOf(s teaching.Session) string {
	if s.Lesson != nil {
		return cmp.Or(s.Name, s.Lesson.Title)
	}
	return s.Name
}

func roomOf(s teaching.Session) string {
	if s.Homeroom == nil {
		return ""
	}
	return s.Homeroom.Name
}

func lessonOf(s teaching.Session) string {
	if s.Lesson == nil {
		return ""
	}
	return s.Lesson.ID
}
