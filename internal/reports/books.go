package reports

import (
	"slices"

	"carrel/internal/callnumber"
	"carrel/internal/inventory"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
)

// mostTitles are shown of the titles lent most.
const mostTitles = 100

// chartedTitles have a bar.
const chartedTitles = 10

var topTitles = description{
	id: "top-titles", parameters: []string{pDays},
	columns: []Column{
		{ID: "title", Kind: Text}, {ID: "author", Kind: Text}, {ID: "call_number", Kind: Text}, {ID: "items", Kind: Number}, {ID: "loans", Kind: Number}, {ID: "loans_each", Kind: Number},
	},
	table: func(l *look) (table, error) {
		rows, err := read[struct {
			Title      string `db:"title"`
			Author     string `db:"author"`
			CallNumber string `db:"call_number"`
			Items      int    `db:"items"`
			N          int    `db:"n"`
		}](l, `SELECT t.title, t.author, t.call_number, top.n, (SELECT COUNT(*) FROM items WHERE items.title = t.id AND items.status NOT IN ('withdrawn', 'lost', 'missing')) AS items
			FROM (SELECT title, SUM(n) AS n FROM use_titles WHERE `+l.period.days()+` BETWEEN {:from} AND {:to} GROUP BY title ORDER BY n DESC, title LIMIT {:limit}) top
			JOIN titles t ON t.id = top.title ORDER BY top.n DESC, t.sort_title, t.id`,
			dbx.Params{"from": l.period.from.String(), "to": l.period.to.String(), "limit": mostTitles})
		if err != nil || len(rows) == 0 {
			return table{}, err
		}
		t, chart := table{}, Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.loans")}}}
		for i, row := range rows {
			t.rows = append(t.rows, []any{row.Title, row.Author, row.CallNumber, row.Items, row.N, ratio(row.N, row.Items)})
			if i < chartedTitles {
				chart.X = append(chart.X, row.Title)
				chart.Series[0].Values = append(chart.Series[0].Values, float64(row.N))
			}
		}
		chart.Sentence = l.say("top_chart", rows[0].Title, l.number(rows[0].N))
		t.charts = []Chart{chart}
		return t, nil
	},
}

// overdue names books and never people: whoever may see who has them finds that with the late books.
var overdue = description{
	id: "overdue", parameters: []string{pLocation},
	columns: []Column{
		{ID: "title", Kind: Text}, {ID: "item", Kind: Text}, {ID: "call_number", Kind: Text}, {ID: "location", Kind: Text}, {ID: "due", Kind: Date}, {ID: "days_late", Kind: Number},
	},
	table: func(l *look) (table, error) {
		more, params := l.atLocation("i.location")
		if params == nil {
			params = dbx.Params{}
		}
		params["late"] = l.house.Calendar.LateBefore(l.today).String()
		rows, err := read[struct {
			Title      string     `db:"title"`
			Item       string     `db:"barcode"`
			CallNumber string     `db:"call_number"`
			Location   string     `db:"location"`
			Due        policy.Day `db:"due"`
		}](l, `SELECT t.title, i.barcode, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number, COALESCE(loc.name, '') AS location, o.due
			FROM loans o JOIN items i ON i.id = o.item JOIN titles t ON t.id = i.title LEFT JOIN locations loc ON loc.id = i.location
			WHERE o.state = 'open' AND o.claim = '' AND o.due < {:late}`+more+` ORDER BY o.due, i.barcode`, params)
		if err != nil || len(rows) == 0 {
			return table{}, err
		}
		t, counts := table{}, [4]int{}
		for _, row := range rows {
			late := int(l.today - row.Due)
			counts[lateness(late)]++
			t.rows = append(t.rows, []any{row.Title, row.Item, row.CallNumber, row.Location, row.Due, late})
		}
		chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("late_books")}}}
		for i, n := range counts {
			chart.X = append(chart.X, l.say([]string{"late_week", "late_two_weeks", "late_month", "late_longer"}[i]))
			chart.Series[0].Values = append(chart.Series[0].Values, float64(n))
		}
		chart.Sentence = l.say("late_chart", l.number(len(rows)), l.number(counts[3]))
		t.charts = []Chart{chart}
		return t, nil
	},
}

