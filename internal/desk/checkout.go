package desk

import (
	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

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

func (r CheckOutRequest) patron(app core.App) (Borrower, error) {
	if r.PatronID != "" {
		return patronByID(app, r.PatronID)
	}
	return FindPatron(app, r.Patron)
}

// Lent answers a check-out or a renewal.
type Lent struct {
	Loan   collections.Loan
	Item   Thing
	Patron Borrower
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
	err = inTurn(app, func(app core.App) error {
		if lent.Patron, err = request.patron(app); err != nil {
			return err
		}
		if lent.Item, err = FindItem(app, request.Item); err != nil {
			return err
		}
		fact, done, err := earlier(app, op, request.Act, func(f collections.Fact) bool {
			return f.Kind == collections.FactCheckOut && f.Item == lent.Item.ID && f.Patron == lent.Patron.ID
		})
		if err != nil {
			return err
		}
		if done {
			return lent.recall(app, fact)
		}
		return lent.decide(app, op, request)
	})
	return lent, err
}

// decide asks the rules and writes; the act is known to be new.
func (l *Lent) decide(app core.App, op string, request CheckOutRequest) error {
	scene, err := look(app, request.Act, l.Patron, l.Item)
	if err != nil {
		return err
	}
	if err := decided(op, scene.decision, request.Override, request.Actor); err != nil {
		return err
	}
	if scene.out {
		if err := bringBack(app, request.Act, scene.current, l.Item); err != nil {
			return err
		}
	}
	l.Loan, _, err = lend(app, request.Act, l.Patron, l.Item, scene.decision, details{})
	l.Due, l.Why = scene.decision.Due, scene.decision.Why
	l.Left = left(scene.house.Rules, l.Patron, scene.open+1)
	return err
}

// scene is everything a check-out is decided on, and the decision.
type scene struct {
	house    site.House
	current  collections.Loan // the loan the item is out on, when out
	out      bool
	open     int // the patron's open loans
	decision policy.Decision
}

func look(app core.App, act Act, patron Borrower, item Thing) (s scene, err error) {
	if s.house, err = site.Open(app); err != nil {
		return s, err
	}
	if s.current, s.out, err = openLoan(app, item.ID); err != nil {
		return s, err
	}
	snapshot, err := view(app, patron, item.Type)
	if err != nil {
		return s, err
	}
	s.open = snapshot.OpenLoans
	s.decision, err = policy.DecideCheckOut(s.house.Rules, s.house.Calendar, snapshot, itemView(item, s.current, s.out), day(s.house, act.At))
	return s, err
}

// bringBack writes the return that must have happened, since the item is in somebody's hand at the desk.
func bringBack(app core.App, act Act, loan collections.Loan, item Thing) error {
	act.Key += ":return"
	_, err := endLoan(app, act, loan, item, details{Mode: "implied"})
	return err
}

// lend makes the loan and its fact. A check-out finds a missing or lost item: it is here.
func lend(app core.App, act Act, patron Borrower, item Thing, decision policy.Decision, d details) (loan collections.Loan, fact collections.Fact, err error) {
	if d.Found, err = find(app, act, item); err != nil {
		return loan, fact, err
	}
	loan, err = insertLoan(app, act, collections.Loan{
		Item: item.ID, Patron: patron.ID, State: collections.LoanOpen,
		PatronType: patron.TypeCode, Grade: patron.Grade, Homeroom: patron.HomeroomName,
		OutAt: instant(act.At), Due: decision.Due,
	})
	if err != nil {
		return loan, fact, err
	}
	d.Due, d.Why, d.Override = decision.Due, &decision.Why, passed(decision)
	if fact, err = record(app, act, about(collections.FactCheckOut, loan), d); err != nil {
		return loan, fact, err
	}
	return loan, fact, moved(app, item)
}

// about is a fact of the given kind about a loan.
func about(kind string, loan collections.Loan) collections.Fact {
	return collections.Fact{
		Kind: kind, Item: loan.Item, Patron: loan.Patron, Loan: loan.ID,
		PatronType: loan.PatronType, Grade: loan.Grade, Homeroom: loan.Homeroom,
	}
}

// find makes an item that was missing or lost available again and says what it was; "" when it was neither.
func find(app core.App, act Act, item Thing) (was string, err error) {
	if item.Status != collections.ItemMissing && item.Status != collections.ItemLost {
		return "", nil
	}
	was = item.Status
	item.Status, item.LastSeen = collections.ItemAvailable, instant(act.At)
	return was, collections.Update(app, item.Item)
}

func itemView(item Thing, loan collections.Loan, out bool) policy.ItemView {
	return policy.ItemView{
		Type: item.Type, Withdrawn: item.Status == collections.ItemWithdrawn, NotForLoan: item.NotForLoan,
		OnLoan: out, LoanedTo: loan.Patron,
	}
}

// recall answers an act again from its fact.
func (l *Lent) recall(app core.App, fact collections.Fact) error {
	d, err := detailsOf(fact)
	if err != nil {
		return err
	}
	l.Due = d.Due
	if d.Why != nil {
		l.Why = *d.Why
	}
	if l.Loan, err = loanByID(app, fact.Loan); err != nil {
		return err
	}
	l.Left, err = Left(app, l.Patron)
	return err
}
