package adds

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/lookup"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Worker looks up what was scanned, one question at a time. The rows in the store are its queue, so a restart goes on with what waits. It wakes on a
// scan, when a source may be asked again, and now and then. There is no other check of the line than a question that waits: whether the line is back only
// an answer tells, since a portal answers, too.
type Worker struct {
	// Changed is told when rows or sources changed. A door may set it before Start.
	Changed func()
	Now     func() time.Time
	Pace    lookup.Pace

	app     core.App
	asker   *lookup.Asker
	kick    chan struct{}
	cancel  context.CancelFunc
	group   sync.WaitGroup
	shelves shelves
}

// idle is how often the queue is looked at when nothing wakes the worker.
const idle = 5 * time.Minute

// New makes the worker of an app; version is Carrel's. It does nothing before Start.
func New(app core.App, version string) *Worker {
	return &Worker{Now: time.Now, Pace: lookup.Polite, app: app, asker: lookup.NewAsker(version), kick: make(chan struct{}, 1)}
}

// Start begins to look things up.
func (w *Worker) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	w.group.Go(func() { w.work(ctx) })
}

// Stop ends what is under way and waits for it. The question that was asked is asked again at the next start.
func (w *Worker) Stop() {
	if w.cancel != nil {
		w.cancel()
	}
	w.group.Wait()
}

// Kick wakes the worker.
func (w *Worker) Kick() {
	select {
	case w.kick <- struct{}{}:
	default: // it will wake
	}
}

func (w *Worker) work(ctx context.Context) {
	if err := lookup.Tidy(w.app); err != nil {
		w.app.Logger().Error("records on the box that never arrived whole", "error", err)
	}
	for ctx.Err() == nil {
		wait, err := w.Pass(ctx)
		if err != nil && ctx.Err() == nil {
			w.app.Logger().Error("looking up books", "error", err)
			wait = idle
		}
		alarm := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-w.kick:
		case <-alarm.C:
		}
		alarm.Stop()
	}
}

// Pass does what can be done now, and says when to look again.
func (w *Worker) Pass(ctx context.Context) (wait time.Duration, err error) {
	for ctx.Err() == nil {
		waiting, err := w.waiting()
		if err != nil {
			return idle, err
		}
		if i := slices.IndexFunc(waiting, func(r row) bool { return r.State == collections.AddNew }); i >= 0 {
			if err := w.lookNear(ctx, waiting[i]); err != nil {
				return idle, err
			}
			continue
		}
		asked, wait, err := w.lookFar(ctx, waiting)
		if err != nil || !asked {
			return wait, err
		}
	}
	return 0, ctx.Err()
}

