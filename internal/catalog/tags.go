package catalog

import (
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// AddTag puts one of the library's own tags on a title; a tag that is there already stays.
func AddTag(app core.App, title, tag string) error {
	folded := words.Fold(tag)
	_, there, err := collections.Find[collections.TitleTag](app, "title = {:title} AND folded = {:folded}", dbx.Params{"title": title, "folded": folded})
	if err != nil || there {
		return err
	}
	_, err = collections.Insert(app, collections.TitleTag{Title: title, Tag: strings.TrimSpace(tag), Folded: folded})
	return err
}

// TagsAmong tells which of some folded tags a title has: as the library's own tag, or as words of a subject or genre heading of its record, one
// behind the other. Reading the record is several times as fast as asking the index, and is asked at each check-out.
func TagsAmong(app core.App, title string, folded []string) ([]string, error) {
	var own []string
	err := app.DB().Select("folded").From(collections.TitleTags).Where(dbx.HashExp{"title": title}).Column(&own)
	if err != nil {
		return nil, err
	}
	headings, err := headingsOf(app, title)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, tag := range folded {
		if contains(own, tag) || tag != "" && strings.Contains(headings, " "+tag+" ") {
			found = append(found, tag)
		}
	}
	return found, nil
}

// headingsOf are the folded subject and genre headings of a title, each between blanks and parted by a sign that no folded word has.
func headingsOf(app core.App, title string) (string, error) {
	var record string
	err := app.DB().Select("marc").From(collections.Titles).Where(dbx.HashExp{"id": title}).Row(&record)
	if err != nil || record == "" {
		return "", err
	}
	decoded, err := marc.Decode([]byte(record))
	if err != nil {
		return "", err
	}
	facts := marc.Extract(decoded)
	var headings strings.Builder
	for _, heading := range append(facts.Subjects, facts.Genres...) {
		headings.WriteString(" " + words.Fold(heading) + " |")
	}
	return headings.String(), nil
}

// Tags are the library's own tags of a title, in the order of the alphabet.
func Tags(app core.App, title string) ([]string, error) {
	tags := []string{}
	err := app.DB().Select("tag").From(collections.TitleTags).Where(dbx.HashExp{"title": title}).OrderBy("folded").Column(&tags)
	return tags, err
}

// SetTags gives a title the tags of a list and no others. The codes are fault.NotFound (unknown_title) and fault.Invalid at "tags" for one that is
// longer than 120 characters.
func SetTags(app core.App, title string, tags []string) error {
	const op = "catalog.SetTags"
	if _, _, _, err := Standing(app, title); err != nil {
		return err
	}
	var folded []any
	for _, tag := range tags {
		if len([]rune(strings.TrimSpace(tag))) > 120 {
			return fault.New(op, fault.Invalid, "catalog.form.long", 120).Named("bad_long").At("tags")
		}
		folded = append(folded, words.Fold(tag))
	}
	return app.RunInTransaction(func(app core.App) error {
		_, err := app.DB().Delete(collections.TitleTags, dbx.And(dbx.HashExp{"title": title}, dbx.NotIn("folded", folded...))).Execute()
		if err != nil {
			return err
		}
		for _, tag := range tags {
			if words.Fold(tag) == "" {
				continue
			}
			if err := AddTag(app, title, tag); err != nil {
				return err
			}
		}
		return nil
	})
}
