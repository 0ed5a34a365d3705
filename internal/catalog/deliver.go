package catalog

import (
	"cmp"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Delivery are copies of a title that came with an order.
type Delivery struct {
	Title    string // id; empty for the one with the ISBN, or a short new one in the words of the order
	Name     string // those words
	ISBN     string // 13 digits, or empty
	Fields   ItemFields
	Barcodes []string // of the first copies; what is missing or empty gets the next free ones
	Prices   []int    // one a copy, in hundredths
	Line     string   // the line of the order
}

// Delivered are the copies that were made, and whether their title was.
type Delivered struct {
	Title     collections.Title
	TitleMade bool
	Items     []collections.Item
}

// Deliver makes the copies of a delivery, inside the transaction of app. The codes are fault.NotFound (unknown_title), fault.Invalid at the field, and
// fault.Conflict (barcode_taken because of *Taken).
func Deliver(app core.App, d Delivery, now time.Time) (done Delivered, err error) {
	const op = "catalog.Deliver"
	if done.Title, done.TitleMade, err = titleOfDelivery(app, op, d, now); err != nil {
		return done, err
	}
	item, err := newItem(app, d.Fields)
	if err != nil {
		return done, err
	}
	codes, err := barcodesFor(app, op, d)
	if err != nil {
		return done, err
	}
	item.Title, item.OrderLine = done.Title.ID, d.Line
	for i, code := range codes {
		if err := checkFree(app, op, code, ""); err != nil { // also against the copy before
			return done, err
		}
		item.ID, item.Barcode, item.BarcodeKey, item.PriceCents = "", code, barcode.Key(code), d.Prices[i]
		if err := withCurrency(app, &item); err != nil {
			return done, err
		}
		made, err := collections.Insert(app, item)
		if err != nil {
			return done, err
		}
		done.Items = append(done.Items, made)
	}
	return done, RefreshIn(app, done.Title.ID)
}

// barcodesFor are the barcodes of all copies: those given, and the next free ones for the rest.
func barcodesFor(app core.App, op string, d Delivery) ([]string, error) {
	codes, missing := make([]string, len(d.Prices)), 0
	if len(d.Barcodes) > len(codes) {
		return nil, fault.New(op, fault.Invalid, "items.more_barcodes", len(d.Barcodes), len(codes)).At("barcodes")
	}
	for i := range codes {
		if i < len(d.Barcodes) {
			codes[i] = tidy(d.Barcodes[i], false)
		}
		switch {
		case codes[i] == "":
			missing++
		case len([]rune(codes[i])) > barcode.MaxLength:
			return nil, fault.New(op, fault.Invalid, "items.long", barcode.MaxLength).At("barcodes")
		case barcode.IsCard(codes[i]):
			return nil, fault.New(op, fault.Invalid, "items.barcode_card").At("barcodes")
		}
	}
	next, err := NextBarcodes(app, missing, "")
	if err != nil {
		return nil, err
	}
	for i := range codes {
		if codes[i] == "" {
			codes[i], next = next[0], next[1:]
		}
	}
	return codes, nil
}

// titleOfDelivery finds the title that copies belong to, or makes a short one.
func titleOfDelivery(app core.App, op string, d Delivery, now time.Time) (title collections.Title, made bool, err error) {
	if d.Title != "" {
		title, found, err := collections.Find[collections.Title](app, "id = {:id}", dbx.Params{"id": d.Title})
		if err != nil || !found || title.MergedInto == "" {
			if err == nil && !found {
				err = noTitle(op)
			}
			return title, false, err
		}
		title, err = ownTitle(app, op, title.MergedInto)
		return title, false, err
	}
	if id, err := TitleWithISBN(app, d.ISBN); err != nil || id != "" {
		if err == nil {
			title, err = ownTitle(app, op, id)
		}
		return title, false, err
	}
	title, err = makeShort(app, op, d, now)
	return title, true, err
}

// TitleWithISBN is the title (id) whose record begins its matching with an ISBN of 13 digits; the oldest of several, and nothing for none.
func TitleWithISBN(app core.App, number string) (id string, err error) {
	if number == "" {
		return "", nil
	}
	var ids []string
	err = app.DB().NewQuery(`SELECT titles.id FROM title_keys JOIN titles ON titles.id = title_id WHERE key >= {:from} AND key < {:to} AND merged_into = ''
		ORDER BY titles.rowid LIMIT 1`).Bind(dbx.Params{"from": "isbn:" + number + ":", "to": "isbn:" + number + ";"}).Column(&ids)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// makeShort makes a title of the words of an order, to be catalogued when there is time.
func makeShort(app core.App, op string, d Delivery, now time.Time) (title collections.Title, err error) {
	b, err := store.Inside(app)
	if err != nil {
		return title, err
	}
	form := marc.Form{Title: cmp.Or(d.Name, d.ISBN), ISBN: []string{}, Subjects: []string{}}
	if d.ISBN != "" {
		form.ISBN = []string{d.ISBN}
	}
	id := newID()
	record, err := New{Form: form}.record(b, op, id, now)
	if err != nil {
		return title, err
	}
	if err := AddTitle(b, id, record); err != nil {
		return title, err
	}
	return ownTitle(app, op, id)
}
