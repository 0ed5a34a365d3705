package notices

import (
	"cmp"
	"slices"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// matter is what a notice speaks of, a loan, a hold or what is owed, with what is needed of its patron.
type matter struct {
	Kind          string     `db:"kind"`
	About         string     `db:"about"` // the loan, the hold, or the patron who owes
	Day           policy.Day `db:"day"`   // the due date of a loan, the last day to pick up what is held
	Step          int        `db:"step"`
	Cents         int        `db:"cents"` // owed
	Patron        string     `db:"patron"`
	FirstName     string     `db:"first_name"`
	LastName      string     `db:"last_name"`
	Homeroom      string     `db:"homeroom"` // its name
	Room          string     `db:"room"`     // its id
	Email         string     `db:"email"`
	GuardianEmail string     `db:"guardian_email"`
	Language      string     `db:"language"`
}

func (m matter) name() string {
	return collections.Patron{FirstName: m.FirstName, LastName: m.LastName}.Name()
}

// lateBy reads what is overdue on a day: one slice of loans a patron, in the order of slips. A loan that the patron claims is none of them.
func lateBy(app core.App, on policy.Day) ([][]matter, error) {
	l, err := newLook(app, on)
	if err != nil {
		return nil, err
	}
	loans, err := l.overdue()
	return stack(ofKind(kindOverdue, loans)), err
}

func ofKind(kind string, matters []matter) []matter {
	for i := range matters {
		matters[i].Kind = kind
	}
	return matters
}

// ending is how a claim ended: each end has words of its own. 0 for all other kinds.
func ending(kind string, step int) int {
	if kind == kindClaim {
		return step
	}
	return 0
}

// stack puts matters in the order in which slips are handed out, by homeroom and name, and gathers those of one patron and kind, the
// oldest first.
func stack(matters []matter) [][]matter {
	slices.SortFunc(matters, func(a, b matter) int {
		return cmp.Or(
			cmp.Compare(a.Homeroom, b.Homeroom), cmp.Compare(a.LastName, b.LastName), cmp.Compare(a.FirstName, b.FirstName),
			cmp.Compare(a.Patron, b.Patron), cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
			cmp.Compare(ending(a.Kind, a.Step), ending(b.Kind, b.Step)), cmp.Compare(a.Day, b.Day), cmp.Compare(a.About, b.About))
	})
	var stacked [][]matter
	for i, one := range matters {
		if i == 0 || one.Patron != matters[i-1].Patron || one.Kind != matters[i-1].Kind ||
			ending(one.Kind, one.Step) != ending(one.Kind, matters[i-1].Step) {
			stacked = append(stacked, nil)
		}
		last := len(stacked) - 1
		stacked[last] = append(stacked[last], one)
	}
	return stacked
}

// Late counts what is overdue on a day, by homeroom.
type Late struct {
	On        policy.Day     `json:"on"`
	Homerooms []LateHomeroom `json:"homerooms"`
	Patrons   int            `json:"patrons"`
	Loans     int            `json:"loans"`
}

// LateHomeroom counts one homeroom. Name is empty for patrons who have none.
type LateHomeroom struct {
	Name    string `json:"name"`
	Patrons int    `json:"patrons"`
	Loans   int    `json:"loans"`
}

// Preview counts what is overdue on a day, told of before or not. It writes nothing.
func Preview(app core.App, on policy.Day) (Late, error) {
	late := Late{On: on, Homerooms: []LateHomeroom{}}
	patrons, err := lateBy(app, on)
	if err != nil {
		return late, err
	}
	for _, loans := range patrons {
		homeroom := loans[0].Homeroom
		last := len(late.Homerooms) - 1
		if last < 0 || late.Homerooms[last].Name != homeroom {
			late.Homerooms = append(late.Homerooms, LateHomeroom{Name: homeroom})
			last++
		}
		late.Homerooms[last].Patrons++
		late.Homerooms[last].Loans += len(loans)
		late.Patrons++
		late.Loans += len(loans)
	}
	return late, nil
}
