package teaching

import (
	"slices"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Used is a title that was used in a session: by its id, or by the barcode of a copy.
type Used struct {
	Title string `json:"title"`
	Item  string `json:"item"` // barcode or id of the copy
}

// maxUsed bounds the titles of a session: a cart.
const maxUsed = 300

// SetTitles makes these the titles that were used in a session, in this order; one that is named twice counts once. updated may be empty. The codes are
// fault.NotFound (unknown_session), fault.Invalid at "titles.3", named unknown_title, or at "titles", and fault.Conflict (changed).
func SetTitles(app core.App, act Act, id, updated string, used []Used) (Changed, error) {
	return alter(app, act, "titles", []any{id, used}, func(b *book, d *data) error {
		row, err := b.row("SetTitles", id)
		if err != nil {
			return err
		}
		if updated != "" && row.Updated.String() != updated {
			return fault.New("teaching.SetTitles", fault.Conflict, "teaching.session_changed").Named("changed")
		}
		titles, err := findUsed(b.app, used)
		if err != nil {
			return err
		}
		if row.ID == "" { // a visit of the timetable
			if err := b.insert(d, []collections.Session{row}); err != nil {
				return err
			}
			if err := putTitles(b.app, d.Made[0], titles); err != nil {
				return err
			}
			return nil
		}
		if d.Before, err = imagesOf(b.app, []collections.Session{row}); err != nil {
			return err
		}
		if err := putTitles(b.app, row.ID, titles); err != nil {
			return err
		}
		if err := collections.Update(b.app, row); err != nil {
			return err
		}
		return d.left(b.app, []string{row.ID})
	})
}

func findUsed(app core.App, used []Used) ([]collections.SessionTitle, error) {
	if len(used) > maxUsed {
		return nil, unfit("SetTitles", "titles", "teaching.many", maxUsed)
	}
	titles := []collections.SessionTitle{}
	for i, one := range used {
		found := collections.SessionTitle{Title: one.Title}
		if one.Item != "" {
			item, known, err := copyOf(app, one.Item)
			if err != nil {
				return nil, err
			}
			if known {
				found.Item, found.Title = item.ID, item.Title
			}
		}
		var standing []string // the title, or the one that it was merged into
		err := app.DB().NewQuery("SELECT COALESCE(NULLIF(merged_into, ''), id) FROM titles WHERE id = {:id}").Bind(dbx.Params{"id": found.Title}).Column(&standing)
		if err != nil {
			return nil, err
		}
		if len(standing) == 0 {
			return nil, unfit("SetTitles", "titles."+strconv.Itoa(i), "teaching.unknown_title").Named("unknown_title")
		}
		found.Title = standing[0]
		if !slices.ContainsFunc(titles, func(other collections.SessionTitle) bool { return other.Title == found.Title }) {
			titles = append(titles, found)
		}
	}
	return titles, nil
}

// copyOf finds a copy by its id or its barcode.
func copyOf(app core.App, code string) (collections.Item, bool, error) {
	item, found, err := collections.Find[collections.Item](app, "id = {:id}", dbx.Params{"id": code})
	if err != nil || found {
		return item, found, err
	}
	thing, err := desk.FindItem(app, code)
	if fault.CodeOf(err) == fault.NotFound || fault.CodeOf(err) == fault.Invalid {
		return item, false, nil
	}
	return thing.Item, err == nil, err
}

// The weeks before and after a session in which loans are counted, and the smallest class whose loans are shown: with fewer one could tell who it was.
const (
	UseWeeks      = 4
	smallestClass = 10
)

// Uses are the titles of a session, and how often its class borrowed them and anything before and after.
type Uses struct {
	Titles     []UsedTitle `json:"titles"`
	Weeks      int         `json:"weeks"`
	Whole      bool        `json:"whole"`       // the weeks after are over
	ClassLoans *BeforeWith `json:"class_loans"` // nil, as those of the titles, when the class is too small
	Enough     bool        `json:"enough"`
	Updated    string      `json:"updated"`
}

// UsedTitle is a title with the loans of the class.
type UsedTitle struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	CallNumber string `json:"call_number"`
	Item       string `json:"item,omitempty"` // id of the copy
	Before     *int   `json:"before"`
	After      *int   `json:"after"`
}

