package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/imports"
	"carrel/internal/say"
)

// cut stops the runner as soon as the import at work is some way in, and starts another one: what a restart of the server does.
func (s *school) cut(imp collections.Import, after int) collections.Import {
	s.T.Helper()
	s.past(imp, after)
	s.run.Stop()
	now, err := imports.Find(s.App, imp.ID)
	check(s.T, err)
	if now.State != imp.State {
		s.T.Fatalf("stopped as %s, not %s: %s", now.State, imp.State, now.Error)
	}
	s.run = imports.New(s.App)
	s.T.Cleanup(s.run.Stop)
	return now
}

// past waits until the import at work is some way in.
func (s *school) past(imp collections.Import, after int) {
	s.T.Helper()
	for {
		now, err := imports.Find(s.App, imp.ID)
		check(s.T, err)
		view, err := s.run.View(now, say.English, true)
		check(s.T, err)
		if view.State != imp.State {
			s.T.Fatalf("it was over too soon: %s %s", view.State, view.Error)
		}
		if view.Progress.Done >= int64(after) {
			return
		}
	}
}

// TestCutOffAnywhere stops the server while an import is read, applied and taken back, several times each: it goes on, nothing is doubled, and in the
// end nothing is left.
func TestCutOffAnywhere(t *testing.T) {
	const titles = 1500
	for _, match := range []string{"overlay", "add"} {
		t.Run(match, func(t *testing.T) {
			s := newSchool(t)
			s.applied(s.brought("titles", "before.json", books("", 3, 4)))
			before := s.rows()
			imp, err := s.take("titles", "all.json", books(" new", span(10, 10+titles)...))
			check(t, err)
			imp, err = s.run.Choose(imp.ID, nil, &imports.Options{Match: match})
			check(t, err)
			s.cut(imp, 100)
			s.run.Kick()
			imp = s.wait(imp)
			s.is(imp, "ready")
			s.says(imp, "preview.titles.added", fmt.Sprint(titles))
			imp, err = s.run.Apply(imp.ID, "apply-key-1")
			check(t, err)
			for _, after := range []int{100, 600} {
				s.cut(imp, after)
				s.run.Kick()
			}
			imp = s.wait(imp)
			s.is(imp, "done")
			s.says(imp, "result.titles.added", fmt.Sprint(titles))
			s.says(imp, "result.items.added", fmt.Sprint(titles))
			if s.Count("titles", "1") != titles+2 || s.Count("items", "1") != titles+2 {
				t.Fatalf("%d titles, %d items", s.Count("titles", "1"), s.Count("items", "1"))
			}
			imp, err = s.run.Undo(imp.ID, "undo-key-1")
			check(t, err)
			for _, after := range []int{100, 2000} {
				s.cut(imp, after)
				s.run.Kick()
			}
			imp = s.wait(imp)
			s.is(imp, "undone")
			if after := s.rows(); after != before {
				t.Errorf("taken back:\n%.2000s\nbefore:\n%.2000s", after, before)
			}
			if s.Count("import_changes", "import = '"+imp.ID+"'")+s.Count("import_kept", "1") != 0 {
				t.Error("the journal is left")
			}
		})
	}
}

// TestNobodyIsPromotedTwice: the change of the year and a roster of people without numbers are cut off and gone on with.
func TestNobodyIsPromotedTwice(t *testing.T) {
	const children = 3000
	s := newSchool(t)
	imp := s.brought("roster", "r.csv", people("4B", span(0, children)...))
	imp, err := s.run.Apply(imp.ID, "apply-key-1")
	check(t, err)
	s.cut(imp, 300)
	s.run.Kick()
	imp = s.wait(imp)
	s.says(imp, "result.patrons.added", fmt.Sprint(children))
	if s.Count("patrons", "1") != children {
		t.Fatalf("%d patrons", s.Count("patrons", "1"))
	}
	turn, err := s.run.Turnover(imports.Options{LastGrade: "5", KeepHomerooms: true}, "", say.English)
	check(t, err)
	turn = s.wait(turn)
	turn, err = s.run.Apply(turn.ID, "apply-key-2")
	check(t, err)
	s.cut(turn, 300)
	s.run.Kick()
	s.is(s.wait(turn), "done")
	for grade, n := range map[string]int{"K": 0, "1": 500, "2": 500, "3": 500, "4": 500, "5": 1000} {
		if got := s.Count("patrons", "grade = '"+grade+"'"); got != n {
			t.Errorf("%d in %s, not %d", got, grade, n)
		}
	}
	if s.Count("patrons", "status = 'left'") != 500 || s.Count("patrons", "homeroom = ''") != 0 {
		t.Error("the last grade has not left, or homerooms were emptied")
	}
}

// TestPeopleWithoutNumbersComeOnce although nothing but their row tells them apart.
func TestPeopleWithoutNumbersComeOnce(t *testing.T) {
	const children = 2000
	var list strings.Builder
	list.WriteString(heading)
	for n := range children {
		fmt.Fprintf(&list, ",García%d,Ana,4,4B,,student\n", n)
	}
	s := newSchool(t)
	imp := s.brought("roster", "r.csv", list.String())
	s.says(imp, "preview.patrons.added", fmt.Sprint(children))
	imp, err := s.run.Apply(imp.ID, "apply-key-1")
	check(t, err)
	s.cut(imp, 200)
	s.run.Kick()
	s.is(s.wait(imp), "done")
	if got := s.Count("patrons", "1"); got != children {
		t.Errorf("%d patrons, not %d", got, children)
	}
}

// TestFullDisk stops in the middle, says so, and the same import brings in the rest.
func TestFullDisk(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("titles", "all.json", books(strings.Repeat(" long", 200), span(0, 1000)...))
	limit := func(pages int) {
		_, err := s.App.NonconcurrentDB().NewQuery(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Execute()
		check(t, err)
	}
	var pages int
	check(t, s.App.DB().NewQuery("PRAGMA page_count").Row(&pages))
	limit(pages + 500)
	imp = s.applied(imp)
	s.is(imp, "stopped")
	view := s.view(imp)
	some := s.Count("titles", "1")
	if some == 0 || some == 1000 || fmt.Sprint(at(view, "result.titles.added")) != fmt.Sprint(some) || !strings.Contains(fmt.Sprint(view["error"]), "no room left") {
		t.Errorf("%d titles, said %v, %v", some, at(view, "result.titles"), view["error"])
	}
	if again, err := s.run.Apply(imp.ID, "test-key-1"); err != nil || again.State != "stopped" {
		t.Errorf("the same key: %s, %v", again.State, err)
	}
	limit(1_000_000)
	imp = s.applied(imp)
	s.is(imp, "done")
	s.says(imp, "result.titles.added", "1000")
	s.says(imp, "error", "")
	limit(1)
	s.undone(imp)
	limit(1_000_000)
	imp = s.wait(imp)
	if imp.State == "done" {
		imp = s.undone(imp)
	}
	s.is(imp, "undone")
	if s.Count("titles", "1") != 0 {
		t.Error("titles are left")
	}
}
