package teaching

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/frameworks"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// The bounds of a lesson. Nobody reaches them who is not pasting a book.
const (
	maxTitle     = 200
	maxGoal      = 1000
	maxSubject   = 120
	maxMinutes   = 600
	maxSteps     = 60
	maxStep      = 2000
	maxMaterials = 60
	maxNote      = 10_000
	maxURL       = 2000
	maxStandards = 60
)

// Fields are what is written in a lesson. Of Steps, Materials and Standards, nil leaves what is there. Files among the materials are added and taken away by
// AddFile and DropFile alone: one that is not named here stays, at the end.
type Fields struct {
	Title      string     `json:"title"`
	Goal       string     `json:"goal"`
	GradesFrom string     `json:"grades_from"`
	GradesTo   string     `json:"grades_to"`
	Subject    string     `json:"subject"`
	Kind       string     `json:"kind"`     // information when left out
	Minutes    int        `json:"minutes"`  // 0: the sum of the steps, or nobody said
	Language   string     `json:"language"` // en when left out
	Steps      []Step     `json:"steps"`
	Materials  []Material `json:"materials"`
	Standards  []string   `json:"standards"` // ids of statements
	Reusable   bool       `json:"reusable"`
	Archived   bool       `json:"archived"`
}

// FieldsOf are the fields of a lesson, to be changed and saved.
func FieldsOf(lesson Lesson) Fields {
	return Fields{
		Title: lesson.Title, Goal: lesson.Goal, GradesFrom: lesson.GradesFrom, GradesTo: lesson.GradesTo, Subject: lesson.Subject, Kind: lesson.Kind,
		Minutes: lesson.Minutes, Language: lesson.Language, Reusable: lesson.Reusable, Archived: lesson.Archived,
	}
}

// AddLesson keeps a new lesson of the act's own staff member. The same key again answers the same lesson. The codes are fault.Invalid at the field and
// fault.Conflict (key_reused).
func AddLesson(app core.App, act Act, fields Fields, origin *Origin) (Lesson, error) {
	return addLesson(app, act, "lesson", fields, nil, origin, nil)
}

// addLesson adds a lesson and does what more belongs to it in the same transaction. had are materials that are taken as they are.
func addLesson(app core.App, act Act, kind string, fields Fields, had []Material, origin *Origin, more func(app core.App, id string) error) (lesson Lesson, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		done, err := do(app, act, kind, []any{fields, origin}, func(app core.App, d *data) error {
			record := collections.Lesson{Author: act.Actor}
			if origin != nil {
				record.OriginKind, record.Origin, record.OriginTitle = origin.Kind, origin.ID, origin.Title
			}
			if err := fields.lay(app, &record, had); err != nil {
				return err
			}
			if record, err = collections.Insert(app, record); err != nil {
				return err
			}
			d.Made = []string{record.ID}
			if err := putStandards(app, record.ID, fields.Standards); err != nil || more == nil {
				return err
			}
			return more(app, record.ID)
		})
		if err != nil {
			return err
		}
		lesson, err = LessonByID(app, done.Made[0])
		return err
	})
	return lesson, err
}

// SaveLesson changes a lesson that was as of updated when the one who changes it looked. The codes are fault.NotFound (unknown_lesson), fault.Invalid at the
// field and fault.Conflict: changed when somebody else saved it since, read_only for a lesson of the district.
func SaveLesson(app core.App, id, updated string, fields Fields) (lesson Lesson, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		before, record, err := lessonToChange(app, "SaveLesson", id)
		if err != nil {
			return err
		}
		if before.Updated != updated {
			return fault.New("teaching.SaveLesson", fault.Conflict, "teaching.changed", before.Title).Named("changed")
		}
		if err := fields.lay(app, &record, before.Materials); err != nil {
			return err
		}
		if err := collections.Update(app, record); err != nil {
			return err
		}
		if fields.Standards != nil {
			if err := putStandards(app, id, fields.Standards); err != nil {
				return err
			}
		}
		lesson, err = LessonByID(app, id)
		return err
	})
	return lesson, err
}

func lessonToChange(app core.App, op, id string) (lesson Lesson, record collections.Lesson, err error) {
	if lesson, err = LessonByID(app, id); err != nil {
		return lesson, record, err
	}
	if lesson.ReadOnly {
		return lesson, record, fault.New("teaching."+op, fault.Conflict, "teaching.read_only", lesson.Title).Named("read_only")
	}
	record, _, err = collections.Find[collections.Lesson](app, "id = {:id}", dbx.Params{"id": id})
	return lesson, record, err
}

