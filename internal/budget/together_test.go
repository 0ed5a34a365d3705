package budget

import (
	"fmt"
	"sync"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"

	"pgregory.net/rapid"
)

// orderly holds the acts on every order against each other: each begins where the one before ended, goes where an order may go, or takes back what went there.
func (s *school) orderly(t fatal) {
	t.Helper()
	acts, err := collections.All[collections.BudgetAct](s.app, "", "seq", nil)
	must(t, err)
	state, done := map[string]ledger.State{}, map[string]data{}
	for _, act := range acts {
		d, err := dataOf(act)
		must(t, err)
		done[act.ID] = d
		if d.Is == "" {
			continue
		}
		was := state[act.About]
		if was == "" {
			was = ledger.Draft
		}
		back := act.Kind == actUndo && done[act.Reverses].Is == d.Was && done[act.Reverses].Was == d.Is
		if d.Was != was || d.Is != d.Was && !ledger.May(d.Was, d.Is) && !back {
			t.Fatal("an order went from ", was, " by ", act.Kind, " of ", d.Was, " to ", d.Is)
		}
		state[act.About] = d.Is
	}
}

// addsUp holds every fund against its entries, added up here by the kind of each.
func (s *school) addsUp(t fatal) {
	t.Helper()
	funds, err := collections.All[collections.Fund](s.app, "", "", nil)
	must(t, err)
	entries, err := collections.All[collections.Entry](s.app, "", "seq", nil)
	must(t, err)
	want := map[string]int{}
	for i, e := range entries {
		if e.Seq != i+1 {
			t.Fatal("entry ", i+1, " has the number ", e.Seq)
		}
		switch e.Kind {
		case ledger.Allocate, ledger.TransferIn, ledger.Disencumber, ledger.Refund:
			want[e.Fund] += e.Cents
		default:
			want[e.Fund] -= e.Cents
		}
	}
	for _, fund := range funds {
		if fund.Balance().Available() != want[fund.ID] {
			t.Fatal(fund.Name, " has ", fund.Balance().Available(), ", its entries ", want[fund.ID])
		}
	}
}

// drawn is one act that somebody will do.
type drawn struct {
	What, Order, Fund, Other, N int
	Override                    bool
}

// Several people at once, each at their own acts on the same funds and orders: nothing is lost, and nobody spends what is not there.
func TestManyAtOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newSchool(t, r, 2)
		for i := range s.funds {
			must(r, Allocate(s.app, s.act(), s.funds[i].ID, 3_000))
		}
		var orders []string
		lines := map[string][]collections.OrderLine{}
		for range 3 {
			order, list := s.order(r, ledger.Costs{Shipping: 7}, [3]int{3, 500, 0}, [3]int{1, 300, 1})
			must(r, Approve(s.app, s.act(), collections.Librarian, order))
			orders, lines[order] = append(orders, order), list
		}
		act := rapid.Custom(func(r *rapid.T) drawn {
			return drawn{
				rapid.IntRange(0, 7).Draw(r, "what"), rapid.IntRange(0, 2).Draw(r, "order"), rapid.IntRange(0, 1).Draw(r, "fund"), rapid.IntRange(0, 1).Draw(r, "other"),
				rapid.IntRange(1, 3).Draw(r, "n"), rapid.Bool().Draw(r, "override"),
			}
		})
		people := rapid.SliceOfN(rapid.SliceOfN(act, 1, 6), 2, 4).Draw(r, "people")
		failures := make(chan error, 100)
		var all sync.WaitGroup
		for _, acts := range people {
			all.Go(func() {
				var last string
				for _, one := range acts {
					by := s.act()
					if err := s.doDrawn(one, by, orders, lines, last); err == nil {
						last = by.Key
					} else if fault.CodeOf(err) == fault.Internal {
						failures <- err
					}
				}
			})
		}
		all.Wait()
		close(failures)
		for err := range failures {
			r.Fatal(err)
		}
		s.sound(r)
		s.orderly(r)
		s.addsUp(r)
	})
}

func (s *school) doDrawn(one drawn, by Act, orders []string, lines map[string][]collections.OrderLine, last string) (err error) {
	by.Override = one.Override && one.What != 2 // orders never pass what is there
	if by.Reason = "drawn"; !by.Override {
		by.Reason = ""
	}
	order := orders[one.Order]
	switch one.What {
	case 0:
		return Allocate(s.app, by, s.funds[one.Fund].ID, 100*one.N)
	case 1:
		return Transfer(s.app, by, s.funds[one.Fund].ID, s.funds[one.Other].ID, 900*one.N)
	case 2:
		return Send(s.app, by, order)
	case 3:
		_, err = Receive(s.app, by, order, Delivery{Pieces: map[string]int{lines[order][one.Fund].ID: one.N}})
		return err
	case 4:
		return Invoice(s.app, by, order, Bill{Number: fmt.Sprint(by.Key), Day: day("2026-12-01"), Cents: 400 * one.N, Accept: true})
	case 5:
		return Close(s.app, by, order)
	case 6:
		_, err = Roll(s.app, by, s.year.ID, s.next.ID, nil, false)
		return err
	}
	return Undo(s.app, last, by)
}
