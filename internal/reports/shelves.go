package reports

import (
	"strconv"

	"carrel/internal/callnumber"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
)

var byClassNumber = description{
	id: "circulation-by-class-number", parameters: []string{pDays, pLocation},
	columns: []Column{
		{ID: "band", Kind: Text}, {ID: "section", Kind: Text}, {ID: "items", Kind: Number}, {ID: "loans", Kind: Number}, {ID: "renewals", Kind: Number},
		{ID: "in_house", Kind: Number}, {ID: "loans_each", Kind: Number}, {ID: "share", Kind: Percent},
	},
	table: func(l *look) (table, error) {
		tally, err := l.bandTally(l.period)
		if err != nil {
			return table{}, err
		}
		stock, err := l.stock()
		if err != nil {
			return table{}, err
		}
		return l.bandTable(tally, stock), nil
	},
}

// atLocation is the condition of a chosen location, for a column.
func (l *look) atLocation(column string) (more string, params dbx.Params) {
	if l.values[pLocation] == "" {
		return "", nil
	}
	return " AND " + column + " = {:location}", dbx.Params{"location": l.values[pLocation]}
}

func (l *look) bandTally(p period) (map[string]acts, error) {
	more, params := l.atLocation("location")
	return l.tally("use_shelves", "band", p, more, params)
}

// section is what stands in a band: the items that are not given up or withdrawn, and of those whose year is known, how many, their sum, and how many are of
// the last ten years.
type section struct{ items, dated, years, recent int }

// stock counts the items by band.
func (l *look) stock() (map[string]section, error) {
	more, params := l.atLocation("i.location")
	rows, err := l.app.DB().NewQuery(`SELECT CASE i.call_number WHEN '' THEN t.call_number ELSE i.call_number END, t.year FROM items i JOIN titles t ON t.id = i.title
		WHERE i.status NOT IN ('withdrawn', 'lost', 'missing')` + more).Bind(params).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	stock := map[string]section{}
	thisYear := l.asker.Now.Year()
	for rows.Next() {
		var call string
		var year int
		if err := rows.Scan(&call, &year); err != nil {
			return nil, err
		}
		band := callnumber.Band(call)
		s := stock[band]
		s.items++
		if year > 0 && year <= thisYear+1 {
			s.dated++
			s.years += year
			if year > thisYear-10 {
				s.recent++
			}
		}
		stock[band] = s
	}
	return stock, rows.Err()
}

func (l *look) bandName(band string) string {
	if band == callnumber.Other {
		return l.say("band.other")
	}
	return l.say("band." + band)
}

func (l *look) bandTable(tally map[string]acts, stock map[string]section) (t table) {
	var sum acts
	items := 0
	for band, done := range tally {
		sum.plus(done)
		if _, there := stock[band]; !there {
			stock[band] = section{}
		}
	}
	chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.loans")}}}
	most := ""
	for _, band := range callnumber.Bands {
		s, there := stock[band]
		if !there {
			continue
		}
		done := tally[band]
		items += s.items
		t.rows = append(t.rows, []any{band, l.bandName(band), s.items, done.loans, done.renewals, done.inHouse, ratio(done.loans, s.items), share(done.loans, sum.loans)})
		chart.X = append(chart.X, l.bandName(band))
		chart.Series[0].Values = append(chart.Series[0].Values, float64(done.loans))
		if most == "" || done.loans > tally[most].loans {
			most = band
		}
	}
	if len(t.rows) == 0 {
		return t
	}
	t.totals = []any{nil, l.say("all"), items, sum.loans, sum.renewals, sum.inHouse, ratio(sum.loans, items), nil}
	if sum.loans > 0 {
		chart.Sentence = l.say("band_chart", l.bandName(most), l.number(tally[most].loans), l.number(sum.loans))
		t.charts = []Chart{chart}
	}
	return t
}

var collectionAge = description{
	id: "collection-age", parameters: []string{pLocation},
	columns: []Column{
		{ID: "band", Kind: Text}, {ID: "section", Kind: Text}, {ID: "items", Kind: Number}, {ID: "average_year", Kind: Text}, {ID: "recent", Kind: Percent},
		{ID: "loans_year", Kind: Number}, {ID: "loans_each", Kind: Number},
	},
	table: func(l *look) (table, error) {
		stock, err := l.stock()
		if err != nil {
			return table{}, err
		}
		tally, err := l.bandTally(period{site.SchoolYear(l.today), l.today})
		if err != nil {
			return table{}, err
		}
		return l.ageTable(stock, tally), nil
	},
}

