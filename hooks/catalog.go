package hooks

import (
	"carrel/internal/catalog"

	"github.com/pocketbase/pocketbase/core"
)

// search is public on the school network and knows nothing of people.
func (d *Door) search(e *core.RequestEvent) error {
	found, err := catalog.Search(e.App, catalog.ReadQuery(e.Request.URL.Query()))
	if err != nil {
		return err
	}
	return ok(e, found)
}
