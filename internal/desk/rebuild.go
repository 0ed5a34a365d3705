package desk

import (
	"fmt"
	"reflect"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Difference is one thing whose state is not what its facts say.
type Difference struct {
	Kind  string `json:"kind"` // loan, item, hold or fee
	ID    string `json:"id"`
	Field string `json:"field"`
	Is    string `json:"is"`
	Facts string `json:"facts"`
}

// Rebuilt counts what a rebuild has looked at.
type Rebuilt struct {
	Facts int `json:"facts"`
	Loans int `json:"loans"`
	Items int `json:"items"`
	Holds int `json:"holds"`
	Fees  int `json:"fees"`
}

// Rebuild derives every loan, state of an item, hold and charge from its facts and reports each difference to found. With repair it also writes
// what the facts say. progress is called now and then with how many facts were read, each fact as often as things are derived from it.
func Rebuild(app core.App, repair bool, found func(Difference), progress func(facts int)) (rebuilt Rebuilt, err error) {
	r := rebuilder{app: app, repair: repair, found: found, progress: progress, now: types.NowDateTime()}
	for _, walk := range []struct {
		walk
		count *int
	}{
		{walk{"loan", "loan != ''", r.loans}, &rebuilt.Loans},
		{walk{"item", "item != '' AND (kind IN (" + factsThatMove + ") OR json_extract(data, '$.found') IS NOT NULL OR kind = 'undo')", r.items}, &rebuilt.Items},
		{walk{"about", "about != '' AND kind IN (" + listed(holdKinds) + ", 'undo')", r.holds}, &rebuilt.Holds},
		{walk{"about", "about != '' AND kind IN (" + listed(feeKinds) + ", 'undo')", r.fees}, &rebuilt.Fees},
	} {
		if *walk.count, err = r.walk(walk.walk); err != nil {
			return rebuilt, err
		}
	}
	rebuilt.Facts = r.read
	return rebuilt, r.orphans()
}

type rebuilder struct {
	app      core.App
	repair   bool
	found    func(Difference)
	progress func(int)
	now      types.DateTime
	read     int
}

// walk goes through the facts in the order of the things they are about, a page of things at a time: memory does not grow with the library.
type walk struct {
	column  string
	where   string
	compare func(ids []string, facts map[string][]collections.Fact) (int, error)
}

const rebuildPage = 1000

func (r *rebuilder) walk(w walk) (things int, err error) {
	last := ""
	for {
		ids := []string{}
		err := r.app.DB().NewQuery("SELECT DISTINCT " + w.column + " FROM circ_events WHERE " + w.column + " > {:last} AND " + w.column + " != '' ORDER BY " + w.column + " LIMIT {:page}").
			Bind(dbx.Params{"last": last, "page": rebuildPage}).Column(&ids)
		if err != nil || len(ids) == 0 {
			return things, err
		}
		facts, err := r.factsBetween(w, last, ids[len(ids)-1])
		if err != nil {
			return things, err
		}
		compared, err := w.compare(ids, facts)
		if err != nil {
			return things, err
		}
		things += compared
		last = ids[len(ids)-1]
		if r.progress != nil {
			r.progress(r.read)
		}
	}
}

func (r *rebuilder) factsBetween(w walk, after, upTo string) (map[string][]collections.Fact, error) {
	rows, err := collections.All[collections.Fact](r.app, w.column+" > {:after} AND "+w.column+" <= {:upto} AND "+w.where, w.column+", seq",
		dbx.Params{"after": after, "upto": upTo})
	r.read += len(rows)
	facts := map[string][]collections.Fact{}
	for _, fact := range rows {
		id := map[string]string{"loan": fact.Loan, "item": fact.Item, "about": fact.About}[w.column]
		facts[id] = append(facts[id], fact)
	}
	return facts, err
}

// stored reads the state of a page of things by id.
func stored[R collections.Record](app core.App, ids []string) (map[string]R, error) {
	var model R
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	rows := []R{}
	if err := app.DB().Select("*").From(model.Collection()).Where(dbx.In("id", list...)).All(&rows); err != nil {
		return nil, err
	}
	byID := make(map[string]R, len(rows))
	for _, row := range rows {
		byID[reflect.ValueOf(row).FieldByName("ID").String()] = row
	}
	return byID, nil
}

func (r *rebuilder) loans(ids []string, facts map[string][]collections.Fact) (int, error) {
	return compareAll(r, "loan", ids, facts, deriveLoan)
}

func (r *rebuilder) holds(ids []string, facts map[string][]collections.Fact) (int, error) {
	into, err := mergedTitles(r.app)
	if err != nil {
		return 0, err
	}
	return compareAll(r, "hold", ids, facts, deriveHoldFor(into))
}

func (r *rebuilder) fees(ids []string, facts map[string][]collections.Fact) (int, error) {
	return compareAll(r, "fee", ids, facts, deriveFee)
}

func compareAll[R collections.Record](r *rebuilder, kind string, ids []string, facts map[string][]collections.Fact, derive func([]collections.Fact) (R, error)) (int, error) {
	states, err := stored[R](r.app, ids)
	if err != nil {
		return 0, err
	}
	compared := 0
	for _, id := range ids {
		derived, err := derive(facts[id])
		if err != nil {
			return compared, err
		}
		if reflect.ValueOf(derived).FieldByName("ID").String() == "" {
			continue // the facts are about something else
		}
		compared++
		state, exists := states[id]
		if err := r.compare(kind, id, state, derived, exists); err != nil {
			return compared, err
		}
	}
	return compared, nil
}

// compare reports each field that differs, and with repair writes what the facts say.
func (r *rebuilder) compare(kind, id string, state, derived collections.Record, exists bool) error {
	if !exists {
		r.found(Difference{kind, id, kind, "missing", "there"})
		if r.repair {
			return insertState(r.app, derived, r.now)
		}
		return nil
	}
	is, says := row(state), row(derived)
	differs := false
	value := reflect.TypeOf(state)
	for i := range value.NumField() {
		field := value.Field(i).Tag.Get("db")
		if was, should := fmt.Sprint(is[field]), fmt.Sprint(says[field]); was != should {
			differs = true
			r.found(Difference{kind, id, field, was, should})
		}
	}
	if differs && r.repair {
		return updateState(r.app, derived, r.now)
	}
	return nil
}

func (r *rebuilder) items(ids []string, facts map[string][]collections.Fact) (int, error) {
	states, err := stored[collections.Item](r.app, ids)
	if err != nil {
		return 0, err
	}
	compared := 0
	for _, id := range ids {
		status, told, err := deriveStatus(facts[id])
		if err != nil {
			return compared, err
		}
		item, exists := states[id]
		if !told || !exists {
			continue // facts outlive the item
		}
		compared++
		if item.Status == status {
			continue
		}
		r.found(Difference{"item", id, "status", item.Status, status})
		if r.repair {
			if err := setStatus(r.app, id, status, types.DateTime{}, r.now); err != nil {
				return compared, err
			}
		}
	}
	return compared, nil
}

// orphans reports loans, holds and charges that no fact speaks of. They are for a person to look at, not for a repair to delete.
func (r *rebuilder) orphans() error {
	for kind, query := range map[string]string{
		"loan": `SELECT id FROM loans WHERE NOT EXISTS (SELECT 1 FROM circ_events WHERE circ_events.loan = loans.id) ORDER BY id`,
		"hold": `SELECT id FROM holds WHERE NOT EXISTS (SELECT 1 FROM circ_events WHERE circ_events.about = holds.id AND circ_events.about != '') ORDER BY id`,
		"fee":  `SELECT id FROM fees WHERE NOT EXISTS (SELECT 1 FROM circ_events WHERE circ_events.about = fees.id AND circ_events.about != '') ORDER BY id`,
	} {
		rows, err := r.app.DB().NewQuery(query).Rows()
		if err != nil {
			return err
		}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			r.found(Difference{kind, id, kind, "there", "none"})
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}
