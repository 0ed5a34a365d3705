package collections

import "github.com/pocketbase/pocketbase/tools/types"

// Inventory is one walk along a stretch of shelf; what was scanned is in the facts.
type Inventory struct {
	ID       string         `db:"id"`
	Name     string         `db:"name"`
	Location string         `db:"location"`         // empty for every location
	From     string         `db:"from_call_number"` // both ends included; empty for an open end
	To       string         `db:"to_call_number"`
	State    string         `db:"state"`
	Started  types.DateTime `db:"started_at"`
	Ended    types.DateTime `db:"ended_at"`
}

func (Inventory) Collection() string { return Inventories }

// The states of an inventory.
const (
	InventoryOpen   = "open"
	InventoryClosed = "closed"
)
