package lists

import (
	"encoding/json"
	"fmt"
	"slices"

	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Change is what is done to the titles of a chosen list, in this order: some go, some come in at its end, and those named in Order stand first, before the
// others. A title that is in the list already does not come in again.
type Change struct {
	Add    []string `json:"add"`
	Remove []string `json:"remove"`
	Order  []string `json:"order"`
}

// SetTitles changes the titles of a chosen list. The codes are fault.NotFound for the list, fault.Invalid at "add.3" for a title that does not exist and at
// "add" for too many, and fault.Conflict, named fills_itself, for a list whose titles are searched.
func SetTitles(app core.App, id string, change Change) (list List, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		if list, err = Get(app, id); err != nil {
			return err
		}
		if list.Search != "" {
			return fault.New("lists.SetTitles", fault.Conflict, "lists.fills_itself").Named("fills_itself").At("add")
		}
		if err := change.write(app, list); err != nil {
			return err
		}
		list, err = Get(app, id)
		return err
	})
	return list, err
}

func (c Change) write(app core.App, list List) error {
	titles, err := IDs(app, list, MaxTitles)
	if err != nil {
		return err
	}
	added, err := known(app, c.Add)
	if err != nil {
		return err
	}
	titles = c.apply(titles, added)
	if len(titles) > MaxTitles {
		return fault.New("lists.SetTitles", fault.Invalid, "lists.too_many", MaxTitles).At("add")
	}
	return put(app, list.ID, titles)
}

// apply answers the titles of a list after a change.
func (c Change) apply(titles, added []string) []string {
	gone := setOf(c.Remove)
	titles = slices.DeleteFunc(slices.Clone(titles), func(title string) bool { return gone[title] })
	have := setOf(titles)
	for _, title := range added {
		if !have[title] {
			have[title] = true
			titles = append(titles, title)
		}
	}
	first := []string{}
	for _, title := range c.Order {
		if have[title] {
			have[title] = false
			first = append(first, title)
		}
	}
	rest := slices.DeleteFunc(titles, func(title string) bool { return !have[title] })
	return append(first, rest...)
}

func setOf(titles []string) map[string]bool {
	set := make(map[string]bool, len(titles))
	for _, title := range titles {
		set[title] = true
	}
	return set
}

// known answers the titles by which the given ones go now.
func known(app core.App, titles []string) ([]string, error) {
	if len(titles) == 0 {
		return nil, nil
	}
	wanted, err := json.Marshal(titles)
	if err != nil {
		return nil, err
	}
	found := []string{}
	err = app.DB().NewQuery("SELECT COALESCE(" + stands + ", '') FROM json_each({:titles}) wanted LEFT JOIN titles t ON t.id = wanted.value ORDER BY wanted.key").
		Bind(dbx.Params{"titles": string(wanted)}).Column(&found)
	if err != nil {
		return nil, err
	}
	if missing := slices.Index(found, ""); missing >= 0 {
		return nil, fault.New("lists.SetTitles", fault.Invalid, "lists.unknown_title").At(fmt.Sprintf("add.%d", missing))
	}
	return found, nil
}

// put makes the entries of a list what they should be and leaves those that are right as they are: the entry of a merged title stays, so that it is there
// again when the merge is taken back.
func put(app core.App, list string, titles []string) error {
	wanted, err := json.Marshal(titles)
	if err != nil {
		return err
	}
	params := dbx.Params{"list": list, "titles": string(wanted)}
	const standing = "(SELECT " + stands + " FROM titles t WHERE t.id = title_list_entries.title)"
	for _, statement := range []string{
		"DELETE FROM title_list_entries WHERE list = {:list} AND " + standing + " NOT IN (SELECT value FROM json_each({:titles}))",
		`INSERT INTO title_list_entries (id, list, title, position, created)
			SELECT substr(lower(hex(randomblob(8))), 1, 15), {:list}, value, key + 1, strftime('%Y-%m-%d %H:%M:%fZ') FROM json_each({:titles})
			WHERE value NOT IN (SELECT ` + standing + ` FROM title_list_entries WHERE list = {:list})`,
		`WITH wanted (title, place) AS MATERIALIZED (SELECT value, key + 1 FROM json_each({:titles})),
			placed (id, place) AS MATERIALIZED (SELECT e.id, wanted.place FROM title_list_entries e JOIN titles t ON t.id = e.title
				JOIN wanted ON wanted.title = ` + stands + ` WHERE e.list = {:list})
			UPDATE title_list_entries SET position = placed.place FROM placed WHERE title_list_entries.id = placed.id AND position != placed.place`,
	} {
		if _, err := app.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
			return err
		}
	}
	return nil
}
