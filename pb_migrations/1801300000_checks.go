package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Checks before and after a lesson, the times a class did one, and the sheets of its students. Lessons and sessions are named by their ids only. A sheet knows
// no device, no address and no time finer than the day, and so has no fields that the platform would stamp.
func init() {
	m.Register(func(app core.App) error {
		err := base(app, "checks", []string{
			"CREATE UNIQUE INDEX idx_checks_key ON checks (key) WHERE key != ''",
			"CREATE INDEX idx_checks_lesson ON checks (lesson)",
		},
			needed("title", 120), text("title_es", 120), text("lesson", 64), text("language", 2), text("kit", 64),
			object("items"), text("key", 64), created(), updated())
		if err != nil {
			return err
		}
		check, err := to(app, "check_id", "checks") // check is a word of SQL
		if err != nil {
			return err
		}
		check.Required = true
		if err := base(app, "check_runs", []string{
			"CREATE UNIQUE INDEX idx_check_runs_key ON check_runs (key) WHERE key != ''",
			"CREATE INDEX idx_check_runs_check ON check_runs (check_id, homeroom)",
			"CREATE INDEX idx_check_runs_code ON check_runs (code, closes_at)",
		},
			check, choice("moment", "before", "after"), text("session", 80), needed("homeroom", 15), text("homeroom_name", 80),
			text("code", 12), date("day"), instant("opened_at"), instant("closes_at"),
			yes("names"), number("in_class"), choice("source", "device", "typed", "file"),
			object("counts"), // of results that came without seats
			yes("in_report"), text("key", 64), instant("deleted_at"), created(), updated()); err != nil {
			return err
		}
		run, err := to(app, "run", "check_runs")
		if err != nil {
			return err
		}
		run.Required, run.CascadeDelete = true, true
		return base(app, "check_sheets", []string{
			"CREATE INDEX idx_check_sheets_seat ON check_sheets (run, seat)",
			"CREATE UNIQUE INDEX idx_check_sheets_key ON check_sheets (run, key) WHERE key != ''",
		},
			run, needed("seat", 40), text("key", 64), text("name", 40), date("day"), choice("state", "joined", "done", "second", "aside"),
			object("answers"), object("points"))
	}, nil)
}
