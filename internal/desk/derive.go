package desk

import (
	"fmt"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The folds below are the definition of what a loan, the state of an item, a hold and a charge are: undo and rebuild both use them. Each takes
// the facts of one thing in the order of recording.

// told is a fact with its details and whether it was undone.
type told struct {
	collections.Fact
	details
	undone bool
}

// tell reads the details of facts and marks the undone ones. The undos themselves are left out.
func tell(facts []collections.Fact) ([]told, error) {
	reversed := map[string]bool{}
	for _, fact := range facts {
		if fact.Kind == collections.FactUndo {
			reversed[fact.Reverses] = true
		}
	}
	story := make([]told, 0, len(facts))
	for _, fact := range facts {
		if fact.Kind == collections.FactUndo {
			continue
		}
		d, err := detailsOf(fact)
		if err != nil {
			return nil, fmt.Errorf("fact %s: %w", fact.ID, err)
		}
		story = append(story, told{fact, d, reversed[fact.ID]})
	}
	return story, nil
}

func deriveLoan(facts []collections.Fact) (loan collections.Loan, err error) {
	story, err := tell(facts)
	for _, f := range story {
		if f.Kind == collections.FactCheckOut {
			loan = loanOf(f)
		} else if !f.undone {
			change(&loan, f)
		}
	}
	return loan, err
}

func loanOf(f told) collections.Loan {
	loan := collections.Loan{
		ID: f.Loan, Item: f.Item, Patron: f.Patron, State: collections.LoanOpen,
		PatronType: f.PatronType, Grade: f.Grade, Homeroom: f.Homeroom, OutAt: f.At, Due: f.Due,
	}
	if f.undone {
		loan.State = collections.LoanUndone
	}
	return loan
}

// change lays one later fact over a loan.
func change(loan *collections.Loan, f told) {
	switch f.Kind {
	case collections.FactRenew:
		loan.Due = f.Due
		loan.Renewals++
	case collections.FactDue:
		loan.Due = f.Due
	case collections.FactClaim:
		loan.Claim, loan.ClaimedAt = f.Claim, f.At
	case collections.FactClaimDrop:
		loan.Claim, loan.ClaimedAt = "", collections.Loan{}.ClaimedAt
	case collections.FactLost:
		loan.State, loan.ReturnedAt = collections.LoanLost, f.At
	case collections.FactMissing:
		loan.State, loan.ReturnedAt = collections.LoanMissing, f.At
	case collections.FactReturn:
		loan.State, loan.ReturnedAt = collections.LoanReturned, f.At
	}
}

// deriveStatus tells the state of an item; ok is false when no fact ever changed it, and the catalogue's word stands.
func deriveStatus(facts []collections.Fact) (status string, ok bool, err error) {
	story, err := tell(facts)
	for _, f := range story {
		was, now := f.statusChange()
		if now == "" {
			continue
		}
		if !ok {
			status, ok = was, true
		}
		if !f.undone {
			status = now
		}
	}
	return status, ok, err
}

// statusChange is what a fact did to the state of its item: nothing when now is empty.
func (f told) statusChange() (was, now string) {
	if f.Found != "" {
		return f.Found, collections.ItemAvailable
	}
	return f.Was, f.Status
}

func deriveHold(facts []collections.Fact) (hold collections.Hold, err error) {
	story, err := tell(facts)
	for _, f := range story {
		if f.Kind == collections.FactHold {
			hold = holdOf(f)
		} else if !f.undone {
			advance(&hold, f)
		}
	}
	return hold, err
}

func holdOf(f told) collections.Hold {
	hold := collections.Hold{
		ID: f.About, Patron: f.Patron, Title: f.details.Title, Wanted: f.Wanted, State: collections.HoldWaiting, Rank: f.Rank, PlacedAt: f.At,
		PatronType: f.PatronType, Grade: f.Grade, Homeroom: f.Homeroom,
	}
	if f.undone {
		hold.State, hold.EndedAt = collections.HoldUndone, f.At
	}
	return hold
}

// advance lays one later fact over a hold.
func advance(hold *collections.Hold, f told) {
	none := collections.Hold{}
	switch f.Kind {
	case collections.FactHoldReady:
		hold.State, hold.Caught, hold.ReadyAt, hold.PickupBy = collections.HoldReady, f.Item, f.At, f.PickupBy
	case collections.FactHoldMove: // also takes it off the hold shelf
		hold.State, hold.Rank, hold.Caught, hold.ReadyAt, hold.PickupBy = collections.HoldWaiting, f.Rank, "", none.ReadyAt, 0
	case collections.FactHoldFill:
		hold.State, hold.EndedAt = collections.HoldFilled, f.At
	case collections.FactHoldCancel:
		hold.State, hold.EndedAt = collections.HoldCancelled, f.At
	case collections.FactHoldExpire:
		hold.State, hold.EndedAt = collections.HoldExpired, f.At
	}
}

func deriveFee(facts []collections.Fact) (fee collections.Fee, err error) {
	story, err := tell(facts)
	for _, f := range story {
		if f.Kind == collections.FactCharge {
			fee = feeOf(f)
			continue
		}
		if f.undone {
			continue
		}
		moveMoney(&fee, f.Kind, f.Cents, f.At)
	}
	return fee, err
}

// moveMoney lays a payment, a waiver or a refund over a charge.
func moveMoney(fee *collections.Fee, kind string, cents int, at types.DateTime) {
	switch kind {
	case collections.FactPay:
		fee.Paid += cents
	case collections.FactWaive:
		fee.Waived += cents
	case collections.FactRefund:
		fee.Refunded += cents
	}
	if fee.State == collections.FeeOpen && fee.Owed() == 0 {
		fee.State, fee.SettledAt = collections.FeeSettled, at
	}
}

func feeOf(f told) collections.Fee {
	fee := collections.Fee{
		ID: f.About, Patron: f.Patron, Item: f.Item, Loan: f.Loan, State: collections.FeeOpen, Reason: f.Charge, Note: f.Note, Cents: f.Cents, At: f.At,
		PatronType: f.PatronType, Grade: f.Grade, Homeroom: f.Homeroom,
	}
	if f.undone {
		fee.State, fee.SettledAt = collections.FeeUndone, f.At
	}
	return fee
}

// factsOf reads the facts about one loan (column "loan"), item ("item"), or hold or charge ("about") in order.
func factsOf(app core.App, column, id string) ([]collections.Fact, error) {
	// that it is not empty says nothing new, but without it SQLite does not use the partial index
	return collections.All[collections.Fact](app, column+" = {:id} AND "+column+" != ''", "seq", dbx.Params{"id": id})
}
