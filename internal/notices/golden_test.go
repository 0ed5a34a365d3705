package notices

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files")

// TestMailsOfEveryKind holds what families and a teacher read, in both languages and at each disclosure, to golden files.
func TestMailsOfEveryKind(t *testing.T) {
	for _, lang := range []string{"en", "es"} {
		for _, level := range []site.Disclosure{site.DiscloseCount, site.DiscloseType, site.DiscloseTitle} {
			t.Run(fmt.Sprint(lang, " ", level), func(t *testing.T) {
				got := everyMail(t, lang, level)
				golden := filepath.Join("testdata", fmt.Sprintf("mails.%s.%s.txt", lang, level))
				if *rewrite {
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("the mails changed; if on purpose, run this test with -update\n%s", diff)
				}
				if titles := strings.Contains(got, "Hatchet"); titles != (level == site.DiscloseTitle) {
					t.Errorf("a title is told: %v", titles)
				}
			})
		}
	}
}

// everyMail makes a mail of each kind and step and prints them in order.
func everyMail(t *testing.T, lang string, level site.Disclosure) string {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.decide(func(n *site.Notices) {
		n.Profile, n.Disclosure = level, site.NoticeDisclosure{Guardians: level, Patron: level, Teacher: level, Paper: level}
		k := &n.Kinds
		k.DueSoon.On, k.Recall.On, k.Claim.On, k.Fee.On = true, true, true, true
		k.Overdue.To = []string{site.ToGuardians, site.ToTeacher}
	})
	if err := site.Save(s.App, site.School{Name: "Cedar Hollow Library", Zone: "America/New_York", Language: "en"}); err != nil {
		t.Fatal(err)
	}
	s.teacher("okafor@school.example", s.homeroom("Room 12").ID)
	for i, due := range []string{"2026-11-13", "2026-11-02", "2026-10-19"} {
		child := s.speaking(fmt.Sprint("Íñigo", i+1), lang)
		s.lend(child, due)
		s.lend(child, "2026-11-13")
	}
	ana := s.speaking("Ana", lang)
	s.lend(ana, "2026-11-17")
	s.lend(ana, "2026-11-18")
	s.owes(ana, 1250)
	hold := s.ready(ana)
	over := s.ready(s.speaking("Luis", lang))
	over.State = collections.HoldExpired
	if err := collections.Update(s.App, over); err != nil {
		t.Fatal(err)
	}
	if err := HoldExpired(s.App, over, morning()); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{collections.LoanLost, collections.LoanMissing, collections.LoanReturned} {
		loan := s.lend(ana, "2026-11-05")
		loan.State, loan.Claim, loan.ReturnedAt = state, collections.ClaimReturned, dateTime(morning())
		s.update(loan)
	}
	s.recall(hold, lang)
	s.run("2026-11-16")
	return s.printed(server)
}

func (s *school) speaking(name, lang string) collections.Patron {
	s.T.Helper()
	child := s.child(name, strings.ToLower(strings.NewReplacer("Í", "i", "ñ", "n").Replace(name))+"@home.example")
	child.Language = lang
	s.Save(child)
	return child
}

// recall moves a due date forward while somebody waits for the title.
func (s *school) recall(hold collections.Hold, lang string) {
	s.T.Helper()
	loan := s.lend(s.speaking("Zoe", lang), "2026-12-04")
	item, _, err := collections.Find[collections.Item](s.App, "id = '"+loan.Item+"'", nil)
	if err == nil {
		_, err = collections.Insert(s.App, collections.Hold{
			Patron: hold.Patron, Title: item.Title, State: collections.HoldWaiting, PlacedAt: dateTime(morning()),
		})
	}
	if err == nil {
		_, err = collections.Insert(s.App, collections.Fact{
			Key: "moved forward", Kind: collections.FactDue, Loan: loan.ID, Item: loan.Item, Door: "staff", Seq: 1,
			Data: []byte(`{"due":"2026-12-04","was_due":"2026-12-18"}`), RecordedAt: dateTime(morning()),
		})
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

// printed puts what a server accepted in an order that does not change, without the ids of the notices.
func (s *school) printed(server *mailServer) string {
	s.T.Helper()
	var mails []string
	for i := range server.total() {
		message := server.message(i)
		_, id, _ := strings.Cut(message.Header.Get("Message-ID"), "<notice.")
		id, _, _ = strings.Cut(id, "@")
		notice, found, err := collections.Find[collections.Notice](s.App, "id = '"+id+"'", nil)
		if err != nil || !found {
			s.T.Fatal(message.Header, err)
		}
		read := parts(s.T, message)
		name := fmt.Sprint(notice.Kind, " ", notice.Step)
		if notice.Audience == site.ToTeacher {
			name = "for the teacher"
		}
		mail := fmt.Sprintf("===== %s\nTo: %s\nSubject: %s\n", name, message.Header.Get("To"), decoded(s.T, message.Header.Get("Subject")))
		if unsubscribe := message.Header.Get("List-Unsubscribe"); unsubscribe != "" {
			mail += "List-Unsubscribe: " + unsubscribe + "\n"
		}
		mail += "----- text\n" + read["text/plain; charset=utf-8"] + "\n----- html\n" + read["text/html; charset=utf-8"] + "\n"
		mails = append(mails, strings.ReplaceAll(mail, id, "CODE"))
	}
	slices.Sort(mails)
	return strings.Join(mails, "\n")
}
