package teaching_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/ical"
	"carrel/internal/teaching"

	"github.com/pocketbase/dbx"
)

func TestFeed(t *testing.T) {
	s := open(t)
	s.room("4B", "tue 09:00-09:45", 3)
	change := at(today, "10:30", "11:10")
	change.Name, change.Notes, change.Teacher = p("Is this site true?"), p("Diego was ill"), p("Ms. Okafor")
	s.plan(change, nil)
	if _, err := teaching.FeedFile(s.App, "", now); wordOf(err) != "no_feed@" {
		t.Errorf("no feed, and no secret: %v", err)
	}
	feed, err := teaching.NewFeed(s.App, now)
	if err != nil || len(feed.Secret) != 43 {
		t.Fatal(feed, err)
	}
	events := s.events(feed.Secret)
	visit := events["2026-04-14 Checkout: 4B"]
	if visit == "" || events["2026-04-14 Lesson: Is this site true?"] == "" {
		t.Errorf("%v", events)
	}
	for _, e := range s.view(today, today, head).Entries {
		if e.Visit {
			s.change(e.ID, "", teaching.Change{Day: p(today.Add(1).String())}, teaching.Options{})
		}
	}
	if moved := s.events(feed.Secret)["2026-04-15 Checkout: 4B"]; moved != visit {
		t.Errorf("%s was %s", moved, visit)
	}
	file, err := teaching.FeedFile(s.App, feed.Secret, now)
	if err != nil || strings.Contains(string(file), "Diego") || strings.Contains(string(file), "Okafor") {
		t.Errorf("%v %s", err, file)
	}
	again, err := teaching.FeedFile(s.App, feed.Secret, now.Add(time.Hour))
	if err != nil || string(again) != string(file) {
		t.Error("the file is another although nothing changed")
	}
	if _, err := teaching.NewFeed(s.App, now); err != nil {
		t.Fatal(err)
	}
	if _, err := teaching.FeedFile(s.App, feed.Secret, now); wordOf(err) != "no_feed@" {
		t.Errorf("the old secret: %v", err)
	}
}

func (s *school) events(secret string) map[string]string {
	s.T.Helper()
	file, err := teaching.FeedFile(s.App, secret, now)
	if err != nil {
		s.T.Fatal(err)
	}
	events, problems, err := ical.Read(strings.NewReader(string(file)), time.UTC, now)
	if err != nil || len(problems) > 0 {
		s.T.Fatal(problems, err)
	}
	found := map[string]string{}
	for _, event := range events {
		found[event.From+" "+event.Summary] = event.UID
	}
	return found
}

func TestUses(t *testing.T) {
	s := open(t)
	room, small := s.room("4B", "", 10), s.room("5A", "", 9)
	item := s.Item("B1")
	other := s.Item("B2")
	lend := func(item, class string, day int) {
		_, err := s.App.DB().Insert("loans", dbx.Params{"id": fmt.Sprintf("loan%011d", s.acts), "item": item, "homeroom": class, "state": "returned", "grade": "4",
			"out_at": today.Add(day).At(8, time.UTC).Format("2006-01-02 15:04:05.000Z"), "patron": "", "due": ""}).Execute()
		if err != nil {
			t.Fatal(err)
		}
		s.acts++
	}
	for _, day := range []int{-29, -20, 1, 5, 27, 29} {
		lend(item.ID, "4B", day)
	}
	lend(other.ID, "4B", 3)
	lend(item.ID, "5A", 3)
	uses := map[string]teaching.Uses{}
	for _, class := range []collections.Homeroom{room, small} {
		change := at(today, "10:30", "11:10")
		change.Homeroom = p(teaching.Ref(class.ID))
		id := s.plan(change, nil).Sessions[0].ID
		if _, err := teaching.SetTitles(s.App, s.act(), id, "", []teaching.Used{{Item: "B1"}, {Title: item.Title}}); err != nil {
			t.Fatal(err)
		}
		if _, err := teaching.SetTitles(s.App, s.act(), id, "", []teaching.Used{{Title: item.Title}, {Title: "nothing"}}); wordOf(err) != "unknown_title@titles.1" {
			t.Error(err)
		}
		found, err := teaching.UsesOf(s.App, id, now)
		if err != nil || len(found.Titles) != 1 {
			t.Fatalf("%+v %v", found, err)
		}
		uses[class.Name] = found
	}
	if u := uses["4B"]; !u.Enough || *u.Titles[0].Before != 1 || *u.Titles[0].After != 3 || *u.ClassLoans != (teaching.BeforeWith{Before: 1, After: 4}) || u.Whole {
		t.Errorf("%+v %d %d", u.ClassLoans, *u.Titles[0].Before, *u.Titles[0].After)
	}
	if u := uses["5A"]; u.Enough || u.Titles[0].Before != nil || u.ClassLoans != nil {
		t.Errorf("a small class: %+v", u)
	}
}