// DeleteLesson takes away a lesson that was never taught and stands in no calendar; another is fault.Conflict (in_use), and is archived instead.
func DeleteLesson(app core.App, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		lesson, err := LessonByID(app, id)
		if err != nil {
			return err
		}
		var sessions int
		err = app.DB().NewQuery("SELECT COUNT(*) FROM teaching_sessions WHERE lesson = {:id}").Bind(dbx.Params{"id": id}).Row(&sessions)
		if err != nil {
			return err
		}
		if sessions > 0 {
			return fault.New("teaching.DeleteLesson", fault.Conflict, "teaching.in_use", lesson.Title).Named("in_use")
		}
		record, err := app.FindRecordById(collections.Lessons, id)
		if err != nil {
			return err
		}
		return app.Delete(record)
	})
}

// lay checks the fields and puts them into a record.
func (f Fields) lay(app core.App, record *collections.Lesson, had []Material) (err error) {
	const op = "SaveLesson"
	if record.Title, err = line(op, "title", f.Title, maxTitle); err != nil {
		return err
	}
	if record.Title == "" {
		return unfit(op, "title", "teaching.title")
	}
	if record.Goal, err = paragraphs(op, "goal", f.Goal, maxGoal); err != nil {
		return err
	}
	if record.Subject, err = line(op, "subject", f.Subject, maxSubject); err != nil {
		return err
	}
	record.Kind, record.Language = or(f.Kind, Kinds[0]), or(f.Language, "en")
	if err := oneOf(op, "kind", record.Kind, Kinds...); err != nil {
		return err
	}
	if err := oneOf(op, "language", record.Language, "en", "es"); err != nil {
		return err
	}
	if err := checkGrades(f.GradesFrom, f.GradesTo); err != nil {
		return err
	}
	if f.Minutes < 0 || f.Minutes > maxMinutes {
		return unfit(op, "minutes", "teaching.minutes", maxMinutes)
	}
	record.GradesFrom, record.GradesTo, record.Minutes, record.Reusable, record.Archived = f.GradesFrom, f.GradesTo, f.Minutes, f.Reusable, f.Archived
	return f.layLists(app, record, had)
}

