package labels

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Kind is what is printed of each item.
type Kind string

const (
	Barcodes Kind = "barcode"
	Spines   Kind = "spine"
	Both     Kind = "both" // the barcode label, and the spine label behind it
)

// Wanted names items: by their barcodes or ids, or as a stretch of the shelves, or as what is new.
type Wanted struct {
	Items    []string   // barcodes, in the order of the labels
	IDs      []string   // of items, in any order
	Location string     // id; empty for every location
	From, To string     // call numbers, both included; empty for an open end
	Since    policy.Day // entered or acquired on that day or later
}

// maxLabels is the most items of one stack: twenty minutes of an office printer, and 30 MB of memory.
const maxLabels = 5000

// NoCall is the code of a warning: the item has no call number, so that it gets no spine label.
const NoCall = "no_call_number"

// Print writes labels for the wanted items as PDF. What could not be printed as it is comes back through warn. The codes are fault.Invalid
// (kind, bars, items, from, to, or a measure of the sheet) and fault.NotFound (unknown_item, unknown_location, nothing).
func Print(app core.App, w io.Writer, wanted Wanted, kind Kind, bars print.Bars, choice Choice, warn func(print.Warning), now time.Time) error {
	const op = "labels.Print"
	if kind != Barcodes && kind != Spines && kind != Both {
		return fault.New(op, fault.Invalid, "print.bad_kind").At("kind")
	}
	if !slices.Contains([]print.Bars{print.Code128, print.Code39, print.Codabar, print.QR}, bars) {
		return fault.New(op, fault.Invalid, "print.bad_bars").At("bars")
	}
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	items, err := Find(app, wanted)
	if err != nil {
		return err
	}
	sheet := print.LabelSheet{At: now.In(school.Location()), Name: school.Name, Sheet: choice.Sheet, Adjust: choice.Adjust, Skip: choice.Skip, Warn: warn}
	for _, item := range items {
		if kind != Spines {
			sheet.Labels = append(sheet.Labels, print.Label{Bars: bars, Code: item.Barcode, Over: school.Name, Under: item.Title})
		}
		if kind == Barcodes {
			continue
		}
		// One part a line, as the screens show it.
		if lines := strings.Fields(item.CallNumber); len(lines) > 0 {
			sheet.Labels = append(sheet.Labels, print.Label{Spine: lines})
		} else {
			warn(print.Warning{Code: NoCall, Text: item.Barcode + " " + item.Title})
		}
	}
	return Unfit(op, choice.Sheet.Name, print.Labels(w, sheet))
}

// Item is an item as labels and shelf lists show it.
type Item struct {
	Barcode    string `db:"barcode"`
	Title      string `db:"title"`
	Author     string `db:"author"`
	CallNumber string `db:"call_number"`
	LocationID string `db:"location_id"`
	Location   string `db:"location"`
	Status     string `db:"status"`
	Out        bool   `db:"out"`
}

const itemRows = `SELECT i.barcode, t.title, t.author, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number, i.location AS location_id,
	COALESCE(l.name, '') AS location, i.status, EXISTS (SELECT 1 FROM loans WHERE loans.item = i.id AND loans.state = 'open') AS out
	FROM items i JOIN titles t ON t.id = i.title LEFT JOIN locations l ON l.id = i.location WHERE `

