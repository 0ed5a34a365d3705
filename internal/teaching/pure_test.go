package teaching

import (
	"slices"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"pgregory.net/rapid"
)

// someCalendar is a year with random closed days and a cycle of two to six days.
func someCalendar(t *rapid.T) policy.Calendar {
	first := policy.Date(2026, time.August, 3)
	calendar := policy.Calendar{Week: policy.SchoolWeek, Closed: map[policy.Day]string{}, Open: map[policy.Day]string{}, Zone: time.UTC}
	for _, day := range rapid.SliceOfN(rapid.IntRange(0, 300), 0, 60).Draw(t, "closed") {
		calendar.Closed[first.Add(day)] = "Holiday"
	}
	labels := []string{"A", "B", "C", "D", "E", "F"}[:rapid.IntRange(2, 6).Draw(t, "labels")]
	calendar.Cycles = []policy.Cycle{{From: first.Add(-300), Labels: labels}}
	return calendar
}

// A repetition is on open days alone, all called as the first, and as many as there are.
func TestRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := someCalendar(t)
		first := policy.Date(2026, time.August, 3).Add(rapid.IntRange(0, 200).Draw(t, "first"))
		until := first.Add(rapid.IntRange(0, 150).Draw(t, "length"))
		every := rapid.SampledFrom([]string{"week", "cycle"}).Draw(t, "every")
		label, inCycle := calendar.CycleDay(first)
		days, err := Repeat{every, until.String()}.days(calendar, first)
		if every == "cycle" && !inCycle {
			if err == nil {
				t.Fatalf("%s is no day of the cycle", first)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for day := first; day <= until; day++ {
			called, _ := calendar.CycleDay(day)
			want := calendar.IsOpen(day) && (every == "week" && day.Weekday() == first.Weekday() || every == "cycle" && called == label)
			if want != slices.Contains(days, day) {
				t.Fatalf("%s %s from %s: on %s %v", every, label, first, day, days)
			}
		}
	})
}

// A series that is moved stays on days of one name when it follows the cycle, and keeps its distances when it follows the week.
func TestShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := someCalendar(t)
		open := func(name string) policy.Day {
			day, err := calendar.NextOpen(policy.Date(2026, time.September, 1).Add(rapid.IntRange(0, 100).Draw(t, name)))
			if err != nil {
				t.Fatal(err)
			}
			return day
		}
		from, to, other := open("from"), open("to"), open("other")
		if moved := shift(calendar, "week", other, from, to); moved-other != to-from {
			t.Fatalf("%s to %s moves %s to %s", from, to, other, moved)
		}
		moved := shift(calendar, "cycle", other, from, to)
		labels := calendar.Cycles[0].Labels
		at := func(day policy.Day) int {
			label, _ := calendar.CycleDay(day)
			return slices.Index(labels, label)
		}
		if (at(moved)-at(other)+at(from)-at(to))%len(labels) != 0 || !calendar.IsOpen(moved) {
			t.Fatalf("%s to %s moves %s to %s", from, to, other, moved)
		}
	})
}

func someEntry(t *rapid.T, name string) collections.Session {
	begins := rapid.IntRange(0, 100).Draw(t, name+" begins")
	return collections.Session{
		Kind:  rapid.SampledFrom([]string{"lesson", "checkout", "making", "closed", "other"}).Draw(t, name+" kind"),
		State: rapid.SampledFrom([]string{"asked", "planned", "taught", "cancelled", "declined"}).Draw(t, name+" state"),
		Place: rapid.SampledFrom([]string{"", "Makerspace", "makerspace ", "Room 4"}).Draw(t, name+" place"),
		Day:   policy.Day(rapid.IntRange(1, 2).Draw(t, name+" day")), Begins: begins, Ends: begins + rapid.IntRange(1, 60).Draw(t, name+" length"),
	}
}

// If one is in the way of the other, the other is in the way of the one; and what does not meet in time never is.
func TestClashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := someEntry(t, "x"), someEntry(t, "y")
		if clash(x, y) != clash(y, x) {
			t.Fatalf("%+v and %+v", x, y)
		}
		meet := false
		for minute := range 200 {
			meet = meet || x.Day == y.Day && x.Begins <= minute && minute < x.Ends && y.Begins <= minute && minute < y.Ends
		}
		gone := func(s collections.Session) bool { return s.State == "cancelled" || s.State == "declined" }
		if clash(x, y) && (!meet || gone(x) || gone(y)) {
			t.Fatalf("%+v does not meet %+v", x, y)
		}
		if x.Place == y.Place && meet && !gone(x) && !gone(y) && !clash(x, y) {
			t.Fatalf("%+v meets %+v", x, y)
		}
	})
}

// What is moved by its beginning alone is as long as before.
func TestMovingKeepsTheLength(t *testing.T) {
	b := &book{house: site.House{Calendar: policy.Calendar{Week: policy.SchoolWeek}}}
	rapid.Check(t, func(t *rapid.T) {
		row := someEntry(t, "row")
		row.Name, row.State = "x", "planned"
		length := row.Ends - row.Begins
		from := policy.Clock(rapid.IntRange(0, minutesOfDay-1).Draw(t, "from"))
		day := policy.Date(2026, 9, 1).Add(rapid.IntRange(0, 300).Draw(t, "day")).String()
		err := b.lay(&row, Change{From: &from, Day: &day}, 0)
		if err == nil && (row.Ends-row.Begins != length || policy.Clock(row.Begins) != from) {
			t.Fatalf("%d minutes were %d", row.Ends-row.Begins, length)
		}
		if past := row.Begins+length > minutesOfDay; past != (err != nil) {
			t.Fatalf("%s for %d minutes: %v", from, length, err)
		}
	})
}

func TestHowManieth(t *testing.T) {
	on := func(id, lesson, room string, day int) collections.Session {
		return collections.Session{ID: id, Lesson: lesson, Homeroom: room, Day: policy.Date(2026, 4, 1).Add(day)}
	}
	places := map[string]place{}
	count([]collections.Session{
		on("a", "l1", "4B", 0), on("b", "l1", "4B", 7), on("c", "l1", "4B", 7+59), on("d", "l1", "4B", 7+59+60), // the year after
		on("e", "l1", "5A", 7+59+61), on("f", "l2", "5A", 7+59+61),
	}, places)
	for id, want := range map[string]place{"a": {1, 3}, "b": {2, 3}, "c": {3, 3}, "d": {1, 1}, "e": {1, 1}, "f": {1, 1}} {
		if places[id] != want {
			t.Errorf("%s is %v, not %v", id, places[id], want)
		}
	}
}
