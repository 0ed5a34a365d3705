package reports

import "slices"

// Sheet is a report that fits on one page of paper: a sentence, large numbers, and sections in two columns. Its words are said already.
type Sheet struct {
	School   string    `json:"school"`
	Title    string    `json:"title"`
	From     string    `json:"from"` // days
	To       string    `json:"to"`
	For      string    `json:"for"` // for whom, as the librarian wrote it
	Sentence string    `json:"sentence"`
	Tiles    []Tile    `json:"tiles"`
	Sections []Section `json:"sections"` // row by row
}

// Section is a part of a sheet: a table, or shares before and after. Those of one row stand beside each other, on the left or the right; a wide one has its row
// to itself.
type Section struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	Lead    string       `json:"lead"`
	Row     int          `json:"row"`
	Right   bool         `json:"right"`
	Wide    bool         `json:"wide"`
	Columns []SheetCell  `json:"columns"`
	Rows    [][]string   `json:"rows"`
	Strong  bool         `json:"strong"` // the last row is the sum
	Bars    []BeforeNext `json:"bars"`
	Note    string       `json:"note"`
}

// SheetCell is a column of a section's table; a wide one is for words.
type SheetCell struct {
	Name  string `json:"name"`
	Right bool   `json:"right"`
	Wide  bool   `json:"wide"`
}

// BeforeNext is a share before and after, 0 to 1 and null where nobody answered, with its words.
type BeforeNext struct {
	Label   string   `json:"label"`
	Before  *float64 `json:"before"`
	After   *float64 `json:"after"`
	WasText string   `json:"was"`
	NowText string   `json:"now"`
}

// beside puts sections next to each other, two a row, without those that have nothing to tell.
func beside(from int, sections ...Section) (placed []Section) {
	for _, s := range sections {
		if s.empty() {
			continue
		}
		s.Row, s.Right = from+len(placed)/2, len(placed)%2 == 1
		placed = append(placed, s)
	}
	return placed
}

func (s Section) empty() bool { return len(s.Rows) == 0 && len(s.Bars) == 0 && s.Note == "" }

// tell makes the section's lists ready for JSON.
func (s *Sheet) tell() {
	s.Tiles, s.Sections = list(s.Tiles), list(s.Sections)
	for i := range s.Sections {
		section := &s.Sections[i]
		section.Columns, section.Rows, section.Bars = list(section.Columns), list(section.Rows), list(section.Bars)
	}
}

// sheetColumns are those of a sheet as a table, for a spreadsheet.
var sheetColumns = []Column{{ID: "part", Kind: Text}, {ID: "what", Kind: Text}, {ID: "value", Kind: Text}}

// rows are the sheet as a table: the part, what, and the numbers in one cell.
func (s Sheet) rows(numbers string) (rows [][]any) {
	for _, tile := range s.Tiles {
		rows = append(rows, []any{numbers, tile.Label, tile.Value})
	}
	for _, section := range s.Sections {
		for _, bar := range section.Bars {
			rows = append(rows, []any{section.Title, bar.Label, bar.WasText + " → " + bar.NowText})
		}
		for _, row := range section.Rows {
			rows = append(rows, []any{section.Title, row[0], section.said(row)})
		}
	}
	return rows
}

// said are the cells of a row but the first, each with the name of its column.
func (s Section) said(row []string) (text string) {
	for i, cell := range row[1:] {
		if cell == "" {
			continue
		}
		if text != "" {
			text += ", "
		}
		if named := i+1 < len(s.Columns) && s.Columns[i+1].Name != ""; named {
			text += s.Columns[i+1].Name + " "
		}
		text += cell
	}
	return text
}

// sheet begins one with the school and the days.
func (l *look) sheet(title string) Sheet {
	return Sheet{School: l.house.School.Name, Title: title, From: l.period.from.String(), To: l.period.to.String(), For: l.values[pFor]}
}

// titled is the title that says the period by its name: PREFIX.year, PREFIX.between …
func (l *look) titled(prefix string) string {
	name := orText(l.values[pDays], "year")
	if slices.Contains(periods, name) {
		return l.say(prefix + "." + word(name))
	}
	return l.say(prefix + ".between")
}

func words(name string, columns ...string) []SheetCell {
	cells := []SheetCell{{Name: name, Wide: true}}
	for _, column := range columns {
		cells = append(cells, SheetCell{Name: column, Right: true})
	}
	return cells
}
