package patrons

import (
	"io"
	"time"

	"carrel/collections"
	"carrel/internal/print"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// PrintCards writes the cards of one homeroom, or of every active patron when homeroom is empty, as PDF.
func PrintCards(app core.App, w io.Writer, homeroom string, at time.Time) error {
	school, err := site.Load(app)
	if err != nil {
		return err
	}
	rows := []struct {
		collections.Patron
		Room string `db:"room"`
	}{}
	query := app.DB().Select("patrons.*", "COALESCE(homerooms.name, '') AS room").From(collections.Patrons).
		LeftJoin(collections.Homerooms, dbx.NewExp("homerooms.id = patrons.homeroom")).
		Where(dbx.NewExp("patrons.status = 'active' AND patrons.card != ''")).
		OrderBy("room", "patrons.last_name", "patrons.first_name", "patrons.id")
	if homeroom != "" {
		query.AndWhere(dbx.HashExp{"patrons.homeroom": homeroom})
	}
	if err := query.All(&rows); err != nil {
		return err
	}
	sheet := print.CardSheet{
		At: at, Stock: print.LetterCards, School: school.Name, Bars: print.NoBars, Hint: say.T("cards.hint").In(school.Language),
	}
	for _, row := range rows {
		sheet.Cards = append(sheet.Cards, print.Card{Token: row.Card, FirstName: row.FirstName, Homeroom: row.Room})
	}
	return print.Cards(w, sheet)
}
