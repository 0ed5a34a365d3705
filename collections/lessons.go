package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// The collections of teaching.
const (
	Lessons          = "lessons"
	LessonStandards  = "lesson_standards"
	LessonFiles      = "lesson_files"
	TeachingSessions = "teaching_sessions"
	SessionTitles    = "session_titles"
	TeachingActs     = "teaching_acts"
)

// Lesson is what can be taught, once or again. Steps and Materials are lists in JSON, see package teaching.
type Lesson struct {
	ID          string         `db:"id"`
	Title       string         `db:"title"`
	Goal        string         `db:"goal"`
	GradesFrom  string         `db:"grades_from"` // PK, K, 1 … 12
	GradesTo    string         `db:"grades_to"`
	Subject     string         `db:"subject"`
	Kind        string         `db:"kind"`
	Minutes     int            `db:"minutes"`
	Language    string         `db:"language"`
	Steps       types.JSONRaw  `db:"steps"`
	Materials   types.JSONRaw  `db:"materials"`
	Reusable    bool           `db:"reusable"`
	Archived    bool           `db:"archived"`
	OriginKind  string         `db:"origin_kind"`
	Origin      string         `db:"origin"`
	OriginTitle string         `db:"origin_title"`
	Author      string         `db:"author"`
	ReadOnly    bool           `db:"read_only"` // the district's
	Updated     types.DateTime `db:"updated"`
}

func (Lesson) Collection() string { return Lessons }

// LessonStandard says that a lesson works towards a statement of a framework.
type LessonStandard struct {
	ID       string `db:"id"`
	Lesson   string `db:"lesson"`
	Standard string `db:"standard"`
	Position int    `db:"position"`
}

func (LessonStandard) Collection() string { return LessonStandards }

// LessonFile is a file among a lesson's materials, which has the same id there.
type LessonFile struct {
	ID     string `db:"id"`
	Lesson string `db:"lesson"`
	Name   string `db:"name"` // as it was sent; File is the name in the store
	File   string `db:"file"`
	Size   int    `db:"size"` // bytes
}

func (LessonFile) Collection() string { return LessonFiles }

// Session is a lesson, a visit or another entry of the calendar, mostly with a class.
type Session struct {
	ID       string         `db:"id"`
	Kind     string         `db:"kind"`
	Name     string         `db:"name"`
	Lesson   string         `db:"lesson"`
	Homeroom string         `db:"homeroom"`
	Class    string         `db:"class"` // the homeroom's name and grade as they were
	Grade    string         `db:"grade"`
	Teacher  string         `db:"teacher"`
	Day      policy.Day     `db:"day"` // none for what was asked for without one
	Begins   int            `db:"begins"`
	Ends     int            `db:"ends"` // minutes of the day; Ends is not included
	Place    string         `db:"place"`
	Needs    string         `db:"needs"`
	Role     string         `db:"role"`     // what was done together, separated by commas
	Students int            `db:"students"` // 0 for the whole class
	State    string         `db:"state"`
	Notes    string         `db:"notes"`
	Answer   string         `db:"answer"`
	InReport bool           `db:"in_report"`
	Series   string         `db:"series"`
	Every    string         `db:"every"`
	Instead  string         `db:"instead"`
	AskedBy  string         `db:"asked_by"`
	Seq      int            `db:"seq"`
	Updated  types.DateTime `db:"updated"`
}

func (Session) Collection() string { return TeachingSessions }

// SessionTitle is a title that was used in a session.
type SessionTitle struct {
	ID       string `db:"id"`
	Session  string `db:"session"`
	Title    string `db:"title"`
	Item     string `db:"item"` // the copy, when one was scanned
	Position int    `db:"position"`
}

func (SessionTitle) Collection() string { return SessionTitles }

// TeachingAct is a change of the calendar with what was there before, so that it can be taken back.
type TeachingAct struct {
	ID       string         `db:"id"`
	Key      string         `db:"key"`
	Kind     string         `db:"kind"`
	Ask      string         `db:"ask"`
	Data     types.JSONRaw  `db:"data"`
	Actor    string         `db:"actor"`
	At       types.DateTime `db:"at"`
	UndoneAt types.DateTime `db:"undone_at"`
}

func (TeachingAct) Collection() string { return TeachingActs }

// The kinds of sessions.
const (
	SessionLesson   = "lesson"
	SessionCheckout = "checkout"
	SessionMaking   = "making"
	SessionClosed   = "closed"
	SessionOther    = "other"
)

// The states of a session.
const (
	SessionAsked     = "asked" // by a teacher, and not answered yet
	SessionPlanned   = "planned"
	SessionTaught    = "taught"
	SessionCancelled = "cancelled"
	SessionDeclined  = "declined"
)
