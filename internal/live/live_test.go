package live

import (
	"testing"

	"carrel/collections"
	"carrel/internal/testkit"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// hall is an app with clients, and a clock that only the test moves.
type hall struct {
	app   core.App
	clock *clockwork.FakeClock
}

func open(t *testing.T) hall {
	t.Helper()
	h := hall{testkit.App(t), clockwork.NewFakeClock()}
	h.app.Store().Set(tellerKey, newTeller(h.clock))
	return h
}

func (h hall) client(t *testing.T, collection string, topics ...string) subscriptions.Client {
	t.Helper()
	client := subscriptions.NewDefaultClient()
	h.app.SubscriptionsBroker().Register(client)
	client.Subscribe(topics...)
	if collection != "" {
		h.signIn(t, client, collection)
	}
	return client
}

func (h hall) signIn(t *testing.T, client subscriptions.Client, collection string) {
	t.Helper()
	found, err := h.app.FindCollectionByNameOrId(collection)
	if err != nil {
		t.Fatal(err)
	}
	client.Set(apis.RealtimeClientAuthKey, core.NewRecord(found))
}

func heard(t *testing.T, client subscriptions.Client, want string) {
	t.Helper()
	if got := <-client.Channel(); got.Name != Topic || string(got.Data) != want {
		t.Errorf("heard %s %s, want %s", got.Name, got.Data, want)
	}
}

// Whoever may not hear is told nothing: what they hear first, once they may, is what happened then.
func TestWhoHears(t *testing.T) {
	for name, test := range map[string]struct {
		collection string
		topics     []string
	}{
		"a guest":             {"", []string{Topic}},
		"a superuser":         {core.CollectionNameSuperusers, []string{Topic}},
		"who did not ask":     {collections.Staff, nil},
		"who asked otherwise": {collections.Staff, []string{"carrel2", "staff/*"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			staff := h.client(t, collections.Staff, Topic)
			other := h.client(t, test.collection, test.topics...)
			Tell(h.app, Loans, Holds)
			heard(t, staff, `{"kinds":["loans","holds"]}`)
			other.Subscribe(Topic)
			h.signIn(t, other, collections.Staff)
			Tell(h.app, Settings)
			heard(t, other, `{"kinds":["settings"]}`)
		})
	}
}

// Many acts in a moment are one message, each kind named once, and a client that does not listen holds up nobody.
func TestManyActsAreOneMessage(t *testing.T) {
	h := open(t)
	h.client(t, collections.Staff, Topic) // never reads
	staff := h.client(t, collections.Staff, Topic)
	Tell(h.app, Loans)
	heard(t, staff, `{"kinds":["loans"]}`)
	for range 20 {
		Tell(h.app, Loans, Holds)
		Tell(h.app, Items)
	}
	if err := h.clock.BlockUntilContext(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(pause)
	heard(t, staff, `{"kinds":["loans","holds","items"]}`)
	if err := h.clock.BlockUntilContext(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(pause)
	Tell(h.app, Kiosks)
	heard(t, staff, `{"kinds":["kiosks"]}`)
}

// Who was signed out meanwhile does not hear what waited.
func TestSignedOutMeanwhile(t *testing.T) {
	h := open(t)
	staff := h.client(t, collections.Staff, Topic)
	Tell(h.app, Loans)
	heard(t, staff, `{"kinds":["loans"]}`)
	Tell(h.app, Holds)
	staff.Unset(apis.RealtimeClientAuthKey)
	if err := h.clock.BlockUntilContext(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(pause) // what waited is dropped, and nothing is sent
	if err := h.clock.BlockUntilContext(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	h.signIn(t, staff, collections.Staff)
	Tell(h.app, Items)
	h.clock.Advance(pause)
	heard(t, staff, `{"kinds":["items"]}`)
}

func TestNothingToTell(t *testing.T) {
	h := open(t)
	staff := h.client(t, collections.Staff, Topic)
	Tell(h.app)
	Tell(h.app, Imports)
	heard(t, staff, `{"kinds":["imports"]}`)
}
