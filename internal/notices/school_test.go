package notices

import (
	"context"
	"fmt"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// school is a library with late books.
type school struct {
	testkit.Library
	serial int
}

func newSchool(t testing.TB) *school {
	s := &school{Library: testkit.NewLibrary(t)}
	if err := site.Save(s.App, site.School{Name: "Cedar Hollow Library", Zone: "America/New_York", Language: "en"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// day reads a date of a test; 2026-11-16 is a Monday.
func day(t testing.TB, text string) policy.Day {
	t.Helper()
	day, err := policy.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// morning is eight o'clock in New York on Monday, November 16.
func morning() time.Time { return time.Date(2026, 11, 16, 13, 0, 0, 0, time.UTC) }

func (s *school) homeroom(name string) collections.Homeroom {
	s.T.Helper()
	room, found, err := collections.Find[collections.Homeroom](s.App, "name = {:name}", dbx.Params{"name": name})
	if err == nil && !found {
		room, err = collections.Insert(s.App, collections.Homeroom{Name: name})
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return room
}

// child adds a patron of Room 12 whose guardians have these addresses.
func (s *school) child(name, guardians string) collections.Patron {
	s.T.Helper()
	s.serial++
	patron := s.Patron(fmt.Sprintf("2%07d", s.serial))
	patron.FirstName, patron.GuardianEmail, patron.Homeroom = name, guardians, s.homeroom("Room 12").ID
	s.Save(patron)
	return patron
}

// lend gives a patron an item that was due on a day.
func (s *school) lend(patron collections.Patron, due string) collections.Loan {
	s.T.Helper()
	s.serial++
	item := s.Item(fmt.Sprintf("3%07d", s.serial))
	loan, err := collections.Insert(s.App, collections.Loan{
		Item: item.ID, Patron: patron.ID, State: collections.LoanOpen, Due: day(s.T, due), OutAt: dateTime(morning().AddDate(0, -1, 0)),
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return loan
}

// ready lays something on the hold shelf for a patron until Friday, November 20, and queues the notice.
func (s *school) ready(patron collections.Patron) collections.Hold {
	s.T.Helper()
	s.serial++
	item := s.Item(fmt.Sprintf("4%07d", s.serial))
	hold, err := collections.Insert(s.App, collections.Hold{
		Patron: patron.ID, Title: item.Title, Caught: item.ID, State: collections.HoldReady, PlacedAt: dateTime(morning()), ReadyAt: dateTime(morning()), PickupBy: day(s.T, "2026-11-20"),
	})
	if err == nil {
		err = HoldReady(s.App, hold, morning())
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return hold
}

func (s *school) giveBack(loan collections.Loan) {
	s.T.Helper()
	loan.State, loan.ReturnedAt = collections.LoanReturned, dateTime(morning())
	if err := collections.Update(s.App, loan); err != nil {
		s.T.Fatal(err)
	}
}

// mailTo points the mail settings at a server.
func (s *school) mailTo(server *mailServer) { s.T.Helper(); s.mailToPort(server.port()) }

func (s *school) mailToPort(port int) {
	s.T.Helper()
	settings := s.App.Settings()
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", port
	settings.Meta.SenderAddress = "library@cedarhollow.example"
	if err := s.App.Save(settings); err != nil {
		s.T.Fatal(err)
	}
}

func (s *school) choose(on string) Summary {
	s.T.Helper()
	summary, err := Select(s.App, day(s.T, on), morning())
	if err != nil {
		s.T.Fatal(err)
	}
	return summary
}

func (s *school) run(on string) Summary {
	s.T.Helper()
	summary, err := Run(context.Background(), s.App, day(s.T, on), morning, false)
	if err != nil {
		s.T.Fatal(err)
	}
	return summary
}

// notices reads all notices in the order of their making.
func (s *school) notices() []collections.Notice {
	s.T.Helper()
	rows, err := collections.All[collections.Notice](s.App, "", "created, recipient, id", nil)
	if err != nil {
		s.T.Fatal(err)
	}
	return rows
}

// states counts the notices by state.
func (s *school) states() map[string]int { s.T.Helper(); return statesOf(s.T, s.App) }

func statesOf(t testing.TB, app core.App) map[string]int {
	t.Helper()
	counts, err := countStates(app, true)
	if err != nil {
		t.Fatal(err)
	}
	for state, n := range counts {
		if n == 0 {
			delete(counts, state)
		}
	}
	return counts
}

// tick looks at the clock of the school once.
func (s *school) tick(at string) {
	s.T.Helper()
	look := newYork(s.T, at)
	if err := tick(context.Background(), s.App, func() time.Time { return look }); err != nil {
		s.T.Fatal(err)
	}
}

// decide changes what the school decided about notices.
func (s *school) decide(change func(*site.Notices)) {
	s.T.Helper()
	settings, err := site.LoadNotices(s.App)
	if err == nil {
		change(&settings)
		err = site.SaveNotices(s.App, settings)
	}
	if err != nil {
		s.T.Fatal(err)
	}
}
