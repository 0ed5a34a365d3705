package frameworks

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/standards"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// MaxFile is how many bytes of a file are taken.
const MaxFile = standards.MaxFile

// Remark is something that was mended in a file, and where; Line is 0 in JSON.
type Remark struct {
	Code      string `json:"code"`
	Statement string `json:"statement"`
	Line      int    `json:"line"`
	Message   string `json:"message"`
}

// Changes is what a file does to what is there. Kept are those of Gone that lessons name: they stay, marked as gone.
type Changes struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Gone    int `json:"gone"`
	Kept    int `json:"kept"`
	Same    int `json:"same"`
}

// Preview is what a file holds. Framework has an id when the file brings a newer state of one that is there.
type Preview struct {
	Framework  Framework `json:"framework"`
	Statements int       `json:"statements"`
	Remarks    []Remark  `json:"remarks"` // 200 at most
	RemarksOf  int       `json:"remarks_of"`
	Changes    Changes   `json:"changes"`
	Sample     []Sample  `json:"sample"` // the first statements
}

// Sample is a statement as the preview of a file shows it.
type Sample struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Depth int    `json:"depth"`
}

const (
	mostRemarks = 200
	mostSamples = 12
)

// Import reads a file and keeps its framework: a new one, or a newer state of the one with the same id of its makers (a spreadsheet: the same title).
// Statements keep their own ids, so lessons go on naming them. A dry run only tells. The codes are fault.Invalid, named as the reader's codes, and
// fault.TooLarge.
func Import(app core.App, file io.Reader, name string, lang say.Lang, dry bool) (Preview, error) {
	from, err := standards.Read(file, name)
	if err != nil {
		return Preview{}, refused(err)
	}
	in := newIntake(from, name)
	if dry {
		err = in.compare(app)
	} else {
		err = app.RunInTransaction(func(app core.App) error {
			if err := in.compare(app); err != nil {
				return err
			}
			return in.write(app)
		})
	}
	if err != nil {
		return Preview{}, err
	}
	return in.preview(lang), nil
}

// refused makes a fault of what the reader says.
func refused(err error) error {
	var why *standards.FileError
	if !errors.As(err, &why) {
		return err
	}
	code, key, args := fault.Invalid, "standards.file."+why.Code, []any{}
	switch {
	case why.Code == standards.TooLarge:
		code, args = fault.TooLarge, []any{MaxFile >> 20}
	case why.Code == standards.BrokenJSON:
		args = []any{int(why.Offset)}
	case why.Code == standards.TooMany:
		args = []any{standards.MaxStatements}
	case why.Code == standards.NotStandards && why.Line > 0:
		key = "standards.file.no_column"
	}
	return fault.New("frameworks.Import", code, key, args...).Named(why.Code).At("file").Because(err)
}

// intake is a file on its way into the store.
type intake struct {
	from      standards.Framework
	framework collections.Framework
	wanted    []collections.Standard
	indexed   []standards.Indexed
	changes   Changes
	put       []int    // of wanted: what is written
	drop      []string // ids of statements that go
	keep      []string // ids of statements that are gone and stay
}

// newIntake makes ready what can be made ready before the store is held.
func newIntake(from standards.Framework, name string) *intake {
	in := &intake{from: from, framework: collections.Framework{
		Source: from.ID, Title: from.Title, Creator: from.Creator, Language: from.Language, Status: from.Status,
	}}
	if in.framework.Title == "" {
		in.framework.Title = name
	}
	sources := sourcesOf(from.Statements)
	in.wanted = make([]collections.Standard, len(from.Statements))
	in.indexed = make([]standards.Indexed, len(from.Statements))
	for i, s := range from.Statements {
		in.wanted[i] = collections.Standard{
			Source: sources[i], Code: s.Code, Text: s.Text, Short: s.Short, Notes: s.Notes, Type: s.Type, Grades: strings.Join(s.Grades, ","), Depth: s.Depth, Position: i + 1,
		}
		in.indexed[i] = standards.Index(s.Code, s.Text, s.Short+" "+s.Notes)
	}
	return in
}

