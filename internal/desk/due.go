package desk

import (
	"fmt"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// DueRequest sets another due date by hand: of these items, or of everything one patron or one homeroom has out.
type DueRequest struct {
	Act
	Items    []string // barcodes
	Patron   string
	Homeroom string // id
	Due      policy.Day
}

// Moved is a loan whose due date an act changed.
type Moved struct {
	Loan string     `json:"loan"`
	Was  policy.Day `json:"was"`
	Due  policy.Day `json:"due"`
}

// ChangeDue sets the due date of open loans in one act; a loan that has it already is left alone. The codes are fault.NotFound (unknown_item,
// unknown_patron), fault.Conflict (not_on_loan, key_reused) and fault.Invalid (key, at, due, patron).
func ChangeDue(app core.App, request DueRequest) (moved []Moved, err error) {
	const op = "desk.ChangeDue"
	if err := request.check(op); err != nil {
		return nil, err
	}
	err = inTurn(app, func(app core.App) error {
		house, err := site.Open(app)
		if err != nil {
			return err
		}
		if err := house.Calendar.CheckDue(day(house, request.At), request.Due); err != nil {
			return err
		}
		loans, ask, err := request.loans(app, op)
		if err != nil {
			return err
		}
		why := say.T("desk.why_chosen", request.Due)
		moved, err = moveDues(app, op, request.Act, fmt.Sprintf("due %s %s", request.Due, ask), loans, func(collections.Loan) (policy.Day, say.Text, bool) {
			return request.Due, why, true
		})
		return err
	})
	return moved, err
}

func (r DueRequest) loans(app core.App, op string) (loans []collections.Loan, ask string, err error) {
	if len(r.Items) == 0 {
		return loansOf(app, op, r.Patron, r.Homeroom)
	}
	for _, code := range r.Items {
		item, err := FindItem(app, code)
		if err != nil {
			return nil, "", err
		}
		loan, out, err := openLoan(app, item.ID)
		if err != nil {
			return nil, "", err
		}
		if !out {
			return nil, "", notOnLoan(op)
		}
		loans = append(loans, loan)
	}
	return loans, brief([]Pair{{Item: strings.Join(r.Items, " ")}}), nil
}

// TermRequest applies the end of a term, a calendar entry, to the loans that are out.
type TermRequest struct {
	Act
	Term string // id of the calendar entry
}

// ApplyTerm gives every open loan the due date it would have got, had the term end been in the calendar when it was made. It is one act, and undoing it
// brings every due date back. The codes are fault.NotFound (unknown_term), fault.Conflict (key_reused) and fault.Invalid (key, at).
func ApplyTerm(app core.App, request TermRequest) (moved []Moved, err error) {
	const op = "desk.ApplyTerm"
	if err := request.check(op); err != nil {
		return nil, err
	}
	err = inTurn(app, func(app core.App) error {
		change, err := termChange(app, op, request.Term)
		if err != nil {
			return err
		}
		loans, err := collections.All[collections.Loan](app, "state = 'open'", "id", nil)
		if err != nil {
			return err
		}
		moved, err = moveDues(app, op, request.Act, "term "+request.Term, loans, change)
		return err
	})
	return moved, err
}

// PlanTerm says what ApplyTerm would do, and does nothing.
func PlanTerm(app core.App, term string) (moved []Moved, err error) {
	change, err := termChange(app, "desk.PlanTerm", term)
	if err != nil {
		return nil, err
	}
	loans, err := collections.All[collections.Loan](app, "state = 'open'", "id", nil)
	for _, loan := range loans {
		if due, _, changes := change(loan); changes && due != loan.Due {
			moved = append(moved, Moved{loan.ID, loan.Due, due})
		}
	}
	return moved, err
}

// dueChange is the due date a loan shall have, and why; false leaves it.
type dueChange func(collections.Loan) (policy.Day, say.Text, bool)

func termChange(app core.App, op, id string) (dueChange, error) {
	entry, ok, err := collections.Find[collections.CalendarEntry](app, "id = {:id} AND kind IN ('term_ceiling', 'term_forced')", dbx.Params{"id": id})
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(op, fault.NotFound, "desk.unknown_term").Named("unknown_term").At("term")
	}
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	grades, err := gradesOfBorrowers(app)
	return func(loan collections.Loan) (policy.Day, say.Text, bool) {
		grade := grades[loan.Patron]
		if entry.Grade != "" && entry.Grade != grade {
			return 0, say.Text{}, false
		}
		due, changes := house.Calendar.For(grade).InTerm(site.TermOf(entry), day(house, loan.OutAt.Time()), loan.Due)
		return due, say.T("why.term", due), changes
	}, err
}

// gradesOfBorrowers are the grades of those who have something on loan, by patron.
func gradesOfBorrowers(app core.App) (map[string]string, error) {
	var rows []struct {
		ID    string `db:"id"`
		Grade string `db:"grade"`
	}
	err := app.DB().NewQuery("SELECT id, grade FROM patrons WHERE grade != '' AND id IN (SELECT patron FROM loans WHERE state = 'open')").All(&rows)
	grades := make(map[string]string, len(rows))
	for _, row := range rows {
		grades[row.ID] = row.Grade
	}
	return grades, err
}

// moveDues writes the new due dates, a fact each.
func moveDues(app core.App, op string, act Act, ask string, loans []collections.Loan, change dueChange) (moved []Moved, err error) {
	_, done, err := asked(app, op, act, ask)
	if err != nil {
		return nil, err
	}
	if done {
		return recallMoved(app, act.Key)
	}
	pen := newPen(app, act)
	record := pen.main
	for _, loan := range loans {
		due, why, changes := change(loan)
		if !changes || due == loan.Due {
			continue
		}
		was := loan.Due
		loan.Due = due
		if err := updateState(app, loan, instant(act.Now)); err != nil {
			return nil, err
		}
		if _, err := record(about(collections.FactDue, loan), details{Ask: ask, Due: due, WasDue: was, Why: &why, Reason: act.Reason}); err != nil {
			return nil, err
		}
		moved, record = append(moved, Moved{loan.ID, was, due}), pen.also
	}
	return moved, nil
}

func recallMoved(app core.App, key string) (moved []Moved, err error) {
	facts, err := factsOfAct(app, key)
	for _, fact := range facts {
		d, err := detailsOf(fact)
		if err != nil {
			return nil, err
		}
		moved = append(moved, Moved{fact.Loan, d.WasDue, d.Due})
	}
	return moved, err
}
