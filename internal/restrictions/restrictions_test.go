package restrictions_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/policy"
	"carrel/internal/restrictions"
	"carrel/internal/testkit"
)

const staff = "librarian000001"

var (
	monday    = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	librarian = desk.Actor{Door: "staff", ID: staff, Role: collections.Librarian}
	aide      = desk.Actor{Door: "staff", ID: "aide00000000001", Role: collections.Aide}
)

// school is a library of three imported books and two children.
type school struct{ testkit.Library }

func field(tag, text string) marc.Field {
	field := marc.Field{Tag: tag, Ind1: ' ', Ind2: ' '}
	for _, part := range strings.Split(text, "$")[1:] {
		field.Subfields = append(field.Subfields, marc.Subfield{Code: part[0], Value: part[1:]})
	}
	return field
}

func record(number string, fields ...marc.Field) []byte {
	r := marc.Record{Leader: "00000nam a2200000 a 4500", Fields: append([]marc.Field{{Tag: "001", Value: number}}, fields...)}
	return append(marc.AppendJSON(nil, r), '\n')
}

func newSchool(t testing.TB) school {
	t.Helper()
	s := school{testkit.NewLibrary(t)}
	name := filepath.Join(t.TempDir(), "titles.json")
	s.check(os.WriteFile(name, slices.Concat(
		record("1", field("020", "$a9780689840920"), field("020", "$a9780142402511"), field("100", "$aPaulsen, Gary."), field("245", "$aHatchet :$ba novel"),
			field("490", "$aBrian's saga"), field("650", "$aSurvival$vFiction"), field("852", "$pB1$hFIC PAU")),
		record("2", field("100", "$aPaulsen, Gary."), field("245", "$aHatchet"), field("852", "$pB2$hFIC PAU")),
		record("3", field("100", "$aStine, R. L."), field("245", "$aNight of the living dummy"), field("490", "$aGoosebumps ;$v7"), field("655", "$aHorror fiction"), field("852", "$pB3$hFIC STI")),
	), 0o600))
	summary, err := catalog.Import(s.App, []string{name}, catalog.ImportOptions{})
	s.check(err)
	if summary.Items.Added != 3 {
		t.Fatalf("%+v", summary)
	}
	for number, names := range map[string][2]string{"P1": {"Ana María", "García López"}, "P2": {"Luis", "García"}} {
		patron := s.Patron(number)
		patron.FirstName, patron.LastName, patron.DistrictID, patron.SourceID = names[0], names[1], "D-"+number, "s-"+number
		s.Save(patron)
	}
	return s
}

func (s school) check(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

func (s school) patron(code string) string {
	s.T.Helper()
	patron, err := desk.FindPatron(s.App, code)
	s.check(err)
	return patron.ID
}

func (s school) title(code string) string {
	s.T.Helper()
	item, err := desk.FindItem(s.App, code)
	s.check(err)
	return item.Title
}

func (s school) add(request restrictions.Request) []collections.Restriction {
	s.T.Helper()
	stand, err := restrictions.Add(s.App, request, staff, monday)
	s.check(err)
	return stand
}

// refused tells which of the three books a patron may not have.
func (s school) refused(patron string) string {
	s.T.Helper()
	var refused []string
	for _, item := range []string{"B1", "B2", "B3"} {
		key := fmt.Sprintf("try-%s-%s-%d", item, patron, s.Count("circ_events", "1"))
		_, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: desk.Act{Key: key, Now: monday, Actor: aide}, Patron: patron, Item: item})
		if refusal, ok := desk.AsRefused(err); ok && len(refusal.Refusals) == 1 && refusal.Refusals[0].Code == policy.Restricted && !refusal.Refusals[0].Overridable {
			refused = append(refused, item)
			continue
		}
		s.check(err)
		s.check(desk.Undo(s.App, key, monday, librarian))
	}
	return strings.Join(refused, " ")
}

