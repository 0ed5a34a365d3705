package catalog

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"carrel/internal/marc"
)

// sink takes the titles of an export one by one.
type sink interface {
	title(*held) error
	close() error
}

// newSink is the sink for a format, nil for an unknown one. file is the name of the export, beside which others may begin.
func newSink(out *bufio.Writer, options ExportOptions, file string, files *drafts, done *Exported) sink {
	switch options.Format {
	case "", "marc":
		return &isoSink{out: out, file: file, files: files, done: done}
	case "marcxml":
		return &xmlSink{marc.NewXMLWriter(out), done}
	case "mij":
		return jsonSink{out}
	case "csv":
		return newCSVSink(out, options.NoMoney)
	}
	return nil
}

// isoSink writes ISO 2709, and beside it MARCXML for what is too long (a record of more than 99,999 bytes, a field of more than 9,999).
type isoSink struct {
	out    *bufio.Writer
	file   string
	files  *drafts
	done   *Exported
	beside *xmlSink
	buffer []byte
}

func (s *isoSink) title(title *held) (err error) {
	s.buffer, err = marc.AppendISO2709(s.buffer[:0], title.record)
	if errors.Is(err, marc.ErrTooLong) {
		return s.tooLong(title)
	}
	if err != nil {
		return err
	}
	_, err = s.out.Write(s.buffer)
	return err
}

func (s *isoSink) tooLong(title *held) error {
	if s.beside == nil {
		name := strings.TrimSuffix(s.file, filepath.Ext(s.file)) + ".too-long.xml"
		out, err := s.files.begin(name)
		if err != nil {
			return err
		}
		s.done.OverflowFile, s.beside = name, &xmlSink{marc.NewXMLWriter(out), s.done}
	}
	s.done.TooLong = append(s.done.TooLong, title.Title.Title)
	return s.beside.title(title)
}

func (s *isoSink) close() error {
	if s.beside == nil {
		return nil
	}
	return s.beside.close()
}

type xmlSink struct {
	xml  *marc.XMLWriter
	done *Exported
}

func (s *xmlSink) title(title *held) error {
	changed, err := s.xml.Write(title.record)
	for _, repair := range changed {
		if len(s.done.Remarks) < maxListed {
			s.done.Remarks = append(s.done.Remarks, title.Title.Title+": "+repair.Message())
		}
	}
	return err
}

func (s *xmlSink) close() error { return s.xml.Close() }

// jsonSink writes one record a line.
type jsonSink struct{ out *bufio.Writer }

func (s jsonSink) title(title *held) error {
	_, err := s.out.Write(append(marc.Encode(title.record), '\n'))
	return err
}

func (s jsonSink) close() error { return nil }

// csvSink writes one row an item; a title without items has one row.
type csvSink struct {
	csv     *csv.Writer
	noMoney bool
}

var csvColumns = []string{
	"title", "author", "publisher", "year", "isbn", "language", "type", "audience", "series",
	"barcode", "call_number", "item_type", "location", "copy", "status", "price", "currency", "acquired", "vendor", "fund",
	"public_note", "staff_note", "pages", "summary", "subjects", "lexile", "grades", "id",
}

// moneyColumns are what not everybody may know.
var moneyColumns = []string{"price", "currency", "vendor", "fund"}

func newCSVSink(out *bufio.Writer, noMoney bool) *csvSink {
	s := &csvSink{csv.NewWriter(out), noMoney}
	_ = s.row(csvColumns) // a failed write comes back from close
	return s
}

func (s *csvSink) title(title *held) error {
	about := []string{
		title.Title.Title, title.Author, title.Publisher, yearText(title.Year), title.ISBN, title.Language, title.Type, title.Audience, title.Series,
	}
	facts := marc.Extract(title.record)
	more := []string{facts.Extent, title.Summary, strings.Join(facts.Subjects, " | "), facts.Lexile, facts.Grades, title.ID}
	if len(title.items) == 0 {
		return s.row(about, []string{"", title.CallNumber, "", "", "", "", "", "", "", "", "", "", ""}, more)
	}
	for i := range title.items {
		item := &title.items[i]
		err := s.row(about, []string{
			item.Barcode, item.CallNumber, item.TypeCode, item.LocationCode, item.Copy, item.Status,
			priceText(item.PriceCents), item.Currency, item.Acquired.String(), item.Vendor, item.Fund, item.PublicNote, item.StaffNote,
		}, more)
		if err != nil {
			return err
		}
	}
	return nil
}

// row writes cells in the order of csvColumns.
func (s *csvSink) row(parts ...[]string) error {
	row := make([]string, 0, len(csvColumns))
	for i, cell := range slices.Concat(parts...) {
		if !s.noMoney || !slices.Contains(moneyColumns, csvColumns[i]) {
			row = append(row, defuse(cell))
		}
	}
	return s.csv.Write(row)
}

// defuse puts an apostrophe before what a spreadsheet would take for a formula: it would run it on the computer of whoever opens the file. No number
// of ours begins so.
func defuse(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func (s *csvSink) close() error {
	s.csv.Flush()
	return s.csv.Error()
}

func priceText(cents int) string {
	if cents == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}