// waiting are the numbers that are not settled, one row for each, in the order in which they were scanned.
func (w *Worker) waiting() (rows []row, err error) {
	adds, err := collections.All[collections.Add](w.app, "state IN ('new', 'waiting') AND item = '' AND isbn != ''", "scanned, id", nil)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, add := range adds {
		if seen[add.ISBN] {
			continue
		}
		seen[add.ISBN] = true
		r, err := open(add)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// lookNear looks where no line is needed.
func (w *Worker) lookNear(ctx context.Context, r row) error {
	r.found, r.tried, r.Chosen = typedIn(r.found), nil, 0
	own, err := lookup.Own{App: w.app}.Find(ctx, r.ISBN)
	if err != nil {
		return err
	}
	if err := w.take(&r, lookup.OwnName, lookup.OwnName, own, rankOwn); err != nil {
		return err
	}
	if len(own) == 0 {
		box, err := lookup.Box{App: w.app}.Find(ctx, r.ISBN)
		if err != nil {
			return err
		}
		if err := w.take(&r, lookup.BoxName, lookup.BoxName, box, rankBox); err != nil {
			return err
		}
	}
	r.State = collections.AddWaiting
	if enough(r.found) {
		r.settle()
	}
	return w.keep(&r)
}

// typedIn are the candidates a person made: looking again must not lose them.
func typedIn(found []Candidate) []Candidate {
	return slices.DeleteFunc(slices.Clone(found), func(c Candidate) bool { return c.Sources[0] != HandName })
}

// enough tells whether the internet need not be asked: whoever asks less tells less.
func enough(found []Candidate) bool {
	return slices.ContainsFunc(found, func(c Candidate) bool { return c.Rank < rankBare && c.Sources[0] != HandName })
}

// take adds the answer of a source to a row.
func (w *Worker) take(r *row, id, name string, found []lookup.Found, rank int) (err error) {
	if w.Now().Sub(w.shelves.at) > idle || w.shelves.at.IsZero() {
		if w.shelves, err = shelvesOf(w.app, w.Now()); err != nil {
			return err
		}
	}
	var more []Candidate
	for _, one := range found {
		c := candidateOf(one, rank, w.shelves)
		if c.Own != "" {
			if c.CallNumber, err = spineOf(w.app, c.Own); err != nil {
				return err
			}
		}
		more = append(more, c)
	}
	r.found = merge(r.found, more)
	how := howNothing
	if len(found) > 0 {
		how = howFound
	}
	r.note(Try{ID: id, Name: name, How: how})
	return nil
}

// spineOf is what stands on most copies of an own title.
func spineOf(app core.App, title string) (call string, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE((SELECT call_number FROM items WHERE title = {:id} AND call_number != '' GROUP BY call_number
		ORDER BY COUNT(*) DESC, call_number LIMIT 1), (SELECT call_number FROM titles WHERE id = {:id}), '')`).Bind(dbx.Params{"id": title}).Row(&call)
	return call, err
}

// note keeps how a source answered last.
func (r *row) note(t Try) {
	for i := range r.tried {
		if r.tried[i].ID == t.ID {
			r.tried[i] = t
			return
		}
	}
	r.tried = append(r.tried, t)
}

func (r *row) triedAt(id string) (t Try) {
	for _, t := range r.tried {
		if t.ID == id {
			return t
		}
	}
	return t
}

// lookFar asks one source about one number, if one may be asked now; else it says how long until then.
func (w *Worker) lookFar(ctx context.Context, waiting []row) (asked bool, wait time.Duration, err error) {
	settings, err := site.LoadLookup(w.app)
	if err != nil {
		return false, idle, err
	}
	gates, err := lookup.Gates(w.app)
	if err != nil {
		return false, idle, err
	}
	wait = idle
	for i := range waiting {
		r := &waiting[i]
		source, until, left := next(r, settings, gates, w.Now())
		switch {
		case !left:
			return true, 0, w.giveUp(r, settings)
		case until > 0:
			wait = min(wait, until)
		default:
			return true, 0, w.ask(ctx, r, source, gates[source.ID])
		}
	}
	return false, wait, nil
}

// next is the source to be asked about a number. They are asked in the order of the settings; one that is only busy with the question before is waited
// for, one that is out of reach is passed over until it is back. left is false when all have answered.
func next(r *row, settings site.Lookup, gates map[string]lookup.Gate, now time.Time) (source site.Source, wait time.Duration, left bool) {
	for _, source := range settings.Sources {
		if !settings.On || !source.On || tried(r, source) {
			continue
		}
		gate := gates[source.ID]
		until := gate.Open(now)
		if until == 0 {
			return source, 0, true
		}
		if !left || until < wait {
			wait = until
		}
		left = true
		if gate.State == "" {
			break
		}
	}
	return source, wait, left
}

func tried(r *row, source site.Source) bool {
	t := r.triedAt(source.ID)
	return t.ID != "" && t.answered()
}

// ask asks one source about one number, and keeps what came of it.
func (w *Worker) ask(ctx context.Context, r *row, source site.Source, gate lookup.Gate) error {
	found, failure := lookup.ProviderOf(source, w.asker).Find(ctx, r.ISBN)
	if ctx.Err() != nil {
		return ctx.Err() //nolint:wrapcheck // it was cut off, and says nothing about the source
	}
	gate.ID = source.ID
	before := gate.State
	gate = gate.After(failure, w.Pace, w.Now())
	if err := gate.Save(w.app); err != nil {
		return err
	}
	rank := rankReaders
	if source.Kind == site.SourceSRU {
		rank = rankLibrary
	}
	if failure != nil {
		if t := lookup.AsTrouble(failure); t.Kind == lookup.Broken {
			r.note(Try{ID: source.ID, Name: source.Name, How: howBroken, N: r.triedAt(source.ID).N + 1})
			w.app.Logger().Warn("an answer that cannot be read", "source", source.Name, "error", t.Err)
			return w.keep(r)
		}
		if before != gate.State {
			w.tell()
		}
		return nil
	}
	if err := w.take(r, source.ID, source.Name, found, rank); err != nil {
		return err
	}
	if enough(r.found) {
		r.settle()
	}
	return w.keep(r)
}

// giveUp settles a number that nobody is left to be asked about.
func (w *Worker) giveUp(r *row, settings site.Lookup) error {
	r.settle()
	if r.State == collections.AddNeeds {
		r.why = unknown(r, settings)
	}
	return w.keep(r)
}

func unknown(r *row, settings site.Lookup) say.Text {
	for _, t := range r.tried {
		if t.How == howBroken {
			return say.T("adds.broken", t.Name)
		}
	}
	if !settings.On {
		return say.T("adds.off")
	}
	return say.T("adds.unknown")
}

// keep writes what was found to every row of the number that still waits. One that a person settled meanwhile stays as it is.
func (w *Worker) keep(r *row) error {
	err := r.save(w.app, dbx.And(dbx.HashExp{"isbn": r.ISBN, "item": ""}, dbx.In("state", collections.AddNew, collections.AddWaiting)))
	if err == nil {
		w.tell()
	}
	return err
}

func (w *Worker) tell() {
	if w.Changed != nil {
		w.Changed()
	}
}

// Test asks a source about a well-known book. The error is a *lookup.Trouble.
func (w *Worker) Test(ctx context.Context, source site.Source) (title string, err error) {
	const known = "9780064400558" // in print since 1952
	found, err := lookup.ProviderOf(source, w.asker).Find(ctx, known)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return cardOfFound(found[0]).Title, nil
}

func marshal(value any) (types.JSONRaw, error) {
	data, err := json.Marshal(value)
	return types.JSONRaw(data), err
}

// sure answers what a query for one row found, or that it is not there.
func sure(add collections.Add, found bool, err error) (collections.Add, error) {
	if err == nil && !found {
		err = fault.New("adds.Find", fault.NotFound, "adds.gone").Named("unknown_add").At("id")
	}
	return add, err
}
