package desk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Past is a loan that was made before Carrel knew of it: of the sample school, or of another system.
type Past struct {
	Item, Patron                string // ids
	PatronType, Grade, Homeroom string // as they were at check-out
	OutAt                       time.Time
	Due                         policy.Day // as given at check-out
	Renewals                    []PastRenewal
	ReturnedAt                  time.Time // zero for a loan that is open
	Door                        string    // at which it was made; empty for "command": nobody knows any more
}

// PastRenewal moved the due date of a past loan.
type PastRenewal struct {
	At  time.Time
	Due policy.Day
}

// History brings past loans into an empty desk, thousands a second. Facts are written as if each act had been made at the
// desk, and the loan is derived from them as always.
type History struct {
	seq int
	now types.DateTime
}

// NewHistory continues behind the facts there are.
func NewHistory(app core.App, now time.Time) (*History, error) {
	h := &History{now: instant(now)}
	return h, app.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM circ_events").Row(&h.seq)
}

const (
	pastFact = `INSERT INTO circ_events (id, key, kind, item, patron, loan, reverses, patron_type, grade, homeroom, at, recorded_at, door, actor, data, seq)
		VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, '', ?, ?)`
	pastLoan = `INSERT INTO loans (id, item, patron, state, patron_type, grade, homeroom, out_at, due, returned_at, renewals, created, updated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

func randomID() string {
	return security.PseudorandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet)
}

// Add writes one past loan with its facts.
func (h *History) Add(b *store.Bulk, past Past) error {
	loan := collections.Loan{
		ID: randomID(), Item: past.Item, Patron: past.Patron, PatronType: past.PatronType, Grade: past.Grade, Homeroom: past.Homeroom,
	}
	facts := []collections.Fact{h.fact(collections.FactCheckOut, loan, past.OutAt, details{Due: past.Due})}
	for _, renewal := range past.Renewals {
		facts = append(facts, h.fact(collections.FactRenew, loan, renewal.At, details{Due: renewal.Due}))
	}
	if !past.ReturnedAt.IsZero() {
		facts = append(facts, h.fact(collections.FactReturn, loan, past.ReturnedAt, details{}))
	}
	for _, fact := range facts {
		if err := b.Exec(pastFact, fact.ID, fact.Key, fact.Kind, fact.Item, fact.Patron, fact.Loan, fact.PatronType, fact.Grade, fact.Homeroom,
			fact.At.String(), h.now.String(), cmp.Or(past.Door, "command"), string(fact.Data), fact.Seq); err != nil {
			return err
		}
	}
	derived, err := deriveLoan(facts)
	if err != nil {
		return err
	}
	return b.Exec(pastLoan, derived.ID, derived.Item, derived.Patron, derived.State, derived.PatronType, derived.Grade, derived.Homeroom,
		derived.OutAt.String(), derived.Due.String(), derived.ReturnedAt.String(), derived.Renewals, h.now.String(), h.now.String())
}

func (h *History) fact(kind string, loan collections.Loan, at time.Time, d details) collections.Fact {
	h.seq++
	fact := about(kind, loan)
	fact.ID, fact.Seq, fact.At = randomID(), h.seq, instant(at)
	fact.Key = fmt.Sprintf("past:%s:%d", loan.ID, h.seq)
	fact.Data, _ = json.Marshal(d) //nolint:errcheck // plain values
	return fact
}
