package kits_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/internal/checks"
	"carrel/internal/frameworks"
	"carrel/internal/kits"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/standards"
	"carrel/internal/teaching"
	"carrel/internal/testkit"
)

var now = time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)

func act(key string) teaching.Act { return teaching.Act{Key: key, Actor: "librarian000001", Now: now} }

// Every kit becomes a lesson in both languages, with all that a teacher needs, and a second time with the same key is the same lesson.
func TestUse(t *testing.T) {
	app := testkit.App(t)
	for _, kit := range all(t) {
		for _, lang := range languages {
			key := kit.ID + "-" + string(lang) + "-key"
			lesson, err := kits.Use(app, act(key), kit.ID, lang)
			if err != nil {
				t.Fatalf("%s %s: %v", kit.ID, lang, err)
			}
			again, err := kits.Use(app, act(key), kit.ID, lang)
			if err != nil || again.ID != lesson.ID || len(again.Materials) != 4 {
				t.Errorf("%s again: %v, %d materials", key, err, len(again.Materials))
			}
			plan := kit.In(lang)
			if lesson.Title != plan.Title || lesson.Language != string(lang) || len(lesson.Steps) != len(plan.Steps) || lesson.Origin == nil || lesson.Origin.ID != kit.ID {
				t.Errorf("%s: %+v", key, lesson)
			}
			if len(lesson.Standards) != len(kit.Standards) {
				t.Errorf("%s: standards %+v", key, lesson.Standards)
			}
			files := slices.DeleteFunc(slices.Clone(lesson.Materials), func(m teaching.Material) bool { return m.Kind != "file" })
			if len(files) != 2 || files[0].Name != plan.Handouts.Page+".pdf" || files[1].Size < 1000 {
				t.Errorf("%s: files %+v", key, files)
			}
			given, err := checks.Attached(app, lesson.ID)
			if err != nil || len(given) != 1 || given[0].Kit != kit.ID || len(given[0].Items) != len(kit.Check.Items) {
				t.Fatalf("%s: %+v %v", key, given, err)
			}
			for i, item := range given[0].Items {
				if item.Points != kit.Check.Items[i].Points {
					t.Errorf("%s %s: %d points", key, item.ID, item.Points)
				}
			}
			rubric := given[0].Items[len(given[0].Items)-1].Rubric
			if len(rubric) == 0 || lang == say.Spanish != (rubric[0].Text == kit.Check.Items[len(given[0].Items)-1].Rubric[0].TextES) {
				t.Errorf("%s: rubric %+v", key, rubric)
			}
		}
	}
	list, total, err := teaching.Lessons(app, teaching.Query{})
	if err != nil || total != 12 {
		t.Errorf("%d lessons, %d: %v", total, len(list), err)
	}
}

// A key that did something else makes nothing.
func TestUseRefuses(t *testing.T) {
	app := testkit.App(t)
	if _, err := kits.Use(app, act("the-key-of-one"), "gossip", say.English); err == nil {
		t.Error("an unknown kit")
	}
	if _, err := kits.Use(app, act("the-key-of-one"), "sift", say.English); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []struct{ key, kit string }{{"the-key-of-one", "copyright"}, {"short", "sift"}} {
		if _, err := kits.Use(app, act(wrong.key), wrong.kit, say.English); err == nil {
			t.Errorf("%+v", wrong)
		}
	}
	if _, total, err := teaching.Lessons(app, teaching.Query{}); err != nil || total != 1 {
		t.Errorf("%d lessons: %v", total, err)
	}
}

func gradesOf(kit kits.Kit) []string {
	return site.Grades[slices.Index(site.Grades, kit.Grades[0]) : slices.Index(site.Grades, kit.Grades[1])+1]
}

// The codes of each kit stand in Carrel's own list, and for a grade that the kit is for.
func TestStandardsOfKits(t *testing.T) {
	own, err := standards.Own()
	if err != nil {
		t.Fatal(err)
	}
	for _, kit := range all(t) {
		for _, code := range kit.Standards {
			at := slices.IndexFunc(own, func(one standards.Plain) bool { return one.Code == code })
			if at < 0 || !strings.Contains(code, ".") || !slices.ContainsFunc(gradesOf(kit), func(grade string) bool { return slices.Contains(own[at].Grades, grade) }) {
				t.Errorf("%s: %s", kit.ID, code)
			}
		}
	}
	if list, err := frameworks.Own(testkit.App(t)); err != nil || len(list) != len(own) {
		t.Errorf("%d of %d are in a new library: %v", len(list), len(own), err)
	}
}
