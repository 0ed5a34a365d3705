package hooks

import (
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/core"
)

// actBody is what the body of every act has.
type actBody struct {
	Key      string        `json:"key"`
	At       string        `json:"at"`     // RFC 3339; now when left out
	Reason   string        `json:"reason"` // why it is done against the rules
	Override []policy.Code `json:"override"`
}

// act makes the act of a body, after looking for the fields it needs: a name, then its value.
func (b actBody) act(e *core.RequestEvent, needed ...string) (desk.Act, error) {
	if err := required(append(needed, "key", b.Key)...); err != nil {
		return desk.Act{}, err
	}
	at, err := parseAt(b.At)
	return desk.Act{Key: b.Key, At: at, Now: time.Now(), Actor: actor(e), Reason: b.Reason}, err
}

func actor(e *core.RequestEvent) desk.Actor {
	return desk.Actor{Door: "staff", ID: e.Auth.Id, Role: roleOf(e)}
}

func isHead(e *core.RequestEvent) bool { return roleOf(e) == collections.Librarian }

// only refuses what a route does for some of its roles only.
func only(e *core.RequestEvent, roles []collections.Role) error {
	if slices.Contains(roles, roleOf(e)) {
		return nil
	}
	return fault.New("hooks.only", fault.Unauthorized, "door.not_your_role")
}

// list is never null in JSON.
func list[V any](values []V) []V {
	if values == nil {
		return []V{}
	}
	return values
}
