package imports_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/imports"
	"carrel/internal/privacy"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"
)

func (s *school) exec(query string) {
	s.T.Helper()
	_, err := s.App.DB().NewQuery(query).Execute()
	check(s.T, err)
}

// lend checks an item out.
func (s *school) lend(patron, item string) {
	s.T.Helper()
	_, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: s.act(), Patron: patron, Item: item})
	check(s.T, err)
}

func (s *school) act() desk.Act {
	return desk.Act{Key: s.key(), Now: time.Now(), Actor: desk.Actor{Door: "staff", Role: collections.Librarian}}
}

// why is the reason why something was kept.
func (s *school) why(imp collections.Import, what string) string {
	s.T.Helper()
	list, _ := s.view(imp)["kept"].([]any)
	for _, one := range list {
		row, _ := one.(map[string]any)
		if row["what"] == what {
			return fmt.Sprint(row["why"])
		}
	}
	return ""
}

// What somebody used, changed or built on since stays, and says why; everything else goes.
func TestUndoKeepsWhatWasUsed(t *testing.T) {
	s := newSchool(t)
	s.Patron("P1")
	imp := s.applied(s.brought("titles", "a.json", books("", span(0, 10)...)))
	s.lend("P1", "T0001")
	_, err := desk.Return(s.App, desk.ReturnRequest{Act: s.act(), Item: "T0001"})
	check(t, err)
	s.lend("P1", "T0002")
	s.exec("UPDATE items SET staff_note = 'mended' WHERE barcode = 'T0003'")
	s.exec("UPDATE titles SET summary = 'better' WHERE title = 'Book 4'")
	s.exec("INSERT INTO title_tags (id, title, tag, folded) SELECT 'tag000000000001', id, 'scary', 'scary' FROM titles WHERE title = 'Book 5'")
	s.exec("INSERT INTO items (id, title, barcode, status) SELECT 'item00000000001', id, 'OWN', 'available' FROM titles WHERE title = 'Book 6'")
	s.exec("UPDATE locations SET name = 'The blue shelf' WHERE code = 'SHELF0'")
	s.exec("INSERT INTO restrictions (id, patron, mode, scope, title) SELECT 'rest00000000001', (SELECT id FROM patrons), 'deny', 'title', id FROM titles WHERE title = 'Book 7'")
	_, err = desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(), Patron: "P1", Title: s.titleID("Book 8")})
	check(t, err)
	imp = s.undone(imp)
	s.is(imp, "undone")
	for what, why := range map[string]string{
		"Book 1 (T0001)": "It was used since.", "Book 2 (T0002)": "It was used since.", "Book 3 (T0003)": "It was changed since.", "Book 4": "It was changed since.",
		"Book 5": "It was used since.", "Book 6": "It has items that stay.", "Book 7": "It was used since.", "Book 8": "It was used since.", "The blue shelf": "It is in use.",
		"Book 1": "It has items that stay.", "SHELF1": "It is in use.",
	} {
		if got := s.why(imp, what); got != why {
			t.Errorf("%s: %q, not %q", what, got, why)
		}
	}
	if s.Count("titles", "1") != 8 || s.Count("items", "1") != 4 || s.Count("search_doc", "1") != 8 {
		t.Errorf("%d titles, %d items, %d documents", s.Count("titles", "1"), s.Count("items", "1"), s.Count("search_doc", "1"))
	}
	if s.Count("search_doc", "items = 1 AND available = 0") != 1 || s.Count("search_doc", "items = 0") != 4 {
		t.Error("the index does not count what is left")
	}
	if s.Count("title_keys", "title_id NOT IN (SELECT id FROM titles)") != 0 {
		t.Error("keys of titles that are gone")
	}
}

func (s *school) titleID(title string) (id string) {
	s.T.Helper()
	check(s.T, s.App.DB().Select("id").From("titles").Where(dbx.HashExp{"title": title}).Row(&id))
	return id
}

