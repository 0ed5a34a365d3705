package inventory

import (
	"slices"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/desk"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// window is how many scans of one person are looked at to tell whether the last of them stands in order.
const window = 40

// Wrong is something to do about a book that was just scanned, for whoever stands there with it.
type Wrong struct {
	Code string // unknown, found, on_loan, kept, withdrawn, repair, site, location, range, order or before
	Text say.Text
}

// Seen is what somebody at the shelf is told of a scan.
type Seen struct {
	CallNumber string
	Location   string // name
	Wrong      []Wrong
}

// Look tells what is wrong with an item that an actor (id) has just scanned; was is the state in which the scan found it, if it had been given up. Whether it
// stands in order is judged by what the same person scanned shortly before. The code is fault.NotFound (unknown_inventory).
func Look(app core.App, id string, item *desk.Thing, actor, was string) (seen Seen, err error) {
	if item == nil {
		return Seen{Wrong: []Wrong{{"unknown", say.T("inventory.wrong.unknown")}}}, nil
	}
	w, err := recent(app, id, item.ID, actor)
	if err != nil {
		return seen, err
	}
	here := w.items[item.ID]
	if here == nil {
		return seen, nil // it was taken out of the catalogue this very moment
	}
	seen.CallNumber, seen.Location = here.CallNumber, w.locations[here.Location]
	seen.Wrong = append(w.state(here, was), w.place(here)...)
	return seen, nil
}

// recent is the end of the walk of one actor, with the items on it.
func recent(app core.App, id, item, actor string) (w walk, err error) {
	w = walk{items: map[string]*shelved{}, locations: map[string]string{}}
	if w.inventory, err = find(app, "inventory.Look", id); err != nil {
		return w, err
	}
	err = app.DB().NewQuery(`SELECT item, at, actor, '' AS code, '' AS found FROM circ_events WHERE about = {:id} AND about != '' AND kind = 'scan' AND actor = {:actor} AND item != ''
		AND NOT EXISTS (SELECT 1 FROM circ_events AS undo WHERE undo.key = 'undo:' || circ_events.id) ORDER BY seq DESC LIMIT {:n}`).
		Bind(dbx.Params{"id": id, "actor": actor, "n": window}).All(&w.scans)
	if err != nil {
		return w, err
	}
	slices.Reverse(w.scans)
	ids := []any{item}
	for _, s := range w.scans {
		ids = append(ids, s.Item)
	}
	var rows []*shelved
	in := dbx.In("items.id", ids...)
	err = app.DB().Select("items.id", "items.barcode", "items.location", "items.status", "items.home", "titles.title",
		"COALESCE(NULLIF(items.call_number, ''), titles.call_number) AS call_number", "COALESCE(loans.id, '') AS loan", "COALESCE(loans.out_at, '') AS out_at",
		"EXISTS (SELECT 1 FROM holds WHERE holds.caught = items.id AND holds.state = 'ready') AS kept").
		From(collections.Items).InnerJoin(collections.Titles, dbx.NewExp("titles.id = items.title")).
		LeftJoin(collections.Loans, dbx.NewExp("loans.item = items.id AND loans.state = 'open'")).Where(in).All(&rows)
	if err != nil {
		return w, err
	}
	stretch := rangeOf(w.inventory.From, w.inventory.To)
	for _, row := range rows {
		row.key = callnumber.Key(row.CallNumber)
		row.inRange = stretch.has(row.key)
		w.items[row.ID] = row
	}
	locations, err := collections.All[collections.Location](app, "", "", nil)
	for _, location := range locations {
		w.locations[location.ID] = location.Name
	}
	return w, err
}

// state is what is wrong with a book wherever it stands.
func (w walk) state(item *shelved, was string) (wrong []Wrong) {
	add := func(code string, text say.Text) { wrong = append(wrong, Wrong{code, text}) }
	switch {
	case item.Loan != "":
		add("on_loan", say.T("inventory.wrong.on_loan"))
	case item.Kept:
		add("kept", say.T("inventory.wrong.kept"))
	case was != "":
		add("found", say.T("inventory.wrong.found."+was))
	case item.Status == collections.ItemWithdrawn:
		add("withdrawn", say.T("inventory.wrong.withdrawn"))
	case slices.Contains([]string{collections.ItemRepair, collections.ItemDamaged, collections.ItemIncomplete, collections.ItemTransit}, item.Status):
		add("repair", say.T("inventory.wrong."+item.Status))
	}
	return wrong
}

// place is what is wrong with where a book stands, or with the one before it, which shows only by what comes behind.
func (w walk) place(item *shelved) (wrong []Wrong) {
	switch w.wrong(item) {
	case WrongSite:
		return []Wrong{{WrongSite, say.T("inventory.wrong.site", item.Home)}}
	case WrongLocation:
		if name := w.locations[item.Location]; name != "" {
			return []Wrong{{WrongLocation, say.T("inventory.wrong.location", name)}}
		}
		return []Wrong{{WrongLocation, say.T("inventory.wrong.no_location")}}
	case WrongRange:
		return []Wrong{{WrongRange, say.T("inventory.wrong.range", item.CallNumber)}}
	}
	stops := w.stops()
	if len(stops) == 0 {
		return nil
	}
	before := misplacedOrder(w.misplaced(stops[:len(stops)-1]))
	for id, m := range misplacedOrder(w.misplaced(stops)) {
		switch {
		case id == item.ID:
			return []Wrong{{WrongOrder, between(m)}}
		case before[id].Item == "":
			wrong = append(wrong, Wrong{"before", say.T("inventory.wrong.before", m.CallNumber, m.Title)})
		}
	}
	if len(wrong) > 1 { // the walk went on elsewhere: nothing is wrong with the books
		return nil
	}
	return wrong
}

// misplacedOrder are the items that are out of order, by id.
func misplacedOrder(all []Misplaced) map[string]Misplaced {
	found := map[string]Misplaced{}
	for _, m := range all {
		if m.Why == WrongOrder {
			found[m.Item] = m
		}
	}
	return found
}

func between(m Misplaced) say.Text {
	switch {
	case m.After == nil && m.Before == nil:
		return say.T("inventory.wrong.order")
	case m.After == nil:
		return say.T("inventory.wrong.order_first", m.Before.CallNumber)
	case m.Before == nil:
		return say.T("inventory.wrong.order_last", m.After.CallNumber)
	}
	return say.T("inventory.wrong.order_between", m.After.CallNumber, m.Before.CallNumber)
}
