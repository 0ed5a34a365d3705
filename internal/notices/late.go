package notices

import (
	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// lateLoan is an open loan that is overdue, with what a notice needs of its patron.
type lateLoan struct {
	Loan          string     `db:"loan"`
	Due           policy.Day `db:"due"`
	Patron        string     `db:"patron"`
	FirstName     string     `db:"first_name"`
	LastName      string     `db:"last_name"`
	Homeroom      string     `db:"homeroom"`
	Email         string     `db:"email"`
	GuardianEmail string     `db:"guardian_email"`
	Language      string     `db:"language"`
}

func (l lateLoan) name() string {
	return collections.Patron{FirstName: l.FirstName, LastName: l.LastName}.Name()
}

// lateBy reads what is overdue on a day: one slice of loans a patron, the oldest first, patrons in the order of homeroom and name.
func lateBy(app core.App, on policy.Day) ([][]lateLoan, error) {
	calendar, err := site.Calendar(app)
	if err != nil {
		return nil, err
	}
	var loans []lateLoan
	err = app.DB().
		Select("l.id AS loan", "l.due", "p.id AS patron", "p.first_name", "p.last_name", "COALESCE(h.name, '') AS homeroom",
			"p.email", "p.guardian_email", "p.language").
		From(collections.Loans+" l").
		InnerJoin(collections.Patrons+" p", dbx.NewExp("p.id = l.patron")).
		LeftJoin(collections.Homerooms+" h", dbx.NewExp("h.id = p.homeroom")).
		Where(dbx.NewExp("l.state = 'open' AND l.due < {:on}", dbx.Params{"on": on.String()})).
		OrderBy("homeroom", "p.last_name", "p.first_name", "p.id", "l.due", "l.id").
		All(&loans)
	if err != nil {
		return nil, err
	}
	return group(overdue(calendar, loans, on)), nil
}

// overdue keeps what the calendar calls overdue, asking it once a due date.
func overdue(calendar policy.Calendar, loans []lateLoan, on policy.Day) []lateLoan {
	asked := map[policy.Day]bool{}
	kept := loans[:0]
	for _, loan := range loans {
		late, known := asked[loan.Due]
		if !known {
			late = calendar.Overdue(loan.Due, on)
			asked[loan.Due] = late
		}
		if late {
			kept = append(kept, loan)
		}
	}
	return kept
}

func group(loans []lateLoan) [][]lateLoan {
	var patrons [][]lateLoan
	for i, loan := range loans {
		if i == 0 || loan.Patron != loans[i-1].Patron {
			patrons = append(patrons, nil)
		}
		last := len(patrons) - 1
		patrons[last] = append(patrons[last], loan)
	}
	return patrons
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
