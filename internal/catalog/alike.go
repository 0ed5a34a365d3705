package catalog

import (
	"database/sql"
	"errors"
	"strings"

	"carrel/internal/marc"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The bounds of looking for similar titles.
const (
	mostHeadings = 8   // of a title are compared
	alikePool    = 600 // titles that share one are weighed
)

// tooCommon is headings that half a school library has: sharing one says nothing.
var tooCommon = map[string]bool{"fiction": true, "juvenile fiction": true, "juvenile literature": true, "stories": true, "children s stories": true,
	"picture books for children": true, "picture books": true, "graphic novels": true, "novels": true, "readers": true, "friendship": true}

// Alike is up to n titles that have series, author or subjects in common with one, the nearest first.
func Alike(app core.App, title string, facts marc.Facts, n int) ([]Hit, error) {
	match := alikeMatch(facts)
	if match == "" {
		return []Hit{}, nil
	}
	var self int64
	err := app.DB().NewQuery("SELECT id FROM search_doc WHERE title_id = {:title}").Bind(dbx.Params{"title": title}).Row(&self)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	s := &searcher{app: app}
	var rows []row
	err = s.each("SELECT d.id, '', '', "+relevance+" FROM "+matched+" LIMIT {:pool}", dbx.Params{"match": match, "pool": alikePool},
		func(id int64, _, _ []byte, score float64) {
			if id != self {
				rows = append(rows, row{id: id, score: score})
			}
		})
	if err != nil {
		return nil, err
	}
	rank(rows)
	page := Page{Items: []Hit{}}
	err = s.fill(&page, rows[:min(n, len(rows))])
	return page.Items, err
}

func alikeMatch(facts marc.Facts) string {
	var parts []string
	add := func(column, text string) {
		if folded := words.Fold(text); folded != "" && !tooCommon[folded] && len(parts) < mostHeadings {
			parts = append(parts, "{"+column+`} : "`+folded+`"`)
		}
	}
	for _, series := range facts.Series {
		name, _, _ := strings.Cut(series, " ; ")
		add("more", name)
	}
	add("author", facts.Author)
	for _, subject := range facts.Subjects {
		heading, _, _ := strings.Cut(subject, " -- ")
		add("subjects", heading)
	}
	return strings.Join(parts, " OR ")
}
