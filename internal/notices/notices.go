// Package notices tells families, kindly and once, that library books are late, and what became of those they asked for: it
// chooses the loans and takes the holds from the desk, writes the notices down, sends them by mail and prints them on slips. What a
// notice says is a count, never a title.
//
// A notice is never sent twice. Choosing is guarded by a unique key of loan or hold, kind, step and recipient; sending claims a
// notice durably before the mail server hears of it. A crash between the two leaves a notice whose fate nobody
// knows: it is shown as unknown and left to the librarian.
package notices

import (
	"context"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/jobs"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	kindOverdue     = "overdue"
	kindHoldReady   = "hold_ready"
	kindHoldExpired = "hold_expired"
	channelMail     = "mail"
	channelPaper    = "paper"
	disclosureCount = "count"
)

// kinds are what Carrel sends, in the order in which slips of one patron are handed out.
var kinds = []string{kindOverdue, kindHoldReady, kindHoldExpired}

// steps are the days after the due date at which a loan is spoken of again. The number of a step is its place, from 1.
var steps = []int{1, 14, 28}

// stepFor is the highest step that a loan so many days late has reached; 0 for none.
func stepFor(daysLate int) int {
	reached := 0
	for i, after := range steps {
		if daysLate >= after {
			reached = i + 1
		}
	}
	return reached
}

// Summary is what one run did. All but Selected and Waiting count notices touched by this run.
type Summary struct {
	On        policy.Day `json:"on"`
	DryRun    bool       `json:"dry_run,omitempty"`
	Selected  int        `json:"selected"` // loans told of now that were not before at their step
	Queued    int        `json:"queued"`   // notices made for mail
	Paper     int        `json:"paper"`    // notices made for paper
	Sent      int        `json:"sent"`
	Failed    int        `json:"failed"`
	Waiting   int        `json:"waiting"` // notices still in the queue for mail after the run
	Unknown   int        `json:"unknown"`
	Cancelled int        `json:"cancelled"`
	Why       say.Text   `json:"-"` // why notices wait; empty when nothing holds them up
}

// In says the summary in a few plain sentences.
func (s Summary) In(lang say.Lang) string {
	if s.DryRun {
		return say.Count("notices.sum.dry", s.Selected, s.Queued, s.Paper, s.Failed).In(lang)
	}
	parts := []string{say.Count("notices.sum.selected", s.Selected).In(lang)}
	for _, count := range []struct {
		key string
		n   int
	}{
		{"sent", s.Sent}, {"paper", s.Paper}, {"failed", s.Failed},
		{"unknown", s.Unknown}, {"cancelled", s.Cancelled}, {"waiting", s.Waiting},
	} {
		if count.n > 0 {
			parts = append(parts, say.Count("notices.sum."+count.key, count.n).In(lang))
		}
	}
	if s.Why.Key != "" {
		parts = append(parts, s.Why.In(lang))
	}
	return strings.Join(parts, " ")
}

// Run chooses what is late on a day, open or closed, and sends everything that waits, at once. A dry run only counts.
// The codes are fault.Conflict when the clock cannot be right, and those of Select and Send.
func Run(ctx context.Context, app core.App, on policy.Day, now func() time.Time, dryRun bool) (Summary, error) {
	const op = "notices.Run"
	if dryRun {
		return dry(app, on)
	}
	behind, err := jobs.ClockBehind(app, now())
	if err != nil {
		return Summary{}, fault.Wrap(op, err)
	}
	if behind {
		return Summary{}, fault.New(op, fault.Conflict, "notices.clock_behind")
	}
	chosen, err := Select(app, on, now())
	if err != nil {
		return chosen, err
	}
	done, err := Send(ctx, app, now, true)
	done.On, done.Selected, done.Queued, done.Paper = on, chosen.Selected, chosen.Queued, chosen.Paper
	done.Failed += chosen.Failed
	return done, err
}

// dateTime is a time as records hold it, instant as raw statements store it.
func dateTime(at time.Time) types.DateTime {
	stored, _ := types.ParseDateTime(at) //nolint:errcheck // a time is always a time
	return stored
}

func instant(at time.Time) string { return dateTime(at).String() }
