package patrons

import (
	"cmp"
	"io"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Whose says whose cards are meant: of one homeroom, of one patron, or of every active patron.
type Whose struct {
	Homeroom string // id
	Patron   string // barcode, or a card
}

// Cards is how cards are printed.
type Cards struct {
	Whose
	Sheet   print.Sheet
	Skip    int // cards already used up on the first sheet
	Adjust  print.Adjust
	Bars    print.Bars // NoBars, Code128 or Code39, of the barcode
	Picture bool       // of the patron, if there is one
	Warn    func(print.Warning)
}

// Pages is how a class without cards gets its codes.
type Pages struct {
	Whose
	Paper  print.Paper
	Adjust print.Adjust
	Warn   func(print.Warning)
}

// holder is somebody with a card.
type holder struct {
	collections.Patron
	Room string `db:"room"`
}

// holders lists those who have a card, by homeroom and name. The codes are fault.NotFound, named unknown_patron, or no_cards when there is nobody.
func holders(app core.App, whose Whose) (rows []holder, err error) {
	query := app.DB().Select("patrons.*", "COALESCE(homerooms.name, '') AS room").From(collections.Patrons).
		LeftJoin(collections.Homerooms, dbx.NewExp("homerooms.id = patrons.homeroom")).
		Where(dbx.NewExp("patrons.status = 'active' AND patrons.card != ''")).
		OrderBy("room", "patrons.last_name", "patrons.first_name", "patrons.id")
	if whose.Homeroom != "" {
		query.AndWhere(dbx.HashExp{"patrons.homeroom": whose.Homeroom})
	}
	if whose.Patron != "" {
		patron, err := desk.FindPatron(app, whose.Patron)
		if err != nil {
			return nil, err
		}
		query.AndWhere(dbx.HashExp{"patrons.id": patron.ID})
	}
	if err = query.All(&rows); err == nil && len(rows) == 0 && whose.Patron != "" {
		err = fault.New("patrons.holders", fault.NotFound, "print.no_cards").Named("no_cards").At("patron")
	}
	return rows, err
}

// called is the first name, with the initial of the last one for those whose first name is not the only one in their homeroom. It is the same on one card
// as on those of the whole class.
func called(app core.App, rows []holder) ([]string, error) {
	type namesake struct {
		Room string `db:"homeroom"`
		Name string `db:"first_name"`
	}
	var shared []namesake
	err := app.DB().NewQuery(`SELECT homeroom, first_name FROM patrons WHERE status = 'active' AND first_name != ''
		GROUP BY homeroom, first_name HAVING COUNT(*) > 1`).All(&shared)
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = cmp.Or(row.FirstName, row.LastName)
		if last := []rune(row.LastName); len(last) > 0 && slices.Contains(shared, namesake{row.Homeroom, row.FirstName}) {
			names[i] += " " + string(last[0]) + "."
		}
	}
	return names, err
}

// list reads whose cards are meant and what each is called.
func list(app core.App, whose Whose) ([]holder, []string, error) {
	rows, err := holders(app, whose)
	if err != nil {
		return nil, nil, err
	}
	names, err := called(app, rows)
	return rows, names, err
}

// PrintCards writes cards as PDF. The codes are fault.Invalid for a sheet without room for cards, or bars that no card has, and fault.NotFound for an
// unknown patron.
func PrintCards(app core.App, w io.Writer, cards Cards, at time.Time) error {
	const op = "patrons.PrintCards"
	if cards.Bars != print.NoBars && cards.Bars != print.Code128 && cards.Bars != print.Code39 {
		return fault.New(op, fault.Invalid, "print.bad_card_bars").At("bars")
	}
	if !cards.Sheet.HoldsCards() {
		return fault.New(op, fault.Invalid, "print.no_card_sheet", cards.Sheet.Name).At("sheet")
	}
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	rows, names, err := list(app, cards.Whose)
	if err != nil {
		return err
	}
	sheet := print.CardSheet{
		At: at.In(school.Location()), Sheet: cards.Sheet, Skip: cards.Skip, Adjust: cards.Adjust, School: school.Name, Bars: cards.Bars,
		Hint: say.T("cards.hint").In(school.Language), Warn: cards.Warn,
	}
	for i, name := range names {
		card := print.Card{Token: rows[i].Card, FirstName: name, Homeroom: rows[i].Room, Barcode: rows[i].Barcode}
		if cards.Picture && rows[i].Picture != "" {
			card.Picture = func() ([]byte, error) { return picture(app, rows[i].Patron) }
		}
		sheet.Cards = append(sheet.Cards, card)
	}
	return fault.Wrap(op, print.Cards(w, sheet))
}

// PrintClasses writes a page of codes with first names for each homeroom as PDF.
func PrintClasses(app core.App, w io.Writer, pages Pages, at time.Time) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	rows, names, err := list(app, pages.Whose)
	if err != nil {
		return err
	}
	sheet := print.ClassSheet{
		At: at.In(school.Location()), Paper: pages.Paper, Adjust: pages.Adjust, School: school.Name,
		Hint: say.T("cards.hint").In(school.Language), Warn: pages.Warn,
	}
	for i, name := range names {
		if i == 0 || rows[i].Homeroom != rows[i-1].Homeroom {
			sheet.Classes = append(sheet.Classes, print.Class{Homeroom: rows[i].Room})
		}
		class := &sheet.Classes[len(sheet.Classes)-1]
		class.Cards = append(class.Cards, print.Card{Token: rows[i].Card, FirstName: name})
	}
	return fault.Wrap("patrons.PrintClasses", print.Classes(w, sheet))
}

// PrintMarkers writes shelf markers as PDF.
func PrintMarkers(app core.App, w io.Writer, pages Pages, at time.Time) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	rows, names, err := list(app, pages.Whose)
	if err != nil {
		return err
	}
	sheet := print.MarkerSheet{At: at.In(school.Location()), Paper: pages.Paper, Adjust: pages.Adjust, School: school.Name, Warn: pages.Warn}
	for i, name := range names {
		sheet.Cards = append(sheet.Cards, print.Card{Token: rows[i].Card, FirstName: name, Homeroom: rows[i].Room})
	}
	return fault.Wrap("patrons.PrintMarkers", print.Markers(w, sheet))
}
