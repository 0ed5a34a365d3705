// Package ledger has the arithmetic of a library's money: what the facts of a fund add up to, how costs are shared over the lines of an order, and how an order
// may move. All amounts are whole cents of the site's currency; there is no rounding that loses or makes one.
package ledger

// Kind is what a fact of the ledger says.
type Kind string

// The kinds of fact. Amounts are positive but for Adjust, which corrects what was spent in either direction.
const (
	Allocate    Kind = "allocate"     // money is given to a fund
	TransferIn  Kind = "transfer_in"  // from another fund; always one of a pair
	TransferOut Kind = "transfer_out" // to another fund
	Encumber    Kind = "encumber"     // an order was sent: the money is promised
	Disencumber Kind = "disencumber"  // what was promised is free again
	Spend       Kind = "spend"
	Refund      Kind = "refund"
	Adjust      Kind = "adjust"
)

// Kinds are all of them.
var Kinds = []Kind{Allocate, TransferIn, TransferOut, Encumber, Disencumber, Spend, Refund, Adjust}

// Balance is what the facts of a fund add up to, in cents.
type Balance struct {
	Allocated   int `db:"allocated" json:"allocated"`
	Transferred int `db:"transferred" json:"transferred"` // in less out
	Spent       int `db:"spent" json:"spent"`
	Encumbered  int `db:"encumbered" json:"encumbered"`
}

// Available is what may still be promised.
func (b Balance) Available() int { return b.Allocated + b.Transferred - b.Spent - b.Encumbered }

// With is the balance after one more fact.
func (b Balance) With(kind Kind, cents int) Balance {
	switch kind {
	case Allocate:
		b.Allocated += cents
	case TransferIn:
		b.Transferred += cents
	case TransferOut:
		b.Transferred -= cents
	case Encumber:
		b.Encumbered += cents
	case Disencumber:
		b.Encumbered -= cents
	case Spend, Adjust:
		b.Spent += cents
	case Refund:
		b.Spent -= cents
	}
	return b
}

// Without is the balance with a fact taken back. A fact is never taken out of the ledger: the one that reverses it is another fact, whose effect this is.
func (b Balance) Without(kind Kind, cents int) Balance { return b.With(kind, -cents) }

// Split shares an amount in the proportions of some weights: every cent once, no share further than a cent from its exact part, and what does not come out even
// goes to the largest remainders, the first of equal ones first. Amount and weights must not be negative; without any weight the shares are as even as can be.
func Split(amount int, weights []int) []int {
	if len(weights) == 0 {
		return nil
	}
	all := 0
	for _, weight := range weights {
		all += weight
	}
	if all == 0 {
		return Split(amount, ones(len(weights)))
	}
	shares, rest := make([]int, len(weights)), amount
	remainders := make([]int, len(weights))
	for i, weight := range weights {
		shares[i], remainders[i] = amount*weight/all, amount*weight%all
		rest -= shares[i]
	}
	for ; rest > 0; rest-- {
		largest := 0
		for i := range remainders {
			if remainders[i] > remainders[largest] {
				largest = i
			}
		}
		shares[largest]++
		remainders[largest] = -1
	}
	return shares
}

func ones(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = 1
	}
	return list
}

// Part is what the pieces from the have-th to the (have+n)-th of a line cost, when all of them cost total: however a delivery is cut up, its parts add up to the whole.
func Part(total, pieces, have, n int) int {
	if pieces <= 0 {
		return 0
	}
	return total*(have+n)/pieces - total*have/pieces
}
