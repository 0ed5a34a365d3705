package budget

import (
	"encoding/json"
	"errors"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/ledger"
	"carrel/internal/money"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// mostCopies is how many copies one delivery makes at once.
const mostCopies = 1000

// Delivery is what came of an order: pieces by line, and which of them become copies.
type Delivery struct {
	Pieces map[string]int    `json:"pieces"`
	Copies map[string]Copies `json:"items,omitempty"`
}

// Copies says what becomes of the pieces of a line.
type Copies struct {
	Make       bool     `json:"make"`
	Barcodes   []string `json:"barcodes,omitempty"` // of the first ones; the rest get the next that are free
	Location   string   `json:"location,omitempty"` // id
	Type       string   `json:"type,omitempty"`     // id
	CallNumber string   `json:"call_number,omitempty"`
}

// Came is what a delivery made.
type Came struct {
	Items      []CopyMade `json:"items"`
	TitlesMade int        `json:"titles_made"`
}

// CopyMade is a copy that came with an order.
type CopyMade struct {
	ID      string `db:"id" json:"id"`
	Barcode string `db:"barcode" json:"barcode"`
	Title   string `db:"title" json:"title"`
}

// Receive takes pieces of some lines in: what was encumbered for them is spent, and copies are made of those that are to become some, with price, fund, vendor and
// day, in the same transaction. The codes are those of move, fault.Invalid (pieces.LINE) for more than was ordered, and for copies those of catalog.Deliver at items.LINE.
func Receive(app core.App, act Act, order string, delivery Delivery) (came Came, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		err := move(app, "budget.Receive", act, actReceive, order, delivery.asText(), func(m *moving, d *data) (ledger.State, []entry, error) {
			if !m.order.State.Open() {
				return "", nil, m.wrongState()
			}
			d.Pieces = delivery.Pieces
			state, entries, err := m.take(delivery)
			if err != nil {
				return "", nil, err
			}
			return state, entries, m.shelve(delivery, d)
		})
		if err != nil {
			return err
		}
		came, err = whatCame(app, act.Key)
		return err
	})
	return came, err
}

// asText is the same for the same delivery, whatever the order of its lines.
func (d Delivery) asText() string {
	text, _ := json.Marshal(d) //nolint:errcheck // texts and numbers; maps are written in the order of their keys
	return string(text)
}

// take spends what is due for the pieces that came.
func (m *moving) take(delivery Delivery) (ledger.State, []entry, error) {
	var entries []entry
	all, known, some := true, 0, false
	for _, line := range m.lines {
		n, named := delivery.Pieces[line.ID]
		if named {
			known++
		}
		if n < 0 || line.Received+n > line.Pieces {
			return "", nil, fault.New(m.op, fault.Invalid, "budget.more_than_ordered", line.Name, line.Pieces-line.Received).At("pieces." + line.ID)
		}
		all = all && line.Received+n == line.Pieces
		if n == 0 {
			continue
		}
		some = true
		if err := setLine(m.app, line.ID, dbx.Params{"received": line.Received + n}); err != nil {
			return "", nil, err
		}
		if cents := ledger.Part(line.Total, line.Pieces, line.Received, n); cents > 0 {
			entries = append(entries, entry{fund: line.Fund, kind: ledger.Disencumber, cents: cents, line: line}, entry{fund: line.Fund, kind: ledger.Spend, cents: cents, line: line})
		}
	}
	if known != len(delivery.Pieces) {
		return "", nil, fault.New(m.op, fault.Invalid, "budget.unknown").Named("unknown").At("pieces")
	}
	if !some {
		return "", nil, fault.New(m.op, fault.Invalid, "budget.nothing_came").At("pieces")
	}
	if all {
		return ledger.Received, entries, nil
	}
	return ledger.Partly, entries, nil
}

