package hooks

import (
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	saying "carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// smallestGroup is the fewest patrons whose numbers are shown together: with fewer of them one could tell who it is.
const smallestGroup = 10

type countsAnswer struct {
	Homeroom map[string]string `json:"homeroom"`
	Patrons  *int              `json:"patrons"`
	Loans    *int              `json:"loans"` // null, as the other numbers, when the group is too small
	Overdue  *int              `json:"overdue"`
	Titles   []string          `json:"titles,omitempty"`
	Message  string            `json:"message,omitempty"`
}

// counts shows a teacher what the own homeroom has on loan: numbers, and titles only where the school says so. Nobody is named.
func (d *Door) counts(e *core.RequestEvent) error {
	room, err := roomAsked(e)
	if err != nil {
		return err
	}
	if !isHead(e) && !slices.Contains(e.Auth.GetStringSlice("homerooms"), room.ID) {
		return fault.New("hooks.counts", fault.Unauthorized, "door.not_your_homeroom")
	}
	answer := countsAnswer{Homeroom: map[string]string{"id": room.ID, "name": room.Name}}
	if err := answer.count(e.App, room.ID, langOf(e)); err != nil {
		return err
	}
	return ok(e, answer)
}

func (a *countsAnswer) count(app core.App, room string, lang saying.Lang) error {
	var size int
	err := app.DB().Select("count(*)").From(collections.Patrons).
		Where(dbx.HashExp{"homeroom": room, "status": collections.PatronActive}).Row(&size)
	if err != nil {
		return err
	}
	if size < smallestGroup {
		a.Message = saying.T("door.small_group", smallestGroup).In(lang)
		return nil
	}
	var loans []struct {
		Due   policy.Day `db:"due"`
		Title string     `db:"title"`
	}
	err = app.DB().NewQuery(`SELECT loans.due, titles.title FROM patrons JOIN loans ON loans.patron = patrons.id AND loans.state = 'open' AND loans.claim = ''
		JOIN items ON items.id = loans.item JOIN titles ON titles.id = items.title
		WHERE patrons.homeroom = {:room} AND patrons.status = 'active' ORDER BY titles.title`).Bind(dbx.Params{"room": room}).All(&loans)
	if err != nil {
		return err
	}
	house, err := site.Open(app)
	if err != nil {
		return err
	}
	today, late, titles := policy.DayOf(time.Now(), house.Calendar.Zone), 0, []string{}
	for _, loan := range loans {
		if house.Calendar.Overdue(loan.Due, today) {
			late++
		}
		titles = append(titles, loan.Title)
	}
	open := len(loans)
	a.Patrons, a.Loans, a.Overdue = &size, &open, &late
	privacy, err := site.LoadPrivacy(app)
	if privacy.Titles {
		a.Titles = titles
	}
	return err
}
