package teaching

import (
	"io"
	"strconv"
	"strings"
	"time"

	"carrel/internal/labels"
	"carrel/internal/print"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// PrintPlan writes the plan of a lesson as PDF on the school's paper, in the language of the lesson: what to do, what is needed, and room for notes. With a
// session it says when and with whom. It has no notes and no child on it, for it lies about.
func PrintPlan(app core.App, w io.Writer, warn func(print.Warning), lesson Lesson, session *Session, now time.Time) error {
	paper, err := labels.LoadPaper(app)
	if err != nil {
		return err
	}
	lang := say.LangOf(lesson.Language)
	return print.Handouts(w, print.Handout{
		At: now, Paper: paper.Size, Name: lesson.Title, Foot: lesson.Title, Text: planText(lesson.In(lang), session, lang), Warn: warn,
	})
}

// planText is the plan in the marks of print.Handout. What was typed can have such marks too; then they are meant.
func planText(lesson Lesson, session *Session, lang say.Lang) string {
	var text strings.Builder
	add := func(lines ...string) { text.WriteString(strings.Join(lines, "\n") + "\n") }
	heading := func(key string) { add("", "## "+say.T("teaching.plan."+key).In(lang)) }
	add("# "+lesson.Title, "")
	if session != nil {
		add(whenAndWhere(*session, lang), "")
	}
	add(factsOf(lesson, lang))
	if lesson.Goal != "" {
		heading("goal")
		add(lesson.Goal)
	}
	if len(lesson.Steps) > 0 {
		heading("steps")
	}
	for i, step := range lesson.Steps {
		first, rest, _ := strings.Cut(step.Text, "\n")
		if step.Minutes > 0 {
			first += " (" + say.T("teaching.plan.minutes", step.Minutes).In(lang) + ")"
		}
		add(strconv.Itoa(i+1) + ". " + first)
		if rest != "" {
			add(rest, "")
		}
	}
	if len(lesson.Materials) > 0 {
		heading("materials")
	}
	for _, material := range lesson.Materials {
		name := material.Name
		if material.Kind == "link" && material.URL != name {
			name += ": " + material.URL
		}
		add("- " + name)
	}
	if len(lesson.Standards) > 0 {
		heading("standards")
	}
	for _, standard := range lesson.Standards {
		add("- " + strings.TrimSpace(standard.Code+" "+standard.Text))
	}
	heading("after")
	add("___", "___", "___")
	return text.String()
}

// factsOf is one line: for whom, and how long.
func factsOf(lesson Lesson, lang say.Lang) string {
	parts := []string{say.T("teaching.about." + lesson.Kind).In(lang)}
	if lesson.Subject != "" {
		parts = append(parts, lesson.Subject)
	}
	switch {
	case lesson.GradesFrom != "" && lesson.GradesTo != "" && lesson.GradesFrom != lesson.GradesTo:
		parts = append(parts, say.T("teaching.plan.grades", lesson.GradesFrom, lesson.GradesTo).In(lang))
	case lesson.GradesFrom+lesson.GradesTo != "":
		parts = append(parts, say.T("teaching.plan.grade", or(lesson.GradesFrom, lesson.GradesTo)).In(lang))
	}
	minutes := lesson.Minutes
	if minutes == 0 {
		for _, step := range lesson.Steps {
			minutes += step.Minutes
		}
	}
	if minutes > 0 {
		parts = append(parts, say.T("teaching.plan.minutes", minutes).In(lang))
	}
	return strings.Join(parts, " · ")
}

func whenAndWhere(s Session, lang say.Lang) string {
	parts := []string{}
	if s.Day != 0 {
		parts = append(parts, s.Day.In(lang)+", "+s.From+"–"+s.Until)
	}
	if s.Homeroom != nil {
		class := s.Homeroom.Name
		if s.Students > 0 {
			class = say.Count("teaching.plan.class", s.Students, class).In(lang)
		}
		parts = append(parts, class)
	}
	for _, part := range []string{s.Teacher, s.Place, s.Needs} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return "**" + strings.Join(parts, " · ") + "**"
}
