package desk

import (
	"sync"

	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

const turnsKey = "carrel.turns"

// maxShared bounds how many acts share a transaction, and so how long the first of them waits for the last.
const maxShared = 16

// turns is the queue in front of the one connection that writes. Acts go in order of arrival: without it the connection goes to any of those
// who wait, and under load an unlucky one waits many times as long as the others. Acts that wait at the same time share one
// transaction, because flushing to the disk is the dearest part of an act; each is answered only after the flush.
type turns struct {
	mu      sync.Mutex
	waiting []*turn
	working bool
}

// turn is one act that waits.
type turn struct {
	act      func(app core.App) error
	err      error
	panicked any
	done     chan struct{}
}

// inTurn runs an act in a durable transaction when its turn comes. An act may be run a second time after the first was rolled back. An act inside a
// transaction has its turn already.
func inTurn(app core.App, act func(app core.App) error) error {
	if app.IsTransactional() {
		return app.RunInTransaction(act)
	}
	queue, _ := app.Store().GetOrSet(turnsKey, func() any { return &turns{} }).(*turns)
	mine := &turn{act: act, done: make(chan struct{})}
	queue.join(app, mine)
	<-mine.done
	if mine.panicked != nil {
		panic(mine.panicked) // in the goroutine of the one who asked, where a door recovers
	}
	return mine.err
}

func (q *turns) join(app core.App, mine *turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, mine)
	if !q.working {
		q.working = true
		go q.work(app)
	}
}

// work serves everybody who waits, and ends when nobody does.
func (q *turns) work(app core.App) {
	for {
		group := q.next()
		if len(group) == 0 {
			return
		}
		if len(group) == 1 || !shared(app, group) {
			for _, turn := range group {
				turn.alone(app)
			}
		}
		for _, turn := range group {
			close(turn.done)
		}
	}
}

func (q *turns) next() []*turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), maxShared)
	group := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	q.working = n > 0
	return group
}

// shared runs a group in one transaction, a savepoint each, so that a refused act leaves nothing behind. When one of them fails, which a refusal is
// not, or the flush does, all is rolled back and it answers false: each is then run alone and takes nobody with it.
func shared(app core.App, group []*turn) bool {
	return nil == app.RunInTransaction(func(app core.App) error {
		for _, turn := range group {
			if err := turn.within(app); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *turn) alone(app core.App) {
	t.err, t.panicked = nil, nil
	if err := app.RunInTransaction(t.run); t.err == nil {
		t.err = err
	}
}

func (t *turn) within(app core.App) error {
	if err := execute(app, "SAVEPOINT act"); err != nil {
		return err
	}
	t.err, t.panicked = nil, nil
	if err := t.run(app); err != nil {
		if fault.CodeOf(err) == fault.Internal {
			return err
		}
		if err := execute(app, "ROLLBACK TO act"); err != nil {
			return err
		}
	}
	return execute(app, "RELEASE act")
}

// run runs the act; a panic becomes a failure here and a panic again where the act was asked for.
func (t *turn) run(app core.App) (err error) {
	defer func() {
		if t.panicked = recover(); t.panicked != nil {
			err = fault.New("desk.act", fault.Internal, "fault.internal")
		}
		t.err = err
	}()
	return t.act(app)
}

func execute(app core.App, statement string) error {
	_, err := app.DB().NewQuery(statement).Execute()
	return err
}
