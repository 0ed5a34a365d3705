package desk

import (
	"fmt"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// MarkRequest says what happened to an item.
type MarkRequest struct {
	Act
	Item   string
	As     string // a kind of fact: lost, missing, damaged, pieces, repair, found, withdraw, in_house, transfer or arrive
	Note   string
	To     string // the site, of a transfer
	Charge *int   // cents; nil for what the rules say, and that is nothing but for a lost item
}

// Marked answers it.
type Marked struct {
	Item Thing
	Loan *collections.Loan // the loan it ended, or the last one, which is charged
	Fee  *collections.Fee
	Next string // what to do with the item
	Text say.Text
}

// mark is what one kind does to an item.
type mark struct {
	status string // it becomes; empty leaves it
	loan   string // the open loan becomes; empty: it must have come back, for it is here
	charge string // the reason of a charge
	in     bool   // it is not said of an item that is out
}

var marks = map[string]mark{
	collections.FactLost:     {status: collections.ItemLost, loan: collections.LoanLost, charge: collections.FeeLost},
	collections.FactMissing:  {status: collections.ItemMissing, loan: collections.LoanMissing},
	collections.FactDamaged:  {status: collections.ItemDamaged, charge: collections.FeeDamaged},
	collections.FactPieces:   {status: collections.ItemIncomplete, charge: collections.FeePieces},
	collections.FactRepair:   {status: collections.ItemRepair},
	collections.FactFound:    {status: collections.ItemAvailable},
	collections.FactWithdraw: {status: collections.ItemWithdrawn, in: true},
	collections.FactInHouse:  {},
	collections.FactTransfer: {status: collections.ItemTransit, in: true},
	collections.FactArrive:   {status: collections.ItemAvailable},
}

// Mark notes what happened to an item. What can only be seen of an item in the hand ends its loan first, as a return does. The codes are
// fault.NotFound (unknown_item), fault.Conflict (on_loan, already_so, key_reused, fees_off) and fault.Invalid (key, at, as, to, amount).
func Mark(app core.App, request MarkRequest) (marked Marked, err error) {
	const op = "desk.Mark"
	if err := request.check(op); err != nil {
		return marked, err
	}
	err = inTurn(app, func(app core.App) error {
		item, err := FindItem(app, request.Item)
		if err != nil {
			return err
		}
		ask := fmt.Sprintf("mark %s %s %s", item.ID, request.As, request.To)
		fact, done, err := asked(app, op, request.Act, ask)
		if err != nil {
			return err
		}
		if !done {
			pen := newPen(app, request.Act)
			if fact, err = pen.mark(op, request, item, ask); err != nil {
				return err
			}
		}
		marked, err = answerMark(app, fact, item)
		return err
	})
	return marked, err
}

func (r *MarkRequest) check(op string) error {
	if err := r.Act.check(op); err != nil {
		return err
	}
	kind, known := marks[r.As]
	if !known {
		return fault.New(op, fault.Invalid, "desk.bad_mark").At("as")
	}
	if r.As == collections.FactTransfer && r.To == "" {
		return fault.New(op, fault.Invalid, "desk.transfer_to").At("to")
	}
	if r.Charge != nil && (*r.Charge < 0 || *r.Charge > 0 && kind.charge == "") {
		return fault.New(op, fault.Invalid, "desk.bad_amount").Named("bad_amount").At("amount")
	}
	return nil
}

func (p *pen) mark(op string, request MarkRequest, item Thing, ask string) (fact collections.Fact, err error) {
	if err := notBefore(p.app, op, request.Act, item.ID); err != nil {
		return fact, err
	}
	kind := marks[request.As]
	if kind.loan != "" && kind.status == item.Status {
		return fact, fault.New(op, fault.Conflict, "desk.already_so").Named("already_so")
	}
	loan, out, err := p.endFor(op, kind, item)
	if err != nil {
		return fact, err
	}
	fact = collections.Fact{Kind: request.As, Item: item.ID}
	if out && kind.loan != "" {
		fact = about(request.As, loan)
	}
	d := details{Ask: ask, Note: request.Note, To: request.To, Reason: request.Reason}
	if kind.status == "" { // it is in somebody's hand, whatever it was
		if d.Found, err = p.find(item); err != nil {
			return fact, err
		}
		if d.Found != "" {
			item.Status = collections.ItemAvailable
		}
	} else if kind.status != item.Status {
		d.Was, d.Status = item.Status, kind.status
		if err := setStatus(p.app, item.ID, kind.status, p.seen(kind), instant(request.Now)); err != nil {
			return fact, err
		}
	}
	if err := p.releaseHolds(item, kind); err != nil {
		return fact, err
	}
	if fact, err = p.main(fact, d); err != nil {
		return fact, err
	}
	if err := p.chargeFor(op, request, item, loan); err != nil {
		return fact, err
	}
	if kind.status != "" {
		item.Status = kind.status
	}
	if _, err := p.catch(item); err != nil {
		return fact, err
	}
	return fact, p.moved(item.Title)
}

// seen is when the item was in somebody's hand: of a lost or missing one nobody saw anything.
func (p *pen) seen(kind mark) (at types.DateTime) {
	if kind.loan == "" {
		at = instant(p.act.At)
	}
	return at
}

// endFor ends the loan an item is out on, as the kind says. Without one it answers the last loan, whose patron a charge is for.
func (p *pen) endFor(op string, kind mark, item Thing) (loan collections.Loan, out bool, err error) {
	if loan, out, err = openLoan(p.app, item.ID); err != nil {
		return loan, false, err
	}
	if out && kind.in {
		return loan, true, fault.New(op, fault.Conflict, "desk.on_loan").Named("on_loan")
	}
	if !out {
		if loan, out, err = lostLoan(p.app, item); err != nil || out && kind.loan != "" {
			return loan, false, err
		}
	}
	if !out {
		loan, err = lastLoan(p.app, item.ID)
		return loan, false, err
	}
	if kind.loan == "" {
		if _, err := p.endLoan(loan, item, details{Mode: modeImplied}, p.also); err != nil {
			return loan, false, err
		}
		return loan, true, p.settleLoan(loan, item, modeImplied)
	}
	loan.State, loan.ReturnedAt = kind.loan, instant(p.act.At)
	return loan, true, updateState(p.app, loan, instant(p.act.Now))
}

// releaseHolds lets go of the hold an item was kept for when it is no longer fit to be handed out.
func (p *pen) releaseHolds(item Thing, kind mark) error {
	if kind.status == "" || kind.status == collections.ItemAvailable {
		return nil
	}
	hold, kept, err := keptHold(p.app, item.ID)
	if err != nil || !kept {
		return err
	}
	return p.requeue(hold, hold.Rank, details{}, p.also)
}

// chargeFor charges for a loss or damage: what was asked for, else what the rules say of a lost item.
func (p *pen) chargeFor(op string, request MarkRequest, item Thing, loan collections.Loan) error {
	kind := marks[request.As]
	if kind.charge == "" || request.Charge != nil && *request.Charge == 0 {
		return nil
	}
	house, err := site.Open(p.app)
	if err != nil {
		return err
	}
	fee := policy.Fee{}
	if request.Charge != nil {
		if !house.Fees.On {
			return fault.New(op, fault.Conflict, "desk.fees_off").Named("fees_off")
		}
		fee.Cents = *request.Charge
	}
	if loan.Patron == "" || !house.Fees.On {
		return nil // nobody known to charge
	}
	if request.Charge == nil {
		if request.As != collections.FactLost || loan.State != collections.LoanLost {
			return nil
		}
		patron, err := patronByID(p.app, loan.Patron)
		if err != nil {
			return err
		}
		fee = policy.LossFee(house.Rules, patron.Type, item.Type, item.PriceCents)
	}
	if fee.Cents == 0 {
		return nil
	}
	charge := chargeOf(loan, kind.charge, fee.Cents)
	charge.Note = request.Note
	_, err = p.charge(charge, details{Why: &fee.Why}, p.also)
	return err
}

func answerMark(app core.App, fact collections.Fact, item Thing) (marked Marked, err error) {
	if marked.Item, err = itemByID(app, item.ID); err != nil {
		return marked, err
	}
	returned := Returned{Item: marked.Item, Next: nextFor(marked.Item)}
	returned.Text = say.T("mark."+fact.Kind, marked.Item.TitleName)
	if err := returned.tellHold(app); err != nil {
		return marked, err
	}
	marked.Next, marked.Text = returned.Next, returned.Text
	fees, err := feesOfAct(app, fact)
	if err != nil {
		return marked, err
	}
	if len(fees) > 0 {
		marked.Fee = &fees[0]
	}
	if fact.Loan == "" {
		return marked, nil
	}
	loan, err := loanByID(app, fact.Loan)
	marked.Loan = &loan
	return marked, err
}

// feesOfAct are the charges that came with an act.
func feesOfAct(app core.App, fact collections.Fact) ([]collections.Fee, error) {
	return collections.All[collections.Fee](app, "id IN (SELECT about FROM circ_events WHERE act = {:key} AND act != '' AND kind = 'charge')", "at, id",
		dbx.Params{"key": fact.Key})
}
