package notices

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/site"
)

func (s *school) update(record any) {
	s.T.Helper()
	var err error
	switch r := record.(type) {
	case collections.Loan:
		err = collections.Update(s.App, r)
	case collections.Fee:
		err = collections.Update(s.App, r)
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

// owes charges a patron, with fees switched on.
func (s *school) owes(patron collections.Patron, cents int) collections.Fee {
	s.T.Helper()
	if err := site.SaveFees(s.App, site.Fees{On: true, Currency: "USD"}); err != nil {
		s.T.Fatal(err)
	}
	fee, err := collections.Insert(s.App, collections.Fee{
		Patron: patron.ID, State: "open", Reason: "other", Cents: cents, At: dateTime(morning()),
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return fee
}

// TestDueSoon follows a loan due on Wednesday, November 18, with steps at three open days and at one. Tuesday is closed.
func TestDueSoon(t *testing.T) {
	s := newSchool(t)
	s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On, n.Kinds.DueSoon.Steps = true, []int{3, 1} })
	s.Closed(day(t, "2026-11-17"))
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-18")
	for _, look := range []struct {
		on   string
		step int
	}{{"2026-11-11", 0}, {"2026-11-12", 1}, {"2026-11-13", 0}, {"2026-11-16", 2}, {"2026-11-18", 0}, {"2026-11-19", 0}} {
		s.choose(look.on)
		got := s.Count("notices", "kind = 'due_soon' AND on_day = '"+look.on+"'")
		if look.step == 0 && got != 0 || look.step > 0 && s.Count("notices", fmt.Sprintf("kind = 'due_soon' AND on_day = '%s' AND step = %d", look.on, look.step)) != 1 {
			t.Errorf("on %s: %d notices, want step %d", look.on, got, look.step)
		}
	}
	if n := s.Count("notices", "kind = 'overdue'"); n != 1 {
		t.Errorf("%d notices of a late loan", n)
	}
}

// What is due soon no longer is when it was renewed, claimed, brought back or is late by now.
func TestDueSoonIsHeldAgainstTheTruthBeforeItGoesOut(t *testing.T) {
	for name, change := range map[string]func(*collections.Loan){
		"renewed": func(l *collections.Loan) { l.Due = day(t, "2026-11-30") },
		"back":    func(l *collections.Loan) { l.State = collections.LoanReturned },
		"claimed": func(l *collections.Loan) { l.Claim = collections.ClaimReturned },
	} {
		s := newSchool(t)
		server := startServer(t)
		s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On = true })
		loan := s.lend(s.child("Ana", "ana@home.example"), "2026-11-17")
		s.choose("2026-11-16")
		change(&loan)
		s.update(loan)
		s.mailTo(server)
		if summary := s.run("2026-11-16"); summary.Cancelled != 1 || server.total() != 0 {
			t.Errorf("%s: %+v", name, summary)
		}
	}
	s := newSchool(t)
	server := startServer(t)
	s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On = true; n.Kinds.Overdue.On = false })
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-13")
	s.choose("2026-11-12")
	s.mailTo(server)
	if s.tick("2026-11-16 08:00"); server.total() != 0 || s.states()["cancelled"] != 1 {
		t.Errorf("late by now: %v", s.states())
	}
}

// TestTheStepOfWhatIsLeft: when the book that was longest away comes back while the mail waits, the mail speaks as of the others.
func TestTheStepOfWhatIsLeft(t *testing.T) {
	for name, change := range map[string]func(*collections.Loan){
		"back":    func(l *collections.Loan) { l.State = collections.LoanReturned },
		"claimed": func(l *collections.Loan) { l.Claim = collections.ClaimReturned },
		"renewed": func(l *collections.Loan) { l.Due = day(t, "2026-12-01") },
	} {
		s := newSchool(t)
		server := startServer(t)
		ana := s.child("Ana", "ana@home.example")
		oldest := s.lend(ana, "2026-10-01")
		s.lend(ana, "2026-11-13")
		s.choose("2026-11-16")
		change(&oldest)
		s.update(oldest)
		s.mailTo(server)
		s.run("2026-11-16")
		message := server.message(0)
		text := parts(t, message)["text/plain; charset=utf-8"]
		if subject := message.Header.Get("Subject"); subject != "Library books to bring back: Cedar Hollow Library" || !strings.Contains(text, "1 library book, due on Friday, November 13") {
			t.Errorf("%s: %q\n%s", name, subject, text)
		}
	}
}

