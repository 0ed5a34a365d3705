package standards

import (
	"bytes"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"carrel/internal/roster"
)

// columns are the headings of the spreadsheets met: those of OpenSALT's export, and plain words in English and Spanish. They are compared without case, blanks and signs.
var columns = map[string]string{
	"identifier": "id", "id": "id", "guid": "id", "uuid": "id",
	"fullstatement": "text", "statement": "text", "standard": "text", "description": "text", "text": "text", "estandar": "text", "enunciado": "text", "descripcion": "text",
	"humancodingscheme": "code", "code": "code", "standardcode": "code", "codigo": "code", "notation": "code",
	"smartlevel": "level", "level": "level",
	"abbreviatedstatement": "short", "shortstatement": "short", "shorttitle": "short",
	"ischildof": "parent", "parent": "parent", "parentcode": "parent", "parentid": "parent", "padre": "parent",
	"sequencenumber": "number", "sequence": "number", "order": "number", "orden": "number", "listenumeration": "list",
	"educationlevel": "grades", "educationallevel": "grades", "grade": "grades", "grades": "grades", "gradelevel": "grades", "grado": "grades", "grados": "grades",
	"cfitemtype": "type", "itemtype": "type", "type": "type", "tipo": "type",
	"notes": "notes", "note": "notes", "notas": "notes",
}

// heading is where each field is.
type heading map[string]int

func headingOf(names []string) heading {
	h := heading{}
	for i, name := range names {
		plain := strings.Map(func(r rune) rune {
			switch r {
			case 'á', 'Á':
				return 'a'
			case 'é', 'É':
				return 'e'
			case 'ó', 'Ó':
				return 'o'
			case ' ', '_', '-', '.':
				return -1
			}
			return r
		}, name)
		if field, known := columns[strings.ToLower(plain)]; known {
			if _, twice := h[field]; !twice {
				h[field] = i
			}
		}
	}
	return h
}

func (h heading) get(row roster.SheetRow, field string) string {
	at, ok := h[field]
	if !ok {
		return ""
	}
	return tidy(row.Cells[at])
}

// readTable reads a spreadsheet. A tree is in it in one of three ways, looked for in this order: a column names what a row stands under; a column numbers the levels
// ("3.6.2.1", OpenSALT's smartLevel); the codes tell it (A.B.C stands under A.B).
func readTable(content []byte, name string) (Framework, error) {
	sheet, err := roster.ReadSheet(name, bytes.NewReader(content))
	if err != nil {
		var file *roster.FileError
		if errors.As(err, &file) {
			return Framework{}, &FileError{Code: BrokenTable, Err: err}
		}
		return Framework{}, err
	}
	h := headingOf(sheet.Heading)
	if _, ok := h["text"]; !ok {
		return Framework{}, &FileError{Code: NotStandards, Line: 1}
	}
	if len(sheet.Rows) > MaxStatements {
		return Framework{}, &FileError{Code: TooMany}
	}
	f := Framework{Title: strings.TrimSuffix(path.Base(name), path.Ext(name))}
	var nodes []*node
	var levels []string
	for _, row := range sheet.Rows {
		if n := f.nodeOfRow(h, row); n != nil {
			nodes = append(nodes, n)
			levels = append(levels, h.get(row, "level"))
		}
	}
	if len(nodes) == 0 {
		return Framework{}, &FileError{Code: Empty}
	}
	nodes, levels = f.once(nodes, levels)
	switch {
	case slices.ContainsFunc(nodes, func(n *node) bool { return len(n.under) > 0 }):
	case slices.ContainsFunc(levels, func(level string) bool { return level != "" }):
		byLevel(nodes, levels)
	default:
		byCode(nodes)
	}
	plant(&f, nodes)
	return f, nil
}

func (f *Framework) nodeOfRow(h heading, row roster.SheetRow) *node {
	n := &node{line: row.Line, Statement: Statement{
		ID: h.get(row, "id"), Code: h.get(row, "code"), Text: h.get(row, "text"), Short: h.get(row, "short"), Type: h.get(row, "type"), Notes: h.get(row, "notes"),
	}}
	number := looseOf(h.get(row, "number"))
	if !number.set {
		number = looseOf(h.get(row, "list"))
	}
	n.number, n.counted = number.value, number.set
	if parent := h.get(row, "parent"); parent != "" {
		n.under = []link{{parent, n.number, n.counted}}
	}
	f.setGrades(n, strings.FieldsFunc(h.get(row, "grades"), func(r rune) bool { return r == ',' || r == ';' || r == '|' }))
	return f.worded(n)
}

// once leaves out further rows with the id of an earlier one.
func (f *Framework) once(nodes []*node, levels []string) ([]*node, []string) {
	seen := map[string]bool{}
	kept, keptLevels := nodes[:0:0], levels[:0:0]
	for i, n := range nodes {
		if n.ID != "" && seen[n.ID] {
			f.remark(Double, n, n.ID)
			continue
		}
		seen[n.ID] = true
		kept, keptLevels = append(kept, n), append(keptLevels, levels[i])
	}
	return kept, keptLevels
}

// byLevel puts 3.6.2 under 3.6, or under 3 when no row is 3.6. The last number is the place among the siblings.
func byLevel(nodes []*node, levels []string) {
	names := map[string]*node{}
	for i, n := range nodes {
		if levels[i] != "" && names[levels[i]] == nil {
			names[levels[i]] = n
		}
	}
	for i, n := range nodes {
		if last := levels[i][strings.LastIndexByte(levels[i], '.')+1:]; !n.counted {
			number := looseOf(last)
			n.number, n.counted = number.value, number.set
		}
		nest(n, levels[i], names, i)
	}
}

func byCode(nodes []*node) {
	names := map[string]*node{}
	for _, n := range nodes {
		if n.Code != "" && names[n.Code] == nil {
			names[n.Code] = n
		}
	}
	for i, n := range nodes {
		nest(n, n.Code, names, i)
	}
}

// nest puts a node under the nearest one whose name is a beginning of its own. That one may have neither id nor code, so it is given a name nobody else has.
func nest(n *node, name string, names map[string]*node, place int) {
	for {
		dot := strings.LastIndexByte(name, '.')
		if dot < 0 {
			return
		}
		name = name[:dot]
		above := names[name]
		if above == nil || above == n {
			continue
		}
		if above.ID == "" {
			above.ID = "row " + strconv.Itoa(above.line)
		}
		n.under = []link{{above.ID, n.number, n.counted}}
		return
	}
}
