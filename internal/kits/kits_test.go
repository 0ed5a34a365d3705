package kits_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"carrel/internal/kits"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"
)

var languages = []say.Lang{say.English, say.Spanish}

func all(t *testing.T) []kits.Kit {
	t.Helper()
	list, err := kits.All()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Each kit is whole in both languages: nothing is empty, its steps make up its minutes, and both plans have the same shape.
func TestEveryKitIsWhole(t *testing.T) {
	list := all(t)
	if len(list) != 6 {
		t.Errorf("%d kits", len(list))
	}
	for _, kit := range list {
		if len(kit.Grades) != 2 || slices.Index(site.Grades, kit.Grades[0]) < 0 || slices.Index(site.Grades, kit.Grades[1]) < slices.Index(site.Grades, kit.Grades[0]) {
			t.Errorf("%s: grades %q", kit.ID, kit.Grades)
		}
		for _, lang := range languages {
			plan := kit.In(lang)
			whole(t, kit.ID+" "+string(lang), append([]string{plan.Title, plan.Goal, plan.Subject}, slices.Concat(plan.Needs, plan.Sources)...)...)
			if len(plan.Needs) == 0 || len(plan.Sources) == 0 || len(plan.Steps) < 4 || len(plan.Steps) > 6 || strings.Count(plan.Goal, ".") != 1 {
				t.Errorf("%s %s: %d needs, %d sources, %d steps, goal %q", kit.ID, lang, len(plan.Needs), len(plan.Sources), len(plan.Steps), plan.Goal)
			}
			minutes := 0
			for i, step := range plan.Steps {
				minutes += step.Minutes
				whole(t, kit.ID+" "+string(lang), step.Title, step.Does, step.Says)
				if step.Minutes != kit.English.Steps[i].Minutes {
					t.Errorf("%s: step %d takes %d minutes in one language", kit.ID, i, step.Minutes)
				}
			}
			if minutes != kit.Minutes {
				t.Errorf("%s %s: steps of %d minutes in %d", kit.ID, lang, minutes, kit.Minutes)
			}
		}
		if len(kit.Standards) == 0 || len(kit.English.Needs) != len(kit.Spanish.Needs) || len(kit.English.Steps) != len(kit.Spanish.Steps) {
			t.Errorf("%s: the plans differ", kit.ID)
		}
	}
}

func whole(t *testing.T, where string, list ...string) {
	t.Helper()
	for _, text := range list {
		if strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text || !utf8.ValidString(text) {
			t.Errorf("%s: %q", where, text)
		}
	}
}

// Each check has four to six items of all kinds, each with its skill and what is right, the same in both languages.
func TestEveryCheckHasItsAnswers(t *testing.T) {
	for _, kit := range all(t) {
		if n := len(kit.Check.Items); n < 4 || n > 6 {
			t.Errorf("%s: %d items", kit.ID, n)
		}
		whole(t, kit.ID, kit.Check.Title, kit.Check.TitleES)
		kinds, ids := map[string]bool{}, map[string]bool{}
		for _, item := range kit.Check.Items {
			where := kit.ID + " " + item.ID
			if ids[item.ID] {
				t.Errorf("%s: twice", where)
			}
			kinds[item.Kind], ids[item.ID] = true, true
			whole(t, where, item.Skill, item.SkillES, item.Prompt, item.PromptES)
			for _, option := range slices.Concat(item.Choices, item.Bins, item.Sources) {
				whole(t, where, option.ID, option.Text, option.TextES)
			}
			answers(t, where, item)
		}
		if len(kinds) != 3 {
			t.Errorf("%s: kinds %v", kit.ID, kinds)
		}
	}
}

func answers(t *testing.T, where string, item kits.Item) {
	t.Helper()
	switch item.Kind {
	case "choice":
		right := 0
		for _, choice := range item.Choices {
			if choice.Right {
				right++
			}
		}
		if right != 1 || len(item.Choices) < 3 || item.Points != 1 {
			t.Errorf("%s: %d right of %d", where, right, len(item.Choices))
		}
	case "sort":
		used := map[string]bool{}
		for _, source := range item.Sources {
			used[source.Bin] = true
			if !slices.ContainsFunc(item.Bins, func(bin kits.Option) bool { return bin.ID == source.Bin }) {
				t.Errorf("%s: no bin for %s", where, source.ID)
			}
		}
		if len(used) != len(item.Bins) || item.Points != len(item.Sources) {
			t.Errorf("%s: %d bins used of %d, %d points", where, len(used), len(item.Bins), item.Points)
		}
	case "short":
		for i, score := range item.Rubric {
			whole(t, where, score.Text, score.TextES)
			if score.Points != len(item.Rubric)-1-i {
				t.Errorf("%s: %d points at %d", where, score.Points, i)
			}
		}
		if len(item.Rubric) < 2 || item.Points != item.Rubric[0].Points {
			t.Errorf("%s: %d points", where, item.Points)
		}
	default:
		t.Errorf("%s: kind %q", where, item.Kind)
	}
}

// The right answer does not always stand at the same place: children notice.
func TestRightAnswersAreSpread(t *testing.T) {
	places := map[int]int{}
	for _, kit := range all(t) {
		for _, item := range kit.Check.Items {
			for i, choice := range item.Choices {
				if choice.Right {
					places[i]++
				}
			}
		}
	}
	for i := range 4 {
		if places[i] < 2 {
			t.Errorf("right answers by place: %v", places)
		}
	}
}

// The student's page fits one sheet of Letter and of A4 in both languages, and has room to write; the notes are at most two.
func TestHandoutsFit(t *testing.T) {
	for _, kit := range all(t) {
		for _, lang := range languages {
			handouts, err := kit.Handouts(lang)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(handouts[0].Text, "___") {
				t.Errorf("%s %s: no room to write", kit.ID, lang)
			}
			if strings.Count(handouts[0].Text, "\n## ") != strings.Count(pageOf(t, kit, say.English), "\n## ") {
				t.Errorf("%s: the pages differ", kit.ID)
			}
			for i, handout := range handouts {
				whole(t, kit.ID, handout.Name)
				for _, paper := range []print.Paper{print.Letter, print.A4} {
					if pages := pagesOf(t, kit.ID+"-"+string(lang), handout, paper); pages > i+1 {
						t.Errorf("%s %s %s: %d pages of %s", kit.ID, lang, handout.Name, pages, paper)
					}
				}
			}
		}
	}
}

func pageOf(t *testing.T, kit kits.Kit, lang say.Lang) string {
	t.Helper()
	handouts, err := kit.Handouts(lang)
	if err != nil {
		t.Fatal(err)
	}
	return handouts[0].Text
}

func pagesOf(t *testing.T, name string, handout kits.Handout, paper print.Paper) int {
	t.Helper()
	var file bytes.Buffer
	warn := func(w print.Warning) { t.Errorf("%s: %+v", name, w) }
	if err := print.Handouts(&file, print.Handout{At: time.Unix(0, 0), Paper: paper, Name: handout.Name, Text: handout.Text, Warn: warn}); err != nil {
		t.Fatal(err)
	}
	return bytes.Count(file.Bytes(), []byte("/Type /Page\n"))
}