// What an import changed is put back, with what else happened to it since left alone.
func TestUndoPutsBack(t *testing.T) {
	s := newSchool(t)
	s.Patron("P1")
	s.applied(s.brought("titles", "a.json", books("", span(0, 6)...)))
	second := s.applied(s.brought("titles", "b.json", books(" new", span(0, 6)...)))
	s.says(second, "result.titles.updated", "6")
	s.lend("P1", "T0001") // the loan touches the item, and none of what the import changed
	s.exec("UPDATE items SET call_number = 'own' WHERE barcode = 'T0002'")
	s.exec("UPDATE titles SET title = 'own' WHERE title = 'Book 3 new'")
	s.exec("UPDATE items SET staff_note = 'own' WHERE barcode = 'T0004'")
	second = s.undone(second)
	s.is(second, "undone")
	for _, test := range []struct {
		table, where string
		want         int
	}{
		{"items", "call_number = 'FIC'", 5}, // but the one that was changed
		{"items", "barcode = 'T0002' AND call_number = 'own'", 1},
		{"items", "barcode = 'T0004' AND staff_note = 'own' AND call_number = 'FIC'", 1},
		{"titles", "title IN ('Book 0', 'Book 1', 'Book 4', 'Book 5')", 4},
		{"titles", "title = 'own'", 1},
		{"titles", "title = 'Book 2 new'", 1}, // its item stays
	} {
		if got := s.Count(test.table, test.where); got != test.want {
			t.Errorf("%s %s: %d, not %d", test.table, test.where, got, test.want)
		}
	}
	for what, why := range map[string]string{
		"Book 2 new (T0002)": "It was changed since.", "Book 2 new": "It has items that stay.", "own": "It was changed since.",
	} {
		if got := s.why(second, what); got != why {
			t.Errorf("%s: %q", what, got)
		}
	}
}

// Two imports that have the same things: taking the first back keeps what the second has, too.
func TestUndoTheFirstOfTwo(t *testing.T) {
	s := newSchool(t)
	first := s.applied(s.brought("titles", "a.json", books("", span(0, 10)...)))
	second := s.applied(s.brought("titles", "b.json", books("", 0, 1)+books(" new", 2, 3)+books("", 20)))
	s.says(second, "result.titles.skipped", "2")
	first = s.undone(first)
	if s.Count("titles", "1") != 5 || s.Count("items", "1") != 5 {
		t.Errorf("%d titles, %d items", s.Count("titles", "1"), s.Count("items", "1"))
	}
	if got := s.why(first, "Book 0"); got != "A later import has it, too." && got != "It has items that stay." {
		t.Errorf("kept because %q", got)
	}
	if got := s.why(first, "Book 0 (T0000)"); got != "A later import has it, too." {
		t.Errorf("kept because %q", got)
	}
	second = s.undone(second)
	s.is(second, "undone")
	if s.Count("titles", "title IN ('Book 2', 'Book 3')") != 2 || s.Count("titles", "title = 'Book 20'") != 0 {
		t.Error("the second is not taken back")
	}
}

// The other way round nothing is left.
func TestUndoTheSecondThenTheFirst(t *testing.T) {
	s := newSchool(t)
	before := s.rows()
	first := s.applied(s.brought("titles", "a.json", books("", span(0, 10)...)))
	middle := s.rows()
	second := s.applied(s.brought("titles", "b.json", books(" new", span(5, 15)...)))
	s.undone(second)
	if after := s.rows(); after != middle {
		t.Errorf("the second taken back:\n%s\nbefore:\n%s", after, middle)
	}
	s.undone(first)
	if after := s.rows(); after != before {
		t.Errorf("both taken back:\n%s\nbefore:\n%s", after, before)
	}
}

// TestUndoOfARoster: a child with a loan stays, one whom somebody changed stays, the others go.
func TestUndoOfARoster(t *testing.T) {
	s := newSchool(t)
	s.Item("B1")
	imp := s.applied(s.brought("roster", "r.csv", people("4B", span(0, 10)...)))
	s.lend("D001", "B1")
	s.exec("UPDATE patrons SET email = 'x@example.org' WHERE barcode = 'D002'")
	s.exec("UPDATE patrons SET status = 'left' WHERE barcode = 'D003'")
	imp = s.undone(imp)
	if s.Count("patrons", "1") != 3 || s.Count("homerooms", "1") != 1 || s.Count("patron_types", "1") != 1 {
		t.Errorf("%d patrons", s.Count("patrons", "1"))
	}
	for what, why := range map[string]string{"Child1 Family1": "It was used since.", "Child2 Family2": "It was changed since.", "4B": "It is in use."} {
		if got := s.why(imp, what); got != why {
			t.Errorf("%s: %q", what, got)
		}
	}
}

// TestUndoEndsAfterThirtyDays, and then what was kept for it goes.
func TestUndoEndsAfterThirtyDays(t *testing.T) {
	s := newSchool(t)
	imp := s.applied(s.brought("roster", "r.csv", people("4B", span(0, 3)...)+",,,nograde,,,\nD009,Only,Grade,nograde,4B,,student\n"))
	ready := s.brought("roster", "other.csv", people("4B", span(0, 3)...))
	late := time.Now().AddDate(0, 0, 31)
	done, err := imports.Expire(t.Context(), s.App, time.Now())
	if err != nil || done != (imports.Expired{}) {
		t.Errorf("too early: %+v, %v", done, err)
	}
	done, err = imports.Expire(t.Context(), s.App, late)
	if err != nil || done != (imports.Expired{Closed: 1, Discarded: 1}) {
		t.Errorf("%+v, %v", done, err)
	}
	if again, err := imports.Expire(t.Context(), s.App, late); err != nil || again != (imports.Expired{}) {
		t.Errorf("again: %+v, %v", again, err)
	}
	if s.Count("import_changes", "1") != 0 || len(files(t, s)) != 0 || s.Count("imports", "id = '"+ready.ID+"'") != 0 {
		t.Error("something is left")
	}
	imp = s.wait(imp)
	s.says(imp, "result.patrons.added", "4")
	s.says(imp, "result.warnings", "[]")
	s.run.Now = func() time.Time { return late }
	if _, err := s.run.Undo(imp.ID, s.key()); word(err) != "too_late" {
		t.Error(err)
	}
}

