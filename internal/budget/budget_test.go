package budget

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"
	"carrel/internal/policy"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
	"pgregory.net/rapid"
)

// school is a year with a vendor and some funds, and the year after it.
type school struct {
	app    core.App
	year   collections.Year
	next   collections.Year
	vendor collections.Vendor
	funds  []collections.Fund
	acts   int
	mu     sync.Mutex
}

func day(text string) policy.Day {
	d, err := policy.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

type fatal interface {
	Helper()
	Fatal(...any)
}

func newSchool(t testing.TB, on fatal, funds int) *school {
	s := &school{app: testkit.App(t)}
	var err error
	if s.year, err = SaveYear(s.app, "", collections.Year{Name: "2026–27", Starts: day("2026-07-01"), Ends: day("2027-06-30")}); err != nil {
		on.Fatal(err)
	}
	if s.next, err = SaveYear(s.app, "", collections.Year{Name: "2027–28", Starts: day("2027-07-01"), Ends: day("2028-06-30")}); err != nil {
		on.Fatal(err)
	}
	if s.vendor, err = SaveVendor(s.app, "", collections.Vendor{Name: "Made Books"}); err != nil {
		on.Fatal(err)
	}
	for i := range funds {
		fund, err := SaveFund(s.app, "", collections.Fund{Year: s.year.ID, Name: fmt.Sprintf("Fund %d", i), Kind: "allocation"})
		if err != nil {
			on.Fatal(err)
		}
		s.funds = append(s.funds, fund)
	}
	return s
}

func (s *school) act() Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acts++
	return Act{Key: fmt.Sprintf("test-act-%06d", s.acts), At: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Actor: "somebody"}
}

func (s *school) receive(order string, pieces map[string]int) error {
	_, err := Receive(s.app, s.act(), order, Delivery{Pieces: pieces})
	return err
}

// order makes a draft: pieces at a price, from a fund each.
func (s *school) order(t fatal, costs ledger.Costs, lines ...[3]int) (string, []collections.OrderLine) {
	t.Helper()
	var list []collections.OrderLine
	for i, line := range lines {
		list = append(list, collections.OrderLine{Fund: s.funds[line[2]].ID, Name: fmt.Sprintf("Book %d", i), Pieces: line[0], Price: line[1]})
	}
	order, err := SaveOrder(s.app, "", collections.Order{Year: s.year.ID, Vendor: s.vendor.ID, Discount: costs.Discount, Shipping: costs.Shipping, Tax: costs.Tax}, list)
	if err != nil {
		t.Fatal(err)
	}
	list, err = linesOf(s.app, order.ID)
	if err != nil {
		t.Fatal(err)
	}
	return order.ID, list
}

func (s *school) balance(t fatal, fund int) ledger.Balance {
	t.Helper()
	now, err := byID[collections.Fund](s.app, "test", s.funds[fund].ID, "fund")
	if err != nil {
		t.Fatal(err)
	}
	return now.Balance()
}

func (s *school) sound(t fatal) {
	t.Helper()
	if found, err := Rebuild(s.app, false); err != nil || len(found) > 0 {
		t.Fatal("the rebuild finds", found, err)
	}
}

func word(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	if f.Word != "" {
		return f.Word
	}
	return f.Field
}

func must(t fatal, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnOrderFromDraftToInvoice(t *testing.T) {
	s := newSchool(t, t, 2)
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 10_000))
	must(t, Allocate(s.app, s.act(), s.funds[1].ID, 5_000))
	order, lines := s.order(t, ledger.Costs{Discount: 100, Shipping: 250}, [3]int{3, 1_000, 0}, [3]int{1, 2_000, 1})
	must(t, Approve(s.app, s.act(), collections.Librarian, order))
	must(t, Send(s.app, s.act(), order))
	if a, b := s.balance(t, 0), s.balance(t, 1); a.Encumbered != 3_090 || b.Encumbered != 2_060 || a.Available() != 6_910 {
		t.Fatalf("sent: %+v %+v", a, b)
	}
	must(t, s.receive(order, map[string]int{lines[0].ID: 1}))
	must(t, s.receive(order, map[string]int{lines[0].ID: 2, lines[1].ID: 1}))
	if a := s.balance(t, 0); a.Spent != 3_090 || a.Encumbered != 0 {
		t.Fatalf("received: %+v", a)
	}
	bill := Bill{Number: "R-1", Day: day("2026-12-01"), Cents: 5_250}
	differs := s.act()
	if err := Invoice(s.app, differs, order, bill); word(err) != "invoice_differs" {
		t.Fatal(err)
	}
	bill.Accept = true
	must(t, Invoice(s.app, differs, order, bill))
	if a, b := s.balance(t, 0), s.balance(t, 1); a.Spent+b.Spent != 5_250 {
		t.Fatalf("billed: %+v %+v", a, b)
	}
	if err := Invoice(s.app, s.act(), order, bill); word(err) != "invoice_known" {
		t.Fatal(err)
	}
	must(t, Close(s.app, s.act(), order))
	s.sound(t)
}

