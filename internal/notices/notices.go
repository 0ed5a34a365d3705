// Package notices tells families, kindly and once, that library books are late or soon will be, what became of those they asked for or said
// to have returned, and what they owe: it chooses the loans and takes the holds from the desk, writes the notices down, sends them by
// mail and prints them on slips. A notice tells a count, unless the school decided that more may be told; a subject line never does.
//
// A notice is never sent twice. Choosing is guarded by a unique key of loan or hold, kind, step and recipient; sending claims a
// notice durably before the mail server hears of it. A crash between the two leaves a notice whose fate nobody
// knows: it is shown as unknown and left to the librarian.
package notices

import (
	"context"
	"slices"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/jobs"
	"carrel/internal/live"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	kindOverdue     = site.NoticeOverdue
	kindDueSoon     = site.NoticeDueSoon
	kindHoldReady   = site.NoticeHoldReady
	kindHoldExpired = site.NoticeHoldExpired
	kindFee         = site.NoticeFee
	kindClaim       = site.NoticeClaim
	kindRecall      = site.NoticeRecall
	channelMail     = site.ByMail
	channelPaper    = site.OnPaper
)

// kinds are what Carrel sends, in the order in which slips of one patron are handed out.
var kinds = []string{kindOverdue, kindRecall, kindDueSoon, kindHoldReady, kindHoldExpired, kindClaim, kindFee}

// chosen are the kinds that a run looks for. What is told of holds comes from the desk.
var chosen = []string{kindOverdue, kindRecall, kindDueSoon, kindClaim, kindFee}

// courtesy tells whether a family may ask for no more of a kind.
func courtesy(kind string) bool { return kind == kindDueSoon }

// Summary is what one run did. All but Selected and Waiting count notices touched by this run.
type Summary struct {
	On        policy.Day `json:"on"`
	DryRun    bool       `json:"dry_run,omitempty"`
	Selected  int        `json:"selected"`         // overdue loans told of now that were not before at their step
	Others    int        `json:"others,omitempty"` // notices of other kinds made
	Queued    int        `json:"queued"`           // notices made for mail
	Paper     int        `json:"paper"`            // notices made for paper
	Sent      int        `json:"sent"`
	Failed    int        `json:"failed"`
	Waiting   int        `json:"waiting"` // notices still in the queue for mail after the run
	Unknown   int        `json:"unknown"`
	Cancelled int        `json:"cancelled"`
	Kinds     []string   `json:"kinds,omitempty"` // what was looked for
	Why       say.Text   `json:"-"`               // why notices wait; empty when nothing holds them up
}

// In says the summary in a few plain sentences.
func (s Summary) In(lang say.Lang) string {
	if s.DryRun {
		return say.Count("notices.sum.dry", s.Selected, s.Queued, s.Paper, s.Failed).In(lang)
	}
	var parts []string
	if s.Selected > 0 || s.Others+s.Sent+s.Paper+s.Failed+s.Unknown+s.Cancelled == 0 { // what was chosen earlier is news of its own
		parts = append(parts, say.Count("notices.sum.selected", s.Selected).In(lang))
	}
	for _, count := range []struct {
		key string
		n   int
	}{
		{"others", s.Others}, {"sent", s.Sent}, {"paper", s.Paper}, {"failed", s.Failed},
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

// plus adds what an earlier run of the same day did.
func (s Summary) plus(earlier Summary) Summary {
	s.Selected += earlier.Selected
	s.Others += earlier.Others
	s.Queued += earlier.Queued
	s.Paper += earlier.Paper
	s.Sent += earlier.Sent
	s.Failed += earlier.Failed
	s.Unknown += earlier.Unknown
	s.Cancelled += earlier.Cancelled
	s.Kinds = slices.Concat(earlier.Kinds, s.Kinds)
	return s
}

// Run chooses what there is to tell on a day, open or closed, and sends everything that waits, at once. A dry run only counts.
// The codes are fault.Conflict when the clock cannot be right, and those of Select and Send.
func Run(ctx context.Context, app core.App, on policy.Day, now func() time.Time, dryRun bool) (Summary, error) {
	if dryRun {
		return dry(app, on)
	}
	return run(ctx, app, on, now, chosen, kinds, Part{})
}

// RunPart tells of the late books of a part of the school: it chooses these alone, and sends what waits for them, at once. The codes are
// fault.Conflict when the clock cannot be right or notices about late books are off, and those of Part, Select and Send.
func RunPart(ctx context.Context, app core.App, on policy.Day, now func() time.Time, part Part) (Summary, error) {
	const op = "notices.RunPart"
	if err := part.check(app); err != nil {
		return Summary{}, err
	}
	settings, err := site.LoadNotices(app)
	if err != nil {
		return Summary{}, fault.Wrap(op, err)
	}
	if !settings.Of(kindOverdue).On {
		return Summary{}, fault.New(op, fault.Conflict, "notices.part.off")
	}
	overdue := []string{kindOverdue}
	return run(ctx, app, on, now, overdue, overdue, part)
}

// run is Run that looks for some kinds, and sends what waits of some, in a part of the school.
func run(ctx context.Context, app core.App, on policy.Day, now func() time.Time, looked, sent []string, part Part) (Summary, error) {
	const op = "notices.Run"
	behind, err := jobs.ClockBehind(app, now())
	if err != nil {
		return Summary{}, fault.Wrap(op, err)
	}
	if behind {
		return Summary{}, fault.New(op, fault.Conflict, "notices.clock_behind")
	}
	written, err := selectKinds(app, on, now(), looked, part)
	if err != nil {
		return written, err
	}
	done, err := sendKinds(ctx, app, now, true, sent, part)
	live.Tell(app, live.Notices)
	done.On, done.Kinds = on, looked
	written.Kinds = nil
	return done.plus(written), err
}

// dateTime is a time as records hold it, instant as raw statements store it.
func dateTime(at time.Time) types.DateTime {
	stored, _ := types.ParseDateTime(at) //nolint:errcheck // a time is always a time
	return stored
}

func instant(at time.Time) string { return dateTime(at).String() }
