// Package inventory walks along a stretch of shelf while circulation goes on, and tells what is not where it should be. The scans themselves are
// facts, written by package desk.
package inventory

import (
	"strings"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/callnumber"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Stretch is a part of the shelves and what the walk along it is called.
type Stretch struct {
	Name     string
	Location string // id; empty for every location
	From, To string // call numbers, both included; empty for an open end
}

// maxText is the longest name or call number in characters.
const maxText = 200

// Start opens an inventory; others may be open over the same shelves. The codes are fault.Invalid (name, from, to) and fault.NotFound
// (unknown_location).
func Start(app core.App, stretch Stretch, now time.Time) (started collections.Inventory, err error) {
	const op = "inventory.Start"
	stretch.Name = strings.TrimSpace(stretch.Name)
	if err := stretch.check(app, op); err != nil {
		return started, err
	}
	at, err := types.ParseDateTime(now)
	if err != nil {
		return started, err
	}
	return collections.Insert(app, collections.Inventory{
		Name: stretch.Name, Location: stretch.Location, From: stretch.From, To: stretch.To, State: collections.InventoryOpen, Started: at,
	})
}

func (s Stretch) check(app core.App, op string) error {
	if s.Name == "" || utf8.RuneCountInString(s.Name) > maxText {
		return fault.New(op, fault.Invalid, "inventory.bad_name", maxText).At("name")
	}
	for field, call := range map[string]string{"from": s.From, "to": s.To} {
		if call != "" && callnumber.Key(call) == "" || utf8.RuneCountInString(call) > maxText {
			return fault.New(op, fault.Invalid, "inventory.bad_call_number").At(field)
		}
	}
	if r := rangeOf(s.From, s.To); s.From != "" && s.To != "" && !r.has(r.from) {
		return fault.New(op, fault.Invalid, "inventory.backwards", s.To, s.From).At("to")
	}
	if s.Location == "" {
		return nil
	}
	_, ok, err := collections.Find[collections.Location](app, "id = {:id}", dbx.Params{"id": s.Location})
	if err == nil && !ok {
		err = fault.New(op, fault.NotFound, "inventory.unknown_location").Named("unknown_location").At("location")
	}
	return err
}

// Close ends an inventory: nothing more is scanned into it, its report stays. Closing it again changes nothing. The code is fault.NotFound
// (unknown_inventory).
func Close(app core.App, id string, now time.Time) error {
	inventory, err := find(app, "inventory.Close", id)
	if err != nil || inventory.State == collections.InventoryClosed {
		return err
	}
	inventory.State = collections.InventoryClosed
	if inventory.Ended, err = types.ParseDateTime(now); err != nil {
		return err
	}
	return collections.Update(app, inventory)
}

// List lists all inventories, the newest first.
func List(app core.App) ([]collections.Inventory, error) {
	return collections.All[collections.Inventory](app, "", "started_at DESC, id", nil)
}

func find(app core.App, op, id string) (collections.Inventory, error) {
	inventory, ok, err := collections.Find[collections.Inventory](app, "id = {:id}", dbx.Params{"id": id})
	if err == nil && !ok {
		err = fault.New(op, fault.NotFound, "desk.unknown_inventory").Named("unknown_inventory").At("inventory")
	}
	return inventory, err
}

// keyRange is a range of call numbers as they stand on the shelf.
type keyRange struct{ from, to string }

func rangeOf(from, to string) keyRange { return keyRange{callnumber.Key(from), callnumber.Key(to)} }

// has tells whether a key lies in the range. What begins with its end is still inside: up to 599 takes 599.7 ABC along.
func (r keyRange) has(key string) bool {
	return key >= r.from && (r.to == "" || key <= r.to || strings.HasPrefix(key, r.to))
}
