package privacy_test

import (
	"errors"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/privacy"
	"carrel/internal/say"

	"github.com/google/go-cmp/cmp"
)

// word is the word of a fault, and holds that it says something in both languages.
func word(t testing.TB, err error) string {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("no fault: %v", err)
	}
	for _, lang := range []say.Lang{say.English, say.Spanish} {
		if text := f.Text.In(lang); len(text) < 20 || text == f.Text.Key {
			t.Errorf("it says %q", text)
		}
	}
	return f.Word
}

// ways are the doors by which a record can be deleted.
func ways(l *library) map[string]func(table, id string) error {
	return map[string]func(table, id string) error{
		"by staff":  func(_, id string) error { return privacy.DeletePatron(l.App, id, librarian.ID, monday) },
		"by record": l.remove,
	}
}

// remove deletes a record as PocketBase's own dashboard does.
func (l *library) remove(table, id string) error {
	l.T.Helper()
	record, err := l.App.FindRecordById(table, id)
	l.must(err)
	return l.App.Delete(record)
}

func TestWhoCannotBeDeleted(t *testing.T) {
	for name, test := range map[string]struct {
		have func(*library)
		want string
	}{
		"a book out":             {func(l *library) { l.lend("P100", "B1", monday) }, "has_loans"},
		"an open charge":         {func(l *library) { l.charge("P100", "", 100, monday) }, "owes"},
		"a hold that waits":      {func(l *library) { l.hold("P100", "B1", monday) }, "has_holds"},
		"a book on the shelf":    {func(l *library) { l.hold("P100", "B1", monday); l.takeBack("B1", monday) }, "has_holds"},
		"a claimed book":         {func(l *library) { l.lend("P100", "B1", monday); l.claim("B1") }, "has_loans"},
		"a lost book to pay for": {func(l *library) { l.lend("P100", "B1", monday); l.lost("B1") }, "owes"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(t)
			privacy.Bind(l.App)
			patron := l.Patron("P100")
			l.Item("B1")
			test.have(l)
			for way, remove := range ways(l) {
				err := remove(collections.Patrons, patron.ID)
				if fault.CodeOf(err) != fault.Conflict || word(t, err) != test.want {
					t.Errorf("%s: %v", way, err)
				}
			}
			if l.Count("patrons", "1") != 1 || l.Count("circ_events", "patron = ''") != l.Count("circ_events", "patron = '' AND kind = 'seen'") || l.Count("audit", "1") != 0 {
				t.Error("a refusal has changed something")
			}
			l.agree()
		})
	}
}

func (l *library) claim(item string) {
	l.T.Helper()
	_, err := desk.Claim(l.App, desk.ClaimRequest{Act: l.act(monday), Item: item, Claim: collections.ClaimReturned})
	l.must(err)
}

func (l *library) lost(item string) {
	l.T.Helper()
	_, err := desk.Mark(l.App, desk.MarkRequest{Act: l.act(monday), Item: item, As: collections.FactLost, Charge: new(1500)})
	l.must(err)
}

func TestADeletedPatronLeavesNoTrace(t *testing.T) {
	for _, way := range []string{"by staff", "by record"} {
		t.Run(way, func(t *testing.T) {
			l := newLibrary(t)
			privacy.Bind(l.App)
			patron, other := l.everything("P100"), l.everything("P200")
			patron.KeepHistory = true
			l.Save(patron)
			fresh := l.lentAndBack("P100", "P100-3", monday.Add(-2*day))
			if _, err := collections.Insert(l.App, collections.Restriction{Patron: patron.ID, Mode: "deny", Scope: "all"}); err != nil {
				t.Fatal(err)
			}
			l.exec(`UPDATE notices SET state = 'queued' WHERE hold != ''`, monday)
			loans, facts, theirs := l.Count("loans", "1"), l.Count("circ_events", "1"), l.Count("circ_events", "patron = '"+other.ID+"'")
			before := l.groups()
			if err := ways(l)[way](collections.Patrons, patron.ID); err != nil {
				t.Fatal(err)
			}
			audited := map[string]int{}
			if way == "by staff" {
				audited["audit.patron"] = 1
			}
			if diff := cmp.Diff(audited, l.mentions(patron.ID)); diff != "" {
				t.Error(diff)
			}
			if found := l.mentions(patron.GuardianEmail); len(found) != 0 {
				t.Errorf("the address is in %v", found)
			}
			if l.Count("kiosk_questions", `json_extract(act, '$.card') IS NOT NULL`) != 1 || l.Count("notices", "state = 'queued' AND patron = ''") != 0 {
				t.Error("a card or a queued notice is left")
			}
			if l.Count("loans", "1") != loans || l.Count("circ_events", "1") != facts || l.linked("loans", fresh.ID) {
				t.Error("loans and facts must stay, unlinked")
			}
			if l.Count("circ_events", "patron = '"+other.ID+"'") != theirs || l.Count("restrictions", "1") != 0 {
				t.Error("somebody else was touched, or a restriction was left")
			}
			if diff := cmp.Diff(before, l.groups()); diff != "" {
				t.Error("the counts have changed", diff)
			}
			l.agree()
		})
	}
}

