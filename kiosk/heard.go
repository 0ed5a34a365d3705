package kiosk

import (
	"sync"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// heard remembers the last minute in which each kiosk was written down as heard from: once a minute is enough, and an act stays one durable write.
type heard struct {
	mu      sync.Mutex
	minutes map[string]int64
}

// heardMinutes is how long the minutes are kept: as long as a replayed act is judged by them.
const heardMinutes = 31 * 24 * 60

func (h *heard) first(device string, minute int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.minutes[device] == minute {
		return false
	}
	h.minutes[device] = minute
	return true
}

// heartbeat notes that a kiosk is alive in this minute.
func (d *Door) heartbeat(device collections.Kiosk) error {
	now := d.now()
	minute := now.Unix() / 60
	if !d.heard.first(device.ID, minute) {
		return nil
	}
	seen, err := types.ParseDateTime(now)
	if err != nil {
		return err
	}
	return d.app.RunInTransaction(func(app core.App) error {
		for _, write := range []struct {
			query  string
			params dbx.Params
		}{
			{"UPDATE kiosks SET last_seen = {:seen} WHERE id = {:id}", dbx.Params{"seen": seen.String(), "id": device.ID}},
			{"INSERT OR IGNORE INTO kiosk_heard (kiosk, minute) VALUES ({:id}, {:minute})", dbx.Params{"id": device.ID, "minute": minute}},
			{"DELETE FROM kiosk_heard WHERE kiosk = {:id} AND minute < {:old}", dbx.Params{"id": device.ID, "old": minute - heardMinutes}},
		} {
			if _, err := app.DB().NewQuery(write.query).Bind(write.params).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}