// Find lists the wanted items: those named in the order of their names, others in that of the shelves. Withdrawn items come only by name. The codes
// are those of Print.
func Find(app core.App, wanted Wanted) (items []Item, err error) {
	const op = "labels.Find"
	if len(wanted.Items) > 0 {
		return byBarcode(app, wanted.Items)
	}
	if len(wanted.IDs) > 0 {
		return byID(app, wanted.IDs)
	}
	if wanted.Location == "" && wanted.From == "" && wanted.To == "" && wanted.Since == 0 {
		return nil, fault.New(op, fault.Invalid, "print.nothing_wanted").At("items")
	}
	if err := wanted.check(app); err != nil {
		return nil, err
	}
	where, params := "i.status != 'withdrawn' AND i.home = ''", dbx.Params{}
	if wanted.Location != "" {
		where, params["location"] = where+" AND i.location = {:location}", wanted.Location
	}
	if wanted.Since != 0 {
		school, err := site.Load(app)
		if err != nil {
			return nil, err
		}
		since, err := dateTime(wanted.Since.At(0, school.Location()))
		if err != nil {
			return nil, err
		}
		where += " AND (i.created >= {:since} OR i.acquired >= {:day})"
		params["since"], params["day"] = since.String(), wanted.Since.String()
	}
	if err := app.DB().NewQuery(itemRows + where).Bind(params).All(&items); err != nil {
		return nil, err
	}
	items = onStretch(items, wanted.From, wanted.To)
	switch {
	case len(items) == 0:
		return nil, fault.New(op, fault.NotFound, "print.no_items").Named("no_items")
	case len(items) > maxLabels:
		return nil, fault.New(op, fault.Invalid, "print.too_many_items", len(items), maxLabels).At("items")
	}
	return items, nil
}

func (w Wanted) check(app core.App) error {
	const op = "labels.Find"
	for field, call := range map[string]string{"from": w.From, "to": w.To} {
		if call != "" && callnumber.Key(call) == "" {
			return fault.New(op, fault.Invalid, "inventory.bad_call_number").At(field)
		}
	}
	if w.From != "" && w.To != "" && !within(w.From, w.From, w.To) {
		return fault.New(op, fault.Invalid, "inventory.backwards", w.To, w.From).At("to")
	}
	if w.Location == "" {
		return nil
	}
	_, ok, err := collections.Find[collections.Location](app, "id = {:id}", dbx.Params{"id": w.Location})
	if err == nil && !ok {
		err = fault.New(op, fault.NotFound, "inventory.unknown_location").Named("unknown_location").At("location")
	}
	return err
}

// within tells whether a call number lies between two; what begins with the end is still inside, as in an inventory.
func within(call, from, to string) bool {
	key, last := callnumber.Key(call), callnumber.Key(to)
	return key >= callnumber.Key(from) && (last == "" || key <= last || strings.HasPrefix(key, last))
}

// onStretch keeps what stands between two call numbers, by location and in the order of the shelf.
func onStretch(items []Item, from, to string) []Item {
	if from != "" || to != "" {
		items = slices.DeleteFunc(items, func(item Item) bool { return !within(item.CallNumber, from, to) })
	}
	keys := map[string]string{}
	for _, item := range items {
		keys[item.CallNumber] = callnumber.Key(item.CallNumber)
	}
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Location, b.Location), cmp.Compare(keys[a.CallNumber], keys[b.CallNumber]), cmp.Compare(a.Barcode, b.Barcode))
	})
	return items
}

// byID finds items in the order of the shelves.
func byID(app core.App, ids []string) (items []Item, err error) {
	if len(ids) > maxLabels {
		return nil, fault.New("labels.byID", fault.Invalid, "print.too_many_items", len(ids), maxLabels).At("items")
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	err = app.DB().NewQuery(itemRows + "i.id IN (SELECT value FROM json_each({:ids}))").Bind(dbx.Params{"ids": string(list)}).All(&items)
	return onStretch(items, "", ""), err
}

// byBarcode finds each item as the desk does.
func byBarcode(app core.App, barcodes []string) (items []Item, err error) {
	if len(barcodes) > maxLabels {
		return nil, fault.New("labels.byBarcode", fault.Invalid, "print.too_many_items", len(barcodes), maxLabels).At("items")
	}
	for _, code := range barcodes {
		found, err := desk.FindItem(app, code)
		if err != nil {
			return nil, err
		}
		var item Item
		if err := app.DB().NewQuery(itemRows + "i.id = {:id}").Bind(dbx.Params{"id": found.ID}).One(&item); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}
