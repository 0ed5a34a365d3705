package checks

import (
	"context"
	"time"

	"carrel/collections"
	"carrel/internal/jobs"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// deletedKept is how long a run that was deleted can be brought back.
const deletedKept = 24 * time.Hour

// Forgetting runs Tidy every night.
var Forgetting = jobs.Daily{Name: "checks", Hour: 3, Run: func(_ context.Context, app core.App, today policy.Day, now func() time.Time) (any, error) {
	return Tidy(app, today, now())
}}

// Tidied says what Tidy took away.
type Tidied struct {
	Names int64 `json:"names"`
	Runs  int64 `json:"runs"`
}

// Tidy forgets the first names that are older than NamesKept days, and what was deleted yesterday or before.
func Tidy(app core.App, today policy.Day, now time.Time) (done Tidied, err error) {
	before, err := types.ParseDateTime(now.Add(-deletedKept))
	if err != nil {
		return done, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		result, err := app.DB().Update(collections.CheckSheets, dbx.Params{"name": ""},
			dbx.NewExp("name != '' AND day <= {:day}", dbx.Params{"day": today.Add(-NamesKept).String()})).Execute()
		if err != nil {
			return err
		}
		if done.Names, err = result.RowsAffected(); err != nil {
			return err
		}
		gone := dbx.Params{"before": before.String()}
		if _, err := app.DB().NewQuery(`DELETE FROM check_sheets WHERE run IN
			(SELECT id FROM check_runs WHERE deleted_at != '' AND deleted_at <= {:before})`).Bind(gone).Execute(); err != nil {
			return err
		}
		result, err = app.DB().NewQuery("DELETE FROM check_runs WHERE deleted_at != '' AND deleted_at <= {:before}").Bind(gone).Execute()
		if err != nil {
			return err
		}
		done.Runs, err = result.RowsAffected()
		return err
	})
	return done, err
}
