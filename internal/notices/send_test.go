package notices

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"

	"github.com/google/go-cmp/cmp"
	smtpmock "github.com/mocktools/go-smtp-mock/v2"
)

// parts reads the alternatives of a message, by media type.
func parts(t testing.TB, message *mail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%q: %v", kind, err)
	}
	found := map[string]string{}
	reader := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		found[part.Header.Get("Content-Type")] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func decoded(t testing.TB, header string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatAFamilyReads(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	ana := s.child("Ana <b>", "mother@home.example")
	s.lend(ana, "2026-11-05")
	s.lend(ana, "2026-11-10")
	if summary := s.run("2026-11-16"); summary.Sent != 1 || summary.Waiting != 0 {
		t.Fatalf("%+v", summary)
	}
	message := server.message(0)
	notice := s.notices()[0]
	for header, want := range map[string]string{
		"From":           `"Cedar Hollow Library" <library@cedarhollow.example>`,
		"To":             "<mother@home.example>",
		"Subject":        "Library books to bring back: Cedar Hollow Library",
		"Message-ID":     "<notice." + notice.ID + "@cedarhollow.example>",
		"Auto-Submitted": "auto-generated",
		"Date":           "Mon, 16 Nov 2026 08:00:00 -0500",
	} {
		if got := message.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	found := parts(t, message)
	text, html := found["text/plain; charset=utf-8"], found["text/html; charset=utf-8"]
	if !strings.Contains(text, "Ana <b>, Room 12: 2 library books, the oldest due on Thursday, November 5\n") {
		t.Error(text)
	}
	if !strings.Contains(html, "Ana &lt;b&gt;, Room 12: 2 library books") || !strings.Contains(html, `<html lang="en">`) {
		t.Error(html)
	}
	if all := text + html + message.Header.Get("Subject"); strings.Contains(all, "Hatchet") || strings.Contains(all, "Ramírez") {
		t.Error("a title or a surname is told")
	}
	if notice.State != collections.NoticeSent || notice.SentAt.Time() != morning() || notice.Attempts != 1 {
		t.Errorf("%+v", notice)
	}
}

func TestASpanishFamily(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	ana := s.child("Íñigo", "mamá.de.íñigo@home.example")
	ana.GuardianEmail, ana.Language = "mama@home.example", "es-MX"
	s.Save(ana)
	s.lend(ana, "2026-11-05")
	s.run("2026-11-16")
	message := server.message(0)
	if got := decoded(t, message.Header.Get("Subject")); got != "Libros de la biblioteca por devolver: Cedar Hollow Library" {
		t.Error(got)
	}
	text := parts(t, message)["text/plain; charset=utf-8"]
	if !strings.Contains(text, "Íñigo, Room 12: 1 libro de la biblioteca, para el jueves 5 de noviembre\n") {
		t.Error(text)
	}
}

// TestAMotherOfTwoIsWrittenToOnce: one mail a recipient and run.
func TestAMotherOfTwoIsWrittenToOnce(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.lend(s.child("Ana", "mother@home.example"), "2026-11-05")
	s.lend(s.child("Luis", "mother@home.example"), "2026-11-10")
	if summary := s.run("2026-11-16"); summary.Sent != 2 || server.total() != 1 {
		t.Fatalf("%+v, %d messages", summary, server.total())
	}
	text := parts(t, server.message(0))["text/plain; charset=utf-8"]
	if !strings.Contains(text, "Ana, Room 12: 1 library book") || !strings.Contains(text, "Luis, Room 12: 1 library book") {
		t.Error(text)
	}
}

func TestTheSchoolsOwnWords(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	template := collections.NoticeTemplate{
		Kind: kindOverdue, Language: "en", Subject: "For {{.FirstName}}\r\nBcc: all@home.example", Body: "{{.Count}} from {{.Homeroom}}, {{.OldestDue}}",
	}
	if _, err := collections.Insert(s.App, template); err != nil {
		t.Fatal(err)
	}
	s.lend(s.child("Ana", "mother@home.example"), "2026-11-05")
	s.run("2026-11-16")
	message := server.message(0)
	if got := message.Header.Get("Subject"); got != "For Ana Bcc: all@home.example" || message.Header.Get("Bcc") != "" {
		t.Errorf("%+v", message.Header)
	}
	if text := parts(t, message)["text/plain; charset=utf-8"]; text != "1 from Room 12, Thursday, November 5" {
		t.Error(text)
	}
}

func TestABadTemplateStopsEverythingBeforehand(t *testing.T) {
	for name, test := range map[string]struct{ body, named string }{
		"unknown placeholder": {"Dear {{.Parent}}", "{{.Parent}}"},
		"a condition":         {"{{if .Count}}x{{end}}", "{{if .Count}}"},
		"a function":          {`{{printf "%d" .Count}}`, "printf"},
		"not closed":          {"Dear {{.FirstName", "unclosed action"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			server := startServer(t)
			s.mailTo(server)
			if _, err := collections.Insert(s.App, collections.NoticeTemplate{
				Kind: kindOverdue, Step: 2, Language: "es", Subject: "x", Body: test.body,
			}); err != nil {
				t.Fatal(err)
			}
			s.lend(s.child("Ana", "mother@home.example"), "2026-11-05")
			_, err := Run(t.Context(), s.App, day(t, "2026-11-16"), morning, false)
			if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), test.named) || !strings.Contains(err.Error(), "overdue 2 es") {
				t.Errorf("%v", err)
			}
			if diff := cmp.Diff(map[string]int{"queued": 1}, s.states()); diff != "" || server.total() != 0 {
				t.Error(diff)
			}
		})
	}
}

