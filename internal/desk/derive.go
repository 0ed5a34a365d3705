package desk

import (
	"fmt"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// derive folds the facts of one loan, in order of recording, into its state. It is the definition of what a loan is:
// undo and rebuild both use it.
func derive(facts []collections.Fact) (loan collections.Loan, err error) {
	reversed := map[string]bool{}
	for _, fact := range facts {
		if fact.Kind == collections.FactUndo {
			reversed[fact.Reverses] = true
		}
	}
	for _, fact := range facts {
		d, err := detailsOf(fact)
		if err != nil {
			return loan, fmt.Errorf("fact %s: %w", fact.ID, err)
		}
		switch {
		case fact.Kind == collections.FactCheckOut:
			loan = collections.Loan{
				ID: fact.Loan, Item: fact.Item, Patron: fact.Patron, State: collections.LoanOpen,
				PatronType: fact.PatronType, Grade: fact.Grade, Homeroom: fact.Homeroom, OutAt: fact.At, Due: d.Due,
			}
			if reversed[fact.ID] {
				loan.State = collections.LoanUndone
			}
		case reversed[fact.ID]:
		case fact.Kind == collections.FactRenew:
			loan.Due = d.Due
			loan.Renewals++
		case fact.Kind == collections.FactReturn:
			loan.State, loan.ReturnedAt = collections.LoanReturned, fact.At
		}
	}
	return loan, nil
}

// factsOf reads the facts of one loan in order.
func factsOf(app core.App, loan string) ([]collections.Fact, error) {
	return collections.All[collections.Fact](app, "loan = {:loan}", "seq", dbx.Params{"loan": loan})
}
