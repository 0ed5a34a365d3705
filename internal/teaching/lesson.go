package teaching

import (
	"encoding/json"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Kinds are the kinds of lessons: information literacy, digital citizenship, research skills, reading, making.
var Kinds = []string{"information", "citizenship", "research", "reading", "making"}

// Lesson is a lesson as its screens know it.
type Lesson struct {
	ID         string     `json:"id"`
	Updated    string     `json:"updated"`
	Title      string     `json:"title"`
	Goal       string     `json:"goal"`
	GradesFrom string     `json:"grades_from"` // one of site.Grades, or empty
	GradesTo   string     `json:"grades_to"`
	Subject    string     `json:"subject"`
	Kind       string     `json:"kind"`
	Minutes    int        `json:"minutes"`
	Language   string     `json:"language"` // en or es
	Steps      []Step     `json:"steps,omitempty"`
	Materials  []Material `json:"materials"`
	Standards  []Standard `json:"standards"`
	Checks     []Check    `json:"checks"`
	Reusable   bool       `json:"reusable"`
	Archived   bool       `json:"archived"`
	Origin     *Origin    `json:"origin"`
	Author     Author     `json:"author"`
	ReadOnly   bool       `json:"read_only"` // the district's: it is copied to be changed
	Sessions   int        `json:"sessions"`  // taught
	LastTaught policy.Day `json:"last_taught"`
}

// Step is a part of a lesson. Minutes is 0 when nobody said how long it takes.
type Step struct {
	Text    string `json:"text"`
	Minutes int    `json:"minutes"`
}

// Material is what a lesson needs: a file of its own, an address, a title or a list of the catalogue, or a text to print.
type Material struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"` // file, link, title, list or note
	Name  string `json:"name"`
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
	List  string `json:"list,omitempty"`
	Text  string `json:"text,omitempty"`
	Size  int    `json:"size,omitempty"` // of a file, in bytes
}

// Standard is a statement of a framework that a lesson works towards.
type Standard struct {
	ID             string `db:"id" json:"id"`
	Framework      string `db:"framework" json:"framework"` // id
	FrameworkTitle string `db:"framework_title" json:"framework_title"`
	Code           string `db:"code" json:"code"`
	Text           string `db:"text" json:"text"`
	TextES         string `db:"text_es" json:"-"` // empty but for Carrel's own
}

// Check is what students answer before and after a lesson.
type Check struct {
	ID      string `db:"id" json:"id"`
	Title   string `db:"title" json:"title"`
	TitleES string `db:"title_es" json:"-"`
	Items   int    `db:"items" json:"items"` // how many
}

// Origin is what a lesson was made from: another lesson, a kit, or the district's.
type Origin struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Author is who wrote a lesson.
type Author struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type lessonRow struct {
	collections.Lesson
	AuthorName string     `db:"author_name"`
	Sessions   int        `db:"sessions"`
	LastTaught policy.Day `db:"last_taught"`
}

const lessonColumns = `SELECT l.*, COALESCE(staff.name, '') AS author_name, COALESCE(taught.n, 0) AS sessions, COALESCE(taught.last, '') AS last_taught
	FROM lessons l LEFT JOIN staff ON staff.id = l.author
	LEFT JOIN (SELECT lesson, COUNT(*) AS n, MAX(day) AS last FROM teaching_sessions WHERE state = 'taught' GROUP BY lesson) taught ON taught.lesson = l.id WHERE `

func readLessons(app core.App, where string, params dbx.Params) ([]Lesson, error) {
	var rows []lessonRow
	if err := app.DB().NewQuery(lessonColumns + where + " ORDER BY l.title COLLATE NOCASE, l.id").Bind(params).All(&rows); err != nil {
		return nil, err
	}
	lessons := make([]Lesson, len(rows))
	for i, row := range rows {
		lesson, err := row.lesson()
		if err != nil {
			return nil, err
		}
		lessons[i] = lesson
	}
	return lessons, nil
}

func (r lessonRow) lesson() (Lesson, error) {
	lesson := Lesson{
		ID: r.ID, Updated: r.Updated.String(), Title: r.Title, Goal: r.Goal, GradesFrom: r.GradesFrom, GradesTo: r.GradesTo, Subject: r.Subject,
		Kind: r.Kind, Minutes: r.Minutes, Language: r.Language, Steps: []Step{}, Materials: []Material{}, Standards: []Standard{}, Checks: []Check{},
		Reusable: r.Reusable, Archived: r.Archived, Author: Author{r.Author, r.AuthorName}, ReadOnly: r.ReadOnly, Sessions: r.Sessions, LastTaught: r.LastTaught,
	}
	if r.OriginKind != "" {
		lesson.Origin = &Origin{r.OriginKind, r.Origin, r.OriginTitle}
	}
	if err := unpack(r.Steps, &lesson.Steps); err != nil {
		return lesson, err
	}
	return lesson, unpack(r.Materials, &lesson.Materials)
}

