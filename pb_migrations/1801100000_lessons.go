package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What the library teaches: lessons, and sessions, a lesson or a visit with a class on a day. No door writes these as records.
func init() {
	m.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{createLessons, createSessions, limitFeed} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

func createLessons(app core.App) error {
	err := base(app, "lessons", []string{"CREATE INDEX idx_lessons_title ON lessons (archived, title)"},
		needed("title", 200), text("goal", 1000), text("grades_from", 2), text("grades_to", 2), text("subject", 120),
		choice("kind", "information", "citizenship", "research", "reading", "making"), number("minutes"), text("language", 2),
		object("steps"), object("materials"), yes("reusable"), yes("archived"),
		// what it was copied from, with its name at that time: the origin may be gone
		text("origin_kind", 12), text("origin", 60), text("origin_title", 200),
		text("author", 15), yes("read_only"), created(), updated())
	if err != nil {
		return err
	}
	lesson, err := to(app, "lesson", "lessons")
	if err != nil {
		return err
	}
	lesson.Required, lesson.CascadeDelete = true, true
	if err := base(app, "lesson_standards", []string{
		"CREATE UNIQUE INDEX idx_lesson_standards ON lesson_standards (lesson, standard)",
		"CREATE INDEX idx_lesson_standards_standard ON lesson_standards (standard)",
	}, lesson, needed("standard", 60), number("position"), created()); err != nil {
		return err
	}
	ofFile, err := to(app, "lesson", "lessons")
	if err != nil {
		return err
	}
	ofFile.Required, ofFile.CascadeDelete = true, true
	return base(app, "lesson_files", []string{"CREATE INDEX idx_lesson_files ON lesson_files (lesson)"},
		ofFile, needed("name", 200), &core.FileField{Name: "file", MaxSelect: 1, MaxSize: 20 << 20, Protected: true}, number("size"), created())
}

func createSessions(app core.App) error {
	lesson, err := to(app, "lesson", "lessons")
	if err != nil {
		return err
	}
	homeroom, err := to(app, "homeroom", "homerooms")
	if err != nil {
		return err
	}
	if err := base(app, "teaching_sessions", []string{
		"CREATE INDEX idx_teaching_sessions_day ON teaching_sessions (day, begins)",
		"CREATE INDEX idx_teaching_sessions_lesson ON teaching_sessions (lesson, homeroom, day)",
		"CREATE INDEX idx_teaching_sessions_series ON teaching_sessions (series, day) WHERE series != ''",
		"CREATE UNIQUE INDEX idx_teaching_sessions_instead ON teaching_sessions (instead) WHERE instead != ''",
		"CREATE INDEX idx_teaching_sessions_asked ON teaching_sessions (state) WHERE state = 'asked'",
	},
		choice("kind", "lesson", "checkout", "making", "closed", "other"), text("name", 200), lesson, homeroom,
		text("class", 120), text("grade", 2), // the class as it was: next year its room has other children, or is gone
		text("teacher", 120), date("day"), number("begins"), number("ends"), // minutes of the day
		text("place", 120), text("needs", 300), text("role", 60), number("students"),
		choice("state", "asked", "planned", "taught", "cancelled", "declined"),
		text("notes", 5000), text("answer", 1000), yes("in_report"),
		text("series", 15), text("every", 5), // of repeated ones: week or cycle
		text("instead", 40),  // the visit of the timetable that it stands for: HOMEROOM:DAY:FROM
		text("asked_by", 15), // the teacher who asked for it
		number("seq"),        // how often it was changed, for calendars that follow
		created(), updated()); err != nil {
		return err
	}
	session, err := to(app, "session", "teaching_sessions")
	if err != nil {
		return err
	}
	title, err := to(app, "title", "titles")
	if err != nil {
		return err
	}
	session.Required, session.CascadeDelete = true, true
	title.Required, title.CascadeDelete = true, true
	if err := base(app, "session_titles", []string{
		"CREATE UNIQUE INDEX idx_session_titles ON session_titles (session, title)",
		"CREATE INDEX idx_session_titles_title ON session_titles (title)",
	}, session, title, text("item", 15), number("position"), created()); err != nil {
		return err
	}
	return base(app, "teaching_acts", []string{"CREATE UNIQUE INDEX idx_teaching_acts_key ON teaching_acts (key)", "CREATE INDEX idx_teaching_acts_at ON teaching_acts (at)"},
		needed("key", 64), needed("kind", 20), text("ask", 64), // a digest of what was asked for, to tell a repeated act from another with its key
		object("data"), text("actor", 15), instant("at"), instant("undone_at"))
}

// limitFeed keeps the address of the calendar's feed from being guessed: a calendar asks a few times an hour.
func limitFeed(app core.App) error {
	settings := app.Settings()
	settings.RateLimits.Rules = append([]core.RateLimitRule{{Label: "/api/carrel/teaching/feed/", MaxRequests: 60, Duration: 60}}, settings.RateLimits.Rules...)
	return app.Save(settings)
}
