package notices_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/notices"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

// library is a school with a desk, where Diego asks for books that others have. Its books are told apart by number, its days by date:
// 2026-11-16 is a Monday, and what is put on the hold shelf then waits until Monday, November 23.
type library struct {
	testkit.Library
	now  time.Time
	acts int
	last string // the key of the last act
}

var librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}

const (
	diego  = "P100"
	mother = "mother@home.example"
	until  = "Monday, November 23"
)

func newLibrary(t testing.TB) *library {
	t.Helper()
	l := &library{Library: testkit.NewLibrary(t), now: time.Date(2026, 11, 16, 13, 0, 0, 0, time.UTC)}
	if err := site.Save(l.App, site.School{Name: "Cedar Hollow Library", Zone: "America/New_York", Language: say.English}); err != nil {
		t.Fatal(err)
	}
	l.family(diego, mother, "")
	l.Patron("P999") // who has the books that others want
	return l
}

func (l *library) family(code, guardians, language string) {
	l.T.Helper()
	patron := l.Patron(code)
	patron.GuardianEmail, patron.Language = guardians, language
	l.Save(patron)
}

func (l *library) act() desk.Act {
	l.acts++
	l.last = fmt.Sprintf("act-%05d", l.acts)
	return desk.Act{Key: l.last, Now: l.now, Actor: librarian}
}

func (l *library) must(err error) {
	l.T.Helper()
	if err != nil {
		l.T.Fatal(err)
	}
}

// wish lends a new book to somebody else and puts a patron in the queue for it.
func (l *library) wish(patron, book string) (hold string) {
	l.T.Helper()
	item := l.Item(book)
	_, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: l.act(), Patron: "P999", Item: book})
	l.must(err)
	held, err := desk.PlaceHold(l.App, desk.HoldRequest{Act: l.act(), Patron: patron, Title: item.Title})
	l.must(err)
	return held.Hold.ID
}

// scan returns a book, and answers whose hold caught it.
func (l *library) scan(book string) *collections.Hold {
	l.T.Helper()
	returned, err := desk.Return(l.App, desk.ReturnRequest{Act: l.act(), Item: book})
	l.must(err)
	return returned.Hold
}

// ready puts a book that a patron asked for on the hold shelf.
func (l *library) ready(patron, book string) (hold string) {
	l.T.Helper()
	hold = l.wish(patron, book)
	if caught := l.scan(book); caught == nil || caught.ID != hold || caught.PickupBy.String() != "2026-11-23" {
		l.T.Fatalf("not kept, or not until the 23rd: %+v", caught)
	}
	return hold
}

func (l *library) requeue(hold string) {
	l.T.Helper()
	_, err := desk.MoveHold(l.App, desk.HoldChange{Act: l.act(), Hold: hold, Place: 1})
	l.must(err)
}

func (l *library) send() notices.Summary {
	l.T.Helper()
	summary, err := notices.Send(l.T.Context(), l.App, func() time.Time { return l.now }, true)
	l.must(err)
	return summary
}

func (l *library) states(want map[string]int) {
	l.T.Helper()
	if diff := cmp.Diff(want, notices.StatesOf(l.T, l.App)); diff != "" {
		l.T.Error(diff)
	}
}

func (l *library) day(text string) policy.Day {
	l.T.Helper()
	day, err := policy.ParseDay(text)
	l.must(err)
	return day
}

// expire goes on to the day after the last one for pick-up, and ends what nobody came for.
func (l *library) expire() {
	l.T.Helper()
	l.now = l.now.AddDate(0, 0, 8)
	n, err := desk.ExpireHolds(l.App, l.day("2026-11-24"), l.act())
	l.must(err)
	if n != 1 {
		l.T.Fatalf("%d holds expired", n)
	}
}