func TestReturnedAndRenewedBooksAreNotSpokenOf(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	ana := s.child("Ana", "ana@home.example")
	back := s.lend(ana, "2026-11-05")
	s.lend(ana, "2026-11-10")
	gone := s.lend(s.child("Luis", "luis@home.example"), "2026-11-05")
	renewed := s.lend(s.child("Zoe", "zoe@home.example"), "2026-11-05")
	s.choose("2026-11-16")
	s.giveBack(back)
	s.giveBack(gone)
	renewed.Due = day(t, "2026-12-01")
	if err := collections.Update(s.App, renewed); err != nil {
		t.Fatal(err)
	}
	if summary := s.run("2026-11-16"); summary.Sent != 1 || summary.Cancelled != 2 {
		t.Errorf("%+v", summary)
	}
	text := parts(t, server.message(0))["text/plain; charset=utf-8"]
	if !strings.Contains(text, "Ana, Room 12: 1 library book, due on Tuesday, November 10") {
		t.Error(text)
	}
}

// TestABookReturnedWhileTheMailIsOnItsWay comes back between the reading of the letter and the sending of its content.
func TestABookReturnedWhileTheMailIsOnItsWay(t *testing.T) {
	s := newSchool(t)
	loan := s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	server := startServer(t)
	server.behave(func(string) reply { s.giveBack(loan); return fine }, takesAll)
	s.mailTo(server)
	s.run("2026-11-16")
	if server.total() != 0 {
		t.Error("the mail went out")
	}
	s.run("2026-11-16")
	if diff := cmp.Diff(map[string]int{"cancelled": 1}, s.states()); diff != "" {
		t.Error(diff)
	}
}

// TestABookPickedUpWhileTheMailIsOnItsWay is fetched in the same moment.
func TestABookPickedUpWhileTheMailIsOnItsWay(t *testing.T) {
	s := newSchool(t)
	hold := s.ready(s.child("Ana", "ana@home.example"))
	server := startServer(t)
	server.behave(func(string) reply {
		hold.State = collections.HoldFilled
		if err := collections.Update(s.App, hold); err != nil {
			t.Error(err)
		}
		return fine
	}, takesAll)
	s.mailTo(server)
	s.run("2026-11-16")
	if server.total() != 0 {
		t.Error("the mail went out")
	}
	s.run("2026-11-16")
	if diff := cmp.Diff(map[string]int{"cancelled": 1}, s.states()); diff != "" {
		t.Error(diff)
	}
}

// TestAPickupDayThatChanged: a mail that names another day than the shelf is not sent.
func TestAPickupDayThatChanged(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	hold := s.ready(s.child("Ana", "ana@home.example"))
	hold.PickupBy = day(t, "2026-11-23")
	if err := collections.Update(s.App, hold); err != nil {
		t.Fatal(err)
	}
	if summary := s.run("2026-11-16"); summary.Cancelled != 1 || server.total() != 0 {
		t.Errorf("%+v", summary)
	}
}

