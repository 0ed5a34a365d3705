package jobs

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// clockLeeway is how far the clock may have been set back without being wrong.
const clockLeeway = 10 * time.Minute

// ClockBehind tells whether now lies before what is already written down. A machine without a clock chip wakes up in the past and would take a
// book that is late for one that is not, or unlink and date things wrongly. Only the last thousand facts are asked: one from the future,
// recorded while the clock was ahead, must not stop everything for good.
func ClockBehind(app core.App, now time.Time) (bool, error) {
	var newest types.DateTime
	err := app.DB().NewQuery(`SELECT COALESCE(MAX(recorded_at), '') FROM (SELECT recorded_at FROM circ_events ORDER BY seq DESC LIMIT 1000)`).Row(&newest)
	return now.Add(clockLeeway).Before(newest.Time()), err
}
