package privacy_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/privacy"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
)

// TestWhenALoanIsUnlinked: a loan that came back on Monday the 23rd names its patron until the 7th, 14 days later, and does not on the 8th.
func TestWhenALoanIsUnlinked(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		back time.Time
		at   string
		keep int
		want bool // still linked
	}{
		"the same night":                             {monday, "2026-11-24 03:00", 14, true},
		"14 days later":                              {monday, "2026-12-07 23:59", 14, true},
		"15 days later":                              {monday, "2026-12-08 00:00", 14, false},
		"back late in the evening, school time":      {time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC), "2026-12-08 00:00", 14, false},
		"back just after midnight, school time":      {time.Date(2026, 11, 24, 5, 30, 0, 0, time.UTC), "2026-12-08 23:00", 14, true},
		"kept no day, but it can still be undone":    {monday, "2026-11-24 03:00", 0, true},
		"kept no day, and it can not be undone":      {monday, "2026-11-25 03:00", 0, false},
		"kept fewer than no days is kept no day":     {monday, "2026-11-25 03:00", -5, false},
		"kept a year":                                {monday, "2027-11-23 03:00", 365, true},
		"kept a year, and that is over":              {monday, "2027-11-24 03:00", 365, false},
		"back at the fall change, unlinked after it": {time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC), "2026-11-15 00:00", 14, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(t)
			l.must(site.SavePrivacy(l.App, site.Privacy{KeepDays: test.keep}))
			l.Patron("P100")
			l.Item("B100")
			loan := l.lentAndBack("P100", "B100", test.back)
			at, err := time.ParseInLocation("2006-01-02 15:04", test.at, newYork)
			l.must(err)
			unlinked := l.unlink(at)
			if l.linked("loans", loan.ID) != test.want || unlinked.Loans == 1 == test.want {
				t.Errorf("linked %v, %+v", !test.want, unlinked)
			}
			if facts := l.Count("circ_events", "patron != ''"); facts > 0 != test.want {
				t.Errorf("%d facts name the patron", facts)
			}
			l.agree()
		})
	}
}

// A return that is entered today for two months ago can be undone until tomorrow, and the loan would be open again.
func TestABackdatedReturnStaysLinkedWhileItCanBeUndone(t *testing.T) {
	l := newLibrary(t)
	l.Patron("P100")
	l.Item("B100")
	loan := l.lend("P100", "B100", monday.Add(-60*day))
	act := l.act(monday)
	act.At = monday.Add(-50 * day)
	_, err := desk.Return(l.App, desk.ReturnRequest{Act: act, Item: "B100"})
	l.must(err)
	l.unlink(monday.Add(12 * time.Hour))
	l.must(desk.Undo(l.App, act.Key, monday.Add(23*time.Hour), librarian))
	if !l.linked("loans", loan.ID) {
		t.Error("an open loan of nobody")
	}
	l.agree()
}

func TestWhatStaysLinked(t *testing.T) {
	l := newLibrary(t)
	kept := l.Patron("P200")
	kept.KeepHistory = true
	l.Save(kept)
	l.Patron("P100")
	for _, code := range []string{"B1", "B2", "B3", "B4", "B5", "B6"} {
		l.Item(code)
	}
	old := monday.Add(-100 * day)
	open := l.lend("P100", "B1", old)
	history := l.lentAndBack("P200", "B2", old)
	plain := l.lentAndBack("P100", "B3", old)

	l.lend("P100", "B4", old.Add(-7*day)) // lost, and charged for
	_, err := desk.Mark(l.App, desk.MarkRequest{Act: l.act(old), Item: "B4", As: collections.FactLost, Charge: new(1500)})
	l.must(err)
	l.lend("P100", "B5", old.Add(-7*day)) // lost, without a charge
	_, err = desk.Mark(l.App, desk.MarkRequest{Act: l.act(old), Item: "B5", As: collections.FactLost, Charge: new(0)})
	l.must(err)
	undo := l.act(old)
	_, err = desk.CheckOut(l.App, desk.CheckOutRequest{Act: undo, Patron: "P100", Item: "B6"})
	l.must(err)
	l.must(desk.Undo(l.App, undo.Key, old.Add(time.Hour), librarian))
	waiting := l.hold("P100", "B2", old)
	cancelled := l.hold("P100", "B6", old)
	_, err = desk.CancelHold(l.App, desk.HoldChange{Act: l.act(old), Hold: cancelled.ID})
	l.must(err)

	got := l.unlink(monday)
	if diff := cmp.Diff(privacy.Unlinked{Loans: 3, Holds: 1}, got); diff != "" { // returned, lost without a charge, undone
		t.Error(diff)
	}
	if !l.linked("loans", open.ID) || !l.linked("loans", history.ID) || l.linked("loans", plain.ID) || !l.linked("holds", waiting.ID) || l.linked("holds", cancelled.ID) {
		t.Error("the wrong ones are linked")
	}
	if l.Count("loans", "state = 'lost' AND patron != ''") != 1 || l.Count("fees", "state = 'open' AND patron != ''") != 1 {
		t.Error("a lost item that is still owed must name its patron")
	}
	l.agree()

	l.pay("P100", 1500, monday)
	if got := l.unlink(monday.Add(10 * day)); got != (privacy.Unlinked{}) {
		t.Errorf("ten days after the payment: %+v", got)
	}
	if diff := cmp.Diff(privacy.Unlinked{Loans: 1, Fees: 1}, l.unlink(monday.Add(16*day))); diff != "" {
		t.Error(diff)
	}
	l.agree()
	l.must(privacy.SetHistory(l.App, kept.ID, false, librarian.ID, monday))
	if diff := cmp.Diff(privacy.Unlinked{Loans: 1}, l.unlink(monday.Add(17*day))); diff != "" {
		t.Error("the history was switched off:", diff)
	}
	l.agree()
}

