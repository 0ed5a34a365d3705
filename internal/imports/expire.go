package imports

import (
	"context"
	"time"

	"carrel/collections"
	"carrel/internal/adds"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Expired counts what was forgotten.
type Expired struct {
	Closed    int `json:"closed"`    // imports that can no longer be taken back
	Discarded int `json:"discarded"` // files that were never applied
}

// Expire forgets the files and journals of imports that can no longer be taken back, what their reports say of single people, and whatever was brought
// and not applied for as long.
func Expire(ctx context.Context, app core.App, now time.Time) (e Expired, err error) {
	if err := removeStrays(app, now); err != nil {
		return e, err
	}
	at, err := types.ParseDateTime(now.AddDate(0, 0, -undoDays))
	if err != nil {
		return e, err
	}
	params := dbx.Params{"at": at.String()}
	over, err := collections.All[collections.Import](app, "state IN ('done', 'stopped', 'undone') AND applied != '' AND applied < {:at}", "id", params)
	if err != nil {
		return e, err
	}
	for _, imp := range over {
		if err := ctx.Err(); err != nil {
			return e, err
		}
		closed, err := closeImport(ctx, app, imp)
		if err != nil {
			return e, err
		}
		if closed {
			e.Closed++
		}
	}
	waiting, err := collections.All[collections.Import](app, "state IN ('ready', 'unreadable') AND created < {:at}", "id", params)
	if err != nil {
		return e, err
	}
	for _, imp := range waiting {
		if err := forget(app, imp.ID); err != nil {
			return e, err
		}
		e.Discarded++
	}
	return e, nil
}

// closeImport leaves of an import only its counts. One that has been closed before stays as it is.
func closeImport(ctx context.Context, app core.App, imp collections.Import) (closed bool, err error) {
	if err := removeFiles(app, imp.ID); err != nil {
		return false, err
	}
	b, err := store.NewBulk(app, true)
	if err != nil {
		return false, err
	}
	defer b.Abort()
	b.Around(untilCancelled(ctx))
	if err := forgetJournal(b, imp.ID); err != nil {
		return false, err
	}
	if err := b.Flush(); err != nil {
		return false, err
	}
	if imp.Kind == collections.ImportBooks {
		if err := adds.Forget(app, imp.ID); err != nil {
			return false, err
		}
	}
	brief := dbx.Params{}
	for name, data := range map[string][]byte{"preview": imp.Preview, "result": imp.Result} {
		r, err := reportOf(imp.Kind, data)
		if err != nil || r == nil {
			return false, err
		}
		r.brief()
		text, err := asJSON(r)
		if err != nil {
			return false, err
		}
		if text != string(data) {
			brief[name] = text
		}
	}
	if len(brief) == 0 {
		return false, nil
	}
	return true, set(app, imp.ID, brief)
}
