package labels

import (
	"fmt"
	"io"
	"time"

	"carrel/internal/desk"
	"carrel/internal/inventory"
	"carrel/internal/policy"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func dateTime(at time.Time) (types.DateTime, error) { return types.ParseDateTime(at) }

// list begins a list named by its key among the sentences: print.list.KEY, and each column by its own.
func list(app core.App, key string, now time.Time, columns ...print.Column) (print.List, say.Lang, error) {
	school, err := site.Load(app)
	if err != nil {
		return print.List{}, "", err
	}
	paper, err := LoadPaper(app)
	if err != nil {
		return print.List{}, "", err
	}
	lang, now := say.LangOf(string(school.Language)), now.In(school.Location())
	for i, column := range columns {
		columns[i].Heading = say.T("print.column." + column.Heading).In(lang)
	}
	return print.List{
		At: now, Paper: paper.Size, School: school.Name, Heading: say.T("print.list." + key).In(lang),
		Note: say.Date(now, lang), Empty: say.T("print.list.empty").In(lang), Columns: columns,
	}, lang, nil
}

var (
	callColumn    = print.Column{Heading: "call_number", Share: 2.2, Strong: true}
	titleColumn   = print.Column{Heading: "title", Share: 5}
	barcodeColumn = print.Column{Heading: "barcode", Share: 2.8} // fourteen digits on one line
)

// PullList writes what to fetch from the shelves for those who wait, by location and in the order of call numbers. It names nobody: it is
// carried through the library.
func PullList(app core.App, w io.Writer, warn func(print.Warning), now time.Time) error {
	l, _, err := list(app, "pull", now, callColumn, titleColumn, barcodeColumn)
	if err != nil {
		return err
	}
	holds, err := desk.PullList(app, policy.DayOf(l.At, l.At.Location()))
	if err != nil {
		return err
	}
	shelves := newShelves()
	for _, hold := range holds {
		shelves.add(hold.Location, hold.CallNumber, titleOf(hold.Title, hold.Author), hold.Item)
	}
	l.Tick, l.Groups, l.Warn = true, shelves.groups, warn
	return print.Lists(w, l)
}

// SearchList writes what to look for: what patrons claim to have returned, and what is missing. It names nobody.
func SearchList(app core.App, w io.Writer, warn func(print.Warning), now time.Time) error {
	l, lang, err := list(app, "search", now, callColumn, titleColumn, barcodeColumn, print.Column{Heading: "why", Share: 2})
	if err != nil {
		return err
	}
	sought, err := desk.SearchList(app)
	if err != nil {
		return err
	}
	shelves := newShelves()
	for _, one := range sought {
		why := "missing"
		if one.Claim != "" {
			why = one.Claim
		}
		shelves.add(one.Location, one.CallNumber, titleOf(one.Title, one.Author), one.Item, say.T("print.why."+why).In(lang))
	}
	l.Tick, l.Groups, l.Warn = true, shelves.groups, warn
	return print.Lists(w, l)
}

// ShelfList writes what should stand on a stretch of the shelves, for taking inventory with a pencil. The codes are those of Find.
func ShelfList(app core.App, w io.Writer, wanted Wanted, warn func(print.Warning), now time.Time) error {
	l, lang, err := list(app, "shelf", now, callColumn, titleColumn, barcodeColumn, print.Column{Heading: "state", Share: 1.6})
	if err != nil {
		return err
	}
	items, err := Find(app, wanted)
	if err != nil {
		return err
	}
	shelves := newShelves()
	for _, item := range items {
		state := item.Status
		if item.Out {
			state = "out"
		}
		shelves.add(item.Location, item.CallNumber, titleOf(item.Title, item.Author), item.Barcode, say.T("print.state."+state).In(lang))
	}
	l.Tick, l.Groups, l.Warn = true, shelves.groups, warn
	return print.Lists(w, l)
}

// InventoryList writes one list of an inventory, for going along the shelves once more. The codes are those of inventory.Report and inventory.List.
func InventoryList(app core.App, w io.Writer, id, kind string, warn func(print.Warning), now time.Time) error {
	found, err := inventory.Report(app, id)
	if err != nil {
		return err
	}
	rows, err := found.List(kind)
	if err != nil {
		return err
	}
	l, lang, err := list(app, "inventory."+kind, now, callColumn, titleColumn, barcodeColumn, print.Column{Heading: "why", Share: 3})
	if err != nil {
		return err
	}
	shelves := newShelves()
	for _, row := range rows {
		shelves.add(row.Location, row.CallNumber, row.Title, row.Barcode, row.Why.In(lang))
	}
	l.Tick, l.Groups, l.Warn = true, shelves.groups, warn
	return print.Lists(w, l)
}

// Loans writes every open loan, each homeroom on pages of its own, for the day the power is out. It names everybody and every title: it is for
// the librarian's desk alone.
func Loans(app core.App, w io.Writer, warn func(print.Warning), now time.Time) error {
	l, lang, err := list(app, "loans", now,
		print.Column{Heading: "name", Share: 2.6, Strong: true}, titleColumn, barcodeColumn, print.Column{Heading: "due", Share: 3})
	if err != nil {
		return err
	}
	var rows []struct {
		Room    string     `db:"room"`
		First   string     `db:"first_name"`
		Last    string     `db:"last_name"`
		Title   string     `db:"title"`
		Barcode string     `db:"barcode"`
		Due     policy.Day `db:"due"`
	}
	err = app.DB().NewQuery(`SELECT COALESCE(r.name, '') AS room, p.first_name, p.last_name, t.title, i.barcode, o.due
		FROM loans o JOIN items i ON i.id = o.item JOIN titles t ON t.id = i.title JOIN patrons p ON p.id = o.patron
		LEFT JOIN homerooms r ON r.id = p.homeroom WHERE o.state = 'open'
		ORDER BY r.name, p.last_name, p.first_name, p.id, o.due, o.id`).All(&rows)
	if err != nil {
		return err
	}
	rooms := newShelves()
	for _, row := range rows {
		room := row.Room
		if room == "" {
			room = say.T("print.no_homeroom").In(lang)
		}
		rooms.add(room, fullName(row.First, row.Last), row.Title, row.Barcode, row.Due.In(lang))
	}
	for i := range rooms.groups {
		rooms.groups[i].NewPage = true
	}
	l.Note = fmt.Sprintf("%s · %s", l.Note, say.T("print.list.loans_note").In(lang))
	l.Groups, l.Warn = rooms.groups, warn
	return print.Lists(w, l)
}

// shelves gathers rows under the name of their location, in the order in which each name first comes up.
type shelves struct {
	groups []print.Group
	places map[string]int
}

func newShelves() *shelves { return &shelves{places: map[string]int{}} }

func (s *shelves) add(location string, cells ...string) {
	at, known := s.places[location]
	if !known {
		at = len(s.groups)
		s.places[location] = at
		s.groups = append(s.groups, print.Group{Name: location})
	}
	s.groups[at].Rows = append(s.groups[at].Rows, cells)
}

func titleOf(title, author string) string {
	if author == "" {
		return title
	}
	return title + " · " + author
}
