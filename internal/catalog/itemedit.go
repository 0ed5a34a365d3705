package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// ItemSet is what a bulk edit sets of every chosen item. Barcode and Copy are of one item and not for many.
type ItemSet struct {
	ItemFields
	CallPrefix *string `json:"call_prefix,omitempty"` // goes in front of the call number, unless it is there already
}

// Relabel gives one item of a bulk edit another barcode.
type Relabel struct {
	Item    string `json:"item"` // id, or the barcode it has now
	Barcode string `json:"barcode"`
}

// ItemEdit is a bulk edit of items that was found fit: the same for its preview and for what it does.
type ItemEdit struct {
	fit      FitItem
	prefix   string
	currency string // of a price where the item has none
	labels   map[string]label
	bad      []BadLabel
	names    map[string]string // of locations and types by id
}

// label is a barcode to come, and the row that asks for it.
type label struct {
	code string
	row  int
}

// BadLabel is a row of the new barcodes that cannot be: its place from 1, its item and why. The item keeps its barcode; what else is set of it is set.
type BadLabel struct {
	Row  int
	Item string // id
	Code string
	Text say.Text
}

// NewItemEdit checks a bulk edit. Bad rows of barcodes are told by the edit itself; everything else that is not fit is refused: fault.Invalid at the field, or
// at "set" when nothing is set.
func NewItemEdit(app core.App, set ItemSet, relabels []Relabel, currency string) (edit *ItemEdit, err error) {
	const op = "catalog.NewItemEdit"
	if set.Barcode != nil || set.Copy != nil {
		return nil, unfitItem("set", "items.set_one")
	}
	edit = &ItemEdit{currency: currency, labels: map[string]label{}, names: map[string]string{}}
	if edit.fit, err = set.Fit(app); err != nil {
		return nil, err
	}
	if set.CallPrefix != nil {
		if edit.prefix = tidy(*set.CallPrefix, false); len([]rune(edit.prefix)) > 40 {
			return nil, unfitItem("call_prefix", "items.long", 40)
		}
		if set.CallNumber != nil && edit.prefix != "" {
			return nil, unfitItem("call_prefix", "items.call_twice")
		}
	}
	if edit.fit.empty() && edit.prefix == "" && len(relabels) == 0 {
		return nil, fault.New(op, fault.Invalid, "items.nothing_set").Named("nothing_set").At("set")
	}
	edit.takeLabels(relabels)
	return edit, edit.readNames(app)
}

func (f FitItem) empty() bool {
	return len(f.texts) == 0 && f.acquired == nil && f.cents == nil && f.notForLoan == nil
}

func (e *ItemEdit) readNames(app core.App) error {
	for _, table := range []string{collections.Locations, collections.ItemTypes} {
		var rows []struct {
			ID   string `db:"id"`
			Name string `db:"name"`
		}
		if err := app.DB().Select("id", "name").From(table).All(&rows); err != nil {
			return err
		}
		for _, row := range rows {
			e.names[row.ID] = row.Name
		}
	}
	return nil
}

// takeLabels keeps the rows of barcodes that can be, as far as the edit alone tells: of two that a scanner could take for each other the first.
func (e *ItemEdit) takeLabels(relabels []Relabel) {
	first := map[string]int{}
	for i, one := range relabels {
		row, code := i+1, tidy(one.Barcode, false)
		key := barcode.Key(code)
		refuse := func(word string, args ...any) {
			e.bad = append(e.bad, BadLabel{row, one.Item, word, say.T("items.label."+word, args...)})
		}
		switch _, twice := e.labels[one.Item]; {
		case code == "":
			refuse("empty")
		case len([]rune(code)) > barcode.MaxLength:
			refuse("long", barcode.MaxLength)
		case barcode.IsCard(code):
			refuse("card")
		case twice:
			refuse("item_twice", code)
		case first[key] > 0:
			refuse("twice", code, first[key])
		default:
			e.labels[one.Item], first[key] = label{code, row}, row
		}
	}
}

