package desk

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The ledger is the facts themselves: charge, pay, waive and refund, in cents. A row of fees is one charge with what became of it.

// ChargeRequest asks a patron for money.
type ChargeRequest struct {
	Act
	Patron string
	Item   string // barcode; may be empty
	Cents  int
	Note   string
}

// Account is what a patron owes.
type Account struct {
	Patron Borrower
	Fees   []collections.Fee // open charges, oldest first
	Owed   int               // cents
}

// Charge enters a charge by hand. The codes are fault.NotFound (unknown_patron, unknown_item), fault.Conflict (fees_off, key_reused) and
// fault.Invalid (key, at, amount).
func Charge(app core.App, request ChargeRequest) (account Account, err error) {
	const op = "desk.Charge"
	if err := checkMoney(op, &request.Act, request.Cents); err != nil {
		return account, err
	}
	err = inTurn(app, func(app core.App) error {
		if err := feesOn(app, op); err != nil {
			return err
		}
		patron, err := FindPatron(app, request.Patron)
		if err != nil {
			return err
		}
		var item Thing
		if request.Item != "" {
			if item, err = FindItem(app, request.Item); err != nil {
				return err
			}
		}
		ask := fmt.Sprintf("charge %s %s %d", patron.ID, item.ID, request.Cents)
		_, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if !done {
			pen := newPen(app, request.Act)
			fee := collections.Fee{
				Patron: patron.ID, Item: item.ID, Reason: collections.FeeOther, Note: request.Note, Cents: request.Cents,
				PatronType: patron.TypeCode, Grade: patron.Grade, Homeroom: patron.HomeroomName,
			}
			if _, err := pen.charge(fee, details{Ask: ask}, pen.main); err != nil {
				return err
			}
		}
		account, err = accountOf(app, patron)
		return err
	})
	return account, err
}

// SettleRequest moves money on what a patron owes: all of it in the order of age, or one charge when Fee names it.
type SettleRequest struct {
	Act
	Patron string
	Fee    string // id
	Kind   string // pay, waive or refund
	Cents  int
	Note   string
}

// Settle pays, waives or refunds. A refund needs a charge. The codes are fault.NotFound (unknown_patron, unknown_fee), fault.Conflict (fees_off,
// too_much, key_reused) and fault.Invalid (key, at, amount, kind, fee).
func Settle(app core.App, request SettleRequest) (account Account, err error) {
	const op = "desk.Settle"
	if err := checkMoney(op, &request.Act, request.Cents); err != nil {
		return account, err
	}
	switch request.Kind {
	case collections.FactPay, collections.FactWaive:
	case collections.FactRefund:
		if request.Fee == "" {
			return account, fault.New(op, fault.Invalid, "desk.refund_of").At("fee")
		}
	default:
		return account, fault.New(op, fault.Invalid, "desk.bad_settlement").At("kind")
	}
	err = inTurn(app, func(app core.App) error {
		if err := feesOn(app, op); err != nil {
			return err
		}
		patron, err := FindPatron(app, request.Patron)
		if err != nil {
			return err
		}
		ask := fmt.Sprintf("%s %s %s %d", request.Kind, patron.ID, request.Fee, request.Cents)
		_, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if !done {
			if err := settle(newPen(app, request.Act), op, request, patron, ask); err != nil {
				return err
			}
		}
		account, err = accountOf(app, patron)
		return err
	})
	return account, err
}

func checkMoney(op string, act *Act, cents int) error {
	if err := act.check(op); err != nil {
		return err
	}
	if cents <= 0 {
		return fault.New(op, fault.Invalid, "desk.bad_amount").Named("bad_amount").At("amount")
	}
	return nil
}

func feesOn(app core.App, op string) error {
	house, err := site.Open(app)
	if err != nil || house.Fees.On {
		return err
	}
	return fault.New(op, fault.Conflict, "desk.fees_off").Named("fees_off")
}

func accountOf(app core.App, patron Borrower) (account Account, err error) {
	account.Patron = patron
	account.Fees, err = collections.All[collections.Fee](app, "patron = {:patron} AND state = 'open'", "at, id", dbx.Params{"patron": patron.ID})
	for _, fee := range account.Fees {
		account.Owed += fee.Owed()
	}
	return account, err
}