// A lost book that turns up after its loan was unlinked is taken back like any other.
func TestALostItemIsFoundAfterUnlinking(t *testing.T) {
	l := newLibrary(t)
	l.Patron("P100")
	l.Item("B100")
	l.lend("P100", "B100", monday.Add(-100*day))
	_, err := desk.Mark(l.App, desk.MarkRequest{Act: l.act(monday.Add(-90 * day)), Item: "B100", As: collections.FactLost, Charge: new(1500)})
	l.must(err)
	l.pay("P100", 1500, monday.Add(-80*day))
	if diff := cmp.Diff(privacy.Unlinked{Loans: 1, Fees: 1}, l.unlink(monday)); diff != "" {
		t.Fatal(diff)
	}
	if returned := l.takeBack("B100", monday); returned.Next != desk.NextShelve {
		t.Errorf("next %s", returned.Next)
	}
	if l.Count("fees", "refunded = 1500 AND patron = ''") != 1 || l.Count("circ_events", "patron != ''") != 0 {
		t.Error("the refund is not in the ledger, or names somebody")
	}
	l.agree()
}

// everything gives a patron one of each thing, all over since long ago.
func (l *library) everything(code string) collections.Patron {
	l.T.Helper()
	patron := l.child(code)
	old := monday.Add(-100 * day)
	item, other, third := code+"-1", code+"-2", code+"-3"
	for _, name := range []string{item, other, third} {
		l.Item(name)
	}
	l.lend(code, item, old.Add(-60*day))
	l.tell(old.Add(-7 * day))
	_, err := desk.RenewAll(l.App, desk.RenewAllRequest{Act: l.act(old.Add(-6 * day)), Patron: code})
	l.must(err)
	_, err = desk.Claim(l.App, desk.ClaimRequest{Act: l.act(old.Add(-5 * day)), Item: item, Claim: collections.ClaimReturned})
	l.must(err)
	l.takeBack(item, old)
	l.charge(code, other, 300, old)
	l.pay(code, 300, old)
	hold := l.hold(code, other, old)
	l.takeBack(other, old) // seen, and caught
	l.tell(old)
	_, err = desk.CancelHold(l.App, desk.HoldChange{Act: l.act(old.Add(day)), Hold: hold.ID})
	l.must(err)
	_, err = desk.Replay(l.App, desk.Replayed{Key: fmt.Sprintf("kiosk-%08d", l.acts), At: old, Kind: collections.FactCheckOut, Card: code, Item: "no such item"}, old, librarian)
	l.must(err)
	l.exec(`UPDATE kiosk_questions SET state = 'answered', answered_at = {:at}`, old)
	return patron
}