func TestTaught(t *testing.T) {
	s := open(t)
	room, lesson := s.room("4B", "", 12), s.lesson("Is this site true?")
	change := at(today, "10:30", "11:10")
	change.Lesson, change.Homeroom, change.Name, change.Role = p(teaching.Ref(lesson.ID)), p(teaching.Ref(room.ID)), p(""), p([]string{"taught", "planned"})
	session := s.plan(change, nil).Sessions[0]
	if due, err := teaching.MayHaveHappened(s.App, now.Add(24*time.Hour)); err != nil || len(due) != 1 || due[0].Lesson.Title != "Is this site true?" {
		t.Errorf("%+v %v", due, err)
	}
	if due, err := teaching.MayHaveHappened(s.App, now.Add(-48*time.Hour)); err != nil || len(due) != 0 {
		t.Errorf("%+v %v", due, err)
	}
	s.change(session.ID, session.Updated, teaching.Change{State: p("taught")}, teaching.Options{})
	if _, err := s.App.DB().NewQuery("UPDATE patrons SET homeroom = ''").Execute(); err != nil {
		t.Fatal(err)
	}
	record, err := s.App.FindRecordById("homerooms", room.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.App.Delete(record); err != nil {
		t.Fatal(err)
	}
	taught, err := teaching.Taught(s.App, today, today)
	if err != nil || len(taught) != 1 {
		t.Fatal(taught, err)
	}
	got := taught[0]
	if got.Class != "4B" || got.Grade != "4" || got.Students != 12 || !got.CoTaught || got.Minutes != 40 || got.Name != "Is this site true?" || got.Lesson != lesson.ID {
		t.Errorf("%+v", got)
	}
	if future := today.Add(3); true {
		tomorrow := s.plan(at(future, "10:30", "11:10"), nil).Sessions[0]
		if _, err := teaching.ChangeSession(s.App, s.act(), tomorrow.ID, tomorrow.Updated, teaching.Change{State: p("taught")}, teaching.Options{}); wordOf(err) != "@state" {
			t.Errorf("taught in the future: %v", err)
		}
	}
	if err := teaching.DeleteLesson(s.App, lesson.ID); wordOf(err) != "in_use@" {
		t.Error(err)
	}
}

func TestUndoAfterTheLessonIsGone(t *testing.T) {
	s := open(t)
	lesson := s.lesson("Is this site true?")
	change := at(today, "10:30", "11:10")
	change.Lesson = p(teaching.Ref(lesson.ID))
	gone, err := teaching.DeleteSession(s.App, s.act(), s.plan(change, nil).Sessions[0].ID, teaching.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := teaching.DeleteLesson(s.App, lesson.ID); err != nil {
		t.Fatal(err)
	}
	s.undo(gone.Undo)
	if back := s.view(today, today, head).Entries; len(back) != 1 || back[0].Lesson != nil {
		t.Errorf("%+v", back)
	}
}
