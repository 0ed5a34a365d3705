// Package shelfmap keeps the map of the library and finds books on it.
package shelfmap

import (
	"database/sql"
	"encoding/json"
	"errors"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/room"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const settingKey = "map"

// Map is the plan as it is kept. Updated tells one state of it from another; empty: the school has not drawn one.
type Map struct {
	Updated string `json:"updated"`
	room.Plan
}

// Drawn tells whether the school has drawn its library.
func (m Map) Drawn() bool { return m.Updated != "" }

// Load reads the map. Until the school has drawn one it is the plan to start from, which is not for children: see Drawn.
func Load(app core.App) (kept Map, err error) {
	var row struct {
		Value   types.JSONRaw `db:"value"`
		Updated string        `db:"updated"`
	}
	err = app.DB().Select("value", "updated").From(collections.Settings).Where(dbx.HashExp{"key": settingKey}).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return Map{Plan: room.Shipped()}, nil
	}
	if err != nil {
		return kept, err
	}
	kept.Updated = row.Updated
	return kept, json.Unmarshal(row.Value, &kept.Plan)
}

// Save keeps a map that was as of its Updated when the one who changes it looked; empty for the first. The codes are fault.Invalid at the place
// ("things.3.ranges.0.to") and fault.Conflict, named changed, when somebody else saved the map since.
func Save(app core.App, drawn Map) (kept Map, err error) {
	plan, err := room.Clean(drawn.Plan)
	if err != nil {
		return drawn, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		before, err := Load(app)
		if err != nil {
			return err
		}
		if before.Updated != drawn.Updated {
			return fault.New("shelfmap.Save", fault.Conflict, "map.changed").Named("changed")
		}
		if err := put(app, plan); err != nil {
			return err
		}
		kept, err = Load(app)
		return err
	})
	return kept, err
}

func put(app core.App, plan room.Plan) error {
	data, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	setting, found, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": settingKey})
	if err != nil {
		return err
	}
	setting.Key, setting.Value = settingKey, types.JSONRaw(data)
	if found {
		return collections.Update(app, setting)
	}
	_, err = collections.Insert(app, setting)
	return err
}

// Find tells where the books of a location (id) with this call number stand, and how one walks there from the door. ok is false when no shelf of the map
// holds them, or when there is no map.
func Find(app core.App, location, call string) (place room.Place, ok bool, err error) {
	kept, err := Load(app)
	if err != nil || !kept.Drawn() {
		return place, false, err
	}
	place, ok = kept.Place(location, call)
	return place, ok, nil
}

// Place is Find on a map that was read before, for several books at once.
func (m Map) Place(location, call string) (place room.Place, ok bool) {
	spot, ok := m.Find(location, call)
	if !ok {
		return place, false
	}
	return m.Guide(spot, call), true
}
