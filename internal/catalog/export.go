package catalog

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ExportOptions steer an export. Format is "marc", "marcxml", "mij" or "csv".
type ExportOptions struct {
	Format  string
	NoItems bool
}

// Exported says what an export wrote. TooLong lists the titles that do not fit ISO 2709 and stand in OverflowFile instead.
type Exported struct {
	Titles       int      `json:"titles"`
	TooLong      []string `json:"too_long,omitempty"`
	OverflowFile string   `json:"overflow_file,omitempty"`
}

// sink takes the titles of an export one by one.
type sink interface {
	title(held) error
	close() error
}

// held is one title with its items, as it is exported.
type held struct {
	collections.Title
	RowID  int `db:"rowid"`
	record marc.Record
	items  []namedItem
}

// namedItem is an item with the codes of its type and location.
type namedItem struct {
	collections.Item
	TypeCode     string `db:"type_code"`
	LocationCode string `db:"location_code"`
}

// Export writes every title to a file, which appears only when it is complete. The code is fault.Invalid (format, file).
func Export(app core.App, file string, options ExportOptions) (done Exported, err error) {
	const op = "catalog.Export"
	out, err := os.CreateTemp(filepath.Dir(file), ".carrel-export-*")
	if err != nil {
		return done, fault.New(op, fault.Invalid, "catalog.cannot_write", file, reason(err)).At("file")
	}
	defer os.Remove(out.Name()) //nolint:errcheck // gone already when all went well
	defer out.Close()           //nolint:errcheck // closed before the rename
	buffered := bufio.NewWriterSize(out, 1<<18)
	to, err := newSink(buffered, options.Format, file, &done)
	if err != nil {
		return done, err
	}
	err = eachHeld(app, options.NoItems, func(title held) error {
		done.Titles++
		return to.title(title)
	})
	if err == nil {
		err = errors.Join(to.close(), buffered.Flush(), out.Sync(), out.Close())
	}
	if err != nil {
		return done, err
	}
	if err := os.Chmod(out.Name(), 0o644); err != nil {
		return done, err
	}
	return done, os.Rename(out.Name(), file)
}

func newSink(out io.Writer, format, file string, done *Exported) (sink, error) {
	switch format {
	case "", "marc":
		return &isoSink{out: out, file: file, done: done}, nil
	case "marcxml":
		return &xmlSink{marc.NewXMLWriter(out)}, nil
	case "mij":
		return &jsonSink{out}, nil
	case "csv":
		return newCSVSink(out)
	}
	return nil, fault.New("catalog.Export", fault.Invalid, "catalog.bad_format", format).At("format")
}

// exportPage is how many titles are in memory at a time.
const exportPage = 200

// eachHeld walks the titles in the order in which they came.
func eachHeld(app core.App, noItems bool, do func(held) error) error {
	last := 0
	for {
		page := []held{}
		err := app.DB().NewQuery("SELECT rowid, * FROM titles WHERE rowid > {:last} ORDER BY rowid LIMIT {:page}").
			Bind(dbx.Params{"last": last, "page": exportPage}).All(&page)
		if err != nil || len(page) == 0 {
			return err
		}
		items, err := heldItems(app, page)
		if err != nil {
			return err
		}
		for _, title := range page {
			title.items = items[title.ID]
			if title.record, err = marc.Decode([]byte(title.MARC)); err != nil {
				return fmt.Errorf("the record of %q cannot be read: %w", title.Title.Title, err)
			}
			title.record = withItems(title, noItems)
			if err := do(title); err != nil {
				return err
			}
		}
		last = page[len(page)-1].RowID
	}
}

func heldItems(app core.App, titles []held) (map[string][]namedItem, error) {
	ids := make([]any, len(titles))
	for i, title := range titles {
		ids[i] = title.ID
	}
	rows := []namedItem{}
	err := app.DB().Select("items.*", "COALESCE(item_types.code, '') AS type_code", "COALESCE(locations.code, '') AS location_code").
		From(collections.Items).
		LeftJoin(collections.ItemTypes, dbx.NewExp("item_types.id = items.type")).
		LeftJoin(collections.Locations, dbx.NewExp("locations.id = items.location")).
		Where(dbx.In("items.title", ids...)).OrderBy("items.rowid").All(&rows)
	byTitle := map[string][]namedItem{}
	for _, row := range rows {
		byTitle[row.Item.Title] = append(byTitle[row.Item.Title], row)
	}
	return byTitle, err
}

// withItems puts the items into the record: a field that an item came from stays where it was and changes only where the item did;
// an item made here becomes a new field behind the others. A field whose item was rejected at import stays as it is.
func withItems(title held, noItems bool) marc.Record {
	record, tag := title.record, title.ItemTag
	if noItems {
		return withoutItems(record, tag)
	}
	read := map[int]marc.ItemFacts{}
	for _, facts := range marc.Items(record, tag) {
		read[facts.FieldIndex] = facts
	}
	byPlace := map[int]namedItem{}
	var fresh []namedItem
	for _, item := range title.items {
		if _, ok := read[item.MarcIndex-1]; ok {
			byPlace[item.MarcIndex-1] = item
		} else if item.Status != collections.ItemWithdrawn {
			fresh = append(fresh, item)
		}
	}
	fields := make([]marc.Field, 0, len(record.Fields)+len(fresh))
	for i, field := range record.Fields {
		if item, ok := byPlace[i]; ok {
			field = marc.UpdateItem(field, item.over(read[i]))
		}
		fields = append(fields, field)
	}
	for _, item := range fresh {
		fields = append(fields, marc.NewItemField(item.over(marc.ItemFacts{})))
	}
	record.Fields = fields
	return record
}

