package reports

import (
	"strings"
	"time"

	"carrel/internal/budget"
	"carrel/internal/money"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

var moneyDid = description{
	id: "money", parameters: []string{pYear, pFor}, columns: sheetColumns,
	table: func(l *look) (t table, err error) {
		sheet, err := l.moneySheet()
		if err != nil {
			return t, err
		}
		sheet.tell()
		t.rows, t.sheet = sheet.rows(l.say("part.numbers")), &sheet
		return t, nil
	},
}

// yearChoices are the fiscal years, the one of today first.
func (l *look) yearChoices() (choices []Choice, err error) {
	overview, err := budget.Overview(l.app, l.asker.Now, "")
	for _, year := range overview.Years {
		choice := Choice{year.ID, year.Name}
		if year.ID == overview.Year {
			choices = append([]Choice{choice}, choices...)
			continue
		}
		choices = append(choices, choice)
	}
	return choices, err
}

// purse is a fiscal year's money: its funds, and what they add up to.
type purse struct {
	budget.OverviewView
	year               budget.YearView
	given, spent, held int
}

// purse reads the money of a year; with an empty id of the one that has the last day of the period. There is none (found is false) before money was given.
func (l *look) purse(id string) (p purse, found bool, err error) {
	if p.OverviewView, err = budget.Overview(l.app, l.asker.Now, id); err != nil || p.Year == "" {
		return p, false, err
	}
	if id == "" && l.period.to != 0 {
		for _, year := range p.Years {
			if year.Starts <= l.period.to && l.period.to <= year.Ends && year.ID != p.Year {
				return l.purse(year.ID)
			}
		}
	}
	for _, year := range p.Years {
		if year.ID == p.Year {
			p.year = year
		}
	}
	for _, fund := range p.Funds {
		p.given += fund.Given
		p.spent += fund.Spent
		p.held += fund.Encumbered
	}
	return p, p.given != 0 || p.spent != 0 || p.held != 0, nil
}

// sum writes an amount in whole units of the currency: a sheet is no ledger.
func (p purse) sum(l *look, cents int) string {
	whole := cents
	if money.Decimals(p.Currency) == 2 {
		whole = (abs(cents) + 50) / 100 * 100
		if cents < 0 {
			whole = -whole
		}
	}
	text := money.Format(whole, p.Currency, l.asker.Lang)
	for _, none := range []string{".00", ",00"} {
		text = strings.TrimSuffix(strings.Replace(text, none+" ", " ", 1), none)
	}
	return text
}

func abs(n int) int { return max(n, -n) }

func (l *look) moneySheet() (Sheet, error) {
	sheet := l.sheet(l.say("sheet.money_title"))
	p, found, err := l.purse(l.values[pYear])
	if err != nil {
		return sheet, err
	}
	if !found {
		sheet.Sentence = l.say("sheet.money_none")
		return sheet, nil
	}
	l.period = period{p.year.Starts, min(p.year.Ends, max(l.today, p.year.Starts))}
	sheet.From, sheet.To = l.period.from.String(), l.period.to.String()
	cost, err := budget.CostPerLoan(l.ctx, l.app, l.asker.Now, budget.ByFund, p.Year)
	if err != nil {
		return sheet, err
	}
	sheet.Sentence = l.moneySentence(p, cost)
	sheet.Tiles = []Tile{
		{p.sum(l, p.given), l.say("tile.given"), p.year.Name},
		{p.sum(l, p.spent), l.say("tile.spent"), l.say("tile.of_given", l.of(p.spent, p.given))},
		{p.sum(l, p.held), l.say("tile.on_order"), say.Count("reports.sheet.orders", p.Open.Orders).In(l.asker.Lang)},
		{p.sum(l, p.Free), l.say("tile.left"), l.say("tile.until", l.shortDay(p.year.Ends))},
	}
	bought, err := l.bought(p)
	if err != nil {
		return sheet, err
	}
	late, err := l.late(p)
	if err != nil {
		return sheet, err
	}
	funds := l.fundSection(p)
	funds.Row, funds.Wide = 1, true
	sheet.Sections = append([]Section{funds}, beside(2, l.costSection(p, cost), bought)...)
	if !late.empty() {
		late.Row, late.Wide = 9, true
		sheet.Sections = append(sheet.Sections, late)
	}
	return sheet, nil
}

func (l *look) moneySentence(p purse, cost budget.Cost) string {
	if all := cost.Total; all.Loans >= least {
		return l.say("sheet.money_lent", p.sum(l, p.given), p.year.Name, p.sum(l, p.spent), l.number(all.Items), l.number(all.Loans), money.Format(*all.PerLoan, p.Currency, l.asker.Lang))
	}
	return l.say("sheet.money_says", p.sum(l, p.given), p.year.Name, p.sum(l, p.spent), p.sum(l, p.held), p.sum(l, p.Free))
}

func (l *look) shortDay(day policy.Day) string {
	return say.ShortDate(day.At(0, time.UTC), l.asker.Lang)
}

func (l *look) fundSection(p purse) Section {
	section := Section{
		ID: "funds", Title: l.say("sheet.funds"), Strong: len(p.Funds) > 1,
		Columns: words(l.say("sheet.fund"), l.say("fact.given"), l.say("fact.spent"), l.say("fact.on_order"), l.say("sheet.left")),
	}
	for _, fund := range p.Funds {
		name := fund.Name
		if fund.SpendBy != 0 {
			name = l.say("sheet.fund_until", fund.Name, l.shortDay(fund.SpendBy))
		}
		section.Rows = append(section.Rows, []string{name, p.sum(l, fund.Given), p.sum(l, fund.Spent), p.sum(l, fund.Encumbered), p.sum(l, fund.Available)})
	}
	if section.Strong {
		section.Rows = append(section.Rows, []string{l.say("all"), p.sum(l, p.given), p.sum(l, p.spent), p.sum(l, p.held), p.sum(l, p.Free)})
	}
	return section
}

func (l *look) costSection(p purse, cost budget.Cost) Section {
	section := Section{
		ID: "cost", Title: l.say("sheet.cost"), Strong: len(cost.Rows) > 1,
		Columns: words(l.say("sheet.fund"), l.say("column.items"), l.say("column.loans"), l.say("sheet.per_loan")),
	}
	rows := cost.Rows
	if section.Strong {
		total := cost.Total
		total.Name = l.say("all")
		rows = append(rows[:len(rows):len(rows)], total)
	}
	for _, one := range rows {
		each := "–"
		if one.PerLoan != nil {
			each = money.Format(*one.PerLoan, p.Currency, l.asker.Lang)
		}
		section.Rows = append(section.Rows, []string{orText(one.Name, l.say("sheet.no_fund")), l.number(one.Items), l.number(one.Loans), each})
	}
	if len(rows) > 0 {
		section.Note = l.say("sheet.cost_note", l.shortDay(p.year.Starts), l.shortDay(l.today))
	}
	return section
}

// bought are the titles that the year's orders brought, those that were lent most first.
func (l *look) bought(p purse) (Section, error) {
	section := Section{ID: "bought", Title: l.say("sheet.bought"), Columns: words(l.say("column.title"), l.say("sheet.copies"), l.say("sheet.price"), l.say("column.loans"))}
	rows, err := read[struct {
		Title  string `db:"title"`
		Copies int    `db:"copies"`
		Cents  int    `db:"cents"`
		Loans  int    `db:"loans"`
	}](l, `SELECT titles.title, COUNT(*) AS copies, SUM(items.price_cents) AS cents, COALESCE(SUM(u.loans), 0) AS loans FROM items JOIN titles ON titles.id = items.title
		JOIN budget_lines b ON b.id = items.order_line JOIN budget_funds f ON f.id = b.fund LEFT JOIN use_items u ON u.item = items.id
		WHERE f.year = {:year} AND titles.merged_into = '' GROUP BY titles.id ORDER BY loans DESC, copies DESC, titles.sort_title`, dbx.Params{"year": p.Year})
	for _, row := range rows[:min(most, len(rows))] {
		section.Rows = append(section.Rows, []string{row.Title, l.number(row.Copies), p.sum(l, row.Cents), l.number(row.Loans)})
	}
	section.Note = l.more(len(rows) - most)
	return section, err
}

// late are the orders that are open too long.
func (l *look) late(p purse) (Section, error) {
	section := Section{ID: "late", Title: l.say("sheet.late"), Columns: []SheetCell{{Name: l.say("sheet.order")}, {Name: l.say("sheet.vendor"), Wide: true}, {Name: l.say("sheet.came"), Right: true}, {Name: l.say("sheet.days"), Right: true}, {Name: l.say("fact.on_order"), Right: true}}}
	orders, err := budget.Orders(l.app, l.asker.Now, budget.Wanted{Year: p.Year, State: "open"})
	left := 0
	for _, order := range orders.Orders {
		if !order.Late {
			continue
		}
		if len(section.Rows) == most {
			left++
			continue
		}
		came := l.say("tile.of", l.number(order.Received), l.number(order.Pieces))
		section.Rows = append(section.Rows, []string{order.Number, order.Vendor.Name, came, l.number(order.Age), p.sum(l, order.Encumbered)})
	}
	section.Note = l.more(left)
	return section, err
}

// moneySection are the sums of the year, on the principal's page.
func (l *look) moneySection(p purse) Section {
	return Section{
		ID: "money", Title: l.say("sheet.money"), Columns: words("", ""), Strong: true, Rows: [][]string{
			{l.say("fact.given_all"), p.sum(l, p.given)}, {l.say("fact.spent"), p.sum(l, p.spent)}, {l.say("fact.on_order"), p.sum(l, p.held)},
			{l.say("fact.left", l.shortDay(p.year.Ends)), p.sum(l, p.Free)},
		},
	}
}
