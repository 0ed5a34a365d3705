package jobs

import (
	"context"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
)

// stopTimeout is what a shutdown of the platform leaves to everybody.
const stopTimeout = time.Second

// EveryFiveMinutes looks now and then at every fifth minute, one look at a time, until stop is called; the context of a look under way is
// cancelled then.
//
// It is not one timer for the hour at which something is due, but a look at the clock: a machine without a clock chip learns the time
// after it has started, and one that was switched off has to catch up. Both only need another look.
func EveryFiveMinutes(name string, clock clockwork.Clock, look func(context.Context)) (stop func() error, err error) {
	scheduler, err := gocron.NewScheduler(gocron.WithClock(clock), gocron.WithStopTimeout(stopTimeout))
	if err != nil {
		return nil, err
	}
	_, err = scheduler.NewJob(gocron.CronJob("*/5 * * * *", false), gocron.NewTask(look),
		gocron.WithName(name), gocron.WithSingletonMode(gocron.LimitModeWait),
		gocron.WithStartAt(gocron.WithStartImmediately()))
	if err != nil {
		return nil, err
	}
	scheduler.Start()
	return scheduler.Shutdown, nil
}
