package desk

import (
	"time"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// undoWindow is how long an act can be taken back; after that it is corrected by an act of its own.
const undoWindow = 24 * time.Hour

// Undo takes back the act with the given key by a new fact; undoing twice writes nothing. The codes are fault.NotFound
// (unknown_act), fault.Conflict (undo_too_late, undo_built_on), fault.Unauthorized (somebody else's act).
func Undo(app core.App, key string, now time.Time, actor Actor) error {
	const op = "desk.Undo"
	return inTurn(app, func(app core.App) error {
		fact, ok, err := collections.Find[collections.Fact](app, "key = {:key}", dbx.Params{"key": key})
		if err != nil {
			return err
		}
		if !ok || fact.Kind == collections.FactUndo {
			return fault.New(op, fault.NotFound, "desk.unknown_act").Named("unknown_act").At("key")
		}
		if actor.Role != collections.Librarian && fact.Actor != actor.ID {
			return fault.New(op, fault.Unauthorized, "desk.not_your_act")
		}
		_, undone, err := collections.Find[collections.Fact](app, "key = {:key}", dbx.Params{"key": undoKey(fact)})
		if err != nil || undone {
			return err
		}
		if err := mayUndo(app, op, fact, now); err != nil {
			return err
		}
		return reverse(app, fact, Act{Key: undoKey(fact), At: now, Now: now, Actor: actor})
	})
}

// undoKey makes undoing idempotent: an act has one undo.
func undoKey(fact collections.Fact) string { return "undo:" + fact.ID }

func mayUndo(app core.App, op string, fact collections.Fact, now time.Time) error {
	if now.Sub(fact.RecordedAt.Time()) > undoWindow {
		return fault.New(op, fault.Conflict, "desk.undo_too_late").Named("undo_too_late")
	}
	var later int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM circ_events AS later
		WHERE later.item = {:item} AND later.seq > {:seq} AND later.kind IN ('check_out', 'return', 'renew')
		AND NOT EXISTS (SELECT 1 FROM circ_events AS undo WHERE undo.key = 'undo:' || later.id)`).
		Bind(dbx.Params{"item": fact.Item, "seq": fact.Seq}).Row(&later)
	if err != nil {
		return err
	}
	if later > 0 {
		return fault.New(op, fault.Conflict, "desk.undo_built_on").Named("undo_built_on")
	}
	return nil
}

// reverse writes the undo and derives the loan again without the reversed fact.
func reverse(app core.App, fact collections.Fact, act Act) error {
	_, err := record(app, act, collections.Fact{
		Kind: collections.FactUndo, Item: fact.Item, Patron: fact.Patron, Loan: fact.Loan, Reverses: fact.ID,
		PatronType: fact.PatronType, Grade: fact.Grade, Homeroom: fact.Homeroom,
	}, details{Undoes: fact.Kind})
	if err != nil {
		return err
	}
	item, err := itemByID(app, fact.Item)
	if err != nil {
		return err
	}
	if err := loseAgain(app, fact, item); err != nil {
		return err
	}
	if fact.Loan != "" {
		facts, err := factsOf(app, fact.Loan)
		if err != nil {
			return err
		}
		loan, err := derive(facts)
		if err != nil {
			return err
		}
		if err := collections.Update(app, loan); err != nil {
			return err
		}
	}
	return moved(app, item)
}

// loseAgain gives back the state of an item that the undone scan had found.
func loseAgain(app core.App, fact collections.Fact, item Thing) error {
	d, err := detailsOf(fact)
	if err != nil || d.Found == "" {
		return err
	}
	item.Status = d.Found
	return collections.Update(app, item.Item)
}
