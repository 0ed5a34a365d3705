package desk

import (
	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// RenewRequest asks for more time with an item that is out.
type RenewRequest struct {
	Act
	Item     string
	Override []policy.Code
}

// Renew moves the due date; it is never a return and a new loan. The codes are fault.NotFound (unknown_item),
// fault.Refused, fault.Conflict (not_on_loan, key_reused) and fault.Invalid (key, at).
func Renew(app core.App, request RenewRequest) (lent Lent, err error) {
	const op = "desk.Renew"
	if err := request.check(op); err != nil {
		return lent, err
	}
	err = inTurn(app, func(app core.App) error {
		if lent.Item, err = FindItem(app, request.Item); err != nil {
			return err
		}
		fact, done, err := earlier(app, op, request.Act, func(f collections.Fact) bool {
			return f.Kind == collections.FactRenew && f.Item == lent.Item.ID
		})
		if err != nil {
			return err
		}
		if !done {
			return lent.extend(app, op, request)
		}
		if lent.Patron, err = patronByID(app, fact.Patron); err != nil {
			return err
		}
		return lent.recall(app, fact)
	})
	return lent, err
}

func (l *Lent) extend(app core.App, op string, request RenewRequest) error {
	loan, out, err := openLoan(app, l.Item.ID)
	if err != nil {
		return err
	}
	if !out {
		return fault.New(op, fault.Conflict, "desk.not_on_loan").Named("not_on_loan")
	}
	house, err := site.Open(app)
	if err != nil {
		return err
	}
	if l.Patron, err = patronByID(app, loan.Patron); err != nil {
		return err
	}
	snapshot, err := view(app, l.Patron, l.Item.Type)
	if err != nil {
		return err
	}
	decision, err := policy.DecideRenewal(house.Rules, house.Calendar, snapshot, itemView(l.Item, loan, true), loan.Renewals, day(house, request.At))
	if err != nil {
		return err
	}
	if err := decided(op, decision, request.Override, request.Actor); err != nil {
		return err
	}
	loan.Due = max(loan.Due, decision.Due) // a renewal never takes days away
	loan.Renewals++
	if err := collections.Update(app, loan); err != nil {
		return err
	}
	l.Loan, l.Due, l.Why = loan, loan.Due, decision.Why
	l.Left = left(house.Rules, l.Patron, snapshot.OpenLoans)
	_, err = record(app, request.Act, about(collections.FactRenew, loan), details{Due: loan.Due, Why: &decision.Why, Override: passed(decision)})
	return err
}
