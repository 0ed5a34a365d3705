package hooks

import (
	"strconv"

	"carrel/internal/catalog"

	"github.com/pocketbase/pocketbase/core"
)

// search is public on the school network and knows nothing of people.
func (d *Door) search(e *core.RequestEvent) error {
	asked := e.Request.URL.Query()
	page, _ := strconv.Atoi(asked.Get("page"))       //nolint:errcheck // not a number is the first page
	perPage, _ := strconv.Atoi(asked.Get("perPage")) //nolint:errcheck // not a number is the usual size
	found, err := catalog.Search(e.App, catalog.Query{
		Text: asked.Get("q"), Page: page, PerPage: perPage,
		Type: asked.Get("type"), Location: asked.Get("location"), Language: asked.Get("language"), Audience: asked.Get("audience"),
		Available: asked.Get("available") == "true",
	})
	if err != nil {
		return err
	}
	return ok(e, found)
}
