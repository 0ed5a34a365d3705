package reports

import (
	"math"
	"slices"
	"strconv"

	"carrel/internal/callnumber"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

// Page is the principal's report, which fits on one sheet.
type Page struct {
	Sheet
	Reading    []Reading `json:"reading"`
	Collection []Fact    `json:"collection"`
	Help       []Help    `json:"help"` // Carrel's own words; none when the librarian wrote some
	HelpText   string    `json:"help_text"`
}

// Tile is one large number.
type Tile struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Note  string `json:"note"`
}

// Reading is one band of grades. Each is null where nobody is enrolled.
type Reading struct {
	Grades string `json:"grades"`
	Loans  int    `json:"loans"`
	Each   any    `json:"each"`
}

// Fact is one line about the collection.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Help is one thing that would help: what, and why.
type Help struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

var principal = description{
	id: "principal", parameters: []string{pDays, pFor, pHelp},
	columns: []Column{{ID: "part", Kind: Text}, {ID: "what", Kind: Text}, {ID: "value", Kind: Text}},
	table: func(l *look) (t table, err error) {
		page, hidden, err := l.page()
		if err != nil {
			return t, err
		}
		for _, tile := range page.Tiles {
			t.rows = append(t.rows, []any{l.say("part.numbers"), tile.Label, tile.Value})
		}
		told := Sheet{Sections: slices.DeleteFunc(slices.Clone(page.Sections), func(s Section) bool { return s.ID == "reading" || s.ID == "collection" })}
		t.rows = append(t.rows, told.rows("")...)
		for _, band := range page.Reading {
			t.rows = append(t.rows, []any{l.say("part.reading"), band.Grades, l.say("reading_cell", l.number(band.Loans), l.few(number(band.Each)))})
		}
		for _, fact := range page.Collection {
			t.rows = append(t.rows, []any{l.say("part.collection"), fact.Label, fact.Value})
		}
		for _, help := range page.Help {
			t.rows = append(t.rows, []any{l.say("part.help"), help.What, help.Why})
		}
		if page.HelpText != "" {
			t.rows = append(t.rows, []any{l.say("part.help"), page.HelpText, nil})
		}
		page.tell()
		t.page, t.hidden = &page, hidden
		return t, nil
	},
}

func (l *look) page() (page Page, hidden int, err error) {
	page = Page{Sheet: l.sheet(l.titled("title")), HelpText: l.values[pHelp], Reading: []Reading{}, Collection: []Fact{}, Help: []Help{}}
	groups, err := l.grades()
	if err != nil {
		return page, 0, err
	}
	students, borrowed := 0, 0
	for _, group := range groups {
		if key(group) != "" {
			students += group.persons
			borrowed += int(number(group.cells[2]))
		}
	}
	page.Reading, hidden = l.reading(groups)
	if err := l.tiles(&page, students, borrowed); err != nil {
		return page, hidden, err
	}
	stock, err := l.stock()
	if err != nil {
		return page, hidden, err
	}
	if err := l.collection(&page, stock); err != nil {
		return page, hidden, err
	}
	told, err := l.lessonsAndMoney()
	if err != nil {
		return page, hidden, err
	}
	page.add(l, told)
	if page.HelpText == "" {
		page.Help, err = l.help(stock, told)
	}
	return page, hidden, err
}

func orText(text, or string) string {
	if text == "" {
		return or
	}
	return text
}

// The bands of grades that schools speak of.
var gradeBands = []struct {
	name   string
	grades []string
}{
	{"PK–2", []string{"PK", "K", "1", "2"}}, {"3–5", []string{"3", "4", "5"}}, {"6–8", []string{"6", "7", "8"}}, {"9–12", []string{"9", "10", "11", "12"}},
}

func (l *look) reading(groups []group) ([]Reading, int) {
	var bands []group
	for _, band := range gradeBands {
		sum := group{name: band.name, cells: []any{0}}
		there := false
		for _, g := range groups {
			if slices.Contains(band.grades, key(g)) {
				there = true
				sum.persons += g.persons
				sum.cells[0] = int(number(sum.cells[0])) + int(number(g.cells[2]))
			}
		}
		if there {
			bands = append(bands, sum)
		}
	}
	left, hidden, _ := shown(bands)
	reading := []Reading{}
	for _, band := range left {
		loans := int(number(band.cells[0]))
		name := bandName(band.name, slices.ContainsFunc(groups, func(g group) bool { return key(g) == "PK" }))
		reading = append(reading, Reading{name, loans, ratio(loans, band.persons)})
	}
	return reading, hidden
}

// tiles are the large numbers, and the sentence made of them. Students are named as one group, if it is no small one.
func (l *look) tiles(page *Page, students, borrowed int) error {
	now, err := l.loansIn(l.period)
	if err != nil {
		return err
	}
	before, err := l.loansIn(l.period.yearBefore())
	if err != nil {
		return err
	}
	page.Tiles = append(page.Tiles, Tile{l.number(now), l.say("tile.borrowed"), l.change(now, before)})
	page.Sentence = l.say("page_loans", l.number(now))
	if students >= least {
		each := float64(borrowed) / float64(students)
		page.Tiles = append(page.Tiles, Tile{l.few(each), l.say("tile.each"), l.say("tile.students", l.number(students))})
		page.Sentence = l.say("page_each", l.few(each), l.number(now))
	}
	lent, titles, err := l.titlesLent()
	if err != nil {
		return err
	}
	if titles > 0 {
		page.Tiles = append(page.Tiles, Tile{l.percent(float64(lent) / float64(titles)), l.say("tile.lent"), l.say("tile.titles", l.number(lent), l.number(titles))})
	}
	kiosk, desk, err := l.doors()
	if err != nil {
		return err
	}
	if kiosk > 0 {
		page.Tiles = append(page.Tiles, Tile{l.percent(float64(kiosk) / float64(kiosk+desk)), l.say("tile.kiosk"), l.say("tile.kiosk_note")})
	}
	return nil
}

