package catalog

import (
	"strings"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Fold makes two spellings of a name or a heading comparable: its words without case, accents and punctuation, in order.
func Fold(text string) string {
	words := cut(text)
	folded := make([]string, len(words))
	for i := range words {
		folded[i] = words[i].text
	}
	return strings.Join(folded, " ")
}

// AddTag puts one of the library's own tags on a title; a tag that is there already stays.
func AddTag(app core.App, title, tag string) error {
	folded := Fold(tag)
	_, there, err := collections.Find[collections.TitleTag](app, "title = {:title} AND folded = {:folded}", dbx.Params{"title": title, "folded": folded})
	if err != nil || there {
		return err
	}
	_, err = collections.Insert(app, collections.TitleTag{Title: title, Tag: strings.TrimSpace(tag), Folded: folded})
	return err
}

// TagsAmong tells which of some folded tags a title has: as the library's own tag, or in a subject or genre heading of its record.
func TagsAmong(app core.App, title string, folded []string) ([]string, error) {
	var own []string
	err := app.DB().Select("folded").From(collections.TitleTags).Where(dbx.HashExp{"title": title}).Column(&own)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, tag := range folded {
		has := contains(own, tag)
		if !has {
			if has, err = hasSubject(app, title, tag); err != nil {
				return nil, err
			}
		}
		if has {
			found = append(found, tag)
		}
	}
	return found, nil
}

// hasSubject asks the index for the words of a tag, one behind the other, among the headings of a title.
func hasSubject(app core.App, title, folded string) (has bool, err error) {
	if folded == "" {
		return false, nil
	}
	err = app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM search_fts WHERE search_fts MATCH {:match}
		AND rowid = (SELECT id FROM search_doc WHERE title_id = {:title}))`).
		Bind(dbx.Params{"match": `subjects : "` + folded + `"`, "title": title}).Row(&has)
	return has, err
}
