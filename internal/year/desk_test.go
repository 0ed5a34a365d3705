package year_test

import (
	"errors"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
)

// refused counts a rule's no. Any other error ends the year.
func (y *year) refused(err error) bool {
	y.Helper()
	if err == nil {
		return false
	}
	no, ok := desk.AsRefused(err)
	if !ok {
		y.check(err)
	}
	y.did["refused"]++
	for _, refusal := range no.Refusals {
		y.refusals[refusal.Code]++
	}
	return true
}

// slips tells whether somebody made a mistake just now and takes it back.
func (y *year) slips(key string, who desk.Actor) bool {
	if !y.chance(1.5) {
		return false
	}
	y.now = y.now.Add(20 * time.Second)
	y.check(desk.Undo(y.app, key, y.now, who))
	y.books.undo(y.now)
	y.did["undone"]++
	return true
}

// staff is who stands at the desk.
func (y *year) staff() desk.Actor {
	if y.chance(30) {
		return aide
	}
	return librarian
}

// lend lends an item to a patron. The book is in the child's hand, so an earlier loan has evidently come back.
func (y *year) lend(it *item, p *person) bool {
	who := y.staff()
	request := desk.CheckOutRequest{Act: y.act(who), Patron: p.code, Item: it.code, Override: []policy.Code{policy.ItemOnLoan}}
	if who == librarian && y.chance(12) {
		request.Override = append(request.Override, policy.LoanLimit, policy.PatronOverdue, policy.ItemOnHold)
	}
	lent, err := desk.CheckOut(y.app, request)
	if y.refused(err) {
		return false
	}
	if y.chance(2) {
		again, err := desk.CheckOut(y.app, request)
		y.check(err)
		if again.Loan.ID != lent.Loan.ID || again.Due != lent.Due {
			y.Errorf("%s: the same check-out gave %v, then %v", y.today, lent.Loan, again.Loan)
		}
		y.did["repeated"]++
	}
	y.did["check_out"]++
	y.enter(lent, it, p, request.Act)
	if y.slips(request.Key, who) {
		return false
	}
	if y.chance(1) { // not this one after all: it goes back, and the check-out cannot be taken back any more
		y.bring(it, "")
		y.cannotUndo(request.Key, "undo_built_on")
		return false
	}
	if y.today > y.tried.Add(30) { // once a month somebody thinks of it too late
		y.tried = y.today
		if y.monthOld != "" {
			y.cannotUndo(y.monthOld, "undo_too_late")
		}
		y.monthOld = request.Key
	}
	y.handOver(it, p)
	return true
}

// cannotUndo tries to take back what cannot be taken back.
func (y *year) cannotUndo(key, word string) {
	if err := desk.Undo(y.app, key, y.now, librarian); wordOf(err) != word {
		y.Errorf("%s: undoing %s is answered with %v, and should be %s", y.today, key, err, word)
	}
	y.did[word]++
}

// enter writes a check-out into the ledger.
func (y *year) enter(lent desk.Lent, it *item, p *person, act desk.Act) {
	if p.denied[it.title] {
		y.Errorf("%s: %s was lent %s, which the family does not want", y.today, p.code, it.code)
	}
	y.byTheRules(lent.Due, act.At)
	y.withinTerm(lent.Due, act.At)
	y.books.lent(it, p, lent.Loan.ID, act.At, act.Now, lent.Due)
}

// byTheRules looks at a due date set by the rules: it is ahead, and no closed day.
func (y *year) byTheRules(due policy.Day, at time.Time) {
	if !y.books.calendar.IsOpen(due) {
		y.Errorf("%s: due on %s, when the library is closed", y.today, due)
	}
	if due <= y.books.day(at) {
		y.Errorf("%s: due on %s already", y.today, due)
	}
}

// withinTerm looks at the due date of a check-out: never beyond the end of term, and all on one day in the last weeks of the school year.
func (y *year) withinTerm(due policy.Day, at time.Time) {
	day := y.books.day(at)
	if day > termDay && day < termEnd && due > termEnd || day >= forcedFrom && day < forcedDay && due != forcedDay {
		y.Errorf("%s: due on %s, as if the term did not end", y.today, due)
	}
}

// handOver puts a lent item into the reader's bag and decides what will become of it.
func (y *year) handOver(it *item, p *person) {
	y.place[it] = withReader
	one := &carried{item: it, by: p, back: y.today.Add(7)}
	if p.grade < 0 {
		one.back = y.today.Add(10 + y.random.IntN(60))
	}
	switch roll := y.random.Float64() * 100; {
	case roll < 20:
		one.back = one.back.Add(7)
	case roll < 26:
		one.back = one.back.Add(14 + y.random.IntN(20))
	case roll < 33:
		one.how, one.back = droppedInBox, y.today.Add(3+y.random.IntN(9))
	case roll < 34:
		one.how = broken
	case roll < 34.6:
		one.how = incomplete
	case roll < 35.6:
		one.how = neverBack
	case roll < 36.8:
		one.how, one.back = putOnShelf, y.today.Add(4)
	case roll < 37.4:
		one.back = one.back.Add(60) // after it was given up
	}
	y.bags[p] = append(y.bags[p], one)
}

