package notices

import (
	"time"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/core"
)

// HoldReady queues the notice that an item waits on the hold shelf.
func HoldReady(app core.App, hold collections.Hold, now time.Time) error { return nil }

// HoldExpired queues the notice that nobody came for it.
func HoldExpired(app core.App, hold collections.Hold, now time.Time) error { return nil }
