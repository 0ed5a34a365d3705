package notices

import (
	"slices"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// look is one look for what there is to tell on a day.
type look struct {
	app      core.App
	on       policy.Day
	calendar policy.Calendar
	settings site.Notices
	fees     site.Fees
}

func newLook(app core.App, on policy.Day) (l look, err error) {
	l = look{app: app, on: on}
	if l.calendar, err = site.Calendar(app); err != nil {
		return l, err
	}
	if l.settings, err = site.LoadNotices(app); err != nil {
		return l, err
	}
	l.fees, err = site.LoadFees(app)
	return l, err
}

// scope is which loans a kind looks at, l being the loan: of these, and only of these, it is asked what was told before.
func (l look) scope(kind string) dbx.Expression {
	switch kind {
	case kindOverdue:
		return dbx.NewExp("l.state = 'open' AND l.claim = '' AND l.due < {:on}", dbx.Params{"on": l.on.String()})
	case kindClaim:
		return dbx.NewExp("l.state IN ('lost', 'missing', 'returned') AND l.patron != '' AND l.claim != '' AND l.returned_at >= {:since}",
			dbx.Params{"since": instant(l.on.Add(-claimDays).At(0, l.calendar.Zone))})
	}
	return dbx.NewExp("l.state = 'open' AND l.claim = '' AND l.due >= {:on}", dbx.Params{"on": l.on.String()})
}

// claimDays is for how long the end of a claim is news.
const claimDays = 7

// find reads what there is to tell of a kind, each matter with the step it has reached.
func (l look) find(kind string) (matters []matter, err error) {
	switch kind {
	case kindOverdue:
		matters, err = l.overdue()
	case kindDueSoon:
		matters, err = l.dueSoon()
	case kindClaim:
		matters, err = l.claimed()
	case kindRecall:
		matters, err = l.recalled()
	case kindFee:
		matters, err = l.owing()
	}
	return ofKind(kind, matters), err
}

// loans begins a query for loans with their patrons.
func (l look) loans(kind string, columns ...string) *dbx.SelectQuery {
	return withPatron(l.app.DB().Select(append([]string{"l.id AS about", "l.due AS day"}, columns...)...).
		From(collections.Loans+" l"), "l.patron").Where(l.scope(kind))
}

// withPatron adds whom a matter is about.
func withPatron(query *dbx.SelectQuery, patron string) *dbx.SelectQuery {
	return query.AndSelect("p.id AS patron", "p.first_name", "p.last_name", "COALESCE(h.name, '') AS homeroom", "COALESCE(h.id, '') AS room",
		"p.email", "p.guardian_email", "p.language", "p.status").
		InnerJoin(collections.Patrons+" p", dbx.NewExp("p.id = "+patron)).
		LeftJoin(collections.Homerooms+" h", dbx.NewExp("h.id = p.homeroom"))
}

// overdue reads what the calendar calls overdue.
func (l look) overdue() (loans []matter, err error) {
	if err := l.loans(kindOverdue).All(&loans); err != nil {
		return nil, err
	}
	steps := l.settings.Of(kindOverdue).Steps
	return l.byDueDate(loans, func(due policy.Day) int {
		if !l.calendar.Overdue(due, l.on) {
			return none
		}
		return stepFor(steps, int(l.on-due))
	}), nil
}

// stepFor is the highest step that a loan so many days late has reached; 0 for none. The number of a step is its place, from 1.
func stepFor(steps []int, daysLate int) int {
	reached := 0
	for i, after := range steps {
		if daysLate >= after {
			reached = i + 1
		}
	}
	return reached
}

// dueSoon reads the loans that are due within so many open days.
func (l look) dueSoon() (loans []matter, err error) {
	if err := l.loans(kindDueSoon).All(&loans); err != nil {
		return nil, err
	}
	steps := l.settings.Of(kindDueSoon).Steps
	return l.byDueDate(loans, func(due policy.Day) int {
		left := l.calendar.OpenDaysBetween(l.on, due)
		reached := none
		for i, before := range steps {
			if left <= before {
				reached = i + 1
			}
		}
		return reached
	}), nil
}

// none is the step of a loan of which there is nothing to tell at all. An overdue loan may have none of its steps yet and is late all the same.
const none = -1

// byDueDate gives the loans their steps, asking once a due date.
func (l look) byDueDate(loans []matter, step func(policy.Day) int) []matter {
	asked := map[policy.Day]int{}
	for i := range loans {
		reached, known := asked[loans[i].Day]
		if !known {
			reached = step(loans[i].Day)
			asked[loans[i].Day] = reached
		}
		loans[i].Step = reached
	}
	return slices.DeleteFunc(loans, func(loan matter) bool { return loan.Step == none })
}

// The steps of a claim are how it ended. What was lost or missing may be found later, and then there is news again.
const claimStep = "CASE l.state WHEN 'lost' THEN 1 WHEN 'missing' THEN 2 WHEN 'returned' THEN 3 END"

func (l look) claimed() (loans []matter, err error) {
	return loans, l.loans(kindClaim, "("+claimStep+") AS step").All(&loans)
}

// recalled reads the loans whose due date somebody moved forward while others wait for the title.
func (l look) recalled() (loans []matter, err error) {
	return loans, l.loans(kindRecall, "(1) AS step").AndWhere(dbx.NewExp(`EXISTS (SELECT 1 FROM circ_events f WHERE f.loan = l.id AND f.kind = 'due'
			AND json_extract(f.data, '$.due') = l.due AND json_extract(f.data, '$.was_due') > l.due)
		AND EXISTS (SELECT 1 FROM items i JOIN holds w ON w.title = i.title AND w.ended_at = '' AND w.state = 'waiting' WHERE i.id = l.item)`)).All(&loans)
}

// owing reads who owes enough to be told.
func (l look) owing() (patrons []matter, err error) {
	if !l.fees.On {
		return nil, nil
	}
	query := l.app.DB().Select("f.patron AS about", "SUM(f.cents - f.paid - f.waived) AS cents", "(1) AS step").From(collections.Fees + " f")
	return patrons, withPatron(query, "f.patron").Where(dbx.NewExp("f.state = 'open' AND f.patron != ''")).
		GroupBy("f.patron").Having(dbx.NewExp("SUM(f.cents - f.paid - f.waived) >= {:least}", dbx.Params{"least": l.settings.Of(kindFee).Cents()})).All(&patrons)
}
