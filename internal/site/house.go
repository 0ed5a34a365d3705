package site

import (
	"sync"
	"sync/atomic"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// House is what a school decided, all of it at one moment: what every act at the desk has to know.
type House struct {
	School   School
	Rules    policy.Rules
	Calendar policy.Calendar
	Fees     Fees
}

// Open reads the house. Once Watch was called it is kept in memory and read again only after a change.
func Open(app core.App) (House, error) {
	kept, watched := app.Store().Get(watchKey).(*watch)
	if !watched {
		return read(app)
	}
	return kept.open(app)
}

func read(app core.App) (house House, err error) {
	if house.School, err = Load(app); err != nil {
		return house, err
	}
	if house.Rules, err = Rules(app); err != nil {
		return house, err
	}
	if house.Calendar, err = Calendar(app); err != nil {
		return house, err
	}
	house.Fees, err = LoadFees(app)
	return house, err
}

const watchKey = "carrel.house"

// watch keeps the last house with the version it was read at. Changes of this process are counted by record hooks; those of another
// process show in SQLite's data_version, which a connection sees change only when somebody else commits.
type watch struct {
	changes atomic.Int64
	mu      sync.Mutex
	house   House
	version version
	filled  bool
}

type version struct{ changes, others int64 }

// Watch keeps the house in memory from now on; a server calls it once.
func Watch(app core.App) {
	kept := &watch{}
	app.Store().Set(watchKey, kept)
	changed := func(e *core.RecordEvent) error {
		kept.changes.Add(1)
		return e.Next()
	}
	for _, name := range []string{collections.Settings, collections.LoanRules, collections.Calendar, collections.PatronTypes, collections.ItemTypes} {
		app.OnRecordAfterCreateSuccess(name).BindFunc(changed)
		app.OnRecordAfterUpdateSuccess(name).BindFunc(changed)
		app.OnRecordAfterDeleteSuccess(name).BindFunc(changed)
	}
}

func (w *watch) open(app core.App) (House, error) {
	now := version{changes: w.changes.Load()}
	// asked of the connection that writes: readers are many, and each has a count of its own
	if err := app.NonconcurrentDB().NewQuery("PRAGMA data_version").Row(&now.others); err != nil {
		return House{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.filled && w.version == now {
		return w.house, nil
	}
	house, err := read(app)
	if err == nil {
		w.house, w.version, w.filled = house, now, true
	}
	return house, err
}
