package teaching_test

import (
	"strings"
	"testing"

	"carrel/internal/teaching"
)

func TestLessons(t *testing.T) {
	s := open(t)
	item := s.Item("B1")
	fields := teaching.Fields{
		Title: " Is this\tsite true? ", Goal: "Say if they\nwould trust it", GradesFrom: "3", GradesTo: "5", Steps: []teaching.Step{{Text: "Warm-up", Minutes: 6}},
		Materials: []teaching.Material{{Kind: "link", URL: "https://example.org/a b"}, {Kind: "title", Title: item.Title}, {Kind: "note", Name: "Card", Text: "Who says?"}},
		Standards: []string{"ownstandard0017", "ownstandard0017"},
	}
	lesson, err := teaching.AddLesson(s.App, s.act(), fields, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lesson.Title != "Is this site true?" || lesson.Materials[1].Name != "Hatchet B1" || len(lesson.Standards) != 1 || lesson.Standards[0].Text == "" || lesson.Kind != "information" {
		t.Errorf("%+v", lesson)
	}
	if lesson, err = teaching.AddFile(s.App, lesson.ID, "../Octopus cards.PDF", strings.NewReader("%PDF-1.4 octopus")); err != nil {
		t.Fatal(err)
	}
	saved := teaching.FieldsOf(lesson)
	saved.Materials = lesson.Materials[1:3]
	if lesson, err = teaching.SaveLesson(s.App, lesson.ID, lesson.Updated, saved); err != nil || len(lesson.Materials) != 3 || lesson.Materials[2].Name != "Octopus cards.PDF" || len(lesson.Steps) != 1 {
		t.Errorf("%+v %v", lesson, err)
	}
	if _, err := teaching.SaveLesson(s.App, lesson.ID, "then", saved); wordOf(err) != "changed@" {
		t.Error(err)
	}
	forward, err := teaching.CopyLesson(s.App, s.act(), lesson.ID, "")
	if err != nil || forward.Origin == nil || *forward.Origin != (teaching.Origin{Kind: "lesson", ID: lesson.ID, Title: lesson.Title}) || len(forward.Materials) != 3 || len(forward.Standards) != 1 {
		t.Errorf("%+v %v", forward, err)
	}
	if forward.Materials[2].ID == lesson.Materials[2].ID {
		t.Error("two lessons share a file")
	}
	if lesson, err = teaching.DropFile(s.App, lesson.ID, lesson.Materials[2].ID); err != nil || len(lesson.Materials) != 2 {
		t.Errorf("%+v %v", lesson, err)
	}
	for name, test := range map[string]struct {
		query teaching.Query
		n     int
	}{
		"words": {teaching.Query{Q: "trust sit"}, 2}, "other words": {teaching.Query{Q: "trust seat"}, 0}, "grade": {teaching.Query{Grade: "4"}, 2}, "another grade": {teaching.Query{Grade: "K"}, 0},
		"kind": {teaching.Query{Kind: "reading"}, 0}, "standard": {teaching.Query{Standard: "ownstandard0017"}, 2}, "archived": {teaching.Query{Archived: true}, 0}, "a page": {teaching.Query{Page: 2, PerPage: 1}, 2},
	} {
		found, total, err := teaching.Lessons(s.App, test.query)
		if err != nil || total != test.n || name == "a page" && len(found) != 1 {
			t.Errorf("%s: %d %v", name, total, err)
		}
	}
}

func TestBadLessons(t *testing.T) {
	s := open(t)
	for at, fields := range map[string]teaching.Fields{
		"@title": {}, "@goal": {Title: "x", Goal: strings.Repeat("x", 1001)}, "@kind": {Title: "x", Kind: "maths"}, "@language": {Title: "x", Language: "de"},
		"@grades_to": {Title: "x", GradesFrom: "5", GradesTo: "K"}, "@grades_from": {Title: "x", GradesFrom: "13"}, "@minutes": {Title: "x", Minutes: -1},
		"@steps.1.minutes": {Title: "x", Steps: []teaching.Step{{}, {Minutes: 601}}}, "@materials.0.url": {Title: "x", Materials: []teaching.Material{{Kind: "link", URL: "javascript:alert(1)"}}},
		"@materials.0.kind": {Title: "x", Materials: []teaching.Material{{Kind: "film"}}}, "@materials.0.title": {Title: "x", Materials: []teaching.Material{{Kind: "title", Title: "gone"}}},
		"@materials.0.id": {Title: "x", Materials: []teaching.Material{{Kind: "file", ID: "abc"}}}, "unknown_standard@standards.0": {Title: "x", Standards: []string{"nope"}},
	} {
		if _, err := teaching.AddLesson(s.App, s.act(), fields, nil); wordOf(err) != at {
			t.Errorf("%s: %v", at, err)
		}
	}
	if n := s.Count("lessons", "1"); n != 0 {
		t.Errorf("%d lessons", n)
	}
	lesson := s.lesson("x")
	for name, file := range map[string]struct{ name, content, word string }{
		"no name": {"", "%PDF-", "@name"}, "a page": {"a.html", "<script>", "bad_file@file"}, "no PDF": {"a.pdf", "MZ", "bad_file@file"}, "nothing": {"a.pdf", "", "bad_file@file"},
		"binary text": {"a.txt", "\x00\xff", "bad_file@file"}, "too large": {"a.pdf", "%PDF-" + strings.Repeat("x", teaching.MaxFile), "too_big@file"},
	} {
		if _, err := teaching.AddFile(s.App, lesson.ID, file.name, strings.NewReader(file.content)); wordOf(err) != file.word {
			t.Errorf("%s: %v", name, err)
		}
	}
}
