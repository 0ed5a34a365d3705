// Package kits has the lessons that come with Carrel: six of them, each in English and Spanish, written by us so that a librarian can teach from them without
// preparing more than copies. A kit becomes a lesson of one's own with a check, the standards it works towards, and its handouts as files to print.
//
// Each kit has a folder in texts: kit.json with the plan in both languages and the check, page.*.md for the student's sheet and notes.*.md for the answers. They
// need no internet: websites and posts in them are made up and printed. Where a method is somebody's, it says whose.
package kits

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"sync"

	"carrel/internal/fault"
	"carrel/internal/say"
)

//go:embed texts
var texts embed.FS

// order is that of the gallery: from finding and judging to using.
var order = []string{"sift", "lateral-reading", "ai-answer", "citing-sources", "copyright", "passwords"}

// Kit is a ready-made lesson.
type Kit struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`      // of a lesson, see package teaching
	Grades    []string `json:"grades"`    // from and to
	Minutes   int      `json:"minutes"`   // of all steps
	Standards []string `json:"standards"` // codes of Carrel's own list
	English   Plan     `json:"en"`
	Spanish   Plan     `json:"es"`
	Check     Check    `json:"check"`
}

// Plan is the lesson in one language.
type Plan struct {
	Title    string   `json:"title"`
	Goal     string   `json:"goal"` // what students can do afterwards, in one sentence
	Subject  string   `json:"subject"`
	Needs    []string `json:"needs"`
	Sources  []string `json:"sources"` // whose method it is, and where facts are from
	Steps    []Step   `json:"steps"`
	Handouts struct {
		Page  string `json:"page"`
		Notes string `json:"notes"`
	} `json:"handouts"` // their names
}

// Step is a part of the lesson: what the teacher does and what the teacher says to the class.
type Step struct {
	Minutes int    `json:"minutes"`
	Title   string `json:"title"`
	Does    string `json:"does"`
	Says    string `json:"says"`
}

// Check is what students answer before and after; both languages stand beside each other as in package checks.
type Check struct {
	Title   string `json:"title"`
	TitleES string `json:"title_es"`
	Items   []Item `json:"items"`
}

// Item is a question.
type Item struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"` // choice, short or sort
	Points   int      `json:"points"`
	Skill    string   `json:"skill"`
	SkillES  string   `json:"skill_es"`
	Prompt   string   `json:"prompt"`
	PromptES string   `json:"prompt_es"`
	Choices  []Option `json:"choices,omitempty"`
	Bins     []Option `json:"bins,omitempty"`
	Sources  []Option `json:"sources,omitempty"`
	Rubric   []Score  `json:"rubric,omitempty"`
}

// Option is an answer to choose, a bin, or something to be sorted into one.
type Option struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	TextES string `json:"text_es"`
	Right  bool   `json:"right,omitempty"`
	Bin    string `json:"bin,omitempty"`
}

// Score is what earns so many points of a short answer.
type Score struct {
	Points int    `json:"points"`
	Text   string `json:"text"`
	TextES string `json:"text_es"`
}

// Handout is a text to print, in the marks of print.Handout.
type Handout struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// In is the plan in a language.
func (k Kit) In(lang say.Lang) Plan {
	if lang == say.Spanish {
		return k.Spanish
	}
	return k.English
}

// Handouts are the student's page and the answer notes.
func (k Kit) Handouts(lang say.Lang) ([]Handout, error) {
	names := k.In(lang).Handouts
	list := []Handout{{Name: names.Page}, {Name: names.Notes}}
	for i, file := range []string{"page", "notes"} {
		text, err := texts.ReadFile(path.Join("texts", k.ID, file+"."+string(lang)+".md"))
		if err != nil {
			return nil, err
		}
		list[i].Text = string(text)
	}
	return list, nil
}

// load reads the kits, which are parts of the program, once.
var load = sync.OnceValues(func() ([]Kit, error) {
	list := make([]Kit, len(order))
	for i, id := range order {
		data, err := texts.ReadFile(path.Join("texts", id, "kit.json"))
		if err == nil {
			err = json.Unmarshal(data, &list[i])
		}
		if err != nil {
			return nil, fmt.Errorf("kits: %s: %w", id, err)
		}
	}
	return list, nil
})

// All lists the kits in the order of the gallery.
func All() ([]Kit, error) { return load() }

// Get is one kit. The code is fault.NotFound (unknown_kit).
func Get(id string) (Kit, error) {
	list, err := load()
	if err != nil {
		return Kit{}, err
	}
	for _, kit := range list {
		if kit.ID == id {
			return kit, nil
		}
	}
	return Kit{}, fault.New("kits.Get", fault.NotFound, "kits.unknown").Named("unknown_kit").At("id")
}
