package collections

import (
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// Loan is one item with one patron, from check-out to return: state derived from the facts, never written but by package desk.
type Loan struct {
	ID         string         `db:"id"`
	Item       string         `db:"item"`
	Patron     string         `db:"patron"`
	State      string         `db:"state"`
	PatronType string         `db:"patron_type"` // as they were at check-out: counts survive graduation
	Grade      string         `db:"grade"`
	Homeroom   string         `db:"homeroom"`
	OutAt      types.DateTime `db:"out_at"`
	Due        policy.Day     `db:"due"`
	ReturnedAt types.DateTime `db:"returned_at"`
	Renewals   int            `db:"renewals"`
	Claim      string         `db:"claim"` // what the patron says of an open loan
	ClaimedAt  types.DateTime `db:"claimed_at"`
}

func (Loan) Collection() string { return Loans }

// The states of a loan.
const (
	LoanOpen     = "open"
	LoanReturned = "returned"
	LoanLost     = "lost"    // given up, and the patron answers for it
	LoanMissing  = "missing" // given up, and nobody does
	LoanUndone   = "undone"
)

// What a patron claims of a loan. A claimed loan is neither overdue nor counted; its item is on the search list.
const (
	ClaimReturned = "returned"
	ClaimNeverHad = "never_had"
)

// Fact is one act of circulation: append-only, corrected only by a later fact.
type Fact struct {
	ID         string         `db:"id"`
	Key        string         `db:"key"` // the caller's key: the same act twice is one fact
	Act        string         `db:"act"` // the key of the first fact of the same act; empty on that one
	Kind       string         `db:"kind"`
	Item       string         `db:"item"`
	Patron     string         `db:"patron"`
	Loan       string         `db:"loan"`
	About      string         `db:"about"`    // the hold, charge or inventory it speaks of
	Reverses   string         `db:"reverses"` // the fact an undo reverses
	PatronType string         `db:"patron_type"`
	Grade      string         `db:"grade"`
	Homeroom   string         `db:"homeroom"`
	At         types.DateTime `db:"at"`          // when it happened
	RecordedAt types.DateTime `db:"recorded_at"` // when we learned of it
	Door       string         `db:"door"`
	Actor      string         `db:"actor"` // id of the staff member or kiosk
	Data       types.JSONRaw  `db:"data"`
	Seq        int            `db:"seq"` // order of recording at this site
}

func (Fact) Collection() string { return CircEvents }

// The kinds of fact. Beside the loan they are about, most say something of an item, and some of a hold, a charge or an
// inventory, named by About.
const (
	FactCheckOut  = "check_out"
	FactReturn    = "return"
	FactRenew     = "renew"
	FactDue       = "due" // another due date: chosen by hand, or by the end of a term
	FactClaim     = "claim"
	FactClaimDrop = "claim_drop"
	FactSeen      = "seen" // an item scanned that was not out
	FactInHouse   = "in_house"
	FactScan      = "scan" // of an inventory

	FactLost     = "lost"
	FactMissing  = "missing"
	FactDamaged  = "damaged"
	FactPieces   = "pieces" // pieces are missing
	FactRepair   = "repair"
	FactFound    = "found" // back on the shelf and for loan, whatever it was before
	FactWithdraw = "withdraw"
	FactTransfer = "transfer" // sent to another site
	FactArrive   = "arrive"

	FactHold       = "hold"
	FactHoldReady  = "hold_ready"
	FactHoldFill   = "hold_fill"
	FactHoldCancel = "hold_cancel"
	FactHoldExpire = "hold_expire"
	FactHoldMove   = "hold_move"

	FactCharge = "charge"
	FactPay    = "pay"
	FactWaive  = "waive"
	FactRefund = "refund"

	FactDecide = "decide" // of a kiosk's question, named by About
	FactUndo   = "undo"
)