// sourcesOf names each statement so that it is known again in the next file: by the id of its makers, else by its code, else by its words.
func sourcesOf(from []standards.Statement) []string {
	sources := make([]string, len(from))
	seen := make(map[string]int, len(from))
	for i, s := range from {
		switch {
		case s.ID != "" && !strings.HasPrefix(s.ID, "row "): // "row 12" is the reader's own
			sources[i] = s.ID
		case s.Code != "":
			sources[i] = "code " + s.Code
		default:
			sources[i] = "text " + s.Text
		}
		seen[sources[i]]++
		if n := seen[sources[i]]; n > 1 {
			sources[i] += " (" + strconv.Itoa(n) + ")"
		}
	}
	return sources
}

// compare finds what is there already and settles what is to be written.
func (in *intake) compare(app core.App) error {
	there, ok, err := collections.Find[collections.Framework](app, "NOT own AND source = {:source} AND ({:source} != '' OR title = {:title})",
		dbx.Params{"source": in.framework.Source, "title": in.framework.Title})
	if err != nil {
		return err
	}
	have, used := map[string]collections.Standard{}, map[string]bool{}
	if ok {
		in.framework.ID = there.ID
		if have, used, err = statementsOf(app, there.ID); err != nil {
			return err
		}
	}
	for i := range in.wanted {
		in.settle(i, have)
	}
	for source, old := range have {
		switch {
		case !used[old.ID] && !old.Gone:
			in.changes.Gone++
			fallthrough
		case !used[old.ID]:
			in.drop = append(in.drop, old.ID)
		case !old.Gone:
			in.changes.Gone++
			fallthrough
		default:
			in.changes.Kept++
			in.keep = append(in.keep, have[source].ID)
		}
	}
	return nil
}

// settle gives a statement its id and says whether it must be written; what was there under its name is taken from have.
func (in *intake) settle(i int, have map[string]collections.Standard) {
	now := &in.wanted[i]
	if above := in.from.Statements[i].Parent; above >= 0 {
		now.Parent = in.wanted[above].ID
	}
	old, there := have[now.Source]
	if !there {
		now.ID = security.RandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
		in.changes.Added++
		in.put = append(in.put, i)
		return
	}
	delete(have, now.Source)
	now.ID, now.Framework, now.Seq = old.ID, old.Framework, old.Seq
	if *now == old {
		in.changes.Same++
		return
	}
	in.put = append(in.put, i)
	old.Position, old.Depth = now.Position, now.Depth
	if *now == old { // only others around it came or went
		in.changes.Same++
		return
	}
	in.changes.Changed++
}

// statementsOf are the statements of a framework by their source, and which of them lessons name.
func statementsOf(app core.App, framework string) (have map[string]collections.Standard, used map[string]bool, err error) {
	all, err := collections.All[collections.Standard](app, "framework = {:id}", "", dbx.Params{"id": framework})
	if err != nil {
		return nil, nil, err
	}
	have = make(map[string]collections.Standard, len(all))
	for _, one := range all {
		have[one.Source] = one
	}
	named := []string{}
	err = app.DB().NewQuery("SELECT DISTINCT l.standard FROM lesson_standards l JOIN standards s ON s.id = l.standard WHERE s.framework = {:id}").
		Bind(dbx.Params{"id": framework}).Column(&named)
	used = make(map[string]bool, len(named))
	for _, id := range named {
		used[id] = true
	}
	return have, used, err
}

func (in *intake) preview(lang say.Lang) Preview {
	f := in.framework
	shown := Preview{
		Framework:  Framework{ID: f.ID, Title: f.Title, Creator: f.Creator, Language: f.Language, Status: f.Status, Statements: len(in.wanted)},
		Statements: len(in.wanted), Remarks: []Remark{}, RemarksOf: len(in.from.Remarks), Changes: in.changes, Sample: []Sample{},
	}
	for _, r := range in.from.Remarks[:min(len(in.from.Remarks), mostRemarks)] {
		text := say.T("standards.remark." + r.Code)
		if r.Code != standards.Cycle && r.Code != standards.Wordless { // these name the statement itself
			text.Args = []any{r.Detail}
		}
		shown.Remarks = append(shown.Remarks, Remark{r.Code, r.Statement, r.Line, text.In(lang)})
	}
	for _, s := range in.wanted[:min(len(in.wanted), mostSamples)] {
		shown.Sample = append(shown.Sample, Sample{s.Code, s.Text, s.Depth})
	}
	return shown
}

// asJSON is a list as json_each takes it.
func asJSON(values any) string {
	text, _ := json.Marshal(values) //nolint:errcheck // texts and numbers are always JSON
	return string(text)
}
