package kiosk_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/kiosk"
)

// device is the one kiosk of a station.
func (s *station) device() collections.Kiosk {
	s.T.Helper()
	devices, err := collections.All[collections.Kiosk](s.App, "state = 'paired'", "", nil)
	if err != nil || len(devices) != 1 {
		s.T.Fatalf("%d kiosks, %v", len(devices), err)
	}
	return devices[0]
}

func (s *station) set(settings string) {
	s.T.Helper()
	if _, err := kiosk.Change(s.App, s.device().ID, "", json.RawMessage(settings)); err != nil {
		s.T.Fatal(err)
	}
}

// classOf puts P100 into a homeroom and opens its window.
func (s *station) classOf(settings string) collections.Homeroom {
	s.T.Helper()
	room := s.Homeroom("K-A")
	if _, err := s.App.DB().NewQuery("UPDATE patrons SET homeroom = '" + room.ID + "' WHERE barcode = 'P100'").Execute(); err != nil {
		s.T.Fatal(err)
	}
	s.set(settings)
	if err := kiosk.OpenWindow(s.App, s.device().ID, room.ID, time.Now().Add(time.Hour), time.Now()); err != nil {
		s.T.Fatal(err)
	}
	return room
}

// faces are the tokens the kiosk is given, with the names.
func (s *station) faces() map[string]string {
	s.T.Helper()
	got := s.ask(http.MethodGet, "/kiosk/state", nil)
	var state struct {
		Window *struct {
			Children []struct {
				Child     string `json:"child"`
				FirstName string `json:"first_name"`
			} `json:"children"`
		} `json:"window"`
	}
	if err := json.Unmarshal([]byte(got.raw), &state); err != nil || got.status != http.StatusOK {
		s.T.Fatalf("%d %s", got.status, got.raw)
	}
	faces := map[string]string{}
	if state.Window != nil {
		for _, child := range state.Window.Children {
			faces[child.FirstName] = child.Child
		}
	}
	return faces
}

func TestSettings(t *testing.T) {
	s := paired(t)
	s.set(`{"returns": true, "language": "es", "idle_seconds": 40, "sounds": false, "away": "close"}`)
	got := s.ask(http.MethodGet, "/kiosk/state", nil)
	for field, want := range map[string]any{
		"returns": true, "language": "es", "idle_seconds": 40.0, "sounds": false, "away": "close", "kinder": false, "camera": true, "kiosk": "Window", "window": nil,
	} {
		if got.body[field] != want {
			t.Errorf("%s is %v, want %v", field, got.body[field], want)
		}
	}
	for bad, field := range map[string]string{
		`{"idle_seconds": 1}`: "idle_seconds", `{"language": "tlh"}`: "language", `{"away": "panic"}`: "away", `{"colour": "red"}`: "settings", `[]`: "settings",
	} {
		_, err := kiosk.Change(s.App, s.device().ID, "", json.RawMessage(bad))
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if device, err := kiosk.Change(s.App, s.device().ID, " By the door ", nil); err != nil || device.Name != "By the door" {
		t.Errorf("%q, %v", device.Name, err)
	}
	if _, err := kiosk.Change(s.App, "nothing00000000", "x", nil); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown kiosk: %v", err)
	}
}

// Of two changes at the same time none is lost.
func TestChangesAtOnce(t *testing.T) {
	s := paired(t)
	id := s.device().ID
	var changing sync.WaitGroup
	for _, settings := range []string{`{"returns": true}`, `{"kinder": true}`, `{"class_only": true}`, `{"sounds": false}`, `{"idle_seconds": 60}`} {
		changing.Go(func() {
			if _, err := kiosk.Change(s.App, id, "", json.RawMessage(settings)); err != nil {
				t.Error(err)
			}
		})
	}
	changing.Wait()
	got, err := kiosk.SettingsOf(s.device())
	if err != nil || !got.Returns || !got.Kinder || !got.ClassOnly || got.Sounds || got.IdleSeconds != 60 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTappedFace(t *testing.T) {
	s := paired(t)
	if len(s.faces()) != 0 {
		t.Error("faces without a class")
	}
	s.classOf(`{"kinder": true}`)
	token := s.faces()["Diego"]
	if !strings.HasPrefix(token, "face:") || strings.Contains(token, "P100") {
		t.Fatalf("token %q", token)
	}
	got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"child": token})
	if got.status != http.StatusCreated || got.body["first_name"] != "Diego" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	session, _ := got.body["session"].(string)
	if got := s.ask(http.MethodPost, "/kiosk/checkouts", lend(session, "B100", "face-act-1")); got.status != http.StatusCreated {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"child": "face:aaaaaaaaaaaaaaaaaaaa"}); got.body["outcome"] != "try_again" {
		t.Errorf("a made-up face: %d %s", got.status, got.raw)
	}
	s.set(`{"kinder": false}`)
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"child": token}); got.body["outcome"] != "see_librarian" {
		t.Errorf("faces are off: %d %s", got.status, got.raw)
	}
}