func (f Fields) layLists(app core.App, record *collections.Lesson, had []Material) error {
	if f.Steps != nil || len(record.Steps) == 0 {
		steps, err := cleanSteps(f.Steps)
		if err != nil {
			return err
		}
		if record.Steps, err = json.Marshal(steps); err != nil {
			return err
		}
	}
	if f.Materials != nil || len(record.Materials) == 0 {
		materials, err := cleanMaterials(app, f.Materials, had)
		if err != nil {
			return err
		}
		if record.Materials, err = json.Marshal(materials); err != nil {
			return err
		}
	}
	return nil
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func checkGrades(from, to string) error {
	first, last := slices.Index(site.Grades, from), slices.Index(site.Grades, to)
	switch {
	case from != "" && first < 0:
		return unfit("SaveLesson", "grades_from", "site.grade", from)
	case to != "" && (last < 0 || last < first):
		return unfit("SaveLesson", "grades_to", "site.grades_to")
	}
	return nil
}

func cleanSteps(typed []Step) ([]Step, error) {
	steps := []Step{}
	if len(typed) > maxSteps {
		return nil, unfit("SaveLesson", "steps", "teaching.many", maxSteps)
	}
	for i, step := range typed {
		text, err := paragraphs("SaveLesson", "steps."+strconv.Itoa(i)+".text", step.Text, maxStep)
		if err != nil {
			return nil, err
		}
		if step.Minutes < 0 || step.Minutes > maxMinutes {
			return nil, unfit("SaveLesson", "steps."+strconv.Itoa(i)+".minutes", "teaching.minutes", maxMinutes)
		}
		steps = append(steps, Step{text, step.Minutes})
	}
	return steps, nil
}

// cleanMaterials checks what a lesson needs. had are the materials there were: of a file only the name can be changed.
func cleanMaterials(app core.App, typed, had []Material) ([]Material, error) {
	if len(typed) > maxMaterials {
		return nil, unfit("SaveLesson", "materials", "teaching.many", maxMaterials)
	}
	materials, seen := []Material{}, map[string]bool{}
	for i, one := range typed {
		material, err := cleanMaterial(app, "materials."+strconv.Itoa(i)+".", one, had)
		if err != nil {
			return nil, err
		}
		if material.ID == "" || seen[material.ID] {
			material.ID = security.RandomStringWithAlphabet(15, core.DefaultIdAlphabet)
		}
		seen[material.ID] = true
		materials = append(materials, material)
	}
	for _, file := range had {
		if file.Kind == "file" && !seen[file.ID] {
			materials = append(materials, file)
		}
	}
	return materials, nil
}

func cleanMaterial(app core.App, at string, typed Material, had []Material) (m Material, err error) {
	const op = "SaveLesson"
	if err := oneOf(op, at+"kind", typed.Kind, "file", "link", "title", "list", "note"); err != nil {
		return m, err
	}
	if m.Name, err = line(op, at+"name", typed.Name, maxTitle); err != nil {
		return m, err
	}
	m.Kind = typed.Kind
	if len(typed.ID) <= 15 {
		m.ID = typed.ID
	}
	if i := slices.IndexFunc(had, func(one Material) bool { return one.ID == m.ID && one.Kind == m.Kind }); i >= 0 && m.Kind != "file" && had[i].Title == typed.Title && had[i].List == typed.List && typed.Title+typed.List != "" {
		m.Title, m.List, m.Name = typed.Title, typed.List, or(m.Name, had[i].Name) // which may be gone from the catalogue by now
		return m, nil
	}
	switch typed.Kind {
	case "file":
		i := slices.IndexFunc(had, func(file Material) bool { return file.Kind == "file" && file.ID == typed.ID })
		if i < 0 {
			return m, unfit(op, at+"id", "teaching.unknown_file")
		}
		m.Size, m.Name = had[i].Size, or(m.Name, had[i].Name)
	case "link":
		m.URL, err = cleanURL(at+"url", typed.URL)
		m.Name = or(m.Name, m.URL)
	case "title":
		m.Title = typed.Title
		m.Name, err = nameOf(app, "SELECT title FROM titles WHERE id = {:id} AND merged_into = ''", at+"title", typed.Title, m.Name)
	case "list":
		m.List = typed.List
		m.Name, err = nameOf(app, "SELECT name FROM title_lists WHERE id = {:id}", at+"list", typed.List, m.Name)
	case "note":
		m.Text, err = paragraphs(op, at+"text", typed.Text, maxNote)
	}
	return m, err
}

// cleanURL lets addresses of the web through, and no other: a link is clicked.
func cleanURL(field, typed string) (string, error) {
	address, err := url.Parse(site.OneLine(typed))
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "" || len(typed) > maxURL {
		return "", unfit("SaveLesson", field, "teaching.url")
	}
	return address.String(), nil
}

// nameOf is the name of a title or a list where nobody typed another.
func nameOf(app core.App, query, field, id, typed string) (string, error) {
	var names []string
	if err := app.DB().NewQuery(query).Bind(dbx.Params{"id": id}).Column(&names); err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", unfit("SaveLesson", field, "teaching.unknown_material")
	}
	return or(typed, names[0]), nil
}

// putStandards makes these the standards of a lesson, in this order.
func putStandards(app core.App, lesson string, standards []string) error {
	if len(standards) > maxStandards {
		return unfit("SaveLesson", "standards", "teaching.many", maxStandards)
	}
	found, err := frameworks.Statements(app, standards)
	if err != nil {
		return err
	}
	if _, err := app.DB().NewQuery("DELETE FROM lesson_standards WHERE lesson = {:lesson}").Bind(dbx.Params{"lesson": lesson}).Execute(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, standard := range standards {
		if !slices.ContainsFunc(found, func(one frameworks.Statement) bool { return one.ID == standard }) {
			return unfit("SaveLesson", "standards."+strconv.Itoa(i), "teaching.unknown_standard").Named("unknown_standard")
		}
		if seen[standard] {
			continue
		}
		seen[standard] = true
		if _, err := collections.Insert(app, collections.LessonStandard{Lesson: lesson, Standard: standard, Position: i + 1}); err != nil {
			return err
		}
	}
	return nil
}
