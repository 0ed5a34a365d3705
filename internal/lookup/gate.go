package lookup

import (
	"math/rand/v2"
	"time"

	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Pace is how sources are treated: one question at a time, and never two within Between.
type Pace struct {
	Between time.Duration // of two questions to one source
	Away    time.Duration // before an unreachable source is tried again, at first
	AwayMax time.Duration // and at most: how long a line may be back before anybody notices
	Busy    time.Duration // the same for a source that wants to be left alone and does not say how long
	BusyMax time.Duration
}

// Polite is the pace of a school.
var Polite = Pace{Between: time.Second, Away: 4 * time.Second, AwayMax: time.Minute, Busy: 30 * time.Second, BusyMax: time.Hour}

// Gate says how a source is doing, and when it may be asked again. It is kept in the store: a restart is no way around a source's wish.
type Gate struct {
	ID    string
	State Kind // "" when it answered last
	Since time.Time
	Next  time.Time
	Tries int // in vain, since it answered last
}

// Gates reads the gates of all sources that were ever asked, by id.
func Gates(app core.App) (map[string]Gate, error) {
	var rows []struct {
		ID, State   string
		Since, Next types.DateTime
		Tries       int
	}
	if err := app.DB().NewQuery("SELECT id, state, since, next, tries FROM lookup_sources").All(&rows); err != nil {
		return nil, err
	}
	gates := make(map[string]Gate, len(rows))
	for _, row := range rows {
		gates[row.ID] = Gate{row.ID, Kind(row.State), row.Since.Time(), row.Next.Time(), row.Tries}
	}
	return gates, nil
}

// Open tells whether the source may be asked now, else how long to wait. A wait longer than any is from a clock that was wrong.
func (g Gate) Open(now time.Time) (wait time.Duration) {
	if wait = g.Next.Sub(now); wait > longestWait+time.Hour {
		return 0
	}
	return max(wait, 0)
}

// After is the gate after an answer (nil) or in vain. The jitter keeps the boxes of a district from asking all at once when the line is back.
func (g Gate) After(failure error, pace Pace, now time.Time) Gate {
	before := g.State
	if failure == nil {
		g.State, g.Tries, g.Next = "", 0, now.Add(pace.Between)
	} else {
		t := AsTrouble(failure)
		g.State = t.Kind
		first, most := pace.Away, pace.AwayMax
		if t.Kind == Limited || t.Kind == Broken {
			first, most = pace.Busy, pace.BusyMax
		}
		wait := min(first<<min(g.Tries, 12), most)
		if t.Wait > 0 { // the source's own word
			wait = max(t.Wait, pace.Between)
		}
		g.Next = now.Add(wait + rand.N(wait/5+1)) //nolint:gosec // no secret
		g.Tries++
	}
	if g.State != before || g.Since.IsZero() {
		g.Since = now
	}
	return g
}

// Save keeps a gate.
func (g Gate) Save(app core.App) error {
	_, err := app.DB().NewQuery(`INSERT INTO lookup_sources (id, state, since, next, tries) VALUES ({:id}, {:state}, {:since}, {:next}, {:tries})
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, since = excluded.since, next = excluded.next, tries = excluded.tries`).
		Bind(dbx.Params{"id": g.ID, "state": string(g.State), "since": stored(g.Since), "next": stored(g.Next), "tries": g.Tries}).Execute()
	return err
}

// Forget opens all gates: the sources were changed.
func Forget(app core.App) error {
	_, err := app.DB().NewQuery("DELETE FROM lookup_sources").Execute()
	return err
}

func stored(at time.Time) string {
	value, _ := types.ParseDateTime(at) //nolint:errcheck // a time is always a time
	return value.String()
}

// ProviderOf makes the provider of a source.
func ProviderOf(source site.Source, asker *Asker) Provider {
	if source.Kind == site.SourceSRU {
		base := source.URL
		if source.Database != "" {
			base = trimSlash(base) + "/" + source.Database
		}
		return &sru{asker, source.Name, base}
	}
	return &openLibrary{asker, source.Name, source.URL, asker.now}
}
