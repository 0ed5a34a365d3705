package notices

import (
	"cmp"
	"slices"
	"strings"

	"carrel/internal/policy"
	"carrel/internal/say"
)

// letter is one mail to one recipient about everything of one kind that waits for that address: a mother of two is written to once.
type letter struct {
	addressee
	lang     say.Lang
	step     int // the highest of its notices
	notices  []string
	attempts int // the most that any of its notices has seen
	rows     int // matters, counted once a notice
	patrons  []letterPatron
}

type letterPatron struct {
	id, firstName, homeroom string
	matters                 []string
	first                   policy.Day
}

// letterRow is one matter of one notice.
type letterRow struct {
	Notice    string     `db:"notice"`
	Step      int        `db:"step"`
	Attempts  int        `db:"attempts"`
	Language  say.Lang   `db:"language"`
	Patron    string     `db:"patron"`
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
	Homeroom  string     `db:"homeroom"`
	About     string     `db:"about"`
	Day       policy.Day `db:"day"`
}

// letterOf gathers rows into a letter; a loan that waits at two steps, or a hold that was ready twice, counts once.
func letterOf(to addressee, rows []letterRow) letter {
	l := letter{addressee: to, lang: rows[0].Language, rows: len(rows)}
	for _, row := range rows {
		l.step = max(l.step, row.Step)
		l.attempts = max(l.attempts, row.Attempts)
		if !slices.Contains(l.notices, row.Notice) {
			l.notices = append(l.notices, row.Notice)
		}
		l.patron(row).add(row.About, row.Day)
	}
	return l
}

func (l *letter) patron(row letterRow) *letterPatron {
	for i := range l.patrons {
		if l.patrons[i].id == row.Patron {
			return &l.patrons[i]
		}
	}
	l.patrons = append(l.patrons, letterPatron{
		id: row.Patron, firstName: cmp.Or(row.FirstName, row.LastName), homeroom: row.Homeroom, first: row.Day,
	})
	return &l.patrons[len(l.patrons)-1]
}

func (p *letterPatron) add(about string, day policy.Day) {
	if slices.Contains(p.matters, about) {
		return
	}
	p.matters = append(p.matters, about)
	p.first = min(p.first, day)
}

// words is what the templates may say about the letter.
func (l letter) words(school string) words {
	var names, homerooms, lines []string
	count, first := 0, l.patrons[0].first
	for _, patron := range l.patrons {
		count += len(patron.matters)
		first = min(first, patron.first)
		names = append(names, oneLine(patron.firstName))
		if homeroom := oneLine(patron.homeroom); homeroom != "" && !slices.Contains(homerooms, homeroom) {
			homerooms = append(homerooms, homeroom)
		}
		lines = append(lines, patron.line(l.lang))
	}
	return words{
		FirstName: l.join(names), Homeroom: l.join(homerooms), School: oneLine(school),
		Count: count, Books: say.Count("notices.books", count).In(l.lang),
		OldestDue: first.In(l.lang), PickupBy: first.In(l.lang), List: strings.Join(lines, "\n"),
	}
}

func (l letter) join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return say.T("notices.and", strings.Join(names[:last], ", "), names[last]).In(l.lang)
}

// line says who has how many books, and never which.
func (p letterPatron) line(lang say.Lang) string {
	who := oneLine(p.firstName)
	if homeroom := oneLine(p.homeroom); homeroom != "" {
		who += ", " + homeroom
	}
	return who + ": " + say.Count("notices.line", len(p.matters), p.first).In(lang)
}

// oneLine folds line breaks and runs of blanks: names come from files.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
