package notices

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// shipped holds Carrel's own wording, a file for each step and language: the subject, an empty line, the text.
//
//go:embed words
var shipped embed.FS

// words is what may stand in a template, as in {{.FirstName}}.
type words struct {
	FirstName string // of everybody the mail is about: "Ana and Luis"
	Homeroom  string
	School    string
	Count     int    // books in all
	Books     string // the count with its noun: "2 library books"
	OldestDue string // the oldest due date, written out
	List      string // a line for each patron, with first name, homeroom, books and oldest due date
}

var placeholders = []string{
	"{{.FirstName}}", "{{.Homeroom}}", "{{.School}}", "{{.Count}}", "{{.Books}}", "{{.OldestDue}}", "{{.List}}",
}

// wording is the subject and the text of one step in one language.
type wording struct{ subject, body *template.Template }

type wordingKey struct {
	step int
	lang say.Lang
}

// loadWordings reads every wording: the site's own for a step, else the site's for every step, else the shipped one.
// A placeholder nobody knows is fault.Invalid and named, before any notice is touched.
func loadWordings(app core.App) (map[wordingKey]wording, error) {
	rows, err := collections.All[collections.NoticeTemplate](app, "kind = '"+kindOverdue+"'", "step", nil)
	if err != nil {
		return nil, err
	}
	own := map[wordingKey]collections.NoticeTemplate{}
	for _, row := range rows {
		own[wordingKey{row.Step, say.Lang(row.Language)}] = row
	}
	wordings := map[wordingKey]wording{}
	for i := range steps {
		for _, lang := range []say.Lang{say.English, say.Spanish} {
			key := wordingKey{i + 1, lang}
			subject, body, err := source(own, key)
			if err != nil {
				return nil, err
			}
			if wordings[key], err = parseWording(key, subject, body); err != nil {
				return nil, err
			}
		}
	}
	return wordings, nil
}

func source(own map[wordingKey]collections.NoticeTemplate, key wordingKey) (subject, body string, err error) {
	for _, step := range []int{key.step, 0} {
		if row, ok := own[wordingKey{step, key.lang}]; ok {
			return row.Subject, row.Body, nil
		}
	}
	text, err := shipped.ReadFile(fmt.Sprintf("words/%s-%d.%s.txt", kindOverdue, key.step, key.lang))
	subject, body, _ = strings.Cut(string(text), "\n\n")
	return subject, body, err
}

func parseWording(key wordingKey, subject, body string) (w wording, err error) {
	name := fmt.Sprintf("%s %d %s", kindOverdue, key.step, key.lang)
	if w.subject, err = parseTemplate(name, subject); err != nil {
		return w, err
	}
	w.body, err = parseTemplate(name, body)
	return w, err
}

// parseTemplate admits text and the known placeholders, nothing else: a template that parses cannot fail while mail goes out.
func parseTemplate(name, text string) (*template.Template, error) {
	const op = "notices.parseTemplate"
	parsed, err := template.New(name).Parse(text)
	if err != nil {
		return nil, fault.New(op, fault.Invalid, "notices.bad_template", name, strings.TrimPrefix(err.Error(), "template: ")).At("body")
	}
	if parsed.Tree == nil {
		return parsed, nil
	}
	for _, node := range parsed.Root.Nodes {
		if node.Type() == parse.NodeText || slices.Contains(placeholders, node.String()) {
			continue
		}
		return nil, fault.New(op, fault.Invalid, "notices.unknown_placeholder", name, node.String(), strings.Join(placeholders, " ")).At("body")
	}
	return parsed, nil
}

func fill(t *template.Template, w words) (string, error) {
	var text strings.Builder
	err := t.Execute(&text, w)
	return text.String(), err
}
