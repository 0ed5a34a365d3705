package booklist

import (
	"slices"
	"strings"

	"carrel/internal/isbn"
	"carrel/internal/marc"
	"carrel/internal/roster"
)

// reading adds what a row says to the entry of its title.
type reading struct {
	columns  columns
	dayFirst bool
	entry    *Entry
}

// title takes what a row says of the title, where no row before did.
func (r *reading) title(row roster.SheetRow) {
	v := r.entry.Values
	for _, field := range titleFields {
		if len(v[field]) > 0 {
			continue
		}
		to := field
		if field == "call_number" && r.columns.isItem(row) {
			to = itemsCall // it is the item's, and the title's only when that has none
		}
		if values := r.titleField(row, field); len(values) > 0 && len(v[to]) == 0 {
			v[to] = values
		}
	}
}

// titleField reads one field of a row; what makes no sense is told and left out.
func (r *reading) titleField(row roster.SheetRow, field string) []string {
	text := r.columns.one(row, field)
	if text == "" {
		return nil
	}
	read := func(value, code string) []string {
		if value == "" {
			r.remark(row, field, code, text)
			return nil
		}
		return []string{value}
	}
	switch field {
	case "isbn":
		return r.numbers(row)
	case "author", "illustrator", "subjects":
		return r.columns.all(row, field)
	case "series":
		return seriesIn(text)
	case "year":
		return read(yearOf(text), WrongYear)
	case "language":
		return read(languageOf(text), UnknownLanguage)
	case "lexile":
		return read(marc.Lexile(text), WrongLexile)
	case "id":
		return nil
	}
	return []string{text}
}

func (r *reading) numbers(row roster.SheetRow) (numbers []string) {
	for _, text := range r.columns.all(row, "isbn") {
		_, ok := isbn.Parse(text)
		switch {
		case shortened.MatchString(text):
			r.remark(row, "isbn", ShortenedISBN, text)
		case !ok:
			r.remark(row, "isbn", NoISBN, text)
		default:
			numbers = append(numbers, text)
		}
	}
	return numbers
}

// items are the items of one row: one, or as many as it has barcodes.
func (r *reading) items(row roster.SheetRow) (items []Item) {
	item := Item{Line: row.Line, ItemFacts: marc.ItemFacts{
		Tag: itemTag, CallNumber: r.columns.one(row, "call_number"), ItemType: r.columns.one(row, "item_type"), Location: r.columns.one(row, "location"),
		Copy: r.columns.one(row, "copy"), Vendor: r.columns.one(row, "vendor"), Currency: strings.ToUpper(r.columns.one(row, "currency")),
		Funds: r.texts(row, "fund"), PublicNotes: r.texts(row, "public_note"), StaffNotes: r.texts(row, "staff_note"),
		Status: statuses[marc.Fold(r.columns.one(row, "status"))],
	}}
	r.price(row, &item)
	if text := r.columns.one(row, "acquired"); text != "" {
		if item.Acquired = dayOf(text, r.dayFirst); item.Acquired == "" {
			r.remark(row, "acquired", WrongDate, text)
		}
	}
	barcodes := r.columns.all(row, "barcode")
	if len(barcodes) == 0 {
		return []Item{item}
	}
	for _, barcode := range barcodes {
		if shortened.MatchString(barcode) {
			r.entry.Lost = append(r.entry.Lost, Remark{row.Line, r.columns.called("barcode"), ShortenedBarcode, barcode})
			continue
		}
		item.Barcode = barcode
		items = append(items, item)
	}
	return items
}

func (r *reading) price(row roster.SheetRow, item *Item) {
	text := r.columns.one(row, "price")
	if text == "" {
		item.Currency = ""
		return
	}
	cents, currency, ok := marc.ParsePrice(text)
	if !ok {
		r.remark(row, "price", WrongPrice, text)
		item.Currency = ""
		return
	}
	item.PriceCents = cents
	if currency != "" || cents == 0 || len(item.Currency) != 3 {
		item.Currency = currency
	}
}

// texts are the whole cells of a field, each once: a note may well have a semicolon.
func (r *reading) texts(row roster.SheetRow, field string) (texts []string) {
	for _, place := range r.columns.places[field] {
		if text := value(row.Cells[place]); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// formulas tells of cells that a spreadsheet would run.
func (r *reading) formulas(row roster.SheetRow) {
	for _, field := range Fields {
		for _, place := range r.columns.places[field] {
			if isFormula(row.Cells[place]) {
				r.remark(row, field, Formula, row.Cells[place])
			}
		}
	}
}

func (r *reading) remark(row roster.SheetRow, field, code, value string) {
	r.entry.Remarks = append(r.entry.Remarks, Remark{row.Line, r.columns.called(field), code, clip(value)})
}

// clip keeps what a sentence quotes short.
func clip(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
