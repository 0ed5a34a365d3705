// Package reports says how the library is used and what stands in it, in numbers: each report is a description of its own, in a file of its own, on one engine. Reports
// name books, and never people. What is broken down by grade or by kind of patron leaves out groups under ten persons; see hide.go.
package reports

import (
	"context"
	"slices"
	"strings"
	"time"

	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/use"

	"github.com/pocketbase/pocketbase/core"
)

// The kinds of column. A percent is a fraction of one, money is in cents, a day is YYYY-MM-DD, a number may have a fraction.
const (
	Text    = "text"
	Number  = "number"
	Date    = "day"
	Percent = "percent"
	Money   = "money"
)

// The kinds of chart. A line and bars have one series or some beside each other, a stack has them on each other.
const (
	Bars  = "bars"
	Line  = "line"
	Stack = "stack"
)

// About names a report.
type About struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	About      string      `json:"about"`
	Parameters []Parameter `json:"parameters"`
}

// Column is one column of a table.
type Column struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// Series is one value for each x of a chart.
type Series struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"`
}

// Chart shows a report in a picture. Kind is Bars, Line or Stack; Of is the kind of its values. Sentence says what the picture shows.
type Chart struct {
	Kind     string   `json:"kind"`
	Of       string   `json:"of"`
	X        []string `json:"x"`
	Series   []Series `json:"series"`
	Sentence string   `json:"sentence"`
}

// Report is one report with what it found. Cells are texts, numbers or null. Hidden is how many rows were left out because they speak of fewer
// than ten persons.
type Report struct {
	About
	Columns []Column `json:"columns"`
	Rows    [][]any  `json:"rows"`
	Totals  []any    `json:"totals"` // a cell for each column, null where there is nothing to add up; empty without totals
	Charts  []Chart  `json:"charts"`
	Hidden  int      `json:"hidden"`
	Notes   []string `json:"notes"`
	Page    *Page    `json:"page,omitempty"`  // of the principal's report
	Sheet   *Sheet   `json:"sheet,omitempty"` // of the other reports of one page
	AsOf    string   `json:"as_of"`           // RFC 3339
	TookMS  int64    `json:"took_ms"`
}

// Asker is who asks for a report, and when. Prices are for those who may see what the library pays.
type Asker struct {
	Lang   say.Lang
	Now    time.Time
	Prices bool
}

// description is what a report is: its parameters, its columns and how its table is made.
type description struct {
	id         string
	parameters []string
	columns    []Column // without names
	table      func(*look) (table, error)
}

// table is what a description finds.
type table struct {
	columns []Column // where they depend on the parameters; else nil
	rows    [][]any
	totals  []any
	charts  []Chart
	hidden  int
	page    *Page
	sheet   *Sheet
}

// all reports, in the order in which they are offered.
var all = []description{
	principal, taught, moneyDid, byDay, byGrade, byClassNumber, topTitles, patronTypes, kioskShare, hourlyUse, overdue, lostMissing, newItems, collectionAge, holdings, inventoryResult,
}

// look is one report being made.
type look struct {
	ctx    context.Context // of the request: a look is one report being made
	app    core.App
	asker  Asker
	house  site.House
	today  policy.Day
	values map[string]string
	period period
}

// List describes all reports, their parameters as they are when nobody chose.
func List(app core.App, asker Asker) ([]About, error) {
	list := make([]About, 0, len(all))
	for _, d := range all {
		l, err := newLook(context.Background(), app, asker, nil)
		if err != nil {
			return nil, err
		}
		about, err := l.describe(d)
		if err != nil {
			return nil, err
		}
		list = append(list, about)
	}
	return list, nil
}

// Make makes a report. values are its parameters as they stand in an address; others are not looked at. The codes are fault.NotFound (unknown_report) and
// fault.Invalid at a parameter that cannot be.
func Make(ctx context.Context, app core.App, asker Asker, id string, values map[string]string) (report Report, err error) {
	began := time.Now()
	d, err := find(id)
	if err != nil {
		return report, err
	}
	behind, err := use.Soon(ctx, app)
	if err != nil {
		return report, err
	}
	l, err := newLook(ctx, app, asker, values)
	if err != nil {
		return report, err
	}
	if report.About, err = l.describe(d); err != nil {
		return report, err
	}
	found, err := d.table(l)
	if err != nil {
		return report, err
	}
	report.Columns = l.named(d, found)
	report.Rows, report.Totals, report.Charts, report.Hidden, report.Page, report.Sheet = list(found.rows), list(found.totals), list(found.charts), found.hidden, found.page, found.sheet
	report.Notes = l.notes(found, behind)
	report.AsOf, report.TookMS = asker.Now.UTC().Format(time.RFC3339), time.Since(began).Milliseconds()
	return report, nil
}

func find(id string) (description, error) {
	at := slices.IndexFunc(all, func(d description) bool { return d.id == id })
	if at < 0 {
		return description{}, fault.New("reports.find", fault.NotFound, "reports.unknown").Named("unknown_report")
	}
	return all[at], nil
}

func newLook(ctx context.Context, app core.App, asker Asker, values map[string]string) (*look, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = map[string]string{}
	}
	if values[pDays] == "" && values["from"] != "" && values["until"] != "" {
		values[pDays] = values["from"] + ".." + values["until"]
	}
	return &look{ctx: ctx, app: app, asker: asker, house: house, today: policy.DayOf(asker.Now, house.Calendar.Zone), values: values}, nil
}

// word is the part of the key by which the sentences of a report are known.
func word(id string) string { return strings.ReplaceAll(id, "-", "_") }

func (l *look) describe(d description) (about About, err error) {
	about = About{ID: d.id, Name: l.say(word(d.id) + ".name"), About: l.say(word(d.id) + ".about"), Parameters: []Parameter{}}
	for _, name := range d.parameters {
		parameter, err := l.parameter(name)
		if err != nil {
			return about, err
		}
		about.Parameters = append(about.Parameters, parameter)
	}
	return about, nil
}

func (l *look) named(d description, found table) []Column {
	columns := slices.Clone(d.columns)
	if found.columns != nil {
		columns = found.columns
	}
	for i := range columns {
		if columns[i].Name == "" {
			columns[i].Name = l.say("column." + columns[i].ID)
		}
	}
	return columns
}

func (l *look) notes(found table, behind int) (notes []string) {
	notes = []string{}
	if found.hidden > 0 {
		notes = append(notes, say.Count("reports.hidden", found.hidden).In(l.asker.Lang))
	}
	if behind > 0 {
		notes = append(notes, l.say("behind", l.number(behind)))
	}
	return notes
}

// say says a sentence of the reports.
func (l *look) say(key string, args ...any) string {
	return say.T("reports."+key, args...).In(l.asker.Lang)
}

// list is never null in JSON.
func list[V any](values []V) []V {
	if values == nil {
		return []V{}
	}
	return values
}
