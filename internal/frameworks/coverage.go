package frameworks

import (
	"slices"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Coverage is which standards sessions have reached, by grade.
type Coverage struct {
	Framework  Framework   `json:"framework"`
	Frameworks []Framework `json:"frameworks"` // to choose from
	Grades     []string    `json:"grades"`     // in the order of the school; "" for classes without one comes last
	Rows       []Covered   `json:"rows"`
	Sessions   int         `json:"sessions"` // taught with a standard of this framework
	Without    int         `json:"without"`  // taught in the same days without any standard
}

// Covered is one standard, or a heading, which has the sessions of all below it. Cells go with the grades of the coverage; a session counts once in each row.
type Covered struct {
	ID     string `json:"id"`
	Code   string `json:"code"`
	Text   string `json:"text"`
	Depth  int    `json:"depth"`
	Grades string `json:"grades"` // for which it is meant: "K,1"; empty for any
	Cells  []int  `json:"cells"`
	Total  int    `json:"total"`
	Leaf   bool   `json:"leaf"`
}

// Cover counts the sessions taught from one day to another for each standard of a framework; an empty id is the framework that most of them reached.
// The codes are fault.NotFound, and fault.Invalid at "until" when it lies before from.
func Cover(app core.App, id string, from, until policy.Day, lang say.Lang) (c Coverage, err error) {
	if until < from {
		return c, fault.New("frameworks.Cover", fault.Invalid, "standards.until_before").At("until")
	}
	if c.Frameworks, err = All(app, lang); err != nil {
		return c, err
	}
	days := dbx.Params{"from": from.String(), "until": until.String()}
	if id == "" {
		if id, err = mostReached(app, days); err != nil {
			return c, err
		}
	}
	if c.Framework, err = Get(app, id, lang); err != nil {
		return c, err
	}
	taught, err := reached(app, id, days)
	if err != nil {
		return c, err
	}
	statements := []leveled{}
	err = app.DB().NewQuery(`SELECT id, code, text, text_es, grades, parent, depth, gone FROM standards WHERE framework = {:id} ORDER BY position`).
		Bind(dbx.Params{"id": id}).All(&statements)
	if err != nil {
		return c, err
	}
	school, err := site.Load(app)
	if err != nil {
		return c, err
	}
	here := gradesAt(school)
	statements = slices.DeleteFunc(statements, func(s leveled) bool { // what is no longer in it, or is for other schools, is no gap
		return (s.Gone || !meets(s.Grades, here)) && !slices.ContainsFunc(taught, func(one reach) bool { return one.Standard == s.ID })
	})
	c.count(statements, taught, here, lang)
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM teaching_sessions t WHERE ` + taughtThen + `
		AND NOT EXISTS (SELECT 1 FROM lesson_standards l WHERE l.lesson = t.lesson)`).Bind(days).Row(&c.Without)
	return c, err
}

// taughtThen are the lessons taught in the days asked for.
const taughtThen = "t.state = 'taught' AND t.kind = 'lesson' AND t.day BETWEEN {:from} AND {:until}"

func mostReached(app core.App, days dbx.Params) (id string, err error) {
	err = app.DB().NewQuery(`SELECT f.id FROM standard_frameworks f LEFT JOIN (
			SELECT s.framework, COUNT(DISTINCT t.id) AS n FROM teaching_sessions t JOIN lesson_standards l ON l.lesson = t.lesson JOIN standards s ON s.id = l.standard
			WHERE ` + taughtThen + ` GROUP BY s.framework) reached ON reached.framework = f.id
		ORDER BY COALESCE(reached.n, 0) DESC, f.own, f.title, f.id LIMIT 1`).Bind(days).Row(&id)
	return id, err
}

type leveled struct {
	Statement
	Parent string `db:"parent"`
	Depth  int    `db:"depth"`
	Gone   bool   `db:"gone"`
}

// reach is that a session of a grade reached a standard.
type reach struct {
	Session  string `db:"session"`
	Grade    string `db:"grade"`
	Standard string `db:"standard"`
}

// reached are the standards of a framework that sessions reached, session by session.
func reached(app core.App, framework string, days dbx.Params) (taught []reach, err error) {
	params := dbx.Params{"framework": framework}
	for name, value := range days {
		params[name] = value
	}
	err = app.DB().NewQuery(`SELECT t.id AS session, t.grade, l.standard FROM teaching_sessions t JOIN lesson_standards l ON l.lesson = t.lesson
		JOIN standards s ON s.id = l.standard WHERE ` + taughtThen + ` AND s.framework = {:framework} ORDER BY t.id`).Bind(params).All(&taught)
	return taught, err
}

// count fills the rows. taught comes session by session.
func (c *Coverage) count(statements []leveled, taught []reach, here []string, lang say.Lang) {
	c.Grades = gradesOf(statements, taught, here)
	c.Rows = make([]Covered, len(statements))
	places := make(map[string]int, len(statements))
	above := make([]int, len(statements))
	for i, s := range statements {
		c.Rows[i] = Covered{ID: s.ID, Code: s.Code, Text: s.In(lang), Depth: s.Depth, Grades: s.Grades, Cells: make([]int, len(c.Grades)), Leaf: true}
		places[s.ID], above[i] = i, -1
		if place, ok := places[s.Parent]; ok {
			above[i] = place
			c.Rows[place].Leaf = false
		}
	}
	last := make([]int, len(statements)) // the session that a row has counted last, from 1
	session := ""
	for _, one := range taught {
		if one.Session != session {
			session = one.Session
			c.Sessions++
		}
		column := slices.Index(c.Grades, one.Grade)
		for i := places[one.Standard]; i >= 0 && last[i] != c.Sessions; i = above[i] {
			last[i] = c.Sessions
			c.Rows[i].Cells[column]++
			c.Rows[i].Total++
		}
	}
}

// gradesAt are the grades of a school; all when it does not say.
func gradesAt(school site.School) []string {
	from, to := slices.Index(site.Grades, school.GradesFrom), slices.Index(site.Grades, school.GradesTo)
	if from < 0 || to < from {
		return site.Grades
	}
	return site.Grades[from : to+1]
}

// meets tells whether a statement is for one of some grades; one that names none is for all.
func meets(grades string, some []string) bool {
	return grades == "" || slices.ContainsFunc(strings.Split(grades, ","), func(grade string) bool { return slices.Contains(some, grade) })
}

// gradesOf are the columns: every grade of the school that a statement is meant for, and every one that a session was held with.
func gradesOf(statements []leveled, taught []reach, here []string) []string {
	named := map[string]bool{}
	for _, s := range statements {
		for grade := range strings.SplitSeq(s.Grades, ",") {
			named[grade] = named[grade] || slices.Contains(here, grade)
		}
	}
	for _, one := range taught {
		named[one.Grade] = true
	}
	grades := []string{}
	for _, grade := range append(slices.Clone(site.Grades), "") { // classes without a grade stand behind
		if named[grade] {
			grades = append(grades, grade)
		}
	}
	return grades
}
