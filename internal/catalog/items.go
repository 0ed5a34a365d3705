package catalog

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/tools/types"
)

// items imports the items of a record and answers those that were not rejected; touched says that one of them was written.
func (w *importer) items(b *store.Bulk, file string, p *parsed, title known) (items []collections.Item, touched bool, err error) {
	have, err := shelfOf(b, p, title)
	if err != nil {
		return nil, false, err
	}
	for i := range p.items {
		item, wrote, err := w.item(b, file, p, i, have, title)
		if err != nil {
			return nil, false, err
		}
		if item.ID != "" {
			items = append(items, item)
			have.taken[item.ID] = true
		}
		touched = touched || wrote
	}
	return items, touched, nil
}

// item imports one item; the answer has no id when it was rejected. Two items never share a barcode: the second one is
// rejected, its title is kept.
func (w *importer) item(b *store.Bulk, file string, p *parsed, i int, have *shelf, title known) (item collections.Item, wrote bool, err error) {
	facts := &p.items[i]
	reject := func(code string, why say.Text) {
		w.summary.reject(Reject{File: file, Record: p.placeOf(i), Offset: p.offset, Title: p.name(), Code: code, Text: why})
	}
	warn := func(code string, about say.Text) {
		w.summary.warn(Warning{File: file, Record: p.placeOf(i), Title: p.name(), Code: code, Text: about})
	}
	if utf8.RuneCountInString(facts.Barcode) > barcode.MaxLength {
		reject("long_barcode", say.T("catalog.reject.long_barcode", barcode.MaxLength))
		return item, false, nil
	}
	said, err := w.said(b, facts, warn)
	if err != nil {
		return item, false, err
	}
	if title.merged {
		said.MarcIndex = 0 // its field is in another record than this title's
	}
	if title.merged && said.Barcode == "" {
		w.summary.Items.Skipped++ // nothing would tell it from the one that came before
		return item, false, nil
	}
	old, found := have.find(said)
	if found {
		item = over(old, said)
	} else {
		item = said
		item.ID, item.Title = newID(), title.id
	}
	if item == old && !have.taken[old.ID] {
		w.summary.Items.Skipped++
		return item, false, w.met(b, collections.Items, item.ID)
	}
	if !have.taken[old.ID] {
		wrote, err = writeItem(b, item, !found)
	}
	switch {
	case err != nil:
		return item, false, err
	case !wrote:
		reject("barcode_taken", say.T("catalog.reject.barcode_taken", facts.Barcode))
		return collections.Item{}, false, nil
	case found:
		w.summary.Items.Updated++
	default:
		w.summary.Items.Added++
		remarkOn(facts, warn)
	}
	return item, true, nil
}

// said is the item as its field has it, with the ids of its type and location.
func (w *importer) said(b *store.Bulk, facts *marc.ItemFacts, warn func(string, say.Text)) (item collections.Item, err error) {
	item = itemFrom(facts)
	var added bool
	if item.Type, added, err = w.types.id(b, codeOf(facts.ItemType)); err != nil {
		return item, err
	}
	if added {
		warn("new_item_type", say.T("catalog.warn.new_item_type", codeOf(facts.ItemType)))
	}
	item.Location, added, err = w.locations.id(b, codeOf(facts.Location))
	if added {
		warn("new_location", say.T("catalog.warn.new_location", codeOf(facts.Location)))
	}
	return item, err
}

// itemFrom is the item that a field makes, but for its id, title, type and location. Texts are cut to what the store
// holds; the record keeps them whole.
func itemFrom(facts *marc.ItemFacts) collections.Item {
	acquired, _ := policy.ParseDay(facts.Acquired) // a date or nothing: package marc saw to that
	return collections.Item{
		Barcode: facts.Barcode, BarcodeKey: clip(barcode.Key(facts.Barcode), barcode.MaxLength),
		CallNumber: clip(facts.CallNumber, 200), Copy: clip(facts.Copy, 40),
		Status: statusOf(facts.Status), NotForLoan: facts.Status == marc.StatusNotForLoan,
		PriceCents: facts.PriceCents, Currency: facts.Currency, Acquired: acquired,
		Vendor: clip(facts.Vendor, 200), Fund: clip(strings.Join(facts.Funds, "\n"), 200),
		PublicNote: clip(strings.Join(facts.PublicNotes, "\n"), 2000), StaffNote: clip(strings.Join(facts.StaffNotes, "\n"), 2000),
		MarcIndex: facts.FieldIndex + 1,
	}
}

// statusOf is the state of a new item.
func statusOf(status string) string {
	switch status {
	case marc.StatusWithdrawn:
		return collections.ItemWithdrawn
	case marc.StatusLost:
		return collections.ItemLost
	case marc.StatusDamaged:
		return collections.ItemDamaged
	case marc.StatusMissing:
		return collections.ItemMissing
	}
	return collections.ItemAvailable
}

