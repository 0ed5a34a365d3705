package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The end of a term may be for one grade alone: those who leave the school bring their books back earlier.
func init() {
	m.Register(func(app core.App) error {
		return widen(app, "calendar", nil, nil, text("grade", 4))
	}, nil)
}
