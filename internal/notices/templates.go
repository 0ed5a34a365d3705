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
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// shipped holds Carrel's own wording, a file for each kind, step and language: the subject, an empty line, the text.
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
	PickupBy  string // the last day to pick up what is held, written out; the earliest of several
	Amount    string // what is owed in all: "$12.50"
	List      string // a line for each patron, with first name, homeroom and what there is to tell
}

// forTeacher is the kind of words in which a teacher reads of a homeroom.
const forTeacher = "teacher"

// wordedKinds are the kinds that have words, and worded how many steps of a kind have words of their own as shipped; the last serves all that follow.
var (
	wordedKinds = append(slices.Clip(kinds), forTeacher)
	worded      = map[string]int{
		kindOverdue: 3, kindRecall: 1, kindDueSoon: 1, kindHoldReady: 1, kindHoldExpired: 1, kindClaim: 3, kindFee: 1, forTeacher: 1,
	}
)

var (
	placeholdersOfAll  = []string{"{{.FirstName}}", "{{.Homeroom}}", "{{.School}}", "{{.List}}"}
	placeholdersOfBook = append(slices.Clip(placeholdersOfAll), "{{.Count}}", "{{.Books}}")
	placeholdersOfLoan = append(slices.Clip(placeholdersOfBook), "{{.OldestDue}}")
	placeholdersOfHold = append(slices.Clip(placeholdersOfBook), "{{.PickupBy}}")

	placeholders = map[string][]string{
		kindOverdue:     placeholdersOfLoan,
		kindRecall:      placeholdersOfLoan,
		kindDueSoon:     placeholdersOfLoan,
		forTeacher:      placeholdersOfLoan,
		kindHoldReady:   placeholdersOfHold,
		kindHoldExpired: placeholdersOfHold,
		kindClaim:       placeholdersOfBook,
		kindFee:         append(slices.Clip(placeholdersOfAll), "{{.Amount}}"),
	}
)

// mostSteps is the highest step that may have words of its own: as many as a schedule has.
const mostSteps = 5

// wording finds the words of a letter. What a hold counts as its step is how often it came, and has no words of its own.
func (l letter) wording() wordingKey {
	kind, step := l.kind, l.step
	if l.teacher {
		kind = forTeacher
	}
	return wordingKey{kind, min(max(step, 1), stepsOf(kind)), say.LangOf(string(l.lang))}
}

// stepsOf is how many steps of a kind can be told apart by their words.
func stepsOf(kind string) int {
	if kind == kindOverdue || kind == kindDueSoon {
		return mostSteps
	}
	return worded[kind]
}

// wording is the subject and the text of one kind and step in one language.
type wording struct{ subject, body *template.Template }

type wordingKey struct {
	kind string
	step int
	lang say.Lang
}

// loadWordings reads every wording: the site's own for a step, else the site's for every step, else the shipped one.
// A placeholder that the kind does not know is fault.Invalid and named, before any notice is touched.
func loadWordings(app core.App) (map[wordingKey]wording, error) {
	rows, err := collections.All[collections.NoticeTemplate](app, "", "step", nil)
	if err != nil {
		return nil, err
	}
	own := map[wordingKey]collections.NoticeTemplate{}
	for _, row := range rows {
		own[wordingKey{row.Kind, row.Step, say.Lang(row.Language)}] = row
	}
	wordings := map[wordingKey]wording{}
	for _, key := range wordingKeys() {
		subject, body, err := source(own, key)
		if err != nil {
			return nil, err
		}
		if wordings[key], err = parseWording(key, subject, body); err != nil {
			return nil, err
		}
	}
	return wordings, nil
}

func wordingKeys() (keys []wordingKey) {
	for _, kind := range wordedKinds {
		for step := range stepsOf(kind) {
			for _, lang := range []say.Lang{say.English, say.Spanish} {
				keys = append(keys, wordingKey{kind, step + 1, lang})
			}
		}
	}
	return keys
}

func source(own map[wordingKey]collections.NoticeTemplate, key wordingKey) (subject, body string, err error) {
	for _, step := range []int{key.step, 0} {
		if row, ok := own[wordingKey{key.kind, step, key.lang}]; ok {
			return row.Subject, row.Body, nil
		}
	}
	return shippedWords(key)
}

func shippedWords(key wordingKey) (subject, body string, err error) {
	text, err := shipped.ReadFile(fmt.Sprintf("words/%s-%d.%s.txt", key.kind, min(max(key.step, 1), worded[key.kind]), key.lang))
	subject, body, _ = strings.Cut(string(text), "\n\n")
	return subject, body, err
}

func parseWording(key wordingKey, subject, body string) (w wording, err error) {
	name := fmt.Sprintf("%s %d %s", key.kind, key.step, key.lang)
	if w.subject, err = parseTemplate(name, "subject", subject, placeholders[key.kind]); err != nil {
		return w, err
	}
	w.body, err = parseTemplate(name, "body", body, placeholders[key.kind])
	return w, err
}

// parseTemplate admits text and the known placeholders, nothing else: a template that parses cannot fail while mail goes out.
func parseTemplate(name, field, text string, known []string) (*template.Template, error) {
	const op = "notices.parseTemplate"
	parsed, err := template.New(name).Parse(text)
	if err != nil {
		return nil, fault.New(op, fault.Invalid, "notices.bad_template", name, strings.TrimPrefix(err.Error(), "template: ")).At(field)
	}
	if parsed.Tree == nil {
		return parsed, nil
	}
	for _, node := range parsed.Root.Nodes {
		if node.Type() == parse.NodeText || slices.Contains(known, node.String()) {
			continue
		}
		return nil, fault.New(op, fault.Invalid, "notices.unknown_placeholder", name, node.String(), strings.Join(known, " ")).At(field)
	}
	return parsed, nil
}

// fill puts a letter into words.
func (w wording) fill(l letter, school site.School, currency string) (subject, text string, err error) {
	if subject, err = fill(w.subject, l.subjectWords(school, currency)); err != nil {
		return "", "", err
	}
	text, err = fill(w.body, l.words(school.Name, currency))
	return subject, text, err
}

func fill(t *template.Template, w words) (string, error) {
	var text strings.Builder
	err := t.Execute(&text, w)
	return text.String(), err
}
