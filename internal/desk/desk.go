// Package desk is where things are lent: check out, return, renew, hold, claim, charge, undo. Every door leads here, and nothing else
// writes a loan, a hold, a charge, the state of an item or a circulation fact. Each act is one transaction: read, decide, write the state and
// the facts it is derived from.
package desk

import (
	"errors"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

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
	// Reason is why staff did it against the rules, in their words; it is kept in the fact.
	Reason string
}

// clockLeeway is how far a device's clock may run ahead of ours before its time is refused.
const clockLeeway = 10 * time.Minute

// check completes and validates the act. The codes are fault.Invalid with the field "key" or "at".
func (a *Act) check(op string) error {
	if len(a.Key) < 8 || len(a.Key) > 56 || strings.Contains(a.Key, ":") { // a colon numbers the further facts of an act
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
	Overridable  bool
	Item, Patron string // barcodes, in an act of many
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

func day(house site.House, at time.Time) policy.Day { return policy.DayOf(at, house.Calendar.Zone) }

func keyReused(op string) error {
	return fault.New(op, fault.Conflict, "desk.key_reused").Named("key_reused")
}

func instant(at time.Time) types.DateTime {
	stored, _ := types.ParseDateTime(at)
	return stored
}

// parseInstant reads a stored instant; nothing is the beginning of time.
func parseInstant(stored string) time.Time {
	at, _ := types.ParseDateTime(stored)
	return at.Time()
}

// decided passes the refusals that the actor overrides. What is left is a fault.Refused with cause *Refused.
func decided(op string, decision policy.Decision, override []policy.Code, actor Actor) error {
	var left []Refusal
	for _, refusal := range decision.Refusals {
		may := policy.MayOverride(string(actor.Role), refusal.Code)
		if may && contains(override, refusal.Code) {
			continue
		}
		left = append(left, Refusal{Refusal: refusal, Overridable: may})
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
