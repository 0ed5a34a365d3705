package desk

import (
	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ScanRequest notes that an item was seen on the shelf during an inventory.
type ScanRequest struct {
	Act
	Inventory string // id
	Code      string // as scanned
}

// Scanned answers a scan. Item is nil for a code that no item answers to: the scan is kept all the same.
type Scanned struct {
	Code  string
	Item  *Thing
	Out   bool   // it is on loan, yet it stands here
	Found string // the state it was in before this scan found it
}

// Scan keeps one scan of an inventory. A missing or lost item is found by it; an item on loan stays on loan, for the librarian to decide. The codes are
// fault.NotFound (unknown_inventory), fault.Conflict (inventory_closed, key_reused) and fault.Invalid (key, at, code).
func Scan(app core.App, request ScanRequest) (scanned Scanned, err error) {
	const op = "desk.Scan"
	if err := request.check(op); err != nil {
		return scanned, err
	}
	code := shown(request.Code)
	if code == "" {
		return scanned, fault.New(op, fault.Invalid, "desk.bad_code").At("code")
	}
	err = inTurn(app, func(app core.App) error {
		scanned = Scanned{Code: code}
		inventory, ok, err := collections.Find[collections.Inventory](app, "id = {:id}", dbx.Params{"id": request.Inventory})
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(op, fault.NotFound, "desk.unknown_inventory").Named("unknown_inventory").At("inventory")
		}
		item, err := FindItem(app, request.Code)
		if err == nil {
			scanned.Item = &item
		} else if fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if _, scanned.Out, err = openLoan(app, item.ID); err != nil {
			return err
		}
		fact, done, err := asked(app, op, request.Act, "scan "+inventory.ID+" "+code)
		if err != nil {
			return err
		}
		if done {
			d, err := detailsOf(fact)
			scanned.Found = d.Found
			return err
		}
		if inventory.State != collections.InventoryOpen {
			return fault.New(op, fault.Conflict, "desk.inventory_closed").Named("inventory_closed")
		}
		return scanned.write(newPen(app, request.Act), op, inventory)
	})
	return scanned, err
}

func (s *Scanned) write(pen *pen, op string, inventory collections.Inventory) error {
	fact := collections.Fact{Kind: collections.FactScan, About: inventory.ID}
	d := details{Ask: "scan " + inventory.ID + " " + s.Code}
	if s.Item == nil {
		d.Code = s.Code
		_, err := pen.main(fact, d)
		return err
	}
	if err := notBefore(pen.app, op, pen.act, s.Item.ID); err != nil {
		return err
	}
	fact.Item = s.Item.ID
	if s.Item.Status == collections.ItemMissing || s.Item.Status == collections.ItemLost {
		return s.find(pen, fact, d)
	}
	if err := setStatus(pen.app, s.Item.ID, s.Item.Status, instant(pen.act.At), instant(pen.act.Now)); err != nil {
		return err
	}
	_, err := pen.main(fact, d)
	return err
}

// find takes an item that was given up into the collection again, and ends the loan on which it was.
func (s *Scanned) find(pen *pen, fact collections.Fact, d details) (err error) {
	loan, lost, err := lostLoan(pen.app, *s.Item)
	if err != nil {
		return err
	}
	if d.Found, err = pen.find(*s.Item); err != nil {
		return err
	}
	s.Found, s.Item.Status = d.Found, collections.ItemAvailable
	if _, err := pen.main(fact, d); err != nil {
		return err
	}
	if !lost {
		return pen.moved(s.Item.Title)
	}
	if _, err := pen.endLoan(loan, *s.Item, details{Mode: modeImplied}, pen.also); err != nil {
		return err
	}
	return pen.settleLoan(loan, *s.Item, modeImplied)
}

// MissingRequest gives up items that an inventory did not see.
type MissingRequest struct {
	Act
	Inventory string   // id
	Items     []string // ids
}

// MarkMissing marks items as missing in one act, which can be undone as one. Items that were lent, kept or changed in the meantime are left alone; it answers
// the ids of those it marked. The codes are fault.Conflict (key_reused) and fault.Invalid (key, at).
func MarkMissing(app core.App, request MissingRequest) (marked []string, err error) {
	const op = "desk.MarkMissing"
	if err := request.check(op); err != nil {
		return nil, err
	}
	err = inTurn(app, func(app core.App) error {
		marked = nil
		ask := "missing " + request.Inventory
		_, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if done {
			facts, err := factsOfAct(app, request.Key)
			for _, fact := range facts {
				marked = append(marked, fact.Item)
			}
			return err
		}
		marked, err = newPen(app, request.Act).giveUp(request.Items, ask)
		return err
	})
	return marked, err
}

func (p *pen) giveUp(items []string, ask string) (marked []string, err error) {
	record := p.main
	for _, id := range items {
		item, err := itemByID(p.app, id)
		if err != nil {
			return nil, err
		}
		_, out, err := openLoan(p.app, id)
		if err != nil {
			return nil, err
		}
		_, kept, err := keptHold(p.app, id)
		if err != nil {
			return nil, err
		}
		if out || kept || item.Status != collections.ItemAvailable {
			continue
		}
		if err := setStatus(p.app, id, collections.ItemMissing, item.LastSeen, instant(p.act.Now)); err != nil {
			return nil, err
		}
		fact := collections.Fact{Kind: collections.FactMissing, Item: id}
		if _, err := record(fact, details{Ask: ask, Was: item.Status, Status: collections.ItemMissing}); err != nil {
			return nil, err
		}
		if err := p.moved(item.Title); err != nil {
			return nil, err
		}
		marked, record = append(marked, id), p.also
	}
	return marked, nil
}
