package budget

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"carrel/collections"
	"carrel/internal/booklist"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/marc"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Matched is what a vendor's file did for an order.
type Matched struct {
	Matched   []LineTitle `json:"matched"`
	Unmatched []string    `json:"unmatched"` // ids of the lines that have no title still
	Records   int         `json:"records"`   // that the file holds
	Titles    int         `json:"titles"`    // that were made of them
}

// LineTitle is a line and the title it got.
type LineTitle struct {
	Line  string   `json:"line"`
	Title TitleRef `json:"title"`
}

// MatchRecords reads a vendor's file of MARC records and gives the lines of an order their titles by ISBN. Records of books that are not here yet are imported as any
// other, without the items in them: copies are made when they come. Records that no line asks for are left. The codes are fault.NotFound (id), fault.Invalid (file) for
// what is no MARC, or is cut off before its first record.
func MatchRecords(ctx context.Context, app core.App, order, name string, file io.Reader) (matched Matched, err error) {
	const op = "budget.MatchRecords"
	if _, err := byID[collections.Order](app, op, order, "id"); err != nil {
		return matched, err
	}
	lines, err := linesOf(app, order)
	if err != nil {
		return matched, err
	}
	folder, err := os.MkdirTemp("", "carrel-records")
	if err != nil {
		return matched, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what stays is cleared with the other temporary files
	path := filepath.Join(folder, "new.mrc")
	fresh, err := matched.wanted(ctx, app, lines, name, file, path)
	if err != nil {
		return matched, err
	}
	if fresh {
		done, err := catalog.Import(app, []string{path}, catalog.ImportOptions{Items: booklist.NoItems, Match: catalog.MatchSkip, Serving: true, Name: name})
		if err != nil {
			return matched, err
		}
		matched.Titles = done.Titles.Added
	}
	return matched, matched.link(app, order)
}

// wanted copies the records that a line asks for and that are not here yet to a file of their own.
func (m *Matched) wanted(ctx context.Context, app core.App, lines []collections.OrderLine, name string, file io.Reader, path string) (fresh bool, err error) {
	const op = "budget.MatchRecords"
	reader, err := marc.NewReader(file, name)
	if err != nil {
		return false, fault.New(op, fault.Invalid, "adds.pool_not_marc", name).Named("wrong_file").At("file").Because(err)
	}
	var asked []string
	for _, line := range lines {
		if line.ISBN != "" {
			asked = append(asked, line.ISBN)
		}
	}
	out, err := os.Create(path) //nolint:gosec // in a folder of its own
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	for ctx.Err() == nil {
		record, _, err := reader.Next()
		var bad *marc.RecordError
		var format *marc.FormatError
		switch {
		case errors.Is(err, io.EOF):
			return fresh, nil
		case errors.As(err, &bad):
			continue // its neighbours may do
		case errors.As(err, &format):
			return fresh, fault.New(op, fault.Invalid, "adds.pool_not_marc", name).Named("wrong_file").At("file").Because(err)
		case err != nil:
			return fresh, fault.New(op, fault.Invalid, "adds.pool_cut").Named("cut_off").At("file").Because(err)
		}
		m.Records++
		wants, err := isWanted(app, asked, marc.Extract(record).ISBNs)
		if err != nil {
			return fresh, err
		}
		if !wants {
			continue
		}
		whole, err := marc.AppendISO2709(nil, record)
		if err != nil {
			continue // too long for the format, and for any book
		}
		if _, err := out.Write(whole); err != nil {
			return fresh, err
		}
		fresh = true
	}
	return fresh, ctx.Err()
}

// isWanted tells whether a line asks for one of the numbers of a record, and no title has it.
func isWanted(app core.App, asked, numbers []string) (bool, error) {
	wants := false
	for _, number := range numbers {
		if !slices.Contains(asked, number) {
			continue
		}
		wants = true
		if id, err := catalog.TitleWithISBN(app, number); err != nil || id != "" {
			return false, err
		}
	}
	return wants, nil
}

// link gives the lines of an order that have none the titles with their ISBNs.
func (m *Matched) link(app core.App, order string) error {
	m.Matched, m.Unmatched = []LineTitle{}, []string{}
	return app.RunInTransaction(func(app core.App) error {
		lines, err := linesOf(app, order)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if line.Title != "" {
				continue
			}
			id, err := catalog.TitleWithISBN(app, line.ISBN)
			if err != nil {
				return err
			}
			if id == "" {
				m.Unmatched = append(m.Unmatched, line.ID)
				continue
			}
			title, err := byID[collections.Title](app, "budget.MatchRecords", id, "title")
			if err != nil {
				return err
			}
			if err := setLine(app, line.ID, dbx.Params{"title": id}); err != nil {
				return err
			}
			m.Matched = append(m.Matched, LineTitle{line.ID, TitleRef{id, title.Title}})
		}
		return nil
	})
}
