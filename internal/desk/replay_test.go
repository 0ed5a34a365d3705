package desk_test

import (
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
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
	lib.Item("B200")
	live := desk.Act{Key: "live-act-0001", Now: monday, Actor: device}
	if _, err := desk.CheckOut(lib.App, desk.CheckOutRequest{Act: live, Patron: "P100", Item: "B200"}); err != nil {
		t.Fatal(err)
	}
	replayed := desk.Replayed{Key: "offline-0001", At: monday.Add(10 * time.Second), Kind: collections.FactCheckOut, Card: "P100", Item: "B100"}
	got, err := desk.Replay(lib.App, replayed, monday.Add(time.Hour), device)
	if err != nil || got != desk.ReplayQuestion {
		t.Errorf("%q, %v", got, err)
	}
}