// BeforeWith is a number before a session and after it.
type BeforeWith struct {
	Before int `json:"before"`
	After  int `json:"after"`
}

// UsesOf counts how often a class borrowed in the weeks before and after a session: loans, never whose. The code is fault.NotFound (unknown_session).
func UsesOf(app core.App, id string, now time.Time) (uses Uses, err error) {
	b, err := openBook(app)
	if err != nil {
		return uses, err
	}
	row, err := b.row("UsesOf", id)
	if err != nil {
		return uses, err
	}
	uses = Uses{Titles: []UsedTitle{}, Weeks: UseWeeks, Updated: row.Updated.String()}
	err = app.DB().NewQuery(`SELECT t.id, t.title, t.call_number, MAX(s.item) AS item FROM session_titles s JOIN titles u ON u.id = s.title
		JOIN titles t ON t.id = COALESCE(NULLIF(u.merged_into, ''), u.id) WHERE s.session = {:id} GROUP BY t.id ORDER BY MIN(s.position)`).
		Bind(dbx.Params{"id": row.ID}).All(&uses.Titles)
	if err != nil || !b.enough(row) {
		return uses, err
	}
	uses.Enough = true
	start := b.at(row.Day, row.Begins)
	uses.Whole = !now.Before(start.AddDate(0, 0, 7*UseWeeks))
	return uses, uses.count(app, []string{or(row.Class, b.rooms[row.Homeroom].Name), b.rooms[row.Homeroom].Name}, start)
}

// enough tells whether a class is so large that its loans say nothing of a child.
func (b *book) enough(row collections.Session) bool {
	return row.Homeroom != "" && row.Day != 0 && b.sizes[row.Homeroom] >= smallestClass
}

// count counts the loans of a class by its names, the one it had and the one it has: a loan keeps the name of the homeroom, not the homeroom.
func (u *Uses) count(app core.App, names []string, start time.Time) error {
	span := func(days int) (string, error) {
		at, err := types.ParseDateTime(start.AddDate(0, 0, days))
		return at.String(), err
	}
	from, err := span(-7 * UseWeeks)
	if err != nil {
		return err
	}
	middle, err := span(0)
	if err != nil {
		return err
	}
	until, err := span(7 * UseWeeks)
	if err != nil {
		return err
	}
	var rows []struct {
		Title  string `db:"title"`
		Before int    `db:"before"`
		After  int    `db:"after"`
	}
	err = app.DB().NewQuery(`SELECT COALESCE(NULLIF(t.merged_into, ''), t.id) AS title, SUM(l.out_at < {:middle}) AS before, SUM(l.out_at >= {:middle}) AS after
		FROM loans l JOIN items i ON i.id = l.item JOIN titles t ON t.id = i.title
		WHERE l.homeroom IN ({:was}, {:is}) AND l.state != 'undone' AND l.out_at >= {:from} AND l.out_at < {:until} GROUP BY 1`).
		Bind(dbx.Params{"was": names[0], "is": names[1], "from": from, "middle": middle, "until": until}).All(&rows)
	if err != nil {
		return err
	}
	u.ClassLoans = &BeforeWith{}
	for i := range u.Titles {
		u.Titles[i].Before, u.Titles[i].After = new(int), new(int)
	}
	for _, row := range rows {
		u.ClassLoans.Before += row.Before
		u.ClassLoans.After += row.After
		for i, title := range u.Titles {
			if title.ID == row.Title {
				*u.Titles[i].Before, *u.Titles[i].After = row.Before, row.After
			}
		}
	}
	return nil
}
