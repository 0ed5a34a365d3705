package checks

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"carrel/internal/fault"
	"carrel/internal/roster"
	"carrel/internal/say"
	"carrel/internal/site"
)

// maxFile bounds a file of results: one of a class has a few thousand bytes.
const maxFile = 1 << 20

// Problem is something in a file that does not fit. Column is as in the file; empty when it is the row's.
type Problem struct {
	Line   int
	Column string
	Code   string // unknown_column, no_seat, seat_twice, not_points, above, broken
	Text   say.Text
}

// File is a file of results as it was understood. Rows with a problem are not among the rows.
type File struct {
	Rows     []SeatRow
	Problems []Problem
	Columns  map[string]string // heading to item
}

// ReadFile reads results of a class: a column with the seat ("seat", "code"), and one for each item, headed by its number ("1", "Q1"), its skill or its id. An
// empty cell is an item that was not answered by anybody there. The code is fault.Invalid at file: unreadable, too large, without a column for seats or items.
func (c Check) ReadFile(name string, content io.Reader) (file File, err error) {
	limited := &io.LimitedReader{R: content, N: maxFile + 1}
	sheet, err := roster.ReadSheet(name, limited)
	if limited.N <= 0 {
		return file, badFile("checks.file.too_big", "too_big")
	}
	if err != nil {
		return file, unreadable(err)
	}
	seat, items := c.heading(sheet.Heading, &file)
	if seat < 0 || len(file.Columns) == 0 {
		return file, badFile("checks.file.no_columns", "missing_column")
	}
	broken := map[int]bool{}
	for _, problem := range sheet.Problems {
		broken[problem.Line] = true
		file.Problems = append(file.Problems, Problem{problem.Line, "", "broken", say.T("roster.problem." + problem.Code)})
	}
	seats := map[string]bool{}
	for _, line := range sheet.Rows {
		if broken[line.Line] {
			continue
		}
		row := SeatRow{Line: line.Line, Seat: site.OneLine(line.Cells[seat]), Points: Points{}}
		if problem := c.readRow(&row, line, sheet.Heading, items); problem != nil {
			file.Problems = append(file.Problems, *problem)
			continue
		}
		if seats[plain(row.Seat)] {
			file.Problems = append(file.Problems, Problem{row.Line, sheet.Heading[seat], "seat_twice", say.T("checks.seat_twice", row.Seat)})
			continue
		}
		seats[plain(row.Seat)] = true
		file.Rows = append(file.Rows, row)
	}
	return file, nil
}

// heading finds what each column is; the item of a column that is none is nil.
func (c Check) heading(heading []string, file *File) (seat int, items []*Item) {
	seat, items, file.Columns = -1, make([]*Item, len(heading)), map[string]string{}
	taken := map[string]bool{}
	for place, text := range heading {
		item := c.headed(text)
		switch {
		case isSeat(text) && seat < 0:
			seat = place
		case item != nil && !taken[item.ID]:
			taken[item.ID] = true
			items[place], file.Columns[text] = item, item.ID
		case strings.TrimSpace(text) != "":
			file.Problems = append(file.Problems, Problem{1, text, "unknown_column", say.T("checks.file.unknown_column", text)})
		}
	}
	return seat, items
}

func isSeat(heading string) bool {
	switch roster.PlainName(heading) {
	case "seat", "seatcode", "code", "asiento", "codigo", "código", "clave":
		return true
	}
	return false
}

// headed is the item that a heading means.
func (c Check) headed(heading string) *Item {
	name := roster.PlainName(heading)
	for i := range c.Items {
		item := &c.Items[i]
		number := strconv.Itoa(i + 1)
		for _, known := range []string{number, "q" + number, "question" + number, "p" + number, "pregunta" + number, item.ID, roster.PlainName(item.Skill), roster.PlainName(item.SkillES)} {
			if known != "" && known == name {
				return item
			}
		}
	}
	return nil
}

func (c Check) readRow(row *SeatRow, line roster.SheetRow, heading []string, items []*Item) *Problem {
	if plain(row.Seat) == "" || len(row.Seat) > maxSeat {
		return &Problem{line.Line, "", "no_seat", say.T("checks.seat", maxSeat)}
	}
	for place, item := range items {
		cell := strings.TrimSpace(line.Cells[place])
		if item == nil || cell == "" {
			continue
		}
		points, err := strconv.Atoi(cell)
		if err != nil {
			return &Problem{line.Line, heading[place], "not_points", say.T("checks.file.not_points", cell)}
		}
		if points < 0 || points > item.Points {
			return &Problem{line.Line, heading[place], "above", say.T("checks.above", item.Points)}
		}
		row.Points[item.ID] = points
	}
	return nil
}

func badFile(key, word string, args ...any) *fault.Error {
	return fault.New("checks.ReadFile", fault.Invalid, key, args...).Named(word).At("file")
}

func unreadable(err error) error {
	var file *roster.FileError
	if !errors.As(err, &file) {
		return fault.Wrap("checks.ReadFile", err)
	}
	return badFile("checks.file.unreadable", "bad_file", say.T("roster.file."+file.Code, file.Args()...)).Because(err)
}

// Present counts the rows that say something.
func (f File) Present() (n int) {
	for _, row := range f.Rows {
		if len(row.Points) > 0 {
			n++
		}
	}
	return n
}

// Missing lists the seats that are not in the file, of those that did the check before.
func (f File) Missing(before []string) []string {
	there := map[string]bool{}
	for _, row := range f.Rows {
		there[plain(row.Seat)] = len(row.Points) > 0
	}
	missing := []string{}
	for _, seat := range before {
		if !there[plain(seat)] {
			missing = append(missing, seat)
		}
	}
	return missing
}
