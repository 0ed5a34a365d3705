package demo_test

import (
	"testing"
	"time"

	"carrel/internal/checks"
	"carrel/internal/demo"
	"carrel/internal/policy"
	"carrel/internal/teaching"
	"carrel/internal/testkit"

	"carrel/collections"
)

// The calendar of the sample school is alive whenever it is looked at, and its evidence is there to be shown.
func TestLessonsOfTheSampleSchool(t *testing.T) {
	for _, day := range []policy.Day{policy.Date(2026, time.April, 14), policy.Date(2026, time.July, 20), policy.Date(2026, time.December, 28)} {
		t.Run(day.String(), func(t *testing.T) {
			app := testkit.App(t)
			if _, err := demo.Load(app, demo.Options{Seed: 1, Scale: 1, Today: day}); err != nil {
				t.Fatal(err)
			}
			view, err := teaching.Calendar(app, day.Add(-20), day.Add(20), teaching.Who{Role: collections.Librarian}, day.At(10, time.Local))
			if err != nil || view.Counts.Lessons < 3 || view.Counts.Visits < 5 || view.Asked != 2 {
				t.Errorf("%+v %v", view.Counts, err)
			}
			for _, entry := range view.Entries {
				for _, conflict := range entry.Conflicts {
					t.Errorf("%s %s %s clashes with %s", entry.Day, entry.From, entry.Name, conflict)
				}
			}
			shown, err := checks.InReport(app, day.Add(-400), day, time.Now())
			if err != nil || len(shown) != 1 {
				t.Errorf("%d of evidence: %v", len(shown), err)
			}
		})
	}
}
