package inventory

import (
	"strings"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// scan is one scan that was not undone.
type scan struct {
	Item  string `db:"item"` // id; empty for a code that no item answers to
	Code  string `db:"code"`
	Found string `db:"found"` // the state the item was in before
	At    string `db:"at"`
	Actor string `db:"actor"`
}

// The second word on about says nothing new, but without it SQLite does not use the partial index.
const scansOf = `SELECT item, at, actor, COALESCE(json_extract(data, '$.code'), '') AS code, COALESCE(json_extract(data, '$.found'), '') AS found
	FROM circ_events WHERE about = {:id} AND about != '' AND kind = 'scan'
		AND id NOT IN (SELECT reverses FROM circ_events WHERE about = {:id} AND about != '' AND kind = 'undo')
	ORDER BY at, seq`

// readScans reads the scans of an inventory in the order in which they were made. A code that was unknown then may belong to an item by now.
func readScans(app core.App, inventory string) ([]scan, error) {
	var scans []scan
	if err := app.DB().NewQuery(scansOf).Bind(dbx.Params{"id": inventory}).All(&scans); err != nil {
		return nil, err
	}
	for i := range scans {
		if scans[i].Item != "" {
			continue
		}
		item, err := desk.FindItem(app, scans[i].Code)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return nil, err
		}
		scans[i].Item = item.ID
	}
	return scans, nil
}

// shelved is an item as far as its place on the shelf goes.
type shelved struct {
	ID         string `db:"id"`
	Barcode    string `db:"barcode"`
	Title      string `db:"title"`
	CallNumber string `db:"call_number"` // its own, else that of its title
	Location   string `db:"location"`
	Status     string `db:"status"`
	Home       string `db:"home"`
	Loan       string `db:"loan"` // the open one
	OutAt      string `db:"out_at"`
	Kept       bool   `db:"kept"` // on the hold shelf

	key     string
	inRange bool
}

const shelvedItems = `SELECT items.id, items.barcode, items.location, items.status, items.home, titles.title,
		COALESCE(NULLIF(items.call_number, ''), titles.call_number) AS call_number,
		COALESCE(loans.id, '') AS loan, COALESCE(loans.out_at, '') AS out_at,
		EXISTS (SELECT 1 FROM holds WHERE holds.caught = items.id AND holds.state = 'ready') AS kept
	FROM items JOIN titles ON titles.id = items.title LEFT JOIN loans ON loans.item = items.id AND loans.state = 'open'
	WHERE {:location} = '' OR items.location = {:location}
		OR items.id IN (SELECT item FROM circ_events WHERE about = {:id} AND about != '' AND kind = 'scan')`

// readItems reads what stands in the stretch, and what else was scanned, by id.
func readItems(app core.App, inventory collections.Inventory, scans []scan) (map[string]*shelved, error) {
	scanned := make(map[string]bool, len(scans))
	for _, s := range scans {
		scanned[s.Item] = true
	}
	rows, err := app.DB().NewQuery(shelvedItems).Bind(dbx.Params{"location": inventory.Location, "id": inventory.ID}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	stretch := rangeOf(inventory.From, inventory.To)
	items := map[string]*shelved{}
	for rows.Next() {
		item := &shelved{}
		if err := rows.ScanStruct(item); err != nil {
			return nil, err
		}
		item.key = callnumber.Key(item.CallNumber)
		item.inRange = stretch.has(item.key)
		if item.inRange || scanned[item.ID] {
			items[item.ID] = item
		}
	}
	return items, rows.Err()
}

// handKinds are the facts for which an item was in somebody's hand, or at home with a patron.
var handKinds = "'" + strings.Join([]string{
	collections.FactCheckOut, collections.FactRenew, collections.FactReturn, collections.FactSeen, collections.FactInHouse, collections.FactScan,
	collections.FactDamaged, collections.FactPieces, collections.FactRepair, collections.FactFound, collections.FactTransfer, collections.FactArrive,
}, "', '") + "'"

// inHand tells which items were in somebody's hand, by the facts recorded behind the given number.
func inHand(app core.App, seq int) (map[string]bool, error) {
	var items []string
	err := app.DB().NewQuery(`SELECT DISTINCT item FROM circ_events WHERE seq > {:seq} AND kind IN (` + handKinds + `)
		AND id NOT IN (SELECT reverses FROM circ_events WHERE seq > {:seq} AND kind = 'undo')`).Bind(dbx.Params{"seq": seq}).Column(&items)
	hands := make(map[string]bool, len(items))
	for _, item := range items {
		hands[item] = true
	}
	return hands, err
}

// seqBefore is the number of the last fact recorded before an inventory started. It goes back from the newest one, so that a long history costs nothing.
func seqBefore(app core.App, inventory collections.Inventory) (seq int, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE((SELECT seq FROM circ_events WHERE recorded_at < {:started} ORDER BY seq DESC LIMIT 1), 0)`).
		Bind(dbx.Params{"started": inventory.Started.String()}).Row(&seq)
	return seq, err
}