// TestWhatTheServerSays holds each answer against what becomes of the notice, and whether the next one still goes out.
func TestWhatTheServerSays(t *testing.T) {
	const first = "a@home.example"
	only := func(r reply) func(string) reply {
		return func(to string) reply {
			if to == first {
				return r
			}
			return fine
		}
	}
	for _, test := range []struct {
		name       string
		rcpt, data reply
		state      string
		words      string
		received   int // messages in all, of two
	}{
		{name: "no such person", rcpt: reply{text: "550 5.1.1 Nobody here"}, state: "failed", words: "550 5.1.1 Nobody here", received: 1},
		{name: "no in two lines", rcpt: reply{text: "550-5.1.1 Nobody\r\n550 5.1.1 here"}, state: "failed", words: "550 5.1.1 Nobody 5.1.1 here", received: 1},
		{name: "mailbox full", rcpt: reply{text: "452 4.2.2 Full"}, state: "queued", words: "452 4.2.2 Full", received: 1},
		{name: "closing", rcpt: reply{text: "421 Bye", hangUp: true}, state: "queued", words: "421 Bye", received: 1},
		{name: "sign in first", rcpt: reply{text: "530 5.7.0 Authentication required"}, state: "queued", words: "530 5.7.0 Authentication required"},
		{name: "hangs up before the content", rcpt: reply{}, state: "queued", words: "EOF", received: 1},
		{name: "refuses the content", data: reply{text: "554 5.7.1 Spam"}, state: "failed", words: "554 5.7.1 Spam", received: 1},
		{name: "puts the content off", data: reply{text: "451 4.3.0 Later"}, state: "queued", words: "451 4.3.0 Later", received: 1},
		{name: "closing after the content", data: reply{text: "421 Bye", hangUp: true}, state: "queued", words: "421 Bye", received: 1},
		{name: "hangs up after the content", data: reply{}, state: "unknown", words: "notices.unknown"},
		{name: "gibberish after the content", data: reply{text: "what"}, state: "unknown", words: "notices.unknown"},
		{name: "takes it and hangs up", data: reply{text: "250 ok", hangUp: true}, state: "sent", received: 2},
		{name: "takes it with another word", data: reply{text: "251 forwarded"}, state: "sent", received: 1}, // the test server counts 250 only
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSchool(t)
			server := startServer(t)
			if test.rcpt != (reply{}) || test.data == (reply{}) && test.state == "queued" {
				server.behave(only(test.rcpt), takesAll)
			} else {
				server.behave(takesAll, only(test.data))
			}
			s.mailTo(server)
			s.lend(s.child("Ana", first), "2026-11-05")
			s.lend(s.child("Bea", "b@home.example"), "2026-11-05")
			summary := s.run("2026-11-16")
			notice := s.notices()[0]
			if notice.State != test.state || notice.Error != test.words || server.total() != test.received {
				t.Errorf("%s, %q, %d messages; %+v", notice.State, notice.Error, server.total(), summary)
			}
			stopped := test.state != "sent" && test.received == 0
			if (summary.Why.Key == "notices.server_away") != stopped || stopped && summary.Waiting == 0 {
				t.Errorf("%+v", summary)
			}
			// A second run writes to the one that is left, and never again to one who has it or may have it.
			server.behave(takesAll, takesAll)
			s.run("2026-11-16")
			want := map[string]int{"b@home.example": 1}
			if test.state == "queued" || test.name == "takes it and hangs up" {
				want[first] = 1
			}
			if diff := cmp.Diff(want, server.received()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAServerThatIsAwayIsTriedMoreAndMoreSeldom(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	server.stop()
	for _, name := range []string{"a", "b"} {
		s.lend(s.child(name, name+"@home.example"), "2026-11-05")
	}
	s.choose("2026-11-16")
	clock := morning()
	for _, wait := range []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 4 * time.Hour} {
		for _, at := range []time.Time{clock, clock.Add(wait - time.Second)} {
			summary, err := Send(t.Context(), s.App, func() time.Time { return at }, false)
			if err != nil {
				t.Fatal(err)
			}
			if (summary.Why.Key == "notices.server_away") != at.Equal(clock) || summary.Waiting != 2 {
				t.Fatalf("%s later: %+v", at.Sub(morning()), summary)
			}
		}
		clock = clock.Add(wait)
	}
	if n := s.Count("notices", "state = 'queued' AND attempts = 5"); n != 1 {
		t.Errorf("%d notices were tried five times", n)
	}
}

// TestAFewWhoAreAlwaysPutOffDoNotBlockTheRest: three in a row end a round, and come last in the next.
func TestAFewWhoAreAlwaysPutOffDoNotBlockTheRest(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	server.behave(func(to string) reply {
		if strings.HasPrefix(to, "full") {
			return reply{text: "452 4.2.2 Full"}
		}
		return fine
	}, takesAll)
	s.mailTo(server)
	for _, name := range []string{"full1", "full2", "full3", "full4", "z1", "z2"} {
		s.lend(s.child(name, name+"@home.example"), "2026-11-05")
		s.choose("2026-11-16")
	}
	clock := morning()
	for range 3 {
		if _, err := Send(t.Context(), s.App, func() time.Time { return clock }, false); err != nil {
			t.Fatal(err)
		}
		clock = clock.Add(5 * time.Minute)
	}
	if diff := cmp.Diff(map[string]int{"z1@home.example": 1, "z2@home.example": 1}, server.received()); diff != "" {
		t.Error(diff)
	}
}

func TestOneConnectionForAll(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	for _, name := range []string{"a", "b", "c"} {
		s.lend(s.child(name, name+"@home.example"), "2026-11-05")
	}
	s.run("2026-11-16")
	if server.total() != 3 || server.sessions != 1 {
		t.Errorf("%d messages in %d conversations", server.total(), server.sessions)
	}
}

func TestNoServerIsSetUp(t *testing.T) {
	s := newSchool(t)
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	summary := s.run("2026-11-16")
	if summary.Waiting != 1 || summary.Why.Key != "notices.no_server" {
		t.Errorf("%+v", summary)
	}
	if text := summary.In(say.English); !strings.Contains(text, "No mail server is set up yet") {
		t.Error(text)
	}
}

func TestNothingGoesOutWhileTheClockIsBehind(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	fact := collections.Fact{Key: "a key of its own", Kind: collections.FactSeen, Door: "staff", Seq: 1, RecordedAt: dateTime(morning().Add(time.Hour))}
	if _, err := collections.Insert(s.App, fact); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), s.App, day(t, "2026-11-16"), morning, false); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
	if server.total() != 0 || len(s.notices()) != 0 {
		t.Error("something was done")
	}
}

