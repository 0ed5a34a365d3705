package year_test

import (
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
)

// visits lets everybody come whose day it is: the classes with their teacher, grown-ups when they need something.
func (y *year) visits() {
	for number, room := range y.school.Homerooms {
		if y.today.Weekday() != visitDay(number) {
			continue
		}
		y.until(9+number%4, 0)
		children := y.class(room.Name)
		if number == 2 && y.chance(15) {
			y.deal(room.Name, children)
		}
		if number == 4 && y.chance(10) {
			y.renewRoom(room.Name)
		}
		for _, p := range children {
			if !y.chance(93) {
				continue
			}
			if p.grade >= 3 && y.cut() {
				y.visitOffline(p)
			} else {
				y.visit(p, number > 1)
			}
		}
		if number <= 1 {
			y.lendClass(children)
		}
	}
	y.until(14, 0)
	for _, p := range y.books.people {
		if p.grade < 0 && p.status == collections.PatronActive && y.chance(5) {
			y.visit(p, true)
		}
	}
	if y.chance(8) {
		y.lendSet()
	}
}

func (y *year) class(room string) (children []*person) {
	for _, p := range y.books.people {
		if p.room == room && p.status == collections.PatronActive {
			children = append(children, p)
		}
	}
	return children
}

// visit is what one reader does in the library.
func (y *year) visit(p *person, borrows bool) {
	y.settleUp(p)
	y.bringAll(p)
	y.speakOf(p)
	y.pickUp(p)
	if borrows {
		y.borrow(p)
	}
	if p.grade >= 1 && y.chance(14) {
		y.askFor(p)
	}
}

// bringAll brings back what the reader is done with, and asks for more time with the rest.
func (y *year) bringAll(p *person) {
	for _, one := range slices.Clone(y.bags[p]) {
		switch {
		case one.back > y.today || one.how == neverBack || one.how == droppedInBox:
			if due := one.item.loan; due != nil && due.person == p && due.claim == "" && due.due < y.today.Add(7) && y.chance(40) {
				y.renew(due)
			}
		case one.how == putOnShelf:
			y.take(one)
			y.place[one.item] = onShelf
		case one.how == broken || one.how == incomplete:
			y.take(one)
			y.bringBroken(one)
		default:
			y.take(one)
			y.bring(one.item, "")
		}
	}
}

// bringBroken is a return at which the desk sees what happened to the book.
func (y *year) bringBroken(one *carried) {
	if y.chance(50) {
		y.bring(one.item, "")
	}
	as := collections.FactDamaged
	if one.how == incomplete {
		as = collections.FactPieces
	}
	cents := []int{-1, 0, 250, 500}[y.random.IntN(4)]
	y.mark(one.item, as, cents)
	y.putAway(one.item)
}

// speakOf is what a reader says of books that are late.
func (y *year) speakOf(p *person) {
	for _, one := range y.books.openOf(p) {
		if !y.books.late(one, y.today) {
			continue
		}
		switch where := y.place[one.item]; {
		case where == onShelf && y.chance(60):
			y.claim(one, collections.ClaimReturned)
		case where == withReader && one.due.Add(20) < y.today && y.chance(6):
			y.claim(one, collections.ClaimNeverHad)
		}
	}
}

func (y *year) claim(one *loan, claim string) {
	request := desk.ClaimRequest{Act: y.act(librarian), Item: one.item.code, Claim: claim}
	_, err := desk.Claim(y.app, request)
	if y.refused(err) {
		return
	}
	y.did["claim"]++
	y.books.claimed(one, claim, request.Now)
	y.slips(request.Key, librarian)
}

// pickUp fetches what lies on the hold shelf for a reader; some have changed their mind.
func (y *year) pickUp(p *person) {
	for _, h := range y.books.holdsOf(p) {
		if h.state != collections.HoldReady {
			if y.chance(2) {
				y.cancel(h)
			}
			continue
		}
		switch kept := h.caught; {
		case y.chance(3):
			y.cancel(h)
			y.bring(kept, "")
		case y.chance(75):
			y.lend(kept, p)
		}
	}
}

