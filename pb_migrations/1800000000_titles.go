package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// A title that was found to be another one's double is kept, for the facts that speak of it, and says which title stands for it now. Bulk changes
// of items and books that were scanned to be added are imports, too.
func init() {
	m.Register(func(app core.App) error {
		err := widen(app, "titles", nil, []string{"CREATE INDEX idx_titles_merged ON titles (merged_into) WHERE merged_into != ''"}, text("merged_into", 15))
		if err != nil {
			return err
		}
		return widen(app, "imports", map[string][]string{"kind": {"items", "books"}}, nil)
	}, nil)
}
