package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The fourth stage: notices of every kind. They say whom they are written for, a teacher's list has words of its own, a family may ask for no more
// courtesy mail, and it is remembered when somebody was last told of money.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{addressNotices, createOptOuts, createReminders} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func addressNotices(app core.App) error {
	if err := widen(app, "notices", nil, nil, text("audience", 12)); err != nil { // guardians, patron or teacher; empty: the family
		return err
	}
	return widen(app, "notice_templates", map[string][]string{"kind": {"teacher"}}, nil)
}

func createOptOuts(app core.App) error {
	return base(app, "notice_optouts", []string{"CREATE UNIQUE INDEX idx_notice_optouts ON notice_optouts (address)"},
		needed("address", 320), // in small letters
		created(), updated())
}

// createReminders keeps the day on which somebody was last told of what a patron owes, for as long as something is owed.
func createReminders(app core.App) error {
	patron, err := to(app, "patron", "patrons")
	if err != nil {
		return err
	}
	patron.Required, patron.CascadeDelete = true, true // it says something about nobody else
	return base(app, "notice_reminders", []string{"CREATE UNIQUE INDEX idx_notice_reminders ON notice_reminders (patron, recipient)"},
		patron, text("recipient", 320), date("told"), created(), updated())
}