// TestTwoAtOnce: a command beside the server, each with its own connection to the store.
func TestTwoAtOnce(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	many(t, s, 40, 1)
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if _, err := Run(context.Background(), s.App, day(t, "2026-11-16"), morning, false); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if server.total() != 40 || len(server.received()) != 40 {
		t.Errorf("%d messages to %d people", server.total(), len(server.received()))
	}
	if diff := cmp.Diff(map[string]int{"sent": 40}, s.states()); diff != "" {
		t.Error(diff)
	}
}

func TestAPersonMaySendAgain(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	server.behave(func(string) reply { return reply{text: "550 no"} }, takesAll)
	s.mailTo(server)
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	s.run("2026-11-16")
	server.behave(takesAll, takesAll)
	id := s.notices()[0].ID
	if err := SendAgain(s.App, id, morning()); err != nil {
		t.Fatal(err)
	}
	s.run("2026-11-16")
	if server.total() != 1 {
		t.Errorf("%d messages", server.total())
	}
	if err := SendAgain(s.App, id, morning()); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("a notice that went out: %v", err)
	}
	if err := SendAgain(s.App, "nothing", morning()); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no notice: %v", err)
	}
}

// TestAServerNotOurs holds the conversation against an SMTP server written by others.
func TestAServerNotOurs(t *testing.T) {
	server := smtpmock.New(smtpmock.ConfigurationAttr{MultipleMessageReceiving: true, NotRegisteredEmails: []string{address(1)}})
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	s := newSchool(t)
	s.mailToPort(server.PortNumber())
	many(t, s, 4, 2)
	s.run("2026-11-16")
	if diff := cmp.Diff(map[string]int{"sent": 3, "failed": 1}, s.states()); diff != "" {
		t.Error(diff)
	}
	got := map[string]bool{}
	for _, message := range server.Messages() {
		if message.Msg() && len(message.RcpttoRequestResponse()) == 1 {
			got[message.RcpttoRequestResponse()[0][0]] = true
		}
	}
	for _, child := range []int{0, 2, 3} {
		if !got["RCPT TO:<"+address(child)+">"] {
			t.Errorf("%s got nothing: %v", address(child), got)
		}
	}
}
