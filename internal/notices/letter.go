package notices

import (
	"cmp"
	"slices"
	"strings"

	"carrel/internal/policy"
	"carrel/internal/say"
)

// letter is one mail to one recipient about everything that waits for that address: a mother of two is written to once.
type letter struct {
	recipient string
	lang      say.Lang
	step      int // the highest of its notices
	notices   []string
	attempts  int // the most that any of its notices has seen
	rows      int // loans, counted once a notice
	patrons   []letterPatron
}

type letterPatron struct {
	id, firstName, homeroom string
	loans                   []string
	oldest                  policy.Day
}

// letterRow is one loan of one notice.
type letterRow struct {
	Notice    string     `db:"notice"`
	Step      int        `db:"step"`
	Attempts  int        `db:"attempts"`
	Language  say.Lang   `db:"language"`
	Patron    string     `db:"patron"`
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
	Homeroom  string     `db:"homeroom"`
	Loan      string     `db:"loan"`
	Due       policy.Day `db:"due"`
}

// letterOf gathers rows into a letter; a loan that waits at two steps counts once.
func letterOf(recipient string, rows []letterRow) letter {
	l := letter{recipient: recipient, lang: rows[0].Language, rows: len(rows)}
	for _, row := range rows {
		l.step = max(l.step, row.Step)
		l.attempts = max(l.attempts, row.Attempts)
		if !slices.Contains(l.notices, row.Notice) {
			l.notices = append(l.notices, row.Notice)
		}
		l.patron(row).add(row.Loan, row.Due)
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
		id: row.Patron, firstName: cmp.Or(row.FirstName, row.LastName), homeroom: row.Homeroom, oldest: row.Due,
	})
	return &l.patrons[len(l.patrons)-1]
}

func (p *letterPatron) add(loan string, due policy.Day) {
	if slices.Contains(p.loans, loan) {
		return
	}
	p.loans = append(p.loans, loan)
	p.oldest = min(p.oldest, due)
}

// words is what the templates may say about the letter.
func (l letter) words(school string) words {
	var names, homerooms, lines []string
	count, oldest := 0, l.patrons[0].oldest
	for _, patron := range l.patrons {
		count += len(patron.loans)
		oldest = min(oldest, patron.oldest)
		names = append(names, oneLine(patron.firstName))
		if homeroom := oneLine(patron.homeroom); homeroom != "" && !slices.Contains(homerooms, homeroom) {
			homerooms = append(homerooms, homeroom)
		}
		lines = append(lines, patron.line(l.lang))
	}
	return words{
		FirstName: l.join(names), Homeroom: l.join(homerooms), School: oneLine(school),
		Count: count, Books: say.Count("notices.books", count).In(l.lang),
		OldestDue: oldest.In(l.lang), List: strings.Join(lines, "\n"),
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
	return who + ": " + say.Count("notices.line", len(p.loans), p.oldest).In(lang)
}

// oneLine folds line breaks and runs of blanks: names come from files.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
