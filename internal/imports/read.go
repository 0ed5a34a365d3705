package imports

import (
	"errors"
	"slices"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/roster"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// read makes the preview of an import: what applying it would do.
func (r *Runner) read(j *job, imp collections.Import) (dbx.Params, error) {
	options, err := optionsOf(imp)
	if err != nil {
		return nil, err
	}
	switch imp.Kind {
	case collections.ImportTitles:
		return r.readTitles(j, imp, options)
	case collections.ImportRoster:
		return r.readRoster(j, imp, options)
	case collections.ImportPictures:
		preview, err := r.lookAtPictures(j, imp)
		return readAs(preview, err)
	case collections.ImportItems:
		preview, err := r.items(j, imp, true)
		return readAs(preview, err)
	}
	preview, err := planTurnover(r.app, options)
	return readAs(preview, err)
}

// readAs is the state of an import that was read.
func readAs(preview report, failure error) (dbx.Params, error) {
	if failure != nil {
		return nil, failure
	}
	text, err := asJSON(preview)
	return dbx.Params{"state": collections.ImportReady, "preview": text, "error": ""}, err
}

// titles imports a file of titles, or with dry tells what that would do. The report is there also with an error that came in the middle.
func (r *Runner) titles(j *job, imp collections.Import, options Options, dry bool) (*titlesReport, error) {
	total := 0
	frame := untilCancelled(j.ctx)
	if !dry {
		before, err := reportOf(imp.Kind, imp.Preview)
		if err != nil {
			return nil, err
		}
		if known, ok := before.(*titlesReport); ok {
			total = known.Read
		}
		frame = journaledUntilCancelled(j)
	}
	columns, err := columnsOfImport(imp)
	if err != nil {
		return nil, err
	}
	var first []sample
	j.at(0, total)
	summary, err := catalog.Import(r.app, []string{filePath(r.app, imp.ID)}, catalog.ImportOptions{
		Items: options.Items, Match: options.Match, Columns: columns.Fields, Map: options.Map, DryRun: dry, Serving: true,
		Progress: func(records int) { j.at(records, max(records, total)) },
		Name:     imp.File, Seed: imp.ID, Frame: frame,
		First: func(title collections.Title, items []collections.Item) bool {
			first = append(first, sampleOf(title, items))
			return len(first) < maxSamples
		},
		Met: metBy(imp.ID, dry),
	})
	if err := keepRemarks(r.app, imp.ID, summary); err != nil {
		return nil, err
	}
	done := reportTitles(summary, first)
	if partly := fault.CodeOf(err) == fault.Invalid && summary.Read > len(summary.Rejected)+summary.MoreRejected; partly {
		done.warn(Remark{Code: "cut_short", Text: textOf(err)}, say.T("imports.kind.cut_short"))
		err = nil
	}
	if err == nil {
		j.at(summary.Read, summary.Read)
	}
	return done, err
}

func sampleOf(title collections.Title, items []collections.Item) sample {
	s := sample{Title: title.Title, Author: title.Author, CallNumber: title.CallNumber, Year: title.Year, Items: len(items)}
	for _, item := range items {
		if item.CallNumber != "" {
			s.CallNumber = item.CallNumber
		}
		if item.Barcode != "" {
			s.Barcode = item.Barcode
			break
		}
	}
	return s
}

func textOf(err error) say.Text {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Text
	}
	return say.T("imports.failed")
}

// readTitles tells what a file of titles would do. A table is not read before it is clear which column has the titles.
func (r *Runner) readTitles(j *job, imp collections.Import, options Options) (dbx.Params, error) {
	list, err := listOf(imp, filePath(r.app, imp.ID))
	if err != nil {
		return nil, err
	}
	if list == nil {
		preview, err := r.titles(j, imp, options, true)
		return readAs(preview, err)
	}
	return r.readList(list, imp, options, func(imp collections.Import) (report, error) { return r.titles(j, imp, options, true) })
}

// readRoster tells what a roster would do. A list whose columns are not clear is not read before somebody has said what they are.
func (r *Runner) readRoster(j *job, imp collections.Import, options Options) (dbx.Params, error) {
	list, err := listOf(imp, filePath(r.app, imp.ID))
	if err != nil {
		return nil, err
	}
	return r.readList(list, imp, options, func(imp collections.Import) (report, error) { return r.roster(j, imp, options, true) })
}

// readList notes what the columns of a list go to and reads it, once nothing is missing.
func (r *Runner) readList(list list, imp collections.Import, options Options, read func(collections.Import) (report, error)) (dbx.Params, error) {
	columns, err := r.columnsFor(list, imp)
	if err != nil {
		return nil, err
	}
	if columns.Missing, err = list.missing(columns, options); err != nil {
		return nil, err
	}
	kept, err := asJSON(columns)
	if err != nil {
		return nil, err
	}
	if len(columns.Missing) > 0 {
		why, err := asJSON(say.T("imports.missing_column", say.T("imports.field."+columns.Missing[0])))
		return dbx.Params{"state": collections.ImportUnreadable, "columns": kept, "preview": "", "error": why}, err
	}
	if err := set(r.app, imp.ID, dbx.Params{"columns": kept}); err != nil {
		return nil, err
	}
	imp.Columns = []byte(kept)
	preview, err := read(imp)
	return readAs(preview, err)
}

// roster takes a roster, or with dry tells what that would do.
func (r *Runner) roster(j *job, imp collections.Import, options Options, dry bool) (*rosterReport, error) {
	columns, err := columnsOfImport(imp)
	if err != nil {
		return nil, err
	}
	frame := untilCancelled(j.ctx)
	if !dry {
		frame = journaledUntilCancelled(j)
	}
	summary, err := patrons.Import(r.app, filePath(r.app, imp.ID), patrons.Options{
		DryRun: dry, Confirm: options.Confirm, Serving: true, Lang: langOf(imp), Name: imp.File, Roster: columns.options(options),
		Seed: imp.ID, Frame: frame, Progress: j.at, Met: metBy(imp.ID, dry),
	})
	done := reportRoster(summary)
	var f *fault.Error
	if dry && errors.As(err, &f) && f.Word == manyLeaving {
		done.ManyLeaving, err = true, nil
	}
	if dry && options.Confirm && err == nil { // what was confirmed is still said
		done.ManyLeaving = r.manyWouldLeave(imp, columns.options(options))
	}
	if err == nil {
		j.at(summary.Read, summary.Read)
	}
	return done, err
}

// manyLeaving is the word of a roster with which more than a fifth of the school would leave.
const manyLeaving = "many_leaving"

func (r *Runner) manyWouldLeave(imp collections.Import, how roster.Options) bool {
	_, err := patrons.Import(r.app, filePath(r.app, imp.ID), patrons.Options{DryRun: true, Roster: how})
	var f *fault.Error
	return errors.As(err, &f) && f.Word == manyLeaving
}

// grades are those of a school, in the order in which children go through them.
var grades = []string{"PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}

func gradeAfter(grade string) string {
	i := slices.Index(grades, grade)
	if i < 0 || i+1 == len(grades) {
		return grade
	}
	return grades[i+1]
}
