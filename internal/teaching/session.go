package teaching

import (
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Roles are what librarian and teacher did together.
var Roles = []string{"planned", "taught", "assessed", "supported"}

// Class is a homeroom in the calendar.
type Class struct {
	ID    string `json:"id"` // empty when the homeroom is gone
	Name  string `json:"name"`
	Grade string `json:"grade"`
}

// Session is an entry of the calendar as its screens know it.
type Session struct {
	ID        string     `json:"id"` // "visit:HOMEROOM:DAY:FROM" for a visit of the timetable
	Updated   string     `json:"updated"`
	Kind      string     `json:"kind"`
	Name      string     `json:"name"` // empty: it is called by its lesson or its class
	Lesson    *Named     `json:"lesson"`
	Homeroom  *Class     `json:"homeroom"`
	Teacher   string     `json:"teacher"`
	Day       policy.Day `json:"day"`
	From      string     `json:"from"` // "10:30"
	Until     string     `json:"until"`
	Place     string     `json:"place"` // empty for the library
	Needs     string     `json:"needs"`
	Role      []string   `json:"role"`
	Students  int        `json:"students"`
	State     string     `json:"state"`
	N         int        `json:"n"` // the how-manieth of this lesson with this class this year
	Of        int        `json:"of"`
	Notes     string     `json:"notes,omitempty"` // for the librarian alone
	Answer    string     `json:"answer"`
	InReport  bool       `json:"in_report"`
	Series    string     `json:"series"`
	Visit     bool       `json:"visit"`
	Conflicts []string   `json:"conflicts"`

	row collections.Session
}

// CoTaught tells whether librarian and teacher planned and taught it together.
func (s Session) CoTaught() bool { return coTaught(s.Role) }

func coTaught(role []string) bool {
	return slices.Contains(role, "planned") && slices.Contains(role, "taught")
}

// book is what one look at the calendar knows beside the sessions themselves.
type book struct {
	app     core.App
	house   site.House
	rooms   map[string]collections.Homeroom
	sizes   map[string]int
	lessons map[string]string // titles by id
	places  map[string]place  // of the sessions of a lesson with a class
}

// place is the how-manieth of how many a session is.
type place struct{ n, of int }

func openBook(app core.App) (*book, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	b := &book{app: app, house: house, rooms: map[string]collections.Homeroom{}, sizes: map[string]int{}, lessons: map[string]string{}, places: map[string]place{}}
	return b, b.addClasses()
}

// read looks up what the rows speak of, and makes sessions of them.
func (b *book) read(rows []collections.Session) ([]Session, error) {
	ids := []string{}
	for _, row := range rows {
		if row.Lesson != "" && !slices.Contains(ids, row.Lesson) {
			ids = append(ids, row.Lesson)
		}
	}
	if err := b.lookUp(ids); err != nil {
		return nil, err
	}
	sessions := make([]Session, len(rows))
	for i, row := range rows {
		sessions[i] = b.session(row)
	}
	return sessions, nil
}

func (b *book) lookUp(lessons []string) error {
	if len(lessons) == 0 {
		return nil
	}
	list, params := among(lessons)
	var titles []Named
	if err := b.app.DB().NewQuery("SELECT id, title FROM lessons WHERE id IN " + list).Bind(params).All(&titles); err != nil {
		return err
	}
	for _, lesson := range titles {
		b.lessons[lesson.ID] = lesson.Title
	}
	rows, err := collections.All[collections.Session](b.app, "lesson IN "+list+" AND homeroom != '' AND kind = 'lesson' AND state IN ('planned', 'taught')",
		"lesson, homeroom, day, begins, id", params)
	count(rows, b.places)
	return err
}

// yearBreak parts two years: a lesson that a class has again after so many days is begun anew. The room's children are others by then.
const yearBreak = 60

// count says of each row which of how many it is. The rows are in the order of lesson, homeroom and time.
func count(rows []collections.Session, places map[string]place) {
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].Lesson == rows[from].Lesson && rows[to].Homeroom == rows[from].Homeroom && rows[to].Day-rows[to-1].Day < yearBreak {
			to++
		}
		for i, row := range rows[from:to] {
			places[row.ID] = place{i + 1, to - from}
		}
		from = to
	}
}

func (b *book) session(row collections.Session) Session {
	place := b.places[row.ID]
	s := Session{
		ID: row.ID, Updated: row.Updated.String(), Kind: row.Kind, Name: row.Name, Teacher: row.Teacher, Day: row.Day,
		Place: row.Place, Needs: row.Needs, Role: splitRole(row.Role), Students: row.Students, State: row.State, N: place.n, Of: place.of,
		Notes: row.Notes, Answer: row.Answer, InReport: row.InReport, Series: row.Series, Conflicts: []string{}, row: row,
	}
	if row.Ends > 0 {
		s.From, s.Until = policy.Clock(row.Begins), policy.Clock(row.Ends)
	}
	if title, known := b.lessons[row.Lesson]; known {
		s.Lesson = &Named{row.Lesson, title}
	}
	s.Homeroom = b.class(row)
	if s.Students == 0 && row.Homeroom != "" {
		s.Students = b.sizes[row.Homeroom]
	}
	return s
}

// class is the homeroom as it is, and once it was taught as it was then.
func (b *book) class(row collections.Session) *Class {
	room, there := b.rooms[row.Homeroom]
	if there && row.State != collections.SessionTaught {
		return &Class{room.ID, room.Name, room.Grade}
	}
	if row.Class == "" {
		return nil
	}
	if !there {
		row.Homeroom = ""
	}
	return &Class{row.Homeroom, row.Class, row.Grade}
}

func splitRole(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(text, ",")
}

// SessionByID reads an entry of the calendar with its conflicts: fault.NotFound, named unknown_session, also for one that is not shown to who asks.
func SessionByID(app core.App, who Who, id string) (Session, error) {
	b, err := openBook(app)
	if err != nil {
		return Session{}, err
	}
	row, err := b.row("SessionByID", id)
	if err != nil {
		return Session{}, err
	}
	if !who.sees(row) {
		return Session{}, unknown("SessionByID", "session", "unknown_session")
	}
	sessions, err := b.read([]collections.Session{row})
	if err == nil {
		err = b.addConflicts(sessions)
	}
	if err != nil {
		return Session{}, err
	}
	return b.shown(who, sessions)[0], nil
}

// row finds the session of an id, or makes one of a visit of the timetable: that one has no id yet.
func (b *book) row(op, id string) (collections.Session, error) {
	if strings.HasPrefix(id, visitMark) {
		return b.visitRow(op, id)
	}
	row, found, err := collections.Find[collections.Session](b.app, "id = {:id}", dbx.Params{"id": id})
	if err == nil && !found {
		err = unknown(op, "session", "unknown_session")
	}
	return row, err
}

// shown leaves out what is not for who asks.
func (b *book) shown(who Who, sessions []Session) []Session {
	seen := sessions[:0]
	for _, s := range sessions {
		if !who.sees(s.row) && s.Kind != collections.SessionClosed {
			continue
		}
		if !who.head() {
			s.Notes = ""
		}
		if who.Role == collections.Teacher {
			s.Conflicts = []string{}
		}
		seen = append(seen, s)
	}
	return seen
}
