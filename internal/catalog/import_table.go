package catalog

import (
	"archive/zip"
	"cmp"
	"database/sql"
	"errors"
	"io"
	"slices"
	"strings"

	"carrel/internal/booklist"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/roster"
	"carrel/internal/say"
	"carrel/internal/store"
)

// openTable opens a table of titles.
func (w *importer) openTable(path, name string) (from *origin, unreadable say.Text) {
	items := w.options.Items
	if items != booklist.EachRow && items != booklist.NoItems {
		items = booklist.AutoItems
	}
	list, err := booklist.Open(path, booklist.Options{Columns: w.options.Columns, Items: items})
	var file *roster.FileError
	if errors.As(err, &file) {
		return nil, tableText(name, file)
	}
	if err != nil {
		return nil, say.T("catalog.cannot_open", name, reason(err))
	}
	w.summary.Source, w.summary.Table = list.Source, true
	return &origin{next: func() (parsed, bool) { return nextListed(list) }, close: list.Close}, unreadable
}

func nextListed(list *booklist.Reader) (p parsed, more bool) {
	entry, err := list.Next()
	if errors.Is(err, io.EOF) {
		return p, false
	}
	if err != nil {
		p.err = err
		return p, true
	}
	p.record, p.list = entry.Line, &entry
	if entry.Bad != nil || entry.Values == nil {
		return p, true
	}
	record := entry.Record()
	p.take(record)
	if len(entry.Items) > 0 {
		p.itemTag = entry.Items[0].Tag
	}
	for i := range entry.Items {
		p.items = append(p.items, entry.Items[i].ItemFacts)
	}
	p.keyed(record)
	return p, true
}

// row passes on what is odd about the rows of a title, and answers false when there is no title in it.
func (w *importer) row(file string, p *parsed) bool {
	entry := p.list
	w.count(entry.Rows)
	for _, remark := range entry.Remarks {
		w.summary.warn(Warning{File: file, Record: remark.Line, Column: remark.Column, Code: remark.Code, Text: rowText(remark)})
	}
	if entry.Bad != nil {
		w.summary.reject(Reject{File: file, Record: entry.Bad.Line, Column: entry.Bad.Column, Code: entry.Bad.Code, Text: rowText(*entry.Bad)})
		return false
	}
	for _, lost := range entry.Lost {
		w.summary.reject(Reject{File: file, Record: lost.Line, Column: lost.Column, Code: lost.Code, Text: rowText(lost), Title: entry.Title()})
	}
	return entry.Values != nil
}

func rowText(remark booklist.Remark) say.Text {
	switch remark.Code {
	case booklist.NoTitle, roster.TooManyColumns, roster.OpenQuote, roster.ControlCharacters:
		return say.T("catalog.row." + remark.Code)
	}
	return say.T("catalog.row."+remark.Code, remark.Value)
}

// placeOf is where an item stands in the file: its record, or its row.
func (p *parsed) placeOf(item int) int {
	if p.list != nil && item < len(p.list.Items) {
		return p.list.Items[item].Line
	}
	return p.record
}

// matchListed finds the title of rows by our own id, which a list of ours has.
func (w *importer) matchListed(b *store.Bulk, p *parsed) (title known, found bool, err error) {
	if p.list == nil || p.list.ID == "" || w.options.Match == MatchAdd {
		return title, false, nil
	}
	return scanKnown(b, "SELECT id, marc, item_tag FROM titles WHERE id = ? AND merged_into = ''", p.list.ID)
}

// matchBarcode finds the title of rows by a barcode, when it has that title, too: a list without ISBNs that was mended since knows its books so.
func (w *importer) matchBarcode(b *store.Bulk, p *parsed) (title known, found bool, err error) {
	if p.list == nil || w.options.Match == MatchAdd {
		return title, false, nil
	}
	for i := range p.items {
		if p.items[i].Barcode == "" {
			continue
		}
		title, found, err = scanKnown(b, `SELECT titles.id, titles.marc, titles.item_tag FROM items JOIN titles ON titles.id = items.title
			WHERE items.barcode = ? AND titles.sort_title = ?`, p.items[i].Barcode, clip(p.facts.SortTitle, 4000))
		if found || err != nil {
			return title, found, err
		}
	}
	return title, false, nil
}

func scanKnown(b *store.Bulk, query string, args ...any) (title known, found bool, err error) {
	row, err := b.Row(query, args...)
	if err != nil {
		return title, false, err
	}
	err = row.Scan(&title.id, &title.marc, &title.itemTag)
	if errors.Is(err, sql.ErrNoRows) {
		return known{}, false, nil
	}
	return title, err == nil, err
}

