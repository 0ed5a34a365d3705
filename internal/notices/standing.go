package notices

import (
	"database/sql"
	"errors"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// CountFailed counts the notices that a person has to look at: they failed, or nobody knows what became of them.
func CountFailed(app core.App) (n int, err error) {
	err = app.DB().Select("COUNT(*)").From(collections.Notices).
		Where(dbx.HashExp{"state": []any{collections.NoticeFailed, collections.NoticeUnknown}}).Row(&n)
	return n, err
}

// CountForPaper counts the notices that PrintQueued would print.
func CountForPaper(app core.App, now time.Time) (int, error) { return waitingForPaper(app, now) }

// LastOverdue is the day for which overdue notices last went out, by mail or on paper; 0 when they never did.
func LastOverdue(app core.App) (last policy.Day, err error) {
	for _, state := range []string{collections.NoticeSent, collections.NoticePrinted} {
		var day policy.Day
		// the day of the newest one: along the index, without reading the others
		err := app.DB().Select("on_day").From(collections.Notices).Where(dbx.HashExp{"state": state, "kind": kindOverdue}).
			OrderBy("created DESC").Limit(1).Row(&day)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, err
		}
		last = max(last, day)
	}
	return last, nil
}

// NextOverdue is the day on which overdue notices are next looked for by themselves; 0 when they are off.
func NextOverdue(app core.App, calendar policy.Calendar, now time.Time) (policy.Day, error) {
	settings, err := site.LoadNotices(app)
	if err != nil || !settings.Of(kindOverdue).On {
		return 0, err
	}
	day := policy.DayOf(now, calendar.Zone)
	if !now.Before(day.At(settings.Of(kindOverdue).Hour, calendar.Zone)) {
		day++
	}
	next, err := calendar.NextOpen(day)
	if errors.Is(err, policy.ErrNeverOpen) {
		return 0, nil
	}
	return next, err
}
