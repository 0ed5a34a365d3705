package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
)

// TestALookEveryFiveMinutes turns the clock by hand, over a weekend. The scheduler may look twice in the same minute, which does no harm, but
// it misses none and looks at no other time.
func TestALookEveryFiveMinutes(t *testing.T) {
	clock := clockwork.NewFakeClockAt(newYork(t, "2026-11-13 15:02"))
	looks := make(chan time.Time)
	stop, err := EveryFiveMinutes("looks", clock, func(ctx context.Context) {
		select {
		case looks <- clock.Now():
		case <-ctx.Done():
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	last := clock.Now()
	if at := <-looks; !at.Equal(last) {
		t.Errorf("first at %s", at)
	}
	for next := newYork(t, "2026-11-13 15:05"); next.Before(newYork(t, "2026-11-16 07:05")); next = next.Add(5 * time.Minute) {
		if err := clock.BlockUntilContext(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		clock.Advance(next.Sub(clock.Now()))
		at := <-looks
		for at.Equal(last) {
			at = <-looks
		}
		if !at.Equal(next) {
			t.Fatalf("looked at %s, want %s", at, next)
		}
		last = next
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
