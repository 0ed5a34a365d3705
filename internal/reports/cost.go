package reports

import "github.com/pocketbase/dbx"

// costs are what the items of a fiscal year cost, and how often they were lent since, by fund: items that came in it and have a price.
func (l *look) costs(p purse) (c costs, err error) {
	rows, err := read[struct {
		Name  string `db:"name"`
		Items int    `db:"items"`
		Cents int    `db:"cents"`
		Loans int    `db:"loans"`
	}](l, `SELECT COALESCE(f.name, NULLIF(items.fund, ''), '') AS name, COUNT(*) AS items, SUM(items.price_cents) AS cents, COALESCE(SUM(u.loans), 0) AS loans
		FROM items LEFT JOIN use_items u ON u.item = items.id LEFT JOIN budget_lines b ON b.id = items.order_line LEFT JOIN budget_funds f ON f.id = b.fund
		WHERE items.price_cents > 0 AND items.acquired BETWEEN {:from} AND {:to} GROUP BY 1 ORDER BY 1 = '', 1`, dbx.Params{"from": p.year.Starts.String(), "to": p.year.Ends.String()})
	for _, row := range rows {
		name := orText(row.Name, l.say("sheet.no_fund"))
		c.funds = append(c.funds, cost{name, row.Items, row.Cents, row.Loans})
		c.total.items += row.Items
		c.total.cents += row.Cents
		c.total.loans += row.Loans
	}
	return c, err
}
