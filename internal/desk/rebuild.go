package desk

import (
	"fmt"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Difference is one loan whose state is not what its facts say.
type Difference struct {
	Loan  string `json:"loan"`
	Field string `json:"field"`
	Is    string `json:"is"`
	Facts string `json:"facts"`
}

// rebuildPage is how many loans are compared at a time: memory does not grow with the library.
const rebuildPage = 500

// The two walks of a rebuild: every loan that facts speak of, then every loan that no fact speaks of.
const (
	loansWithFacts = `SELECT DISTINCT loan FROM circ_events WHERE loan > {:last} ORDER BY loan LIMIT {:page}`
	loansWithout   = `SELECT id FROM loans WHERE id > {:last}
		AND NOT EXISTS (SELECT 1 FROM circ_events WHERE circ_events.loan = loans.id) ORDER BY id LIMIT {:page}`
)

// Rebuild derives every loan from its facts and reports each difference to found. With repair it also writes what the facts say.
func Rebuild(app core.App, repair bool, found func(Difference)) (loans int, err error) {
	for _, walk := range []string{loansWithFacts, loansWithout} {
		seen, err := rebuildWalk(app, walk, repair, found)
		if err != nil {
			return loans, err
		}
		loans += seen
	}
	return loans, nil
}

func rebuildWalk(app core.App, walk string, repair bool, found func(Difference)) (loans int, err error) {
	last := ""
	for {
		ids := []string{}
		err := app.DB().NewQuery(walk).Bind(dbx.Params{"last": last, "page": rebuildPage}).Column(&ids)
		if err != nil || len(ids) == 0 {
			return loans, err
		}
		for _, id := range ids {
			if err := rebuildLoan(app, id, repair, found); err != nil {
				return loans, err
			}
		}
		loans += len(ids)
		last = ids[len(ids)-1]
	}
}

func rebuildLoan(app core.App, id string, repair bool, found func(Difference)) error {
	facts, err := factsOf(app, id)
	if err != nil {
		return err
	}
	stored, exists, err := collections.Find[collections.Loan](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return err
	}
	if len(facts) == 0 {
		found(Difference{Loan: id, Field: "loan", Is: "there", Facts: "none"})
		return nil // a loan without facts is for a person to look at, not for a repair to delete
	}
	derived, err := derive(facts)
	if err != nil {
		return err
	}
	if !exists {
		found(Difference{Loan: id, Field: "loan", Is: "missing", Facts: derived.State})
		if repair {
			_, err = collections.Insert(app, derived)
		}
		return err
	}
	differences := compare(stored, derived)
	for _, difference := range differences {
		found(difference)
	}
	if repair && len(differences) > 0 {
		return collections.Update(app, derived)
	}
	return nil
}

func compare(stored, derived collections.Loan) (differences []Difference) {
	for _, field := range []struct{ name, is, facts string }{
		{"item", stored.Item, derived.Item},
		{"patron", stored.Patron, derived.Patron},
		{"state", stored.State, derived.State},
		{"due", stored.Due.String(), derived.Due.String()},
		{"out_at", stored.OutAt.String(), derived.OutAt.String()},
		{"returned_at", stored.ReturnedAt.String(), derived.ReturnedAt.String()},
		{"renewals", fmt.Sprint(stored.Renewals), fmt.Sprint(derived.Renewals)},
		{"patron_type", stored.PatronType, derived.PatronType},
		{"grade", stored.Grade, derived.Grade},
		{"homeroom", stored.Homeroom, derived.Homeroom},
	} {
		if field.is != field.facts {
			differences = append(differences, Difference{stored.ID, field.name, field.is, field.facts})
		}
	}
	return differences
}
