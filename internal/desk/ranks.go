package desk

import (
	"cmp"
	"slices"
	"strings"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// mergedTitles answers for each title that was merged the one that stands for it: a hold is for that one. The facts keep the title it was placed on.
func mergedTitles(app core.App) (map[string]string, error) {
	var rows []struct {
		ID   string `db:"id"`
		Into string `db:"merged_into"`
	}
	err := app.DB().NewQuery("SELECT id, merged_into FROM titles WHERE merged_into != ''").All(&rows)
	into := make(map[string]string, len(rows))
	for _, row := range rows {
		into[row.ID] = row.Into
	}
	return into, err
}

// deriveHoldFor derives holds as deriveHold does, each for the title that stands for its own.
func deriveHoldFor(into map[string]string) func([]collections.Fact) (collections.Hold, error) {
	return func(facts []collections.Fact) (collections.Hold, error) {
		hold, err := deriveHold(facts)
		hold.Title = cmp.Or(into[hold.Title], hold.Title)
		return hold, err
	}
}

// SetRanks gives holds of one title other places in its queue, as one act: the rank of each by its id. What is ready goes back into the queue; what is over, or
// has that rank and waits already, is left alone. It answers how many were moved.
func SetRanks(app core.App, act Act, ranks map[string]float64) (moved int, err error) {
	pen := newPen(app, act)
	ids := make([]string, 0, len(ranks))
	for id := range ranks {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, strings.Compare)
	for _, id := range ids {
		hold, found, err := collections.Find[collections.Hold](app, "id = {:id} AND ended_at = ''", dbx.Params{"id": id})
		if err != nil {
			return moved, err
		}
		if !found || hold.Rank == ranks[id] && hold.State == collections.HoldWaiting {
			continue
		}
		record := pen.also
		if moved == 0 {
			record = pen.main
		}
		if err := pen.requeue(hold, ranks[id], details{}, record); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}
