package checks

import (
	"encoding/json"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// openFor is how long a class code works.
const openFor = 2 * time.Hour

// NamesKept is how long a first name is kept after the day on which it was typed.
const NamesKept = 30 // days

// Room is a class by name.
type Room struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Run is one time a class does a check. Took counts the students whose sheets are in, Joined those who have begun; of typed counts, Took is the most answers
// to one question.
type Run struct {
	ID       string `json:"id"`
	Check    string `json:"check"`
	When     string `json:"when"` // before or after
	Session  string `json:"session"`
	Homeroom Room   `json:"homeroom"`
	Code     string `json:"code"`
	Day      string `json:"day"`
	OpenedAt string `json:"opened_at"`
	ClosesAt string `json:"closes_at"`
	State    string `json:"state"` // open or closed
	Names    bool   `json:"names"`
	Joined   int    `json:"joined"`
	Took     int    `json:"took"`
	InClass  int    `json:"in_class"`
	Source   string `json:"source"`
	InReport bool   `json:"in_report"`
	Waiting  int    `json:"waiting"` // seats with two sheets, of which somebody must say which counts
}

// The states of a run.
const (
	Open   = "open"
	Closed = "closed"
)

// Plan is what a class is to do.
type Plan struct {
	Key      string `json:"key"`
	When     string `json:"when"`
	Homeroom string `json:"homeroom"`
	Session  string `json:"session"`
	Names    bool   `json:"names"`
	Day      string `json:"day"` // of results on paper; today when empty
}

// Start opens a check to a class for two hours, under a code that no other open run has. The same key again answers the run that is there. The codes are
// fault.NotFound (check, homeroom) and fault.Invalid (when, session, key).
func Start(app core.App, check string, plan Plan, now time.Time) (run Run, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		record, there, err := planned(app, check, plan, now)
		if err != nil {
			return err
		}
		if there {
			run, err = RunOf(app, record.ID, now)
			return err
		}
		record.Source, record.Names = collections.OnDevices, plan.Names
		if record.ClosesAt, err = types.ParseDateTime(now.Add(openFor)); err != nil {
			return err
		}
		if record.Code, err = freeCode(app, now); err != nil {
			return err
		}
		if record, err = collections.Insert(app, record); err != nil {
			return err
		}
		run, err = RunOf(app, record.ID, now)
		return err
	})
	return run, err
}

// planned is the record of a run that is to be; there tells that one with this key is stored already.
func planned(app core.App, check string, plan Plan, now time.Time) (record collections.CheckRun, there bool, err error) {
	const op = "checks.Start"
	if _, err := Get(app, check); err != nil {
		return record, false, err
	}
	if plan.Key == "" || len(plan.Key) > 64 {
		return record, false, fault.New(op, fault.Invalid, "door.missing", "key").At("key")
	}
	if record, there, err = collections.Find[collections.CheckRun](app, "key = {:key}", dbx.Params{"key": plan.Key}); err != nil || there {
		if there && record.Check != check {
			err = fault.New(op, fault.Conflict, "checks.key_reused").Named("key_reused").At("key")
		}
		return record, there, err
	}
	if plan.When != collections.BeforeLesson && plan.When != collections.AfterLesson {
		return record, false, fault.New(op, fault.Invalid, "checks.when").At("when")
	}
	if len(plan.Session) > 80 {
		return record, false, fault.New(op, fault.Invalid, "checks.session").At("session")
	}
	room, found, err := collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": plan.Homeroom})
	if err == nil && !found {
		err = fault.New(op, fault.NotFound, "door.unknown_homeroom").Named("unknown_homeroom").At("homeroom")
	}
	if err != nil {
		return record, false, err
	}
	record = collections.CheckRun{
		Check: check, Moment: plan.When, Session: plan.Session, Homeroom: room.ID, HomeroomName: room.Name, Key: plan.Key,
	}
	if record.InClass, err = ClassSize(app, room.ID); err != nil {
		return record, false, err
	}
	if record.Day, err = dayOf(app, plan.Day, now); err != nil {
		return record, false, err
	}
	record.OpenedAt, err = types.ParseDateTime(now)
	return record, false, err
}