// A loan whose patron is gone is not opened again by undoing its return.
func TestNoUndoBringsBackALoanOfNobody(t *testing.T) {
	l := newLibrary(t)
	patron := l.child("P100")
	l.Item("B1")
	l.lend("P100", "B1", monday.Add(-time.Hour))
	back := l.act(monday)
	_, err := desk.Return(l.App, desk.ReturnRequest{Act: back, Item: "B1"})
	l.must(err)
	l.must(privacy.DeletePatron(l.App, patron.ID, librarian.ID, monday))
	if err := desk.Undo(l.App, back.Key, monday, librarian); fault.CodeOf(err) != fault.Conflict || word(t, err) != "undo_forgotten" {
		t.Errorf("undone: %v", err)
	}
	if l.Count("loans", "state = 'open'") != 0 {
		t.Error("a loan of nobody is open")
	}
	l.agree()
}

func TestDeletingIsAudited(t *testing.T) {
	l := newLibrary(t)
	privacy.Bind(l.App)
	patron := l.Patron("P100")
	l.must(privacy.DeletePatron(l.App, patron.ID, librarian.ID, monday))
	if l.Count("audit", "action = 'delete' AND staff = '"+librarian.ID+"' AND patron = '"+patron.ID+"'") != 1 || len(l.mentions("Ramírez")) != 0 {
		t.Errorf("%v", l.mentions("Ramírez"))
	}
	err := privacy.DeletePatron(l.App, patron.ID, librarian.ID, monday)
	if fault.CodeOf(err) != fault.NotFound || word(t, err) != "unknown_patron" {
		t.Errorf("twice: %v", err)
	}
}

func TestWhichThingsCannotBeDeleted(t *testing.T) {
	item := func(l *library) (string, string) { return collections.Items, l.one("items", "barcode = 'B1'") }
	title := func(l *library) (string, string) { return collections.Titles, l.one("titles", "title = 'Hatchet B1'") }
	for name, test := range map[string]struct {
		have  func(*library)
		which func(*library) (table, id string)
		want  string
	}{
		"an item that is out":            {func(l *library) { l.lend("P100", "B1", monday) }, item, "has_loans"},
		"an item somebody waits for":     {func(l *library) { l.hold("P100", "B1", monday) }, item, "has_holds"},
		"an item on the hold shelf":      {func(l *library) { l.hold("P100", "B1", monday); l.takeBack("B1", monday) }, item, "has_holds"},
		"an item that was out":           {func(l *library) { l.lentAndBack("P100", "B1", monday) }, item, "has_past"},
		"an item that was charged for":   {func(l *library) { l.charge("P100", "B1", 5, monday) }, item, "has_past"},
		"a title with items":             {func(*library) {}, title, "has_items"},
		"a title somebody waits for":     {func(l *library) { l.hold("P100", "B1", monday) }, title, "has_holds"},
		"an item that was never lent":    {func(l *library) { l.takeBack("B1", monday) }, item, ""},
		"a title without items or holds": {func(l *library) { l.must(l.remove("items", l.one("items", "barcode = 'B1'"))) }, title, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(t)
			privacy.Bind(l.App)
			l.Patron("P100")
			l.Item("B1")
			test.have(l)
			table, id := test.which(l)
			err := l.remove(table, id)
			if test.want == "" {
				if err != nil || l.Count(table, "id = '"+id+"'") != 0 {
					t.Errorf("%v", err)
				}
			} else if fault.CodeOf(err) != fault.Conflict || word(t, err) != test.want || l.Count(table, "id = '"+id+"'") != 1 {
				t.Errorf("%v", err)
			}
			l.agree()
		})
	}
}

// one is the id of the row that a condition finds.
func (l *library) one(table, where string) (id string) {
	l.T.Helper()
	l.must(l.App.DB().NewQuery("SELECT id FROM " + table + " WHERE " + where).Row(&id))
	return id
}
