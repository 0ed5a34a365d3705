package desk

import (
	"strings"

	"carrel/collections"
)

// movers are the kinds of fact after which an item is somewhere else, or something else, than before: later acts build on them.
var movers = []string{
	collections.FactCheckOut, collections.FactReturn, collections.FactRenew, collections.FactDue, collections.FactClaim, collections.FactClaimDrop,
	collections.FactLost, collections.FactMissing, collections.FactDamaged, collections.FactPieces, collections.FactRepair, collections.FactFound,
	collections.FactWithdraw, collections.FactTransfer, collections.FactArrive,
	// these put an item on the hold shelf or take it off
	collections.FactHoldReady, collections.FactHoldFill, collections.FactHoldMove, collections.FactHoldCancel, collections.FactHoldExpire,
}

// scans are the kinds of fact for which an item was in somebody's hand in the library.
var scans = listed([]string{
	collections.FactCheckOut, collections.FactReturn, collections.FactSeen, collections.FactInHouse, collections.FactScan, collections.FactDamaged,
	collections.FactPieces, collections.FactRepair, collections.FactFound, collections.FactTransfer, collections.FactArrive,
})

// happenings are the kinds of fact that say where an item was at a time: an act is not entered as older than one of them. A due date set while
// the book lay in the drop is none.
var happenings = listed([]string{
	collections.FactCheckOut, collections.FactReturn, collections.FactLost, collections.FactMissing, collections.FactDamaged, collections.FactPieces,
	collections.FactRepair, collections.FactFound, collections.FactWithdraw, collections.FactTransfer, collections.FactArrive,
})

var holdKinds = []string{
	collections.FactHold, collections.FactHoldReady, collections.FactHoldFill, collections.FactHoldCancel, collections.FactHoldExpire, collections.FactHoldMove,
}

var feeKinds = []string{collections.FactCharge, collections.FactPay, collections.FactWaive, collections.FactRefund}

// listed is a list of kinds as SQL has it.
func listed(kinds []string) string { return "'" + strings.Join(kinds, "', '") + "'" }

var factsThatMove = listed(movers)
