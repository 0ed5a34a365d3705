package kits

import (
	"io"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/labels"
	"carrel/internal/print"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// Card is a kit in the gallery.
type Card struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Goal       string     `json:"goal"`
	GradesFrom string     `json:"grades_from"`
	GradesTo   string     `json:"grades_to"`
	Grades     string     `json:"grades"` // "4–8"
	Minutes    int        `json:"minutes"`
	Kind       string     `json:"kind"`
	Language   []say.Lang `json:"language"` // in which it can be had
	Steps      int        `json:"steps"`    // how many
	Checks     int        `json:"checks"`
	Items      int        `json:"items"` // of its check
}

// Gallery lists the kits in a language.
func Gallery(lang say.Lang) ([]Card, error) {
	list, err := All()
	cards := make([]Card, len(list))
	for i, kit := range list {
		plan := kit.In(lang)
		cards[i] = Card{
			kit.ID, plan.Title, plan.Goal, kit.Grades[0], kit.Grades[1], kit.Grades[0] + "–" + kit.Grades[1], kit.Minutes, kit.Kind, []say.Lang{say.English, say.Spanish}, len(plan.Steps), 1, len(kit.Check.Items),
		}
	}
	return cards, err
}

// View is a kit as it is looked at before it is used: the lesson it becomes, and what comes with it.
type View struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Goal       string     `json:"goal"`
	GradesFrom string     `json:"grades_from"`
	GradesTo   string     `json:"grades_to"`
	Subject    string     `json:"subject"`
	Kind       string     `json:"kind"`
	Minutes    int        `json:"minutes"`
	Language   say.Lang   `json:"language"`
	Needs      []string   `json:"needs"`
	Sources    []string   `json:"sources"`
	Steps      []StepView `json:"steps"`
	Standards  []string   `json:"standards"` // codes of Carrel's own list
	Handouts   []Handout  `json:"handouts"`
	Check      Check      `json:"check"`
}

// StepView is a step with its parts, and as the one text it has in a lesson.
type StepView struct {
	Step
	Text string `json:"text"`
}

// Show is a kit in a language. The code is fault.NotFound (unknown_kit).
func Show(id string, lang say.Lang) (View, error) {
	kit, err := Get(id)
	if err != nil {
		return View{}, err
	}
	plan := kit.In(lang)
	view := View{
		kit.ID, plan.Title, plan.Goal, kit.Grades[0], kit.Grades[1], plan.Subject, kit.Kind, kit.Minutes, lang, plan.Needs, plan.Sources, nil, kit.Standards, nil, kit.Check,
	}
	for _, step := range plan.Steps {
		view.Steps = append(view.Steps, StepView{step, step.text(lang)})
	}
	view.Handouts, err = kit.Handouts(lang)
	return view, err
}

// text is a step in the one text that a step of a lesson has.
func (s Step) text(lang say.Lang) string {
	return strings.Join([]string{s.Title, s.Does, say.T("kits.says", s.Says).In(lang)}, "\n")
}

// PrintHandout writes the page or the notes of a kit as PDF on the school's paper. The code is fault.NotFound (unknown_kit, unknown_handout).
func PrintHandout(app core.App, w io.Writer, warn func(print.Warning), id, which string, lang say.Lang, now time.Time) error {
	kit, err := Get(id)
	if err != nil {
		return err
	}
	handouts, err := kit.Handouts(lang)
	if err != nil {
		return err
	}
	for i, name := range []string{"page", "notes"} {
		if name == which {
			return kit.print(app, w, warn, handouts[i], lang, now)
		}
	}
	return fault.New("kits.PrintHandout", fault.NotFound, "kits.unknown_handout").Named("unknown_handout").At("handout")
}

func (k Kit) print(app core.App, w io.Writer, warn func(print.Warning), handout Handout, lang say.Lang, now time.Time) error {
	paper, err := labels.LoadPaper(app)
	if err != nil {
		return err
	}
	title := k.In(lang).Title
	return print.Handouts(w, print.Handout{
		At: now, Paper: paper.Size, Name: title, Foot: say.T("kits.foot", handout.Name, title).In(lang), Text: handout.Text, Warn: warn,
	})
}
