package desk

import (
	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// CheckOutRequest asks to lend one item to one patron, both by scanned code. A door that already knows the patron, as the kiosk
// does from its session, gives PatronID instead.
type CheckOutRequest struct {
	Act
	Patron   string
	PatronID string
	Item     string
	Override []policy.Code
}

func (r CheckOutRequest) patron(app core.App) (collections.Patron, error) {
	if r.PatronID != "" {
		return patronByID(app, r.PatronID)
	}
	return FindPatron(app, r.Patron)
}

// Lent answers a check-out or a renewal.
type Lent struct {
	Loan   collections.Loan
	Item   collections.Item
	Patron collections.Patron
	Title  string
	Due    policy.Day // as this act set it; a later act may have moved it
	Why    say.Text
	Left   *int // how many more the patron may have; nil for no limit
}

// CheckOut lends. The codes are fault.NotFound (unknown_patron, unknown_item), fault.Refused with every reason,
// fault.Conflict (key_reused) and fault.Invalid (key, at).
func CheckOut(app core.App, request CheckOutRequest) (lent Lent, err error) {
	const op = "desk.CheckOut"
	if err := request.check(op); err != nil {
		return lent, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		patron, err := request.patron(app)
		if err != nil {
			return err
		}
		item, err := FindItem(app, request.Item)
		if err != nil {
			return err
		}
		fact, done, err := earlier(app, op, request.Act, func(f collections.Fact) bool {
			return f.Kind == collections.FactCheckOut && f.Item == item.ID && f.Patron == patron.ID
		})
		if err != nil {
			return err
		}
		if !done {
			if fact, err = lend(app, op, request, patron, item); err != nil {
				return err
			}
		}
		lent, err = answer(app, fact, patron, item)
		return err
	})
	return lent, err
}

// lend decides and writes; the act is known to be new.
func lend(app core.App, op string, request CheckOutRequest, patron collections.Patron, item collections.Item) (fact collections.Fact, err error) {
	house, err := openHouse(app)
	if err != nil {
		return fact, err
	}
	current, out, err := openLoan(app, item.ID)
	if err != nil {
		return fact, err
	}
	snapshot, err := view(app, patron, item.Type)
	if err != nil {
		return fact, err
	}
	decision, err := policy.DecideCheckOut(house.rules, house.calendar, snapshot, itemView(item, current, out), house.day(request.At))
	if err != nil {
		return fact, err
	}
	if err := decided(op, decision, request.Override, request.Actor); err != nil {
		return fact, err
	}
	if out {
		if err := bringBack(app, request.Act, current, item); err != nil {
			return fact, err
		}
	}
	return write(app, request.Act, patron, item, decision, details{})
}

// bringBack writes the return that must have happened, since the item is in somebody's hand at the desk.
func bringBack(app core.App, act Act, loan collections.Loan, item collections.Item) error {
	act.Key += ":return"
	_, err := endLoan(app, act, loan, item, details{Mode: "implied"})
	return err
}

// write makes the loan and its fact. A check-out finds a missing or lost item: it is here.
func write(app core.App, act Act, patron collections.Patron, item collections.Item, decision policy.Decision, d details) (fact collections.Fact, err error) {
	patronType, homeroom, err := labels(app, patron)
	if err != nil {
		return fact, err
	}
	if d.Found, err = find(app, act, item); err != nil {
		return fact, err
	}
	d.Due, d.Why, d.Override = decision.Due, &decision.Why, passed(decision)
	loan, err := collections.Insert(app, collections.Loan{
		Item: item.ID, Patron: patron.ID, State: collections.LoanOpen,
		PatronType: patronType, Grade: patron.Grade, Homeroom: homeroom,
		OutAt: instant(act.At), Due: decision.Due,
	})
	if err != nil {
		return fact, err
	}
	fact, err = record(app, act, collections.Fact{
		Kind: collections.FactCheckOut, Item: item.ID, Patron: patron.ID, Loan: loan.ID,
		PatronType: patronType, Grade: patron.Grade, Homeroom: homeroom,
	}, d)
	if err != nil {
		return fact, err
	}
	return fact, moved(app, item)
}

// find makes an item that was missing or lost available again and says what it was; "" when it was neither.
func find(app core.App, act Act, item collections.Item) (was string, err error) {
	if item.Status != collections.ItemMissing && item.Status != collections.ItemLost {
		return "", nil
	}
	was = item.Status
	item.Status, item.LastSeen = collections.ItemAvailable, instant(act.At)
	return was, collections.Update(app, item)
}

func itemView(item collections.Item, loan collections.Loan, out bool) policy.ItemView {
	return policy.ItemView{
		Type: item.Type, Withdrawn: item.Status == collections.ItemWithdrawn, NotForLoan: item.NotForLoan,
		OnLoan: out, LoanedTo: loan.Patron,
	}
}

// answer builds the result of a fact, the first time and every time after.
func answer(app core.App, fact collections.Fact, patron collections.Patron, item collections.Item) (lent Lent, err error) {
	d, err := detailsOf(fact)
	if err != nil {
		return lent, err
	}
	lent = Lent{Item: item, Patron: patron, Due: d.Due}
	if d.Why != nil {
		lent.Why = *d.Why
	}
	if lent.Loan, err = loanByID(app, fact.Loan); err != nil {
		return lent, err
	}
	if lent.Title, err = titleOf(app, item); err != nil {
		return lent, err
	}
	lent.Left, err = Left(app, patron)
	return lent, err
}
