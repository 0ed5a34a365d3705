package desk_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/testkit"
)

const (
	fighters   = 50
	foughtOver = 10
)

// fight is many who want the same few items at the same time.
type fight struct {
	t       *testing.T
	lib     testkit.Library
	over    func() bool
	holders [foughtOver]atomic.Int64 // who has the item, counted from 1; 0 while nobody has
	won     atomic.Int64
	lost    atomic.Int64
}

// TestManyFightForTheSameItems lets one win each time, and tells every other why not. With the race detector it goes on for half a minute.
func TestManyFightForTheSameItems(t *testing.T) {
	lib := library(t)
	for i := range fighters {
		lib.Patron(fmt.Sprintf("F%d", i))
	}
	for i := range foughtOver {
		lib.Item(fmt.Sprintf("I%d", i))
	}
	f := &fight{t: t, lib: lib}
	f.over = func() bool { return f.won.Load() >= 300 }
	if raceDetector {
		end := time.Now().Add(30 * time.Second)
		f.over = func() bool { return time.Now().After(end) }
	}
	var fighting sync.WaitGroup
	for i := range fighters {
		fighting.Go(func() { f.one(i) })
	}
	fighting.Wait()
	if n := lib.Count("loans", "state = 'open'"); n != 0 {
		t.Errorf("%d items are still out", n)
	}
	if facts, won := lib.Count("circ_events", "1"), int(f.won.Load()); facts != 2*won || won == 0 {
		t.Errorf("%d facts of %d loans", facts, won)
	}
	if f.lost.Load() == 0 {
		t.Error("nobody was refused")
	}
	t.Logf("%d won, %d were refused", f.won.Load(), f.lost.Load())
	agree(t, lib)
}

func (f *fight) one(number int) {
	random := rand.New(rand.NewPCG(7, uint64(number)))
	for try := 0; !f.over(); try++ {
		item := random.IntN(foughtOver)
		key := fmt.Sprintf("fight-%d-%d", number, try)
		request := desk.CheckOutRequest{
			Act: desk.Act{Key: key, Now: time.Now(), Actor: librarian}, Patron: fmt.Sprintf("F%d", number), Item: fmt.Sprintf("I%d", item),
		}
		if _, err := desk.CheckOut(f.lib.App, request); err != nil {
			f.refused(err)
			continue
		}
		f.won.Add(1)
		if !f.holders[item].CompareAndSwap(0, int64(number)+1) {
			f.t.Errorf("item %d went to %d while %d had it", item, number, f.holders[item].Load()-1)
		}
		f.holders[item].Store(0) // before the return: after it, somebody else may have it
		if _, err := desk.Return(f.lib.App, desk.ReturnRequest{Act: desk.Act{Key: key + "-back", Now: time.Now(), Actor: librarian}, Item: request.Item}); err != nil {
			f.t.Errorf("return: %v", err)
		}
	}
}

// refused accepts the one reason there can be: somebody else has it.
func (f *fight) refused(err error) {
	f.lost.Add(1)
	refused, ok := desk.AsRefused(err)
	if !ok || len(refused.Refusals) != 1 || refused.Refusals[0].Code != policy.ItemOnLoan {
		f.t.Errorf("refused for another reason: %v", err)
	}
}
