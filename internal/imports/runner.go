package imports

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Runner reads, applies and takes back the imports of one app, one at a time in the order in which they were asked for. The states in the store are
// its queue, so a restart goes on with what was under way.
type Runner struct {
	// Changed is told of every import whose state changed, once it is in the store. A door may set it before the first import; nil is told nothing.
	Changed func(id string)
	// Now is the clock.
	Now func() time.Time

	app     core.App
	ctx     context.Context
	cancel  context.CancelFunc
	mu      sync.Mutex // held while the next one is chosen, and while somebody changes what could be chosen
	working bool
	group   sync.WaitGroup
	current atomic.Pointer[job]
}

// job is what runs now.
type job struct {
	id     string
	ctx    context.Context
	cancel context.CancelFunc
	ended  chan struct{}

	done, total atomic.Int64
}

func (j *job) at(done, total int) {
	j.done.Store(int64(done))
	j.total.Store(int64(total))
}

func (j *job) progress() (done, total int64) { return j.done.Load(), j.total.Load() }

// New makes the runner of an app. It does nothing before Kick.
func New(app core.App) *Runner {
	ctx, cancel := context.WithCancel(context.Background())
	return &Runner{app: app, Now: time.Now, ctx: ctx, cancel: cancel}
}

// Kick makes the runner look for work, such as what was under way when the server stopped.
func (r *Runner) Kick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kick()
}

func (r *Runner) kick() {
	if r.working || r.ctx.Err() != nil {
		return
	}
	r.working = true
	r.group.Go(r.work)
}

// Stop ends what is running, between two transactions, and waits for it. The next start goes on with it.
func (r *Runner) Stop() {
	r.mu.Lock()
	r.cancel()
	r.mu.Unlock()
	r.group.Wait()
}

// Wait returns when nothing is left to do.
func (r *Runner) Wait() { r.group.Wait() }

func (r *Runner) work() {
	for {
		j, imp, found := r.next()
		if !found {
			return
		}
		err := r.run(j, imp)
		j.cancel()
		close(j.ended)
		if err != nil { // not even the state could be written: the next kick tries again
			r.app.Logger().Error("an import", "id", imp.ID, "error", err)
			r.rest()
			return
		}
	}
}

func (r *Runner) rest() {
	r.mu.Lock()
	r.working = false
	r.mu.Unlock()
}

// next chooses the import that waits longest.
func (r *Runner) next() (j *job, imp collections.Import, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current.Store(nil)
	if r.ctx.Err() == nil {
		waiting, err := collections.All[collections.Import](r.app, "state IN ('reading', 'running', 'undoing')", "queued, id", nil)
		if err != nil {
			r.app.Logger().Error("the imports that wait", "error", err)
		}
		if found = len(waiting) > 0; found {
			imp = waiting[0]
		}
	}
	if !found {
		r.working = false
		return nil, imp, false
	}
	j = &job{id: imp.ID, ended: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancel(r.ctx)
	j.at(imp.Done, imp.Total)
	r.current.Store(j)
	return j, imp, true
}

// run does what the state of an import asks for, and writes what came of it. Cut off by Stop or by a change of the import it leaves the state.
func (r *Runner) run(j *job, imp collections.Import) error {
	columns, err := r.guarded(func() (dbx.Params, error) {
		switch imp.State {
		case collections.ImportReading:
			return r.read(j, imp)
		case collections.ImportRunning:
			return r.apply(j, imp)
		}
		return r.takeBack(j, imp)
	})
	if j.ctx.Err() != nil {
		return nil //nolint:nilerr // it was cut off, and is gone on with
	}
	if err != nil {
		if columns, err = r.failed(imp, err); err != nil {
			return err
		}
	}
	columns["done"], columns["total"] = j.done.Load(), j.total.Load()
	if err := set(r.app, imp.ID, columns); err != nil {
		return err
	}
	r.tell(imp.ID)
	return nil
}

func (r *Runner) guarded(work func() (dbx.Params, error)) (columns dbx.Params, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	return work()
}

// failed is the state of an import whose work ended with an error. What was done is safe, and can be gone on with.
func (r *Runner) failed(imp collections.Import, failure error) (dbx.Params, error) {
	state := map[string]string{
		collections.ImportReading: collections.ImportUnreadable,
		collections.ImportRunning: collections.ImportStopped,
		collections.ImportUndoing: collections.ImportDone,
	}[imp.State]
	text, err := asJSON(r.sentence(failure))
	return dbx.Params{"state": state, "error": text}, err
}

// sentence is a failure as a librarian reads it. Our own failures are for the log.
func (r *Runner) sentence(failure error) say.Text {
	var f *fault.Error
	if errors.As(failure, &f) && f.Code != fault.Internal {
		return f.Text
	}
	r.app.Logger().Error("an import failed", "error", failure)
	return say.T("imports.failed")
}

func (r *Runner) tell(id string) {
	if r.Changed != nil {
		r.Changed(id)
	}
}

// change changes an import while it is not chosen to be worked at; halt ends the reading of it first. Then the runner looks for work.
func (r *Runner) change(id string, halt bool, change func(imp collections.Import) error) (imp collections.Import, err error) {
	if err := r.changeNow(id, halt, change); err != nil {
		return imp, err
	}
	r.tell(id)
	return Find(r.app, id)
}

func (r *Runner) changeNow(id string, halt bool, change func(imp collections.Import) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.kick()
	imp, err := Find(r.app, id)
	if err != nil {
		return err
	}
	if now := r.current.Load(); halt && now != nil && now.id == id && imp.State == collections.ImportReading {
		now.cancel()
		<-now.ended
		if imp, err = Find(r.app, id); err != nil {
			return err
		}
	}
	return change(imp)
}