func TestRefused(t *testing.T) {
	s := newSchool(t, t, 2)
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 1_000))
	order, lines := s.order(t, ledger.Costs{}, [3]int{2, 1_000, 0})
	empty, _ := s.order(t, ledger.Costs{})
	approved := s.act()
	must(t, Approve(s.app, approved, collections.Librarian, order))
	reason := s.act()
	reason.Override = true
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"too little money":     {Send(s.app, s.act(), order), "fund_short"},
		"override unexplained": {Send(s.app, reason, order), "reason"},
		"nothing in it":        {Approve(s.app, s.act(), collections.Librarian, empty), "lines"},
		"approved twice":       {Approve(s.app, s.act(), collections.Librarian, order), "wrong_state"},
		"not sent":             {s.receive(order, map[string]int{lines[0].ID: 1}), "wrong_state"},
		"key of another act":   {Cancel(s.app, approved, order), "key_reused"},
		"an unknown order":     {Send(s.app, s.act(), "nowhere"), "unknown"},
		"transfer of too much": {Transfer(s.app, s.act(), s.funds[0].ID, s.funds[1].ID, 1_001), "fund_short"},
		"transfer to itself":   {Transfer(s.app, s.act(), s.funds[0].ID, s.funds[0].ID, 1), "to"},
		"nothing allocated":    {Allocate(s.app, s.act(), s.funds[0].ID, 0), "amount"},
		"unexplained":          {Adjust(s.app, s.act(), s.funds[0].ID, 5), "reason"},
		"a short key":          {Approve(s.app, Act{Key: "short"}, collections.Librarian, order), "key"},
		"an act nobody did":    {Undo(s.app, "test-act-nobody", s.act()), "unknown_act"},
	} {
		if got := word(test.err); got != test.want {
			t.Errorf("%s: %q (%v), want %q", name, got, test.err, test.want)
		}
	}
	if _, err := SaveOrder(s.app, "", collections.Order{ID: order, Year: s.year.ID, Vendor: s.vendor.ID}, nil); word(err) != "not_draft" {
		t.Error(err)
	}
	if _, err := SaveYear(s.app, "", collections.Year{Name: "again", Starts: day("2026-06-30"), Ends: day("2026-07-01")}); word(err) != "overlaps" {
		t.Error(err)
	}
	s.sound(t)
}

func TestAnOverrideIsKept(t *testing.T) {
	s := newSchool(t, t, 1)
	order, _ := s.order(t, ledger.Costs{}, [3]int{1, 500, 0})
	must(t, Approve(s.app, s.act(), collections.Librarian, order))
	act := s.act()
	act.Override, act.Reason = true, "The gift comes on Monday."
	must(t, Send(s.app, act, order))
	if b := s.balance(t, 0); b.Available() != -500 {
		t.Errorf("%+v", b)
	}
	kept, _, err := find(s.app, act.Key)
	if err != nil || kept.Reason != act.Reason {
		t.Errorf("%+v %v", kept, err)
	}
}

// Two people cannot both spend the last money.
func TestRaceForTheLastMoney(t *testing.T) {
	s := newSchool(t, t, 1)
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 1_000))
	var orders []string
	for range 4 {
		order, _ := s.order(t, ledger.Costs{}, [3]int{1, 600, 0})
		must(t, Approve(s.app, s.act(), collections.Librarian, order))
		orders = append(orders, order)
	}
	sent := make(chan error, len(orders))
	for _, order := range orders {
		go func() { sent <- Send(s.app, s.act(), order) }()
	}
	good := 0
	for range orders {
		switch err := <-sent; {
		case err == nil:
			good++
		case word(err) != "fund_short":
			t.Error(err)
		}
	}
	if b := s.balance(t, 0); good != 1 || b.Encumbered != 600 {
		t.Errorf("%d orders were sent: %+v", good, b)
	}
	s.sound(t)
}

