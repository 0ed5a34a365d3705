package year_test

import (
	"cmp"
	"slices"

	"carrel/collections"
	"carrel/internal/desk"
)

// incidents is what happens beside lending.
func (y *year) incidents() {
	y.until(14, 40)
	y.vanish()
	y.readHere()
	y.charge()
	switch y.today.Weekday() {
	case 1:
		y.giveUpLate()
	case 2:
		y.search()
	case 3:
		y.workroom()
		y.visitors()
	case 4:
		y.pull()
	case 5:
		y.turnUp()
	}
}

// vanish lets a book leave the shelf without the desk, and others come back to it. Sometimes somebody asks for one in vain.
func (y *year) vanish() {
	it := y.books.items[y.random.IntN(len(y.books.items))]
	if y.place[it] == onShelf && it.loan == nil && y.chance(35) {
		y.place[it] = outOfSight
		y.gone = append(y.gone, it)
	}
	for _, it := range slices.Clone(y.gone) {
		if it.status == collections.ItemAvailable && it.loan == nil && y.chance(0.7) {
			y.mark(it, collections.FactMissing, -1)
		}
		if y.chance(0.8) {
			y.place[it] = onShelf
			y.gone = slices.DeleteFunc(y.gone, func(other *item) bool { return other == it })
		}
	}
}

// readHere counts books that were read in the library.
func (y *year) readHere() {
	for range 2 {
		it := y.books.items[y.random.IntN(len(y.books.items))]
		if y.place[it] == onShelf {
			y.mark(it, collections.FactInHouse, -1)
			y.putAway(it)
		}
		if y.place[it] == onHoldShelf && y.chance(40) { // the librarian sees that it is torn
			y.mark(it, collections.FactDamaged, 0)
			y.putAway(it)
		}
	}
}

// charge asks for money for something else, and gives back what was paid too much.
func (y *year) charge() {
	if y.chance(15) {
		p := y.books.people[y.random.IntN(len(y.books.people))]
		if p.status != collections.PatronActive {
			return
		}
		request := desk.ChargeRequest{Act: y.act(librarian), Patron: p.code, Cents: 200, Note: "New card"}
		account, err := desk.Charge(y.app, request)
		y.check(err)
		y.did["charge"]++
		y.agree(y.books.account(p, account, request.Now))
		y.slips(request.Key, librarian)
	}
	for _, c := range y.books.charges {
		if c.linked && c.paid > c.refunded && c.person.status == collections.PatronActive && y.chance(0.2) {
			y.settle(desk.SettleRequest{Patron: c.person.code, Fee: c.id, Kind: collections.FactRefund, Cents: 1 + y.random.IntN(c.paid-c.refunded)}, c.person)
		}
	}
}

// giveUpLate marks as lost what has been late for long, and as missing what nobody owns up to.
func (y *year) giveUpLate() {
	for _, one := range y.books.open() {
		switch {
		case one.claim != "" && one.due.Add(70) < y.today && y.chance(50):
			y.mark(one.item, collections.FactMissing, -1)
		case y.books.late(one, y.today) && one.due.Add(35) < y.today && y.chance(70):
			y.mark(one.item, collections.FactLost, -1)
		}
	}
}

// search goes through the list of what is to be looked for.
func (y *year) search() {
	rows, err := desk.SearchList(y.app)
	y.check(err)
	wanted := 0
	for _, it := range y.books.items {
		if it.status == collections.ItemMissing || it.loan != nil && it.loan.claim != "" {
			wanted++
		}
	}
	if wanted != len(rows) {
		y.Errorf("%s: %d items are on the search list, by the ledger %d", y.today, len(rows), wanted)
	}
	for _, row := range rows {
		it := y.itemOf(row.Item)
		switch {
		case y.place[it] == onShelf && it.status == collections.ItemAvailable && y.chance(40):
			y.bring(it, "")
		case y.place[it] == onShelf && it.status == collections.ItemMissing && y.chance(30):
			y.mark(it, collections.FactFound, -1)
			y.putAway(it)
		case it.loan != nil && y.place[it] == withReader && y.chance(10): // it was under the bed
			y.claim(it.loan, "")
		}
	}
}

// workroom mends what is broken. What cannot be mended goes.
func (y *year) workroom() {
	for _, it := range y.books.items {
		if y.place[it] != inBackroom || !y.chance(45) {
			continue
		}
		switch {
		case it.status == collections.ItemDamaged && y.chance(15):
			y.mark(it, collections.FactWithdraw, -1)
		case it.status == collections.ItemDamaged:
			y.mark(it, collections.FactRepair, -1)
		default:
			y.mark(it, collections.FactFound, -1)
		}
		y.putAway(it)
	}
}

// visitors sends a book to another school now and then, and takes back those that come home.
func (y *year) visitors() {
	for _, it := range y.books.items {
		if y.place[it] == elsewhere && y.chance(35) {
			y.mark(it, collections.FactArrive, -1)
			y.putAway(it)
		}
	}
	it := y.books.items[y.random.IntN(len(y.books.items))]
	if y.place[it] == onShelf && it.status == collections.ItemAvailable && it.loan == nil {
		y.mark(it, collections.FactTransfer, -1)
		y.place[it] = elsewhere
	}
}

// pull fetches from the shelves what somebody waits for.
func (y *year) pull() {
	rows, err := desk.PullList(y.app, y.today)
	y.check(err)
	slices.SortFunc(rows, func(a, b desk.HoldRow) int { return cmp.Compare(a.Item, b.Item) })
	for _, row := range rows {
		it := y.itemOf(row.Item)
		if y.place[it] != onShelf {
			if y.place[it] == outOfSight {
				y.mark(it, collections.FactMissing, -1)
			}
			continue
		}
		y.bring(it, "")
		if y.books.keptFor(it) == nil {
			y.Errorf("%s: %s was on the pull list, and nobody's hold caught it", y.today, it.code)
		}
	}
}

// turnUp brings to light some of what never came back, most of it after it was paid for.
func (y *year) turnUp() {
	for _, p := range y.books.people {
		for _, one := range slices.Clone(y.bags[p]) {
			if one.how == neverBack && one.item.loan == nil && y.chance(5) {
				y.take(one)
				y.bring(one.item, "")
			}
		}
	}
}
