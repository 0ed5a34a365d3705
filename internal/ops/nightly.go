package ops

import (
	"context"
	"time"

	"carrel/internal/budget"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/jobs"
	"carrel/internal/live"
	"carrel/internal/policy"
	"carrel/internal/privacy"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// Nightly is what a library does by itself every day, in order, besides the notices of the morning.
var Nightly = []jobs.Daily{
	{Name: "rebuild", Hour: 2, Run: compareFacts},
	{Name: "unlink", Hour: 3, Run: unlink},
	{Name: "imports", Hour: 3, Run: expireImports},
	{Name: "standing", Hour: 5, Run: orderAgain},
	{Name: "holds", Hour: 6, OpenDaysOnly: true, Run: expireHolds},
}

// compareFacts fails when anything is not as the facts say; the summary names the first differences.
func compareFacts(_ context.Context, app core.App, _ policy.Day, _ func() time.Time) (any, error) {
	compared, err := CompareFacts(app)
	if err == nil && compared.Differences > 0 {
		err = &fault.Error{Op: "ops.compareFacts", Code: fault.Conflict, Word: "differences", Text: say.Count("jobs.differences", compared.Differences)}
	}
	return compared, err
}

func unlink(ctx context.Context, app core.App, today policy.Day, now func() time.Time) (any, error) {
	return privacy.Unlink(ctx, app, today, now(), true)
}

func expireImports(ctx context.Context, app core.App, _ policy.Day, now func() time.Time) (any, error) {
	return imports.Expire(ctx, app, now())
}

func expireHolds(_ context.Context, app core.App, today policy.Day, now func() time.Time) (any, error) {
	at := now()
	expired, err := desk.ExpireHolds(app, today, desk.Act{At: at, Now: at, Actor: desk.Actor{Door: "command"}})
	if expired > 0 {
		live.Tell(app, live.Holds, live.Items, live.Notices)
	}
	return map[string]int{"expired": expired}, err
}

func orderAgain(ctx context.Context, app core.App, today policy.Day, _ func() time.Time) (any, error) {
	made, err := budget.MakeStanding(ctx, app, today)
	if made > 0 {
		live.Tell(app, live.Budget)
	}
	return map[string]int{"orders": made}, err
}