// AccountOf lists what a patron owes.
func AccountOf(app core.App, patron Borrower) (Account, error) { return accountOf(app, patron) }

// settle spreads an amount over the charges it is meant for; each gets a fact of its own.
func settle(pen *pen, op string, request SettleRequest, patron Borrower, ask string) error {
	fees, err := chargesFor(pen.app, op, request, patron)
	if err != nil {
		return err
	}
	rest, record := request.Cents, pen.main
	d := details{Ask: ask, Note: request.Note, Reason: request.Reason}
	for _, fee := range fees {
		d.Cents = min(rest, open(fee, request.Kind))
		if d.Cents == 0 {
			continue
		}
		rest -= d.Cents
		if _, err := pen.settle(fee, request.Kind, d, record); err != nil {
			return err
		}
		record = pen.also
	}
	if rest > 0 {
		return fault.New(op, fault.Conflict, "desk.too_much").Named("too_much").At("amount")
	}
	return nil
}

// open is how much of a charge can still be paid or waived, or refunded.
func open(fee collections.Fee, kind string) int {
	if kind == collections.FactRefund {
		return fee.Paid - fee.Refunded
	}
	return fee.Owed()
}

func chargesFor(app core.App, op string, request SettleRequest, patron Borrower) ([]collections.Fee, error) {
	if request.Fee == "" {
		account, err := accountOf(app, patron)
		return account.Fees, err
	}
	fees, err := collections.All[collections.Fee](app, "id = {:id} AND patron = {:patron} AND state != 'undone'", "",
		dbx.Params{"id": request.Fee, "patron": patron.ID})
	if err == nil && len(fees) == 0 {
		err = fault.New(op, fault.NotFound, "desk.unknown_fee").Named("unknown_fee").At("fee")
	}
	return fees, err
}

// chargeOf is a charge for a loan.
func chargeOf(loan collections.Loan, reason string, cents int) collections.Fee {
	return collections.Fee{
		Patron: loan.Patron, Item: loan.Item, Loan: loan.ID, Reason: reason, Cents: cents,
		PatronType: loan.PatronType, Grade: loan.Grade, Homeroom: loan.Homeroom,
	}
}

// charge writes a new charge with its fact.
func (p *pen) charge(fee collections.Fee, d details, record recorder) (collections.Fact, error) {
	fee.ID, fee.State, fee.At = randomID(), collections.FeeOpen, instant(p.act.At)
	if err := insertState(p.app, fee, instant(p.act.Now)); err != nil {
		return collections.Fact{}, err
	}
	d.Cents, d.Charge, d.Note = fee.Cents, fee.Reason, fee.Note
	return record(aboutFee(collections.FactCharge, fee), d)
}

// settle writes one payment, waiver or refund of d.Cents.
func (p *pen) settle(fee collections.Fee, kind string, d details, record recorder) (collections.Fee, error) {
	moveMoney(&fee, kind, d.Cents, instant(p.act.At))
	if err := updateState(p.app, fee, instant(p.act.Now)); err != nil {
		return fee, err
	}
	_, err := record(aboutFee(kind, fee), d)
	return fee, err
}

// forgiveLoss takes back what was charged for an item that has turned up: what is owed is waived, what was paid is refunded.
func (p *pen) forgiveLoss(loan collections.Loan) error {
	fees, err := collections.All[collections.Fee](p.app, "loan = {:loan} AND reason = 'lost' AND state != 'undone'", "at, id", dbx.Params{"loan": loan.ID})
	if err != nil {
		return err
	}
	for _, fee := range fees {
		for _, kind := range []string{collections.FactWaive, collections.FactRefund} {
			cents := open(fee, kind)
			if cents == 0 {
				continue
			}
			if fee, err = p.settle(fee, kind, details{Cents: cents, Mode: "found"}, p.also); err != nil {
				return err
			}
		}
	}
	return nil
}

func aboutFee(kind string, fee collections.Fee) collections.Fact {
	return collections.Fact{
		Kind: kind, About: fee.ID, Item: fee.Item, Patron: fee.Patron, Loan: fee.Loan,
		PatronType: fee.PatronType, Grade: fee.Grade, Homeroom: fee.Homeroom,
	}
}