// The store itself keeps the facts.
func TestFactsStay(t *testing.T) {
	s := newSchool(t, t, 1)
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 1_000))
	for _, statement := range []string{
		"DELETE FROM budget_ledger", "UPDATE budget_ledger SET cents = 1", "DELETE FROM budget_acts", "UPDATE budget_acts SET reason = ''",
	} {
		if _, err := s.app.DB().NewQuery(statement).Execute(); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// Whatever several people do, the money of each fund is what its facts add up to, and taking everything back leaves nothing.
func TestAnyActs(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newSchool(t, r, 3)
		var orders []string
		lines := map[string][]collections.OrderLine{}
		var done []string
		fund := func() string { return rapid.SampledFrom(s.funds).Draw(r, "fund").ID }
		for range rapid.IntRange(1, 25).Draw(r, "acts") {
			act := s.act()
			if rapid.Bool().Draw(r, "override") {
				act.Override, act.Reason = true, "drawn"
			}
			var err error
			switch what := rapid.IntRange(0, 12).Draw(r, "what"); {
			case what == 0:
				err = Allocate(s.app, act, fund(), rapid.IntRange(1, 50_000).Draw(r, "cents"))
			case what == 1:
				err = Transfer(s.app, act, fund(), fund(), rapid.IntRange(1, 5_000).Draw(r, "cents"))
			case what == 2:
				act.Reason = "drawn"
				err = Adjust(s.app, act, fund(), rapid.IntRange(-500, 500).Draw(r, "cents"))
			case what == 3 && len(done) > 0:
				err = Undo(s.app, rapid.SampledFrom(done).Draw(r, "undone"), act)
				act.Key = ""
			case what == 11:
				_, err = Roll(s.app, act, s.year.ID, s.next.ID, nil, false)
			case what == 12:
				_, err = Roll(s.app, act, s.next.ID, s.year.ID, nil, false)
			case what == 4 || len(orders) == 0:
				costs := ledger.Costs{Discount: rapid.IntRange(0, 500).Draw(r, "discount"), Tax: rapid.IntRange(0, 500).Draw(r, "tax")}
				order, list := s.order(r, costs, [3]int{rapid.IntRange(1, 5).Draw(r, "pieces"), rapid.IntRange(0, 3_000).Draw(r, "price"), 0}, [3]int{2, 999, 1})
				orders, lines[order] = append(orders, order), list
				act.Key = ""
			default:
				order := rapid.SampledFrom(orders).Draw(r, "order")
				switch what {
				case 5, 6:
					if err = Approve(s.app, act, collections.Librarian, order); err != nil {
						err = Send(s.app, act, order)
					}
				case 7, 8:
					line := rapid.SampledFrom(lines[order]).Draw(r, "line").ID
					delivery := Delivery{Pieces: map[string]int{line: rapid.IntRange(1, 3).Draw(r, "received")}}
					if rapid.Bool().Draw(r, "copies") {
						delivery.Copies = map[string]Copies{line: {Make: true}}
					}
					_, err = Receive(s.app, act, order, delivery)
				case 9:
					err = Invoice(s.app, act, order, Bill{Number: act.Key, Day: day("2026-12-01"), Cents: rapid.IntRange(0, 9_000).Draw(r, "cents"), Accept: true})
				default:
					if err = Close(s.app, act, order); err != nil {
						err = Cancel(s.app, act, order)
					}
				}
			}
			if fault.CodeOf(err) == fault.Internal && err != nil {
				r.Fatal(err)
			}
			if err == nil && act.Key != "" {
				done = append(done, act.Key)
			}
			s.sound(r)
		}
		s.orderly(r)
		s.addsUp(r)
		for i := len(done) - 1; i >= 0; i-- {
			act := s.act()
			act.Override, act.Reason = true, "all back"
			must(r, Undo(s.app, done[i], act))
		}
		funds, err := collections.All[collections.Fund](s.app, "", "", nil)
		must(r, err)
		for _, fund := range funds {
			if fund.Balance() != (ledger.Balance{}) {
				r.Fatalf("%s keeps %+v", fund.Name, fund.Balance())
			}
		}
		for _, table := range []string{"items", "titles"} {
			var left int
			must(r, s.app.DB().NewQuery("SELECT COUNT(*) FROM "+table).Row(&left))
			if left > 0 {
				r.Fatalf("%d %s are left", left, table)
			}
		}
		for _, order := range orders {
			now, err := byID[collections.Order](s.app, "test", order, "order")
			if err != nil || now.State != ledger.Draft || now.Year != s.year.ID {
				r.Fatalf("%+v %v", now, err)
			}
		}
		s.sound(r)
	})
}

// The same act again writes nothing.
func TestSameActAgain(t *testing.T) {
	s := newSchool(t, t, 2)
	act := s.act()
	for range 3 {
		must(t, Allocate(s.app, act, s.funds[0].ID, 700))
	}
	if err := Allocate(s.app, act, s.funds[0].ID, 701); word(err) != "key_reused" {
		t.Error(err)
	}
	for range 2 {
		must(t, Undo(s.app, act.Key, s.act()))
	}
	if b := s.balance(t, 0); b != (ledger.Balance{}) {
		t.Errorf("%+v", b)
	}
}