// TestApplyThenUndoIsNothing: whatever was here and whatever comes, applying and taking back leaves everything as it was.
func TestApplyThenUndoIsNothing(t *testing.T) {
	check(t, flag.Set("rapid.checks", "25")) // each draws a school and several imports
	rapid.Check(t, func(r *rapid.T) {
		s := newSchool(t)
		some := func(label string) []int { return rapid.SliceOfN(rapid.IntRange(0, 12), 0, 12).Draw(r, label) }
		edition := rapid.SampledFrom([]string{"", " new"})
		match := rapid.SampledFrom([]string{"overlay", "skip", "add"})
		bring := func(label string) collections.Import {
			if rapid.Bool().Draw(r, label+" people") {
				imp := s.brought("roster", "r.csv", people(rapid.SampledFrom([]string{"", "4B", "5A"}).Draw(r, "room"), append(some(label), 1)...))
				_, err := s.run.Choose(imp.ID, nil, &imports.Options{Confirm: true})
				check(t, err)
				return s.applied(s.wait(imp))
			}
			imp := s.brought("titles", "t.json", books(edition.Draw(r, "edition"), append(some(label), 1)...)+books(edition.Draw(r, "edition"), some(label)...))
			_, err := s.run.Choose(imp.ID, nil, &imports.Options{Match: match.Draw(r, "match")})
			check(t, err)
			return s.applied(s.wait(imp))
		}
		bring("before")
		before := s.rows()
		states := []string{before}
		var done []collections.Import
		for i := range rapid.IntRange(1, 3).Draw(r, "imports") {
			done = append(done, bring(fmt.Sprint("import ", i)))
			states = append(states, s.rows())
		}
		for i := len(done) - 1; i >= 0; i-- {
			imp := s.undone(done[i])
			if imp.State != "undone" {
				r.Fatalf("%s %s", imp.State, imp.Error)
			}
			if after := s.rows(); after != states[i] {
				r.Fatalf("taken back:\n%s\nbefore:\n%s", after, states[i])
			}
			if kept := s.Count("import_kept", "1"); kept > 0 {
				r.Fatalf("%d kept", kept)
			}
		}
	})
}

// TestUndoOfATurnover puts every grade back.
func TestUndoOfATurnover(t *testing.T) {
	s := newSchool(t)
	s.Item("B1")
	s.applied(s.brought("roster", "r.csv", people("4B", span(0, 12)...)))
	s.lend("D005", "B1")
	before := s.rows()
	imp, err := s.run.Turnover(imports.Options{LastGrade: "5"}, "", "en")
	check(t, err)
	imp = s.wait(imp)
	s.is(imp, "ready")
	s.says(imp, "preview.leave", "2")
	s.says(imp, "preview.with_loans", "1")
	s.says(imp, "preview.promote.0.to", "1")
	imp = s.applied(imp)
	s.is(imp, "done")
	if s.Count("patrons", "status = 'left'") != 2 || s.Count("patrons", "homeroom != ''") != 0 || s.Count("patrons", "grade = '5' AND status = 'active'") != 2 {
		t.Error("not turned over")
	}
	s.undone(imp)
	if after := s.rows(); after != before {
		t.Errorf("taken back:\n%s\nbefore:\n%s", after, before)
	}
	if strings.Contains(before, "status=left") {
		t.Error("the test is wrong")
	}
}

// TestADeletedPatronLeavesTheJournal, and the replaced picture goes with the import.
func TestADeletedPatronLeavesTheJournal(t *testing.T) {
	s := newSchool(t)
	s.applied(s.brought("roster", "r.csv", people("4B", 1, 2)))
	second := s.applied(s.brought("roster", "r.csv", people("5A", 1, 2)))
	var id string
	check(t, s.App.DB().Select("id").From("patrons").Where(dbx.HashExp{"barcode": "D001"}).Row(&id))
	check(t, privacy.DeletePatron(s.App, id, "", time.Now()))
	if s.Count("import_changes", "row = '"+id+"'") != 0 {
		t.Error("the journal still knows what the child was")
	}
	s.is(s.undone(second), "undone")
	if s.Count("patrons", "1") != 1 {
		t.Error("the deleted patron is back")
	}
}
