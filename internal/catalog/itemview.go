package catalog

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The states of an item that are none of its own: somebody has it, or it lies on the hold shelf.
const (
	OnLoan = "on_loan"
	OnHold = "on_hold"
)

// ItemView is an item as the catalogue shows it to the librarian and the aide. What it cost and who paid is for the librarian alone: see WithoutMoney.
type ItemView struct {
	ID         string     `db:"id" json:"id"`
	Updated    string     `db:"updated" json:"updated"`
	Barcode    string     `db:"barcode" json:"barcode"`
	Status     string     `db:"status" json:"status"` // its own state, OnLoan or OnHold
	Due        policy.Day `db:"due" json:"due,omitzero"`
	Homeroom   string     `db:"homeroom" json:"homeroom,omitempty"` // name of the class that has it
	Location   string     `db:"location" json:"location"`           // name
	LocationID string     `db:"location_id" json:"location_id"`
	Type       string     `db:"type" json:"type"` // name
	TypeID     string     `db:"type_id" json:"type_id"`
	CallNumber string     `db:"call_number" json:"call_number"` // its own; empty where that of the title counts
	Copy       string     `db:"copy" json:"copy"`
	NotForLoan bool       `db:"not_for_loan" json:"not_for_loan"`
	PublicNote string     `db:"public_note" json:"public_note"`
	StaffNote  string     `db:"staff_note" json:"staff_note"`
	Acquired   policy.Day `db:"acquired" json:"acquired"`
	LastSeen   string     `db:"last_seen" json:"last_seen"` // RFC 3339
	Loans      int        `db:"loans" json:"loans"`         // of all time

	Price    string `db:"-" json:"price,omitempty"` // "18.99"
	Currency string `db:"currency" json:"currency,omitempty"`
	Vendor   string `db:"vendor" json:"vendor,omitempty"`
	Fund     string `db:"fund" json:"fund,omitempty"`

	Title string `db:"title" json:"-"` // id
	Cents int    `db:"price_cents" json:"-"`
}

// WithoutMoney is what everybody but the librarian may see of an item.
func (v ItemView) WithoutMoney() ItemView {
	v.Price, v.Currency, v.Vendor, v.Fund = "", "", "", ""
	return v
}

// itemViews counts the loans by the facts, which are there under the item, and takes off what was undone.
const itemViews = `SELECT i.id, i.updated, i.title, i.barcode, CASE WHEN o.id IS NOT NULL THEN '` + OnLoan + `' WHEN h.id IS NOT NULL THEN '` + OnHold + `' ELSE i.status END AS status,
	COALESCE(o.due, '') AS due, COALESCE(r.name, '') AS homeroom, COALESCE(l.name, '') AS location, i.location AS location_id, COALESCE(k.name, '') AS type, i.type AS type_id,
	i.call_number, i.copy, i.not_for_loan, i.public_note, i.staff_note, i.acquired, i.price_cents, i.currency, i.vendor, i.fund,
	COALESCE(strftime('%Y-%m-%dT%H:%M:%SZ', NULLIF(i.last_seen, '')), '') AS last_seen,
	(SELECT COALESCE(SUM(CASE WHEN f.kind = '` + collections.FactCheckOut + `' THEN 1 WHEN json_extract(f.data, '$.undoes') = '` + collections.FactCheckOut + `' THEN -1 ELSE 0 END), 0)
		FROM circ_events f WHERE f.item = i.id AND f.kind IN ('` + collections.FactCheckOut + `', '` + collections.FactUndo + `')) AS loans
	FROM items i LEFT JOIN loans o ON o.item = i.id AND o.state = '` + collections.LoanOpen + `'
		LEFT JOIN holds h ON h.caught = i.id AND h.state = '` + collections.HoldReady + `'
		LEFT JOIN patrons p ON p.id = o.patron LEFT JOIN homerooms r ON r.id = p.homeroom
		LEFT JOIN locations l ON l.id = i.location LEFT JOIN item_types k ON k.id = i.type WHERE `

func readViews(app core.App, where string, params dbx.Params) ([]ItemView, error) {
	views := []ItemView{}
	err := app.DB().NewQuery(itemViews + where).Bind(params).All(&views)
	for i := range views {
		if cents := views[i].Cents; cents > 0 {
			views[i].Price = fmt.Sprintf("%d.%02d", cents/100, cents%100)
		}
	}
	return views, err
}

// ItemsOf lists the items of a title (id), withdrawn ones last, in one query.
func ItemsOf(app core.App, title string) ([]ItemView, error) {
	return readViews(app, "i.title = {:title} ORDER BY i.status = '"+collections.ItemWithdrawn+"', i.rowid", dbx.Params{"title": title})
}

// ItemOf shows one item. The code is fault.NotFound (unknown_item).
func ItemOf(app core.App, id string) (ItemView, error) {
	views, err := readViews(app, "i.id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return ItemView{}, err
	}
	if len(views) == 0 {
		return ItemView{}, unknownItem("catalog.ItemOf", id)
	}
	return views[0], nil
}

func unknownItem(op, id string) error {
	return fault.New(op, fault.NotFound, "items.unknown", id).Named("unknown_item").At("item")
}
