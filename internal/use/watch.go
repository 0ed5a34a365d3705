package use

import (
	"context"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/core"
)

// pause is between two looks of Watch.
const pause = 5 * time.Second

// most is how many facts may wait while the desk is busy.
const most = 1000

// Watch counts in the background until stop is called: it looks every few seconds and counts once nobody has acted since the look before, or when much
// has come together. So no act waits for the counting, whichever door or process it came from.
func Watch(app core.App, clock clockwork.Clock) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := sync.WaitGroup{}
	ended.Go(func() {
		last := -1
		for ctx.Err() == nil {
			newest, err := glance(ctx, app, last)
			if err != nil && ctx.Err() == nil {
				app.Logger().Error("counting the use of the library", "error", err)
			}
			last = newest
			select {
			case <-ctx.Done():
			case <-clock.After(pause):
			}
		}
	})
	return func() error {
		cancel()
		ended.Wait()
		return nil
	}
}

// glance counts unless facts have come since the last look, and answers the newest fact it saw.
func glance(ctx context.Context, app core.App, last int) (newest int, err error) {
	zone, err := zoneOf(app)
	if err != nil {
		return last, err
	}
	now, err := look(app, zone)
	if err != nil || now.done() {
		return now.Newest, err
	}
	if now.Newest != last && last >= 0 && now.behind() < most {
		return now.Newest, nil
	}
	return now.Newest, CatchUp(ctx, app)
}
