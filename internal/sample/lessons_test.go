package sample

import (
	"testing"
	"time"

	"carrel/internal/policy"
)

// The calendar of the sample school is alive on any day: nothing is on a closed day, and no class is in two places.
func TestSessions(t *testing.T) {
	for day := policy.Date(2026, time.August, 1); day < policy.Date(2027, time.August, 1); day += 17 {
		school := New(1, 1, day, time.UTC)
		calendar, sessions := school.Calendar(), school.Sessions()
		type at struct {
			day  policy.Day
			room int
		}
		busy := map[at][]Session{}
		lessons := 0
		for _, session := range sessions {
			if !calendar.IsOpen(session.On) || session.From >= session.Until {
				t.Errorf("%s: %+v", day, session)
			}
			if session.Kind == "lesson" {
				lessons++
			}
			if session.Homeroom < 0 {
				continue
			}
			key := at{session.On, session.Homeroom}
			for _, other := range busy[key] {
				if other.From < session.Until && session.From < other.Until {
					t.Errorf("%s: %+v and %+v", day, other, session)
				}
			}
			busy[key] = append(busy[key], session)
		}
		if lessons < 20 {
			t.Errorf("%s: %d lessons", day, lessons)
		}
	}
}

func TestLessonsAddUp(t *testing.T) {
	for _, planned := range Week {
		if planned.Kind == "lesson" && planned.Lesson >= len(Lessons) {
			t.Errorf("%+v", planned)
		}
	}
	for _, lesson := range Lessons {
		minutes := 0
		for _, step := range lesson.Steps {
			minutes += step.Minutes
		}
		if minutes < 25 || minutes > 45 {
			t.Errorf("%s takes %d minutes", lesson.Title, minutes)
		}
	}
}
