package notices

import (
	"bytes"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"
)

// teacher adds somebody who signs in and teaches these homerooms.
func (s *school) teacher(email string, rooms ...string) {
	s.T.Helper()
	staff, err := s.App.FindCollectionByNameOrId(collections.Staff)
	if err != nil {
		s.T.Fatal(err)
	}
	record := core.NewRecord(staff)
	record.SetEmail(email)
	record.SetPassword("long enough")
	record.Set("name", "Ms. Okafor")
	record.Set("role", string(collections.Teacher))
	record.Set("homerooms", rooms)
	if err := s.App.Save(record); err != nil {
		s.T.Fatal(err)
	}
}

func TestWhoIsWrittenTo(t *testing.T) {
	for name, test := range map[string]struct {
		to, channel string
		want        string
	}{
		"guardians":              {"guardians", "mail", "g@x.example"},
		"the patron":             {"patron", "mail", "p@x.example"},
		"both":                   {"patron guardians", "mail", "g@x.example p@x.example"},
		"the teacher too":        {"guardians teacher", "mail", "g@x.example t@x.example"},
		"the teacher alone":      {"teacher", "mail", "t@x.example"},
		"paper":                  {"guardians", "paper", "paper"},
		"paper, and the teacher": {"patron teacher", "paper", "paper t@x.example"},
	} {
		kind := site.NoticeKind{To: strings.Fields(test.to), Channel: test.channel}
		var got []string
		for _, to := range recipients(kind, "g@x.example", "p@x.example", []string{"t@x.example", "G@x.example"}) {
			if to.channel == channelPaper {
				to.address = "paper"
			}
			if to.address != "G@x.example" { // a teacher who is also the mother, only where the family is not written to
				got = append(got, to.address)
			}
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := recipients(site.NoticeKind{To: []string{site.ToPatron}, Channel: channelMail}, "g@x.example", "", nil); len(got) != 1 || got[0].address != "g@x.example" {
		t.Errorf("a patron without an address: %+v", got)
	}
}

// TestTheTeachersList is one mail for the class, with full names and counts, and no titles unless the school's profile says so.
func TestTheTeachersList(t *testing.T) {
	for _, test := range []struct {
		profile, teacher site.Disclosure
		titles           bool
	}{{site.DiscloseCount, site.DiscloseTitle, false}, {site.DiscloseTitle, site.DiscloseCount, false}, {site.DiscloseTitle, site.DiscloseTitle, true}} {
		s := newSchool(t)
		server := startServer(t)
		s.mailTo(server)
		s.decide(func(n *site.Notices) {
			n.Profile, n.Disclosure.Teacher = test.profile, test.teacher
			n.Kinds.Overdue.To = []string{site.ToGuardians, site.ToTeacher}
		})
		s.teacher("okafor@school.example", s.homeroom("Room 12").ID)
		s.teacher("other@school.example", s.homeroom("4B").ID)
		zoe, ana := s.child("Zoe", "zoe@home.example"), s.child("Ana", "ana@home.example")
		s.lend(zoe, "2026-11-05")
		s.lend(ana, "2026-11-05")
		s.lend(ana, "2026-11-05")
		s.run("2026-11-16")
		s.run("2026-11-16")
		if diff := cmp.Diff(map[string]int{"okafor@school.example": 1, "zoe@home.example": 1, "ana@home.example": 1}, server.received()); diff != "" {
			t.Fatal(diff)
		}
		for i := range server.total() {
			message := server.message(i)
			text := parts(t, message)["text/plain; charset=utf-8"]
			if message.Header.Get("To") != "<okafor@school.example>" {
				if strings.Contains(text, "Hatchet") {
					t.Error(text)
				}
				continue
			}
			if strings.Contains(text, "Hatchet") != test.titles || !strings.Contains(text, "Ana Ramírez, Room 12:") ||
				strings.Index(text, "Ana") > strings.Index(text, "Zoe") {
				t.Errorf("%v: %s", test, text)
			}
			if !test.titles && !strings.Contains(text, "Ana Ramírez, Room 12: 2 library books") {
				t.Error(text)
			}
		}
	}
}

// TestHowMuchAFamilyReads is the ladder, in both languages, with a subject that never climbs it.
func TestHowMuchAFamilyReads(t *testing.T) {
	for level, want := range map[site.Disclosure][2]string{
		site.DiscloseCount: {"Ana, Room 12: 3 library books, the oldest due on Thursday, November 5\n", "Ana, Room 12: 3 libros de la biblioteca, el primero para el jueves 5 de noviembre\n"},
		site.DiscloseType:  {"Ana, Room 12: 2 books, 1 DVD, the oldest due on Thursday, November 5\n", "Ana, Room 12: 2 libros, 1 DVD, el primero para el jueves 5 de noviembre\n"},
		site.DiscloseTitle: {"Ana, Room 12:\n– Hatchet ", "Ana, Room 12:\n– Hatchet "},
	} {
		for i, language := range []string{"en", "es"} {
			s := newSchool(t)
			server := startServer(t)
			s.mailTo(server)
			s.decide(func(n *site.Notices) { n.Profile, n.Disclosure.Guardians = site.DiscloseTitle, level })
			template := collections.NoticeTemplate{Kind: kindOverdue, Language: language, Subject: "{{.Books}} {{.List}}", Body: "{{.List}}\n"}
			dvd, err := collections.Insert(s.App, collections.ItemType{Code: "dvd", Name: "DVD"})
			if err == nil {
				_, err = collections.Insert(s.App, template)
			}
			if err != nil {
				t.Fatal(err)
			}
			ana := s.child("Ana", "ana@home.example")
			ana.Language = language
			s.Save(ana)
			s.lend(ana, "2026-11-05")
			s.lend(ana, "2026-11-06")
			loan := s.lend(ana, "2026-11-10")
			item, _, err := collections.Find[collections.Item](s.App, "id = '"+loan.Item+"'", nil)
			if err != nil {
				t.Fatal(err)
			}
			item.Type = dvd.ID
			s.Save(item)
			s.run("2026-11-16")
			message := server.message(0)
			if text := parts(t, message)["text/plain; charset=utf-8"]; !strings.Contains(text, want[i]) {
				t.Errorf("%s: %q", level, text)
			}
			if subject := decoded(t, message.Header.Get("Subject")); strings.Contains(subject, "Hatchet") || strings.Contains(subject, "DVD") {
				t.Errorf("%s: %q", level, subject)
			}
			var pdf bytes.Buffer
			if err := Slips(s.App, &pdf, day(t, "2026-11-16"), Part{}, morning()); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(textOf(t, pdf.Bytes()), "Hatchet") {
				t.Error("a title on paper")
			}
		}
	}
}

func TestAProfileLoweredWhileMailWaits(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.decide(func(n *site.Notices) { n.Profile, n.Disclosure.Guardians = site.DiscloseTitle, site.DiscloseTitle })
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	s.choose("2026-11-16")
	s.decide(func(n *site.Notices) { n.Profile = site.DiscloseCount })
	s.mailTo(server)
	s.run("2026-11-16")
	if text := parts(t, server.message(0))["text/plain; charset=utf-8"]; strings.Contains(text, "Hatchet") {
		t.Error(text)
	}
}

// Titles are printed where profile and paper allow it.
func TestTitlesOnPaperWhereAllowed(t *testing.T) {
	s := newSchool(t)
	s.decide(func(n *site.Notices) { n.Profile, n.Disclosure.Paper = site.DiscloseTitle, site.DiscloseTitle })
	s.lend(s.child("Ana", ""), "2026-11-05")
	var pdf bytes.Buffer
	if err := Slips(s.App, &pdf, day(t, "2026-11-16"), Part{}, morning()); err != nil {
		t.Fatal(err)
	}
	if text := textOf(t, pdf.Bytes()); !strings.Contains(text, "Hatchet") {
		t.Error(text)
	}
}