func withoutItems(record marc.Record, tag string) marc.Record {
	gone := map[int]bool{}
	for _, facts := range marc.Items(record, tag) {
		gone[facts.FieldIndex] = true
	}
	var fields []marc.Field
	for i, field := range record.Fields {
		if !gone[i] {
			fields = append(fields, field)
		}
	}
	record.Fields = fields
	return record
}

// over lays the item over what its field says; what Carrel does not keep of an item stays as the field has it.
func (i namedItem) over(facts marc.ItemFacts) marc.ItemFacts {
	facts.Barcode, facts.CallNumber, facts.ItemType, facts.Location, facts.Copy = i.Barcode, i.CallNumber, i.TypeCode, i.LocationCode, i.Copy
	facts.PriceCents, facts.Currency, facts.Acquired, facts.Vendor = i.PriceCents, i.Currency, i.Acquired.String(), i.Vendor
	facts.Funds, facts.PublicNotes, facts.StaffNotes = lines(i.Fund), lines(i.PublicNote), lines(i.StaffNote)
	switch {
	case i.NotForLoan:
		facts.Status = marc.StatusNotForLoan
	case i.Status == collections.ItemWithdrawn || i.Status == collections.ItemLost || i.Status == collections.ItemDamaged:
		facts.Status = i.Status
	case facts.Status != marc.StatusRestricted:
		facts.Status = ""
	}
	return facts
}

// lines parts a text that holds several notes or funds, one a line.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

type isoSink struct {
	out      io.Writer
	file     string
	done     *Exported
	overflow *os.File
	xml      *marc.XMLWriter
	buffer   []byte
}

func (s *isoSink) title(title held) (err error) {
	s.buffer, err = marc.AppendISO2709(s.buffer[:0], title.record)
	if errors.Is(err, marc.ErrTooLong) {
		return s.beside(title)
	}
	if err != nil {
		return err
	}
	_, err = s.out.Write(s.buffer)
	return err
}

// beside writes a record that is too long for ISO 2709 (more than 99,999 bytes, or a field of more than 9,999) as MARCXML next to the file.
func (s *isoSink) beside(title held) (err error) {
	if s.overflow == nil {
		s.done.OverflowFile = strings.TrimSuffix(s.file, filepath.Ext(s.file)) + ".too-long.xml"
		if s.overflow, err = os.Create(s.done.OverflowFile); err != nil {
			return err
		}
		s.xml = marc.NewXMLWriter(s.overflow)
	}
	s.done.TooLong = append(s.done.TooLong, title.Title.Title)
	_, err = s.xml.Write(title.record)
	return err
}

func (s *isoSink) close() error {
	if s.overflow == nil {
		return nil
	}
	return errors.Join(s.xml.Close(), s.overflow.Sync(), s.overflow.Close())
}

type xmlSink struct{ xml *marc.XMLWriter }

func (s *xmlSink) title(title held) error {
	_, err := s.xml.Write(title.record)
	return err
}

func (s *xmlSink) close() error { return s.xml.Close() }

// jsonSink writes one record a line.
type jsonSink struct{ out io.Writer }

func (s *jsonSink) title(title held) error {
	_, err := s.out.Write(append(marc.Encode(title.record), '\n'))
	return err
}

func (s *jsonSink) close() error { return nil }

// csvSink writes one row an item; a title without items has one row.
type csvSink struct{ csv *csv.Writer }

func newCSVSink(out io.Writer) (sink, error) {
	s := &csvSink{csv.NewWriter(out)}
	return s, s.csv.Write([]string{
		"title", "author", "publisher", "year", "isbn", "language", "type", "audience", "series",
		"barcode", "call_number", "item_type", "location", "copy", "status", "price", "currency", "acquired", "vendor", "fund",
	})
}

func (s *csvSink) title(title held) error {
	about := []string{
		title.Title.Title, title.Author, title.Publisher, yearText(title.Year), title.ISBN, title.Language, title.Type, title.Audience, title.Series,
	}
	if len(title.items) == 0 {
		return s.row(append(about, title.CallNumber), 9)
	}
	for _, item := range title.items {
		row := append(append([]string{}, about...),
			item.Barcode, item.CallNumber, item.TypeCode, item.LocationCode, item.Copy, item.Status, priceText(item.PriceCents), item.Currency,
			item.Acquired.String(), item.Vendor, item.Fund)
		if err := s.csv.Write(harmless(row)); err != nil {
			return err
		}
	}
	return nil
}

// row writes a title without items: its call number stands in the column of items.
func (s *csvSink) row(about []string, at int) error {
	row := make([]string, 20)
	copy(row, about[:at])
	row[at+1] = about[at]
	return s.csv.Write(harmless(row))
}

// harmless keeps spreadsheets from running a cell as a formula.
func harmless(row []string) []string {
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}

func (s *csvSink) close() error {
	s.csv.Flush()
	return s.csv.Error()
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func priceText(cents int) string {
	if cents == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}