// bring brings an item to the desk. In the mode of the book drop it came at an earlier time.
func (y *year) bring(it *item, mode string, dropped ...time.Time) {
	who := y.staff()
	request := desk.ReturnRequest{Act: y.act(who), Item: it.code, Mode: mode}
	if len(dropped) > 0 {
		request.At = dropped[0]
	}
	back, err := desk.Return(y.app, request)
	if fault.CodeOf(err) == fault.Invalid && len(dropped) > 0 { // something was entered for it while it lay in the box
		y.did["older"]++
		request.Act = y.act(who)
		back, err = desk.Return(y.app, request)
	}
	y.check(err)
	if y.chance(2) {
		again, err := desk.Return(y.app, request)
		y.check(err)
		if (again.Loan == nil) != (back.Loan == nil) || again.Next != back.Next {
			y.Errorf("%s: the same return gave %+v, then %+v", y.today, back, again)
		}
		y.did["repeated"]++
	}
	y.did["return"]++
	y.enterReturn(back, it, mode, request.Act)
	if y.slips(request.Key, who) { // it was the right book after all
		y.bring(it, "")
		return
	}
	y.putAway(it)
}

// enterReturn writes a return into the ledger and holds its answer against it.
func (y *year) enterReturn(back desk.Returned, it *item, mode string, act desk.Act) {
	fee := 0
	if it.loan != nil && mode == "" {
		fee = y.books.lateFee(it.loan, act.At)
	}
	ended, caught := y.books.returned(it, act.At, act.Now)
	if back.Fee != nil {
		y.books.charged(*back.Fee, act.Now)
		fee -= back.Fee.Cents
	}
	if fee != 0 {
		y.Errorf("%s: the late fee of %s is %+v; it differs by %d from the calendar", y.today, it.code, back.Fee, fee)
	}
	if (ended == nil) != (back.Loan == nil) || ended != nil && ended.id != back.Loan.ID && y.books.loanByID[back.Loan.ID] != ended {
		y.Errorf("%s: the return of %s ended %+v, by the ledger %+v", y.today, it.code, back.Loan, ended)
	}
	kept := y.books.keptFor(it)
	if (kept == nil) != (back.Hold == nil) || kept != nil && (kept.id != back.Hold.ID || kept.pickupBy != back.Hold.PickupBy) {
		y.Errorf("%s: %s is kept for %+v, by the ledger for %+v (caught now: %v)", y.today, it.code, back.Hold, kept, caught != nil)
	}
}

// putAway puts an item where the desk says it goes.
func (y *year) putAway(it *item) {
	switch {
	case y.books.keptFor(it) != nil:
		y.place[it] = onHoldShelf
	case it.status == collections.ItemWithdrawn:
		y.place[it] = discarded
	case it.status != collections.ItemAvailable:
		y.place[it] = inBackroom
	default:
		y.place[it] = onShelf
	}
}

// mark notes what happened to an item; cents are charged, none when negative: then the rules decide.
func (y *year) mark(it *item, as string, cents int) desk.Marked {
	request := desk.MarkRequest{Act: y.act(librarian), Item: it.code, As: as}
	if as == collections.FactTransfer {
		request.To = "North"
	}
	if cents >= 0 {
		request.Charge = &cents
	}
	marked, err := desk.Mark(y.app, request)
	y.check(err)
	y.did[as]++
	y.books.marked(it, as, marked.Fee, request.At, request.Now)
	if marked.Item.Status != it.status || (marked.Next == desk.NextHold) != (y.books.keptFor(it) != nil) {
		y.Errorf("%s: after %s %s is %s and goes to %s; by the ledger it is %s", y.today, as, it.code, marked.Item.Status, marked.Next, it.status)
	}
	if y.slips(request.Key, librarian) {
		return y.mark(it, as, cents) // it was the right book after all
	}
	return marked
}

// renew asks for more time.
func (y *year) renew(one *loan) {
	who := y.staff()
	request := desk.RenewRequest{Act: y.act(who), Item: one.item.code}
	lent, err := desk.Renew(y.app, request)
	if y.refused(err) {
		return
	}
	y.did["renew"]++
	if lent.Due != one.due {
		y.byTheRules(lent.Due, request.At)
	}
	y.books.renewed(one, lent.Due, request.Now)
	y.slips(request.Key, who)
}

// renewRoom renews everything a homeroom has.
func (y *year) renewRoom(room string) {
	request := desk.RenewAllRequest{Act: y.act(librarian), Homeroom: y.rooms[room]}
	all, err := desk.RenewAll(y.app, request)
	y.check(err)
	for _, one := range all.Renewed {
		y.books.renewed(y.books.loanByID[one.Loan.ID], one.Due, request.Now)
	}
	y.did["renew_all"]++
	if len(all.Renewed) > 0 && y.chance(25) {
		y.slips(request.Key, librarian)
	}
}

// take removes an item from somebody's bag.
func (y *year) take(one *carried) {
	y.bags[one.by] = slices.DeleteFunc(y.bags[one.by], func(other *carried) bool { return other == one })
}

// wordOf is the word of a refusal by the state of things.
func wordOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Word
	}
	return ""
}