func (l *look) loansIn(p period) (int, error) {
	tally, err := l.tally("use_days", "''", p, " AND kind = 'check_out'", nil)
	return tally[""].loans, err
}

func (l *look) change(now, before int) string {
	if before == 0 {
		return ""
	}
	change := int(math.Round(100 * float64(now-before) / float64(before)))
	switch {
	case change > 0:
		return l.say("tile.up", change)
	case change < 0:
		return l.say("tile.down", -change)
	}
	return l.say("tile.same")
}

func (l *look) titlesLent() (lent, titles int, err error) {
	err = l.app.DB().NewQuery(`SELECT (SELECT COUNT(*) FROM (SELECT title FROM use_titles WHERE `+l.period.days()+` BETWEEN {:from} AND {:to} GROUP BY title)),
		(SELECT COUNT(DISTINCT title) FROM items WHERE status NOT IN ('withdrawn', 'lost', 'missing'))`).Bind(l.period.params()).Row(&lent, &titles)
	return min(lent, titles), titles, err
}

func (l *look) doors() (kiosk, desk int, err error) {
	err = l.app.DB().NewQuery(`SELECT COALESCE(SUM(CASE door WHEN 'kiosk' THEN n END), 0), COALESCE(SUM(CASE door WHEN 'staff' THEN n END), 0)
		FROM use_days WHERE day BETWEEN {:from} AND {:to} AND kind IN ('check_out', 'renew')`).Bind(l.period.params()).Row(&kiosk, &desk)
	return kiosk, desk, err
}

// longWait is how many days a hold waits before it is too long.
const longWait = 21

func (l *look) collection(page *Page, stock map[string]section) error {
	items := 0
	for _, s := range stock {
		items += s.items
	}
	var added, waited int
	params := dbx.Params(l.period.params())
	params["wait"], params["today"] = longWait, l.today.String()
	err := l.app.DB().NewQuery(`SELECT (SELECT COUNT(*) FROM items WHERE acquired BETWEEN {:from} AND {:to}),
		(SELECT COUNT(*) FROM holds WHERE state != 'undone' AND substr(placed_at, 1, 10) BETWEEN {:from} AND {:to} AND
			julianday(substr(COALESCE(NULLIF(ready_at, ''), NULLIF(ended_at, ''), {:today}), 1, 10)) - julianday(substr(placed_at, 1, 10)) > {:wait})`).
		Bind(params).Row(&added, &waited)
	if err != nil {
		return err
	}
	tally, err := l.tally("use_days", "''", l.period, " AND kind = 'withdraw'", nil)
	if err != nil {
		return err
	}
	page.Collection = []Fact{
		{l.say("fact.items"), l.number(items)},
		{l.say("fact.added"), l.say("fact.added_value", l.number(added), l.number(tally[""].withdrawn))},
	}
	if science := stock["500"]; science.dated > 0 {
		page.Collection = append(page.Collection, Fact{l.say("fact.science"), strconv.Itoa(science.averageYear())})
	}
	page.Collection = append(page.Collection, Fact{l.say("fact.waited"), l.number(waited)})
	return nil
}

// Rules of what would help most. A section is worth a wish when it has enough books to speak of and they are old on the average.
const (
	enoughItems = 20
	oldYears    = 12
)

// help are at most three wishes: time with the grades that had no lesson yet, newer books for the old section that is used most for its size, and more copies of what is waited for most.
func (l *look) help(stock map[string]section, told told) ([]Help, error) {
	help := []Help{}
	tally, err := l.tally("use_shelves", "band", l.period, "", nil)
	if err != nil {
		return nil, err
	}
	best, bestUse := "", -1.0
	for _, band := range callnumber.Bands {
		s := stock[band]
		if band == callnumber.Other || s.items < enoughItems || s.dated == 0 || l.asker.Now.Year()-s.averageYear() < oldYears {
			continue
		}
		if use := float64(tally[band].loans) / float64(s.items); use > bestUse {
			best, bestUse = band, use
		}
	}
	if best != "" {
		name := l.bandName(best)
		help = append(help, Help{l.say("help.newer", name), l.say("help.newer_why", stock[best].averageYear(), l.few(bestUse))})
	}
	rows, err := read[struct {
		Title   string `db:"title"`
		Waiting int    `db:"waiting"`
		Items   int    `db:"items"`
	}](l, `SELECT t.title, COUNT(*) AS waiting, (SELECT COUNT(*) FROM items WHERE items.title = t.id AND items.status NOT IN ('withdrawn', 'lost', 'missing')) AS items
		FROM holds h JOIN titles t ON t.id = h.title WHERE h.ended_at = '' AND h.state = 'waiting' GROUP BY t.id HAVING waiting > 1 AND waiting > items ORDER BY waiting DESC, t.sort_title LIMIT 1`, nil)
	for _, row := range rows {
		help = append(help, Help{l.say("help.copies", row.Title), l.say("help.copies_why", row.Waiting, row.Items)})
	}
	if told.missing.n > 0 {
		help = append(help, Help{l.say("help.planning", told.missing.band), say.Count("reports.help.planning_why", told.missing.n).In(l.asker.Lang)})
	}
	return help, err
}
