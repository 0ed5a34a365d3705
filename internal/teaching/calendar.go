package teaching

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// MaxDays bounds one look at the calendar.
const MaxDays = 62

// Day is a day of the calendar.
type Day struct {
	Day   policy.Day `json:"day"`
	Cycle string     `json:"cycle"` // "A"; empty without one
	Open  bool       `json:"open"`
	Label string     `json:"label"` // why it is closed, or open against the week
}

// Counts sum up what is in the calendar, without what was cancelled.
type Counts struct {
	Lessons  int `json:"lessons"`
	CoTaught int `json:"cotaught"`
	Visits   int `json:"visits"`
}

// View is a piece of the calendar.
type View struct {
	Days    []Day      `json:"days"`
	Entries []Session  `json:"entries"` // by day and hour
	Asked   int        `json:"asked"`   // requests of teachers without an answer, of any day
	Counts  Counts     `json:"counts"`
	Today   policy.Day `json:"today"`
	Now     string     `json:"now"` // "10:42", at school
}

// Calendar shows the days from from to until, both included, to who asks at an instant. The codes are fault.Invalid at "from" and "until".
func Calendar(app core.App, from, until policy.Day, who Who, now time.Time) (View, error) {
	if err := checkSpan(from, until); err != nil {
		return View{}, err
	}
	b, err := openBook(app)
	if err != nil {
		return View{}, err
	}
	entries, err := b.entries(from, until)
	if err != nil {
		return View{}, err
	}
	b.mark(entries)
	zone := b.house.Calendar.Zone
	local := now.In(zone)
	view := View{Days: b.days(from, until), Entries: b.shown(who, entries), Today: policy.DayOf(now, zone), Now: policy.Clock(local.Hour()*60 + local.Minute())}
	view.Counts = countAll(view.Entries)
	view.Asked, err = b.asked(who)
	return view, err
}

func checkSpan(from, until policy.Day) error {
	switch {
	case from == 0:
		return unfit("Calendar", "from", "door.bad_day")
	case until == 0:
		return unfit("Calendar", "until", "door.bad_day")
	case until < from:
		return unfit("Calendar", "until", "teaching.backwards")
	case until-from >= MaxDays:
		return unfit("Calendar", "until", "teaching.span", MaxDays)
	}
	return nil
}

func (b *book) days(from, until policy.Day) []Day {
	days := []Day{}
	calendar := b.house.Calendar
	for day := from; day <= until; day++ {
		one := Day{Day: day, Open: calendar.IsOpen(day), Label: calendar.Closed[day]}
		if label, against := calendar.Open[day]; against {
			one.Label = label
		}
		one.Cycle, _ = calendar.CycleDay(day)
		days = append(days, one)
	}
	return days
}

// entries are all sessions and visits of some days, by day and hour.
func (b *book) entries(from, until policy.Day) ([]Session, error) {
	rows, err := collections.All[collections.Session](b.app, "day >= {:from} AND day <= {:until} AND state != 'declined'", "day, begins, id",
		dbx.Params{"from": from.String(), "until": until.String()})
	if err != nil {
		return nil, err
	}
	sessions, err := b.read(rows)
	if err != nil {
		return nil, err
	}
	visits, err := b.visits(from, until)
	if err != nil {
		return nil, err
	}
	sessions = append(sessions, visits...)
	slices.SortStableFunc(sessions, func(x, y Session) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.row.Begins, y.row.Begins), strings.Compare(x.ID, y.ID))
	})
	return sessions, nil
}

// asked counts the requests without an answer: all of them, to a teacher the own ones.
func (b *book) asked(who Who) (n int, err error) {
	where, params := "state = 'asked'", dbx.Params{}
	if who.Role == collections.Teacher {
		where, params["who"] = where+" AND asked_by = {:who}", who.ID
	}
	err = b.app.DB().NewQuery("SELECT COUNT(*) FROM teaching_sessions WHERE " + where).Bind(params).Row(&n)
	return n, err
}

func countAll(entries []Session) (counts Counts) {
	for _, s := range entries {
		if s.State != collections.SessionPlanned && s.State != collections.SessionTaught {
			continue
		}
		switch s.Kind {
		case collections.SessionLesson:
			counts.Lessons++
			if s.CoTaught() {
				counts.CoTaught++
			}
		case collections.SessionCheckout:
			counts.Visits++
		}
	}
	return counts
}

// Asks are the requests of teachers: to the librarian those without an answer, to a teacher all of the own ones, the newest first.
func Asks(app core.App, who Who) ([]Session, error) {
	b, err := openBook(app)
	if err != nil {
		return nil, err
	}
	where, params := "state = 'asked'", dbx.Params{}
	if who.Role == collections.Teacher {
		where, params["who"] = "asked_by = {:who}", who.ID
	}
	rows, err := collections.All[collections.Session](app, where, "created DESC, id", params)
	if err != nil {
		return nil, err
	}
	sessions, err := b.read(rows)
	if err == nil {
		err = b.addConflicts(sessions)
	}
	return b.shown(who, sessions), err
}

// OfLesson are the sessions of a lesson, the newest first.
func OfLesson(app core.App, who Who, lesson string) ([]Session, error) {
	b, err := openBook(app)
	if err != nil {
		return nil, err
	}
	rows, err := collections.All[collections.Session](app, "lesson = {:lesson}", "day DESC, begins DESC, id", dbx.Params{"lesson": lesson})
	if err != nil {
		return nil, err
	}
	sessions, err := b.read(rows)
	return b.shown(who, sessions), err
}
