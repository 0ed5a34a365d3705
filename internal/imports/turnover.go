package imports

import (
	"slices"

	"carrel/collections"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// turnoverReport is the change of the school year.
type turnoverReport struct {
	Promote   []step `json:"promote"`
	Leave     int    `json:"leave"`
	WithLoans int    `json:"with_loans"` // of those who leave: they have something of the library's, and leave all the same
}

// step is how many go from one grade to the next.
type step struct {
	From string `json:"from"`
	To   string `json:"to"`
	N    int    `json:"n"`
}

func (*turnoverReport) in(say.Lang) {}
func (*turnoverReport) brief()      {}

// Turnover begins the change of the school year: everybody with a grade goes to the next, the last grade and those beyond it leave, and homerooms are
// emptied unless they are kept. It is read and applied as a file is. fault.Invalid (last_grade).
func (r *Runner) Turnover(options Options, staff string, lang say.Lang) (collections.Import, error) {
	if err := options.check(collections.ImportTurnover); err != nil {
		return collections.Import{}, err
	}
	return r.add(r.newImport(collections.ImportTurnover, staff, lang), options)
}

// pupil is somebody with a grade.
type pupil struct {
	ID    string `db:"id"`
	Grade string `db:"grade"`
	Out   bool   `db:"out"` // has something on loan
}

func pupils(app core.App) (list []pupil, err error) {
	known := make([]any, len(grades))
	for i, grade := range grades {
		known[i] = grade
	}
	err = app.DB().Select("id", "grade", "EXISTS (SELECT 1 FROM loans WHERE loans.patron = patrons.id AND loans.state = 'open') AS out").From(collections.Patrons).
		Where(dbx.And(dbx.HashExp{"status": collections.PatronActive}, dbx.In("grade", known...))).OrderBy("id").All(&list)
	return list, err
}

func leaves(grade, last string) bool {
	return slices.Index(grades, grade) >= slices.Index(grades, last)
}

func planTurnover(app core.App, options Options) (*turnoverReport, error) {
	list, err := pupils(app)
	if err != nil {
		return nil, err
	}
	report := &turnoverReport{Promote: []step{}}
	counts := map[string]int{}
	for _, p := range list {
		if !leaves(p.Grade, options.LastGrade) {
			counts[p.Grade]++
			continue
		}
		report.Leave++
		if p.Out {
			report.WithLoans++
		}
	}
	for _, grade := range grades {
		if counts[grade] > 0 {
			report.Promote = append(report.Promote, step{grade, gradeAfter(grade), counts[grade]})
		}
	}
	return report, nil
}

// turnOver changes the grades. Who is in the journal of this import already has had his turn: cut off and gone on with, nobody is promoted twice.
func (r *Runner) turnOver(j *job, imp collections.Import, options Options) (report, error) {
	list, err := pupils(r.app)
	if err != nil {
		return nil, err
	}
	b, err := store.NewBulk(r.app, true)
	if err != nil {
		return nil, err
	}
	defer b.Abort()
	b.Around(journaledUntilCancelled(j))
	for i, p := range list {
		j.at(i+1, len(list))
		if err := b.Do(func(b *store.Bulk) error { return promote(b, imp.ID, p, options) }); err != nil {
			return nil, store.Explain("imports.turnOver", r.app.DataDir(), err)
		}
	}
	if err := b.Flush(); err != nil {
		return nil, store.Explain("imports.turnOver", r.app.DataDir(), err)
	}
	return reportOf(imp.Kind, imp.Preview)
}

func promote(b *store.Bulk, id string, p pupil, options Options) error {
	grade, status := gradeAfter(p.Grade), collections.PatronActive
	if leaves(p.Grade, options.LastGrade) {
		grade, status = p.Grade, collections.PatronLeft
	}
	return b.Exec(`UPDATE patrons SET grade = ?, status = ?, homeroom = CASE WHEN ? THEN homeroom ELSE '' END, updated = ?
		WHERE id = ? AND grade = ? AND status = 'active'
		AND NOT EXISTS (SELECT 1 FROM import_changes WHERE import_changes.row = patrons.id AND import = ? AND tbl = 'patrons')`,
		grade, status, options.KeepHomerooms, types.NowDateTime().String(), p.ID, p.Grade, id)
}
