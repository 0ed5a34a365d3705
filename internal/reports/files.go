package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"carrel/internal/policy"

	"github.com/xuri/excelize/v2"
)

// CSV writes a report as UTF-8 with a mark at its beginning, by which spreadsheets know it. A text that begins like a formula gets an apostrophe.
func (r Report) CSV(out io.Writer) error {
	if _, err := io.WriteString(out, "\uFEFF"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	heads := make([]string, len(r.Columns))
	for i, column := range r.Columns {
		heads[i] = harmless(column.Name)
	}
	_ = w.Write(heads) // a failed write comes back below
	for _, row := range r.withTotals() {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = plain(cell, r.Columns[i].Kind)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return w.Error()
}

func (r Report) withTotals() [][]any {
	if len(r.Totals) == 0 {
		return r.Rows
	}
	return append(r.Rows[:len(r.Rows):len(r.Rows)], r.Totals)
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func plain(cell any, kind string) string {
	switch value := cell.(type) {
	case nil:
		return ""
	case string:
		return harmless(value)
	case policy.Day:
		return value.String()
	case int:
		if kind == Money {
			return strconv.FormatFloat(float64(value)/100, 'f', 2, 64)
		}
		return strconv.Itoa(value)
	case float64:
		if kind == Percent {
			return strconv.FormatFloat(math.Round(value*1000)/10, 'f', -1, 64) + "%"
		}
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return fmt.Sprint(cell)
}

// The longest name of a sheet, and what it must not have (Excel's own limits).
const (
	longestSheet = 31
	notInSheet   = `:\/?*[]'`
)

// XLSX writes a report as a workbook of one sheet: numbers are numbers and days are days, and the heads stay in view.
func (r Report) XLSX(out io.Writer) (err error) {
	book := excelize.NewFile()
	defer book.Close() //nolint:errcheck // everything is in memory
	sheet := sheetName(r.Name)
	if err := book.SetSheetName(book.GetSheetName(0), sheet); err != nil {
		return err
	}
	stream, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := r.fill(book, stream); err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	var whole bytes.Buffer
	if err := book.Write(&whole); err != nil {
		return err
	}
	_, err = whole.WriteTo(out)
	return err
}

func (r Report) fill(book *excelize.File, stream *excelize.StreamWriter) error {
	styles, err := stylesOf(book)
	if err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	heads := make([]any, len(r.Columns))
	for i, column := range r.Columns {
		if err := stream.SetColWidth(i+1, i+1, width(column)); err != nil {
			return err
		}
		heads[i] = excelize.Cell{StyleID: styles["head"], Value: column.Name}
	}
	if err := stream.SetRow("A1", heads); err != nil {
		return err
	}
	for n, row := range r.withTotals() {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = excelize.Cell{StyleID: styles[r.Columns[i].Kind], Value: sheetValue(cell, r.Columns[i].Kind)}
		}
		if err := stream.SetRow("A"+strconv.Itoa(n+2), cells); err != nil {
			return err
		}
	}
	return nil
}

// stylesOf are the styles by kind of column. The numbers are Excel's built-in formats: 10 is 0.00%, 14 the short day of wherever it is opened, 4 is #,##0.00.
func stylesOf(book *excelize.File) (map[string]int, error) {
	styles := map[string]int{}
	for name, style := range map[string]*excelize.Style{
		"head": {Font: &excelize.Font{Bold: true}}, Percent: {NumFmt: 10}, Date: {NumFmt: 14}, Money: {NumFmt: 4},
	} {
		id, err := book.NewStyle(style)
		if err != nil {
			return nil, err
		}
		styles[name] = id
	}
	return styles, nil
}

// width of a column, in letters.
func width(column Column) float64 {
	switch {
	case column.ID == "title", column.ID == "section", column.ID == "what":
		return 40
	case column.Kind == Text:
		return 20
	}
	return 14
}

// sheetValue is a cell as a workbook keeps it; a text in it is never a formula.
func sheetValue(cell any, kind string) any {
	switch value := cell.(type) {
	case policy.Day:
		return value.At(0, time.UTC)
	case string:
		if day, err := policy.ParseDay(value); kind == Date && err == nil && day != 0 {
			return day.At(0, time.UTC)
		}
	case int:
		if kind == Money {
			return float64(value) / 100
		}
	}
	return cell
}

func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(notInSheet, r) {
			return ' '
		}
		return r
	}, name)
	letters := []rune(strings.TrimSpace(name))
	return string(letters[:min(len(letters), longestSheet)])
}