func TestAHoldThatIsReadyIsToldOfOnce(t *testing.T) {
	l := newLibrary(t)
	server := notices.StartMail(l.Library)
	l.ready(diego, "B1")
	if summary := l.send(); summary.Sent != 1 || summary.Waiting != 0 {
		t.Errorf("%+v", summary)
	}
	l.send()
	if diff := cmp.Diff(map[string]int{mother: 1}, server.Received()); diff != "" {
		t.Error(diff)
	}
	subject, text := server.Read(0)
	if want := "Ready to pick up at the library: Cedar Hollow Library"; subject != want {
		t.Errorf("%q, want %q", subject, want)
	}
	for _, want := range []string{"Something that Diego asked for is ready", "1 library book, kept until " + until + "\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(subject+text, "Hatchet") || strings.Contains(text, "Ramírez") {
		t.Error("a title or a surname is told")
	}
}

func TestASpanishFamilyIsToldOfItsHold(t *testing.T) {
	l := newLibrary(t)
	server := notices.StartMail(l.Library)
	l.family("P200", "mama@home.example", "es-MX")
	l.ready("P200", "B1")
	l.send()
	subject, text := server.Read(0)
	if subject != "Para recoger en la biblioteca: Cedar Hollow Library" || !strings.Contains(text, "1 libro de la biblioteca, hasta el lunes 23 de noviembre\n") {
		t.Errorf("%q\n%s", subject, text)
	}
}

// TestOneMailOfSeveralHolds: two books of one child and one of another, in one mail to the mother of both.
func TestOneMailOfSeveralHolds(t *testing.T) {
	l := newLibrary(t)
	server := notices.StartMail(l.Library)
	l.family("P200", mother, "")
	l.ready(diego, "B1")
	l.ready(diego, "B2")
	l.ready("P200", "B3")
	if summary := l.send(); summary.Sent != 3 {
		t.Errorf("%+v", summary)
	}
	if diff := cmp.Diff(map[string]int{mother: 1}, server.Received()); diff != "" {
		t.Fatal(diff)
	}
	if _, text := server.Read(0); !strings.Contains(text, "Diego and Diego") || !strings.Contains(text, "3 library books, kept until "+until) {
		t.Error(text)
	}
}

// TestHoldsAndLateBooksAreTwoLetters: good news does not hide among reminders, nor the other way round.
func TestHoldsAndLateBooksAreTwoLetters(t *testing.T) {
	l := newLibrary(t)
	server := notices.StartMail(l.Library)
	l.Item("B9")
	lent, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: l.act(), Patron: diego, Item: "B9"})
	l.must(err)
	l.ready(diego, "B1")
	if _, err := notices.Select(l.App, lent.Loan.Due.Add(7), l.now); err != nil {
		t.Fatal(err)
	}
	l.send()
	if diff := cmp.Diff(map[string]int{mother: 2}, server.Received()); diff != "" {
		t.Fatal(diff)
	}
	var subjects []string
	for i := range 2 {
		subject, text := server.Read(i)
		subjects = append(subjects, subject)
		if !strings.Contains(text, "1 library book,") {
			t.Error(text)
		}
	}
	want := []string{"Ready to pick up at the library: Cedar Hollow Library", "Library books to bring back: Cedar Hollow Library"}
	if diff := cmp.Diff(want, subjects); diff != "" {
		t.Error(diff)
	}
}

// TestAHoldThatIsNoLongerReady: whatever happens between the desk and the mail server, nobody is sent to an empty shelf.
func TestAHoldThatIsNoLongerReady(t *testing.T) {
	for name, after := range map[string]func(l *library, patron, hold string){
		"the return was undone": func(l *library, _, _ string) {
			l.must(desk.Undo(l.App, l.last, l.now, librarian))
		},
		"cancelled": func(l *library, _, hold string) {
			_, err := desk.CancelHold(l.App, desk.HoldChange{Act: l.act(), Hold: hold})
			l.must(err)
		},
		"back in the queue": func(l *library, _, hold string) { l.requeue(hold) },
		"picked up": func(l *library, patron, _ string) {
			_, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: l.act(), Patron: patron, Item: "B1"})
			l.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for channel, patron := range map[string]string{"mail": diego, "paper": "P200"} {
				l := newLibrary(t)
				server := notices.StartMail(l.Library)
				l.family("P200", "", "")
				hold := l.ready(patron, "B1")
				l.states(map[string]int{"queued": 1})
				after(l, patron, hold)
				if _, err := notices.PrintQueued(l.App, io.Discard, l.now); fault.CodeOf(err) != fault.NotFound {
					t.Errorf("%s: %v", channel, err)
				}
				if summary := l.send(); summary.Cancelled != 1 || len(server.Received()) != 0 {
					t.Errorf("%s: %+v", channel, summary)
				}
				l.states(map[string]int{"cancelled": 1})
			}
		})
	}
}

