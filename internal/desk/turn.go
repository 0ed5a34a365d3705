package desk

import (
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

const turnKey = "carrel.turn"

// inTurn runs an act in its transaction, in the order in which acts came. Without it the one connection that writes goes to any of
// those who wait, and under load an unlucky one waits many times as long as the others. An act inside a transaction has its turn already.
func inTurn(app core.App, act func(app core.App) error) error {
	turn, ok := app.Store().GetOrSet(turnKey, func() any { return &sync.Mutex{} }).(*sync.Mutex)
	if ok && !app.IsTransactional() {
		turn.Lock() // in order of arrival as soon as somebody has waited for a millisecond
		defer turn.Unlock()
	}
	return app.RunInTransaction(act)
}
