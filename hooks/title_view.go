package hooks

import (
	"time"

	"carrel/internal/catalog"
	"carrel/internal/lists"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/use"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// titleView is a title with all that the staff app shows of it.
type titleView struct {
	Title    recordAnswer       `json:"title"`
	Items    []catalog.ItemView `json:"items"`
	Holds    int                `json:"holds"`
	Use      use.Title          `json:"use"`
	Lists    []lists.Named      `json:"lists"`
	Versions int                `json:"versions"`
	Tags     []string           `json:"tags"`
	Problems []remark           `json:"problems"`
}

type recordAnswer struct {
	ID         string    `json:"id"`
	Updated    string    `json:"updated"`
	MergedInto string    `json:"merged_into"`
	Cover      string    `json:"cover"`
	Type       string    `json:"type"`
	Author     string    `json:"author"` // as lists show it, also of a record that names one on the title page only
	Fields     marc.Form `json:"fields"`
	Shared     bool      `json:"shared"`
}

type remark struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func viewTitle(e *core.RequestEvent, id string) (view titleView, err error) {
	title, record, updated, err := catalog.Standing(e.App, id)
	if err != nil {
		return view, err
	}
	form := marc.FormOf(record)
	view = titleView{
		Title: recordAnswer{
			ID: id, Updated: updated, MergedInto: title.MergedInto, Cover: catalog.CoverVersion(title.Cover), Type: title.Type, Author: title.Author, Fields: form,
		},
		Problems: []remark{},
	}
	for _, odd := range catalog.Remarks(form) {
		view.Problems = append(view.Problems, remark{odd.Field, odd.Code, odd.Text.In(langOf(e))})
	}
	items, err := catalog.ItemsOf(e.App, id)
	if err != nil {
		return view, err
	}
	view.Items = seenBy(e, items)
	calendar, err := site.Calendar(e.App)
	if err != nil {
		return view, err
	}
	if view.Use, err = use.OfTitle(e.Request.Context(), e.App, id, policy.DayOf(time.Now(), calendar.Zone)); err != nil {
		return view, err
	}
	if view.Tags, err = catalog.Tags(e.App, id); err != nil {
		return view, err
	}
	if view.Lists, err = lists.Of(e.App, id); err != nil {
		return view, err
	}
	if view.Versions, err = catalog.CountVersions(e.App, id); err != nil {
		return view, err
	}
	err = e.App.DB().NewQuery("SELECT COUNT(*) FROM holds WHERE title = {:id} AND ended_at = ''").Bind(dbx.Params{"id": id}).Row(&view.Holds)
	return view, err
}
