package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// The collections of checks.
const (
	Checks      = "checks"
	CheckRuns   = "check_runs"
	CheckSheets = "check_sheets"
)

// Check is a few questions that show what students can do.
type Check struct {
	ID       string        `db:"id"`
	Title    string        `db:"title"`
	TitleES  string        `db:"title_es"`
	Lesson   string        `db:"lesson"`
	Language string        `db:"language"`
	Kit      string        `db:"kit"`
	Items    types.JSONRaw `db:"items"`
	Key      string        `db:"key"` // the caller's, so that one is not made twice
}

func (Check) Collection() string { return Checks }

// CheckRun is one time a class does a check. It is open until ClosesAt.
type CheckRun struct {
	ID           string         `db:"id"`
	Check        string         `db:"check_id"` // check is a word of SQL
	Moment       string         `db:"moment"`
	Session      string         `db:"session"`
	Homeroom     string         `db:"homeroom"`
	HomeroomName string         `db:"homeroom_name"` // as it was called
	Code         string         `db:"code"`
	Day          policy.Day     `db:"day"`
	OpenedAt     types.DateTime `db:"opened_at"`
	ClosesAt     types.DateTime `db:"closes_at"`
	Names        bool           `db:"names"` // students type their first names
	InClass      int            `db:"in_class"`
	Source       string         `db:"source"`
	Counts       types.JSONRaw  `db:"counts"` // of results that came without seats
	InReport     bool           `db:"in_report"`
	Key          string         `db:"key"`
	DeletedAt    types.DateTime `db:"deleted_at"`
}

func (CheckRun) Collection() string { return CheckRuns }

// The moments of a run.
const (
	BeforeLesson = "before"
	AfterLesson  = "after"
)

// Where the results of a run come from.
const (
	OnDevices = "device"
	Typed     = "typed"
	FromFile  = "file"
)

// CheckSheet is what one student did in a run, known by the seat alone.
type CheckSheet struct {
	ID      string        `db:"id"`
	Run     string        `db:"run"`
	Seat    string        `db:"seat"`
	Key     string        `db:"key"`  // of what was handed in
	Name    string        `db:"name"` // a first name, only where the run asks for it
	Day     policy.Day    `db:"day"`
	State   string        `db:"state"`
	Answers types.JSONRaw `db:"answers"`
	Points  types.JSONRaw `db:"points"`
}

func (CheckSheet) Collection() string { return CheckSheets }

// The states of a sheet. Of two sheets with one seat, the second waits until somebody says which counts; the other is set aside.
const (
	SheetJoined = "joined"
	SheetDone   = "done"
	SheetSecond = "second"
	SheetAside  = "aside"
)
