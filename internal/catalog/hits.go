package catalog

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Hits reads titles by their ids as a search shows them, in the order given. What the catalogue does not find, such as a title that was merged into another,
// is left out.
func Hits(app core.App, titles []string) ([]Hit, error) {
	wanted, err := json.Marshal(titles)
	if err != nil {
		return nil, err
	}
	docs := []struct {
		ID int64 `db:"id"`
	}{}
	err = app.DB().NewQuery("SELECT d.id FROM json_each({:titles}) wanted JOIN search_doc d ON d.title_id = wanted.value ORDER BY wanted.key").
		Bind(dbx.Params{"titles": string(wanted)}).All(&docs)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(docs))
	for i := range docs {
		rows[i].id = docs[i].ID
	}
	page := Page{Items: []Hit{}}
	err = (&searcher{app: app}).fill(&page, rows)
	return page.Items, err
}
