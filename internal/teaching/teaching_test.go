package teaching_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/teaching"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// now is a Tuesday in April, in the zone of a school that nobody set: UTC or the machine's, both on the same day at noon.
var now = time.Date(2026, time.April, 14, 12, 0, 0, 0, time.UTC)

var today = policy.Date(2026, time.April, 14)

var head = teaching.Who{ID: "librarian", Role: collections.Librarian}

type school struct {
	testkit.Library
	acts int
}

func open(t *testing.T) *school {
	t.Helper()
	return &school{Library: testkit.NewLibrary(t)}
}

func (s *school) act() teaching.Act {
	s.acts++
	return teaching.Act{Key: fmt.Sprintf("act-%06d", s.acts), Actor: "librarian", Now: now}
}

func (s *school) room(name, visits string, children int) collections.Homeroom {
	s.T.Helper()
	room, err := collections.Insert(s.App, collections.Homeroom{Name: name, Teacher: "Ms. Okafor", Grade: "4", Visits: visits})
	if err != nil {
		s.T.Fatal(err)
	}
	for i := range children {
		child := s.Patron(fmt.Sprint(name, "-", i))
		child.Homeroom = room.ID
		s.Save(child)
	}
	return room
}

func (s *school) lesson(title string) teaching.Lesson {
	s.T.Helper()
	lesson, err := teaching.AddLesson(s.App, s.act(), teaching.Fields{Title: title}, nil)
	if err != nil {
		s.T.Fatal(err)
	}
	return lesson
}

func p[V any](value V) *V { return &value }

func at(day policy.Day, from, until string) teaching.Change {
	return teaching.Change{Name: p("Open lab"), Day: p(day.String()), From: p(from), Until: p(until)}
}

func (s *school) plan(change teaching.Change, repeat *teaching.Repeat) teaching.Changed {
	s.T.Helper()
	changed, err := teaching.PlanSessions(s.App, s.act(), change, repeat, teaching.Options{})
	if err != nil {
		s.T.Fatal(err)
	}
	return changed
}

func (s *school) change(id, updated string, change teaching.Change, options teaching.Options) teaching.Changed {
	s.T.Helper()
	changed, err := teaching.ChangeSession(s.App, s.act(), id, updated, change, options)
	if err != nil {
		s.T.Fatal(err)
	}
	return changed
}

func (s *school) undo(key string) {
	s.T.Helper()
	if _, err := teaching.Undo(s.App, s.act(), key); err != nil {
		s.T.Fatal(err)
	}
}

func (s *school) view(from, until policy.Day, who teaching.Who) teaching.View {
	s.T.Helper()
	view, err := teaching.Calendar(s.App, from, until, who, now)
	if err != nil {
		s.T.Fatal(err)
	}
	return view
}

// week is the calendar as a list of "2026-04-14 10:30-11:10 name state".
func (s *school) week() (lines []string) {
	s.T.Helper()
	for _, e := range s.view(today.Add(-1), today.Add(50), head).Entries {
		name := e.Name
		if name == "" && e.Homeroom != nil {
			name = e.Homeroom.Name
		}
		lines = append(lines, fmt.Sprintf("%s %s-%s %s %s", e.Day, e.From, e.Until, name, e.State))
	}
	return lines
}

func wordOf(err error) string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return fmt.Sprint(err)
	}
	return refusal.Word + "@" + refusal.Field
}

