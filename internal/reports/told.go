package reports

import (
	"carrel/internal/budget"
	"carrel/internal/money"
)

// told is what lessons and money have to tell on the principal's page. Each part is empty when there is nothing.
type told struct {
	opening string
	tiles   []Tile
	change  Section
	with    Section
	money   Section
	missing missing
}

// missing is the band of grades with most classes that had no lesson yet.
type missing struct {
	band string
	n    int
}

func (l *look) lessonsAndMoney() (t told, err error) {
	if err := l.tellLessons(&t); err != nil {
		return t, err
	}
	p, found, err := l.purse("")
	if err != nil || !found {
		return t, err
	}
	t.money = l.moneySection(p)
	cost, err := budget.CostPerLoan(l.ctx, l.app, l.asker.Now, budget.ByFund, p.Year)
	if err == nil && cost.Total.Loans >= least {
		t.tiles = append(t.tiles, Tile{money.Format(*cost.Total.PerLoan, p.Currency, l.asker.Lang), l.say("tile.cost"), l.say("tile.cost_note")})
	}
	return t, err
}

func (l *look) tellLessons(t *told) error {
	lessons, err := l.lessons()
	if err != nil || len(lessons) == 0 {
		return err
	}
	rooms, err := l.classRooms()
	if err != nil {
		return err
	}
	t.tiles = append(t.tiles, Tile{l.number(len(lessons)), l.say("tile.lessons"), l.say("tile.with", l.number(together(lessons)))})
	if t.with, t.missing, _, err = l.taughtWith(lessons, rooms); err != nil {
		return err
	}
	found, err := l.evidenceShown()
	if err != nil || len(found) == 0 {
		return err
	}
	t.opening = l.opening(found)
	t.change, err = l.canDo(found[0])
	return err
}

// mostTiles is how many large numbers a page has room for; those of lessons and money take the places of the last ones.
const mostTiles = 4

// add puts what is told on the page, beside reading and the collection.
func (p *Page) add(l *look, t told) {
	if t.opening != "" {
		p.Sentence = t.opening
	}
	keep := min(len(p.Tiles), mostTiles-len(t.tiles))
	p.Tiles = append(p.Tiles[:keep:keep], t.tiles...)
	reading, collection := l.readingSection(p.Reading), l.collectionSection(p.Collection)
	if t.change.empty() {
		p.Sections = beside(1, t.with, reading, t.money, collection)
		return
	}
	t.change.Row, t.with.Row, t.with.Right, reading.Row, reading.Right = 1, 1, true, 1, true
	for _, section := range []Section{t.change, t.with, reading} {
		if !section.empty() {
			p.Sections = append(p.Sections, section)
		}
	}
	p.Sections = append(p.Sections, beside(2, t.money, collection)...)
}

func (l *look) readingSection(bands []Reading) Section {
	section := Section{ID: "reading", Title: l.say("part.reading"), Columns: []SheetCell{{Name: l.say("column.grade")}, {Name: l.say("column.loans"), Right: true}, {Name: l.say("sheet.each"), Right: true}}}
	for _, band := range bands {
		each := ""
		if band.Each != nil {
			each = l.few(number(band.Each))
		}
		section.Rows = append(section.Rows, []string{band.Grades, l.number(band.Loans), each})
	}
	return section
}

func (l *look) collectionSection(facts []Fact) Section {
	section := Section{ID: "collection", Title: l.say("part.collection"), Columns: words("", "")}
	for _, fact := range facts {
		section.Rows = append(section.Rows, []string{fact.Label, fact.Value})
	}
	return section
}