func (y *year) cancel(h *hold) {
	request := desk.HoldChange{Act: y.act(librarian), Hold: h.id}
	_, err := desk.CancelHold(y.app, request)
	y.check(err)
	y.did["hold_cancel"]++
	y.books.endHold(h, collections.HoldCancelled, request.At, request.Now)
}

// borrow looks along the shelf for a book or two. Some are out by the desk's word and yet stand there.
func (y *year) borrow(p *person) {
	wants := 1 + y.random.IntN(2)
	if p.grade >= 0 && !y.chance(10) { // most children know how many they may have
		wants = min(wants, 2-len(y.books.openOf(p)))
	}
	for tries := 0; tries < 6 && wants > 0; tries++ {
		it := y.choose(p)
		if y.chance(4) {
			it = y.fromHoldShelf()
		}
		if it != nil && y.lend(it, p) {
			wants--
		}
	}
}

// fromHoldShelf is a book that lies there for somebody else.
func (y *year) fromHoldShelf() *item {
	for range 200 {
		if it := y.books.items[y.random.IntN(len(y.books.items))]; y.place[it] == onHoldShelf {
			return it
		}
	}
	return nil
}

// choose takes a book from the shelf, a favourite more often than another.
func (y *year) choose(p *person) *item {
	shelf := y.shelf[p.grade]
	at := y.random.Float64()
	it := shelf[int(at*at*float64(len(shelf)))]
	if y.place[it] != onShelf {
		return nil
	}
	return it
}

// askFor places a hold on a favourite.
func (y *year) askFor(p *person) {
	title := y.fans[y.random.IntN(len(y.fans))]
	request := desk.HoldRequest{Act: y.act(librarian), Patron: p.code, Title: title}
	var wanted *item
	if y.chance(15) { // the copy with the pictures in colour
		at := slices.IndexFunc(y.books.items, func(it *item) bool { return it.title == title && it.status != collections.ItemWithdrawn })
		if at >= 0 {
			wanted = y.books.items[at]
			request.Title, request.Item = "", wanted.code
		}
	}
	held, err := desk.PlaceHold(y.app, request)
	if wordOf(err) == "unknown_title" && y.allWithdrawn(title) || y.refused(err) {
		return
	}
	y.did["hold"]++
	h := y.books.placed(p, wanted, held.Hold, request.Now)
	if place := slices.Index(y.waiting(title), h) + 1; place != held.Place {
		y.Errorf("%s: %s is told to be number %d in the queue, and is %d", y.today, p.code, held.Place, place)
	}
	if y.slips(request.Key, librarian) || held.Place == 1 || !y.chance(10) {
		return
	}
	move := desk.HoldChange{Act: y.act(librarian), Hold: h.id, Place: 1}
	moved, err := desk.MoveHold(y.app, move)
	y.check(err)
	y.did["hold_move"]++
	keep(y.books, h)
	h.rank, h.updated = moved.Hold.Rank, move.Now
}

func (y *year) allWithdrawn(title string) bool {
	return !slices.ContainsFunc(y.books.items, func(it *item) bool { return it.title == title && it.status != collections.ItemWithdrawn })
}

func (y *year) waiting(title string) (waiting []*hold) {
	for _, h := range y.books.queue(title) {
		if h.state == collections.HoldWaiting {
			waiting = append(waiting, h)
		}
	}
	return waiting
}

// lendClass lends the youngest a book each in one act; when a rule says no to one of them, each child goes alone.
func (y *year) lendClass(children []*person) {
	var pairs []desk.Pair
	chosen := map[*item]*person{}
	for _, p := range children {
		it := y.choose(p)
		if it == nil || chosen[it] != nil || it.loan != nil {
			continue
		}
		chosen[it] = p
		pairs = append(pairs, desk.Pair{Patron: p.code, Item: it.code})
	}
	y.classAct(desk.ClassRequest{Pairs: pairs, Override: []policy.Code{policy.LoanLimit, policy.PatronOverdue}}, chosen)
}

// deal gives out a pile of books, one each.
func (y *year) deal(room string, children []*person) {
	pile, _ := y.pile(3+y.random.IntN(4), children[0])
	y.classAct(desk.ClassRequest{Homeroom: y.rooms[room], Items: pile, Override: []policy.Code{policy.LoanLimit, policy.PatronOverdue, policy.PatronFees}}, nil)
}