// TestReadyAgainIsToldAgain, whether or not the first notice went out before the hold went back into the queue, and on the same day.
func TestReadyAgainIsToldAgain(t *testing.T) {
	for name, test := range map[string]struct {
		first func(*library)
		want  map[string]int
		mails int
	}{
		"after the first mail":       {func(l *library) { l.send() }, map[string]int{"sent": 2}, 2},
		"the first was cancelled":    {func(l *library) {}, map[string]int{"cancelled": 1, "sent": 1}, 1},
		"the first is still waiting": {nil, map[string]int{"sent": 2}, 1}, // one book, one mail
	} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(t)
			server := notices.StartMail(l.Library)
			hold := l.ready(diego, "B1")
			if test.first != nil {
				test.first(l)
			}
			l.requeue(hold)
			if test.first != nil {
				l.send()
			}
			if caught := l.scan("B1"); caught == nil || caught.ID != hold {
				t.Fatalf("%+v", caught)
			}
			l.send()
			l.states(test.want)
			if diff := cmp.Diff(map[string]int{mother: test.mails}, server.Received()); diff != "" {
				t.Error(diff)
			}
			if _, text := server.Read(test.mails - 1); !strings.Contains(text, "1 library book, kept until") {
				t.Error(text)
			}
		})
	}
}

// TestTheSameStateIsToldOfOnce: telling again of what has not changed adds nothing.
func TestTheSameStateIsToldOfOnce(t *testing.T) {
	l := newLibrary(t)
	id := l.ready(diego, "B1")
	hold, _, err := collections.Find[collections.Hold](l.App, "id = {:id}", map[string]any{"id": id})
	l.must(err)
	l.must(notices.HoldReady(l.App, hold, l.now))
	l.states(map[string]int{"queued": 1})
}

func TestAHoldThatExpired(t *testing.T) {
	l := newLibrary(t)
	server := notices.StartMail(l.Library)
	l.ready(diego, "B1")
	l.expire()
	if summary := l.send(); summary.Sent != 1 || summary.Cancelled != 1 { // that it is ready is told no more
		t.Errorf("%+v", summary)
	}
	subject, text := server.Read(0)
	if subject != "No longer kept at the library: Cedar Hollow Library" || !strings.Contains(text, "1 library book, kept until "+until+"\n") {
		t.Errorf("%q\n%s", subject, text)
	}
}

func TestAnExpiryThatWasUndone(t *testing.T) {
	l := newLibrary(t)
	server := notices.StartMail(l.Library)
	hold := l.ready(diego, "B1")
	l.send()
	l.expire()
	l.must(desk.Undo(l.App, "expire-"+hold+"-0", l.now, librarian))
	l.send()
	l.states(map[string]int{"sent": 1, "cancelled": 1})
	if diff := cmp.Diff(map[string]int{mother: 1}, server.Received()); diff != "" {
		t.Error(diff)
	}
}

// TestHoldsOnPaper: without an address a slip is printed, among those of late books, each once.
func TestHoldsOnPaper(t *testing.T) {
	l := newLibrary(t)
	l.family("P200", "not an address", "es")
	l.ready("P200", "B1")
	l.states(map[string]int{"queued": 1, "failed": 1})
	var pdf bytes.Buffer
	printed, err := notices.PrintQueued(l.App, &pdf, l.now)
	if err != nil || printed != 1 {
		t.Fatalf("%d, %v", printed, err)
	}
	text := notices.TextOf(t, pdf.Bytes())
	for _, want := range []string{"Listo para ti", "1 libro de la biblioteca", "hasta el lunes 23 de noviembre"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Hatchet") {
		t.Error("a title is told")
	}
	if _, err := notices.PrintQueued(l.App, &pdf, l.now); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("printed twice: %v", err)
	}
	l.states(map[string]int{"printed": 1, "failed": 1})
}

