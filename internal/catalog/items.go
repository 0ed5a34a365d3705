package catalog

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	insertItem = `INSERT INTO items (title, barcode, barcode_key, type, location, call_number, copy, not_for_loan, price_cents, currency,
		acquired, vendor, fund, public_note, staff_note, marc_index, updated, id, status, last_seen, created)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)`
	// the status is circulation's once the item is here: a file does not bring a lost item back
	updateItem = `UPDATE items SET title = ?, barcode = ?, barcode_key = ?, type = ?, location = ?, call_number = ?, copy = ?, not_for_loan = ?,
		price_cents = ?, currency = ?, acquired = ?, vendor = ?, fund = ?, public_note = ?, staff_note = ?, marc_index = ?, updated = ? WHERE id = ?`
	selectItem = `SELECT id, title, barcode, barcode_key, type, location, call_number, copy, not_for_loan, price_cents, currency,
		acquired, vendor, fund, public_note, staff_note, marc_index, status FROM items WHERE `
)

// item imports one item of a record; it answers the item (without id when rejected) and whether anything changed. Two items never share a barcode: the second one is
// rejected, its title is kept.
func (w *importer) item(b *store.Bulk, file string, p parsed, facts marc.ItemFacts, title known) (item collections.Item, changed bool, err error) {
	facts.Barcode = strings.TrimSpace(facts.Barcode)
	old, found, err := w.findItem(b, facts, title)
	if err != nil {
		return item, false, err
	}
	if w.taken(facts.Barcode) || found && old.Title != title.id {
		w.summary.reject(file, p.record, p.offset, fmt.Sprintf("the item with the barcode %s was left out: another item has this barcode", facts.Barcode))
		return item, false, nil
	}
	item, err = w.itemOf(b, file, p.record, facts, title, old)
	if err != nil {
		return item, false, err
	}
	switch {
	case !found:
		w.summary.Items.Added++
		w.remarkOn(file, p.record, facts)
	case item == old:
		w.summary.Items.Skipped++
		return item, false, nil
	default:
		w.summary.Items.Updated++
	}
	if w.options.DryRun {
		w.seenBarcodes[facts.Barcode] = true
		return item, true, nil
	}
	return item, true, writeItem(b, item, !found)
}

// taken tells whether a dry run has already met the barcode; an import asks the store.
func (w *importer) taken(code string) bool {
	return w.options.DryRun && code != "" && w.seenBarcodes[code]
}

// findItem finds the item a field speaks of: by its barcode, or without one by its place in the record.
func (w *importer) findItem(b *store.Bulk, facts marc.ItemFacts, title known) (item collections.Item, found bool, err error) {
	if facts.Barcode == "" && title.added {
		return item, false, nil
	}
	where, args := "barcode = ? AND barcode != ''", []any{facts.Barcode}
	if facts.Barcode == "" {
		where, args = "title = ? AND marc_index = ? AND barcode = ''", []any{title.id, facts.FieldIndex + 1}
	}
	row, err := b.Row(selectItem+where+" LIMIT 1", args...)
	if err != nil {
		return item, false, err
	}
	err = row.Scan(&item.ID, &item.Title, &item.Barcode, &item.BarcodeKey, &item.Type, &item.Location, &item.CallNumber, &item.Copy, &item.NotForLoan,
		&item.PriceCents, &item.Currency, &item.Acquired, &item.Vendor, &item.Fund, &item.PublicNote, &item.StaffNote, &item.MarcIndex, &item.Status)
	if errors.Is(err, sql.ErrNoRows) {
		return item, false, nil
	}
	return item, err == nil, err
}

// itemOf is the item as the record has it, over what the store knows.
func (w *importer) itemOf(b *store.Bulk, file string, record int, facts marc.ItemFacts, title known, old collections.Item) (item collections.Item, err error) {
	item = collections.Item{
		ID: old.ID, Title: title.id, Barcode: facts.Barcode, BarcodeKey: barcode.Key(facts.Barcode),
		CallNumber: facts.CallNumber, Copy: facts.Copy, Status: old.Status, NotForLoan: facts.Status == marc.StatusNotForLoan,
		PriceCents: facts.PriceCents, Currency: facts.Currency, Vendor: facts.Vendor, Fund: strings.Join(facts.Funds, "\n"),
		PublicNote: strings.Join(facts.PublicNotes, "\n"), StaffNote: strings.Join(facts.StaffNotes, "\n"), MarcIndex: facts.FieldIndex + 1,
	}
	if item.ID == "" {
		item.ID, item.Status = newID(), statusOf(facts.Status)
	}
	if item.Acquired, err = policy.ParseDay(facts.Acquired); err != nil {
		w.summary.warn(file, record, "item_date", "the date "+facts.Acquired+" of an item is not a date and was left out")
	}
	if item.Type, err = w.types.id(b, w, facts.ItemType); err != nil {
		return item, err
	}
	item.Location, err = w.locations.id(b, w, facts.Location)
	return item, err
}

// remarkOn tells what a librarian wants to know of a new item.
func (w *importer) remarkOn(file string, record int, facts marc.ItemFacts) {
	if facts.Barcode == "" {
		w.summary.warn(file, record, "no_barcode", "an item has no barcode and needs a label")
	}
	if code := barcode.Warning(facts.Barcode); code != "" {
		w.summary.warn(file, record, code, "the last digit of the barcode "+facts.Barcode+" does not fit the others")
	}
}

// statusOf is the state of a new item.
func statusOf(status string) string {
	switch status {
	case collections.ItemMissing, collections.ItemLost, collections.ItemDamaged, collections.ItemRepair, collections.ItemWithdrawn:
		return status
	}
	return collections.ItemAvailable
}

func writeItem(b *store.Bulk, item collections.Item, added bool) error {
	now := types.NowDateTime().String()
	values := []any{
		item.Title, item.Barcode, item.BarcodeKey, item.Type, item.Location, item.CallNumber, item.Copy, item.NotForLoan, item.PriceCents, item.Currency,
		item.Acquired.String(), item.Vendor, item.Fund, item.PublicNote, item.StaffNote, item.MarcIndex, now, item.ID,
	}
	if added {
		return b.Exec(insertItem, append(values, item.Status, now)...)
	}
	return b.Exec(updateItem, values...)
}