// lendSet lends a class set to a teacher.
func (y *year) lendSet() {
	teacher := y.books.people[y.school.Homerooms[y.random.IntN(6)].Teacher]
	pile, _ := y.pile(4+y.random.IntN(6), teacher)
	y.classAct(desk.ClassRequest{Patron: teacher.code, Items: pile}, nil)
}

// pile takes different books from the shelf.
func (y *year) pile(size int, p *person) (codes []string, items []*item) {
	for range 8 * size {
		it := y.choose(p)
		if it == nil || it.loan != nil || slices.Contains(items, it) || len(items) == size {
			continue
		}
		codes, items = append(codes, it.code), append(items, it)
	}
	return codes, items
}

// classAct lends many in one act. chosen says who has which book in hand when the act is refused.
func (y *year) classAct(request desk.ClassRequest, chosen map[*item]*person) {
	if len(request.Pairs)+len(request.Items) == 0 {
		return
	}
	request.Act = y.act(librarian)
	all, err := desk.CheckOutClass(y.app, request)
	if y.refused(err) {
		for _, pair := range request.Pairs {
			it := y.itemOf(pair.Item)
			y.lend(it, chosen[it])
		}
		return
	}
	y.did["class"]++
	for _, lent := range all {
		it, p := y.itemOf(lent.Item.Barcode), y.personOf(lent.Patron.Barcode)
		y.did["check_out"]++
		y.enter(lent, it, p, request.Act)
	}
	if y.slips(request.Key, librarian) {
		return
	}
	for _, lent := range all {
		y.handOver(y.itemOf(lent.Item.Barcode), y.personOf(lent.Patron.Barcode))
	}
}

func (y *year) itemOf(code string) *item {
	at := slices.IndexFunc(y.books.items, func(it *item) bool { return it.code == code })
	return y.books.items[at]
}

func (y *year) personOf(code string) *person {
	at := slices.IndexFunc(y.books.people, func(p *person) bool { return p.code == code })
	return y.books.people[at]
}

// fillBox lets readers drop books into the box, also on days on which nobody is there.
func (y *year) fillBox() {
	y.until(17, 0)
	for _, p := range y.books.people {
		for _, one := range slices.Clone(y.bags[p]) {
			if one.how == droppedInBox && one.back <= y.today {
				y.take(one)
				y.now = y.now.Add(time.Second)
				one.at = y.now
				y.drop = append(y.drop, one)
				y.place[one.item] = inDrop
			}
		}
	}
}

// emptyBox takes back what lay in the box, each on the day it was dropped.
func (y *year) emptyBox() {
	box := y.drop
	y.drop = nil
	for _, one := range box {
		y.bring(one.item, "book_drop", one.at)
	}
}

// settleUp pays what a reader owes, all or a part.
func (y *year) settleUp(p *person) {
	owed := y.books.owed(p)
	if owed == 0 || !y.chance(12) {
		return
	}
	kind, cents := collections.FactPay, owed
	switch {
	case y.chance(20):
		kind = collections.FactWaive
	case y.chance(30):
		cents = 1 + y.random.IntN(owed)
	}
	y.settle(desk.SettleRequest{Patron: p.code, Kind: kind, Cents: cents}, p)
}

func (y *year) settle(request desk.SettleRequest, p *person) {
	request.Act = y.act(librarian)
	account, err := desk.Settle(y.app, request)
	y.check(err)
	y.did[request.Kind]++
	if request.Fee != "" {
		y.books.settle(y.books.feeByID[request.Fee], request.Kind, request.Cents, request.At, request.Now)
	} else {
		y.books.settled(p, request.Kind, request.Cents, request.At, request.Now)
	}
	y.agree(y.books.account(p, account, request.Now))
	y.slips(request.Key, librarian)
	if _, err := desk.Settle(y.app, desk.SettleRequest{Act: y.act(librarian), Patron: p.code, Kind: collections.FactPay, Cents: y.books.owed(p) + 1}); fault.CodeOf(err) != fault.Conflict {
		y.Errorf("%s: %s paid more than is owed: %v", y.today, p.code, err)
	}
}

// agree reports where the desk and the ledger differ.
func (y *year) agree(err error) {
	if err != nil {
		y.Helper()
		y.Errorf("%s: %v", y.today, err)
	}
}
