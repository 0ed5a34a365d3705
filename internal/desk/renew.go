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
		lent = Lent{}
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
			pen := newPen(app, request.Act)
			return lent.extend(pen, op, request.Override, pen.main)
		}
		if lent.Patron, err = patronByID(app, fact.Patron); err != nil {
			return err
		}
		return lent.recall(app, fact)
	})
	return lent, err
}

// extend renews the loan the item of l is out on.
func (l *Lent) extend(pen *pen, op string, override []policy.Code, record recorder) error {
	loan, out, err := openLoan(pen.app, l.Item.ID)
	if err != nil {
		return err
	}
	if !out {
		return notOnLoan(op)
	}
	if pen.act.At.Before(loan.OutAt.Time()) {
		return fault.New(op, fault.Invalid, "desk.before_check_out").At("at")
	}
	if err := notBefore(pen.app, op, pen.act, l.Item.ID); err != nil {
		return err
	}
	house, err := site.Open(pen.app)
	if err != nil {
		return err
	}
	if l.Patron, err = patronByID(pen.app, loan.Patron); err != nil {
		return err
	}
	view, err := viewPatron(pen.app, house, l.Patron)
	if err != nil {
		return err
	}
	item, err := viewItem(pen.app, l.Item, loan, true, l.Patron.ID)
	if err != nil {
		return err
	}
	decision, err := policy.DecideRenewal(house.Rules, house.Calendar, view, item, loan.Renewals, day(house, pen.act.At))
	if err != nil {
		return err
	}
	if err := decided(op, decision, override, pen.act.Actor); err != nil {
		return err
	}
	l.Left = left(house.Rules, l.Patron, view.Open)
	return l.renew(pen, loan, decision, record)
}

func (l *Lent) renew(pen *pen, loan collections.Loan, decision policy.Decision, record recorder) error {
	loan.Due = max(loan.Due, decision.Due) // a renewal never takes days away
	loan.Renewals++
	if err := updateState(pen.app, loan, instant(pen.act.Now)); err != nil {
		return err
	}
	l.Loan, l.Due, l.Why = loan, loan.Due, decision.Why
	_, err := record(about(collections.FactRenew, loan), details{
		Due: loan.Due, Why: &decision.Why, Override: passed(decision), Reason: pen.act.Reason,
	})
	return err
}

func notOnLoan(op string) error {
	return fault.New(op, fault.Conflict, "desk.not_on_loan").Named("not_on_loan")
}
