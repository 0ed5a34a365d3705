// Package lists keeps titles together: collections, displays, and the topics of the students' first page. A list was chosen title by title, or fills itself
// from a search.
package lists

import (
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// List is one list as its screens know it. From and Until are days, empty for always. Search is the query string of a list that fills itself ("q=space&kind=nonfiction").
type List struct {
	ID       string `db:"id" json:"id"`
	Name     string `db:"name" json:"name"`
	NameES   string `db:"name_es" json:"name_es"`
	Note     string `db:"note" json:"note"`
	NoteES   string `db:"note_es" json:"note_es"`
	Kind     string `db:"kind" json:"kind"`
	Icon     string `db:"icon" json:"icon"`
	Shown    bool   `db:"shown" json:"shown"`
	From     string `db:"shown_from" json:"from"`
	Until    string `db:"shown_until" json:"until"`
	Position int    `db:"position" json:"position"`
	Search   string `db:"search" json:"search"`
	Titles   int    `db:"titles" json:"titles"`
	Updated  string `db:"updated" json:"updated"`
}

// stands is the title an entry stands for: its own, or the one that its own was merged into. Two entries for one title count once.
const stands = "COALESCE(NULLIF(t.merged_into, ''), t.id)"

const columns = `SELECT l.id, l.name, l.name_es, l.note, l.note_es, l.kind, l.icon, l.shown, l.shown_from, l.shown_until, l.position, l.search, l.updated,
	(SELECT COUNT(DISTINCT ` + stands + `) FROM title_list_entries e JOIN titles t ON t.id = e.title WHERE e.list = l.id) AS titles FROM title_lists l`

// All lists every list, in the order in which students see them: by kind, then by position.
func All(app core.App) ([]List, error) {
	return read(app, "TRUE", nil)
}

// Shown lists what stands on the students' first page on a day, in that order: only lists in which there is something. A collection is opened by its address
// alone, see OnShow.
func Shown(app core.App, on policy.Day) ([]List, error) {
	found, err := read(app, "l.shown AND l.kind != 'collection' AND l.shown_from <= {:day} AND (l.shown_until = '' OR l.shown_until >= {:day})", dbx.Params{"day": on.String()})
	if err != nil {
		return nil, err
	}
	filled := []List{}
	for _, list := range found {
		if list.Titles > 0 {
			filled = append(filled, list)
		}
	}
	return filled, nil
}

// Get reads one list. The code is fault.NotFound.
func Get(app core.App, id string) (list List, err error) {
	found, err := read(app, "l.id = {:id}", dbx.Params{"id": id})
	if err == nil && len(found) == 0 {
		err = fault.New("lists.Get", fault.NotFound, "lists.unknown").Named("unknown_list").At("id")
	}
	if err != nil {
		return list, err
	}
	return found[0], nil
}

// OnShow is Get for a list that students may see on a day; any other is fault.NotFound.
func OnShow(app core.App, id string, on policy.Day) (list List, err error) {
	list, err = Get(app, id)
	day := on.String()
	if err == nil && (!list.Shown || list.From > day || list.Until != "" && list.Until < day) {
		err = fault.New("lists.OnShow", fault.NotFound, "lists.unknown").Named("unknown_list").At("id")
	}
	return list, err
}

func read(app core.App, where string, params dbx.Params) ([]List, error) {
	found := []List{}
	query := columns + " WHERE " + where + " ORDER BY CASE l.kind WHEN 'topic' THEN 0 WHEN 'display' THEN 1 ELSE 2 END, l.position, l.created, l.id"
	if err := app.DB().NewQuery(query).Bind(params).All(&found); err != nil {
		return nil, err
	}
	for i := range found {
		if found[i].Search == "" {
			continue
		}
		n, err := matches(app, found[i])
		if err != nil {
			return nil, err
		}
		found[i].Titles = n
	}
	return found, nil
}

// Named is a list by name, for the page of a title in it.
type Named struct {
	ID   string `db:"id" json:"id"`
	Name string `db:"name" json:"name"`
}

// Of names the lists that a title was chosen for.
func Of(app core.App, title string) ([]Named, error) {
	named := []Named{}
	err := app.DB().NewQuery(`SELECT DISTINCT l.id, l.name FROM title_list_entries e JOIN titles t ON t.id = e.title JOIN title_lists l ON l.id = e.list
		WHERE e.title = {:title} OR t.merged_into = {:title} ORDER BY l.name, l.id`).Bind(dbx.Params{"title": title}).All(&named)
	return named, err
}
