package reports

import (
	"slices"

	"carrel/collections"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
)

var byGrade = description{
	id: "circulation-by-grade", parameters: []string{pDays},
	columns: []Column{{ID: "grade", Kind: Text}, {ID: "students", Kind: Number}, {ID: "loans", Kind: Number}, {ID: "renewals", Kind: Number}, {ID: "each", Kind: Number}},
	table: func(l *look) (table, error) {
		groups, err := l.grades()
		if err != nil {
			return table{}, err
		}
		for i := range groups {
			groups[i].cells[0] = groups[i].name
		}
		return l.perPerson(groups), nil
	},
}

var patronTypes = description{
	id: "patron-types", parameters: []string{pDays},
	columns: []Column{{ID: "patron_type", Kind: Text}, {ID: "persons", Kind: Number}, {ID: "loans", Kind: Number}, {ID: "renewals", Kind: Number}, {ID: "each", Kind: Number}},
	table: func(l *look) (table, error) {
		groups, err := l.types()
		return l.perPerson(groups), err
	},
}

// grades are the groups of the grades, from the youngest, grown-ups last. Their first cell is the grade itself. A grade in which nobody is any more is a group of
// nobody, and so never shown.
func (l *look) grades() ([]group, error) {
	persons, err := l.persons("SELECT grade AS key, COUNT(*) AS n FROM patrons WHERE status = 'active' GROUP BY grade")
	if err != nil {
		return nil, err
	}
	tally, err := l.tally("use_days", "grade", l.period, "", nil)
	if err != nil {
		return nil, err
	}
	order := func(grade string) int {
		if at := slices.Index(site.Grades, grade); at >= 0 {
			return at
		}
		return len(site.Grades)
	}
	groups := groupsOf(persons, tally, l.gradeName)
	slices.SortStableFunc(groups, func(a, b group) int { return order(key(a)) - order(key(b)) })
	return groups, nil
}

// types are the groups of the types of patron, by name.
func (l *look) types() ([]group, error) {
	persons, err := l.persons(`SELECT COALESCE(patron_types.code, '') AS key, COUNT(*) AS n FROM patrons LEFT JOIN patron_types ON patron_types.id = patrons.type
		WHERE status = 'active' GROUP BY 1`)
	if err != nil {
		return nil, err
	}
	tally, err := l.tally("use_days", "patron_type", l.period, "", nil)
	if err != nil {
		return nil, err
	}
	names := map[string]string{"": l.say("no_type")}
	types, err := collections.All[collections.PatronType](l.app, "", "", nil)
	for _, kind := range types {
		names[kind.Code] = kind.Name
	}
	groups := groupsOf(persons, tally, func(code string) string {
		if name := names[code]; name != "" {
			return name
		}
		return code
	})
	for i := range groups {
		groups[i].cells[0] = groups[i].name
	}
	return groups, err
}

func (l *look) persons(query string) (map[string]int, error) {
	rows, err := read[struct {
		Key string `db:"key"`
		N   int    `db:"n"`
	}](l, query, dbx.Params{})
	persons := map[string]int{}
	for _, row := range rows {
		persons[row.Key] = row.N
	}
	return persons, err
}

// groupsOf makes a group of each key that has persons or loans, by name.
func groupsOf(persons map[string]int, tally map[string]acts, name func(string) string) (groups []group) {
	keys := map[string]bool{}
	for key := range persons {
		keys[key] = true
	}
	for key, done := range tally {
		keys[key] = keys[key] || done.loans+done.renewals > 0
	}
	for key, counts := range keys {
		if !counts {
			continue
		}
		n, done := persons[key], tally[key]
		each := ratio(done.loans, n)
		groups = append(groups, group{n, []any{key, n, done.loans, done.renewals, each}, number(each), name(key)})
	}
	slices.SortFunc(groups, func(a, b group) int { return cmpText(a.name, b.name) })
	return groups
}

func key(g group) string {
	text, _ := g.cells[0].(string)
	return text
}

// perPerson is the table of groups of persons: those too small are left out, and the totals are of everybody.
func (l *look) perPerson(groups []group) (t table) {
	left, hidden, totals := shown(groups)
	t.hidden = hidden
	var persons, loans, renewals int
	for _, g := range groups {
		persons += g.persons
		loans += int(number(g.cells[2]))
		renewals += int(number(g.cells[3]))
	}
	if totals {
		t.totals = []any{l.say("all"), persons, loans, renewals, ratio(loans, persons)}
	}
	chart := Chart{Kind: Bars, Of: Number, Series: []Series{{Name: l.say("column.each")}}}
	most := -1
	for i, g := range left {
		t.rows = append(t.rows, g.cells)
		chart.X = append(chart.X, g.name)
		chart.Series[0].Values = append(chart.Series[0].Values, g.value)
		if most < 0 || g.value > left[most].value {
			most = i
		}
	}
	if most < 0 || left[most].value == 0 {
		return t
	}
	chart.Sentence = l.say("each_most", left[most].name, l.few(left[most].value), l.few(number(ratio(loans, persons))))
	t.charts = []Chart{chart}
	return t
}

// gradeName is a grade as people say it; without one somebody is grown up.
func (l *look) gradeName(grade string) string {
	switch grade {
	case "":
		return l.say("grown_ups")
	case "PK", "K":
		return l.say("grade." + grade)
	}
	return l.say("grade", grade)
}
