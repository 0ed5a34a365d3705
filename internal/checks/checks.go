// Package checks keeps the checks that a class does before and after a lesson, on the students' own devices by a class code, or on paper, and tells what
// changed between the two. Nobody is asked who they are: a seat code on a student's paper joins the two sheets.
package checks

import (
	"encoding/json"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The kinds of items.
const (
	Choice = "choice" // one of several, of which at least one is right
	Short  = "short"  // a few words of the student's own, scored by a rubric
	Sort   = "sort"   // sources put into bins
)

// Option is one answer of a choice, or a bin.
type Option struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	TextES string `json:"text_es"`
	Right  bool   `json:"right,omitempty"`
}

// Source is something to sort, and the bin it belongs in.
type Source struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	TextES string `json:"text_es"`
	Bin    string `json:"bin,omitempty"`
}

// Step is what earns so many points of a short answer.
type Step struct {
	Points int    `json:"points"`
	Text   string `json:"text"`
}

// Item is one question. Points is the most it can earn: 1 for a choice, one a source of a sort, the highest step of a rubric.
type Item struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Skill    string   `json:"skill"` // what it shows, as "Spots an ad or sponsor"
	SkillES  string   `json:"skill_es"`
	Prompt   string   `json:"prompt"`
	PromptES string   `json:"prompt_es"`
	Choices  []Option `json:"choices,omitempty"`
	Sources  []Source `json:"sources,omitempty"`
	Bins     []Option `json:"bins,omitempty"`
	Rubric   []Step   `json:"rubric,omitempty"`
	Points   int      `json:"points"`
}

// Check is a few questions that show what students can do. Lesson is the id of a lesson or empty; Language the one it was first written in, "en" or "es".
type Check struct {
	ID       string `json:"id"`
	Updated  string `json:"updated"`
	Title    string `json:"title"`
	TitleES  string `json:"title_es"`
	Lesson   string `json:"lesson"`
	Items    []Item `json:"items"`
	Language string `json:"language"`
	Kit      string `json:"kit"` // the ready-made lesson it came with
	Runs     int    `json:"runs"`
}

// item finds an item by its id.
func (c Check) item(id string) (Item, bool) {
	for _, one := range c.Items {
		if one.ID == id {
			return one, true
		}
	}
	return Item{}, false
}

type row struct {
	collections.Check
	Updated string `db:"updated"`
	Runs    int    `db:"runs"`
}

const columns = `SELECT c.*, (SELECT COUNT(*) FROM check_runs r WHERE r.check_id = c.id AND r.deleted_at = '') AS runs FROM checks c WHERE `

func read(app core.App, where string, params dbx.Params) ([]Check, error) {
	rows := []row{}
	if err := app.DB().NewQuery(columns + where + " ORDER BY c.title COLLATE NOCASE, c.created, c.id").Bind(params).All(&rows); err != nil {
		return nil, err
	}
	found := make([]Check, len(rows))
	for i, r := range rows {
		found[i] = Check{ID: r.ID, Updated: r.Updated, Title: r.Title, TitleES: r.TitleES, Lesson: r.Lesson, Language: r.Language, Kit: r.Kit, Runs: r.Runs}
		if err := json.Unmarshal(r.Items, &found[i].Items); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// All lists every check by its title.
func All(app core.App) ([]Check, error) { return read(app, "TRUE", nil) }

// Attached lists the checks of a lesson.
func Attached(app core.App, lesson string) ([]Check, error) {
	return read(app, "c.lesson = {:lesson} AND c.lesson != ''", dbx.Params{"lesson": lesson})
}

// Get reads one check. The code is fault.NotFound.
func Get(app core.App, id string) (Check, error) {
	found, err := read(app, "c.id = {:id}", dbx.Params{"id": id})
	if err == nil && len(found) == 0 {
		err = fault.New("checks.Get", fault.NotFound, "checks.unknown").Named("unknown_check").At("id")
	}
	if err != nil {
		return Check{}, err
	}
	return found[0], nil
}
