// Package desk is where things are lent: check out, return, renew, undo. Every door leads here, and nothing else
// writes a loan or a circulation fact. Each act is one transaction: read, decide, write state and one fact.
package desk

import (
	"encoding/json"
	"errors"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Actor is who acts and through which door.
type Actor struct {
	Door string // "staff", "kiosk" or "command"
	ID   string // the staff member or kiosk
	Role collections.Role
}

// Act is what every act at the desk has in common.
type Act struct {
	Key   string    // the caller's random key: the same key again writes nothing and answers the same
	At    time.Time // when it happened; zero for now
	Now   time.Time // when the desk learned of it
	Actor Actor
}

// clockLeeway is how far a device's clock may run ahead of ours before its time is refused.
const clockLeeway = 10 * time.Minute

// check completes and validates the act. The codes are fault.Invalid with the field "key" or "at".
func (a *Act) check(op string) error {
	if len(a.Key) < 8 || len(a.Key) > 56 {
		return fault.New(op, fault.Invalid, "desk.bad_key").At("key")
	}
	if a.At.IsZero() {
		a.At = a.Now
	}
	if a.At.After(a.Now.Add(clockLeeway)) {
		return fault.New(op, fault.Invalid, "desk.future").At("at")
	}
	return nil
}

// Refused is the cause of a fault.Refused: every reason at once.
type Refused struct{ Refusals []Refusal }

// Refusal is one reason, and whether the one who asked may pass it on purpose.
type Refusal struct {
	policy.Refusal
	Overridable bool
}

func (r *Refused) Error() string {
	text := ""
	for i, refusal := range r.Refusals {
		if i > 0 {
			text += ", "
		}
		text += string(refusal.Code)
	}
	return text
}

// details is what a fact keeps besides its columns: enough to answer the same act again and to rebuild the loan.
type details struct {
	Due      policy.Day    `json:"due,omitzero"`
	Why      *say.Text     `json:"why,omitempty"`
	Override []policy.Code `json:"override,omitempty"`
	Mode     string        `json:"mode,omitempty"`
	Found    string        `json:"found,omitempty"` // the state the item was in before a scan found it
	Undoes   string        `json:"undoes,omitempty"`
	DeviceAt *time.Time    `json:"device_at,omitempty"` // what a kiosk's own clock said about a replayed act
}

func detailsOf(fact collections.Fact) (d details, err error) {
	if len(fact.Data) == 0 {
		return d, nil
	}
	return d, json.Unmarshal(fact.Data, &d)
}

func day(house site.House, at time.Time) policy.Day { return policy.DayOf(at, house.Calendar.Zone) }

// earlier finds the fact an act with this key already wrote. Another act's key is a fault.Conflict named key_reused.
func earlier(app core.App, op string, act Act, same func(collections.Fact) bool) (fact collections.Fact, ok bool, err error) {
	fact, ok, err = collections.Find[collections.Fact](app, "key = {:key}", dbx.Params{"key": act.Key})
	if err != nil || !ok {
		return fact, false, err
	}
	if !same(fact) {
		return fact, false, fault.New(op, fault.Conflict, "desk.key_reused").Named("key_reused")
	}
	return fact, true, nil
}

// record appends a fact.
func record(app core.App, act Act, fact collections.Fact, d details) (collections.Fact, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return fact, err
	}
	fact.Data = data
	if fact.Key == "" {
		fact.Key = act.Key
	}
	fact.At, fact.RecordedAt = instant(act.At), instant(act.Now)
	fact.Door, fact.Actor = act.Actor.Door, act.Actor.ID
	return insertFact(app, fact)
}

func instant(at time.Time) types.DateTime {
	stored, _ := types.ParseDateTime(at)
	return stored
}

// moved tells the catalogue that a title's items are in or out, in the same transaction.
func moved(app core.App, item Thing) error { return catalog.CountAvailable(app, item.Title) }

// decided passes the refusals that the actor overrides. What is left is a fault.Refused with cause *Refused.
func decided(op string, decision policy.Decision, override []policy.Code, actor Actor) error {
	var left []Refusal
	for _, refusal := range decision.Refusals {
		may := policy.MayOverride(string(actor.Role), refusal.Code)
		if may && contains(override, refusal.Code) {
			continue
		}
		left = append(left, Refusal{refusal, may})
	}
	if len(left) == 0 {
		return nil
	}
	return fault.New(op, fault.Refused, "desk.refused").Because(&Refused{left})
}

// passed lists the refusals that were overridden, for the fact.
func passed(decision policy.Decision) []policy.Code {
	var codes []policy.Code
	for _, refusal := range decision.Refusals {
		codes = append(codes, refusal.Code)
	}
	return codes
}

func contains(codes []policy.Code, code policy.Code) bool {
	for _, have := range codes {
		if have == code {
			return true
		}
	}
	return false
}

// AsRefused digs the refusals out of an error.
func AsRefused(err error) (*Refused, bool) {
	var refused *Refused
	return refused, errors.As(err, &refused)
}
