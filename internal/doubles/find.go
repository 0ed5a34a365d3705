// Package doubles finds titles that are in the catalogue twice, makes one of them, and parts them again when that was wrong.
package doubles

import (
	"encoding/json"

	"carrel/internal/catalog"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Why titles are taken for one.
const (
	SameISBN  = "isbn"  // a valid ISBN and the title proper
	SameLCCN  = "lccn"  // the number of the Library of Congress
	SameTitle = "title" // title, author and year
)

// Group is titles that are perhaps one.
type Group struct {
	Why    string        `json:"why"`
	Titles []catalog.Hit `json:"titles"`
}

// maxGroups is how many groups of each kind are shown: a screen full of work. The next ones come when these are merged.
const maxGroups = 60

// questions find groups by each sign, the surest first, as lists of ids. The keys of records lie in the order of their index; for title, author and year the
// narrow documents of the search are read once.
var questions = []struct{ why, query string }{
	{SameISBN, byKey("isbn:", "isbn;")},
	{SameLCCN, byKey("lccn:", "lccn;")},
	{SameTitle, `SELECT json_group_array(title_id) FROM search_doc WHERE title_order != '' GROUP BY title_order, author_order, year, type HAVING COUNT(*) > 1
		ORDER BY title_order LIMIT {:max}`},
}

func byKey(from, to string) string {
	return `SELECT json_group_array(title_keys.title_id) FROM title_keys JOIN titles ON titles.id = title_keys.title_id AND titles.merged_into = ''
		WHERE title_keys.key >= '` + from + `' AND title_keys.key < '` + to + `' GROUP BY title_keys.key HAVING COUNT(*) > 1 ORDER BY title_keys.key LIMIT {:max}`
}

// Find lists groups of titles that look like one, the surest first; a group comes once, by its surest sign.
func Find(app core.App) ([]Group, error) {
	groups := []Group{}
	told := map[string]int{} // of a title, in which group it is, from 1
	for _, question := range questions {
		var lists []string
		if err := app.DB().NewQuery(question.query).Bind(dbx.Params{"max": maxGroups}).Column(&lists); err != nil {
			return nil, err
		}
		for _, list := range lists {
			var ids []string
			if err := json.Unmarshal([]byte(list), &ids); err != nil {
				return nil, err
			}
			if together(told, ids) {
				continue
			}
			hits, err := catalog.Hits(app, ids)
			if err != nil {
				return nil, err
			}
			if len(hits) < 2 {
				continue
			}
			groups = append(groups, Group{question.why, hits})
			for _, id := range ids {
				told[id] = len(groups)
			}
		}
	}
	return groups, nil
}

// together tells whether titles are all in one group already.
func together(told map[string]int, ids []string) bool {
	for _, id := range ids {
		if told[id] == 0 || told[id] != told[ids[0]] {
			return false
		}
	}
	return true
}