// dayOf reads a day that is not in the future; empty is today in the school's time zone.
func dayOf(app core.App, text string, now time.Time) (policy.Day, error) {
	school, err := site.Load(app)
	if err != nil {
		return 0, err
	}
	today := policy.DayOf(now, school.Location())
	if text == "" {
		return today, nil
	}
	day, err := policy.ParseDay(text)
	if err != nil || day > today {
		return 0, fault.New("checks.dayOf", fault.Invalid, "checks.day").At("day")
	}
	return day, nil
}

// ClassSize counts the students of a class.
func ClassSize(app core.App, homeroom string) (n int, err error) {
	err = app.DB().Select("COUNT(*)").From(collections.Patrons).Where(dbx.HashExp{"homeroom": homeroom, "status": collections.PatronActive}).Row(&n)
	return n, err
}

// freeCode makes a code that no open run has, nor one that closed today: a code of this morning must not open another class's check.
func freeCode(app core.App, now time.Time) (string, error) {
	since, err := types.ParseDateTime(now.Add(-24 * time.Hour))
	if err != nil {
		return "", err
	}
	for {
		code, err := coin(codeWords)
		if err != nil {
			return "", err
		}
		_, taken, err := collections.Find[collections.CheckRun](app, "code = {:code} AND closes_at > {:since}", dbx.Params{"code": code, "since": since.String()})
		if err != nil || !taken {
			return code, err
		}
	}
}

const runColumns = `SELECT r.*,
	(SELECT COUNT(DISTINCT seat) FROM check_sheets s WHERE s.run = r.id) AS joined,
	(SELECT COUNT(DISTINCT seat) FROM check_sheets s WHERE s.run = r.id AND s.state IN ('done', 'second')) AS took,
	(SELECT COUNT(DISTINCT seat) FROM check_sheets s WHERE s.run = r.id AND s.state = 'second') AS waiting
	FROM check_runs r WHERE r.deleted_at = '' AND `

func readRuns(app core.App, now time.Time, where string, params dbx.Params) ([]Run, error) {
	var rows []struct {
		collections.CheckRun
		Joined  int `db:"joined"`
		Took    int `db:"took"`
		Waiting int `db:"waiting"`
	}
	if err := app.DB().NewQuery(runColumns + where + " ORDER BY r.day DESC, r.opened_at DESC, r.id").Bind(params).All(&rows); err != nil {
		return nil, err
	}
	runs := make([]Run, len(rows))
	for i, r := range rows {
		runs[i] = Run{
			ID: r.ID, Check: r.Check, When: r.Moment, Session: r.Session, Homeroom: Room{r.Homeroom, r.HomeroomName}, Code: r.Code, Day: r.Day.String(),
			OpenedAt: instant(r.OpenedAt), ClosesAt: instant(r.ClosesAt), State: stateOf(r.CheckRun, now), Names: r.Names, Joined: r.Joined, Took: r.Took,
			InClass: r.InClass, Source: r.Source, InReport: r.InReport, Waiting: r.Waiting,
		}
		counts, err := countsOf(r.CheckRun)
		if err != nil {
			return nil, err
		}
		for _, count := range counts {
			runs[i].Took = max(runs[i].Took, count.Of)
		}
	}
	return runs, nil
}

func instant(at types.DateTime) string {
	if at.IsZero() {
		return ""
	}
	return at.Time().UTC().Format(time.RFC3339)
}

func stateOf(run collections.CheckRun, now time.Time) string {
	if run.ClosesAt.Time().After(now) {
		return Open
	}
	return Closed
}

// Count is how many had a question right, of how many who answered it.
type Count struct {
	Right int `json:"right"`
	Of    int `json:"of"`
}

