package catalog

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ExportOptions steer an export. Format is "marc", "marcxml", "mij" or "csv".
type ExportOptions struct {
	Format  string
	NoItems bool
	NoMoney bool     // what items cost, who sold them and from which fund is left out, for who may not know it
	Titles  []string // ids, in the order in which they are written; nil for every title
}

// Exported says what an export wrote. TooLong lists the titles that do not fit ISO 2709 and stand in OverflowFile
// instead. Remarks are what MARCXML could not hold, with the title.
type Exported struct {
	Titles       int      `json:"titles"`
	TooLong      []string `json:"too_long,omitempty"`
	OverflowFile string   `json:"overflow_file,omitempty"`
	Remarks      []string `json:"remarks,omitempty"`
}

// Export writes titles to a file, which appears only when it is complete. The code is fault.Invalid (format, a file that
// cannot be written).
func Export(app core.App, file string, options ExportOptions) (done Exported, err error) {
	const op = "catalog.Export"
	var files drafts
	defer files.discard()
	out, err := files.begin(file)
	if err != nil {
		return done, fault.New(op, fault.Invalid, "catalog.cannot_write", file, reason(err)).At("file")
	}
	to := newSink(out, options, file, &files, &done)
	if to == nil {
		return done, fault.New(op, fault.Invalid, "catalog.bad_format", options.Format).At("format")
	}
	err = eachHeld(app, options, func(title *held) error {
		done.Titles++
		return to.title(title)
	})
	if err == nil {
		err = to.close()
	}
	if err == nil {
		err = files.complete()
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return done, fault.New(op, fault.Invalid, "catalog.cannot_write", file, reason(err)).At("file")
	}
	return done, store.Explain(op, app.DataDir(), err)
}

// drafts are files that take their names only when all of them are complete.
type drafts []*draft

type draft struct {
	name   string
	file   *os.File
	buffer *bufio.Writer
}

func (d *drafts) begin(name string) (*bufio.Writer, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, errFolder
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".carrel-export-*")
	if err != nil {
		return nil, err
	}
	one := &draft{name, file, bufio.NewWriterSize(file, 1<<18)}
	*d = append(*d, one)
	return one.buffer, nil
}