// lateness is the bar for so many days.
func lateness(days int) int {
	at, _ := slices.BinarySearch([]int{7, 14, 30}, days)
	return at
}

var lostColumns = []Column{
	{ID: "title", Kind: Text}, {ID: "item", Kind: Text}, {ID: "call_number", Kind: Text}, {ID: "location", Kind: Text}, {ID: "status", Kind: Text}, {ID: "since", Kind: Date},
}

var lostMissing = description{
	id: "lost-missing", parameters: []string{pLocation}, columns: lostColumns,
	table: func(l *look) (table, error) {
		more, params := l.atLocation("i.location")
		rows, err := read[struct {
			Title      string `db:"title"`
			Item       string `db:"barcode"`
			CallNumber string `db:"call_number"`
			Location   string `db:"location"`
			Status     string `db:"status"`
			Since      string `db:"since"`
			Cents      int    `db:"price_cents"`
		}](l, `SELECT t.title, i.barcode, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number, COALESCE(loc.name, '') AS location, i.status, i.price_cents,
				COALESCE((SELECT substr(MAX(at), 1, 10) FROM circ_events f WHERE f.item = i.id AND f.kind = i.status), '') AS since
			FROM items i JOIN titles t ON t.id = i.title LEFT JOIN locations loc ON loc.id = i.location
			WHERE i.status IN ('lost', 'missing')`+more+` ORDER BY since DESC, i.barcode`, params)
		if err != nil || len(rows) == 0 {
			return table{}, err
		}
		t, counts, cents := table{}, map[string]int{}, 0
		for _, row := range rows {
			counts[row.Status]++
			cents += row.Cents
			cells := []any{row.Title, row.Item, row.CallNumber, row.Location, l.say("status_" + row.Status), orNothing(row.Since)}
			if l.asker.Prices {
				cells = append(cells, row.Cents)
			}
			t.rows = append(t.rows, cells)
		}
		if l.asker.Prices {
			t.columns = append(slices.Clone(lostColumns), Column{ID: "price", Kind: Money})
			t.totals = []any{l.say("all"), nil, nil, nil, nil, nil, cents}
		}
		t.charts = []Chart{{
			Kind: Bars, Of: Number, X: []string{l.say("status_lost"), l.say("status_missing")}, Sentence: l.say("lost_chart", l.number(counts["lost"]), l.number(counts["missing"])),
			Series: []Series{{Name: l.say("column.items"), Values: []float64{float64(counts["lost"]), float64(counts["missing"])}}},
		}}
		return t, nil
	},
}

func orNothing(text string) any {
	if text == "" {
		return nil
	}
	return text
}