// unpack reads a JSON column; an empty one is nothing.
func unpack(stored []byte, into any) error {
	if len(stored) == 0 || string(stored) == "null" || string(stored) == `""` {
		return nil
	}
	return json.Unmarshal(stored, into)
}

// addLinks says towards what the lessons work, and which checks they have.
func addLinks(app core.App, lessons []Lesson) error {
	if len(lessons) == 0 {
		return nil
	}
	at := map[string]int{}
	ids := make([]string, len(lessons))
	for i, lesson := range lessons {
		at[lesson.ID], ids[i] = i, lesson.ID
	}
	list, params := among(ids)
	var standards []struct {
		Lesson string `db:"lesson"`
		Standard
	}
	err := app.DB().NewQuery(`SELECT l.lesson, s.id, s.framework, f.title AS framework_title, s.code, s.text, s.text_es
		FROM lesson_standards l JOIN standards s ON s.id = l.standard JOIN standard_frameworks f ON f.id = s.framework
		WHERE l.lesson IN ` + list + " ORDER BY l.position, l.id").Bind(params).All(&standards)
	if err != nil {
		return err
	}
	for _, row := range standards {
		lesson := &lessons[at[row.Lesson]]
		lesson.Standards = append(lesson.Standards, row.Standard)
	}
	var checks []struct {
		Lesson string `db:"lesson"`
		Check
	}
	err = app.DB().NewQuery("SELECT lesson, id, title, title_es, json_array_length(items) AS items FROM checks WHERE lesson IN " + list + " ORDER BY title COLLATE NOCASE, id").
		Bind(params).All(&checks)
	for _, row := range checks {
		lesson := &lessons[at[row.Lesson]]
		lesson.Checks = append(lesson.Checks, row.Check)
	}
	return err
}

// In is the lesson with its standards and checks in the language of the reader, as far as they have it.
func (l Lesson) In(lang say.Lang) Lesson {
	if lang != say.Spanish {
		return l
	}
	l.Standards, l.Checks = slices.Clone(l.Standards), slices.Clone(l.Checks)
	for i, standard := range l.Standards {
		l.Standards[i].Text = or(standard.TextES, standard.Text)
	}
	for i, check := range l.Checks {
		l.Checks[i].Title = or(check.TitleES, check.Title)
	}
	return l
}

// LessonByID reads a lesson: fault.NotFound, named unknown_lesson.
func LessonByID(app core.App, id string) (Lesson, error) {
	found, err := readLessons(app, "l.id = {:id}", dbx.Params{"id": id})
	if err == nil && len(found) == 0 {
		err = unknown("LessonByID", "lesson", "unknown_lesson")
	}
	if err != nil {
		return Lesson{}, err
	}
	return found[0], addLinks(app, found)
}

// Query narrows the list of lessons; an empty field narrows nothing.
type Query struct {
	Q        string // words of title, goal and subject
	Kind     string
	Grade    string
	Standard string // id of a statement
	Archived bool   // those put away instead of those in use
	Page     int    // from 1
	PerPage  int
}

// maxPage bounds a page of lessons.
const maxPage = 200

// Lessons lists lessons by title, without their steps, and how many there are in all.
func Lessons(app core.App, q Query) ([]Lesson, int, error) {
	where, params := "l.archived = {:archived}", dbx.Params{"archived": q.Archived}
	if q.Kind != "" {
		where, params["kind"] = where+" AND l.kind = {:kind}", q.Kind
	}
	if q.Standard != "" {
		where, params["standard"] = where+" AND l.id IN (SELECT lesson FROM lesson_standards WHERE standard = {:standard})", q.Standard
	}
	found, err := readLessons(app, where, params)
	if err != nil {
		return nil, 0, err
	}
	found = slices.DeleteFunc(found, func(lesson Lesson) bool { return !lesson.holds(q.Q) || !lesson.isFor(q.Grade) })
	per := min(max(q.PerPage, 0), maxPage)
	if per == 0 {
		per = 50
	}
	total := len(found)
	from := min((max(q.Page, 1)-1)*per, total)
	page := found[from:min(from+per, total)]
	for i := range page {
		page[i].Steps = nil
	}
	return page, total, addLinks(app, page)
}

// holds tells whether a lesson has the words, each the beginning of one of its own.
func (l Lesson) holds(query string) bool {
	text := words.Cut(l.Title + " " + l.Goal + " " + l.Subject)
	for _, asked := range words.Cut(query) {
		if !slices.ContainsFunc(text, func(have words.Word) bool { return strings.HasPrefix(have.Text, asked.Text) }) {
			return false
		}
	}
	return true
}

// isFor tells whether a lesson is for a grade. One without grades is for all.
func (l Lesson) isFor(grade string) bool {
	if grade == "" || l.GradesFrom == "" && l.GradesTo == "" {
		return true
	}
	at := slices.Index(site.Grades, grade)
	from, to := slices.Index(site.Grades, l.GradesFrom), slices.Index(site.Grades, l.GradesTo)
	if to < 0 {
		to = max(from, len(site.Grades)-1)
	}
	return from <= at && at <= to
}
