package notices

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// thing is what a loan or a hold is about, as far as more than the count may be told.
type thing struct {
	About    string `db:"about"`
	Title    string `db:"title"`
	TypeCode string `db:"type_code"`
	TypeName string `db:"type_name"`
}

// thingsOf reads what loans and holds are about.
func thingsOf(app core.App, abouts []string) (map[string]thing, error) {
	things := map[string]thing{}
	for _, query := range []*dbx.SelectQuery{
		app.DB().Select().From("loans a").InnerJoin("items i", dbx.NewExp("i.id = a.item")).InnerJoin("titles t", dbx.NewExp("t.id = i.title")),
		app.DB().Select().From("holds a").InnerJoin("titles t", dbx.NewExp("t.id = a.title")).
			LeftJoin("items i", dbx.NewExp("i.id = COALESCE(NULLIF(a.caught, ''), a.wanted)")),
	} {
		var rows []thing
		err := query.Select("a.id AS about", "t.title", "COALESCE(y.code, '') AS type_code", "COALESCE(y.name, '') AS type_name").
			LeftJoin("item_types y", dbx.NewExp("y.id = i.type")).Where(dbx.HashExp{"a.id": list(abouts)}).All(&rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			things[row.About] = row
		}
	}
	return things, nil
}

// books says what the matters are, as much of it as may be told, without dates.
func (l letter) books(matters []letterMatter) string {
	return tell(l.level, l.things, l.lang, matters)
}

// tell says "2 library books", "1 book, 1 DVD" or "Hatchet, Holes".
func tell(level site.Disclosure, things map[string]thing, lang say.Lang, matters []letterMatter) string {
	switch level {
	case site.DiscloseType:
		return typed(things, lang, matters)
	case site.DiscloseTitle:
		titles := make([]string, 0, len(matters))
		for _, matter := range matters {
			titles = append(titles, things[matter.about].called(lang))
		}
		return strings.Join(titles, ", ")
	}
	return say.Count("notices.books", len(matters)).In(lang)
}

// called is a title as it is told; one that is gone is a library book.
func (t thing) called(lang say.Lang) string {
	return cmp.Or(oneLine(t.Title), say.Count("notices.books", 1).In(lang))
}

// typed counts the matters by type of item, in the order in which the types appear.
func typed(things map[string]thing, lang say.Lang, matters []letterMatter) string {
	counts := map[string]int{}
	var order []thing
	for _, matter := range matters {
		one := things[matter.about]
		if counts[one.TypeCode]++; counts[one.TypeCode] == 1 {
			order = append(order, one)
		}
	}
	parts := make([]string, 0, len(order))
	for _, one := range order {
		parts = append(parts, ofType(one, counts[one.TypeCode], lang))
	}
	return strings.Join(parts, ", ")
}

// spokenTypes are the types that have words in both languages; the school named the others in its own.
var spokenTypes = []string{"", "book", "dvd", "laptop", "magazine", "reference"}

func ofType(one thing, n int, lang say.Lang) string {
	if slices.Contains(spokenTypes, one.TypeCode) {
		return say.Count("notices.type."+cmp.Or(one.TypeCode, "book"), n).In(lang)
	}
	return fmt.Sprintf("%d × %s", n, cmp.Or(oneLine(one.TypeName), one.TypeCode))
}

// titleLines is a line for each title with its day.
func (l letter) titleLines(matters []letterMatter, key string) string {
	var lines strings.Builder
	for _, matter := range matters {
		lines.WriteString("\n– " + say.Count(key, 1, l.things[matter.about].called(l.lang), matter.day).In(l.lang))
	}
	return lines.String()
}

// amount is money as families read it: "$12.50", "12.50 EUR".
func amount(cents int, currency string) string {
	if currency == "USD" {
		return fmt.Sprintf("$%d.%02d", cents/100, cents%100)
	}
	return fmt.Sprintf("%d.%02d %s", cents/100, cents%100, currency)
}
