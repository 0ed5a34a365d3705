package reports

import (
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"
)

// Parameter is something that can be chosen. Kind is days, grade, location, choice or words; of days, Value is the name of a period or "2026-01-12..2026-04-10".
type Parameter struct {
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Kind    string   `json:"kind"`
	Choices []Choice `json:"choices,omitempty"`
	Value   string   `json:"value"`
	From    string   `json:"from,omitempty"` // of days: the first and the last one
	To      string   `json:"to,omitempty"`
}

// Choice is one value of a parameter.
type Choice struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

// The names of the parameters.
const (
	pDays      = "days"
	pGrade     = "grade"
	pLocation  = "location"
	pInventory = "inventory"
	pFor       = "for"  // for whom the principal's page is
	pYear      = "year" // a fiscal year
	pHelp      = "help" // what would help most, in the librarian's words; empty for Carrel's own
)

// The longest texts of words, in letters.
var longest = map[string]int{pFor: 80, pHelp: 700}

// parameter reads a parameter, and offers what can be chosen.
func (l *look) parameter(name string) (p Parameter, err error) {
	p = Parameter{Name: name, Label: l.say("parameter." + name), Value: strings.TrimSpace(l.values[name])}
	switch name {
	case pDays:
		return l.days(p)
	case pFor, pHelp:
		p.Kind = "words"
		if utf8.RuneCountInString(p.Value) > longest[name] {
			return p, unfit(name, "reports.too_long", longest[name])
		}
		return p, nil
	case pGrade:
		p.Kind = "grade"
		p.Choices, err = l.gradeChoices()
	case pLocation:
		p.Kind = "location"
		p.Choices, err = l.locationChoices()
	case pYear:
		p.Kind = "choice"
		p.Choices, err = l.yearChoices()
		if p.Value == "" && len(p.Choices) > 0 {
			p.Value = p.Choices[0].Value
		}
	case pInventory:
		p.Kind = "choice"
		p.Choices, err = l.inventoryChoices()
		if p.Value == "" && len(p.Choices) > 0 {
			p.Value = p.Choices[0].Value
		}
	}
	if err != nil {
		return p, err
	}
	if p.Value != "" && !slices.ContainsFunc(p.Choices, func(c Choice) bool { return c.Value == p.Value }) {
		return p, unfit(name, "reports.no_such_choice", p.Value)
	}
	l.values[name] = p.Value
	return p, nil
}

func unfit(field, key string, args ...any) error {
	return fault.New("reports.parameter", fault.Invalid, key, args...).At(field)
}

// period is a stretch of days, both included.
type period struct{ from, to policy.Day }

// params are the ends of the period as queries want them.
func (p period) params() map[string]any {
	return map[string]any{"from": p.from.String(), "to": p.to.String()}
}

// yearBefore is the same stretch of the year before.
func (p period) yearBefore() period {
	return period{p.from.Add(-364), p.to.Add(-364)} // whole weeks: as many Mondays as this year
}

// long is from how many days on a table is read in its own order, title by title, and not day by day.
const long = 800

// days is the column of days as a query names it. With the sign SQLite does not take the index of the days, which for many years is slower: the
// counts of a title would have to be gathered from everywhere.
func (p period) days() string {
	if p.to-p.from > long {
		return "+day"
	}
	return "day"
}

// The periods that have a name.
var periods = []string{"week", "month", "term", "year", "last-year"}

const longestPeriod = 366 * 30

func (l *look) days(p Parameter) (Parameter, error) {
	p.Kind = "days"
	for _, name := range periods {
		p.Choices = append(p.Choices, Choice{name, l.say("period." + word(name))})
	}
	if p.Value == "" {
		p.Value = "year"
	}
	if slices.Contains(periods, p.Value) {
		l.period = l.namedPeriod(p.Value)
	} else if err := l.between(p.Value); err != nil {
		return p, err
	}
	p.From, p.To = l.period.from.String(), l.period.to.String()
	return p, nil
}

func (l *look) between(text string) error {
	first, last, _ := strings.Cut(text, "..")
	from, err := policy.ParseDay(first)
	to, err2 := policy.ParseDay(last)
	if err != nil || err2 != nil || from == 0 || to == 0 {
		return unfit(pDays, "reports.bad_days", text)
	}
	if to < from {
		return unfit(pDays, "reports.days_backwards", first, last)
	}
	if to-from > longestPeriod {
		return unfit(pDays, "reports.days_too_many")
	}
	l.period = period{from, to}
	return nil
}

// namedPeriod is a period that has a name; all but last year end today.
func (l *look) namedPeriod(name string) period {
	year := site.SchoolYear(l.today)
	switch name {
	case "week":
		return period{l.today.Add(-(int(l.today.Weekday()) + 6) % 7), l.today}
	case "month":
		first, _ := policy.ParseDay(l.today.String()[:len("2026-11-")] + "01") //nolint:errcheck // it was just written so
		return period{first, l.today}
	case "term":
		return period{l.termBegan(year), l.today}
	case "last-year":
		return period{site.SchoolYear(year - 1), year - 1}
	}
	return period{year, l.today}
}

// termBegan is the first day of the term; without terms in the calendar, of the school year.
func (l *look) termBegan(year policy.Day) policy.Day {
	began := year
	for _, term := range l.house.Calendar.Terms {
		if term.Grade != "" {
			continue
		}
		if term.Day < l.today {
			began = max(began, term.Day+1)
		}
		if term.Starts != 0 && term.Starts <= l.today && l.today <= term.Day {
			began = max(began, term.Starts)
		}
	}
	return began
}

// gradeChoices are the grades that are not too small to be shown.
func (l *look) gradeChoices() ([]Choice, error) {
	choices := []Choice{{"", l.say("every_grade")}}
	grades, err := l.grades()
	if err != nil {
		return nil, err
	}
	left, _, _ := shown(grades)
	for _, grade := range left {
		if key, _ := grade.cells[0].(string); key != "" {
			choices = append(choices, Choice{key, grade.name})
		}
	}
	return choices, nil
}

func (l *look) locationChoices() ([]Choice, error) {
	choices := []Choice{{"", l.say("every_location")}}
	locations, err := collections.All[collections.Location](l.app, "", "position, name", nil)
	for _, location := range locations {
		choices = append(choices, Choice{location.ID, location.Name})
	}
	return choices, err
}

func (l *look) inventoryChoices() (choices []Choice, err error) {
	walks, err := collections.All[collections.Inventory](l.app, "", "started_at DESC, id", nil)
	for _, walk := range walks {
		day := policy.DayOf(walk.Started.Time(), l.house.Calendar.Zone)
		choices = append(choices, Choice{walk.ID, l.say("walk", walk.Name, day)})
	}
	return choices, err
}
