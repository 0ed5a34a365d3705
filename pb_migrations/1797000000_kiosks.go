package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// The third stage: kiosks with class windows, a lock, and a memory of the minutes in which they were heard.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{widenKiosks, widenQuestions, widenFactsAgain, createHeard} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func widenKiosks(app core.App) error {
	err := widen(app, "homerooms", nil, nil, text("visits", 300)) // "tue 09:00-09:45; A 13:10-13:55"
	if err != nil {
		return err
	}
	window, err := to(app, "window_homeroom", "homerooms")
	if err != nil {
		return err
	}
	return widen(app, "kiosks", nil, nil,
		window, instant("window_until"), // a class window opened by hand
		instant("locked_at")) // after too many wrong cards, until somebody opens it
}

func widenQuestions(app core.App) error {
	return widen(app, "kiosk_questions", map[string][]string{"reason": {"unreadable"}}, nil, text("decision", 20))
}

// widenFactsAgain makes a decision about a question a fact.
func widenFactsAgain(app core.App) error {
	return widen(app, "circ_events", map[string][]string{"kind": {"decide"}}, nil)
}

// createHeard keeps the minutes in which a kiosk was heard from, as minutes since 1970: a replayed act from one of them is doubtful.
// It is a plain table: two columns and no id, written once a minute.
func createHeard(app core.App) error {
	return execAll(app,
		`CREATE TABLE kiosk_heard (
			kiosk  TEXT NOT NULL,
			minute INTEGER NOT NULL,
			PRIMARY KEY (kiosk, minute)
		) WITHOUT ROWID`,
	)
}
