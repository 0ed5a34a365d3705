package imports_test

import (
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/imports"
)

// chosen are columns of a file with what they go to: "name=field …".
func chosen(text string) (columns []imports.Column) {
	for pair := range strings.FieldsSeq(text) {
		name, field, _ := strings.Cut(pair, "=")
		columns = append(columns, imports.Column{Name: name, Field: field})
	}
	return columns
}

const strange = "nr,nombre_de_pila,familia,nacido,casa\n1,Ana,García,2015-03-04,Red\n2,José,Peña,2015-05-06,Blue\n"

// TestColumns that nobody knows are chosen by hand, once for all files with the same headings.
func TestColumns(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("roster", "list.csv", strange)
	s.is(imp, "unreadable")
	s.says(imp, "missing", "[last_name first_name district_id]")
	s.says(imp, "columns.2.sample.1", "Peña")
	s.says(imp, "remembered", "false")
	imp, err := s.run.Choose(imp.ID, chosen("nr=district_id nombre_de_pila=first_name familia=last_name nacido= casa=homeroom"), nil)
	check(t, err)
	s.says(imp, "columns.1.field", "first_name") // the next column is chosen while this choice is read
	imp = s.wait(imp)
	s.is(imp, "ready")
	s.says(imp, "missing", "<nil>")
	s.says(imp, "preview.patrons.added", "2")
	s.says(imp, "preview.homerooms", "[Red Blue]")
	s.applied(imp)
	if s.Count("patrons", "last_name = 'García' AND barcode = '1' AND birth_date = ''") != 1 {
		t.Error("not brought in as chosen")
	}
	next := s.brought("roster", "list2.csv", "familia,nombre_de_pila,nr,casa,NACIDO\nGarcía,Ana,1,Red,2015-03-04\nPeña,José,2,Blue,\n")
	s.is(next, "ready")
	s.says(next, "remembered", "true")
	s.says(next, "preview.patrons.skipped", "2") // José has no homeroom in this file, and keeps his
}

// TestBirthDates come in only when somebody chose them.
func TestBirthDates(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("roster", "list.csv", people("4B", 1, 2))
	s.says(imp, "columns.5.field", "")
	imp, err := s.run.Choose(imp.ID, chosen("district_id=district_id last_name=last_name first_name=first_name grade=grade homeroom=homeroom birth_date=birth_date type=type"), nil)
	check(t, err)
	s.applied(s.wait(imp))
	if s.Count("patrons", "birth_date != ''") != 2 {
		t.Error("not brought in though chosen")
	}
	again := s.brought("roster", "list.csv", people("4B", 3))
	s.says(again, "columns.5.field", "birth_date")
	s.says(again, "remembered", "true")

	set := zipped(t, "users.csv", "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName\nu1,true,o1,student,ana,Ana,García\n",
		"demographics.csv", "sourcedId,birthDate\nu1,2015-03-04\n")
	for _, dates := range []bool{false, true} {
		s := newSchool(t)
		imp := s.brought("roster", "oneroster.zip", set)
		imp, err := s.run.Choose(imp.ID, nil, &imports.Options{BirthDates: dates})
		check(t, err)
		imp = s.wait(imp)
		s.is(imp, "ready")
		s.says(imp, "columns", "<nil>")
		s.applied(imp)
		if got := s.Count("patrons", "birth_date = '2015-03-04'"); got != map[bool]int{true: 1}[dates] {
			t.Errorf("chosen %v: %d birth dates", dates, got)
		}
	}
}

