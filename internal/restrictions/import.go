package restrictions

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/restrictcsv"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

// Options steer an import.
type Options struct {
	File    string // its name, for what is said about its rows
	DryRun  bool
	Serving bool // the calling process is the server itself
	Lang    say.Lang
	Staff   string // who imports; empty on the command line
	Now     time.Time
}

// Summary is what an import did, or would do: Read is Added, Unchanged and the rejected rows together. A row that lists several tags is read as several wishes.
type Summary struct {
	Read      int       `json:"read"`
	Added     int       `json:"added"`
	Unchanged int       `json:"unchanged"` // stood already
	Rejected  []Reject  `json:"rejected"`
	Warnings  []Warning `json:"warnings"`
}

// Reject is a wish that was not noted, with its place and reason.
type Reject struct {
	File   string `json:"file"`
	Record int    `json:"record"` // line
	Column string `json:"column,omitempty"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Warning is something to know about a wish that was noted all the same.
type Warning struct {
	Record  int    `json:"record"` // line
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Import notes the wishes in a file of paper forms. Nothing is ever taken away, and the same file again changes nothing: cut off in the middle, it goes on where
// it stopped. The codes are those of restrictcsv.Read, and fault.Invalid (no_rows: no row could be read).
func Import(app core.App, r io.Reader, options Options) (Summary, error) {
	const op = "restrictions.Import"
	p := plan{options: options, summary: Summary{Rejected: []Reject{}, Warnings: []Warning{}}}
	rows, problems, err := restrictcsv.Read(r)
	if err != nil {
		return p.summary, err
	}
	p.summary.Read = len(rows) + len(problems)
	for _, problem := range problems {
		p.reject(problem.Line, problem.Column, problem.Code, problem.Text())
	}
	if len(rows) == 0 {
		return p.summary, fault.New(op, fault.Invalid, "restrictions.no_rows").Named("no_rows").At("file")
	}
	if err := p.make(app, op, rows); err != nil {
		return p.summary, err
	}
	slices.SortStableFunc(p.summary.Rejected, func(a, b Reject) int { return a.Record - b.Record })
	if options.DryRun {
		return p.summary, nil
	}
	return p.summary, p.write(app)
}

// plan is what an import would change, worked out before anything is written: the dry run and the import are one.
type plan struct {
	options Options
	finder  *finder
	people  people
	stand   map[collections.Restriction]bool // what stands, or will; only what tells restrictions apart
	add     []collections.Restriction
	summary Summary
}

func (p *plan) make(app core.App, op string, rows []restrictcsv.Row) (err error) {
	p.finder = newFinder(app)
	if p.people, err = readPeople(app); err != nil {
		return err
	}
	stand, err := collections.All[collections.Restriction](app, "", "", nil)
	if err != nil {
		return err
	}
	p.stand = make(map[collections.Restriction]bool, len(stand))
	for _, restriction := range stand {
		p.stand[identity(restriction)] = true
	}
	for _, row := range rows {
		if err := p.row(op, row); err != nil {
			return err
		}
	}
	return nil
}

// identity is what tells a restriction apart from another, as the store sees it.
func identity(r collections.Restriction) collections.Restriction {
	return collections.Restriction{Patron: r.Patron, Mode: r.Mode, Scope: r.Scope, Title: r.Title, Folded: r.Folded}
}

func (p *plan) row(op string, row restrictcsv.Row) error {
	patron, code, err := p.people.find(row.Student, row.Name)
	if err != nil {
		return err
	}
	if code != "" {
		column := "student"
		if code == "name_differs" {
			column = "name"
		}
		p.reject(row.Line, column, code, say.T("restrictions."+code, row.Student))
		return nil
	}
	request := requestOf(row)
	wanted, err := p.wanted(op, request, patron.ID)
	var refused *fault.Error
	if errors.As(err, &refused) && refused.Code != fault.Internal {
		p.reject(row.Line, columnOf(row, refused.Field), cmp.Or(refused.Word, string(refused.Code)), refused.Text)
		return nil
	}
	if err != nil {
		return err
	}
	p.note(wanted)
	return p.warn(row, wanted)
}

func (p *plan) wanted(op string, request Request, patron string) ([]collections.Restriction, error) {
	if err := request.check(op); err != nil {
		return nil, err
	}
	found, err := p.finder.targets(op, request)
	if err != nil {
		return nil, err
	}
	return request.wanted(patron, found)
}

// requestOf is a row as it would be asked at the desk; the rules are called alike in both.
func requestOf(row restrictcsv.Row) Request {
	request := Request{Mode: row.Rule, Scope: policy.RestrictTitle, Note: row.Note}
	switch row.Scope {
	case restrictcsv.ISBN:
		request.ISBN = row.Value
	case restrictcsv.Item:
		request.Item = row.Value
	default:
		request.Scope, request.Value = row.Scope, row.Value
	}
	return request
}

// columnOf names the column of a row that a refusal is about.
func columnOf(row restrictcsv.Row, field string) string {
	if field == "note" {
		return field
	}
	return row.Scope
}

// note takes up what does not stand yet.
func (p *plan) note(wanted []collections.Restriction) {
	added := false
	for _, restriction := range wanted {
		if same := identity(restriction); !p.stand[same] {
			p.stand[same] = true
			p.add = append(p.add, restriction)
			added = true
		}
	}
	if added {
		p.summary.Added++
	} else {
		p.summary.Unchanged++
	}
}

// warn says what a librarian should look at: more books than the family may have thought of, or none.
func (p *plan) warn(row restrictcsv.Row, wanted []collections.Restriction) error {
	if len(wanted) > 1 {
		p.summary.Warnings = append(p.summary.Warnings,
			Warning{row.Line, "several_titles", say.T("restrictions.several_titles", len(wanted), row.Value).In(p.options.Lang)})
	}
	known, err := p.finder.known(row.Scope, target{folded: wanted[0].Folded})
	if err != nil || known {
		return err
	}
	code := "unknown_" + row.Scope
	p.summary.Warnings = append(p.summary.Warnings, Warning{row.Line, code, say.T("restrictions."+code, row.Value).In(p.options.Lang)})
	return nil
}

func (p *plan) reject(line int, column, code string, why say.Text) {
	p.summary.Rejected = append(p.summary.Rejected, Reject{p.options.File, line, column, code, why.In(p.options.Lang)})
}

func (p *plan) write(app core.App) error {
	bulk, err := store.NewBulk(app, p.options.Serving)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	pen := newPen(bulk, p.options.Staff, p.options.Now)
	for _, restriction := range p.add {
		if err := bulk.Do(func(*store.Bulk) error { return pen.add(restriction) }); err != nil {
			return err
		}
	}
	return bulk.Flush()
}