// A face tapped while the server was away is still understood, days later and after a restart.
func TestTappedFaceInTheQueue(t *testing.T) {
	s := paired(t)
	s.classOf(`{"kinder": true}`)
	token := s.faces()["Diego"]
	at := time.Now().Add(-2 * time.Minute)
	acts := []map[string]any{
		{"key": "face-queued-1", "at": at, "kind": "check_out", "child": token, "item": "B100"},
		{"key": "face-queued-2", "at": at, "kind": "check_out", "child": "face:aaaaaaaaaaaaaaaaaaaa", "item": "B200"},
		{"key": "?", "at": at, "kind": "check_out", "child": token, "item": "B200"},
	}
	got := s.ask(http.MethodPost, "/kiosk/replay", map[string]any{"acts": acts})
	var answer struct {
		Results []struct{ Key, Outcome string }
	}
	if err := json.Unmarshal([]byte(got.raw), &answer); err != nil || got.status != http.StatusOK || len(answer.Results) != 3 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	for i, want := range []string{"done", "question", "question"} {
		if answer.Results[i].Outcome != want {
			t.Errorf("act %d: %s, want %s", i, answer.Results[i].Outcome, want)
		}
	}
	if s.Count("loans JOIN patrons ON patrons.id = loans.patron", "patrons.barcode = 'P100'") != 1 || s.Count("kiosk_questions", "1") != 2 {
		t.Error("the loan or a question is missing")
	}
}

// During a class window only its children sign in, when the librarian wants it so.
func TestClassOnly(t *testing.T) {
	s := paired(t)
	s.classOf(`{"class_only": true}`)
	s.signIn()
	other := s.Patron("P200")
	card, err := newCard()
	if err != nil {
		t.Fatal(err)
	}
	other.Card = card
	s.Save(other)
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": card}); got.body["outcome"] != "see_librarian" {
		t.Errorf("a child of another class: %d %s", got.status, got.raw)
	}
	if err := kiosk.OpenWindow(s.App, s.device().ID, "", time.Time{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": card}); got.status != http.StatusCreated {
		t.Errorf("after the class: %d %s", got.status, got.raw)
	}
}

// The hour of a homeroom opens its window by itself.
func TestScheduledWindow(t *testing.T) {
	s := paired(t)
	room := s.Homeroom("K-B")
	now := time.Now()
	days := strings.ToLower(now.Weekday().String()[:3])
	if _, err := s.App.DB().NewQuery("UPDATE calendar SET weekdays = '1234567'").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.App.DB().NewQuery("UPDATE homerooms SET visits = '" + days + " 00:00-23:59' WHERE id = '" + room.ID + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	if now.Hour() == 23 && now.Minute() == 59 {
		t.Skip("the one minute of the day that is nobody's")
	}
	got := s.ask(http.MethodGet, "/kiosk/state", nil)
	window, _ := got.body["window"].(map[string]any)
	if window["homeroom"] != "K-B" || window["children"] != nil {
		t.Errorf("%s", got.raw)
	}
}

func TestLockAfterManyWrongCards(t *testing.T) {
	s := paired(t)
	locked := 0
	for range 45 {
		card, err := newCard()
		if err != nil {
			t.Fatal(err)
		}
		switch got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": card}); got.status {
		case http.StatusLocked:
			locked++
		case http.StatusTooManyRequests:
			s.door.Later(2 * time.Minute)
		}
	}
	if locked == 0 {
		t.Fatal("a guesser may go on")
	}
	if got := s.ask(http.MethodGet, "/kiosk/state", nil); got.status != http.StatusLocked {
		t.Errorf("locked: %d", got.status)
	}
	if err := kiosk.Unlock(s.App, s.device().ID); err != nil {
		t.Fatal(err)
	}
	s.door.Later(2 * time.Minute)
	s.signIn()
}

// A book that is scanned in the place of a card is no guess, however often.
func TestBooksAreNoGuesses(t *testing.T) {
	s := paired(t)
	s.set(`{"old_barcodes": true}`)
	for range 60 {
		if got := s.ask(http.MethodPost, "/kiosk/session", map[string]string{"card": "B100"}); got.status == http.StatusTooManyRequests {
			s.door.Later(2 * time.Minute)
		} else if got.body["outcome"] != "try_again" {
			t.Fatalf("%d %s", got.status, got.raw)
		}
	}
}

func newCard() (string, error) { return barcode.NewCard(rand.Reader) }
