// Package jobs runs what a library does by itself, once a day and mostly at night, and keeps a record of each run in job_runs.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Daily is done once a day.
type Daily struct {
	Name         string
	Hour         int // in the school's time zone; later when the machine was off
	OpenDaysOnly bool
	// Run does it. It may be cut off at any point and is then done again from its beginning. The summary is kept as JSON, also that of a run that
	// failed.
	Run func(ctx context.Context, app core.App, today policy.Day, now func() time.Time) (summary any, err error)
}

// The states of a run.
const (
	Running = "running"
	Done    = "done"
	Failed  = "failed"
)

// maxTries is how often a job is tried on one day: what fails three times is for a person to look at.
const maxTries = 3

// maxError is what the column holds.
const maxError = 2000

// Record is what a run leaves in the summary of its job_runs row.
type Record struct {
	Tries  int `json:"tries"`
	Result any `json:"result,omitempty"`
}

// Schedule runs the jobs one after the other, in the order of the list, until stop is called. What fell due while the machine was off is done
// once, not once for every day missed; what failed is tried again five minutes later. Nothing runs while the clock cannot be right.
func Schedule(app core.App, clock clockwork.Clock, list []Daily) (stop func() error, err error) {
	return EveryFiveMinutes("daily", clock, func(ctx context.Context) {
		if err := look(ctx, app, clock.Now, list); err != nil && ctx.Err() == nil {
			app.Logger().Error("the daily jobs", "error", err)
		}
	})
}

// look does what is due. A job that fails does not keep the others from running.
func look(ctx context.Context, app core.App, now func() time.Time, list []Daily) error {
	school, err := site.Open(app)
	if err != nil {
		return err
	}
	var failures []error
	for _, job := range list {
		if ctx.Err() != nil {
			break
		}
		failures = append(failures, job.look(ctx, app, school, now))
	}
	return errors.Join(failures...)
}

func (d Daily) look(ctx context.Context, app core.App, house site.House, now func() time.Time) error {
	at, zone := now(), house.Calendar.Zone
	today := policy.DayOf(at, zone)
	if at.Before(today.At(d.Hour, zone)) || d.OpenDaysOnly && !house.Calendar.IsOpen(today) {
		return nil
	}
	run, tries, err := d.slot(app, today)
	if err != nil || run.State == Done || tries >= maxTries {
		return err
	}
	if behind, err := ClockBehind(app, at); err != nil || behind {
		return err
	}
	return d.try(ctx, app, run, tries+1, house.School.Language, today, now)
}

// slot reads the run of a day, and how often it was tried.
func (d Daily) slot(app core.App, day policy.Day) (run collections.JobRun, tries int, err error) {
	run, found, err := collections.Find[collections.JobRun](app, "job = {:job} AND slot = {:slot}", dbx.Params{"job": d.Name, "slot": day.String()})
	if err != nil || !found {
		return collections.JobRun{Job: d.Name, Slot: day.String()}, 0, err
	}
	var record Record
	if err := json.Unmarshal(run.Summary, &record); err != nil {
		return run, 0, fmt.Errorf("the run of %s on %s: %w", d.Name, day, err)
	}
	return run, record.Tries, nil
}

// try runs the job and records it. A try is counted before it begins, so that a job that takes the machine down does not do so all day.
func (d Daily) try(ctx context.Context, app core.App, run collections.JobRun, tries int, lang say.Lang, today policy.Day, now func() time.Time) error {
	run.State, run.Started, run.Ended, run.Error = Running, instant(now()), types.DateTime{}, ""
	run, err := save(app, run, Record{Tries: tries})
	if err != nil {
		return err
	}
	result, failure := d.guarded(ctx, app, today, now)
	if ctx.Err() != nil {
		return ctx.Err() // it stays as running, and is done again at the next start
	}
	run.State, run.Ended = Done, instant(now())
	if failure != nil {
		run.State, run.Error = Failed, sentence(failure, lang)
		failure = fmt.Errorf("%s: %w", d.Name, failure)
	}
	_, err = save(app, run, Record{tries, result})
	return errors.Join(failure, err)
}

// guarded makes a failure of a panic: a nightly job must not take the desk down.
func (d Daily) guarded(ctx context.Context, app core.App, today policy.Day, now func() time.Time) (result any, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	return d.Run(ctx, app, today, now)
}

// LastFailed lists the jobs whose last run failed, the newest first. A job that went well since has put it right.
func LastFailed(app core.App) (failed []collections.JobRun, err error) {
	err = app.DB().NewQuery(`SELECT runs.* FROM (SELECT job, MAX(slot) AS slot FROM job_runs GROUP BY job) last
		JOIN job_runs runs ON runs.job = last.job AND runs.slot = last.slot
		WHERE runs.state = 'failed' ORDER BY runs.slot DESC, runs.job`).All(&failed)
	return failed, err
}

func save(app core.App, run collections.JobRun, record Record) (collections.JobRun, error) {
	summary, err := json.Marshal(record)
	if err != nil {
		return run, err
	}
	run.Summary = summary
	if run.ID == "" {
		return collections.Insert(app, run)
	}
	return run, collections.Update(app, run)
}

// sentence is a failure as a librarian reads it; our own failures keep their cause.
func sentence(failure error, lang say.Lang) string {
	text := failure.Error()
	var f *fault.Error
	if errors.As(failure, &f) && f.Code != fault.Internal {
		text = f.Text.In(lang)
	}
	if runes := []rune(text); len(runes) > maxError {
		text = string(runes[:maxError])
	}
	return text
}

func instant(at time.Time) types.DateTime {
	stored, _ := types.ParseDateTime(at) //nolint:errcheck // a time is always a time
	return stored
}
