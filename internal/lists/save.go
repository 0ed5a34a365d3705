package lists

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// The longest texts, and how many lists a library may have.
const (
	maxName   = 120
	maxNote   = 500
	maxSearch = 2000
	maxLists  = 500
)

var (
	iconName = regexp.MustCompile(`^[a-z]{0,40}$`)
	listID   = regexp.MustCompile(`^[a-z0-9]{15}$`)
)

// Add keeps a new list with its titles, which one that fills itself has none of. An id brings back a list that was deleted, under the address it had; when
// it is there after all, it stays as it is. The codes are fault.Invalid at the field, and those of SetTitles.
func Add(app core.App, list List, titles []string) (added List, err error) {
	record, err := list.record()
	if err != nil {
		return list, err
	}
	if list.ID != "" && !listID.MatchString(list.ID) {
		return list, unfit("id", "lists.unknown")
	}
	err = app.RunInTransaction(func(app core.App) error {
		there, err := All(app)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(there, func(one List) bool { return one.ID == list.ID }); i >= 0 {
			added = there[i]
			return nil
		}
		if len(there) >= maxLists {
			return unfit("name", "lists.too_many_lists", maxLists)
		}
		if record.Position == 0 {
			record.Position = behind(there, list.Kind)
		}
		if record, err = collections.Insert(app, record); err != nil {
			return err
		}
		if len(titles) > 0 && record.Search == "" {
			added, err = SetTitles(app, record.ID, Change{Add: titles})
			return err
		}
		added, err = Get(app, record.ID)
		return err
	})
	return added, err
}

func behind(lists []List, kind string) int {
	last := 0
	for _, list := range lists {
		if list.Kind == kind {
			last = max(last, list.Position)
		}
	}
	return last + 1
}

// Save changes a list that was as of its Updated when the one who changes it looked. The codes are fault.NotFound, fault.Invalid at the field, and
// fault.Conflict: named changed when somebody else saved it since, named has_titles when a list that was chosen is to fill itself.
func Save(app core.App, list List) (saved List, err error) {
	record, err := list.record()
	if err != nil {
		return list, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		before, err := Get(app, list.ID)
		if err != nil {
			return err
		}
		if before.Updated != list.Updated {
			return fault.New("lists.Save", fault.Conflict, "lists.changed", before.Name).Named("changed")
		}
		if before.Search == "" && record.Search != "" && before.Titles > 0 {
			return fault.New("lists.Save", fault.Conflict, "lists.has_titles").Named("has_titles").At("search")
		}
		if err := collections.Update(app, record); err != nil {
			return err
		}
		saved, err = Get(app, list.ID)
		return err
	})
	return saved, err
}

// Delete takes a list away, never its titles. The code is fault.NotFound.
func Delete(app core.App, id string) error {
	return app.RunInTransaction(func(app core.App) error {
		if _, err := Get(app, id); err != nil {
			return err
		}
		if err := put(app, id, []string{}); err != nil { // at once, not one by one by the platform
			return err
		}
		record, err := app.FindRecordById(collections.TitleLists, id)
		if err != nil {
			return err
		}
		return app.Delete(record)
	})
}

// record checks a list and makes it what is stored.
func (l List) record() (record collections.TitleList, err error) {
	record = collections.TitleList{
		ID: l.ID, Name: site.OneLine(l.Name), NameES: site.OneLine(l.NameES), Note: site.OneLine(l.Note), NoteES: site.OneLine(l.NoteES),
		Kind: l.Kind, Icon: l.Icon, Shown: l.Shown, Position: l.Position, Search: strings.TrimPrefix(strings.TrimSpace(l.Search), "?"),
	}
	for _, day := range []struct {
		field, text string
		into        *policy.Day
	}{{"from", l.From, &record.From}, {"until", l.Until, &record.Until}} {
		if *day.into, err = policy.ParseDay(day.text); err != nil {
			return record, unfit(day.field, "door.bad_day")
		}
	}
	switch {
	case record.Name == "" || utf8.RuneCountInString(record.Name) > maxName:
		return record, unfit("name", "lists.name", maxName)
	case utf8.RuneCountInString(record.NameES) > maxName:
		return record, unfit("name_es", "lists.name", maxName)
	case utf8.RuneCountInString(record.Note) > maxNote:
		return record, unfit("note", "lists.note", maxNote)
	case utf8.RuneCountInString(record.NoteES) > maxNote:
		return record, unfit("note_es", "lists.note", maxNote)
	case !slices.Contains([]string{collections.ListCollection, collections.ListDisplay, collections.ListTopic}, record.Kind):
		return record, unfit("kind", "lists.kind")
	case !iconName.MatchString(record.Icon):
		return record, unfit("icon", "lists.icon")
	case record.Until != 0 && record.Until < record.From:
		return record, unfit("until", "lists.until")
	case record.Position < 0:
		return record, unfit("position", "lists.position")
	}
	return record, checkSearch(record.Search)
}

// checkSearch refuses what is no query string, and a list that would fill itself from a list.
func checkSearch(search string) error {
	if search == "" {
		return nil
	}
	asked, err := url.ParseQuery(search)
	if err != nil || len(asked) == 0 || len(search) > maxSearch || asked.Has("list") {
		return unfit("search", "lists.search")
	}
	return nil
}

func unfit(field, key string, args ...any) error {
	return fault.New("lists.Save", fault.Invalid, key, args...).At(field)
}