// over makes of the rows of a table and the title that is here one record: what the table says is laid over it, all else stays. Items that are here
// keep their fields, the others get new ones, behind all.
func (p *parsed) over(b *store.Bulk, old known) error {
	record := marc.Record{Leader: "00000nam a2200000   4500"}
	if old.marc != "" {
		was, err := marc.Decode([]byte(old.marc))
		if err != nil {
			return err
		}
		record = was
	}
	record = p.list.Values.Over(record)
	p.itemTag = cmp.Or(old.itemTag, marc.ItemTag(record), "852")
	places, err := itemPlaces(b, old.id)
	if err != nil {
		return err
	}
	fields := marc.Items(record, p.itemTag)
	for i := range fields { // a field whose item was left out is known by its barcode, too
		if _, here := places[fields[i].Barcode]; !here && fields[i].Barcode != "" {
			places[fields[i].Barcode] = fields[i].FieldIndex + 1
		}
	}
	free := unlabelled(fields)
	for i := range p.items {
		if place := places[p.items[i].Barcode]; place > 0 {
			free = slices.DeleteFunc(free, func(one int) bool { return one == place })
		}
	}
	for i := range p.items {
		item := &p.items[i]
		place, here := places[item.Barcode]
		switch {
		case item.Barcode != "" && here:
			item.FieldIndex = place - 1
		case item.Barcode == "" && len(free) > 0:
			item.FieldIndex, free = free[0]-1, free[1:]
		default:
			item.Tag, item.FieldIndex = p.itemTag, len(record.Fields)
			record.Fields = append(record.Fields, marc.UpdateItem(marc.Field{Tag: p.itemTag, Ind1: ' ', Ind2: ' '}, *item))
		}
	}
	p.take(record)
	if keys := marc.MatchKeys(p.facts); len(keys) > 0 {
		p.keys = keys
	}
	return nil
}

// itemPlaces tells for the items of a title that have a barcode where their fields are: marc_index, 0 for none.
func itemPlaces(b *store.Bulk, title string) (map[string]int, error) {
	rows, err := b.Rows("SELECT barcode, marc_index FROM items WHERE title = ? AND barcode != ''", title)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	places := map[string]int{}
	for rows.Next() {
		var code string
		var place int
		if err := rows.Scan(&code, &place); err != nil {
			return nil, err
		}
		places[code] = place
	}
	return places, rows.Err()
}

// LookAtTable reads heading and first rows of a table of titles. It is false for a file that is none; the error, a fault.Invalid, says what a table
// that cannot be read is instead.
func LookAtTable(path, name string) (columns []booklist.Column, isTable bool, err error) {
	what, err := kindOf(path)
	if err != nil || !mayBeTable(what) {
		return nil, false, err
	}
	if what == "zip" {
		if isWorkbook(path) {
			return nil, true, tableFault(name, &roster.FileError{Code: roster.Workbook})
		}
		return nil, false, nil
	}
	columns, err = booklist.Look(path)
	var file *roster.FileError
	if errors.As(err, &file) {
		if file.Code == roster.NotARoster {
			return nil, false, nil
		}
		return nil, true, tableFault(name, file)
	}
	return columns, err == nil, err
}

// mayBeTable tells of which kinds of file, as package marc calls them, a table of titles may be, or a workbook that is to be saved as one.
func mayBeTable(kind string) bool {
	switch kind {
	case "csv", "text", "binary", "zip", "office":
		return true
	}
	return false
}

// tableText is why a table cannot be read.
func tableText(name string, file *roster.FileError) say.Text {
	why := say.T("roster.file."+file.Code, file.Args()...)
	if file.Code == roster.LineTooLong {
		why = say.T("catalog.long_line", file.Detail)
	}
	return say.T("catalog.unreadable_table", name, why)
}

func tableFault(name string, file *roster.FileError) error {
	text := tableText(name, file)
	return fault.New("catalog.LookAtTable", fault.Invalid, text.Key, text.Args...).Named("wrong_file").At("file")
}

// isWorkbook tells whether a zip is a workbook of Excel.
func isWorkbook(path string) bool {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer archive.Close() //nolint:errcheck // only read
	return slices.ContainsFunc(archive.File, func(member *zip.File) bool { return strings.HasPrefix(member.Name, "xl/") })
}