// TestSlipsOfADayShowHolds also for families who get mail, until the last day for pick-up.
func TestSlipsOfADayShowHolds(t *testing.T) {
	l := newLibrary(t)
	l.ready(diego, "B1")
	var pdf bytes.Buffer
	l.must(notices.Slips(l.App, &pdf, l.day("2026-11-23"), notices.Part{}, l.now))
	if text := notices.TextOf(t, pdf.Bytes()); !strings.Contains(text, "Ready for you") || !strings.Contains(text, "until "+until) {
		t.Error(text)
	}
	if err := notices.Slips(l.App, io.Discard, l.day("2026-11-24"), notices.Part{}, l.now); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("after the last day: %v", err)
	}
}

func TestHoldNoticesAreListed(t *testing.T) {
	l := newLibrary(t)
	l.ready(diego, "B1")
	page, err := notices.List(l.App, notices.Asked{Lang: say.English}, time.Now())
	l.must(err)
	if len(page.Items) != 1 || page.Items[0].Kind != "hold_ready" || page.Items[0].Count != 1 || page.Items[0].Patron.Barcode != diego {
		t.Errorf("%+v", page.Items)
	}
}

func TestOwnWordsForHolds(t *testing.T) {
	for _, step := range []int{0, 1} {
		t.Run(fmt.Sprintf("step %d", step), func(t *testing.T) {
			l := newLibrary(t)
			server := notices.StartMail(l.Library)
			hold := l.ready(diego, "B1")
			template, err := collections.Insert(l.App, collections.NoticeTemplate{
				Kind: "hold_ready", Step: step, Language: "en", Subject: "Come, {{.FirstName}}", Body: "{{.Count}} until {{.PickupBy}}",
			})
			l.must(err)
			l.send()
			l.requeue(hold)
			l.scan("B1") // and again at its second time
			l.send()
			for n := range 2 {
				if subject, text := server.Read(n); subject != "Come, Diego" || text != "1 until "+until {
					t.Errorf("%q, %q", subject, text)
				}
			}
			template.Body = "{{.OldestDue}}" // what is held has no due date
			l.must(collections.Update(l.App, template))
			if _, err := notices.Send(t.Context(), l.App, time.Now, true); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "{{.PickupBy}}") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAClaimedBookIsNotSpokenOf(t *testing.T) {
	for name, claimFirst := range map[string]bool{"claimed before the run": true, "claimed after it was chosen": false} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(t)
			server := notices.StartMail(l.Library)
			l.Item("B1")
			lent, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: l.act(), Patron: diego, Item: "B1"})
			l.must(err)
			late := lent.Loan.Due.Add(7)
			claim := func() {
				_, err := desk.Claim(l.App, desk.ClaimRequest{Act: l.act(), Item: "B1", Claim: collections.ClaimReturned})
				l.must(err)
			}
			want := map[string]int{}
			if claimFirst {
				claim()
			} else {
				want["cancelled"] = 1
			}
			if _, err := notices.Select(l.App, late, l.now); err != nil {
				t.Fatal(err)
			}
			if !claimFirst {
				l.states(map[string]int{"queued": 1})
				claim()
			}
			l.send()
			l.states(want)
			if len(server.Received()) != 0 {
				t.Error("a mail went out")
			}
			if preview, err := notices.Preview(l.App, late, notices.Part{}, l.now); err != nil || preview.Loans != 0 {
				t.Errorf("%+v, %v", preview, err)
			}
			if err := notices.Slips(l.App, io.Discard, late, notices.Part{}, l.now); fault.CodeOf(err) != fault.NotFound {
				t.Error(err)
			}
		})
	}
}