func TestTheDeskObeys(t *testing.T) {
	for name, one := range map[string]struct {
		request restrictions.Request
		want    string
	}{
		"deny a title by an item":                {restrictions.Request{Mode: "deny", Scope: "title", Item: "B2"}, "B2"},
		"deny a title by its first ISBN":         {restrictions.Request{Mode: "deny", Scope: "title", ISBN: "978-0-689-84092-0"}, "B1"},
		"deny a title by another ISBN":           {restrictions.Request{Mode: "deny", Scope: "title", ISBN: "0142402516"}, "B1"},
		"deny a title by name, in each edition":  {restrictions.Request{Mode: "deny", Scope: "title", Value: "HATCHET!"}, "B1 B2"},
		"allow a title only":                     {restrictions.Request{Mode: "allow", Scope: "title", Item: "B3"}, "B1 B2"},
		"ask before a title":                     {restrictions.Request{Mode: "ask", Scope: "title", Item: "B3"}, "B3"},
		"ask before everything":                  {restrictions.Request{Mode: "ask", Scope: "all"}, "B1 B2 B3"},
		"deny a tag of the library's own":        {restrictions.Request{Mode: "deny", Scope: "tag", Value: "Sad ending"}, "B2"},
		"deny a tag that is a subject":           {restrictions.Request{Mode: "deny", Scope: "tag", Value: "survival"}, "B1"},
		"deny a tag that is a genre":             {restrictions.Request{Mode: "deny", Scope: "tag", Value: "Horror fiction"}, "B3"},
		"allow a tag only":                       {restrictions.Request{Mode: "allow", Scope: "tag", Value: "Horror"}, "B1 B2"},
		"deny an author as the record has it":    {restrictions.Request{Mode: "deny", Scope: "author", Value: "Paulsen, Gary"}, "B1 B2"},
		"deny an author as a family has it":      {restrictions.Request{Mode: "deny", Scope: "author", Value: "R.L. Stine"}, "B3"},
		"allow an author only":                   {restrictions.Request{Mode: "allow", Scope: "author", Value: "gary paulsen"}, "B3"},
		"deny a series":                          {restrictions.Request{Mode: "deny", Scope: "series", Value: "Goosebumps"}, "B3"},
		"ask before a series":                    {restrictions.Request{Mode: "ask", Scope: "series", Value: "Brian's Saga"}, "B1"},
		"deny an author by surname":              {restrictions.Request{Mode: "deny", Scope: "author", Value: "Paulsen"}, "B1 B2"},
		"an author nobody has stops nothing yet": {restrictions.Request{Mode: "deny", Scope: "author", Value: "Nobody"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			s.check(catalog.AddTag(s.App, s.title("B2"), "Sad Ending"))
			one.request.Patron = "P1"
			s.add(one.request)
			if got := s.refused("P1"); got != one.want {
				t.Errorf("refused %q, want %q", got, one.want)
			}
			if got := s.refused("P2"); got != "" {
				t.Errorf("another child is refused %q", got)
			}
		})
	}
}

func TestOnlyTheLibrarianMayPass(t *testing.T) {
	s := newSchool(t)
	s.add(restrictions.Request{Patron: "P1", Mode: "ask", Scope: "all"})
	for _, actor := range []desk.Actor{aide, librarian} {
		_, err := desk.CheckOut(s.App, desk.CheckOutRequest{
			Act: desk.Act{Key: "pass-" + actor.ID, Now: monday, Actor: actor}, Patron: "P1", Item: "B1", Override: []policy.Code{policy.Restricted},
		})
		if (err == nil) != (actor.Role == collections.Librarian) {
			t.Errorf("%s: %v", actor.Role, err)
		}
	}
}