func TestMoneyIsToldOfOnceAMonth(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.decide(func(n *site.Notices) { n.Kinds.Fee.On = true })
	ana, luis := s.child("Ana", "ana@home.example"), s.child("Luis", "luis@home.example")
	s.owes(ana, 350)
	fee := s.owes(ana, 900)
	s.owes(luis, 499)
	for _, look := range []struct{ after, want int }{{0, 1}, {0, 1}, {1, 1}, {29, 1}, {30, 2}, {59, 2}} {
		s.run(day(t, "2026-11-16").Add(look.after).String())
		if server.total() != look.want {
			t.Errorf("after %d days: %d messages, want %d", look.after, server.total(), look.want)
		}
	}
	text := parts(t, server.message(0))["text/plain; charset=utf-8"]
	if !strings.Contains(text, "Ana, Room 12: $12.50") {
		t.Error(text)
	}
	// Paid while the next mail waits.
	s.mailToPort(1)
	s.choose("2027-01-18")
	fee.Paid = 900
	s.update(fee)
	s.mailTo(server)
	if summary := s.run("2027-01-18"); summary.Cancelled != 1 || server.total() != 2 {
		t.Errorf("%+v", summary)
	}
	// Nothing is remembered of who owes nothing.
	if _, err := s.App.DB().NewQuery("UPDATE fees SET state = 'settled'").Execute(); err != nil {
		t.Fatal(err)
	}
	if s.choose("2027-01-19"); s.Count("notice_reminders", "1") != 0 {
		t.Error("a reminder is remembered")
	}
}

