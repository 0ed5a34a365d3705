package desk

import (
	"cmp"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// CheckOutRequest asks to lend one item to one patron, both by scanned code. A door that already knows the patron, as the kiosk
// does from its session, gives PatronID instead.
type CheckOutRequest struct {
	Act
	Patron   string
	PatronID string
	Item     string
	Due      policy.Day // chosen by hand; zero for what the rules say
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
	Left   *int      // how many more the patron may have; nil for no limit
	Found  string    // what the item was before this act found it, missing or lost
	Back   *Borrower // who had it until this act, which brought it back
}

// CheckOut lends. The codes are fault.NotFound (unknown_patron, unknown_item), fault.Refused with every reason,
// fault.Conflict (key_reused) and fault.Invalid (key, at, due).
func CheckOut(app core.App, request CheckOutRequest) (lent Lent, err error) {
	const op = "desk.CheckOut"
	if err := request.check(op); err != nil {
		return lent, err
	}
	err = inTurn(app, func(app core.App) error {
		lent = Lent{}
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
		pen := newPen(app, request.Act)
		return lent.decide(pen, op, request, pen.main)
	})
	return lent, err
}

// decide asks the rules and writes, the check-out itself by record; the act is known to be new.
func (l *Lent) decide(pen *pen, op string, request CheckOutRequest, record recorder) error {
	scene, err := look(pen.app, request.Act, l.Patron, l.Item)
	if err != nil {
		return err
	}
	if err := scene.choose(request.Due); err != nil {
		return err
	}
	if err := decided(op, scene.decision, request.Override, request.Actor); err != nil {
		return err
	}
	if err := notBefore(pen.app, op, request.Act, l.Item.ID); err != nil {
		return err
	}
	if scene.out {
		if err := l.bringBack(pen, scene.current); err != nil {
			return err
		}
	}
	if l.Item.Status == collections.ItemMissing || l.Item.Status == collections.ItemLost {
		l.Found = l.Item.Status
	}
	l.Loan, _, err = pen.lend(l.Patron, l.Item, scene.decision, details{}, record)
	l.Due, l.Why = scene.decision.Due, scene.decision.Why
	l.Left = left(scene.house.Rules, l.Patron, append(scene.patron.Open, policy.OpenLoan{}))
	return err
}

func (l *Lent) bringBack(pen *pen, loan collections.Loan) error {
	who, err := patronByID(pen.app, loan.Patron)
	if err != nil {
		return err
	}
	l.Back = &who
	return pen.bringBack(loan, l.Item)
}

// scene is everything a check-out is decided on, and the decision.
type scene struct {
	house    site.House
	today    policy.Day
	patron   policy.PatronView
	current  collections.Loan // the loan the item is out on, when out
	out      bool
	decision policy.Decision
}

func look(app core.App, act Act, patron Borrower, item Thing) (s scene, err error) {
	if s.house, err = site.Open(app); err != nil {
		return s, err
	}
	s.today = day(s.house, act.At)
	if s.current, s.out, err = openLoan(app, item.ID); err != nil {
		return s, err
	}
	if s.patron, err = viewPatron(app, s.house, patron); err != nil {
		return s, err
	}
	view, err := viewItem(app, item, s.current, s.out, patron.ID, s.today)
	if err != nil {
		return s, err
	}
	if patron.Restricted {
		if err := viewRestrictions(app, &s.patron, &view, item); err != nil {
			return s, err
		}
	}
	s.decision, err = policy.DecideCheckOut(s.house.Rules, s.house.Calendar, s.patron, view, s.today)
	return s, err
}

// choose puts a due date chosen by hand in the place of the rules'.
func (s *scene) choose(due policy.Day) error {
	if due == 0 {
		return nil
	}
	if err := s.house.Calendar.CheckDue(s.today, due); err != nil {
		return err
	}
	s.decision.Due, s.decision.Why = due, say.T("desk.why_chosen", due)
	return nil
}

// bringBack writes the return that must have happened, since the item is in somebody's hand at the desk.
func (p *pen) bringBack(loan collections.Loan, item Thing) error {
	_, err := p.endLoan(loan, item, details{Mode: modeImplied}, p.also)
	return err
}

// recorder writes a fact as the main one of its act, or as one that comes with it: pen.main or pen.also.
type recorder func(collections.Fact, details) (collections.Fact, error)

// lend makes the loan and its fact. A check-out finds a missing or lost item: it is here.
func (p *pen) lend(patron Borrower, item Thing, decision policy.Decision, d details, record recorder) (loan collections.Loan, fact collections.Fact, err error) {
	if err := p.endLost(item); err != nil {
		return loan, fact, err
	}
	if d.Found, err = p.find(item); err != nil {
		return loan, fact, err
	}
	loan, err = p.openLoan(collections.Loan{
		Item: item.ID, Patron: patron.ID, State: collections.LoanOpen,
		PatronType: patron.TypeCode, Grade: patron.Grade, Homeroom: patron.HomeroomName,
		OutAt: instant(p.act.At), Due: decision.Due,
	})
	if err != nil {
		return loan, fact, err
	}
	d.Due, d.Why, d.Override, d.Reason = decision.Due, &decision.Why, passed(decision), p.act.Reason
	if fact, err = record(about(collections.FactCheckOut, loan), d); err != nil {
		return loan, fact, err
	}
	if err := p.settleHolds(patron, item, loan); err != nil {
		return loan, fact, err
	}
	return loan, fact, p.moved(item.Title)
}

// endLost ends the loan on which an item was given up, and takes back what was charged for it: the item is here.
func (p *pen) endLost(item Thing) error {
	loan, lost, err := lostLoan(p.app, item)
	if err != nil || !lost {
		return err
	}
	if err := p.bringBack(loan, item); err != nil {
		return err
	}
	return p.settleLoan(loan, item, modeImplied)
}

func (p *pen) openLoan(loan collections.Loan) (collections.Loan, error) {
	loan.ID = randomID()
	return loan, insertState(p.app, loan, instant(p.act.Now))
}

// about is a fact of the given kind about a loan.
func about(kind string, loan collections.Loan) collections.Fact {
	return collections.Fact{
		Kind: kind, Item: loan.Item, Patron: loan.Patron, Loan: loan.ID,
		PatronType: loan.PatronType, Grade: loan.Grade, Homeroom: loan.Homeroom,
	}
}

// find makes an item that was missing or lost available again and says what it was; "" when it was neither.
func (p *pen) find(item Thing) (was string, err error) {
	if item.Status != collections.ItemMissing && item.Status != collections.ItemLost {
		return "", nil
	}
	now := instant(p.act.Now)
	return item.Status, setStatus(p.app, item.ID, collections.ItemAvailable, instant(p.act.At), now)
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
	l.Found = d.Found
	if err := l.recallBack(app, fact); err != nil {
		return err
	}
	if l.Loan, err = loanByID(app, fact.Loan); err != nil {
		return err
	}
	l.Left, err = Left(app, l.Patron)
	return err
}

// recallBack finds whom the act brought the item back from.
func (l *Lent) recallBack(app core.App, lent collections.Fact) error {
	facts, err := factsOfAct(app, cmp.Or(lent.Act, lent.Key))
	if err != nil {
		return err
	}
	for _, fact := range facts {
		if fact.Kind != collections.FactReturn || fact.Item != lent.Item {
			continue
		}
		who, err := patronByID(app, fact.Patron)
		if err != nil {
			return err
		}
		l.Back = &who
	}
	return nil
}

// notBefore refuses an act that is entered as older than what already happened to the item. A device's clock may be a little behind.
func notBefore(app core.App, op string, act Act, item string) error {
	if act.Now.Sub(act.At) <= clockLeeway {
		return nil
	}
	var newest string
	err := app.DB().NewQuery(`SELECT COALESCE(MAX(f.at), '') FROM circ_events AS f WHERE f.item = {:item} AND f.kind IN (` + happenings + `)
		AND NOT EXISTS (SELECT 1 FROM circ_events AS undo WHERE undo.key = 'undo:' || f.id)`).
		Bind(dbx.Params{"item": item}).Row(&newest)
	if err != nil {
		return err
	}
	if act.At.Before(parseInstant(newest)) {
		return fault.New(op, fault.Invalid, "desk.older").Named("older_than_last").At("at")
	}
	return nil
}
