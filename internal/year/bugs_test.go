package year_test

import (
	"fmt"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"
)

// What the year brought to light, each in the smallest library that shows it.

var monday = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

type small struct {
	testkit.Library
	now  time.Time
	acts int
}

func smallLibrary(t *testing.T) *small {
	t.Helper()
	s := &small{Library: testkit.NewLibrary(t), now: monday}
	s.must(site.Save(s.App, site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: say.English}))
	s.must(site.SaveFees(s.App, site.Fees{On: true, Currency: "USD"}))
	s.Rule("", "", `{"loan_days": 14, "fee_per_day_cents": 10, "lost_fee_cents": 1500}`)
	s.Patron("ANA")
	s.Patron("BEN")
	return s
}

func (s *small) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

func (s *small) act() desk.Act {
	s.acts++
	s.now = s.now.Add(time.Minute)
	return desk.Act{Key: fmt.Sprintf("small-%04d", s.acts), Now: s.now, Actor: librarian}
}

func (s *small) lend(patron, item string) (key string) {
	s.T.Helper()
	act := s.act()
	_, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: act, Patron: patron, Item: item})
	s.must(err)
	return act.Key
}

func (s *small) bring(item string) (key string) {
	s.T.Helper()
	act := s.act()
	_, err := desk.Return(s.App, desk.ReturnRequest{Act: act, Item: item})
	s.must(err)
	return act.Key
}

func (s *small) mark(item, as string, charge ...int) desk.Marked {
	s.T.Helper()
	request := desk.MarkRequest{Act: s.act(), Item: item, As: as}
	if len(charge) > 0 {
		request.Charge = &charge[0]
	}
	marked, err := desk.Mark(s.App, request)
	s.must(err)
	return marked
}

func (s *small) owed(code string) int {
	s.T.Helper()
	patron, err := desk.FindPatron(s.App, code)
	s.must(err)
	account, err := desk.AccountOf(s.App, patron)
	s.must(err)
	return account.Owed
}

func (s *small) undo(key string) {
	s.T.Helper()
	s.must(desk.Undo(s.App, key, s.now, librarian))
}

// A lost book is found by being scanned, also by lending it: nobody owes for it any more.
func TestLendingALostBookFindsIt(t *testing.T) {
	s := smallLibrary(t)
	s.Item("B1")
	s.lend("ANA", "B1")
	s.mark("B1", collections.FactLost)
	s.lend("BEN", "B1")
	if owed, lost := s.owed("ANA"), s.Count("loans", "state = 'lost'"); owed != 0 || lost != 0 {
		t.Errorf("the book is out with Ben, Ana owes %d cents and %d loans are lost", owed, lost)
	}
}

// The same by a kiosk that was cut off.
func TestReplayingALoanOfALostBookFindsIt(t *testing.T) {
	s := smallLibrary(t)
	s.Item("B1")
	s.lend("ANA", "B1")
	s.mark("B1", collections.FactLost)
	s.now = s.now.Add(time.Hour)
	_, err := desk.Replay(s.App, desk.Replayed{Key: "replayed-1", At: s.now.Add(-30 * time.Minute), Kind: collections.FactCheckOut, Card: "BEN", Item: "B1"}, s.now, kiosk)
	s.must(err)
	if owed, lost := s.owed("ANA"), s.Count("loans", "state = 'lost'"); owed != 0 || lost != 0 {
		t.Errorf("the book is out with Ben, Ana owes %d cents and %d loans are lost", owed, lost)
	}
}

// A lost book that is read in the library is here.
func TestReadingALostBookHereFindsIt(t *testing.T) {
	s := smallLibrary(t)
	s.Item("B1")
	s.lend("ANA", "B1")
	s.mark("B1", collections.FactLost)
	if marked := s.mark("B1", collections.FactInHouse); marked.Item.Status != collections.ItemAvailable {
		t.Errorf("the book was read in the library, and Ana owes %d cents; it is still %s", s.owed("ANA"), marked.Item.Status)
	}
}

// Damage is charged to whoever had the book last. A return that was taken back is none.
func TestDamageAfterAnUndoneLoan(t *testing.T) {
	s := smallLibrary(t)
	s.Item("B1")
	s.lend("ANA", "B1")
	s.bring("B1")
	lent := s.lend("BEN", "B1")
	back := s.bring("B1")
	s.undo(back)
	s.undo(lent)
	s.mark("B1", collections.FactDamaged, 300)
	if ana, ben := s.owed("ANA"), s.owed("BEN"); ana != 300 || ben != 0 {
		t.Errorf("Ana had the book and owes %d cents; Ben, whose loan was taken back, owes %d", ana, ben)
	}
}

// The hold of somebody who has left keeps no book from the others: nothing is ever kept for it.
func TestTheHoldOfALeaverBlocksNobody(t *testing.T) {
	s := smallLibrary(t)
	book := s.Item("B1")
	s.lend("ANA", "B1")
	_, err := desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(), Patron: "BEN", Title: book.Title})
	s.must(err)
	ben, err := desk.FindPatron(s.App, "BEN")
	s.must(err)
	left := ben.Patron
	left.Status = collections.PatronLeft
	s.Save(left)
	if _, err := desk.Renew(s.App, desk.RenewRequest{Act: s.act(), Item: "B1"}); err != nil {
		t.Errorf("renewing what only a leaver waits for: %v", err)
	}
	s.bring("B1")
	s.Patron("CAM")
	if _, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: s.act(), Patron: "CAM", Item: "B1"}); err != nil {
		t.Errorf("lending what only a leaver waits for: %v", err)
	}
}

// For what was given up as missing nobody answers, so nobody pays for the time until it was found.
func TestNobodyPaysForTheTimeABookWasMissing(t *testing.T) {
	s := smallLibrary(t)
	s.Item("B1")
	s.lend("ANA", "B1")
	s.now = s.now.Add(20 * 24 * time.Hour)
	s.mark("B1", collections.FactMissing)
	s.now = s.now.Add(100 * 24 * time.Hour)
	s.bring("B1")
	if owed := s.owed("ANA"); owed > 40 { // she was a week late when it was given up
		t.Errorf("Ana pays %d cents for a book that the library could not find", owed)
	}
}
