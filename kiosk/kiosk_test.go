package kiosk_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/testkit"
	"carrel/kiosk"

	"github.com/pocketbase/dbx"
)

// station is the student door of a test library.
type station struct {
	testkit.Library
	door    *kiosk.Door
	handler http.Handler
	cookie  string
	card    string
}

func open(t testing.TB) *station {
	t.Helper()
	lib := testkit.NewLibrary(t)
	door, err := kiosk.New(lib.App, fstest.MapFS{
		"index.html":        {Data: []byte("not built")},
		"kiosk/index.html":  {Data: []byte("the kiosk")},
		"staff/index.html":  {Data: []byte("the staff app")},
		"staff/assets/a.js": {Data: []byte("staff")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &station{Library: lib, door: door, handler: door.Handler()}
}

// paired is a station whose kiosk is paired, with a child who has a card, and two books.
func paired(t testing.TB) *station {
	t.Helper()
	s := open(t)
	patron := s.Patron("P100")
	card, err := barcode.NewCard(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	patron.Card, s.card = card, card
	s.Save(patron)
	s.Item("B100")
	s.Item("B200")
	code, _, err := kiosk.NewCode(s.App, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got := s.ask(http.MethodPost, "/kiosk/pair", map[string]string{"code": strings.ToLower(code[:4] + " " + code[4:]), "name": "Window"}); got.status != http.StatusCreated {
		t.Fatalf("pairing: %d %s", got.status, got.raw)
	}
	return s
}

type answer struct {
	status int
	body   map[string]any
	raw    string
}

func (s *station) ask(method, path string, body any) answer {
	s.T.Helper()
	var sent bytes.Buffer
	if text, ok := body.(string); ok {
		sent.WriteString(text)
	} else if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			s.T.Fatal(err)
		}
	}
	request := httptest.NewRequest(method, path, &sent)
	if s.cookie != "" {
		request.Header.Set("Cookie", s.cookie)
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	for _, cookie := range recorder.Result().Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/kiosk" {
			s.T.Errorf("the cookie is too open: %v", cookie)
		}
		s.cookie = cookie.Name + "=" + cookie.Value
	}
	got := answer{status: recorder.Code, raw: recorder.Body.String()}
	_ = json.Unmarshal(recorder.Body.Bytes(), &got.body)
	return got
}

func (s *station) signIn() string {
	s.T.Helper()
	got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": s.card})
	if got.status != http.StatusCreated {
		s.T.Fatalf("sign-in: %d %s", got.status, got.raw)
	}
	return got.body["session"].(string) //nolint:forcetypeassert // checked by the status
}

func lend(session, item, key string) map[string]any {
	return map[string]any{"session": session, "item": item, "key": key, "at": time.Now()}
}

func TestJourney(t *testing.T) {
	s := paired(t)
	s.Rule("", "", `{"loan_days": 21, "loan_limit": 2}`)
	got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": strings.ToLower(s.card) + "\r"})
	if got.status != http.StatusCreated || got.body["first_name"] != "Diego" || got.body["left"] != float64(2) {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if strings.Contains(got.raw, "Ramírez") {
		t.Error("the answer carries a surname")
	}
	session := got.body["session"].(string) //nolint:forcetypeassert // checked above
	got = s.ask(http.MethodPost, "/kiosk/checkouts", lend(session, "B100", "key-00000001"))
	if got.status != http.StatusCreated || got.body["title"] != "Hatchet B100" || got.body["left"] != float64(1) || got.body["due"] == "" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if again := s.ask(http.MethodPost, "/kiosk/checkouts", lend(session, "B100", "key-00000001")); again.raw != got.raw {
		t.Errorf("the same key again: %s", again.raw)
	}
	if got := s.ask(http.MethodDelete, "/kiosk/session", nil); got.status != http.StatusNoContent {
		t.Errorf("end: %d", got.status)
	}
	if got := s.ask(http.MethodPost, "/kiosk/checkouts", lend(session, "B200", "key-00000002")); got.status != http.StatusGone {
		t.Errorf("after the end: %d", got.status)
	}
	if s.Count("circ_events", "door = 'kiosk' AND actor != ''") != 1 {
		t.Error("the fact does not name the kiosk")
	}
}

func TestASecondCardEndsTheFirstSession(t *testing.T) {
	s := paired(t)
	first := s.signIn()
	s.signIn()
	if got := s.ask(http.MethodPost, "/kiosk/checkouts", lend(first, "B100", "key-00000001")); got.status != http.StatusGone {
		t.Errorf("status %d", got.status)
	}
}

// A no says what to do, never why, and never names anybody.
func TestRefusals(t *testing.T) {
	s := paired(t)
	s.Rule("", "", `{"loan_days": 21, "loan_limit": 0}`)
	session := s.signIn()
	for _, test := range []struct {
		name    string
		path    string
		body    any
		outcome string
	}{
		{"limit", "/kiosk/checkouts", lend(session, "B100", "key-00000001"), "see_librarian"},
		{"unknown item", "/kiosk/checkouts", lend(session, "4006381333931", "key-00000002"), "try_again"},
		{"a web address", "/kiosk/checkouts", lend(session, "https://example.org/?q="+strings.Repeat("a", 2000), "key-00000003"), "try_again"},
		{"returns closed", "/kiosk/returns", map[string]any{"item": "B100", "key": "key-00000004"}, "see_librarian"},
		{"unknown card", "/kiosk/session", map[string]string{"card": "carrel:p:0000000000000000"}, "try_again"},
		{"old barcode", "/kiosk/session", map[string]string{"card": "P100"}, "try_again"},
	} {
		got := s.ask(http.MethodPost, test.path, test.body)
		if got.status != http.StatusConflict || got.body["outcome"] != test.outcome || len(got.body) != 2 {
			t.Errorf("%s: %d %s", test.name, got.status, got.raw)
		}
	}
}

func TestAPatronWhoLeftSeesTheLibrarian(t *testing.T) {
	s := paired(t)
	patron, _, err := collections.Find[collections.Patron](s.App, "barcode = 'P100'", nil)
	if err != nil {
		t.Fatal(err)
	}
	patron.Status = collections.PatronLeft
	s.Save(patron)
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": s.card}); got.body["outcome"] != "see_librarian" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestReturnsNeverTellWho(t *testing.T) {
	s := paired(t)
	if _, err := s.App.DB().Update("kiosks", dbx.Params{"settings": `{"returns": true}`}, dbx.HashExp{"state": "paired"}).Execute(); err != nil {
		t.Fatal(err)
	}
	s.ask(http.MethodPost, "/kiosk/checkouts", lend(s.signIn(), "B100", "key-00000001"))
	got := s.ask(http.MethodPost, "/kiosk/returns", map[string]any{"item": "B100", "key": "key-00000002"})
	if got.status != http.StatusOK || len(got.body) != 1 || got.body["title"] != "Hatchet B100" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestPairing(t *testing.T) {
	s := open(t)
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": "x"}); got.status != http.StatusUnauthorized {
		t.Errorf("not paired: %d", got.status)
	}
	old, _, err := kiosk.NewCode(s.App, time.Now().Add(-11*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	fresh, _, err := kiosk.NewCode(s.App, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		code   string
		status int
	}{"empty": {"", 400}, "wrong": {"ABCDEFGH", 400}, "too old": {old, 400}} {
		if got := s.ask(http.MethodPost, "/kiosk/pair", map[string]string{"code": test.code, "name": "K"}); got.status != test.status {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if got := s.ask(http.MethodPost, "/kiosk/pair", map[string]string{"code": fresh, "name": "K"}); got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := s.ask(http.MethodPost, "/kiosk/pair", map[string]string{"code": fresh, "name": "K"}); got.status != http.StatusBadRequest {
		t.Errorf("the code a second time: %d", got.status)
	}
	if s.Count("kiosks", "code_hash = '"+fresh+"' OR token_hash = '"+strings.TrimPrefix(s.cookie, "carrel_kiosk=")+"'") != 0 {
		t.Error("a secret is stored in clear")
	}
}

func TestRevokedAtOnce(t *testing.T) {
	s := paired(t)
	device, _, err := collections.Find[collections.Kiosk](s.App, "state = 'paired'", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := kiosk.Revoke(s.App, device.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.ask(http.MethodGet, "/kiosk/state", nil); got.status != http.StatusUnauthorized {
		t.Errorf("status %d", got.status)
	}
}

func TestTwentySessionsAMinute(t *testing.T) {
	s := paired(t)
	for i := range 20 {
		if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": fmt.Sprintf("carrel:p:guess%d", i)}); got.status != http.StatusConflict {
			t.Fatalf("try %d: %d", i, got.status)
		}
	}
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": s.card}); got.status != http.StatusTooManyRequests {
		t.Errorf("the 21st: %d", got.status)
	}
}

// Nothing of the staff door exists on this port.
func TestNothingElseExists(t *testing.T) {
	s := paired(t)
	for _, path := range []string{
		"/_/", "/api/", "/api/health", "/api/collections/patrons/records", "/api/carrel/checkouts", "/api/carrel/patrons/P100", "/api/carrel/search",
		"/staff/", "/staff/assets/a.js", "/assets/../staff/index.html", "/kiosk/", "/kiosk/picture", "/pb_public/index.html",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if got := s.ask(method, path, nil); got.status != http.StatusNotFound && got.status != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d %s", method, path, got.status, got.raw)
			}
		}
	}
	if got := s.ask(http.MethodGet, "/", nil); got.status != http.StatusOK || got.raw != "the kiosk" {
		t.Errorf("the page: %d %s", got.status, got.raw)
	}
}

func TestReplayRoute(t *testing.T) {
	s := paired(t)
	acts := []map[string]any{
		{"key": "offline-0001", "at": time.Now().Add(-time.Hour), "kind": "check_out", "card": s.card, "item": "B100"},
		{"key": "offline-0002", "at": time.Now().Add(-time.Hour), "kind": "check_out", "card": s.card, "item": "nothing"},
	}
	for range 2 {
		got := s.ask(http.MethodPost, "/kiosk/replay", map[string]any{"acts": acts})
		results, _ := got.body["results"].([]any)
		if got.status != http.StatusOK || len(results) != 2 {
			t.Fatalf("%d %s", got.status, got.raw)
		}
		first, _ := results[0].(map[string]any)
		second, _ := results[1].(map[string]any)
		if first["outcome"] != "done" || second["outcome"] != "question" {
			t.Errorf("%s", got.raw)
		}
	}
	if s.Count("loans", "1") != 1 || s.Count("kiosk_questions", "1") != 1 {
		t.Error("sent twice was done twice")
	}
}

func TestBrokenBodies(t *testing.T) {
	s := paired(t)
	for _, path := range []string{"/kiosk/pair", "/kiosk/session", "/kiosk/checkouts", "/kiosk/returns", "/kiosk/replay"} {
		for _, body := range []string{"", "{", "[]", `{"acts": 5, "card": {}, "item": [], "code": 1}`, "\x00\xff"} {
			if got := s.ask(http.MethodPost, path, body); got.status >= 500 || got.status < 400 {
				t.Errorf("%s %q: %d %s", path, body, got.status, got.raw)
			}
		}
	}
}
