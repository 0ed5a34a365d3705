// Package ops keeps a library in operation: what its owner asks when something seems wrong, and what is done every night.
package ops

import (
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/jobs"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

// State is the verdict of a check.
type State string

const (
	OK   State = "ok"
	Warn State = "warn" // to be put right, and the library goes on meanwhile
	Fail State = "fail"
)

// Check is one thing that was looked at.
type Check struct {
	Name  string
	State State
	Text  say.Text
}

// Report is what the doctor found; Lang is the school's language.
type Report struct {
	Checks []Check
	Lang   say.Lang
}

// OK tells whether nothing failed. A warning is no failure.
func (r Report) OK() bool {
	for _, check := range r.Checks {
		if check.State == Fail {
			return false
		}
	}
	return true
}

// MarshalJSON writes {"ok":…,"checks":[{"name","state","message"}]}, the messages in the school's language.
func (r Report) MarshalJSON() ([]byte, error) {
	type check struct {
		Name    string `json:"name"`
		State   State  `json:"state"`
		Message string `json:"message"`
	}
	report := struct {
		OK     bool    `json:"ok"`
		Checks []check `json:"checks"`
	}{r.OK(), []check{}}
	for _, c := range r.Checks {
		report.Checks = append(report.Checks, check{c.Name, c.State, c.Text.In(r.Lang)})
	}
	return json.Marshal(report)
}

// CheckJobs is the name of the check of what the library does by itself.
const CheckJobs = "jobs"

// checks are what is looked at, in order. Those that read the whole library take seconds in a large one.
var checks = []struct {
	name  string
	whole bool
	look  func(core.App, time.Time) (State, say.Text, error)
}{
	{"store", true, checkStore}, {"facts", true, checkFacts}, {"clock", false, checkClock}, {"disk", false, checkDisk}, {CheckJobs, false, checkJobs},
	{"rules", false, checkRules}, {"calendar", false, checkCalendar},
}

// Doctor looks at everything and changes nothing. What cannot be checked is a failed check, never an error. Reading all facts takes a few seconds
// in a large library.
func Doctor(app core.App, now time.Time) Report { return examine(app, now, true) }

// Glance is Doctor without what reads the whole library: a few milliseconds.
func Glance(app core.App, now time.Time) Report { return examine(app, now, false) }

func examine(app core.App, now time.Time, whole bool) Report {
	report := Report{Lang: say.English}
	if school, err := site.Load(app); err == nil {
		report.Lang = school.Language
	}
	for _, check := range checks {
		if check.whole && !whole {
			continue
		}
		state, text, err := check.look(app, now)
		if err != nil {
			state, text = Fail, say.T("doctor.failed", sentence(err))
		}
		report.Checks = append(report.Checks, Check{check.name, state, text})
	}
	return report
}

// checkStore has SQLite read every page of the database.
func checkStore(app core.App, _ time.Time) (State, say.Text, error) {
	var complaint string
	if err := app.ConcurrentDB().NewQuery("PRAGMA quick_check(1)").Row(&complaint); err != nil {
		complaint = err.Error() // of some damage SQLite makes an error instead of a line
	}
	if complaint != "ok" {
		return Fail, say.T("doctor.store.damaged", complaint), nil
	}
	return OK, say.T("doctor.store.ok"), nil
}

func checkFacts(app core.App, _ time.Time) (State, say.Text, error) {
	compared, err := CompareFacts(app)
	if err != nil {
		return Fail, say.Text{}, err
	}
	if compared.Differences > 0 {
		return Fail, say.Count("jobs.differences", compared.Differences), nil
	}
	return OK, say.T("doctor.facts.ok", compared.Facts), nil
}

func checkClock(app core.App, now time.Time) (State, say.Text, error) {
	behind, err := jobs.ClockBehind(app, now)
	if err != nil {
		return Fail, say.Text{}, err
	}
	if behind {
		return Fail, say.T("doctor.clock.behind", now.UTC().Format(time.DateTime)+" UTC"), nil
	}
	return OK, say.T("doctor.clock.ok"), nil
}

func checkDisk(app core.App, _ time.Time) (State, say.Text, error) {
	free, err := store.FreeSpace(app.DataDir())
	if err != nil {
		return Fail, say.Text{}, err
	}
	state, text := judgeSpace(free)
	return state, text, nil
}

const megabyte = 1 << 20

// judgeSpace judges the free bytes of the disk.
func judgeSpace(free uint64) (State, say.Text) {
	shown := free / megabyte
	switch {
	case free < 50*megabyte:
		return Fail, say.T("doctor.disk.full", shown)
	case free < 500*megabyte:
		return Warn, say.T("doctor.disk.low", shown)
	}
	return OK, say.T("doctor.disk.free", shown)
}

// checkJobs looks at the last day of each job.
func checkJobs(app core.App, _ time.Time) (State, say.Text, error) {
	failed, err := jobs.LastFailed(app)
	if err != nil {
		return Fail, say.Text{}, err
	}
	if len(failed) > 0 {
		return Warn, say.T("doctor.jobs.failed", failed[0].Job, failed[0].Slot, failed[0].Error), nil
	}
	return OK, say.T("doctor.jobs.ok"), nil
}

// checkRules names the first row that is wrong.
func checkRules(app core.App, _ time.Time) (State, say.Text, error) {
	rows, err := collections.All[collections.LoanRule](app, "", "id", nil)
	if err != nil {
		return Fail, say.Text{}, err
	}
	for _, row := range rows {
		if _, err := policy.ReadTerms(row.Terms); err != nil {
			return Warn, say.T("doctor.rules.unreadable", row.ID, sentence(err)), nil
		}
	}
	rules, err := site.Rules(app)
	if err != nil {
		return Fail, say.Text{}, err
	}
	for _, rule := range rules {
		if err := rule.Validate(); err != nil {
			return Warn, say.T("doctor.rules.bad", rule.Scope(), sentence(err)), nil
		}
	}
	if err := rules.Validate(); err != nil {
		return Warn, sentence(err), nil
	}
	return OK, say.T("doctor.rules.ok"), nil
}

func checkCalendar(app core.App, now time.Time) (State, say.Text, error) {
	calendar, err := site.Calendar(app)
	if err == nil {
		err = calendar.Validate(policy.DayOf(now, calendar.Zone))
	}
	if err != nil {
		return Warn, say.T("doctor.calendar.bad", sentence(err)), nil
	}
	return OK, say.T("doctor.calendar.ok"), nil
}
