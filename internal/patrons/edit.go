package patrons

import (
	"crypto/rand"
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/desk"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Add makes a patron with a card. Who is not said to be anything else is a student, as in a roster. The code is fault.Invalid at the field
// (barcode_taken). It returns the id.
func Add(app core.App, typed Fields, staff string, now time.Time) (id string, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		patron := collections.Patron{Status: collections.PatronActive}
		if typed.Type == nil {
			student, _, err := collections.Find[collections.PatronType](app, "code = 'student'", nil)
			if err != nil {
				return err
			}
			patron.Type = student.ID
		}
		patron, _, err := typed.lay(app, patron)
		if err != nil {
			return err
		}
		if patron.Card, err = barcode.NewCard(rand.Reader); err != nil {
			return err
		}
		if patron, err = collections.Insert(app, patron); err != nil {
			return err
		}
		id = patron.ID
		return keep(app, collections.AuditEntry{Staff: staff, Action: "patron_added", Patron: id}, now)
	})
	return id, err
}

// Change sets fields of a patron who was as of updated when the one who changes them looked. Which fields became another is kept in the audit. The codes are fault.Invalid at the field (barcode_taken) and fault.Conflict, named changed, when somebody saved the
// patron since; what is as it should be already is no conflict.
func Change(app core.App, id, updated string, typed Fields, staff string, now time.Time) error {
	const op = "patrons.Change"
	return app.RunInTransaction(func(app core.App) error {
		before, err := desk.PatronByID(app, id)
		if err != nil {
			return err
		}
		if before.ID == "" {
			return fault.New(op, fault.NotFound, "privacy.unknown_patron").Named("unknown_patron").At("patron")
		}
		patron, changed, err := typed.lay(app, before.Patron)
		if err != nil || len(changed) == 0 {
			return err
		}
		if before.Updated != updated {
			return fault.New(op, fault.Conflict, "patrons.set.changed", before.Name()).Named("changed")
		}
		if err := collections.Update(app, patron); err != nil {
			return err
		}
		return Changed(app, id, staff, changed, now)
	})
}

// Changed keeps in the audit that staff changed fields of a patron: their names, never what is in them.
func Changed(app core.App, id, staff string, fields []string, at time.Time) error {
	detail, err := json.Marshal(map[string][]string{"fields": fields})
	if err != nil {
		return err
	}
	return keep(app, collections.AuditEntry{Staff: staff, Action: "patron_changed", Patron: id, Detail: detail}, at)
}

// RenewCard makes a new card; the old one opens nothing any more.
func RenewCard(app core.App, id, staff string, now time.Time) error {
	return app.RunInTransaction(func(app core.App) error {
		patron, found, err := collections.Find[collections.Patron](app, "id = {:id}", dbx.Params{"id": id})
		if err != nil {
			return err
		}
		if !found {
			return fault.New("patrons.RenewCard", fault.NotFound, "privacy.unknown_patron").Named("unknown_patron").At("patron")
		}
		if patron.Card, err = barcode.NewCard(rand.Reader); err != nil {
			return err
		}
		if err := collections.Update(app, patron); err != nil {
			return err
		}
		return keep(app, collections.AuditEntry{Staff: staff, Action: "card_renewed", Patron: id}, now)
	})
}
