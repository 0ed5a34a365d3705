package reports

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"carrel/internal/say"
)

var hourlyUse = description{
	id: "hourly-use", parameters: []string{pDays},
	columns: []Column{{ID: "hour", Kind: Text}, {ID: "total", Kind: Number}},
	table: func(l *look) (table, error) {
		rows, err := read[struct {
			Hour    string `db:"hour"`
			Weekday int    `db:"weekday"`
			N       int    `db:"n"`
		}](l, `SELECT hour, CAST(strftime('%w', day) AS INTEGER) AS weekday, SUM(n) AS n FROM use_hours
			WHERE day BETWEEN {:from} AND {:to} AND kind IN ('check_out', 'renew', 'return', 'in_house') AND door != 'command' GROUP BY 1, 2`, l.period.params())
		if err != nil {
			return table{}, err
		}
		grid := map[string]*[7]int{}
		for _, row := range rows {
			if grid[row.Hour] == nil {
				grid[row.Hour] = &[7]int{}
			}
			grid[row.Hour][row.Weekday] += row.N
		}
		return l.hourTable(grid), nil
	},
}

// hourTable has a row for each hour from the first to the last with anything in it, and a column for each day of the week on which the library is open.
func (l *look) hourTable(grid map[string]*[7]int) (t table) {
	t.columns = []Column{{ID: "hour", Kind: Text}}
	week := l.openWeekdays(grid)
	for _, day := range week {
		t.columns = append(t.columns, Column{ID: fmt.Sprintf("weekday_%d", day), Name: say.Weekday(day, l.asker.Lang), Kind: Number})
	}
	t.columns = append(t.columns, Column{ID: "total", Kind: Number})
	if len(grid) == 0 {
		return t
	}
	first, last := hourRange(grid)
	chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.total")}}}
	sums, most, busiest := make([]int, len(week)+1), 0, ""
	for hour := first; hour <= last; hour++ {
		counts, name := grid[fmt.Sprintf("%02d", hour)], hourName(hour, l.asker.Lang)
		if counts == nil {
			counts = &[7]int{}
		}
		cells, total := []any{name}, 0
		for i, day := range week {
			cells = append(cells, counts[day])
			total += counts[day]
			sums[i] += counts[day]
		}
		sums[len(week)] += total
		if total > most {
			most, busiest = total, name
		}
		t.rows = append(t.rows, append(cells, total))
		chart.X = append(chart.X, name)
		chart.Series[0].Values = append(chart.Series[0].Values, float64(total))
	}
	t.totals = []any{l.say("all")}
	for _, sum := range sums {
		t.totals = append(t.totals, sum)
	}
	chart.Sentence = l.say("hour_chart", busiest, l.number(most), l.number(sums[len(week)]))
	t.charts = []Chart{chart}
	return t
}

func (l *look) openWeekdays(grid map[string]*[7]int) (week []time.Weekday) {
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		used := l.house.Calendar.Week[day]
		for _, counts := range grid {
			used = used || counts[day] > 0
		}
		if used {
			week = append(week, day)
		}
	}
	return week
}

func hourRange(grid map[string]*[7]int) (first, last int) {
	hours := []int{}
	for hour := range grid {
		n, _ := strconv.Atoi(hour) //nolint:errcheck // it is written by package use
		hours = append(hours, n)
	}
	return slices.Min(hours), slices.Max(hours)
}

// hourName is an hour as a clock on the wall has it: "1 PM", "13:00".
func hourName(hour int, lang say.Lang) string {
	if lang == say.English {
		return time.Date(2000, 1, 1, hour, 0, 0, 0, time.UTC).Format("3 PM")
	}
	return fmt.Sprintf("%d:00", hour)
}
