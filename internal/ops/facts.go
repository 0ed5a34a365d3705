package ops

import (
	"carrel/internal/budget"
	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// mostCompared bounds what is kept of a comparison: with so many differences it does not matter which of them were only of the moment.
const mostCompared = 10_000

// shown is how many differences a summary names.
const shown = 20

// Compared is what a comparison of the state with the facts found.
type Compared struct {
	desk.Rebuilt
	Differences int               `json:"differences"`
	First       []desk.Difference `json:"first,omitempty"`
}

// CompareFacts derives everything from the facts and counts what differs from the state; it repairs nothing. While the desk goes on, a fact and
// its state may be read before and after an act: only what differs a second time counts.
func CompareFacts(app core.App) (compared Compared, err error) {
	const op = "ops.CompareFacts"
	first, rebuilt, count, err := differences(app)
	if err != nil || count == 0 {
		return Compared{Rebuilt: rebuilt}, fault.Wrap(op, err)
	}
	second, rebuilt, count, err := differences(app)
	if err != nil {
		return Compared{Rebuilt: rebuilt}, fault.Wrap(op, err)
	}
	if count <= mostCompared {
		second = both(first, second)
		count = len(second)
	}
	return Compared{rebuilt, count, second[:min(len(second), shown)]}, nil
}

// both are the differences that are in both lists.
func both(first, second []desk.Difference) (lasting []desk.Difference) {
	before := make(map[desk.Difference]bool, len(first))
	for _, difference := range first {
		before[difference] = true
	}
	for _, difference := range second {
		if before[difference] {
			lasting = append(lasting, difference)
		}
	}
	return lasting
}

func differences(app core.App) (found []desk.Difference, rebuilt desk.Rebuilt, count int, err error) {
	rebuilt, err = desk.Rebuild(app, false, func(difference desk.Difference) {
		if count++; len(found) < mostCompared {
			found = append(found, difference)
		}
	}, nil)
	if err != nil {
		return found, rebuilt, count, err
	}
	money, err := budget.Rebuild(app, false)
	for _, one := range money {
		if count++; len(found) < mostCompared {
			found = append(found, desk.Difference{Kind: one.Table, ID: one.ID, Field: "sums", Is: one.Is, Facts: one.Facts})
		}
	}
	return found, rebuilt, count, err
}
