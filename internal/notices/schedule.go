package notices

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/jobs"
	"carrel/internal/live"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const jobName = "notices" // in job_runs, with the day as its slot

// Schedule runs the notices of each open day, each kind at its hour in school time, and in between what waits for another try. It begins at
// once with what is due, until stop is called.
func Schedule(app core.App, clock clockwork.Clock) (stop func() error, err error) {
	return jobs.EveryFiveMinutes(jobName, clock, func(ctx context.Context) {
		if err := tick(ctx, app, clock.Now); err != nil && ctx.Err() == nil {
			app.Logger().Error("notices", "error", err)
		}
	})
}

// tick does what is due now: the run of the kinds whose hour has come and that were not looked for today, else the mail whose time has come
// again. On a closed day, and while the clock cannot be right, it does nothing.
func tick(ctx context.Context, app core.App, now func() time.Time) error {
	calendar, err := site.Calendar(app)
	if err != nil {
		return err
	}
	at := now()
	today := policy.DayOf(at, calendar.Zone)
	if !calendar.IsOpen(today) {
		return nil
	}
	awake, err := awakeAt(app, at, today, calendar.Zone)
	if err != nil || len(awake) == 0 {
		return err
	}
	run, done, err := slotOf(app, today)
	if err != nil {
		return err
	}
	due := slices.DeleteFunc(slices.Clone(chosen), func(kind string) bool {
		return !slices.Contains(awake, kind) || slices.Contains(done.Kinds, kind)
	})
	if len(due) == 0 {
		waits, err := waiting(app, at, false, awake, Part{})
		if err != nil || len(waits) == 0 {
			return err
		}
	}
	if behind, err := jobs.ClockBehind(app, at); err != nil || behind {
		return err
	}
	if len(due) > 0 {
		return runSlot(ctx, app, run, done, today, now, due, awake)
	}
	_, err = sendKinds(ctx, app, now, false, awake, Part{})
	live.Tell(app, live.Notices)
	return err
}

// awakeAt are the kinds that are on and whose hour has come.
func awakeAt(app core.App, at time.Time, today policy.Day, zone *time.Location) (awake []string, err error) {
	settings, err := site.LoadNotices(app)
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		if is := settings.Of(kind); is.On && !at.Before(today.At(is.Hour, zone)) {
			awake = append(awake, kind)
		}
	}
	return awake, nil
}

// slotOf reads the run of a day, and what was done in it so far.
func slotOf(app core.App, day policy.Day) (run collections.JobRun, done Summary, err error) {
	run, found, err := collections.Find[collections.JobRun](app, "job = {:job} AND slot = {:slot}",
		dbx.Params{"job": jobName, "slot": day.String()})
	run.Job, run.Slot = jobName, day.String()
	if err != nil || !found || len(run.Summary) == 0 {
		return run, done, err
	}
	return run, done, json.Unmarshal(run.Summary, &done)
}

// runSlot runs some kinds for a day once and records it. A run that failed, or that a crash left running, is done again at the next look: it
// adds only what is missing.
func runSlot(ctx context.Context, app core.App, row collections.JobRun, done Summary, day policy.Day, now func() time.Time, due, awake []string) error {
	var err error
	row.State, row.Started, row.Error = jobs.Running, dateTime(now()), ""
	if row.ID == "" {
		row, err = collections.Insert(app, row)
	} else {
		err = collections.Update(app, row)
	}
	if err != nil {
		return err
	}
	summary, failure := run(ctx, app, day, now, due, awake, Part{})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	row.State, row.Ended = jobs.Done, dateTime(now())
	if failure != nil {
		summary.Kinds = nil
		row.State, row.Error = jobs.Failed, printable(failure.Error())
	}
	if row.Summary, err = json.Marshal(summary.plus(done)); err != nil {
		return err
	}
	if err := collections.Update(app, row); err != nil {
		return err
	}
	return failure
}
