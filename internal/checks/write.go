package checks

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"
)

// The longest texts and the most of each.
const (
	maxTitle    = 120
	maxPrompt   = 600
	maxOption   = 240
	maxItems    = 20
	maxOptions  = 8
	maxPoints   = 10
	fewestOf    = 2
	idLetters   = 8
	maxLessonID = 64
)

var partID = regexp.MustCompile(`^[a-z0-9]{1,15}$`)

// record checks what somebody wrote and makes it what is stored. Faults are fault.Invalid at the place: title, or "items.2.choices.0.text".
func (c Check) record() (collections.Check, error) {
	record := collections.Check{ID: c.ID, Title: site.OneLine(c.Title), TitleES: site.OneLine(c.TitleES), Lesson: c.Lesson, Language: c.Language, Kit: c.Kit}
	if record.Language == "" {
		record.Language = "en"
	}
	switch {
	case record.Title == "" || utf8.RuneCountInString(record.Title) > maxTitle:
		return record, unfit("title", "checks.title", maxTitle)
	case utf8.RuneCountInString(record.TitleES) > maxTitle:
		return record, unfit("title_es", "checks.title", maxTitle)
	case record.Language != "en" && record.Language != "es":
		return record, unfit("language", "checks.language")
	case len(record.Lesson) > maxLessonID || len(record.Kit) > maxLessonID:
		return record, unfit("lesson", "checks.lesson")
	case len(c.Items) == 0 || len(c.Items) > maxItems:
		return record, unfit("items", "checks.items", maxItems)
	}
	items, err := tidy(c.Items)
	if err != nil {
		return record, err
	}
	record.Items, err = json.Marshal(items)
	return record, err
}

// tidy checks the items and gives each part an id and the points it can earn.
func tidy(given []Item) ([]Item, error) {
	items, ids := slices.Clone(given), map[string]bool{}
	for i := range items {
		place := fmt.Sprintf("items.%d", i)
		one := &items[i]
		one.Skill, one.SkillES = site.OneLine(one.Skill), site.OneLine(one.SkillES)
		one.Prompt, one.PromptES = strings.TrimSpace(one.Prompt), strings.TrimSpace(one.PromptES)
		if err := name(&one.ID, ids, place); err != nil {
			return nil, err
		}
		for _, text := range []struct {
			field, value string
			least, most  int
		}{{"skill", one.Skill, 1, maxTitle}, {"skill_es", one.SkillES, 0, maxTitle}, {"prompt", one.Prompt, 1, maxPrompt}, {"prompt_es", one.PromptES, 0, maxPrompt}} {
			if n := utf8.RuneCountInString(text.value); n < text.least || n > text.most {
				return nil, unfit(place+"."+text.field, "checks.text", text.most)
			}
		}
		if err := one.tidy(place); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (i *Item) tidy(place string) error {
	switch i.Kind {
	case Choice:
		i.Sources, i.Bins, i.Rubric, i.Points = nil, nil, nil, 1
		if err := options(&i.Choices, place+".choices"); err != nil {
			return err
		}
		if !slices.ContainsFunc(i.Choices, func(o Option) bool { return o.Right }) {
			return unfit(place+".choices", "checks.no_right")
		}
		return nil
	case Short:
		i.Choices, i.Sources, i.Bins = nil, nil, nil
		return i.rubric(place)
	case Sort:
		i.Choices, i.Rubric = nil, nil
		if err := options(&i.Bins, place+".bins"); err != nil {
			return err
		}
		return i.sources(place)
	}
	return unfit(place+".kind", "checks.kind")
}

func (i *Item) rubric(place string) error {
	i.Rubric = slices.Clone(i.Rubric)
	i.Points = 0
	for n := range i.Rubric {
		step := &i.Rubric[n]
		step.Text = site.OneLine(step.Text)
		switch {
		case step.Points < 0 || step.Points > maxPoints:
			return unfit(fmt.Sprintf("%s.rubric.%d.points", place, n), "checks.points", maxPoints)
		case step.Text == "" || utf8.RuneCountInString(step.Text) > maxOption:
			return unfit(fmt.Sprintf("%s.rubric.%d.text", place, n), "checks.text", maxOption)
		}
		i.Points = max(i.Points, step.Points)
	}
	if i.Points == 0 {
		return unfit(place+".rubric", "checks.rubric")
	}
	slices.SortStableFunc(i.Rubric, func(a, b Step) int { return b.Points - a.Points })
	return nil
}

func (i *Item) sources(place string) error {
	if len(i.Sources) < fewestOf || len(i.Sources) > maxOptions {
		return unfit(place+".sources", "checks.options", fewestOf, maxOptions)
	}
	i.Sources = slices.Clone(i.Sources)
	ids := map[string]bool{}
	for n := range i.Sources {
		source, at := &i.Sources[n], fmt.Sprintf("%s.sources.%d", place, n)
		source.Text, source.TextES = site.OneLine(source.Text), site.OneLine(source.TextES)
		if err := name(&source.ID, ids, at); err != nil {
			return err
		}
		if err := fits(at, source.Text, source.TextES); err != nil {
			return err
		}
		if !slices.ContainsFunc(i.Bins, func(bin Option) bool { return bin.ID == source.Bin }) {
			return unfit(at+".bin", "checks.no_bin")
		}
	}
	i.Points = len(i.Sources)
	return nil
}

// options checks choices or bins.
func options(given *[]Option, place string) error {
	if len(*given) < fewestOf || len(*given) > maxOptions {
		return unfit(place, "checks.options", fewestOf, maxOptions)
	}
	*given = slices.Clone(*given)
	ids := map[string]bool{}
	for n := range *given {
		option, at := &(*given)[n], fmt.Sprintf("%s.%d", place, n)
		option.Text, option.TextES = site.OneLine(option.Text), site.OneLine(option.TextES)
		if err := name(&option.ID, ids, at); err != nil {
			return err
		}
		if err := fits(at, option.Text, option.TextES); err != nil {
			return err
		}
	}
	return nil
}

func fits(place, text, spanish string) error {
	if text == "" || utf8.RuneCountInString(text) > maxOption {
		return unfit(place+".text", "checks.text", maxOption)
	}
	if utf8.RuneCountInString(spanish) > maxOption {
		return unfit(place+".text_es", "checks.text", maxOption)
	}
	return nil
}

// name gives a part that has no id one, and refuses an id that is there twice.
func name(id *string, taken map[string]bool, place string) error {
	if *id == "" {
		*id = strings.ToLower(rand.Text()[:idLetters])
	}
	if !partID.MatchString(*id) || taken[*id] {
		return unfit(place+".id", "checks.id")
	}
	taken[*id] = true
	return nil
}

func unfit(field, key string, args ...any) error {
	return fault.New("checks", fault.Invalid, key, args...).At(field)
}
