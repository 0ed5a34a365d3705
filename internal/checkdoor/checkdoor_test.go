package checkdoor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"carrel/internal/checks"
	"carrel/internal/testkit"
)

var noon = time.Date(2026, 4, 14, 16, 0, 0, 0, time.UTC)

type visitor struct {
	testkit.Library
	door http.Handler
	now  time.Time
	run  checks.Run
}

func visit(t *testing.T) *visitor {
	t.Helper()
	v := &visitor{Library: testkit.NewLibrary(t), now: noon}
	v.door = newDoor(v.App, http.NotFoundHandler(), func() time.Time { return v.now })
	check, err := checks.Add(v.App, checks.Check{Title: "Ads", Items: []checks.Item{{
		ID: "ad", Kind: checks.Choice, Skill: "Spots an ad", Prompt: "Which?", Choices: []checks.Option{{ID: "a", Text: "A", Right: true}, {ID: "b", Text: "B"}},
	}}}, "key")
	if err != nil {
		t.Fatal(err)
	}
	if v.run, err = checks.Start(v.App, check.ID, checks.Plan{Key: "run", When: "before", Homeroom: v.Homeroom("4B").ID}, noon); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *visitor) ask(from, what string, body any) (int, map[string]any, http.Header) {
	v.T.Helper()
	text, ok := body.(string)
	if !ok {
		sent, err := json.Marshal(body)
		if err != nil {
			v.T.Fatal(err)
		}
		text = string(sent)
	}
	request := httptest.NewRequest(http.MethodPost, "/check/"+what, bytes.NewBufferString(text))
	request.RemoteAddr = from
	recorder := httptest.NewRecorder()
	v.door.ServeHTTP(recorder, request)
	answer := map[string]any{}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		v.T.Fatalf("%s: %s", what, recorder.Body.String())
	}
	return recorder.Code, answer, recorder.Header()
}

type m = map[string]any

func code(answer m) string {
	data, _ := answer["data"].(m)
	word, _ := data["code"].(string)
	return word
}

func TestAStudentDoesACheck(t *testing.T) {
	v := visit(t)
	status, paper, head := v.ask("10.0.0.7:5", "open", m{"code": v.run.Code})
	if status != http.StatusOK || paper["title"] != "Ads" || strings.Contains(fmt.Sprint(paper), "right") {
		t.Fatalf("%d %v", status, paper)
	}
	if head.Get("Set-Cookie") != "" || head.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", head)
	}
	_, seat, _ := v.ask("10.0.0.7:5", "seat", m{"code": v.run.Code})
	sheet := m{"code": v.run.Code, "seat": seat["seat"], "key": "a-key-of-it", "answers": m{"ad": "a"}}
	for range 2 {
		if status, answer, _ := v.ask("10.0.0.7:5", "answers", sheet); status != http.StatusOK {
			t.Fatalf("%d %v", status, answer)
		}
	}
	if n := v.Count("check_sheets", "state = 'done'"); n != 1 {
		t.Errorf("%d sheets", n)
	}
	v.now = noon.Add(3 * time.Hour)
	if status, answer, _ := v.ask("10.0.0.7:5", "open", m{"code": v.run.Code}); status != http.StatusNotFound || code(answer) != "not_open" {
		t.Errorf("%d %v", status, answer)
	}
}

func TestWhatDoesNotFit(t *testing.T) {
	v := visit(t)
	_, seat, _ := v.ask("10.0.0.7:5", "seat", m{"code": v.run.Code})
	for _, test := range []struct {
		what   string
		body   any
		status int
		code   string
	}{
		{"open", "{", http.StatusBadRequest, "invalid"},
		{"open", `{"code":7}`, http.StatusBadRequest, "invalid"},
		{"answers", m{"code": v.run.Code, "seat": seat["seat"], "key": "some-key-1", "answers": m{"other": "a"}}, http.StatusBadRequest, "invalid"},
		{"answers", m{"code": v.run.Code, "seat": seat["seat"], "key": "some-key-1", "answers": m{"ad": strings.Repeat("x", 10_000)}}, http.StatusBadRequest, "invalid"},
		{"answers", m{"code": v.run.Code, "seat": seat["seat"], "key": "some-key-1", "answers": m{"ad": strings.Repeat("x", 400_000)}}, http.StatusBadRequest, "invalid"},
		{"answers", m{"code": v.run.Code, "seat": "Dodo 10", "key": "some-key-1"}, http.StatusNotFound, "unknown_seat"},
	} {
		if status, answer, _ := v.ask("10.0.0.7:5", test.what, test.body); status != test.status || code(answer) != test.code {
			t.Errorf("%s %.60v: %d %v", test.what, test.body, status, answer)
		}
	}
}

// Who guesses waits, and nobody else does; what was handed in by another address is not held up.
func TestGuessing(t *testing.T) {
	v := visit(t)
	for i := range mostWrong {
		if status, _, _ := v.ask("10.0.0.9:1", "open", m{"code": fmt.Sprint("WRONG ", i)}); status != http.StatusNotFound {
			t.Fatalf("guess %d: %d", i, status)
		}
	}
	if status, answer, _ := v.ask("10.0.0.9:2", "open", m{"code": v.run.Code}); status != http.StatusTooManyRequests || code(answer) != "wait" {
		t.Errorf("%d %v", status, answer)
	}
	if status, _, _ := v.ask("10.0.0.8:1", "open", m{"code": v.run.Code}); status != http.StatusOK {
		t.Errorf("another child waits, too: %d", status)
	}
	v.now = noon.Add(wrongWithin)
	if status, _, _ := v.ask("10.0.0.9:2", "open", m{"code": v.run.Code}); status != http.StatusOK {
		t.Errorf("it waits for ever: %d", status)
	}
}
