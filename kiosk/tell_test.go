package kiosk_test

import (
	"net/http"
	"testing"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// Staff hear what a kiosk did, and nothing of what it was refused.
func TestStaffHearOfAKiosk(t *testing.T) {
	s := paired(t)
	staff, err := s.App.FindCollectionByNameOrId(collections.Staff)
	if err != nil {
		t.Fatal(err)
	}
	client := subscriptions.NewDefaultClient()
	client.Set(apis.RealtimeClientAuthKey, core.NewRecord(staff))
	client.Subscribe("carrel")
	s.App.SubscriptionsBroker().Register(client)
	session := s.signIn()
	s.ask(http.MethodPost, "/kiosk/checkouts", lend(session, "NOSUCH", "live-key-1"))
	s.ask(http.MethodGet, "/kiosk/state", nil)
	s.ask(http.MethodPost, "/kiosk/checkouts", lend(session, "B100", "live-key-2"))
	if got := <-client.Channel(); string(got.Data) != `{"kinds":["loans","holds","items"]}` {
		t.Errorf("a check-out: %s", got.Data)
	}
	s.ask(http.MethodPost, "/kiosk/replay", map[string]any{"acts": []any{}})
	if got := <-client.Channel(); string(got.Data) != `{"kinds":["loans","holds","items","notices","questions"]}` {
		t.Errorf("a replay: %s", got.Data)
	}
}

// A failure of our own has an id, and says nothing else of itself.
func TestFailuresHaveAnID(t *testing.T) {
	s := paired(t)
	if _, err := s.App.DB().NewQuery("ALTER TABLE homerooms RENAME TO gone").Execute(); err != nil {
		t.Fatal(err)
	}
	got := s.ask(http.MethodGet, "/kiosk/state", nil)
	data, _ := got.body["data"].(map[string]any)
	if id, _ := data["id"].(string); got.status != http.StatusInternalServerError || len(id) != 8 || len(data) != 1 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