// over lays what a record says over an item that is here. What it does not say stays as it is; so does what is decided at the
// desk, state and whether it is for loan: a file does not bring a lost item back.
func over(old, said collections.Item) collections.Item {
	item := old
	if said.Barcode != "" {
		item.Barcode, item.BarcodeKey = said.Barcode, said.BarcodeKey
	}
	if said.PriceCents != 0 {
		item.PriceCents, item.Currency = said.PriceCents, said.Currency
	}
	item.Type, item.Location = cmp.Or(said.Type, old.Type), cmp.Or(said.Location, old.Location)
	item.CallNumber, item.Copy = cmp.Or(said.CallNumber, old.CallNumber), cmp.Or(said.Copy, old.Copy)
	item.Acquired, item.Vendor, item.Fund = cmp.Or(said.Acquired, old.Acquired), cmp.Or(said.Vendor, old.Vendor), cmp.Or(said.Fund, old.Fund)
	item.PublicNote, item.StaffNote = cmp.Or(said.PublicNote, old.PublicNote), cmp.Or(said.StaffNote, old.StaffNote)
	item.MarcIndex = said.MarcIndex
	return item
}

// remarkOn tells what a librarian wants to know of a new item.
func remarkOn(facts *marc.ItemFacts, warn func(string, say.Text)) {
	if facts.Barcode == "" {
		warn("no_barcode", say.T("catalog.warn.no_barcode"))
	}
	if code := barcode.Warning(facts.Barcode); code != "" {
		warn(code, say.T("catalog.warn.check_digit", facts.Barcode))
	}
}

// shelf is the items of a title before a record says something about them.
type shelf struct {
	byBarcode map[string]collections.Item
	byPlace   map[int]collections.Item // by marc_index, in the record as it was
	before    map[int]int              // of a field without a barcode: its marc_index in the record as it was
	taken     map[string]bool          // ids the record has already spoken of
}

const selectItems = `SELECT id, title, barcode, barcode_key, type, location, call_number, copy, status, not_for_loan, price_cents, currency,
	acquired, vendor, fund, public_note, staff_note, marc_index FROM items WHERE title = ?`

func shelfOf(b *store.Bulk, p *parsed, title known) (*shelf, error) {
	s := &shelf{taken: map[string]bool{}}
	if title.added {
		return s, nil
	}
	s.byBarcode, s.byPlace, s.before = map[string]collections.Item{}, map[int]collections.Item{}, placesBefore(p, title)
	rows, err := b.Rows(selectItems, title.id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i collections.Item
		if err := rows.Scan(&i.ID, &i.Title, &i.Barcode, &i.BarcodeKey, &i.Type, &i.Location, &i.CallNumber, &i.Copy, &i.Status, &i.NotForLoan,
			&i.PriceCents, &i.Currency, &i.Acquired, &i.Vendor, &i.Fund, &i.PublicNote, &i.StaffNote, &i.MarcIndex); err != nil {
			return nil, err
		}
		if i.Barcode != "" {
			s.byBarcode[i.Barcode] = i
		}
		if i.MarcIndex > 0 {
			s.byPlace[i.MarcIndex] = i
		}
	}
	return s, rows.Err()
}

// find finds the item that a field speaks of: by its barcode; by its place, when it has been given its barcode since; and without a
// barcode by its number among such fields of the record, although it may have been labelled here.
func (s *shelf) find(said collections.Item) (item collections.Item, found bool) {
	if said.Barcode == "" {
		item, found = s.byPlace[s.before[said.MarcIndex]]
		return item, found && !s.taken[item.ID]
	}
	if item, found = s.byBarcode[said.Barcode]; found {
		return item, true
	}
	item, found = s.byPlace[said.MarcIndex]
	return item, found && item.Barcode == "" && !s.taken[item.ID]
}

// placesBefore tells where the items without a barcode stood in the record as it was: first to first, second to second.
func placesBefore(p *parsed, title known) map[int]int {
	now := unlabelled(p.items)
	if len(now) == 0 {
		return nil
	}
	if p.list != nil { // its places are those of the title's record already
		before := make(map[int]int, len(now))
		for _, place := range now {
			before[place] = place
		}
		return before
	}
	was := now
	if title.marc != p.marc {
		record, err := marc.Decode([]byte(title.marc))
		if err != nil {
			return nil
		}
		was = unlabelled(marc.Items(record, title.itemTag))
	}
	before := make(map[int]int, len(now))
	for i := range min(len(now), len(was)) {
		before[now[i]] = was[i]
	}
	return before
}

func unlabelled(items []marc.ItemFacts) (places []int) {
	for i := range items {
		if items[i].Barcode == "" {
			places = append(places, items[i].FieldIndex+1)
		}
	}
	return places
}

const (
	insertItem = `INSERT OR IGNORE INTO items (title, barcode, barcode_key, type, location, call_number, copy, price_cents, currency, acquired, vendor,
		fund, public_note, staff_note, marc_index, updated, id, status, not_for_loan, created, last_seen)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`
	updateItem = `UPDATE OR IGNORE items SET title = ?, barcode = ?, barcode_key = ?, type = ?, location = ?, call_number = ?, copy = ?, price_cents = ?,
		currency = ?, acquired = ?, vendor = ?, fund = ?, public_note = ?, staff_note = ?, marc_index = ?, updated = ? WHERE id = ?`
)

// writeItem writes an item unless another one has its barcode.
func writeItem(b *store.Bulk, i collections.Item, added bool) (done bool, err error) {
	now := types.NowDateTime().String()
	values := []any{
		i.Title, i.Barcode, i.BarcodeKey, i.Type, i.Location, i.CallNumber, i.Copy, i.PriceCents, i.Currency, i.Acquired.String(), i.Vendor,
		i.Fund, i.PublicNote, i.StaffNote, i.MarcIndex, now, i.ID,
	}
	if added {
		return b.Try(insertItem, append(values, i.Status, i.NotForLoan, now)...)
	}
	return b.Try(updateItem, values...)
}
