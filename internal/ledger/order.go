package ledger

import "slices"

// State is where an order is.
type State string

// The states of an order, in the order in which it goes through them.
const (
	Draft     State = "draft"
	Approved  State = "approved"
	Sent      State = "sent" // its money is encumbered
	Partly    State = "partly_received"
	Received  State = "received"
	Closed    State = "closed" // whatever has not come will not
	Cancelled State = "cancelled"
)

// States are all of them.
var States = []State{Draft, Approved, Sent, Partly, Received, Closed, Cancelled}

// next is where an order may go from each state. It never goes back but by undoing the act that brought it there.
var next = map[State][]State{
	Draft:    {Approved, Cancelled},
	Approved: {Sent, Cancelled},
	Sent:     {Partly, Received, Closed, Cancelled},
	Partly:   {Partly, Received, Closed},
	Received: {Closed},
}

// May tells whether an order may go from one state to another.
func May(from, to State) bool { return slices.Contains(next[from], to) }

// Open tells whether money is promised to an order in this state.
func (s State) Open() bool { return s == Sent || s == Partly }

// Line is one line of an order: pieces at a price, in cents.
type Line struct{ Pieces, Price int }

// Costs are what an order costs beside its lines. Discount is taken off; all are at least 0.
type Costs struct{ Discount, Shipping, Tax int }

// Totals are what each line costs with its share of discount, shipping and tax, which follow the price of the line. A discount larger than the order is cut to it.
func Totals(lines []Line, costs Costs) []int {
	nets := make([]int, len(lines))
	all := 0
	for i, line := range lines {
		nets[i] = line.Pieces * line.Price
		all += nets[i]
	}
	discounts := Split(min(costs.Discount, all), nets)
	extras := Split(costs.Shipping+costs.Tax, nets)
	totals := make([]int, len(lines))
	for i := range lines {
		totals[i] = nets[i] - discounts[i] + extras[i]
	}
	return totals
}
