// Package frameworks keeps learning standards: frameworks that a school brought in, and Carrel's own short list; their trees, their search, and which of them
// lessons have reached.
package frameworks

import (
	"encoding/json"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Framework is one framework as its screens know it. Statements counts those its makers have in it today, Used how many of them lessons name.
type Framework struct {
	ID         string `db:"id" json:"id"`
	Title      string `db:"title" json:"title"`
	Creator    string `db:"creator" json:"creator"`
	Language   string `db:"language" json:"language"`
	Status     string `db:"status" json:"status"`
	Statements int    `db:"statements" json:"statements"`
	Used       int    `db:"used" json:"used"`
	Own        bool   `db:"own" json:"own"`
	ImportedAt string `db:"imported_at" json:"imported_at"`
	Updated    string `db:"updated" json:"updated"`
}

const frameworkColumns = `SELECT f.id, f.title, f.creator, f.language, f.status, f.own, f.imported_at, f.updated,
	(SELECT COUNT(*) FROM standards s WHERE s.framework = f.id AND NOT s.gone) AS statements,
	(SELECT COUNT(DISTINCT l.standard) FROM lesson_standards l JOIN standards s ON s.id = l.standard WHERE s.framework = f.id) AS used
	FROM standard_frameworks f`

// All lists every framework: those that were brought in by their titles, then Carrel's own.
func All(app core.App, lang say.Lang) ([]Framework, error) {
	found := []Framework{}
	err := app.DB().NewQuery(frameworkColumns + " ORDER BY f.own, f.title, f.id").All(&found)
	for i := range found {
		found[i].name(lang)
	}
	return found, err
}

// Get reads one framework. The code is fault.NotFound.
func Get(app core.App, id string, lang say.Lang) (framework Framework, err error) {
	found := []Framework{}
	err = app.DB().NewQuery(frameworkColumns + " WHERE f.id = {:id}").Bind(dbx.Params{"id": id}).All(&found)
	if err == nil && len(found) == 0 {
		err = fault.New("frameworks.Get", fault.NotFound, "standards.unknown_framework").Named("unknown_framework").At("id")
	}
	if err != nil {
		return framework, err
	}
	found[0].name(lang)
	return found[0], nil
}

// name gives Carrel's own list its name in the language of the reader.
func (f *Framework) name(lang say.Lang) {
	if f.Own {
		f.Title = say.T("standards.own").In(lang)
	}
}

// Delete forgets a framework with its statements. The codes are fault.NotFound, and fault.Conflict, named in_use, when lessons name a statement of it;
// Carrel's own stays (own).
func Delete(app core.App, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		framework, err := Get(app, id, say.English)
		switch {
		case err != nil:
			return err
		case framework.Own:
			return fault.New("frameworks.Delete", fault.Conflict, "standards.own_stays").Named("own")
		case framework.Used > 0:
			return fault.New("frameworks.Delete", fault.Conflict, "standards.in_use", framework.Used).Named("in_use")
		}
		for _, statement := range []string{
			"DELETE FROM standards_fts WHERE rowid IN (SELECT seq FROM standards WHERE framework = {:id})",
			"DELETE FROM standards WHERE framework = {:id}",
			"DELETE FROM standard_frameworks WHERE id = {:id}",
		} {
			if _, err := app.DB().NewQuery(statement).Bind(dbx.Params{"id": id}).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Statement is one standard as lessons name it. TextES is empty but for Carrel's own.
type Statement struct {
	ID        string `db:"id"`
	Framework string `db:"framework"` // id
	Code      string `db:"code"`
	Text      string `db:"text"`
	TextES    string `db:"text_es"`
	Grades    string `db:"grades"` // "K,1,2"; empty for any
}

// In is the statement's text in the language of the reader, as far as it has one.
func (s Statement) In(lang say.Lang) string {
	if lang == say.Spanish && s.TextES != "" {
		return s.TextES
	}
	return s.Text
}

const statementColumns = "SELECT s.id, s.framework, s.code, s.text, s.text_es, s.grades FROM standards s "

// Statements reads statements by their ids, in that order; an id that does not exist is left out.
func Statements(app core.App, ids []string) ([]Statement, error) {
	found := []Statement{}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	err = app.DB().NewQuery(statementColumns + "JOIN json_each({:ids}) wanted ON wanted.value = s.id ORDER BY wanted.key").
		Bind(dbx.Params{"ids": string(wanted)}).All(&found)
	return found, err
}

// Own lists the statements of Carrel's own list in their order, headings among them: C1, C1.1, C1.2 …
func Own(app core.App) ([]Statement, error) {
	found := []Statement{}
	err := app.DB().NewQuery(statementColumns + "JOIN " + collections.StandardFrameworks + " f ON f.id = s.framework WHERE f.own ORDER BY s.position").All(&found)
	return found, err
}