var newItems = description{
	id: "new-items", parameters: []string{pDays, pLocation},
	columns: []Column{
		{ID: "title", Kind: Text}, {ID: "author", Kind: Text}, {ID: "item", Kind: Text}, {ID: "call_number", Kind: Text}, {ID: "location", Kind: Text}, {ID: "acquired", Kind: Date}, {ID: "loans", Kind: Number},
	},
	table: func(l *look) (table, error) {
		more, params := l.atLocation("i.location")
		if params == nil {
			params = dbx.Params{}
		}
		params["from"], params["to"] = l.period.from.String(), l.period.to.String()
		rows, err := read[struct {
			Title      string     `db:"title"`
			Author     string     `db:"author"`
			Item       string     `db:"barcode"`
			CallNumber string     `db:"call_number"`
			Location   string     `db:"location"`
			Acquired   policy.Day `db:"acquired"`
			Loans      int        `db:"loans"`
		}](l, `SELECT t.title, t.author, i.barcode, COALESCE(NULLIF(i.call_number, ''), t.call_number) AS call_number, COALESCE(loc.name, '') AS location, i.acquired,
				COALESCE((SELECT loans FROM use_items WHERE use_items.item = i.id), 0) AS loans
			FROM items i JOIN titles t ON t.id = i.title LEFT JOIN locations loc ON loc.id = i.location
			WHERE i.acquired BETWEEN {:from} AND {:to} AND i.status != 'withdrawn'`+more+` ORDER BY i.acquired DESC, t.sort_title, i.barcode`, params)
		if err != nil || len(rows) == 0 {
			return table{}, err
		}
		t, bands, lent, loans := table{}, map[string]int{}, 0, 0
		for _, row := range rows {
			t.rows = append(t.rows, []any{row.Title, row.Author, row.Item, row.CallNumber, row.Location, row.Acquired, row.Loans})
			bands[callnumber.Band(row.CallNumber)]++
			loans += row.Loans
			if row.Loans > 0 {
				lent++
			}
		}
		t.totals = []any{l.say("all"), nil, nil, nil, nil, nil, loans}
		chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.items")}}}
		for _, band := range callnumber.Bands {
			if bands[band] > 0 {
				chart.X = append(chart.X, l.bandName(band))
				chart.Series[0].Values = append(chart.Series[0].Values, float64(bands[band]))
			}
		}
		chart.Sentence = l.say("new_chart", l.number(len(rows)), l.number(lent))
		t.charts = []Chart{chart}
		return t, nil
	},
}

// What an inventory found, in the order of the report.
var findings = []string{"not_seen", "misplaced", "out_but_here", "found", "withdrawn", "unknown"}

var inventoryResult = description{
	id: "inventory-result", parameters: []string{pInventory},
	columns: []Column{{ID: "finding", Kind: Text}, {ID: "title", Kind: Text}, {ID: "item", Kind: Text}, {ID: "call_number", Kind: Text}, {ID: "location", Kind: Text}},
	table: func(l *look) (table, error) {
		if l.values[pInventory] == "" {
			return table{}, nil // nobody has walked along the shelves yet
		}
		found, err := inventory.Report(l.app, l.values[pInventory])
		if err != nil {
			return table{}, err
		}
		return l.findingTable(found), nil
	},
}

func (l *look) findingTable(found inventory.Findings) (t table) {
	lines := map[string][]inventory.Line{"not_seen": found.NotSeen, "withdrawn": found.Withdrawn}
	for _, one := range found.Misplaced {
		lines["misplaced"] = append(lines["misplaced"], one.Line)
	}
	for _, one := range found.OutButHere {
		lines["out_but_here"] = append(lines["out_but_here"], one.Line)
	}
	for _, one := range found.Found {
		lines["found"] = append(lines["found"], one.Line)
	}
	for _, one := range found.Unknown {
		lines["unknown"] = append(lines["unknown"], inventory.Line{Barcode: one.Code})
	}
	chart := Chart{Kind: Bars, Of: Number, X: []string{l.say("finding.seen")}, Series: []Series{{Name: l.say("column.items"), Values: []float64{float64(found.Seen)}}}}
	for _, name := range findings {
		for _, line := range lines[name] {
			t.rows = append(t.rows, []any{l.say("finding." + name), line.Title, line.Barcode, line.CallNumber, line.Location})
		}
		chart.X = append(chart.X, l.say("finding."+name))
		chart.Series[0].Values = append(chart.Series[0].Values, float64(len(lines[name])))
	}
	seen := 0.0
	if found.Expected > 0 {
		seen = float64(found.Seen) / float64(found.Expected)
	}
	chart.Sentence = l.say("inventory_chart", l.number(found.Seen), l.number(found.Expected), l.percent(seen), l.number(len(found.NotSeen)))
	t.charts = []Chart{chart}
	return t
}
