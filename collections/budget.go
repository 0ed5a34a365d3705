package collections

import (
	"carrel/internal/ledger"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// The collections of money.
const (
	BudgetYears    = "budget_years"
	BudgetFunds    = "budget_funds"
	BudgetVendors  = "budget_vendors"
	BudgetOrders   = "budget_orders"
	BudgetLines    = "budget_lines"
	BudgetInvoices = "budget_invoices"
	BudgetActs     = "budget_acts"
	BudgetLedger   = "budget_ledger"
	BudgetRequests = "budget_requests"
)

// Year is a fiscal year. Years do not overlap.
type Year struct {
	ID       string         `db:"id"`
	Name     string         `db:"name"`
	Starts   policy.Day     `db:"starts"`
	Ends     policy.Day     `db:"ends"`
	ClosedAt types.DateTime `db:"closed_at"`
}

func (Year) Collection() string { return BudgetYears }

// Fund is money set aside for a year. Its amounts are derived from the ledger.
type Fund struct {
	ID          string         `db:"id"`
	Year        string         `db:"year"`
	Name        string         `db:"name"`
	Kind        string         `db:"kind"`
	Purpose     string         `db:"purpose"` // what alone it may be spent on
	Funder      string         `db:"funder"`
	Award       string         `db:"award"`
	SpendBy     policy.Day     `db:"spend_by"`
	ReportBy    policy.Day     `db:"report_by"`
	Allocated   int            `db:"allocated"`
	Transferred int            `db:"transferred"`
	Spent       int            `db:"spent"`
	Encumbered  int            `db:"encumbered"`
	Position    int            `db:"position"`
	Updated     types.DateTime `db:"updated"`
}

func (Fund) Collection() string { return BudgetFunds }

// Balance is what the fund's facts add up to.
func (f Fund) Balance() ledger.Balance {
	return ledger.Balance{Allocated: f.Allocated, Transferred: f.Transferred, Spent: f.Spent, Encumbered: f.Encumbered}
}

// Vendor is who sells to the library.
type Vendor struct {
	ID       string         `db:"id"`
	Name     string         `db:"name"`
	Account  string         `db:"account"`
	Email    string         `db:"email"`
	Phone    string         `db:"phone"`
	Address  string         `db:"address"`
	Note     string         `db:"note"`
	Discount int            `db:"discount"` // the usual one, in hundredths of a percent
	Updated  types.DateTime `db:"updated"`
}

func (Vendor) Collection() string { return BudgetVendors }

// Order is a purchase order. Discount, Shipping and Tax are cents over all lines.
type Order struct {
	ID         string         `db:"id"`
	Year       string         `db:"year"`
	Vendor     string         `db:"vendor"`
	Number     string         `db:"number"`
	Name       string         `db:"name"`
	State      ledger.State   `db:"state"`
	Discount   int            `db:"discount"`
	Shipping   int            `db:"shipping"`
	Tax        int            `db:"tax"`
	Note       string         `db:"note"`
	Standing   string         `db:"standing"` // how often it is made anew: "", monthly or yearly
	ApprovedAt types.DateTime `db:"approved_at"`
	ApprovedBy string         `db:"approved_by"`
	SentAt     types.DateTime `db:"sent_at"`
	Expected   policy.Day     `db:"expected"`
	EndedAt    types.DateTime `db:"ended_at"`
	Again      policy.Day     `db:"again"`   // of a standing order: when the next one is made
	Follows    string         `db:"follows"` // the order this one was made after
	Created    types.DateTime `db:"created"`
	Updated    types.DateTime `db:"updated"`
}

func (Order) Collection() string { return BudgetOrders }

// OrderLine is one line of an order. Total is fixed when the order is sent; Encumbered and Spent are derived from the ledger.
type OrderLine struct {
	ID         string `db:"id"`
	Order      string `db:"order_id"` // order is a word of SQL
	Fund       string `db:"fund"`
	Title      string `db:"title"` // empty for what is not in the catalogue yet, or never will be
	Name       string `db:"name"`
	ISBN       string `db:"isbn"`
	Pieces     int    `db:"pieces"`
	Price      int    `db:"price"` // cents a piece
	Total      int    `db:"total"`
	Received   int    `db:"received"` // pieces
	Encumbered int    `db:"encumbered"`
	Spent      int    `db:"spent"`
	Position   int    `db:"position"`
	Request    string `db:"request"`
	Note       string `db:"note"`
}

func (OrderLine) Collection() string { return BudgetLines }

// Invoice is what a vendor asks for an order.
type Invoice struct {
	ID     string     `db:"id"`
	Order  string     `db:"order_id"` // order is a word of SQL
	Number string     `db:"number"`
	Day    policy.Day `db:"day"`
	Cents  int        `db:"cents"`
	Note   string     `db:"note"`
}

func (Invoice) Collection() string { return BudgetInvoices }

// BudgetAct is one act about money: append-only, taken back only by a later one.
type BudgetAct struct {
	ID       string         `db:"id"`
	Key      string         `db:"key"` // the caller's: the same act twice is one
	Kind     string         `db:"kind"`
	About    string         `db:"about"` // the fund, order or year it speaks of
	Reverses string         `db:"reverses"`
	Data     types.JSONRaw  `db:"data"`
	Reason   string         `db:"reason"`
	Actor    string         `db:"actor"`
	At       types.DateTime `db:"at"`
	Seq      int            `db:"seq"`
}

func (BudgetAct) Collection() string { return BudgetActs }

// Request is a wish for the library to get something.
type Request struct {
	ID      string         `db:"id"`
	Staff   string         `db:"staff"` // who asks
	Name    string         `db:"name"`
	Author  string         `db:"author"`
	ISBN    string         `db:"isbn"`
	Why     string         `db:"why"`
	For     string         `db:"for"`
	State   string         `db:"state"` // as said by hand; an order line that names the request says more
	Answer  string         `db:"answer"`
	Line    string         `db:"line"` // not used: the line names the request
	Created types.DateTime `db:"created"`
	Updated types.DateTime `db:"updated"`
}

func (Request) Collection() string { return BudgetRequests }

// Entry is one fact of the ledger: what an act did to a fund. An entry that reverses another has its kind and its cents with the other sign.
type Entry struct {
	ID       string         `db:"id"`
	Act      string         `db:"act"`
	Fund     string         `db:"fund"`
	Kind     ledger.Kind    `db:"kind"`
	Cents    int            `db:"cents"`
	Order    string         `db:"order_id"` // order is a word of SQL
	Line     string         `db:"line"`
	Invoice  string         `db:"invoice"`
	Reverses string         `db:"reverses"`
	At       types.DateTime `db:"at"`
	Seq      int            `db:"seq"`
}

func (Entry) Collection() string { return BudgetLedger }
