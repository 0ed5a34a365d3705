package desk

import (
	"encoding/json"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Replayed is one act that a kiosk kept while the server was away.
type Replayed struct {
	Key    string    `json:"key"`
	At     time.Time `json:"at"`                  // by the kiosk's clock
	Offset int64     `json:"offset_ms,omitempty"` // our time less the kiosk's, in milliseconds, as it last knew it
	Kind   string    `json:"kind"`
	Card   string    `json:"card,omitempty"`
	Child  string    `json:"child,omitempty"` // of a tapped face, in the place of a card; the door knows whose it is
	Item   string    `json:"item"`

	PatronID string `json:"-"`
}

// Happened is when the act happened by our clock, as far as the kiosk could know.
func (r Replayed) Happened() time.Time {
	return r.At.Add(time.Duration(r.Offset) * time.Millisecond)
}

func (r Replayed) patron(app core.App) (Borrower, error) {
	if r.PatronID != "" {
		return patronByID(app, r.PatronID)
	}
	return FindPatron(app, r.Card)
}

// The outcomes of a replayed act.
const (
	ReplayDone     = "done"
	ReplayQuestion = "question" // kept, and the librarian is asked
)

// replayAge is how old a replayed act may be before it is a question whatever the rules say.
const replayAge = 30 * 24 * time.Hour

// Replay records an act that has already happened. The physical act wins: the book is with the child, so what a rule
// would have refused is kept and asked, never dropped. The code is fault.Invalid (key, kind).
func Replay(app core.App, replayed Replayed, now time.Time, actor Actor) (result string, err error) {
	const op = "desk.Replay"
	act := Act{Key: replayed.Key, At: replayed.Happened(), Now: now, Actor: actor}
	if act.At.After(now) || replayed.At.IsZero() {
		act.At = now
	}
	if err := act.check(op); err != nil {
		return "", err
	}
	if replayed.Kind != collections.FactCheckOut && replayed.Kind != collections.FactReturn {
		return "", fault.New(op, fault.Invalid, "desk.bad_kind").At("kind")
	}
	err = inTurn(app, func(app core.App) error {
		known, asked, err := replayedBefore(app, act.Key)
		if err != nil {
			return err
		}
		result = ReplayDone
		if known || asked {
			if asked {
				result = ReplayQuestion
			}
			return nil
		}
		fact, reason, err := keep(app, act, replayed)
		if err != nil || reason == "" {
			return err
		}
		result = ReplayQuestion
		return ask(app, replayed, actor, fact, reason)
	})
	return result, err
}

func replayedBefore(app core.App, key string) (known, asked bool, err error) {
	params := dbx.Params{"key": key}
	if _, known, err = collections.Find[collections.Fact](app, "key = {:key}", params); err != nil {
		return false, false, err
	}
	_, asked, err = collections.Find[collections.KioskQuestion](app, "key = {:key}", params)
	return known, asked, err
}

// keep writes the fact of a replayed act and says why the librarian must be asked; "" when all is well.
func keep(app core.App, act Act, replayed Replayed) (fact collections.Fact, reason string, err error) {
	item, err := FindItem(app, replayed.Item)
	if fault.CodeOf(err) == fault.NotFound {
		return fact, "unknown_item", nil
	}
	if err != nil {
		return fact, "", err
	}
	if replayed.Kind == collections.FactReturn {
		fact, reason, err = keepReturn(app, act, item, replayed)
	} else {
		fact, reason, err = keepCheckOut(app, act, item, replayed)
	}
	if err != nil || reason != "" {
		return fact, reason, err
	}
	reason, err = doubtful(app, act, replayed)
	return fact, reason, err
}

// doubtful finds acts that cannot be what they claim: from the future, from long ago, or from a minute in which the kiosk was talking to us.
func doubtful(app core.App, act Act, replayed Replayed) (string, error) {
	if at := replayed.Happened(); at.After(act.Now.Add(clockLeeway)) || act.Now.Sub(at) > replayAge {
		return "late", nil
	}
	var live int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM kiosk_heard WHERE kiosk = {:kiosk} AND minute = {:minute}`).
		Bind(dbx.Params{"kiosk": act.Actor.ID, "minute": act.At.Unix() / 60}).Row(&live)
	if err == nil && live > 0 {
		return "overlap", nil
	}
	return "", err
}

// ended is the moment after at when the item was next scanned anywhere: a loan made offline had ended by then.
func ended(app core.App, item string, at time.Time) (end time.Time, found bool, err error) {
	later, err := collections.All[collections.Fact](app, `item = {:item} AND at > {:at} AND kind IN (`+scans+`)
		AND NOT EXISTS (SELECT 1 FROM circ_events AS undo WHERE undo.key = 'undo:' || circ_events.id)`, "at", dbx.Params{"item": item, "at": instant(at).String()})
	if err != nil || len(later) == 0 {
		return end, false, err
	}
	return later[0].At.Time(), true, nil
}

func keepCheckOut(app core.App, act Act, item Thing, replayed Replayed) (fact collections.Fact, reason string, err error) {
	patron, err := replayed.patron(app)
	if fault.CodeOf(err) == fault.NotFound {
		return fact, "unknown_patron", nil
	}
	if err != nil {
		return fact, "", err
	}
	pen := newPen(app, act)
	scene, err := look(app, act, patron, item)
	if err != nil {
		return fact, "", err
	}
	if len(scene.decision.Refusals) > 0 {
		reason = "rule"
	}
	end, over, err := ended(app, item.ID, act.At)
	if err != nil {
		return fact, "", err
	}
	if scene.out {
		reason = "on_loan"
		if !over {
			if err := pen.bringBack(scene.current, item); err != nil {
				return fact, "", err
			}
		}
	}
	d := details{DeviceAt: &replayed.At}
	if !over {
		_, fact, err = pen.lend(patron, item, scene.decision, d, pen.main)
		return fact, reason, err
	}
	if reason == "" {
		reason = "overlap"
	}
	fact, err = pen.lendEnded(patron, item, scene.decision, d, end)
	return fact, reason, err
}

// lendEnded records a loan that was over before we learned of it.
func (p *pen) lendEnded(patron Borrower, item Thing, decision policy.Decision, d details, end time.Time) (fact collections.Fact, err error) {
	loan, err := p.openLoan(collections.Loan{
		Item: item.ID, Patron: patron.ID, State: collections.LoanReturned,
		PatronType: patron.TypeCode, Grade: patron.Grade, Homeroom: patron.HomeroomName,
		OutAt: instant(p.act.At), Due: decision.Due, ReturnedAt: instant(end),
	})
	if err != nil {
		return fact, err
	}
	d.Due, d.Why, d.Override = decision.Due, &decision.Why, passed(decision)
	if fact, err = p.main(about(collections.FactCheckOut, loan), d); err != nil {
		return fact, err
	}
	back := about(collections.FactReturn, loan)
	back.At = instant(end)
	_, err = p.also(back, details{Mode: modeImplied, DeviceAt: d.DeviceAt})
	return fact, err
}

func keepReturn(app core.App, act Act, item Thing, replayed Replayed) (fact collections.Fact, reason string, err error) {
	pen, d := newPen(app, act), details{DeviceAt: &replayed.At}
	loan, out, err := endable(app, item)
	if err != nil {
		return fact, "", err
	}
	// A return from before the loan was made belongs to an earlier loan: it says nothing about this one.
	if out && act.At.Before(loan.OutAt.Time()) {
		fact, err = pen.main(collections.Fact{Kind: collections.FactSeen, Item: item.ID}, d)
		return fact, "overlap", err
	}
	fact, err = pen.takeBack(loan, out, item, modeReturn, d, pen.main)
	return fact, "", err
}

// ask leaves a question for the librarian; the act itself is already kept.
func ask(app core.App, replayed Replayed, actor Actor, fact collections.Fact, reason string) error {
	act, err := json.Marshal(replayed)
	if err != nil {
		return err
	}
	_, err = collections.Insert(app, collections.KioskQuestion{
		Key: replayed.Key, Kiosk: actor.ID, Fact: fact.ID, State: "open", Reason: reason, Act: act,
	})
	return err
}
