package notices

import (
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/site"
)

// TestUnsubscribe: a family answers the mail, and hears of late books all the same.
func TestUnsubscribe(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On = true })
	ana := s.child("Ana", "Mother@home.example")
	s.lend(ana, "2026-11-17")
	s.run("2026-11-16")
	header := server.message(0).Header.Get("List-Unsubscribe")
	code := s.notices()[0].ID
	if header != "<mailto:library@cedarhollow.example?subject=unsubscribe%20"+code+">" {
		t.Error(header)
	}
	if text := parts(t, server.message(0))["text/plain; charset=utf-8"]; !strings.Contains(text, "library@cedarhollow.example with this subject: unsubscribe "+code) {
		t.Error(text)
	}
	s.mailToPort(1)
	s.lend(ana, "2026-11-18")
	s.choose("2026-11-16") // waits
	for _, asked := range []string{"Unsubscribe " + code, " " + code + " ", "mother@HOME.example"} {
		out, err := Unsubscribe(s.App, asked, morning())
		if err != nil || out.Address != "mother@home.example" || out.Since == "" {
			t.Errorf("%q: %+v, %v", asked, out, err)
		}
	}
	for _, asked := range []string{"", "unsubscribe", "no such code", "nosuchnotice001", "a@b@c", "a@x.example\nb"} {
		if _, err := Unsubscribe(s.App, asked, morning()); err == nil {
			t.Errorf("%q was taken", asked)
		}
	}
	s.mailTo(server)
	s.lend(ana, "2026-11-16")
	s.lend(ana, "2026-11-05")
	s.run("2026-11-16")
	if server.total() != 2 || server.message(1).Header.Get("List-Unsubscribe") != "" || s.states()["cancelled"] != 1 {
		t.Errorf("%d messages, %v", server.total(), s.states())
	}
	if s.Count("notices", "channel = 'paper'") != 0 {
		t.Error("who wants no courtesy gets it on paper")
	}
	list, err := OptOuts(s.App)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := Resubscribe(s.App, list[0].ID); err != nil {
		t.Error(err)
	}
	if err := Resubscribe(s.App, list[0].ID); err == nil {
		t.Error("taken off the list twice")
	}
	if s.run("2026-11-16"); server.total() != 3 {
		t.Errorf("%d messages after it was taken back", server.total())
	}
}

// A queue that waited over the opt-out of another process is held against it.
func TestUnsubscribedWhileTheMailIsOnItsWay(t *testing.T) {
	s := newSchool(t)
	s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On = true })
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-17")
	server := startServer(t)
	server.behave(func(string) reply {
		if _, err := collections.Insert(s.App, collections.NoticeOptOut{Address: "ana@home.example"}); err != nil {
			t.Error(err)
		}
		return fine
	}, takesAll)
	s.mailTo(server)
	s.run("2026-11-16")
	if server.total() != 0 {
		t.Error("the mail went out")
	}
}
