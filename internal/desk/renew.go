package desk

import (
	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

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
	err = app.RunInTransaction(func(app core.App) error {
		item, err := FindItem(app, request.Item)
		if err != nil {
			return err
		}
		fact, done, err := earlier(app, op, request.Act, func(f collections.Fact) bool {
			return f.Kind == collections.FactRenew && f.Item == item.ID
		})
		if err != nil {
			return err
		}
		if !done {
			if fact, err = extend(app, op, request, item); err != nil {
				return err
			}
		}
		patron, err := patronByID(app, fact.Patron)
		if err != nil {
			return err
		}
		lent, err = answer(app, fact, patron, item)
		return err
	})
	return lent, err
}

func extend(app core.App, op string, request RenewRequest, item collections.Item) (fact collections.Fact, err error) {
	loan, out, err := openLoan(app, item.ID)
	if err != nil {
		return fact, err
	}
	if !out {
		return fact, fault.New(op, fault.Conflict, "desk.not_on_loan").Named("not_on_loan")
	}
	house, err := openHouse(app)
	if err != nil {
		return fact, err
	}
	patron, err := patronByID(app, loan.Patron)
	if err != nil {
		return fact, err
	}
	snapshot, err := view(app, patron, item.Type)
	if err != nil {
		return fact, err
	}
	decision, err := policy.DecideRenewal(house.rules, house.calendar, snapshot, itemView(item, loan, true), loan.Renewals, house.day(request.At))
	if err != nil {
		return fact, err
	}
	if err := decided(op, decision, request.Override, request.Actor); err != nil {
		return fact, err
	}
	loan.Due = max(loan.Due, decision.Due) // a renewal never takes days away
	loan.Renewals++
	if err := collections.Update(app, loan); err != nil {
		return fact, err
	}
	return record(app, request.Act, collections.Fact{
		Kind: collections.FactRenew, Item: item.ID, Patron: loan.Patron, Loan: loan.ID,
		PatronType: loan.PatronType, Grade: loan.Grade, Homeroom: loan.Homeroom,
	}, details{Due: loan.Due, Why: &decision.Why, Override: passed(decision)})
}
