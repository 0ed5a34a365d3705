package desk_test

import (
	"fmt"
	"sync"
	"testing"

	"carrel/internal/desk"

	"github.com/pocketbase/pocketbase/core"
)

// Acts of many doors wait for each other; an act inside a transaction that holds the store does not wait for those outside.
func TestActsInTurn(t *testing.T) {
	const acts = 40
	lib := library(t)
	for i := range acts {
		lib.Item(fmt.Sprintf("T%d", i))
	}
	lend := func(app core.App, i int) error {
		_, err := desk.CheckOut(app, desk.CheckOutRequest{Act: act(fmt.Sprintf("in-turn-%d", i), librarian), Patron: "P100", Item: fmt.Sprintf("T%d", i)})
		return err
	}
	var group sync.WaitGroup
	for i := range acts {
		group.Go(func() {
			do := lend
			if i%4 == 0 {
				do = func(app core.App, i int) error {
					return app.RunInTransaction(func(app core.App) error { return lend(app, i) })
				}
			}
			if err := do(lib.App, i); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := lib.Count("loans", "state = 'open'"); got != acts {
		t.Errorf("%d loans of %d acts", got, acts)
	}
	if got := lib.Count("circ_events", "seq <= "+fmt.Sprint(acts)); got != acts {
		t.Errorf("%d facts in order of %d acts", got, acts)
	}
}
