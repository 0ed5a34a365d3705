package desk

import (
	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// ReturnRequest brings one item back.
type ReturnRequest struct {
	Act
	Item string
	Mode string // "return" (also when empty) or "book_drop"
}

// What to do with a returned item.
const (
	NextShelve = "shelve"
	NextRepair = "repair"
)

// Returned answers a return. Loan is nil for an item that was not out: it counts as seen.
type Returned struct {
	Loan   *collections.Loan
	Patron Borrower
	Item   Thing
	Next   string
	Text   say.Text
}

// Return takes an item back; any item is accepted. The codes are fault.NotFound (unknown_item), fault.Conflict (key_reused)
// and fault.Invalid (key, at, mode).
func Return(app core.App, request ReturnRequest) (returned Returned, err error) {
	const op = "desk.Return"
	if err := request.check(op); err != nil {
		return returned, err
	}
	if request.Mode != "" && request.Mode != "return" && request.Mode != "book_drop" {
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
			if fact, err = takeBack(app, op, request, item); err != nil {
				return err
			}
		}
		returned, err = answerReturn(app, fact, item)
		return err
	})
	return returned, err
}

func takeBack(app core.App, op string, request ReturnRequest, item Thing) (collections.Fact, error) {
	loan, out, err := openLoan(app, item.ID)
	if err != nil {
		return collections.Fact{}, err
	}
	if out && request.At.Before(loan.OutAt.Time()) {
		return collections.Fact{}, fault.New(op, fault.Invalid, "desk.before_check_out").At("at")
	}
	found, err := find(app, request.Act, item)
	if err != nil {
		return collections.Fact{}, err
	}
	d := details{Mode: request.Mode, Found: found}
	if out {
		return endLoan(app, request.Act, loan, item, d)
	}
	fact, err := record(app, request.Act, collections.Fact{Kind: collections.FactSeen, Item: item.ID}, d)
	if err != nil || found == "" {
		return fact, err
	}
	return fact, moved(app, item)
}

// endLoan closes an open loan and writes the return.
func endLoan(app core.App, act Act, loan collections.Loan, item Thing, d details) (collections.Fact, error) {
	loan.State, loan.ReturnedAt = collections.LoanReturned, instant(act.At)
	if err := collections.Update(app, loan); err != nil {
		return collections.Fact{}, err
	}
	fact, err := record(app, act, about(collections.FactReturn, loan), d)
	if err != nil {
		return fact, err
	}
	return fact, moved(app, item)
}

func answerReturn(app core.App, fact collections.Fact, item Thing) (returned Returned, err error) {
	returned = Returned{Item: item, Next: NextShelve}
	if item.Status == collections.ItemDamaged || item.Status == collections.ItemRepair {
		returned.Next = NextRepair
	}
	returned.Text = say.T("return."+returned.Next, item.TitleName)
	if item.Status == collections.ItemWithdrawn {
		returned.Text = say.T("return.withdrawn", item.TitleName)
	}
	if fact.Loan == "" {
		return returned, nil
	}
	loan, err := loanByID(app, fact.Loan)
	if err != nil {
		return returned, err
	}
	returned.Loan = &loan
	returned.Patron, err = patronByID(app, loan.Patron)
	return returned, err
}
