package desk_test

import (
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
)

var device = desk.Actor{Door: "kiosk", ID: "kiosk0000000001"}

func TestReplay(t *testing.T) {
	at := monday.Add(-3 * time.Hour)
	for name, test := range map[string]struct {
		before func(t *testing.T, do func(key, kind string, at time.Time))
		act    desk.Replayed
		want   string
		reason string
		open   int
	}{
		"plain":           {act: desk.Replayed{At: at, Kind: "check_out", Card: "P100", Item: "B100"}, want: "done", open: 1},
		"unknown item":    {act: desk.Replayed{At: at, Kind: "check_out", Card: "P100", Item: "4006381333931"}, want: "question", reason: "unknown_item"},
		"unknown card":    {act: desk.Replayed{At: at, Kind: "check_out", Card: "P999", Item: "B100"}, want: "question", reason: "unknown_patron"},
		"from the future": {act: desk.Replayed{At: monday.Add(time.Hour), Kind: "check_out", Card: "P100", Item: "B100"}, want: "question", reason: "late", open: 1},
		"a year old":      {act: desk.Replayed{At: monday.AddDate(-1, 0, 0), Kind: "check_out", Card: "P100", Item: "B100"}, want: "question", reason: "late", open: 1},
		"lent elsewhere before": {
			before: func(_ *testing.T, do func(string, string, time.Time)) { do("other", "out", at.Add(-time.Hour)) },
			act:    desk.Replayed{At: at, Kind: "check_out", Card: "P100", Item: "B100"}, want: "question", reason: "on_loan", open: 1,
		},
		"lent elsewhere since": {
			before: func(_ *testing.T, do func(string, string, time.Time)) { do("other", "out", at.Add(time.Hour)) },
			act:    desk.Replayed{At: at, Kind: "check_out", Card: "P100", Item: "B100"}, want: "question", reason: "on_loan", open: 1,
		},
		"seen at the desk since": {
			before: func(_ *testing.T, do func(string, string, time.Time)) { do("back", "in", at.Add(time.Hour)) },
			act:    desk.Replayed{At: at, Kind: "check_out", Card: "P100", Item: "B100"}, want: "question", reason: "overlap", open: 0,
		},
		"return of an earlier loan": {
			before: func(_ *testing.T, do func(string, string, time.Time)) { do("other", "out", at.Add(time.Hour)) },
			act:    desk.Replayed{At: at, Kind: "return", Item: "B100"}, want: "question", reason: "overlap", open: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			lib := library(t)
			lib.Patron("P200")
			if test.before != nil {
				test.before(t, func(key, kind string, at time.Time) {
					a := act(key, librarian)
					a.At = at
					var err error
					if kind == "out" {
						_, err = desk.CheckOut(lib.App, desk.CheckOutRequest{Act: a, Patron: "P200", Item: "B100"})
					} else {
						_, err = desk.Return(lib.App, desk.ReturnRequest{Act: a, Item: "B100"})
					}
					if err != nil {
						t.Fatal(err)
					}
				})
			}
			test.act.Key = "offline-0001"
			for range 2 { // sent twice is one
				got, err := desk.Replay(lib.App, test.act, monday, device)
				if err != nil || got != test.want {
					t.Fatalf("%q, %v", got, err)
				}
			}
			if test.reason != "" && lib.Count("kiosk_questions", "reason = '"+test.reason+"'") != 1 {
				t.Error("the question is missing")
			}
			if test.reason == "" && lib.Count("kiosk_questions", "1") != 0 {
				t.Error("a question too many")
			}
			if open := lib.Count("loans", "state = 'open'"); open != test.open {
				t.Errorf("%d open loans, want %d", open, test.open)
			}
			agree(t, lib)
		})
	}
}