// TestWrongColumns are refused with the place.
func TestWrongColumns(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("roster", "list.csv", strange)
	titles := s.brought("titles", "a.json", books("", 1))
	for name, test := range map[string]struct {
		id, columns string
		options     *imports.Options
		field       string
	}{
		"too few":        {imp.ID, "nr=barcode", nil, "columns"},
		"others":         {imp.ID, "nr= vorname= familia= nacido= casa=", nil, "columns"},
		"no field":       {imp.ID, "nr=password nombre_de_pila= familia= nacido= casa=", nil, "columns"},
		"of titles":      {titles.ID, "nr=barcode", nil, "columns"},
		"wrong items":    {titles.ID, "", &imports.Options{Items: "850"}, "items"},
		"wrong matching": {titles.ID, "", &imports.Options{Match: "sometimes"}, "match"},
	} {
		_, err := s.run.Choose(test.id, chosen(test.columns), test.options)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "imports.") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.run.Choose("nosuchimport000", nil, nil); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

// TestManyLeaving must be confirmed.
func TestManyLeaving(t *testing.T) {
	s := newSchool(t)
	s.applied(s.brought("roster", "all.csv", people("4B", span(0, 20)...)))
	imp := s.brought("roster", "half.csv", people("4B", span(0, 10)...))
	s.is(imp, "ready")
	s.says(imp, "preview.many_leaving", "true")
	s.says(imp, "preview.patrons.left", "10")
	if _, err := s.run.Apply(imp.ID, s.key()); word(err) != "many_leaving" || fault.Status(err) != 409 {
		t.Error(err)
	}
	imp, err := s.run.Choose(imp.ID, nil, &imports.Options{Confirm: true})
	check(t, err)
	imp = s.wait(imp)
	s.says(imp, "preview.many_leaving", "true")
	s.is(s.applied(imp), "done")
	if s.Count("patrons", "status = 'left'") != 10 {
		t.Error("nobody left")
	}
}

// TestStates refuses what the state of an import does not allow, and answers the same key the same.
func TestStates(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("titles", "a.json", books("", 1))
	if _, err := s.run.Undo(imp.ID, s.key()); word(err) != "wrong_state" {
		t.Errorf("undone before: %v", err)
	}
	imp, err := s.run.Apply(imp.ID, "the-key-1")
	check(t, err)
	imp = s.wait(imp)
	if again, err := s.run.Apply(imp.ID, "the-key-1"); err != nil || again.State != "done" {
		t.Errorf("the same key: %s, %v", again.State, err)
	}
	if _, err := s.run.Apply(imp.ID, "the-key-2"); word(err) != "wrong_state" {
		t.Errorf("another key: %v", err)
	}
	if _, err := s.run.Choose(imp.ID, nil, &imports.Options{}); word(err) != "wrong_state" {
		t.Errorf("chosen after: %v", err)
	}
	if err := s.run.Discard(imp.ID); word(err) != "wrong_state" {
		t.Errorf("discarded after: %v", err)
	}
	imp, err = s.run.Undo(imp.ID, "the-key-3")
	check(t, err)
	imp = s.wait(imp)
	if again, err := s.run.Undo(imp.ID, "the-key-3"); err != nil || again.State != "undone" {
		t.Errorf("the same key: %s, %v", again.State, err)
	}
	if _, err := s.run.Apply(imp.ID, "the-key-4"); word(err) != "wrong_state" {
		t.Errorf("applied again: %v", err)
	}
	check(t, s.run.Discard(imp.ID))
	if s.Count("imports", "1") != 0 {
		t.Error("not forgotten")
	}
	reading, err := s.take("titles", "b.json", books("", span(0, 500)...))
	check(t, err)
	check(t, s.run.Discard(reading.ID))
	s.run.Wait()
	if s.Count("imports", "1") != 0 || len(files(t, s)) != 0 {
		t.Error("discarded while it was read, and not forgotten")
	}
}

// TestOneAfterTheOther: the second waits for the first, and each change is told.
func TestOneAfterTheOther(t *testing.T) {
	s := newSchool(t)
	told := make(chan string, 100)
	s.run.Changed = func(id string) { told <- id }
	first, err := s.take("titles", "a.json", books("", span(0, 200)...))
	check(t, err)
	second, err := s.take("roster", "b.csv", people("4B", 1))
	check(t, err)
	s.run.Wait()
	_, err = s.run.Apply(first.ID, s.key())
	check(t, err)
	_, err = s.run.Apply(second.ID, s.key())
	check(t, err)
	s.run.Wait()
	s.is(s.wait(first), "done")
	s.is(s.wait(second), "done")
	close(told)
	n := map[string]int{}
	for id := range told {
		n[id]++
	}
	if n[first.ID] != 4 || n[second.ID] != 4 {
		t.Errorf("told %v", n)
	}
}