// A repetition leaves out closed days; one is moved with those after it; and each act is taken back.
func TestSeries(t *testing.T) {
	s := open(t)
	s.Closed(today.Add(14))
	made := s.plan(at(today, "10:30", "11:10"), &teaching.Repeat{Every: "week", Until: today.Add(28).String()})
	want := []string{"2026-04-14 10:30-11:10 Open lab planned", "2026-04-21 10:30-11:10 Open lab planned", "2026-05-05 10:30-11:10 Open lab planned", "2026-05-12 10:30-11:10 Open lab planned"}
	if diff := cmp.Diff(want, s.week()); diff != "" {
		t.Fatal(diff)
	}
	second := made.Sessions[1]
	later := teaching.Options{Following: true}
	moved := s.change(second.ID, second.Updated, teaching.Change{Day: p(today.Add(8).String()), From: p("09:00"), Notes: p("only this one")}, later)
	if len(moved.Sessions) != 3 || moved.Sessions[0].Notes == "" || moved.Sessions[1].Notes != "" {
		t.Errorf("%+v", moved.Sessions)
	}
	if diff := cmp.Diff([]string{want[0], "2026-04-22 09:00-09:40 Open lab planned", "2026-05-06 09:00-09:40 Open lab planned", "2026-05-13 09:00-09:40 Open lab planned"}, s.week()); diff != "" {
		t.Error(diff)
	}
	if _, err := teaching.ChangeSession(s.App, s.act(), second.ID, moved.Sessions[0].Updated, teaching.Change{Day: p(today.Add(14).String())}, later); wordOf(err) != "closed_day@day" {
		t.Error(err)
	}
	s.undo(moved.Undo)
	if diff := cmp.Diff(want, s.week()); diff != "" {
		t.Error(diff)
	}
	gone, err := teaching.DeleteSession(s.App, s.act(), second.ID, later)
	if err != nil || len(s.week()) != 1 {
		t.Errorf("%v %v", err, s.week())
	}
	s.undo(gone.Undo)
	if diff := cmp.Diff(want, s.week()); diff != "" {
		t.Error(diff)
	}
	s.undo(made.Undo)
	if _, err := teaching.Undo(s.App, s.act(), made.Undo); wordOf(err) != "undone_before@key" || len(s.week()) != 0 {
		t.Errorf("%v %v", err, s.week())
	}
}

