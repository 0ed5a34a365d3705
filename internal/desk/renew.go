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
			lent, err = renew(newPen(app, request.Act), op, request, lent.Item)
			return err
		}
		if lent.Patron, err = patronByID(app, fact.Patron); err != nil {
			return err
		}
		return lent.recall(app, fact)
	})
	return lent, err
}

func renew(pen *pen, op string, request RenewRequest, item Thing) (Lent, error) {
	loan, out, err := openLoan(pen.app, item.ID)
	if err != nil {
		return Lent{}, err
	}
	if !out {
		return Lent{}, notOnLoan(op)
	}
	one := extension{Lent: Lent{Item: item}}
	if err := one.decide(pen, op, loan, request.Override); err != nil {
		return Lent{}, err
	}
	return one.Lent, one.write(pen, details{}, pen.main)
}

// extension is one renewal, decided and not yet written.
type extension struct {
	Lent
	decision policy.Decision
}

func (e *extension) decide(pen *pen, op string, loan collections.Loan, override []policy.Code) error {
	if pen.act.At.Before(loan.OutAt.Time()) {
		return fault.New(op, fault.Invalid, "desk.before_check_out").At("at")
	}
	if err := notBefore(pen.app, op, pen.act, e.Item.ID); err != nil {
		return err
	}
	house, err := site.Open(pen.app)
	if err != nil {
		return err
	}
	if e.Patron, err = patronByID(pen.app, loan.Patron); err != nil {
		return err
	}
	view, err := viewPatron(pen.app, house, e.Patron)
	if err != nil {
		return err
	}
	today := day(house, pen.act.At)
	item, err := viewItem(pen.app, e.Item, loan, true, e.Patron.ID, today)
	if err != nil {
		return err
	}
	e.decision, err = policy.DecideRenewal(house.Rules, house.Calendar, view, item, loan.Renewals, today)
	if err != nil {
		return err
	}
	e.Loan, e.Left = loan, left(house.Rules, e.Patron, view.Open)
	return decided(op, e.decision, override, pen.act.Actor)
}

func (e *extension) write(pen *pen, d details, record recorder) error {
	e.Loan.Due = max(e.Loan.Due, e.decision.Due) // a renewal never takes days away
	e.Loan.Renewals++
	if err := updateState(pen.app, e.Loan, instant(pen.act.Now)); err != nil {
		return err
	}
	e.Due, e.Why = e.Loan.Due, e.decision.Why
	d.Due, d.Why, d.Override, d.Reason = e.Due, &e.Why, passed(e.decision), pen.act.Reason
	_, err := record(about(collections.FactRenew, e.Loan), d)
	return err
}

func notOnLoan(op string) error {
	return fault.New(op, fault.Conflict, "desk.not_on_loan").Named("not_on_loan")
}
