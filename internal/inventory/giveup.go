package inventory

import (
	"carrel/internal/desk"

	"github.com/pocketbase/pocketbase/core"
)

// GiveUp marks as missing those of the items (ids) somebody looked at that a fresh report has not seen either, in one act that is undone as one by its key. It
// answers the ids of those it marked. What was handled while the report was made is left alone. The codes are those of Report and desk.MarkMissing.
func GiveUp(app core.App, id string, looked []string, act desk.Act) (marked []string, err error) {
	var newest int
	if err := app.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM circ_events").Row(&newest); err != nil {
		return nil, err
	}
	found, err := Report(app, id)
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool, len(looked))
	for _, item := range looked {
		wanted[item] = true
	}
	err = app.RunInTransaction(func(app core.App) error {
		handled, err := inHand(app, newest)
		if err != nil {
			return err
		}
		var items []string
		for _, line := range found.NotSeen {
			if wanted[line.Item] && !handled[line.Item] {
				items = append(items, line.Item)
			}
		}
		marked, err = desk.MarkMissing(app, desk.MissingRequest{Act: act, Inventory: id, Items: items})
		return err
	})
	return marked, err
}