// A visit of the timetable is no row until it is moved or cancelled, and comes back when that is taken back.
func TestVisits(t *testing.T) {
	s := open(t)
	room := s.room("4B", "tue 09:00-09:45", 0)
	s.Closed(today.Add(7))
	view := s.view(today, today.Add(14), head)
	if len(view.Entries) != 2 || view.Entries[0].ID != "visit:"+room.ID+":2026-04-14:09:00" || !view.Entries[0].Visit || view.Counts.Visits != 2 || s.Count("teaching_sessions", "1") != 0 {
		t.Fatalf("%+v", view.Entries)
	}
	id := view.Entries[0].ID
	moved := s.change(id, "", teaching.Change{Day: p(today.Add(1).String())}, teaching.Options{})
	want := []string{"2026-04-15 09:00-09:45 4B planned", "2026-04-28 09:00-09:45 4B planned"}
	if diff := cmp.Diff(want, s.week()[:2]); diff != "" {
		t.Error(diff)
	}
	if _, err := teaching.ChangeSession(s.App, s.act(), id, "", teaching.Change{From: p("10:00")}, teaching.Options{}); wordOf(err) != "changed@" {
		t.Errorf("two people: %v", err)
	}
	s.undo(moved.Undo)
	cancelled, err := teaching.DeleteSession(s.App, s.act(), id, teaching.Options{})
	if err != nil || s.week()[0] != "2026-04-14 09:00-09:45 4B cancelled" {
		t.Errorf("%v %v", err, s.week())
	}
	s.undo(cancelled.Undo)
	if s.week()[0] != "2026-04-14 09:00-09:45 4B planned" || s.Count("teaching_sessions", "1") != 0 {
		t.Error(s.week())
	}
	for _, wrong := range []string{"visit:", "visit:" + room.ID + ":2026-04-21:09:00", "visit:" + room.ID + ":2026-04-14:09:15", "visit:nobody:2026-04-14:09:00", "visit:" + room.ID + ":soon:09:00", "nothing"} {
		if _, err := teaching.SessionByID(s.App, head, wrong); wordOf(err) != "unknown_session@session" {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// The kiosk opens to a class when it comes by the calendar, not by the timetable that was changed.
func TestVisitNow(t *testing.T) {
	s := open(t)
	room := s.room("4B", "tue 00:00-23:59", 0)
	s.room("5A", "wed 00:00-23:59", 0)
	here := func(day int) string {
		found, until, here, err := teaching.VisitNow(s.App, now.AddDate(0, 0, day))
		if err != nil || here != (found.Name != "") || here && !until.After(now.AddDate(0, 0, day)) {
			t.Fatal(found, until, here, err)
		}
		return found.Name
	}
	if here(0) != "4B" || here(1) != "5A" || here(2) != "" {
		t.Errorf("by the timetable: %s, %s, %s", here(0), here(1), here(2))
	}
	moved := s.change("visit:"+room.ID+":2026-04-14:00:00", "", teaching.Change{Day: p(today.Add(2).String())}, teaching.Options{})
	if here(0) != "" || here(2) != "4B" || here(7) != "4B" {
		t.Errorf("moved: %s, %s, %s", here(0), here(2), here(7))
	}
	row := moved.Sessions[0]
	s.change(row.ID, row.Updated, teaching.Change{State: p("cancelled")}, teaching.Options{})
	if here(0) != "" || here(2) != "" {
		t.Errorf("cancelled: %s, %s", here(0), here(2))
	}
}

// Whatever is done to the calendar and taken back in the opposite order leaves it as it was.
func TestEverythingCanBeTakenBack(t *testing.T) {
	s := open(t)
	s.room("4B", "tue 09:00-09:45; thu 13:00-13:40", 0)
	s.Closed(today.Add(7))
	s.plan(at(today, "10:30", "11:10"), &teaching.Repeat{Every: "week", Until: today.Add(40).String()})
	rapid.Check(t, func(t *rapid.T) {
		before, keys := s.week(), []string{}
		for range rapid.IntRange(1, 6).Draw(t, "acts") {
			entries := s.view(today, today.Add(40), head).Entries
			one := entries[rapid.IntRange(0, len(entries)-1).Draw(t, "entry")]
			options := teaching.Options{Following: rapid.Bool().Draw(t, "following"), Anyway: rapid.Bool().Draw(t, "anyway")}
			day := today.Add(rapid.IntRange(0, 30).Draw(t, "day"))
			var changed teaching.Changed
			var err error
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				changed, err = teaching.PlanSessions(s.App, s.act(), at(day, "14:00", "14:30"), nil, options)
			case 1:
				changed, err = teaching.ChangeSession(s.App, s.act(), one.ID, one.Updated, teaching.Change{Day: p(day.String()), From: p("08:15")}, options)
			case 2:
				changed, err = teaching.ChangeSession(s.App, s.act(), one.ID, one.Updated, teaching.Change{State: p("cancelled")}, options)
			case 3:
				changed, err = teaching.DeleteSession(s.App, s.act(), one.ID, options)
			}
			if err != nil && !strings.HasPrefix(wordOf(err), "closed_day") {
				t.Fatal(err)
			}
			if err == nil {
				keys = append(keys, changed.Undo)
			}
		}
		for _, key := range slices.Backward(keys) {
			s.undo(key)
		}
		if diff := cmp.Diff(before, s.week()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestConflictsAreShown(t *testing.T) {
	s := open(t)
	s.room("4B", "tue 10:00-10:45", 0)
	made := s.plan(at(today, "10:30", "11:10"), nil)
	if len(made.Conflicts) != 1 || !strings.HasPrefix(made.Conflicts[0], "visit:") {
		t.Errorf("%v", made.Conflicts)
	}
	elsewhere := at(today, "10:30", "11:10")
	elsewhere.Kind, elsewhere.Place = p("making"), p("Makerspace")
	if got := s.plan(elsewhere, nil); len(got.Conflicts) != 0 {
		t.Errorf("%v", got.Conflicts)
	}
	s.Closed(today)
	for _, e := range s.view(today, today, head).Entries {
		if !slices.Contains(e.Conflicts, "closed") {
			t.Errorf("%s on a closed day: %v", e.Name, e.Conflicts)
		}
	}
}

// A teacher sees the own classes, nobody's notes, and nothing of what it clashes with.
func TestWhoSeesWhat(t *testing.T) {
	s := open(t)
	own, other := s.room("4B", "tue 10:00-10:45", 0), s.room("5A", "tue 10:00-10:45", 0)
	for _, room := range []collections.Homeroom{own, other} {
		change := at(today, "10:30", "11:10")
		change.Homeroom, change.Notes = p(teaching.Ref(room.ID)), p("Diego was ill")
		s.plan(change, nil)
	}
	teacher := teaching.Who{ID: "teacher", Role: collections.Teacher, Homerooms: []string{own.ID}}
	for name, test := range map[string]struct {
		who   teaching.Who
		n     int
		notes bool
	}{"librarian": {head, 4, true}, "aide": {teaching.Who{Role: collections.Aide}, 4, false}, "teacher": {teacher, 2, false}} {
		view := s.view(today, today, test.who)
		said, err := json.Marshal(view)
		if err != nil {
			t.Fatal(err)
		}
		if len(view.Entries) != test.n || strings.Contains(string(said), "Diego") != test.notes {
			t.Errorf("%s: %s", name, said)
		}
		if name == "teacher" && strings.Contains(string(said), other.ID) {
			t.Errorf("a teacher hears of another class: %s", said)
		}
	}
	if _, err := teaching.AskSession(s.App, s.act(), teacher, teaching.Change{Homeroom: p(teaching.Ref(other.ID)), Name: p("x")}); fault.CodeOf(err) != fault.Unauthorized {
		t.Error(err)
	}
}

// A teacher asks, without a day if need be; the librarian says yes or no; nobody else's request is seen.
func TestAsks(t *testing.T) {
	s := open(t)
	own := s.room("4B", "", 0)
	teacher := teaching.Who{ID: "teacher", Role: collections.Teacher, Homerooms: []string{own.ID}}
	asked, err := teaching.AskSession(s.App, s.act(), teacher, teaching.Change{Homeroom: p(teaching.Ref(own.ID)), Name: p("Wax museum"), State: p("planned"), Answer: p("yes")})
	if err != nil {
		t.Fatal(err)
	}
	session := asked.Sessions[0]
	if session.State != "asked" || session.Day != 0 || session.Answer != "" || s.view(today, today, head).Asked != 1 {
		t.Errorf("%+v", session)
	}
	if _, err := teaching.ChangeSession(s.App, s.act(), session.ID, session.Updated, teaching.Change{State: p("planned")}, teaching.Options{}); wordOf(err) != "@day" {
		t.Errorf("planned on no day: %v", err)
	}
	yes := s.change(session.ID, session.Updated, teaching.Change{State: p("planned"), Day: p(today.String()), From: p("9:00"), Until: p("9:40"), Answer: p("With pleasure")}, teaching.Options{})
	if got := yes.Sessions[0]; got.State != "planned" || got.From != "09:00" {
		t.Errorf("%+v", got)
	}
	asks, err := teaching.Asks(s.App, teacher)
	if err != nil || len(asks) != 1 || asks[0].Answer != "With pleasure" {
		t.Errorf("%+v %v", asks, err)
	}
	if asks, err := teaching.Asks(s.App, head); err != nil || len(asks) != 0 {
		t.Errorf("%+v %v", asks, err)
	}
}

func TestKeys(t *testing.T) {
	s := open(t)
	act := s.act()
	first, err := teaching.PlanSessions(s.App, act, at(today, "10:30", "11:10"), nil, teaching.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := teaching.PlanSessions(s.App, act, at(today, "10:30", "11:10"), nil, teaching.Options{})
	if err != nil || again.Sessions[0].ID != first.Sessions[0].ID || s.Count("teaching_sessions", "1") != 1 {
		t.Errorf("%+v %v", again, err)
	}
	for name, err := range map[string]error{
		"another hour": func() error {
			_, err := teaching.PlanSessions(s.App, act, at(today, "10:31", "11:10"), nil, teaching.Options{})
			return err
		}(),
		"another act": func() error { _, err := teaching.AddLesson(s.App, act, teaching.Fields{Title: "x"}, nil); return err }(),
	} {
		if wordOf(err) != "key_reused@key" {
			t.Errorf("%s: %v", name, err)
		}
	}
	lesson := teaching.Act{Key: "lesson-key", Actor: "librarian", Now: now}
	one, err := teaching.AddLesson(s.App, lesson, teaching.Fields{Title: "x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := teaching.AddLesson(s.App, lesson, teaching.Fields{Title: "x"}, nil)
	if err != nil || one.ID != two.ID || s.Count("lessons", "1") != 1 {
		t.Errorf("%v %v", two, err)
	}
}

// Of many who change one session at once the first wins, and the others are told; a key that comes many times at once is one act.
func TestManyAtOnce(t *testing.T) {
	s := open(t)
	session := s.plan(at(today, "10:30", "11:10"), nil).Sessions[0]
	const many = 8
	words := make(chan string, 2*many)
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			act := teaching.Act{Key: fmt.Sprintf("change-%06d", i), Actor: "librarian", Now: now}
			_, err := teaching.ChangeSession(s.App, act, session.ID, session.Updated, teaching.Change{From: p(policy.Clock(600 + i))}, teaching.Options{})
			words <- wordOf(err)
		})
		group.Go(func() {
			act := teaching.Act{Key: "one-and-the-same", Actor: "librarian", Now: now}
			_, err := teaching.PlanSessions(s.App, act, at(today.Add(1), "10:30", "11:10"), nil, teaching.Options{})
			words <- "plan " + wordOf(err)
		})
	}
	group.Wait()
	close(words)
	heard := map[string]int{}
	for word := range words {
		heard[word]++
	}
	if diff := cmp.Diff(map[string]int{"<nil>": 1, "changed@": many - 1, "plan <nil>": many}, heard); diff != "" {
		t.Error(diff)
	}
	if n := s.Count("teaching_sessions", "1"); n != 2 {
		t.Errorf("%d sessions", n)
	}
}

// The feed tells of classes and lessons and nothing else, keeps its UIDs when a visit is moved, and dies with its secret.
// events are the UIDs of the feed by day and name.
// Loans are counted before and after, of a class in which nobody can be made out.
// What was taught keeps the class as it was, also when the room is gone.
// What a deleted session spoke of can be gone when it is brought back.
// The bad input of lessons: each is refused at its place.
// The bad input of the calendar: each is refused at its place, and nothing is written.
func TestBadSessions(t *testing.T) {
	s := open(t)
	s.Closed(today.Add(1))
	with := func(change func(*teaching.Change)) teaching.Change {
		c := at(today, "10:30", "11:10")
		change(&c)
		return c
	}
	day := today.String()
	for at, tries := range map[string][]func() error{
		"@from":                     {s.try(with(func(c *teaching.Change) { c.From = p("25:00") }), nil), s.try(with(func(c *teaching.Change) { c.From = nil; c.Until = nil }), nil)},
		"@until":                    {s.try(with(func(c *teaching.Change) { c.Until = p("10:30") }), nil), s.try(with(func(c *teaching.Change) { c.Until = p("09:00") }), nil)},
		"@day":                      {s.try(with(func(c *teaching.Change) { c.Day = p("14 April") }), nil), s.try(with(func(c *teaching.Change) { c.Day = nil }), nil), s.try(with(func(c *teaching.Change) { c.Day = p("3026-04-14") }), nil)},
		"closed_day@day":            {s.try(with(func(c *teaching.Change) { c.Day = p(today.Add(1).String()) }), nil)},
		"@name":                     {s.try(with(func(c *teaching.Change) { c.Name = p(" ") }), nil), s.try(with(func(c *teaching.Change) { c.Name = p(strings.Repeat("x", 201)) }), nil)},
		"unknown_homeroom@homeroom": {s.try(with(func(c *teaching.Change) { c.Homeroom = p(teaching.Ref("nobody")) }), nil)},
		"unknown_lesson@lesson":     {s.try(with(func(c *teaching.Change) { c.Lesson = p(teaching.Ref("nothing")) }), nil)},
		"@kind":                     {s.try(with(func(c *teaching.Change) { c.Kind = p("party") }), nil)},
		"@role":                     {s.try(with(func(c *teaching.Change) { c.Role = p([]string{"planned", "slept"}) }), nil)},
		"@students":                 {s.try(with(func(c *teaching.Change) { c.Students = p(-1) }), nil)},
		"@state":                    {s.try(with(func(c *teaching.Change) { c.State = p("asked") }), nil)},
		"not_asked@state":           {s.try(with(func(c *teaching.Change) { c.State = p("declined") }), nil)},
		"@repeat.until":             {s.try(with(func(*teaching.Change) {}), &teaching.Repeat{Every: "week"}), s.try(with(func(*teaching.Change) {}), &teaching.Repeat{Every: "week", Until: today.Add(-1).String()}), s.try(with(func(*teaching.Change) {}), &teaching.Repeat{Every: "week", Until: "2099-01-01"})},
		"@repeat.every":             {s.try(with(func(*teaching.Change) {}), &teaching.Repeat{Every: "day", Until: day}), s.try(with(func(*teaching.Change) {}), &teaching.Repeat{Every: "cycle", Until: day})},
		"closed_day@repeat.until":   {s.try(with(func(c *teaching.Change) { c.Day = p(today.Add(1).String()) }), &teaching.Repeat{Every: "week", Until: today.Add(1).String()})},
	} {
		for i, try := range tries {
			if err := try(); wordOf(err) != at {
				t.Errorf("%s, %d: %v", at, i, err)
			}
		}
	}
	if n := s.Count("teaching_sessions", "1") + s.Count("teaching_acts", "1"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
	for at, span := range map[string][2]policy.Day{"@from": {0, today}, "@until": {today, 0}, "@until ": {today, today - 1}, "@until  ": {today, today.Add(teaching.MaxDays)}} {
		if _, err := teaching.Calendar(s.App, span[0], span[1], head, now); wordOf(err) != strings.TrimSpace(at) {
			t.Errorf("%v: %v", span, err)
		}
	}
}

func (s *school) try(change teaching.Change, repeat *teaching.Repeat) func() error {
	return func() error {
		_, err := teaching.PlanSessions(s.App, s.act(), change, repeat, teaching.Options{})
		return err
	}
}