// averageYear is the rounded mean; zero when no year is known.
func (s section) averageYear() int {
	if s.dated == 0 {
		return 0
	}
	return (s.years + s.dated/2) / s.dated
}

func (l *look) ageTable(stock map[string]section, tally map[string]acts) (t table) {
	var sum section
	loans := 0
	chart := Chart{Kind: Bars, Of: Percent, Series: []Series{{Name: l.say("column.recent")}}}
	oldest := ""
	for _, band := range callnumber.Bands {
		s, there := stock[band]
		if !there {
			continue
		}
		sum = section{sum.items + s.items, sum.dated + s.dated, sum.years + s.years, sum.recent + s.recent}
		loans += tally[band].loans
		t.rows = append(t.rows, []any{band, l.bandName(band), s.items, yearOf(s), share(s.recent, s.dated), tally[band].loans, ratio(tally[band].loans, s.items)})
		if s.dated == 0 {
			continue
		}
		chart.X = append(chart.X, l.bandName(band))
		chart.Series[0].Values = append(chart.Series[0].Values, number(share(s.recent, s.dated)))
		if oldest == "" || s.averageYear() < stock[oldest].averageYear() {
			oldest = band
		}
	}
	if sum.items == 0 {
		return t
	}
	t.totals = []any{nil, l.say("all"), sum.items, yearOf(sum), share(sum.recent, sum.dated), loans, ratio(loans, sum.items)}
	if oldest != "" {
		chart.Sentence = l.say("age_chart", sum.averageYear(), l.bandName(oldest), stock[oldest].averageYear())
		t.charts = []Chart{chart}
	}
	return t
}

// yearOf is a text: nobody adds years up, or wants 2,001.
func yearOf(s section) any {
	if s.dated == 0 {
		return nil
	}
	return strconv.Itoa(s.averageYear())
}

var holdings = description{
	id: "holdings-by-location", parameters: nil,
	columns: []Column{
		{ID: "location", Kind: Text}, {ID: "titles", Kind: Number}, {ID: "items", Kind: Number}, {ID: "out", Kind: Number}, {ID: "given_up", Kind: Number}, {ID: "withdrawn", Kind: Number},
		{ID: "loans_year", Kind: Number},
	},
	table: func(l *look) (table, error) {
		rows, err := read[struct {
			ID        string `db:"id"`
			Name      string `db:"name"`
			Titles    int    `db:"titles"`
			Items     int    `db:"items"`
			GivenUp   int    `db:"given_up"`
			Withdrawn int    `db:"withdrawn"`
			Out       int    `db:"out"`
		}](l, `SELECT i.location AS id, COALESCE(loc.name, '') AS name, COUNT(DISTINCT i.title) AS titles,
				SUM(i.status NOT IN ('withdrawn', 'lost', 'missing')) AS items, SUM(i.status IN ('lost', 'missing')) AS given_up, SUM(i.status = 'withdrawn') AS withdrawn,
				COUNT(o.id) AS out
			FROM items i LEFT JOIN locations loc ON loc.id = i.location LEFT JOIN loans o ON o.item = i.id AND o.state = 'open'
			GROUP BY i.location ORDER BY COALESCE(loc.position, 1e9), name`, nil)
		if err != nil {
			return table{}, err
		}
		tally, err := l.tally("use_shelves", "location", period{site.SchoolYear(l.today), l.today}, "", nil)
		if err != nil {
			return table{}, err
		}
		t := table{}
		chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.items")}}}
		sums, most, mostName := [5]int{}, 0, ""
		for _, row := range rows {
			if row.Name == "" {
				row.Name = l.say("no_location")
			}
			numbers := [5]int{row.Items, row.Out, row.GivenUp, row.Withdrawn, tally[row.ID].loans}
			for i, n := range numbers {
				sums[i] += n
			}
			if row.Items > most {
				most, mostName = row.Items, row.Name
			}
			t.rows = append(t.rows, []any{row.Name, row.Titles, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]})
			chart.X = append(chart.X, row.Name)
			chart.Series[0].Values = append(chart.Series[0].Values, float64(row.Items))
		}
		if most == 0 {
			return t, nil
		}
		// a title at two locations would count twice, so titles have no sum
		t.totals = []any{l.say("all"), nil, sums[0], sums[1], sums[2], sums[3], sums[4]}
		chart.Sentence = l.say("holdings_chart", l.number(sums[0]), mostName, l.number(most))
		t.charts = []Chart{chart}
		return t, nil
	},
}
