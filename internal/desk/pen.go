package desk

import (
	"encoding/json"
	"fmt"

	"carrel/collections"
	"carrel/internal/catalog"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// pen writes the facts of one act, in the order in which they happened. The main fact carries the key of the act; what comes with it,
// as the return that must have happened before, is numbered after it. Undoing the key undoes them all.
type pen struct {
	app   core.App
	act   Act
	wrote int
}

func newPen(app core.App, act Act) *pen { return &pen{app: app, act: act} }

// main writes the fact the act is known by.
func (p *pen) main(fact collections.Fact, d details) (collections.Fact, error) {
	fact.Key, fact.Act = p.act.Key, ""
	return p.write(fact, d)
}

// also writes a fact that comes with the act.
func (p *pen) also(fact collections.Fact, d details) (collections.Fact, error) {
	p.wrote++
	fact.Key, fact.Act = fmt.Sprintf("%s:%d", p.act.Key, p.wrote), p.act.Key
	return p.write(fact, d)
}

func (p *pen) write(fact collections.Fact, d details) (collections.Fact, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return fact, err
	}
	fact.Data = data
	if fact.At.IsZero() {
		fact.At = instant(p.act.At)
	}
	fact.RecordedAt = instant(p.act.Now)
	fact.Door, fact.Actor = p.act.Actor.Door, p.act.Actor.ID
	return insertFact(p.app, fact)
}

// moved tells the catalogue that a title's items are in or out, in the same transaction.
func (p *pen) moved(title string) error { return catalog.CountAvailable(p.app, title) }

// earlier finds the fact an act with this key already wrote. Another act's key is a fault.Conflict named key_reused.
func earlier(app core.App, op string, act Act, same func(collections.Fact) bool) (fact collections.Fact, ok bool, err error) {
	fact, ok, err = collections.Find[collections.Fact](app, "key = {:key}", dbx.Params{"key": act.Key})
	if err != nil || !ok {
		return fact, false, err
	}
	if !same(fact) {
		return fact, false, keyReused(op)
	}
	return fact, true, nil
}

// asked finds an act with this key by what was asked for.
func asked(app core.App, op string, act Act, ask string) (fact collections.Fact, ok bool, err error) {
	return earlier(app, op, act, func(f collections.Fact) bool {
		d, err := detailsOf(f)
		return err == nil && d.Ask == ask
	})
}
