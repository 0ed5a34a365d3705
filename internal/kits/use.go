package kits

import (
	"bytes"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/checks"
	"carrel/internal/frameworks"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/teaching"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Use makes a lesson of one's own from a kit, with its check, the standards it works towards, and its handouts as files to print. The same key again answers the
// same lesson. The codes are fault.NotFound (unknown_kit), fault.Invalid at "key" and fault.Conflict (key_reused).
func Use(app core.App, act teaching.Act, id string, lang say.Lang) (lesson teaching.Lesson, err error) {
	kit, err := Get(id)
	if err != nil {
		return lesson, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		_, before, err := collections.Find[collections.TeachingAct](app, "key = {:key}", dbx.Params{"key": act.Key})
		if err != nil {
			return err
		}
		fields, err := kit.fields(app, lang)
		if err != nil {
			return err
		}
		lesson, err = teaching.AddLesson(app, act, fields, &teaching.Origin{Kind: "kit", ID: kit.ID, Title: kit.In(lang).Title})
		if err != nil || before {
			return err
		}
		return kit.complete(app, act, &lesson, lang)
	})
	return lesson, err
}

// fields are what is written in the lesson.
func (k Kit) fields(app core.App, lang say.Lang) (teaching.Fields, error) {
	plan := k.In(lang)
	own, err := frameworks.Own(app)
	if err != nil {
		return teaching.Fields{}, err
	}
	fields := teaching.Fields{
		Title: plan.Title, Goal: plan.Goal, GradesFrom: k.Grades[0], GradesTo: k.Grades[1], Subject: plan.Subject, Kind: k.Kind, Minutes: k.Minutes,
		Language: string(lang), Reusable: true,
		Materials: []teaching.Material{
			{Kind: "note", Name: say.T("kits.needs").In(lang), Text: strings.Join(plan.Needs, "\n")},
			{Kind: "note", Name: say.T("kits.sources").In(lang), Text: strings.Join(plan.Sources, "\n")},
		},
	}
	for _, step := range plan.Steps {
		fields.Steps = append(fields.Steps, teaching.Step{Text: step.text(lang), Minutes: step.Minutes})
	}
	for _, statement := range own {
		if slices.Contains(k.Standards, statement.Code) {
			fields.Standards = append(fields.Standards, statement.ID)
		}
	}
	return fields, nil
}

// complete adds to a new lesson what does not stand in its fields.
func (k Kit) complete(app core.App, act teaching.Act, lesson *teaching.Lesson, lang say.Lang) error {
	if _, err := checks.Add(app, k.check(lesson.ID, lang), act.Key); err != nil {
		return err
	}
	handouts, err := k.Handouts(lang)
	if err != nil {
		return err
	}
	for _, handout := range handouts {
		var file bytes.Buffer
		if err := k.print(app, &file, func(print.Warning) {}, handout, lang, act.Now); err != nil {
			return err
		}
		if *lesson, err = teaching.AddFile(app, lesson.ID, handout.Name+".pdf", &file); err != nil {
			return err
		}
	}
	*lesson, err = teaching.LessonByID(app, lesson.ID)
	return err
}

// check is the kit's check as package checks keeps it. A rubric there is for the one who scores, in one language.
func (k Kit) check(lesson string, lang say.Lang) checks.Check {
	check := checks.Check{Title: k.Check.Title, TitleES: k.Check.TitleES, Lesson: lesson, Language: string(lang), Kit: k.ID}
	for _, item := range k.Check.Items {
		asked := checks.Item{
			ID: item.ID, Kind: item.Kind, Skill: item.Skill, SkillES: item.SkillES, Prompt: item.Prompt, PromptES: item.PromptES,
			Choices: options(item.Choices), Bins: options(item.Bins), Points: item.Points,
		}
		for _, source := range item.Sources {
			asked.Sources = append(asked.Sources, checks.Source{ID: source.ID, Text: source.Text, TextES: source.TextES, Bin: source.Bin})
		}
		for _, score := range item.Rubric {
			text := score.Text
			if lang == say.Spanish {
				text = score.TextES
			}
			asked.Rubric = append(asked.Rubric, checks.Step{Points: score.Points, Text: text})
		}
		check.Items = append(check.Items, asked)
	}
	return check
}

func options(list []Option) (kept []checks.Option) {
	for _, one := range list {
		kept = append(kept, checks.Option{ID: one.ID, Text: one.Text, TextES: one.TextES, Right: one.Right})
	}
	return kept
}