// BadLabels are the rows of barcodes that are refused whatever the items are.
func (e *ItemEdit) BadLabels() []BadLabel { return e.bad }

// Labelled are the items (ids) that get another barcode.
func (e *ItemEdit) Labelled() []string {
	ids := make([]string, 0, len(e.labels))
	for id := range e.labels {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Row is the row in which an item gets another barcode; 0 for none.
func (e *ItemEdit) Row(item string) int { return e.labels[item].row }

// Value is one value that becomes another, as people read it.
type Value struct{ What, From, To string }

// EditedItem is what becomes of one item.
type EditedItem struct {
	Changes []Value
	Bad     BadLabel // with a Code when its barcode is somebody else's
}

// EditTitle edits the chosen items of a title, or with dry only tells what that would do. It belongs in a transaction; doing it again changes nothing.
func (e *ItemEdit) EditTitle(b *store.Bulk, title string, chosen map[string]bool, dry bool, tell func(EditedItem)) error {
	call, items, err := e.itemsOf(b, title)
	if err != nil {
		return err
	}
	found := false
	for _, item := range items {
		if !chosen[item.ID] {
			continue
		}
		edited, after, err := e.one(b, item, call)
		if err != nil {
			return err
		}
		tell(edited)
		if dry || len(edited.Changes) == 0 {
			continue
		}
		if err := saveEdited(b, after); err != nil {
			return err
		}
		found = found || slices.ContainsFunc(edited.Changes, func(v Value) bool {
			return v.What == "barcode" || v.What == "call_number" || v.What == "location"
		})
	}
	if !found {
		return nil
	}
	return Refresh(b, title)
}

func (e *ItemEdit) itemsOf(b *store.Bulk, title string) (call string, items []collections.Item, err error) {
	row, err := b.Row("SELECT call_number FROM titles WHERE id = ?", title)
	if err != nil {
		return "", nil, err
	}
	if err := row.Scan(&call); err != nil {
		return "", nil, err
	}
	rows, err := b.Rows(selectItems, title)
	if err != nil {
		return "", nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i collections.Item
		if err := rows.Scan(&i.ID, &i.Title, &i.Barcode, &i.BarcodeKey, &i.Type, &i.Location, &i.CallNumber, &i.Copy, &i.Status, &i.NotForLoan,
			&i.PriceCents, &i.Currency, &i.Acquired, &i.Vendor, &i.Fund, &i.PublicNote, &i.StaffNote, &i.MarcIndex); err != nil {
			return "", nil, err
		}
		items = append(items, i)
	}
	return call, items, rows.Err()
}

// one is what becomes of an item; call is the call number of its title.
func (e *ItemEdit) one(b *store.Bulk, item collections.Item, call string) (edited EditedItem, after collections.Item, err error) {
	after, changed := e.fit.Over(item)
	if shelf := cmp.Or(item.CallNumber, call); e.prefix != "" && shelf != e.prefix && !strings.HasPrefix(shelf, e.prefix+" ") {
		after.CallNumber = strings.TrimSpace(e.prefix + " " + shelf)
		changed = append(changed, "call_number")
	}
	if after.PriceCents > 0 && after.Currency == "" {
		after.Currency = e.currency
	}
	if to, asked := e.labels[item.ID]; asked && to.code != item.Barcode {
		holder, taken, err := heldBy(b, to.code, item.ID)
		if err != nil {
			return edited, item, err
		}
		if taken {
			edited.Bad = BadLabel{to.row, item.ID, "taken", say.T("items.label.taken", holder.Barcode, cmp.Or(holder.Title, holder.ID))}
		} else {
			after.Barcode, after.BarcodeKey = to.code, barcode.Key(to.code)
			changed = append(changed, "barcode")
		}
	}
	for _, what := range changed {
		edited.Changes = append(edited.Changes, Value{what, e.shown(what, item), e.shown(what, after)})
	}
	return edited, after, nil
}

// heldBy is holderOf inside bulk work.
func heldBy(b *store.Bulk, code, item string) (holder Holder, taken bool, err error) {
	rows, err := b.Rows("SELECT i.id, i.barcode, t.title FROM items i JOIN titles t ON t.id = i.title WHERE i.barcode_key = ? AND i.barcode != '' AND i.id != ? LIMIT 1",
		barcode.Key(code), item)
	if err != nil {
		return holder, false, err
	}
	defer rows.Close()
	if rows.Next() {
		taken, err = true, rows.Scan(&holder.ID, &holder.Barcode, &holder.Title)
	}
	return holder, taken, errors.Join(err, rows.Err())
}

// shown is a value of an item as people read it.
func (e *ItemEdit) shown(what string, item collections.Item) string {
	switch what {
	case "location":
		return e.names[item.Location]
	case "type":
		return e.names[item.Type]
	case "not_for_loan":
		return fmt.Sprint(item.NotForLoan)
	case "acquired":
		return item.Acquired.String()
	case "price":
		if item.PriceCents == 0 {
			return ""
		}
		return strings.TrimSpace(fmt.Sprintf("%d.%02d %s", item.PriceCents/100, item.PriceCents%100, item.Currency))
	}
	for _, field := range itemTexts {
		if field.name == what {
			return *field.stored(&item)
		}
	}
	return ""
}

const editItem = `UPDATE items SET barcode = ?, barcode_key = ?, type = ?, location = ?, call_number = ?, not_for_loan = ?, price_cents = ?, currency = ?, acquired = ?,
	vendor = ?, fund = ?, public_note = ?, staff_note = ?, updated = ? WHERE id = ?`

func saveEdited(b *store.Bulk, i collections.Item) error {
	return b.Exec(editItem, i.Barcode, i.BarcodeKey, i.Type, i.Location, i.CallNumber, i.NotForLoan, i.PriceCents, i.Currency, i.Acquired.String(),
		i.Vendor, i.Fund, i.PublicNote, i.StaffNote, types.NowDateTime().String(), i.ID)
}

// KnownItems puts the ids of items where their barcodes stand. What no item answers to stays as it is, and is told by the edit.
func KnownItems(app core.App, relabels []Relabel) ([]Relabel, error) {
	known := slices.Clone(relabels)
	for i, one := range known {
		var ids []string
		err := app.DB().NewQuery(`SELECT id FROM items WHERE id = {:item} OR barcode != '' AND barcode = {:item} OR barcode_key = {:key} AND barcode != '' LIMIT 2`).
			Bind(dbx.Params{"item": one.Item, "key": barcode.Key(one.Item)}).Column(&ids)
		if err != nil {
			return nil, err
		}
		if len(ids) == 1 {
			known[i].Item = ids[0]
		}
	}
	return known, nil
}

// ByTitle puts items (ids) together by their titles, in the order of the titles; those that are gone are left out.
func ByTitle(app core.App, items []string) (titles []string, chosen map[string]map[string]bool, err error) {
	list, err := chosenIDs(app, `SELECT items.title || ' ' || items.id FROM json_each({:ids}) AS chosen JOIN items ON items.id = chosen.value ORDER BY items.title, items.rowid`, items)
	if err != nil {
		return nil, nil, err
	}
	chosen = map[string]map[string]bool{}
	for _, pair := range list {
		title, item, _ := strings.Cut(pair, " ")
		if chosen[title] == nil {
			titles, chosen[title] = append(titles, title), map[string]bool{}
		}
		chosen[title][item] = true
	}
	return titles, chosen, nil
}

// NameOf is what an item is called in a sentence: its title and barcode; "" when it is gone.
func NameOf(app core.App, item string) (string, error) {
	names, err := chosenIDs(app, `SELECT t.title || CASE i.barcode WHEN '' THEN '' ELSE ' (' || i.barcode || ')' END
		FROM json_each({:ids}) AS chosen JOIN items i ON i.id = chosen.value JOIN titles t ON t.id = i.title`, []string{item})
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}
