package lists

import (
	"carrel/internal/catalog"
	"carrel/internal/fault"

	"github.com/pocketbase/pocketbase/core"
)

// A search can be narrowed to a list. The catalogue stands below this package, so it is told how. A list that does not exist has no titles.
func init() {
	catalog.TitlesOfList = func(app core.App, id string) ([]string, error) {
		list, err := Get(app, id)
		if fault.CodeOf(err) == fault.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return IDs(app, list, MaxTitles)
	}
}
