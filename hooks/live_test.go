package hooks_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"carrel/collections"

	"github.com/pocketbase/pocketbase/tools/logger"
)

// ear is one connection of a staff app for what changes.
type ear struct {
	h     *house
	base  string
	id    string
	lines *bufio.Scanner
}

// hear connects as the platform's own client does.
func hear(h *house, base string) *ear {
	h.T.Helper()
	ctx, hangUp := context.WithCancel(h.T.Context())
	h.T.Cleanup(hangUp)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/realtime", nil)
	if err != nil {
		h.T.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(func() { _ = answer.Body.Close() })
	e := &ear{h, base, "", bufio.NewScanner(answer.Body)}
	var hello struct{ ClientID string }
	if _, data := e.next(); json.Unmarshal([]byte(data), &hello) != nil || hello.ClientID == "" {
		h.T.Fatal("no connection")
	}
	e.id = hello.ClientID
	return e
}

func (e *ear) next() (event, data string) {
	e.h.T.Helper()
	for e.lines.Scan() {
		line := e.lines.Text()
		if name, ok := strings.CutPrefix(line, "event:"); ok {
			event = name
		}
		if content, ok := strings.CutPrefix(line, "data:"); ok {
			return event, content
		}
	}
	e.h.T.Fatal("the connection ended")
	return "", ""
}

// subscribe asks for the topic with a token, or as a guest.
func (e *ear) subscribe(token string) {
	e.h.T.Helper()
	body, err := json.Marshal(map[string]any{"clientId": e.id, "subscriptions": []string{"carrel"}})
	if err != nil {
		e.h.T.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, e.base+"/api/realtime", strings.NewReader(string(body)))
	if err != nil {
		e.h.T.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		e.h.T.Fatal(err)
	}
	defer answer.Body.Close()
	if content, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusNoContent {
		e.h.T.Fatalf("subscribing: %d %s", answer.StatusCode, content)
	}
}

func (e *ear) hears(want string) {
	e.h.T.Helper()
	if event, data := e.next(); event != "carrel" || data != want {
		e.h.T.Errorf("heard %s %s, want %s", event, data, want)
	}
}

// Staff hear that something changed, and nothing of whom; a guest hears nothing, though the same connection does once it has signed in. What was refused
// changed nothing.
func TestLiveUpdates(t *testing.T) {
	h := withStaff(t)
	patron, item := h.borrower(), h.shelved()
	server := httptest.NewServer(h.mux)
	t.Cleanup(server.Close)
	guest, staff := hear(h, server.URL), hear(h, server.URL)
	guest.subscribe("")
	staff.subscribe(h.tokens[collections.Volunteer])
	h.head(http.MethodPost, "checkouts", map[string]any{"patron": patron, "item": "NOSUCH", "key": "live-key-1"})
	h.get("questions", collections.Librarian)
	h.do("checkouts", map[string]any{"patron": patron, "item": item, "key": "live-key-2"})
	staff.hears(`{"kinds":["loans","holds","items"]}`)
	guest.subscribe(h.tokens[collections.Aide])
	h.put("settings/fees", map[string]any{"on": true})
	guest.hears(`{"kinds":["settings"]}`)
	staff.hears(`{"kinds":["settings"]}`)
}

// A failure of our own says nothing of itself but an id, which is in the log with its cause.
func TestFailuresHaveAnID(t *testing.T) {
	h := withStaff(t)
	if _, err := h.App.DB().NewQuery("ALTER TABLE kiosk_questions RENAME TO gone").Execute(); err != nil {
		t.Fatal(err)
	}
	got := h.head(http.MethodGet, "questions", nil)
	data, _ := got.body["data"].(map[string]any)
	id, _ := data["id"].(string)
	if got.status != http.StatusInternalServerError || len(id) != 8 || strings.Contains(got.raw, "kiosk_questions") {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if log := logged(h); !slices.ContainsFunc(log, func(line string) bool {
		return strings.Contains(line, id) && strings.Contains(line, "no such table")
	}) {
		t.Errorf("the log does not know %s: %q", id, log)
	}
}

// logged is what the log has to say.
func logged(h *house) (lines []string) {
	h.T.Helper()
	handler, ok := h.App.Logger().Handler().(*logger.BatchHandler)
	if !ok {
		h.T.Fatal("the platform logs otherwise now")
	}
	if err := handler.WriteAll(h.T.Context()); err != nil {
		h.T.Fatal(err)
	}
	if err := h.App.AuxDB().NewQuery("SELECT data FROM _logs").Column(&lines); err != nil {
		h.T.Fatal(err)
	}
	return lines
}