// Two runs that planned the same tell of money once.
func TestMoneyInTwoRunsAtOnce(t *testing.T) {
	s := newSchool(t)
	s.decide(func(n *site.Notices) { n.Kinds.Fee.On = true })
	s.owes(s.child("Ana", "ana@home.example; father@home.example"), 900)
	drafts, err := plan(s.App, day(t, "2026-11-16"), chosen, Part{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if written, err := write(s.App, slices.Clone(drafts), morning()); err != nil || len(written) != want {
			t.Errorf("%d written, want %d, %v", len(written), want, err)
		}
	}
	if n := s.Count("notices", "1"); n != 2 {
		t.Errorf("%d notices", n)
	}
}

func TestNoMoneyWhereThereAreNoFees(t *testing.T) {
	s := newSchool(t)
	s.decide(func(n *site.Notices) { n.Kinds.Fee.On = true })
	s.owes(s.child("Ana", "ana@home.example"), 900)
	s.choose("2026-11-16")
	if err := site.SaveFees(s.App, site.Fees{Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	s.owing(0)
	server := startServer(t)
	s.mailTo(server)
	if summary := s.run("2026-12-20"); server.total() != 0 || summary.Cancelled != 1 {
		t.Errorf("%+v", summary)
	}
}

// owing counts who would be told of money.
func (s *school) owing(want int) {
	s.T.Helper()
	drafts, err := plan(s.App, day(s.T, "2026-12-20"), []string{kindFee}, Part{})
	if err != nil || len(drafts) != want {
		s.T.Errorf("%d drafts, %v", len(drafts), err)
	}
}

// TestHowAClaimEnds: each end is told once in its own words, and none of them after a week.
func TestHowAClaimEnds(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.decide(func(n *site.Notices) { n.Kinds.Claim.On = true })
	ana := s.child("Ana", "ana@home.example")
	ended := func(state string, days int) collections.Loan {
		loan := s.lend(ana, "2026-11-05")
		loan.State, loan.Claim, loan.ReturnedAt = state, collections.ClaimReturned, dateTime(morning().AddDate(0, 0, -days))
		s.update(loan)
		return loan
	}
	missing := ended(collections.LoanMissing, 1)
	ended(collections.LoanLost, 2)
	ended(collections.LoanReturned, 9)
	s.run("2026-11-16")
	s.run("2026-11-16")
	if server.total() != 2 {
		t.Fatalf("%d messages", server.total())
	}
	var texts []string
	for i := range 2 {
		texts = append(texts, parts(t, server.message(i))["text/plain; charset=utf-8"])
	}
	all := strings.Join(texts, "\n")
	if strings.Count(all, "marked as lost") != 1 || strings.Count(all, "nothing is owed. If it turns up at home") != 1 {
		t.Error(all)
	}
	missing.State, missing.ReturnedAt = collections.LoanReturned, dateTime(morning())
	s.update(missing)
	if s.run("2026-11-17"); server.total() != 3 {
		t.Fatalf("%d messages after it was found", server.total())
	}
	if subject := server.message(2).Header.Get("Subject"); !strings.Contains(subject, "turned up") {
		t.Error(subject)
	}
}

// TestRecall: a due date moved forward is told of when somebody waits, and not otherwise.
func TestRecall(t *testing.T) {
	s := newSchool(t)
	s.decide(func(n *site.Notices) { n.Kinds.Recall.On = true })
	ana := s.child("Ana", "ana@home.example")
	moved := func(was, due string) collections.Loan {
		loan := s.lend(ana, due)
		s.serial++
		data, err := json.Marshal(map[string]any{"due": day(t, due), "was_due": day(t, was)})
		if err != nil {
			t.Fatal(err)
		}
		_, err = collections.Insert(s.App, collections.Fact{
			Key: fmt.Sprintf("moved-%08d", s.serial), Kind: collections.FactDue, Loan: loan.ID, Item: loan.Item, Door: "staff", Seq: s.serial, Data: data, RecordedAt: dateTime(morning()),
		})
		if err != nil {
			t.Fatal(err)
		}
		return loan
	}
	earlier, later, alone := moved("2026-12-10", "2026-11-20"), moved("2026-11-10", "2026-11-20"), moved("2026-12-10", "2026-11-20")
	for _, loan := range []collections.Loan{earlier, later} {
		item, _, err := collections.Find[collections.Item](s.App, "id = '"+loan.Item+"'", nil)
		if err == nil {
			_, err = collections.Insert(s.App, collections.Hold{
				Patron: s.child("Luis", "").ID, Title: item.Title, State: collections.HoldWaiting, PlacedAt: dateTime(morning()),
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.choose("2026-11-16")
	s.choose("2026-11-16")
	if s.Count("notice_loans", "kind = 'recall' AND loan = '"+earlier.ID+"'") != 1 || s.Count("notice_loans", "1") != 1 {
		t.Errorf("%v; later %s, alone %s", s.notices(), later.ID, alone.ID)
	}
}

// TestAKindSwitchedOff is neither chosen, nor queued by the desk, nor sent when it waits.
func TestAKindSwitchedOff(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	ana := s.child("Ana", "ana@home.example")
	s.lend(ana, "2026-11-05")
	s.ready(ana)
	s.choose("2026-11-16")
	s.decide(func(n *site.Notices) { n.Kinds.Overdue.On, n.Kinds.HoldReady.On = false, false })
	s.ready(s.child("Luis", "luis@home.example"))
	s.lend(s.child("Zoe", "zoe@home.example"), "2026-11-05")
	s.mailTo(server)
	if summary := s.run("2026-11-16"); summary.Cancelled != 2 || summary.Selected != 0 || server.total() != 0 || s.Count("notices", "1") != 2 {
		t.Errorf("%+v", summary)
	}
}

func BenchmarkSelectEveryKind(b *testing.B) {
	s := newSchool(b)
	many(b, s, 2000, 5)
	s.decide(func(n *site.Notices) {
		n.Kinds.DueSoon.On, n.Kinds.Recall.On, n.Kinds.Claim.On, n.Kinds.Fee.On = true, true, true, true
	})
	b.Run("all late", func(b *testing.B) { benchmarkPlan(b, s, "2026-11-16") })
	b.Run("all due soon", func(b *testing.B) { benchmarkPlan(b, s, "2026-11-04") })
}

func benchmarkPlan(b *testing.B, s *school, on string) {
	b.Helper()
	began, rounds := time.Now(), 0
	today := day(b, on)
	for b.Loop() {
		rounds++
		if drafts, err := plan(s.App, today, chosen, Part{}); err != nil || len(drafts) != 2000 {
			b.Fatal(len(drafts), err)
		}
	}
	b.ReportMetric(float64(time.Since(began).Milliseconds())/float64(rounds), "ms/10000-loans")
}