func TestAddTwiceListAndRemove(t *testing.T) {
	s := newSchool(t)
	request := restrictions.Request{Patron: "P1", Mode: "deny", Scope: "title", Value: "Hatchet", Note: " the mother called "}
	first, again := s.add(request), s.add(request)
	if len(first) != 2 || !slices.Equal(first, again) || first[0].Note != "the mother called" || s.Count("restrictions", "1") != 2 {
		t.Errorf("first %+v, again %+v", first, again)
	}
	tag := restrictions.Request{Patron: "P1", Mode: "deny", Scope: "tag", Value: " Horror "}
	s.add(tag)
	tag.Value = "HORROR"
	if stand := s.add(tag); len(stand) != 1 || stand[0].Value != "Horror" || stand[0].Folded != "horror" {
		t.Errorf("%+v", stand)
	}
	if n := s.Count("audit", "action = 'restriction'"); n != 3 {
		t.Errorf("%d rows in the audit after three changes", n)
	}
	listed, err := restrictions.List(s.App, s.patron("P1"), staff, monday)
	s.check(err)
	if len(listed) != 3 || listed[0].Scope != "tag" || listed[1].TitleName != "Hatchet" || listed[2].TitleName != "Hatchet : a novel" {
		t.Errorf("%+v", listed)
	}
	for _, restriction := range listed {
		s.check(restrictions.Remove(s.App, restriction.ID, staff, monday))
	}
	if s.refused("P1") != "" || s.Count("restrictions", "1") != 0 {
		t.Error("something is left")
	}
	if err := restrictions.Remove(s.App, listed[0].ID, staff, monday); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("removed twice: %v", err)
	}
	where := fmt.Sprintf("staff = '%s' AND patron = '%s' AND at LIKE '2026-11-23 10:00%%' AND detail = ", staff, s.patron("P1"))
	for detail, n := range map[string]int{
		`{"did":"add","mode":"deny","scope":"title"}`: 2, `{"did":"add","mode":"deny","scope":"tag"}`: 1, `{"did":"view"}`: 1,
		`{"did":"remove","mode":"deny","scope":"title"}`: 2, `{"did":"remove","mode":"deny","scope":"tag"}`: 1,
	} {
		if got := s.Count("audit", where+"'"+detail+"'"); got != n {
			t.Errorf("%s: %d rows in the audit, want %d", detail, got, n)
		}
	}
}

func TestBadRequests(t *testing.T) {
	s := newSchool(t)
	good := restrictions.Request{Patron: "P1", Mode: "deny", Scope: "tag", Value: "Horror"}
	for name, one := range map[string]struct {
		change func(*restrictions.Request)
		code   fault.Code
		field  string
	}{
		"mode":             {func(r *restrictions.Request) { r.Mode = "maybe" }, fault.Invalid, "mode"},
		"scope":            {func(r *restrictions.Request) { r.Scope = "colour" }, fault.Invalid, "scope"},
		"nothing named":    {func(r *restrictions.Request) { r.Value = " " }, fault.Invalid, "value"},
		"signs only":       {func(r *restrictions.Request) { r.Value = "?!" }, fault.Invalid, "value"},
		"all of something": {func(r *restrictions.Request) { r.Scope = "all" }, fault.Invalid, "value"},
		"too long":         {func(r *restrictions.Request) { r.Value = strings.Repeat("x", 301) }, fault.Invalid, "value"},
		"long note":        {func(r *restrictions.Request) { r.Note = strings.Repeat("ñ", 501) }, fault.Invalid, "note"},
		"bad ISBN":         {func(r *restrictions.Request) { r.Scope, r.Value, r.ISBN = "title", "", "9780689840921" }, fault.Invalid, "isbn"},
		"unknown ISBN":     {func(r *restrictions.Request) { r.Scope, r.Value, r.ISBN = "title", "", "9780198526636" }, fault.NotFound, "isbn"},
		"unknown title":    {func(r *restrictions.Request) { r.Scope, r.Value, r.Title = "title", "", "nothing" }, fault.NotFound, "title"},
		"unknown name":     {func(r *restrictions.Request) { r.Scope, r.Value = "title", "Nothing" }, fault.NotFound, "value"},
		"unknown item":     {func(r *restrictions.Request) { r.Scope, r.Value, r.Item = "title", "", "B9" }, fault.NotFound, "item"},
		"unknown patron":   {func(r *restrictions.Request) { r.Patron = "P9" }, fault.NotFound, "patron"},
	} {
		request := good
		one.change(&request)
		_, err := restrictions.Add(s.App, request, staff, monday)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != one.code || f.Field != one.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.Count("restrictions", "1")+s.Count("audit", "1") != 0 {
		t.Error("a refused request was written")
	}
}
