package desk

import (
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// undoWindow is how long an act can be taken back; after that it is corrected by an act of its own.
const undoWindow = 24 * time.Hour

// Undo takes back the act with the given key, all its facts, by new facts; undoing twice writes nothing. The codes are fault.NotFound
// (unknown_act), fault.Conflict (undo_too_late, undo_built_on, undo_forgotten), fault.Unauthorized (somebody else's act).
func Undo(app core.App, key string, now time.Time, actor Actor) error {
	const op = "desk.Undo"
	return inTurn(app, func(app core.App) error {
		main, ok, err := collections.Find[collections.Fact](app, "key = {:key} AND act = ''", dbx.Params{"key": key})
		if err != nil {
			return err
		}
		if !ok || main.Kind == collections.FactUndo {
			return fault.New(op, fault.NotFound, "desk.unknown_act").Named("unknown_act").At("key")
		}
		if actor.Role != collections.Librarian && main.Actor != actor.ID {
			return fault.New(op, fault.Unauthorized, "desk.not_your_act")
		}
		_, undone, err := collections.Find[collections.Fact](app, "key = {:key}", dbx.Params{"key": undoKey(main)})
		if err != nil || undone {
			return err
		}
		if now.Sub(main.RecordedAt.Time()) > undoWindow {
			return fault.New(op, fault.Conflict, "desk.undo_too_late").Named("undo_too_late")
		}
		return undoAct(app, op, main, Act{Key: undoKey(main), At: now, Now: now, Actor: actor})
	})
}

// undoAct takes back the act with the given main fact, unless something was built on it.
func undoAct(app core.App, op string, main collections.Fact, act Act) error {
	facts, err := factsOfAct(app, main.Key)
	if err != nil {
		return err
	}
	for _, fact := range facts {
		if err := nothingBuiltOn(app, op, main.Key, fact); err != nil {
			return err
		}
	}
	if main.Kind == collections.FactDecide {
		if err := reopen(app, op, main.About); err != nil {
			return err
		}
	}
	return reverse(app, op, facts, act)
}

// factsOfAct reads the facts of an act in order.
func factsOfAct(app core.App, key string) ([]collections.Fact, error) {
	return collections.All[collections.Fact](app, "key = {:key} OR act = {:key} AND act != ''", "seq", dbx.Params{"key": key})
}

// undoKey makes undoing idempotent: a fact has one undo.
func undoKey(fact collections.Fact) string { return "undo:" + fact.ID }

// builtOn finds later facts, not undone, of another act about the same item, or the same hold or charge. A fact that moved nothing can always be
// taken back.
var builtOn = `SELECT COUNT(*) FROM circ_events AS later WHERE later.seq > {:seq} AND later.key != {:key} AND later.act != {:key} AND later.kind != 'undo'
	AND (later.about = {:about} AND later.about != ''
		OR {:moves} AND later.item = {:item} AND later.item != '' AND (later.kind IN (` + factsThatMove + `) OR json_extract(later.data, '$.found') IS NOT NULL))
	AND NOT EXISTS (SELECT 1 FROM circ_events AS undo WHERE undo.key = 'undo:' || later.id)`

func nothingBuiltOn(app core.App, op, key string, fact collections.Fact) error {
	d, err := detailsOf(fact)
	if err != nil {
		return err
	}
	moves := d.Found != "" || slices.Contains(movers, fact.Kind)
	var later int
	err = app.DB().NewQuery(builtOn).Bind(dbx.Params{
		"seq": fact.Seq, "key": key, "about": aboutHoldOf(fact) + aboutFeeOf(fact), "item": fact.Item, "moves": moves,
	}).Row(&later)
	if err != nil {
		return err
	}
	if later > 0 {
		return builtOnFault(op)
	}
	return nil
}

func builtOnFault(op string) error {
	return fault.New(op, fault.Conflict, "desk.undo_built_on").Named("undo_built_on")
}

// reverse writes an undo for each fact, the last one first, and derives again whatever they were about.
func reverse(app core.App, op string, facts []collections.Fact, act Act) error {
	pen := newPen(app, act)
	for _, fact := range slices.Backward(facts) {
		undo := collections.Fact{
			Key: undoKey(fact), Kind: collections.FactUndo, Item: fact.Item, Patron: fact.Patron, Loan: fact.Loan, About: fact.About, Reverses: fact.ID,
			PatronType: fact.PatronType, Grade: fact.Grade, Homeroom: fact.Homeroom,
		}
		if undo.Key != act.Key {
			undo.Act = act.Key
		}
		if _, err := pen.write(undo, details{Undoes: fact.Kind}); err != nil {
			return err
		}
	}
	return deriveAgain(app, op, facts, instant(act.Now))
}

// deriveAgain writes the state of everything some facts are about, the newest first: a loan is undone before the one that it ended is open again.
func deriveAgain(app core.App, op string, facts []collections.Fact, now types.DateTime) error {
	done := map[string]bool{}
	for _, fact := range slices.Backward(facts) {
		for _, thing := range []struct {
			id     string
			derive func(core.App, string, types.DateTime) error
		}{{fact.Loan, deriveLoanAgain}, {fact.Item, deriveItemAgain}, {aboutHoldOf(fact), deriveHoldAgain}, {aboutFeeOf(fact), deriveFeeAgain}} {
			if thing.id == "" || done[thing.id] {
				continue
			}
			done[thing.id] = true
			if err := thing.derive(app, thing.id, now); err != nil {
				return err
			}
		}
	}
	if err := recount(app, facts); err != nil {
		return err
	}
	return noTwoHolds(app, op, facts)
}

// recount tells the catalogue of every title some facts are about, once all of them are derived.
func recount(app core.App, facts []collections.Fact) error {
	done := map[string]bool{}
	for _, fact := range facts {
		if fact.Item == "" || done[fact.Item] {
			continue
		}
		done[fact.Item] = true
		item, err := itemByID(app, fact.Item)
		if err != nil {
			return err
		}
		if err := catalog.CountAvailable(app, item.Title); err != nil {
			return err
		}
	}
	return nil
}

// noTwoHolds refuses to bring back a hold while the patron has another one on the same title.
func noTwoHolds(app core.App, op string, facts []collections.Fact) error {
	for _, fact := range facts {
		if aboutHoldOf(fact) == "" {
			continue
		}
		var holds int
		err := app.DB().NewQuery(`SELECT COUNT(*) FROM holds h JOIN holds other ON other.title = h.title AND other.patron = h.patron AND other.ended_at = ''
			WHERE h.id = {:id} AND h.ended_at = ''`).Bind(dbx.Params{"id": fact.About}).Row(&holds)
		if err != nil {
			return err
		}
		if holds > 1 {
			return builtOnFault(op)
		}
	}
	return nil
}

func deriveLoanAgain(app core.App, id string, now types.DateTime) error {
	facts, err := factsOf(app, "loan", id)
	if err != nil {
		return err
	}
	loan, err := deriveLoan(facts)
	if err != nil {
		return err
	}
	if loan.State == collections.LoanOpen && loan.Patron == "" {
		return fault.New("desk.Undo", fault.Conflict, "desk.undo_forgotten").Named("undo_forgotten")
	}
	return updateState(app, loan, now)
}

func deriveItemAgain(app core.App, id string, now types.DateTime) error {
	facts, err := factsOf(app, "item", id)
	if err != nil {
		return err
	}
	status, told, err := deriveStatus(facts)
	if err != nil || !told {
		return err
	}
	return setStatus(app, id, status, types.DateTime{}, now)
}

func deriveHoldAgain(app core.App, id string, now types.DateTime) error {
	facts, err := factsOf(app, "about", id)
	if err != nil {
		return err
	}
	into, err := mergedTitles(app)
	if err != nil {
		return err
	}
	hold, err := deriveHoldFor(into)(facts)
	if err != nil {
		return err
	}
	return updateState(app, hold, now)
}

func deriveFeeAgain(app core.App, id string, now types.DateTime) error {
	facts, err := factsOf(app, "about", id)
	if err != nil {
		return err
	}
	fee, err := deriveFee(facts)
	if err != nil {
		return err
	}
	return updateState(app, fee, now)
}

// aboutHoldOf is the hold a fact is about, if it is about one.
func aboutHoldOf(fact collections.Fact) string {
	if slices.Contains(holdKinds, fact.Kind) {
		return fact.About
	}
	return ""
}

// aboutFeeOf is the charge a fact is about, if it is about one.
func aboutFeeOf(fact collections.Fact) string {
	if slices.Contains(feeKinds, fact.Kind) {
		return fact.About
	}
	return ""
}
