package lists

import (
	"net/url"

	"carrel/internal/catalog"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// MaxTitles is how many titles a list may have, and how many of its matches one that fills itself shows. A shelf of a school library holds some thirty.
const MaxTitles = 5000

// Titles reads the first titles of a list as a search shows them; limit 0 means all. It asks as many questions for a list of thousands as for one of three.
func Titles(app core.App, list List, limit int) ([]catalog.Hit, error) {
	if limit <= 0 || limit > MaxTitles {
		limit = MaxTitles
	}
	ids, err := IDs(app, list, limit)
	if err != nil {
		return nil, err
	}
	return catalog.Hits(app, ids)
}

// A search can be narrowed to a list.
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

// IDs are the first titles of a list in its order, each once.
func IDs(app core.App, list List, limit int) ([]string, error) {
	if list.Search != "" {
		return matching(app, list, limit)
	}
	ids := []string{}
	err := app.DB().NewQuery("SELECT " + stands + " AS one FROM title_list_entries e JOIN titles t ON t.id = e.title WHERE e.list = {:list} GROUP BY one ORDER BY MIN(e.position), one LIMIT {:limit}").
		Bind(dbx.Params{"list": list.ID, "limit": limit}).Column(&ids)
	return ids, err
}

// queryOf is the search of a list that fills itself.
func queryOf(list List) catalog.Query {
	asked, _ := url.ParseQuery(list.Search) //nolint:errcheck // what cannot be read was not kept
	return catalog.ReadQuery(asked)
}

func matches(app core.App, list List) (int, error) {
	query := queryOf(list)
	query.Page, query.PerPage = 1, 1
	page, err := catalog.Search(app, query)
	return min(page.TotalItems, MaxTitles), err
}

func matching(app core.App, list List, limit int) ([]string, error) {
	ids, err := catalog.Matching(app, queryOf(list))
	return ids[:min(limit, len(ids))], err
}
