package collections

import (
	"slices"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Role is what a member of staff may do; each route states the roles it admits.
type Role string

const (
	Librarian   Role = "librarian"
	Aide        Role = "aide"
	Volunteer   Role = "volunteer"
	Teacher     Role = "teacher"
	Principal   Role = "principal"
	Coordinator Role = "coordinator"
)

// Roles lists every role.
var Roles = []Role{Librarian, Aide, Volunteer, Teacher, Principal, Coordinator}

// ValidRole tells whether name is a role.
func ValidRole(name string) bool { return slices.Contains(Roles, Role(name)) }

// Setting is one site-wide value, as JSON.
type Setting struct {
	ID    string        `db:"id"`
	Key   string        `db:"key"`
	Value types.JSONRaw `db:"value"`
}

func (Setting) Collection() string { return Settings }

// JobRun is one run of a scheduled job. Slot names the occasion ("2026-11-23"), so that it runs once.
type JobRun struct {
	ID      string         `db:"id"`
	Job     string         `db:"job"`
	Slot    string         `db:"slot"`
	State   string         `db:"state"`
	Started types.DateTime `db:"started"`
	Ended   types.DateTime `db:"ended"`
	Summary types.JSONRaw  `db:"summary"`
	Error   string         `db:"error"`
}

func (JobRun) Collection() string { return JobRuns }

// AuditEntry says that a member of staff saw or changed something about a patron.
type AuditEntry struct {
	ID     string         `db:"id"`
	At     types.DateTime `db:"at"`
	Staff  string         `db:"staff"`
	Action string         `db:"action"`
	Patron string         `db:"patron"`
	Detail types.JSONRaw  `db:"detail"`
}

func (AuditEntry) Collection() string { return Audit }
