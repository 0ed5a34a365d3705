package site

import "github.com/pocketbase/pocketbase/core"

// Budget says how the library buys.
type Budget struct {
	Approval string `json:"approval"` // who lets an order be sent: "none" (the librarian), "principal" or "coordinator"
	Prefix   string `json:"prefix"`   // of the numbers of orders; empty for the year in which the fiscal year ends, "26-"
	Next     int    `json:"next"`     // the least number of the next order
	BillTo   string `json:"bill_to"`  // addresses, in lines
	ShipTo   string `json:"ship_to"`
}

// Who lets an order be sent.
const (
	ApprovalNone        = "none"
	ApprovalPrincipal   = "principal"
	ApprovalCoordinator = "coordinator"
)

const budgetKey = "budget"

// LoadBudget reads how the library buys.
func LoadBudget(app core.App) (Budget, error) {
	return loadSetting(app, budgetKey, Budget{Approval: ApprovalNone})
}

// SaveBudget keeps it.
func SaveBudget(app core.App, budget Budget) error { return saveSetting(app, budgetKey, budget) }