// A kiosk that claims to have been offline in a minute in which it was talking to us is asked about.
func TestReplayFromAMinuteWithTheServer(t *testing.T) {
	lib := library(t)
	_, err := lib.App.DB().Insert("kiosk_heard", dbx.Params{"kiosk": device.ID, "minute": monday.Unix() / 60}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	replayed := desk.Replayed{Key: "offline-0001", At: monday.Add(10 * time.Second), Kind: collections.FactCheckOut, Card: "P100", Item: "B100"}
	got, err := desk.Replay(lib.App, replayed, monday.Add(time.Hour), device)
	if err != nil || got != desk.ReplayQuestion {
		t.Errorf("%q, %v", got, err)
	}
}

// The fact has both times: when it happened by our clock, and what the kiosk's own said.
func TestReplayWithAWrongClock(t *testing.T) {
	lib := library(t)
	wrong := monday.Add(-3 * time.Hour)
	replayed := desk.Replayed{
		Key: "offline-0002", At: wrong, Offset: (3 * time.Hour).Milliseconds(), Kind: collections.FactCheckOut, Card: "P100", Item: "B100",
	}
	got, err := desk.Replay(lib.App, replayed, monday.Add(2*time.Hour), device)
	if err != nil || got != desk.ReplayDone {
		t.Fatalf("%q, %v", got, err)
	}
	if lib.Count("circ_events", "at = '2026-11-23 10:00:00.000Z' AND json_extract(data, '$.device_at') = '2026-11-23T07:00:00Z'") != 1 {
		t.Error("the fact does not have both times")
	}
}

// question replays an act and answers the question it left.
func question(t *testing.T, lib testkit.Library, replayed desk.Replayed) desk.Question {
	t.Helper()
	if got, err := desk.Replay(lib.App, replayed, monday.Add(time.Hour), device); err != nil || got != desk.ReplayQuestion {
		t.Fatalf("%q, %v", got, err)
	}
	questions, err := desk.Questions(lib.App)
	if err != nil || len(questions) != 1 {
		t.Fatalf("%d questions, %v", len(questions), err)
	}
	return questions[0]
}

func decide(lib testkit.Library, q desk.Question, key, decision string) error {
	request := desk.DecideRequest{Act: act(key, librarian), Question: q.ID, Decision: decision, Item: "B100", Patron: "P100"}
	request.Now = monday.Add(3 * 24 * time.Hour) // later than an undo at the desk
	return desk.Decide(lib.App, request)
}

func TestDecideToUndo(t *testing.T) {
	lib := library(t)
	lib.Rule("", "", `{"loan_limit": 0}`)
	q := question(t, lib, desk.Replayed{Key: "offline-0001", At: monday, Kind: collections.FactCheckOut, Card: "P100", Item: "B100"})
	if q.Reason != "rule" || q.Item == nil || q.Patron == nil || q.Decisions[0] != desk.DecideKeep {
		t.Errorf("%+v", q)
	}
	if err := decide(lib, q, "bad", desk.DecideLend); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a decision that does not fit: %v", err)
	}
	for range 2 {
		if err := decide(lib, q, "undo", desk.DecideUndo); err != nil {
			t.Fatal(err)
		}
	}
	if lib.Count("loans", "state = 'undone'") != 1 || lib.Count("circ_events", "kind = 'undo'") != 1 {
		t.Error("the act is not undone")
	}
	if err := decide(lib, q, "other", desk.DecideKeep); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("answered twice: %v", err)
	}
	if left, err := desk.Questions(lib.App); err != nil || len(left) != 0 {
		t.Errorf("%d questions are left, %v", len(left), err)
	}
	agree(t, lib)
}

func TestDecideWhatWasMeant(t *testing.T) {
	for name, replayed := range map[string]desk.Replayed{
		"unknown item":   {Kind: collections.FactCheckOut, Card: "P100", Item: "NOSUCH"},
		"unknown patron": {Kind: collections.FactCheckOut, Card: "NOSUCH", Item: "B100"},
		"a return":       {Kind: collections.FactReturn, Item: "NOSUCH"},
	} {
		t.Run(name, func(t *testing.T) {
			lib := library(t)
			replayed.Key, replayed.At = "offline-0001", monday
			q := question(t, lib, replayed)
			for range 2 {
				if err := decide(lib, q, "lend", desk.DecideLend); err != nil {
					t.Fatal(err)
				}
			}
			if lib.Count("circ_events", "key = 'offline-0001'") != 1 {
				t.Error("the act is not recorded under its own key")
			}
			if replayed.Kind == collections.FactCheckOut && lib.Count("loans", "state = 'open' AND out_at = '2026-11-23 10:00:00.000Z'") != 1 {
				t.Error("the loan is not there, or not from then")
			}
			if got, err := desk.Replay(lib.App, replayed, monday.Add(5*time.Hour), device); err != nil || got != desk.ReplayQuestion || lib.Count("circ_events", "kind != 'decide'") != 1 {
				t.Errorf("sent again: %q, %v", got, err)
			}
			agree(t, lib)
		})
	}
}

// What cannot be an act is kept once, and asked about.
func TestUnreadableActIsKept(t *testing.T) {
	lib := library(t)
	for range 2 {
		if err := desk.KeepUnreadable(lib.App, desk.Replayed{Key: "?", Kind: "steal", Item: "B100"}, monday, device); err != nil {
			t.Fatal(err)
		}
	}
	questions, err := desk.Questions(lib.App)
	if err != nil || len(questions) != 1 || questions[0].Reason != "unreadable" {
		t.Fatalf("%+v, %v", questions, err)
	}
	if err := decide(lib, questions[0], "gone", desk.DecideDismiss); err != nil {
		t.Error(err)
	}
	if err := desk.Undo(lib.App, "key-gone-000", monday.Add(3*24*time.Hour), librarian); err != nil {
		t.Fatal(err)
	}
	if again, err := desk.Questions(lib.App); err != nil || len(again) != 1 {
		t.Errorf("an undone decision is not asked again: %d, %v", len(again), err)
	}
}
