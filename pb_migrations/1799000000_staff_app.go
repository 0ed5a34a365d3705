package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The sixth stage, the staff app: what its first screen and its lists ask often is found by an index, and a new way to sign in is slow to guess.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{indexForStaff, limitRecovery} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func indexForStaff(app core.App) error {
	for _, wanted := range []struct {
		collection string
		indexes    []string
	}{
		{"items", []string{"CREATE INDEX idx_items_withdrawn ON items (id) WHERE status = 'withdrawn'"}},
		{"holds", []string{"CREATE INDEX idx_holds_kept ON holds (ended_at) WHERE caught != ''"}},
		{"audit", []string{"CREATE INDEX idx_audit_action ON audit (action, at)", "CREATE INDEX idx_audit_staff ON audit (staff, at)"}},
	} {
		if err := widen(app, wanted.collection, nil, wanted.indexes); err != nil {
			return err
		}
	}
	return nil
}

// limitRecovery makes guessing a recovery code, or the old password of somebody who left a screen open, as slow as guessing a password.
func limitRecovery(app core.App) error {
	settings := app.Settings()
	settings.RateLimits.Rules = append([]core.RateLimitRule{
		{Label: "POST /api/carrel/recover", MaxRequests: 2, Duration: 3},
		{Label: "PATCH /api/carrel/me", MaxRequests: 10, Duration: 10},
	}, settings.RateLimits.Rules...)
	return app.Save(settings)
}
