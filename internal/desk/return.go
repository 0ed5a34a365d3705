package desk

import (
	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ReturnRequest brings one item back.
type ReturnRequest struct {
	Act
	Item string
	Mode string // "return" (also when empty) or "book_drop": emptied later, so no late fee for the days it lay there
}

const (
	modeReturn   = "return"
	modeBookDrop = "book_drop"
	modeImplied  = "implied" // it must have come back, since it is here
)

// What to do with a returned item.
const (
	NextShelve   = "shelve"
	NextHold     = "hold" // for the hold shelf
	NextRepair   = "repair"
	NextTransfer = "transfer" // it belongs to another site
	NextAside    = "aside"    // withdrawn
	NextSearch   = "search"   // missing: nobody has it in the hand
	NextNothing  = "nothing"  // lost
)

// Returned answers a return. Loan is nil for an item that was not out: it counts as seen.
type Returned struct {
	Loan   *collections.Loan
	Patron Borrower
	Item   Thing
	Next   string
	Text   say.Text
	For    *Borrower // whose hold caught it
	Hold   *collections.Hold
	Fee    *collections.Fee // for coming late
	Found  string           // what the item was before this act found it, missing or lost
}

// Return takes an item back; any item is accepted. The codes are fault.NotFound (unknown_item), fault.Conflict (key_reused)
// and fault.Invalid (key, at, mode).
func Return(app core.App, request ReturnRequest) (returned Returned, err error) {
	const op = "desk.Return"
	if err := request.check(op); err != nil {
		return returned, err
	}
	if request.Mode == "" {
		request.Mode = modeReturn
	}
	if request.Mode != modeReturn && request.Mode != modeBookDrop {
		return returned, fault.New(op, fault.Invalid, "desk.bad_mode").At("mode")
	}
	err = inTurn(app, func(app core.App) error {
		item, err := FindItem(app, request.Item)
		if err != nil {
			return err
		}
		fact, done, err := earlier(app, op, request.Act, func(f collections.Fact) bool {
			return (f.Kind == collections.FactReturn || f.Kind == collections.FactSeen) && f.Item == item.ID
		})
		if err != nil {
			return err
		}
		if !done {
			pen := newPen(app, request.Act)
			if fact, err = pen.bring(op, request.Mode, item, pen.main); err != nil {
				return err
			}
		}
		returned, err = answerReturn(app, fact, item)
		return err
	})
	return returned, err
}

// bring takes an item back at the desk.
func (p *pen) bring(op, mode string, item Thing, record recorder) (fact collections.Fact, err error) {
	loan, out, err := endable(p.app, item)
	if err != nil {
		return fact, err
	}
	if out && p.act.At.Before(loan.OutAt.Time()) {
		return fact, fault.New(op, fault.Invalid, "desk.before_check_out").At("at")
	}
	if err := notBefore(p.app, op, p.act, item.ID); err != nil {
		return fact, err
	}
	return p.takeBack(loan, out, item, mode, details{}, record)
}

// endable is the loan a return ends: the one the item is out on, or the one on which it was given up.
func endable(app core.App, item Thing) (loan collections.Loan, out bool, err error) {
	if loan, out, err = openLoan(app, item.ID); err != nil || out {
		return loan, out, err
	}
	return lostLoan(app, item)
}

// takeBack writes the return of an item, or that it was seen, and what follows from it: a late fee, the refund of a lost one, the next hold.
func (p *pen) takeBack(loan collections.Loan, out bool, item Thing, mode string, d details, record recorder) (fact collections.Fact, err error) {
	d.Mode = mode
	if d.Found, err = p.find(item); err != nil {
		return fact, err
	}
	if d.Found != "" {
		item.Status = collections.ItemAvailable
	}
	if !out {
		if fact, err = record(collections.Fact{Kind: collections.FactSeen, Item: item.ID}, d); err != nil {
			return fact, err
		}
		return fact, p.shelve(item, d.Found != "")
	}
	if fact, err = p.endLoan(loan, item, d, record); err != nil {
		return fact, err
	}
	if err := p.settleLoan(loan, item, mode); err != nil {
		return fact, err
	}
	return fact, p.shelve(item, true)
}

// shelve lets the next hold catch an item that stands on the shelf again, and tells the catalogue when it was away.
func (p *pen) shelve(item Thing, away bool) error {
	caught, err := p.catch(item)
	if err != nil || !away && !caught {
		return err
	}
	return p.moved(item.Title)
}

// endLoan closes a loan and writes the return.
func (p *pen) endLoan(loan collections.Loan, item Thing, d details, record recorder) (collections.Fact, error) {
	loan.State, loan.ReturnedAt = collections.LoanReturned, instant(p.act.At)
	if err := updateState(p.app, loan, instant(p.act.Now)); err != nil {
		return collections.Fact{}, err
	}
	fact, err := record(about(collections.FactReturn, loan), d)
	if err != nil {
		return fact, err
	}
	return fact, p.moved(item.Title)
}

// lostLoan is the loan on which an item was given up, if it is still given up.
func lostLoan(app core.App, item Thing) (loan collections.Loan, ok bool, err error) {
	if item.Status != collections.ItemLost && item.Status != collections.ItemMissing {
		return loan, false, nil
	}
	fact, ok, err := collections.Find[collections.Fact](app,
		"item = {:item} AND kind IN ('lost', 'missing') AND loan != '' ORDER BY seq DESC", dbx.Params{"item": item.ID})
	if err != nil || !ok {
		return loan, false, err
	}
	loan, err = loanByID(app, fact.Loan)
	return loan, loan.State == collections.LoanLost || loan.State == collections.LoanMissing, err
}

// settleLoan settles the money of a loan that came back: what was charged for the loss is taken back, and what it was late is charged.
func (p *pen) settleLoan(loan collections.Loan, item Thing, mode string) error {
	if loan.State == collections.LoanLost {
		return p.forgiveLoss(loan)
	}
	house, err := site.Open(p.app)
	if err != nil || !house.Fees.On || loan.Patron == "" || loan.Claim != "" || mode != modeReturn {
		return err
	}
	patron, err := patronByID(p.app, loan.Patron)
	if err != nil {
		return err
	}
	returned := p.act.At
	if loan.State == collections.LoanMissing {
		returned = loan.ReturnedAt.Time() // nobody pays for the time in which the library could not find it
	}
	fee := policy.LateFee(house.Rules, house.Calendar, patron.Type, item.Type, loan.Due, day(house, returned), item.PriceCents)
	if fee.Cents == 0 {
		return nil
	}
	_, err = p.charge(chargeOf(loan, collections.FeeLate, fee.Cents), details{Why: &fee.Why}, p.also)
	return err
}

func answerReturn(app core.App, fact collections.Fact, item Thing) (returned Returned, err error) {
	if item, err = itemByID(app, item.ID); err != nil { // as the act left it
		return returned, err
	}
	d, err := detailsOf(fact)
	if err != nil {
		return returned, err
	}
	returned = Returned{Item: item, Next: nextFor(item), Found: d.Found}
	returned.Text = say.T("return."+returned.Next, item.TitleName)
	if returned.Next == NextTransfer {
		returned.Text = say.T("return.transfer", item.TitleName, item.Home)
	}
	if err := returned.tellHold(app); err != nil || fact.Loan == "" {
		return returned, err
	}
	loan, err := loanByID(app, fact.Loan)
	if err != nil {
		return returned, err
	}
	returned.Loan = &loan
	if returned.Patron, err = patronByID(app, loan.Patron); err != nil {
		return returned, err
	}
	fee, charged, err := collections.Find[collections.Fee](app, "loan = {:loan} AND reason = 'late' AND state = 'open'", dbx.Params{"loan": loan.ID})
	if charged {
		returned.Fee = &fee
	}
	return returned, err
}

// tellHold says for whom the item is kept, and where to put it.
func (r *Returned) tellHold(app core.App) error {
	if !r.Item.Held {
		return nil
	}
	hold, kept, err := keptHold(app, r.Item.ID)
	if err != nil || !kept {
		return err
	}
	patron, err := patronByID(app, hold.Patron)
	if err != nil {
		return err
	}
	r.Next, r.Hold, r.For = NextHold, &hold, &patron
	r.Text = say.T("return.hold", r.Item.TitleName, patron.Name(), hold.PickupBy)
	return nil
}

func nextFor(item Thing) string {
	switch item.Status {
	case collections.ItemDamaged, collections.ItemRepair, collections.ItemIncomplete:
		return NextRepair
	case collections.ItemWithdrawn:
		return NextAside
	case collections.ItemMissing:
		return NextSearch
	case collections.ItemLost:
		return NextNothing
	}
	if item.Home != "" {
		return NextTransfer
	}
	return NextShelve
}