// shelve makes the copies of a delivery.
func (m *moving) shelve(delivery Delivery, d *data) error {
	house, err := site.Open(m.app)
	if err != nil {
		return err
	}
	vendor, err := byID[collections.Vendor](m.app, m.op, m.order.Vendor, "vendor")
	if err != nil {
		return err
	}
	left := mostCopies
	for _, line := range m.lines {
		n, copies := delivery.Pieces[line.ID], delivery.Copies[line.ID]
		if n == 0 || !copies.Make {
			continue
		}
		if left -= n; left < 0 {
			return fault.New(m.op, fault.Invalid, "budget.too_many_copies", mostCopies).At("items." + line.ID)
		}
		fund, err := byID[collections.Fund](m.app, m.op, line.Fund, "fund")
		if err != nil {
			return err
		}
		acquired := policy.DayOf(m.act.At, house.Calendar.Zone).String()
		made, err := catalog.Deliver(m.app, catalog.Delivery{
			Title: line.Title, Name: line.Name, ISBN: line.ISBN, Line: line.ID, Barcodes: copies.Barcodes, Prices: pricesOf(line, n, house.Fees.Currency),
			Fields: catalog.ItemFields{
				Location: &copies.Location, Type: &copies.Type, CallNumber: &copies.CallNumber, Acquired: &acquired, Vendor: &vendor.Name, Fund: &fund.Name,
			},
		}, m.act.At)
		if err != nil {
			return atLine(err, line.ID)
		}
		if err := d.came(m.app, line, made); err != nil {
			return err
		}
	}
	return nil
}

// pricesOf is what each piece of a line cost, in hundredths, as the catalogue keeps prices in any currency.
func pricesOf(line collections.OrderLine, n int, currency string) []int {
	prices := make([]int, n)
	for i := range prices {
		prices[i] = ledger.Part(line.Total, line.Pieces, line.Received+i, 1)
		if money.Decimals(currency) == 0 {
			prices[i] *= 100
		}
	}
	return prices
}

// atLine says at which line a refusal of the catalogue is.
func atLine(err error, line string) error {
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Field == "" {
		return err
	}
	told := *refused
	return told.At("items." + line + "." + refused.Field)
}

// came notes in an act what was made for a line.
func (d *data) came(app core.App, line collections.OrderLine, made catalog.Delivered) error {
	if d.Came == nil {
		d.Came = map[string][]string{}
	}
	for _, item := range made.Items {
		d.Came[line.ID] = append(d.Came[line.ID], item.ID)
	}
	if made.TitleMade {
		d.Made = append(d.Made, made.Title.ID)
	}
	if line.Title == made.Title.ID {
		return nil
	}
	if d.Linked == nil {
		d.Linked = map[string]string{}
	}
	d.Linked[line.ID] = line.Title
	return setLine(app, line.ID, dbx.Params{"title": made.Title.ID})
}

// whatCame reads what the delivery with a key made, as far as it is still there.
func whatCame(app core.App, key string) (came Came, err error) {
	act, _, err := find(app, key)
	if err != nil {
		return came, err
	}
	d, err := dataOf(act)
	if err != nil {
		return came, err
	}
	came = Came{Items: []CopyMade{}, TitlesMade: len(d.Made)}
	ids := []string{}
	for _, some := range d.Came {
		ids = append(ids, some...)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return came, err
	}
	err = app.DB().NewQuery(`SELECT i.id, i.barcode, t.title FROM items i JOIN titles t ON t.id = i.title LEFT JOIN budget_lines l ON l.id = i.order_line
		WHERE i.id IN (SELECT value FROM json_each({:ids})) ORDER BY l.position, i.rowid`).Bind(dbx.Params{"ids": string(list)}).All(&came.Items)
	return came, err
}

// takeBack takes the copies away that a delivery made, and titles made for them: fault.Conflict (in_use) for a copy that was used since. What somebody took away
// meanwhile is no obstacle.
func takeBack(app core.App, op string, d data) error {
	for _, items := range d.Came {
		for _, id := range items {
			err := catalog.DeleteItem(app, id)
			if word := wordOf(err); word == "in_use" {
				name, nameErr := catalog.NameOf(app, id)
				return errors.Join(nameErr, fault.New(op, fault.Conflict, "budget.copy_used", name).Named("in_use").Because(err))
			}
			if err != nil && fault.CodeOf(err) != fault.NotFound {
				return err
			}
		}
	}
	for line, was := range d.Linked {
		if err := setLine(app, line, dbx.Params{"title": was}); err != nil {
			return err
		}
	}
	for _, title := range d.Made {
		var left int
		err := app.DB().NewQuery("SELECT (SELECT COUNT(*) FROM items WHERE title = {:id}) + (SELECT COUNT(*) FROM budget_lines WHERE title = {:id})").
			Bind(dbx.Params{"id": title}).Row(&left)
		if err != nil {
			return err
		}
		if left > 0 {
			continue // somebody found another use for it
		}
		if err := catalog.Delete(app, title); err != nil && fault.CodeOf(err) != fault.NotFound && wordOf(err) != "in_use" {
			return err
		}
	}
	return nil
}

func wordOf(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Word
}
