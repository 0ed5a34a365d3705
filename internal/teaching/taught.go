package teaching

import (
	"time"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// TaughtSession is a session that happened, for reports. It speaks of a class, never of a child.
type TaughtSession struct {
	Session   string // id
	Kind      string // of the session
	Name      string // what it is called: its own name, or its lesson's
	Lesson    string // id, or empty
	Subject   string // of the lesson
	About     string // the kind of the lesson, one of Kinds
	Homeroom  string // id, or empty
	Class     string // the class as it was
	Grade     string // and its grade
	Teacher   string
	Day       policy.Day
	Minutes   int
	Role      []string // what was done together
	CoTaught  bool
	Standards []string // ids of statements
	Titles    int      // how many were used
	Students  int      // 0 when nobody knows
	InReport  bool     // marked for the principal
}

// Taught are the sessions that were taught from one day to another, both included, by time. Only what somebody said has happened counts.
func Taught(app core.App, from, until policy.Day) ([]TaughtSession, error) {
	var rows []struct {
		collections.Session
		Title   string `db:"lesson_title"`
		Subject string `db:"subject"`
		About   string `db:"about"`
		Titles  int    `db:"titles"`
	}
	err := app.DB().NewQuery(`SELECT s.*, COALESCE(l.title, '') AS lesson_title, COALESCE(l.subject, '') AS subject, COALESCE(l.kind, '') AS about,
			(SELECT COUNT(*) FROM session_titles t WHERE t.session = s.id) AS titles
		FROM teaching_sessions s LEFT JOIN lessons l ON l.id = s.lesson
		WHERE s.state = 'taught' AND s.day >= {:from} AND s.day <= {:until} ORDER BY s.day, s.begins, s.id`).
		Bind(dbx.Params{"from": from.String(), "until": until.String()}).All(&rows)
	if err != nil {
		return nil, err
	}
	standards, err := standardsTaught(app, from, until)
	if err != nil {
		return nil, err
	}
	taught := make([]TaughtSession, len(rows))
	for i, row := range rows {
		role := splitRole(row.Role)
		taught[i] = TaughtSession{
			Session: row.ID, Kind: row.Kind, Name: or(row.Name, row.Title), Lesson: row.Lesson, Subject: row.Subject, About: row.About, Homeroom: row.Homeroom,
			Class: row.Class, Grade: row.Grade, Teacher: row.Teacher, Day: row.Day, Minutes: row.Ends - row.Begins, Role: role, CoTaught: coTaught(role),
			Standards: standards[row.Lesson], Titles: row.Titles, Students: row.Students, InReport: row.InReport,
		}
	}
	return taught, nil
}

func standardsTaught(app core.App, from, until policy.Day) (map[string][]string, error) {
	rows, err := collections.All[collections.LessonStandard](app,
		"lesson IN (SELECT lesson FROM teaching_sessions WHERE state = 'taught' AND day >= {:from} AND day <= {:until})", "position, id",
		dbx.Params{"from": from.String(), "until": until.String()})
	found := map[string][]string{}
	for _, row := range rows {
		found[row.Lesson] = append(found[row.Lesson], row.Standard)
	}
	return found, err
}

// askFor is for how many days it is asked whether a lesson happened. Who did not say so within a month does not know either.
const askFor = 30

// MayHaveHappened are the planned lessons that are over, the newest first: somebody should say whether they happened.
func MayHaveHappened(app core.App, now time.Time) ([]Session, error) {
	b, err := openBook(app)
	if err != nil {
		return nil, err
	}
	zone := b.house.Calendar.Zone
	today, local := policy.DayOf(now, zone), now.In(zone)
	rows, err := collections.All[collections.Session](app,
		"kind = 'lesson' AND state = 'planned' AND day >= {:since} AND (day < {:today} OR day = {:today} AND ends <= {:minute})", "day DESC, begins DESC, id",
		dbx.Params{"since": today.Add(-askFor).String(), "today": today.String(), "minute": local.Hour()*60 + local.Minute()})
	if err != nil {
		return nil, err
	}
	return b.read(rows)
}
