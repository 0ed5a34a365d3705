// Package live tells the staff apps that are open that something has changed, so that they ask again. It never says what, nor of whom.
package live

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"carrel/collections"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// Topic is what a staff app subscribes to. A message is {"kinds":["loans","holds"]}.
const Topic = "carrel"

// Kind is a family of things that may have changed.
type Kind string

const (
	Loans     Kind = "loans"
	Holds     Kind = "holds"
	Items     Kind = "items"
	Patrons   Kind = "patrons"
	Questions Kind = "questions"
	Notices   Kind = "notices"
	Kiosks    Kind = "kiosks"
	Imports   Kind = "imports"
	Settings  Kind = "settings"
	Titles    Kind = "titles"
	Adds      Kind = "adds"
	Lists     Kind = "lists"
	Teaching  Kind = "teaching" // lessons, sessions, standards
	Checks    Kind = "checks"   // checks before and after, and their answers
	Budget    Kind = "budget"
)

// pause is how long one app is left alone after a message; what happens meanwhile comes together in the next one.
const pause = 300 * time.Millisecond

// Tell says that something of these kinds has changed, to every signed-in member of staff who listens. It never waits for anybody. It is to be called
// after the change is durable: whoever hears it asks at once.
func Tell(app core.App, kinds ...Kind) {
	if len(kinds) == 0 {
		return
	}
	tellerOf(app).tell(app.SubscriptionsBroker(), kinds)
}

// teller keeps what each listener has yet to hear, by the id of the client; a client that is in it is being served.
type teller struct {
	mu      sync.Mutex
	waiting map[string][]Kind
	clock   clockwork.Clock
}

const tellerKey = "carrel.live"

func tellerOf(app core.App) *teller {
	kept, _ := app.Store().GetOrSet(tellerKey, func() any { return newTeller(clockwork.NewRealClock()) }).(*teller)
	return kept
}

func newTeller(clock clockwork.Clock) *teller {
	return &teller{waiting: map[string][]Kind{}, clock: clock}
}

func (t *teller) tell(broker *subscriptions.Broker, kinds []Kind) {
	for _, client := range broker.Clients() {
		if listens(client) && t.add(client.Id(), kinds) {
			go t.serve(client)
		}
	}
}

// listens tells whether a client has subscribed and is a member of staff. The platform takes the account from a client when it is deleted or its
// password changes.
func listens(client subscriptions.Client) bool {
	account, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
	return account != nil && account.Collection().Name == collections.Staff && client.HasSubscription(Topic)
}

// add notes kinds for a client; first is true when nobody serves it yet.
func (t *teller) add(id string, kinds []Kind) (first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting, served := t.waiting[id]
	for _, kind := range kinds {
		if !slices.Contains(waiting, kind) {
			waiting = append(waiting, kind)
		}
	}
	t.waiting[id] = waiting
	return !served
}

// take answers what a client has yet to hear; when that is nothing, the client is served no more.
func (t *teller) take(id string) []Kind {
	t.mu.Lock()
	defer t.mu.Unlock()
	kinds := t.waiting[id]
	if len(kinds) == 0 {
		delete(t.waiting, id)
		return nil
	}
	t.waiting[id] = nil
	return kinds
}

// serve sends until there is nothing left. A slow client holds up this one goroutine and nobody else.
func (t *teller) serve(client subscriptions.Client) {
	for kinds := t.take(client.Id()); kinds != nil; kinds = t.take(client.Id()) {
		if listens(client) {
			client.Send(message(kinds))
		}
		t.clock.Sleep(pause)
	}
}

func message(kinds []Kind) subscriptions.Message {
	data, _ := json.Marshal(map[string][]Kind{"kinds": kinds}) //nolint:errcheck // texts are always JSON
	return subscriptions.Message{Name: Topic, Data: data}
}