func countsOf(run collections.CheckRun) (counts map[string]Count, err error) {
	if len(run.Counts) > 0 {
		err = json.Unmarshal(run.Counts, &counts)
	}
	return counts, err
}

// Runs lists the runs of a check, the newest first.
func Runs(app core.App, check string, now time.Time) ([]Run, error) {
	return readRuns(app, now, "r.check_id = {:check}", dbx.Params{"check": check})
}

// RunOf reads one run. The code is fault.NotFound, also for one that was deleted.
func RunOf(app core.App, id string, now time.Time) (Run, error) {
	found, err := readRuns(app, now, "r.id = {:id}", dbx.Params{"id": id})
	if err == nil && len(found) == 0 {
		err = unknownRun("checks.RunOf")
	}
	if err != nil {
		return Run{}, err
	}
	return found[0], nil
}

func unknownRun(op string) error {
	return fault.New(op, fault.NotFound, "checks.unknown_run").Named("unknown_run").At("id")
}

// SetState closes a run, or opens it for two hours more under its code, or a new one when another class has that by now. The codes are fault.NotFound,
// fault.Invalid (state) and fault.Conflict (typed: results that came on paper have no code).
func SetState(app core.App, id, state string, now time.Time) (run Run, err error) {
	const op = "checks.SetState"
	if !slices.Contains([]string{Open, Closed}, state) {
		return run, fault.New(op, fault.Invalid, "checks.state").At("state")
	}
	err = app.RunInTransaction(func(app core.App) error {
		run, err = RunOf(app, id, now)
		if err != nil || run.State == state {
			return err
		}
		if run.Source != collections.OnDevices {
			return fault.New(op, fault.Conflict, "checks.on_paper").Named("typed")
		}
		until, code := now, run.Code
		if state == Open {
			until = now.Add(openFor)
			if code, err = againCode(app, run, now); err != nil {
				return err
			}
		}
		closes, err := types.ParseDateTime(until)
		if err != nil {
			return err
		}
		if err := setRun(app, id, dbx.Params{"closes_at": closes.String(), "code": code}); err != nil {
			return err
		}
		run, err = RunOf(app, id, now)
		return err
	})
	return run, err
}

func againCode(app core.App, run Run, now time.Time) (string, error) {
	at, err := types.ParseDateTime(now)
	if err != nil {
		return "", err
	}
	_, taken, err := collections.Find[collections.CheckRun](app, "code = {:code} AND closes_at > {:now} AND id != {:id} AND deleted_at = ''",
		dbx.Params{"code": run.Code, "now": at.String(), "id": run.ID})
	if err != nil || !taken {
		return run.Code, err
	}
	return freeCode(app, now)
}

func setRun(app core.App, id string, columns dbx.Params) error {
	columns["updated"] = types.NowDateTime().String()
	_, err := app.DB().Update(collections.CheckRuns, columns, dbx.HashExp{"id": id}).Execute()
	return err
}

// DeleteRun takes a run with its sheets out of everything; first names are gone at once. The code is fault.NotFound.
func DeleteRun(app core.App, id string, now time.Time) error {
	return app.RunInTransaction(func(app core.App) error {
		if _, err := RunOf(app, id, now); err != nil {
			return err
		}
		at, err := types.ParseDateTime(now)
		if err != nil {
			return err
		}
		if _, err := app.DB().Update(collections.CheckSheets, dbx.Params{"name": ""}, dbx.HashExp{"run": id}).Execute(); err != nil {
			return err
		}
		return setRun(app, id, dbx.Params{"deleted_at": at.String(), "closes_at": at.String()})
	})
}

// RestoreRun brings back a run that was deleted, closed and without names, as long as Tidy has not taken it. The code is fault.NotFound.
func RestoreRun(app core.App, id string, now time.Time) (run Run, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		if err := setRun(app, id, dbx.Params{"deleted_at": ""}); err != nil {
			return err
		}
		run, err = RunOf(app, id, now)
		return err
	})
	return run, err
}