func TestNothingNamesThePatronAnyMore(t *testing.T) {
	l := newLibrary(t)
	patron := l.everything("P100")
	for _, text := range []string{patron.ID, patron.GuardianEmail} {
		if len(l.mentions(text)) < 3 {
			t.Fatalf("the test has nothing to show: %v", l.mentions(text))
		}
	}
	counts := l.groups()
	if got := l.unlink(monday); got.Loans != 1 || got.Holds != 1 || got.Fees != 1 || got.Notices < 2 || got.Questions != 1 {
		t.Errorf("%+v", got)
	}
	for text, where := range map[string]map[string]int{
		patron.ID:            {"patrons.id": 1, "patron_index.patron": 1},
		patron.GuardianEmail: {"patrons.guardian_email": 1},
		patron.Barcode:       {"patrons.barcode": 1, "patrons.barcode_key": 1},
	} {
		found := l.mentions(text)
		delete(found, "items.barcode") // of this test's making
		delete(found, "items.barcode_key")
		delete(found, "titles.title")
		if diff := cmp.Diff(where, found); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	if diff := cmp.Diff(counts, l.groups()); diff != "" {
		t.Error("the counts have changed", diff)
	}
	l.agree()
	if again := l.unlink(monday); again != (privacy.Unlinked{}) {
		t.Errorf("a second run: %+v", again)
	}
}

// groups counts loans and facts by what is kept of the patron.
func (l *library) groups() map[string]int {
	l.T.Helper()
	counts := map[string]int{}
	for _, table := range []string{"loans", "holds", "fees", "circ_events"} {
		var rows []struct {
			Group string `db:"g"`
			Count int    `db:"n"`
		}
		l.must(l.App.DB().NewQuery("SELECT patron_type || '/' || grade || '/' || homeroom AS g, COUNT(*) AS n FROM " + table + " GROUP BY g").All(&rows))
		for _, row := range rows {
			counts[table+" "+row.Group] = row.Count
		}
	}
	return counts
}

// A notice that tells of two books, one of which is still out, keeps its address, and no longer tells of the other.
func TestANoticeThatIsStillNeeded(t *testing.T) {
	l := newLibrary(t)
	patron := l.child("P100")
	l.Item("B1")
	l.Item("B2")
	back, out := l.lend("P100", "B1", monday.Add(-100*day)), l.lend("P100", "B2", monday.Add(-100*day))
	l.tell(monday.Add(-60 * day))
	l.takeBack("B1", monday.Add(-50*day))
	l.unlink(monday)
	if l.Count("notices", "patron = '"+patron.ID+"' AND recipient = 'p100@home.example'") == 0 {
		t.Error("the notice of the book that is out has lost its family")
	}
	if n := l.Count("notice_loans", "loan = '"+back.ID+"' AND (notice != '' OR recipient LIKE '%@%')"); n != 0 {
		t.Error("the notice still tells of the book that came back")
	}
	if l.Count("notice_loans", "loan = '"+back.ID+"'") == 0 || l.Count("notice_loans", "loan = '"+out.ID+"' AND recipient = 'p100@home.example'") == 0 {
		t.Error("the record that makes a second run do nothing is gone")
	}
	l.takeBack("B2", monday)
	l.unlink(monday.Add(20 * day))
	if found := l.mentions("@home.example"); len(found) != 1 {
		t.Errorf("the address is still in %v", found)
	}
}

func TestQueuedNoticesAreLeftAlone(t *testing.T) {
	for _, state := range []string{collections.NoticeQueued, collections.NoticeSending} {
		l := newLibrary(t)
		l.child("P100")
		l.Item("B1")
		l.lend("P100", "B1", monday.Add(-100*day))
		l.tell(monday.Add(-60 * day))
		l.takeBack("B1", monday.Add(-50*day))
		l.exec(`UPDATE notices SET state = '`+state+`', created = {:at}`, monday.Add(-60*day))
		if got := l.unlink(monday); got.Loans != 1 || got.Notices != 0 || l.Count("notices", "patron != '' AND recipient != ''") != 1 {
			t.Errorf("%s: %+v", state, got)
		}
		l.exec(`UPDATE notices SET state = 'cancelled', updated = {:at}`, monday)
		if got := l.unlink(monday); got.Notices != 1 || l.Count("notices", "patron != '' OR recipient != ''") != 0 {
			t.Errorf("%s, then cancelled: %+v", state, got)
		}
	}
}

func TestOpenQuestionsKeepTheirCard(t *testing.T) {
	l := newLibrary(t)
	l.Patron("P100")
	old := monday.Add(-100 * day)
	_, err := desk.Replay(l.App, desk.Replayed{Key: "kiosk-0001", At: old, Kind: collections.FactCheckOut, Card: "P100", Item: "X"}, old, librarian)
	l.must(err)
	if got := l.unlink(monday); got.Questions != 0 || l.Count("kiosk_questions", `json_extract(act, '$.card') = 'P100'`) != 1 {
		t.Errorf("%+v", got)
	}
}

// An answered question forgets the card, and the face that was tapped in its place.
func TestAnsweredQuestionsForgetTheFace(t *testing.T) {
	l := newLibrary(t)
	old := monday.Add(-100 * day)
	act := desk.Replayed{Key: "kiosk-0001", At: old, Kind: collections.FactCheckOut, Child: "face:abc", Item: "X"}
	_, err := desk.Replay(l.App, act, old, librarian)
	l.must(err)
	l.exec(`UPDATE kiosk_questions SET state = 'answered', answered_at = {:at}`, old)
	if got := l.unlink(monday); got.Questions != 1 || l.Count("kiosk_questions", `json_extract(act, '$.child') IS NULL AND json_extract(act, '$.item') = 'X'`) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestUnlinkingGoesOn is cut off in the middle and finished by another run.
func TestUnlinkingGoesOn(t *testing.T) {
	l := newLibrary(t)
	l.Patron("P100")
	l.Item("B1")
	at := monday.Add(-400 * day)
	const loans = 120 // more than two pages
	for range loans {
		l.lend("P100", "B1", at)
		l.takeBack("B1", at.Add(time.Hour))
		at = at.Add(2 * day)
	}
	ctx := &countdown{Context: t.Context(), left: 4}
	_, err := privacy.Unlink(ctx, l.App, policy.DayOf(at, time.UTC).Add(100), at.Add(100*day), true)
	half := l.Count("loans", "patron = ''")
	if err == nil || half == 0 || half == loans {
		t.Fatalf("%d of %d loans, %v", half, loans, err)
	}
	l.agree()
	if got := l.unlink(at.Add(100 * day)); got.Loans != loans-half || l.Count("circ_events", "patron != ''") != 0 {
		t.Errorf("%+v after %d", got, half)
	}
	l.agree()
}

// countdown is a context that is over after it was asked a number of times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}