// complete makes the files durable under their names.
func (d *drafts) complete() error {
	for _, one := range *d {
		if err := errors.Join(one.buffer.Flush(), one.file.Chmod(0o644), one.file.Sync(), one.file.Close()); err != nil {
			return err
		}
	}
	for _, one := range *d {
		if err := os.Rename(one.file.Name(), one.name); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what did not get its name.
func (d *drafts) discard() {
	for _, one := range *d {
		_ = one.file.Close()
		_ = os.Remove(one.file.Name())
	}
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

// exportPage is how many titles are in memory at a time.
const exportPage = 200

// eachHeld walks the wanted titles, or all in the order in which they came.
func eachHeld(app core.App, options ExportOptions, do func(*held) error) error {
	next := allTitles(app)
	if options.Titles != nil {
		next = namedTitles(app, options.Titles)
	}
	for {
		page, err := next()
		if err != nil || len(page) == 0 {
			return err
		}
		items := map[string][]namedItem{}
		if !options.NoItems {
			if items, err = heldItems(app, page); err != nil {
				return err
			}
		}
		for i := range page {
			title := &page[i]
			title.items = items[title.ID]
			if err := title.assemble(options); err != nil {
				return err
			}
			if err := do(title); err != nil {
				return err
			}
		}
	}
}

// allTitles answers one page after the other, none at the end. A title that was merged into another is that one.
func allTitles(app core.App) func() ([]held, error) {
	last := 0
	return func() (page []held, err error) {
		err = app.DB().NewQuery("SELECT rowid, * FROM titles WHERE rowid > {:last} AND merged_into = '' ORDER BY rowid LIMIT {:page}").
			Bind(dbx.Params{"last": last, "page": exportPage}).All(&page)
		if len(page) > 0 {
			last = page[len(page)-1].RowID
		}
		return page, err
	}
}

// namedTitles goes on until a page has titles: those of a whole page may have gone since they were chosen.
func namedTitles(app core.App, ids []string) func() ([]held, error) {
	return func() (page []held, err error) {
		for len(ids) > 0 && len(page) == 0 && err == nil {
			var list []byte
			if list, err = json.Marshal(ids[:min(len(ids), exportPage)]); err != nil {
				return nil, err
			}
			ids = ids[min(len(ids), exportPage):]
			err = app.DB().NewQuery(`SELECT titles.rowid, titles.* FROM json_each({:ids}) AS chosen JOIN titles ON titles.id = chosen.value
				WHERE merged_into = '' ORDER BY chosen.key`).Bind(dbx.Params{"ids": string(list)}).All(&page)
		}
		return page, err
	}
}

func heldItems(app core.App, titles []held) (map[string][]namedItem, error) {
	ids := make([]any, len(titles))
	for i := range titles {
		ids[i] = titles[i].ID
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

// assemble makes the record of a title as it is now.
func (h *held) assemble(options ExportOptions) (err error) {
	if h.MARC == "" {
		h.record = recordOf(h.Title)
	} else if h.record, err = marc.Decode([]byte(h.MARC)); err != nil {
		return fmt.Errorf("the record of %q cannot be read: %w", h.Title.Title, err)
	}
	if options.NoItems {
		h.record = withoutItems(h.record, h.ItemTag)
		return nil
	}
	h.record = withItems(h, options.NoMoney)
	return nil
}

// recordOf is a record for a title that came without one.
func recordOf(t collections.Title) marc.Record {
	r := marc.Record{Leader: "00000nam a2200000   4500"}
	add := func(tag string, ind1, ind2 byte, pairs ...string) {
		f := marc.Field{Tag: tag, Ind1: ind1, Ind2: ind2}
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i+1] != "" {
				f.Subfields = append(f.Subfields, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
			}
		}
		if len(f.Subfields) > 0 {
			r.Fields = append(r.Fields, f)
		}
	}
	r.Fields = append(r.Fields, marc.Field{Tag: "001", Value: t.ID}, marc.Field{Tag: "003", Value: ourCode})
	add("020", ' ', ' ', "a", t.ISBN)
	add("041", '0', ' ', "a", t.Language)
	add("092", ' ', ' ', "a", t.CallNumber)
	add("100", '1', ' ', "a", t.Author)
	add("245", '1', '0', "a", t.Title)
	add("264", ' ', '1', "b", t.Publisher, "c", yearText(t.Year))
	add("490", '0', ' ', "a", t.Series)
	add("520", ' ', ' ', "a", t.Summary)
	return r
}

// withItems puts the items into the record: a field that an item came from stays where it was and changes only where the item did;
// an item made here becomes a new field behind the others. A field whose item was rejected at import stays as it is.
func withItems(title *held, noMoney bool) marc.Record {
	record, tag := title.record, title.ItemTag
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
		facts, isItem := read[i]
		if item, ok := byPlace[i]; ok {
			facts = item.over(facts)
		}
		if _, ok := byPlace[i]; ok || isItem && noMoney {
			field = marc.UpdateItem(field, unpriced(facts, noMoney))
		}
		fields = append(fields, field)
	}
	for _, item := range fresh { // in the same field as its neighbours: a reader looks in one only
		field := marc.Field{Tag: cmp.Or(tag, "852"), Ind1: ' ', Ind2: ' '}
		fields = append(fields, marc.UpdateItem(field, unpriced(item.over(marc.ItemFacts{}), noMoney)))
	}
	record.Fields = fields
	return record
}

func unpriced(facts marc.ItemFacts, noMoney bool) marc.ItemFacts {
	if noMoney {
		facts.PriceCents, facts.Currency, facts.Vendor, facts.Funds = 0, "", "", nil
	}
	return facts
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

// over lays the item over what its field says, wherever it is not what the field made it: all else stays as the field has it,
// also what Carrel holds shorter or not at all.
func (i namedItem) over(facts marc.ItemFacts) marc.ItemFacts {
	was, wasType, wasLocation := itemFrom(&facts), codeOf(facts.ItemType), codeOf(facts.Location)
	for _, text := range []struct {
		said    *string
		was, is string
	}{
		{&facts.Barcode, was.Barcode, i.Barcode},
		{&facts.CallNumber, was.CallNumber, i.CallNumber},
		{&facts.ItemType, wasType, i.TypeCode},
		{&facts.Location, wasLocation, i.LocationCode},
		{&facts.Copy, was.Copy, i.Copy},
		{&facts.Acquired, was.Acquired.String(), i.Acquired.String()},
		{&facts.Vendor, was.Vendor, i.Vendor},
	} {
		if text.is != text.was {
			*text.said = text.is
		}
	}
	for _, texts := range []struct {
		said    *[]string
		was, is string
	}{
		{&facts.Funds, was.Fund, i.Fund},
		{&facts.PublicNotes, was.PublicNote, i.PublicNote},
		{&facts.StaffNotes, was.StaffNote, i.StaffNote},
	} {
		if texts.is != texts.was {
			*texts.said = lines(texts.is)
		}
	}
	facts.PriceCents, facts.Currency = i.PriceCents, i.Currency
	if i.Status != was.Status || i.NotForLoan != was.NotForLoan {
		facts.Status = i.statusOver(facts.Status)
	}
	return facts
}

// statusOver is the state of an item in the words of records, which know fewer; said is what its field says.
func (i namedItem) statusOver(said string) string {
	switch {
	case i.NotForLoan:
		return marc.StatusNotForLoan
	case i.Status == collections.ItemWithdrawn:
		return marc.StatusWithdrawn
	case i.Status == collections.ItemLost || i.Status == collections.ItemMissing:
		return marc.StatusLost
	case i.Status == collections.ItemDamaged:
		return marc.StatusDamaged
	case said == marc.StatusRestricted:
		return said
	}
	return ""
}

// lines parts a text that holds several notes or funds, one a line.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}
