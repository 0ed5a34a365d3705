package inventory

import (
	"slices"

	"carrel/internal/fault"
	"carrel/internal/say"
)

// Kinds are the lists of a report, in the order in which a librarian goes through them.
var Kinds = []string{"not_seen", "misplaced", "out_but_here", "found", "withdrawn", "unknown"}

// Row is a row of such a list, for paper and for a file.
type Row struct {
	Line
	Why say.Text // empty where the list says it
}

// List is one of the lists of a report. The code is fault.Invalid (list).
func (f Findings) List(kind string) (rows []Row, err error) {
	if !slices.Contains(Kinds, kind) {
		return nil, fault.New("inventory.List", fault.Invalid, "inventory.bad_list").At("list")
	}
	switch kind {
	case "not_seen":
		rows = plain(f.NotSeen)
	case "withdrawn":
		rows = plain(f.Withdrawn)
	case "misplaced":
		for _, m := range f.Misplaced {
			why := say.T("inventory.row." + m.Why)
			if m.Why == WrongOrder {
				why = between(m)
			}
			rows = append(rows, Row{m.Line, why})
		}
	case "out_but_here":
		for _, out := range f.OutButHere {
			rows = append(rows, Row{Line: out.Line})
		}
	case "found":
		for _, found := range f.Found {
			rows = append(rows, Row{found.Line, say.T("inventory.wrong.found." + found.Was)})
		}
	case "unknown":
		for _, code := range f.Unknown {
			row := Row{Line: Line{Barcode: code.Code}}
			if code.Behind != nil {
				row.Why = say.T("inventory.row.behind", code.Behind.CallNumber, code.Behind.Title)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func plain(lines []Line) []Row {
	rows := make([]Row, len(lines))
	for i, line := range lines {
		rows[i] = Row{Line: line}
	}
	return rows
}
