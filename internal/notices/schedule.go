package notices

import (
	"context"
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	jobName     = "notices" // in job_runs, with the day as its slot
	morningHour = 7
	stopTimeout = time.Second // what a shutdown of the platform leaves to everybody
)

// The states of a job run.
const (
	runRunning = "running"
	runDone    = "done"
	runFailed  = "failed"
)

// Schedule runs the notices of each open day in the morning, school time, and in between what waits for another try. It begins at
// once with what is due, until stop is called.
//
// It is not one timer for the morning, but a look at the clock every five minutes: a machine without a clock chip learns the time
// after it has started, and one that was switched off has to catch up. Both only need another look.
func Schedule(app core.App, clock clockwork.Clock) (stop func() error, err error) {
	return everyFiveMinutes(clock, func(ctx context.Context) {
		if err := tick(ctx, app, clock.Now); err != nil && ctx.Err() == nil {
			app.Logger().Error("notices", "error", err)
		}
	})
}

// everyFiveMinutes looks now and then at every fifth minute, one look at a time.
func everyFiveMinutes(clock clockwork.Clock, look func(context.Context)) (stop func() error, err error) {
	scheduler, err := gocron.NewScheduler(gocron.WithClock(clock), gocron.WithStopTimeout(stopTimeout))
	if err != nil {
		return nil, err
	}
	_, err = scheduler.NewJob(gocron.CronJob("*/5 * * * *", false), gocron.NewTask(look),
		gocron.WithName(jobName), gocron.WithSingletonMode(gocron.LimitModeWait),
		gocron.WithStartAt(gocron.WithStartImmediately()))
	if err != nil {
		return nil, err
	}
	scheduler.Start()
	return scheduler.Shutdown, nil
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
	morning = morning && run.State != runDone
	if !morning {
		due, err := waiting(app, at, false)
		if err != nil || len(due) == 0 {
			return err
		}
	}
	if behind, err := clockBehind(app, at); err != nil || behind {
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
	run.State, run.Started, run.Error = runRunning, dateTime(now()), ""
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
	run.State, run.Ended = runDone, dateTime(now())
	if failure != nil {
		run.State, run.Error = runFailed, printable(failure.Error())
	}
	if run.Summary, err = json.Marshal(summary); err != nil {
		return err
	}
	if err := collections.Update(app, run); err != nil {
		return err
	}
	return failure
}
