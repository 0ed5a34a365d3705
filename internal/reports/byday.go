package reports

import (
	"cmp"
	"slices"
	"time"

	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
)

func cmpText(a, b string) int { return cmp.Compare(a, b) }

var byDay = description{
	id: "circulation-by-day", parameters: []string{pDays, pGrade},
	columns: []Column{
		{ID: "day", Kind: Date}, {ID: "loans", Kind: Number}, {ID: "renewals", Kind: Number}, {ID: "returns", Kind: Number}, {ID: "in_house", Kind: Number},
	},
	table: func(l *look) (table, error) {
		more, params := "", dbx.Params{}
		if grade := l.values[pGrade]; grade != "" {
			more, params = " AND grade = {:grade}", dbx.Params{"grade": grade}
		}
		tally, err := l.tally("use_days", "day", l.period, more, params)
		if err != nil {
			return table{}, err
		}
		return l.dayTable(tally), nil
	},
}

// dayTable has a row for each school day, and for every other day on which something happened.
func (l *look) dayTable(tally map[string]acts) (t table) {
	var sum acts
	var days []dayCount
	most := dayCount{}
	schoolDays := 0
	for day := l.period.from; day <= min(l.period.to, l.today); day++ {
		done, acted := tally[day.String()]
		open := l.house.Calendar.IsOpen(day)
		if !open && !acted {
			continue
		}
		if open {
			schoolDays++
		}
		days = append(days, dayCount{day, done.loans})
		if done.loans > most.loans {
			most = dayCount{day, done.loans}
		}
		sum.plus(done)
		t.rows = append(t.rows, []any{day, done.loans, done.renewals, done.returns, done.inHouse})
	}
	if len(t.rows) == 0 {
		return t
	}
	t.totals = []any{l.say("all"), sum.loans, sum.renewals, sum.returns, sum.inHouse}
	if most.loans == 0 {
		return t
	}
	chart := l.dayChart(days)
	chart.Sentence = l.say("by_day_chart", l.number(sum.loans), l.number(schoolDays), l.few(float64(sum.loans)/float64(max(1, schoolDays))), most.day, l.number(most.loans))
	t.charts = []Chart{chart}
	return t
}

type dayCount struct {
	day   policy.Day
	loans int
}

// How many bars can be told apart.
const (
	mostDays  = 45
	mostWeeks = 60
)

// dayChart puts days together to weeks, or to months, where there are many.
func (l *look) dayChart(days []dayCount) Chart {
	chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.loans")}}}
	span := int(days[len(days)-1].day-days[0].day) + 1
	name := func(day policy.Day) string { return day.Short(l.asker.Lang) }
	switch {
	case len(days) > mostDays && span > 7*mostWeeks:
		name = func(day policy.Day) string { return say.ShortMonth(day.At(0, time.UTC), l.asker.Lang) }
	case len(days) > mostDays:
		name = func(day policy.Day) string { return day.Add(-(int(day.Weekday()) + 6) % 7).Short(l.asker.Lang) }
		chart.Series[0].Name = l.say("loans_by_week")
	}
	if span > 7*mostWeeks && len(days) > mostDays {
		chart.Kind, chart.Series[0].Name = Line, l.say("loans_by_month")
	}
	for _, day := range days {
		x := name(day.day)
		at := len(chart.X) - 1
		if at < 0 || chart.X[at] != x {
			chart.X = append(chart.X, x)
			chart.Series[0].Values = append(chart.Series[0].Values, 0)
			at++
		}
		chart.Series[0].Values[at] += float64(day.loans)
	}
	return chart
}

var kioskShare = description{
	id: "kiosk-share", parameters: []string{pDays},
	columns: []Column{
		{ID: "month", Kind: Text}, {ID: "at_desk", Kind: Number}, {ID: "at_kiosk", Kind: Number}, {ID: "brought_in", Kind: Number}, {ID: "kiosk_share", Kind: Percent},
	},
	table: func(l *look) (table, error) {
		rows, err := read[struct {
			Month string `db:"month"`
			Door  string `db:"door"`
			N     int    `db:"n"`
		}](l, `SELECT substr(day, 1, 7) AS month, door, SUM(n) AS n FROM use_days WHERE day BETWEEN {:from} AND {:to} AND kind IN ('check_out', 'renew') GROUP BY 1, 2`, l.period.params())
		if err != nil {
			return table{}, err
		}
		doors := map[string]map[string]int{}
		months := []string{}
		for _, row := range rows {
			if doors[row.Month] == nil {
				doors[row.Month] = map[string]int{}
				months = append(months, row.Month)
			}
			doors[row.Month][row.Door] = row.N
		}
		slices.Sort(months)
		return l.kioskTable(months, doors), nil
	},
}

func (l *look) kioskTable(months []string, doors map[string]map[string]int) (t table) {
	chart := Chart{Kind: Stack, Of: Number, Series: []Series{{Name: l.say("column.at_desk")}, {Name: l.say("column.at_kiosk")}}}
	var desk, kiosk, brought int
	for _, month := range months {
		at := doors[month]
		first, err := time.Parse("2006-01", month)
		if err != nil {
			continue // no day is written so
		}
		name := say.ShortMonth(first, l.asker.Lang)
		t.rows = append(t.rows, []any{name, at["staff"], at["kiosk"], at["command"], share(at["kiosk"], at["kiosk"]+at["staff"])})
		chart.X = append(chart.X, name)
		chart.Series[0].Values = append(chart.Series[0].Values, float64(at["staff"]))
		chart.Series[1].Values = append(chart.Series[1].Values, float64(at["kiosk"]))
		desk, kiosk, brought = desk+at["staff"], kiosk+at["kiosk"], brought+at["command"]
	}
	if desk+kiosk+brought == 0 {
		return t
	}
	t.totals = []any{l.say("all"), desk, kiosk, brought, share(kiosk, kiosk+desk)}
	if desk+kiosk > 0 {
		chart.Sentence = l.say("kiosk_chart", l.percent(float64(kiosk)/float64(kiosk+desk)))
		t.charts = []Chart{chart}
	}
	return t
}
