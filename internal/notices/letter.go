package notices

import (
	"cmp"
	"slices"
	"strings"

	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// letter is one mail to one recipient about everything of one kind that waits for that address: a mother of two is written to once.
type letter struct {
	addressee
	lang     say.Lang
	level    site.Disclosure // how much it may tell
	step     int             // the highest of its notices
	notices  []string
	attempts int         // the most that any of its notices has seen
	rows     []letterRow // what it was made of
	patrons  []letterPatron
	things   map[string]thing // what the matters are, when more than their count is told
}

type letterPatron struct {
	id, firstName, lastName, homeroom string
	matters                           []letterMatter
	first                             policy.Day
	cents                             int // owed
}

type letterMatter struct {
	about string
	day   policy.Day
}

// letterRow is one matter of one notice.
type letterRow struct {
	Notice     string          `db:"notice"`
	Step       int             `db:"step"`
	Attempts   int             `db:"attempts"`
	Language   say.Lang        `db:"language"`
	Disclosure site.Disclosure `db:"disclosure"`
	Patron     string          `db:"patron"`
	FirstName  string          `db:"first_name"`
	LastName   string          `db:"last_name"`
	Homeroom   string          `db:"homeroom"`
	About      string          `db:"about"`
	Day        policy.Day      `db:"day"`
	Cents      int             `db:"cents"`
}

// letterOf gathers rows into a letter; a loan that waits at two steps, or a hold that was ready twice, counts once.
func letterOf(to addressee, rows []letterRow) letter {
	l := letter{addressee: to, lang: rows[0].Language, level: rows[0].Disclosure, rows: rows}
	for _, row := range rows {
		l.step, l.level = max(l.step, row.Step), l.level.AtMost(row.Disclosure)
		l.attempts = max(l.attempts, row.Attempts)
		if !slices.Contains(l.notices, row.Notice) {
			l.notices = append(l.notices, row.Notice)
		}
		l.patron(row).add(row)
	}
	if to.teacher {
		slices.SortFunc(l.patrons, func(a, b letterPatron) int {
			return cmp.Or(cmp.Compare(a.homeroom, b.homeroom), cmp.Compare(a.lastName, b.lastName), cmp.Compare(a.firstName, b.firstName), cmp.Compare(a.id, b.id))
		})
	}
	return l
}

// learn reads what the matters are, and puts those of one day in the order of their titles.
func (l *letter) learn(app core.App) (err error) {
	if l.things, err = thingsOf(app, l.abouts()); err != nil {
		return err
	}
	for _, patron := range l.patrons {
		slices.SortFunc(patron.matters, func(a, b letterMatter) int {
			return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(l.things[a.about].Title, l.things[b.about].Title), cmp.Compare(a.about, b.about))
		})
	}
	return nil
}

// abouts are the loans and holds it speaks of.
func (l letter) abouts() (abouts []string) {
	for _, patron := range l.patrons {
		for _, matter := range patron.matters {
			abouts = append(abouts, matter.about)
		}
	}
	return abouts
}

func (l *letter) patron(row letterRow) *letterPatron {
	for i := range l.patrons {
		if l.patrons[i].id == row.Patron {
			return &l.patrons[i]
		}
	}
	l.patrons = append(l.patrons, letterPatron{
		id: row.Patron, firstName: cmp.Or(row.FirstName, row.LastName), lastName: row.LastName, homeroom: row.Homeroom, first: row.Day,
	})
	return &l.patrons[len(l.patrons)-1]
}

func (p *letterPatron) add(row letterRow) {
	if slices.ContainsFunc(p.matters, func(m letterMatter) bool { return m.about == row.About }) {
		return
	}
	p.matters = append(p.matters, letterMatter{row.About, row.Day})
	p.first = min(p.first, row.Day)
	p.cents += row.Cents
}

// subjectWords is what a subject line may say: it is read by whoever looks at the screen, so it tells counts at most.
func (l letter) subjectWords(school site.School, currency string) words {
	l.level = site.DiscloseCount
	return l.words(school.Name, currency)
}

// words is what the templates may say about the letter.
func (l letter) words(school, currency string) words {
	var names, homerooms, lines []string
	var matters []letterMatter
	cents, first := 0, l.patrons[0].first
	for _, patron := range l.patrons {
		matters = append(matters, patron.matters...)
		cents += patron.cents
		first = min(first, patron.first)
		names = append(names, oneLine(patron.firstName))
		if homeroom := oneLine(patron.homeroom); homeroom != "" && !slices.Contains(homerooms, homeroom) {
			homerooms = append(homerooms, homeroom)
		}
		lines = append(lines, l.line(patron, currency))
	}
	return words{
		FirstName: l.join(names), Homeroom: l.join(homerooms), School: oneLine(school),
		Count: len(matters), Books: l.books(matters), Amount: amount(cents, currency),
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

// line says who has how many books, and no more of them than may be told. Teachers know their class by its full names.
func (l letter) line(p letterPatron, currency string) string {
	who := oneLine(p.firstName)
	if l.teacher && p.lastName != p.firstName {
		who = oneLine(p.firstName + " " + p.lastName)
	}
	if homeroom := oneLine(p.homeroom); homeroom != "" {
		who += ", " + homeroom
	}
	key := "notices.line"
	switch l.kind {
	case kindFee:
		return who + ": " + amount(p.cents, currency)
	case kindClaim:
		return who + ": " + l.books(p.matters)
	case kindHoldReady, kindHoldExpired:
		key = "notices.held"
	case kindDueSoon, kindRecall:
		key = "notices.soon"
	}
	if l.level == site.DiscloseTitle {
		return who + ":" + l.titleLines(p.matters, key)
	}
	return who + ": " + say.Count(key, len(p.matters), l.books(p.matters), p.first).In(l.lang)
}

// oneLine folds line breaks and runs of blanks: names come from files.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
