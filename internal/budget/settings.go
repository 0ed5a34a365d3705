package budget

import (
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// The longest texts of the settings, in letters, and the largest number an order may begin with.
const (
	maxPrefix  = 12
	maxAddress = 400
	maxNext    = 99_999_999
)

// SaveSettings keeps how the library buys: fault.Invalid (approval, prefix, next, bill_to, ship_to).
func SaveSettings(app core.App, settings site.Budget) (site.Budget, error) {
	const op = "budget.SaveSettings"
	settings.Prefix = site.OneLine(settings.Prefix)
	settings.BillTo, settings.ShipTo = strings.TrimSpace(settings.BillTo), strings.TrimSpace(settings.ShipTo)
	switch settings.Approval {
	case site.ApprovalNone, site.ApprovalPrincipal, site.ApprovalCoordinator:
	default:
		return settings, fault.New(op, fault.Invalid, "budget.bad_approval").At("approval")
	}
	if settings.Next < 0 || settings.Next > maxNext {
		return settings, fault.New(op, fault.Invalid, "budget.bad_next", maxNext).At("next")
	}
	if err := checkText(op, "prefix", settings.Prefix, maxPrefix); err != nil {
		return settings, err
	}
	if err := checkText(op, "bill_to", settings.BillTo, maxAddress); err != nil {
		return settings, err
	}
	if err := checkText(op, "ship_to", settings.ShipTo, maxAddress); err != nil {
		return settings, err
	}
	return settings, site.SaveBudget(app, settings)
}

// MayApprove tells whether somebody with a role lets orders be sent: the one whom the school chose, or the librarian where it chose nobody.
func MayApprove(app core.App, role collections.Role) (bool, error) {
	settings, err := site.LoadBudget(app)
	if settings.Approval == site.ApprovalNone {
		return role == collections.Librarian, err
	}
	return string(role) == settings.Approval, err
}
