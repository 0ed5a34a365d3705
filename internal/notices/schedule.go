package notices

import (
	"context"
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/jobs"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	jobName     = "notices" // in job_runs, with the day as its slot
	morningHour = 7
)

// Schedule runs the notices of each open day in the morning, school time, and in between what waits for another try. It begins at
// once with what is due, until stop is called.
func Schedule(app core.App, clock clockwork.Clock) (stop func() error, err error) {
	return jobs.EveryFiveMinutes(jobName, clock, func(ctx context.Context) {
		if err := tick(ctx, app, clock.Now); err != nil && ctx.Err() == nil {
			app.Logger().Error("notices", "error", err)
		}
	})
}

// tick does what is due now: the morning's run if it has not been done today, else the mail whose time has come again.
// While the clock cannot be right it does nothing.
func tick(ctx context.Context, app core.App, now func() time.Time) error {
	calendar, err := site.Calendar(app)
	if err != nil {
		return err
	}
	at := now()
	today := policy.DayOf(at, calendar.Zone)
	morning := calendar.IsOpen(today) && !at.Before(today.At(morningHour, calendar.Zone))
	run, err := slotOf(app, today)
	if err != nil {
		return err
	}
	morning = morning && run.State != jobs.Done
	if !morning {
		due, err := waiting(app, at, false)
		if err != nil || len(due) == 0 {
			return err
		}
	}
	if behind, err := jobs.ClockBehind(app, at); err != nil || behind {
		return err
	}
	if morning {
		return runSlot(ctx, app, run, today, now)
	}
	_, err = Send(ctx, app, now, false)
	return err
}

func slotOf(app core.App, day policy.Day) (collections.JobRun, error) {
	run, _, err := collections.Find[collections.JobRun](app, "job = {:job} AND slot = {:slot}",
		dbx.Params{"job": jobName, "slot": day.String()})
	run.Job, run.Slot = jobName, day.String()
	return run, err
}

// runSlot runs a day once and records it. A run that failed, or that a crash left running, is done again at the next look: it adds only what
// is missing.
func runSlot(ctx context.Context, app core.App, run collections.JobRun, day policy.Day, now func() time.Time) error {
	var err error
	run.State, run.Started, run.Error = jobs.Running, dateTime(now()), ""
	if run.ID == "" {
		run, err = collections.Insert(app, run)
	} else {
		err = collections.Update(app, run)
	}
	if err != nil {
		return err
	}
	summary, failure := Run(ctx, app, day, now, false)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	run.State, run.Ended = jobs.Done, dateTime(now())
	if failure != nil {
		run.State, run.Error = jobs.Failed, printable(failure.Error())
	}
	if run.Summary, err = json.Marshal(summary); err != nil {
		return err
	}
	if err := collections.Update(app, run); err != nil {
		return err
	}
	return failure
}
