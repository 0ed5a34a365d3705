package notices

import (
	"cmp"
	"slices"

	"carrel/collections"
	"carrel/internal/policy"
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
	Status        string     `db:"status"` // of the patron
}

func (m matter) name() string {
	return collections.Patron{FirstName: m.FirstName, LastName: m.LastName}.Name()
}

// lateOf reads what is overdue on a day in a part of the school: one slice of loans a patron, in the order of slips. A loan that the
// patron claims is none of them, and who has left is not there to be handed a slip.
func (l look) lateOf(part Part) ([][]matter, error) {
	loans, err := l.overdue()
	loans = slices.DeleteFunc(part.of(ofKind(kindOverdue, loans)), hasLeft)
	return stack(loans), err
}

func hasLeft(m matter) bool { return m.Status == collections.PatronLeft }

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
			cmp.Compare(a.Homeroom, b.Homeroom), cmp.Compare(a.Room, b.Room), cmp.Compare(a.LastName, b.LastName), cmp.Compare(a.FirstName, b.FirstName),
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
