package notices

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
)

// twoRooms is a school with late books in 4B and 5A, a teacher for 4B, and one child without a homeroom.
func twoRooms(t *testing.T) (s *school, b, a collections.Homeroom) {
	s = newSchool(t)
	b, a = s.homeroom("4B"), s.homeroom("5A")
	for _, child := range []struct{ name, address, room string }{
		{"Ana", "ana@home.example", b.ID}, {"Ben", "ana@home.example", a.ID}, {"Cleo", "cleo@home.example", a.ID}, {"Dan", "", b.ID}, {"Eve", "eve@home.example", ""},
	} {
		patron := s.child(child.name, child.address)
		patron.Homeroom = child.room
		s.Save(patron)
		s.lend(patron, "2026-11-05")
	}
	s.teacher("okafor@school.example", b.ID)
	return s, b, a
}

func (s *school) runPart(part Part) Summary {
	s.T.Helper()
	summary, err := RunPart(context.Background(), s.App, day(s.T, "2026-11-16"), morning, part)
	if err != nil {
		s.T.Fatal(err)
	}
	return summary
}

func TestOnlyTheChosenRoomsAreMailed(t *testing.T) {
	families, teachers := []string{ToFamilies}, []string{ToTeachers}
	for name, one := range map[string]struct {
		part  func(b, a string) Part
		want  map[string]int
		paper int
	}{
		"families of one":     {func(b, _ string) Part { return Part{[]string{b}, families} }, map[string]int{"ana@home.example": 1}, 0},
		"teachers of one":     {func(b, _ string) Part { return Part{[]string{b}, teachers} }, map[string]int{"okafor@school.example": 1}, 0},
		"families of both":    {func(b, a string) Part { return Part{[]string{b, a}, families} }, map[string]int{"ana@home.example": 1, "cleo@home.example": 1}, 0},
		"no homeroom":         {func(_, _ string) Part { return Part{[]string{NoRoom}, families} }, map[string]int{"eve@home.example": 1}, 0},
		"as the school wants": {func(b, _ string) Part { return Part{Rooms: []string{b}} }, map[string]int{"ana@home.example": 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, b, a := twoRooms(t)
			server := startServer(t)
			s.mailTo(server)
			part := one.part(b.ID, a.ID)
			if summary := s.runPart(part); summary.Paper != one.paper {
				t.Errorf("%+v", summary)
			}
			s.runPart(part)
			if diff := cmp.Diff(one.want, server.received()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What waits for others stays in the queue.
func TestOthersWaitOn(t *testing.T) {
	s, b, a := twoRooms(t)
	s.choose("2026-11-16")
	server := startServer(t)
	s.mailTo(server)
	s.runPart(Part{[]string{b.ID}, []string{ToTeachers}})
	if diff := cmp.Diff(map[string]int{"okafor@school.example": 1}, server.received()); diff != "" {
		t.Error(diff)
	}
	s.runPart(Part{[]string{a.ID}, []string{ToFamilies}})
	if diff := cmp.Diff(map[string]int{"okafor@school.example": 1, "ana@home.example": 1, "cleo@home.example": 1}, server.received()); diff != "" {
		t.Error(diff)
	}
	if s.Count("notices", "state = 'queued' AND channel = 'mail'") != 2 { // Ana's and Eve's
		t.Errorf("%v", s.states())
	}
}

func TestMailByHandThoughTheSchoolPrints(t *testing.T) {
	s, b, _ := twoRooms(t)
	s.decide(func(n *site.Notices) {
		n.Kinds.Overdue.Channel, n.Kinds.Overdue.To = site.OnPaper, []string{site.ToTeacher}
	})
	if summary := s.runPart(Part{[]string{b.ID}, []string{ToFamilies}}); summary.Queued != 1 || summary.Paper != 0 {
		t.Errorf("%+v", summary)
	}
}

func TestPartsThatCannotBe(t *testing.T) {
	s, b, _ := twoRooms(t)
	for name, one := range map[string]struct {
		part  Part
		field string
	}{
		"no room":      {Part{Rooms: []string{}}, "homerooms"},
		"unknown room": {Part{Rooms: []string{b.ID, "nosuchroom00001"}}, "homerooms"},
		"nobody":       {Part{Rooms: []string{b.ID}, To: []string{}}, "to"},
		"the mayor":    {Part{Rooms: []string{b.ID}, To: []string{"mayor"}}, "to"},
	} {
		_, ran := RunPart(context.Background(), s.App, day(t, "2026-11-16"), morning, one.part)
		_, looked := Preview(s.App, day(t, "2026-11-16"), one.part, morning())
		printed := Slips(s.App, t.Output(), day(t, "2026-11-16"), one.part, morning())
		for _, err := range []error{ran, looked, printed} {
			var f *fault.Error
			if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != one.field {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	s.decide(func(n *site.Notices) { n.Kinds.Overdue.On = false })
	if _, err := RunPart(context.Background(), s.App, day(t, "2026-11-16"), morning, Part{Rooms: []string{b.ID}}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("turned off: %v", err)
	}
	if n := s.Count("notices", "1"); n != 0 {
		t.Errorf("%d notices", n)
	}
}

func TestPreviewTellsWhatARunWouldMail(t *testing.T) {
	s, b, a := twoRooms(t)
	s.mailTo(startServer(t))
	look := func(part Part) Late {
		t.Helper()
		late, err := Preview(s.App, day(t, "2026-11-16"), part, morning())
		if err != nil {
			t.Fatal(err)
		}
		return late
	}
	all := look(Part{})
	if len(all.Homerooms) != 3 || all.Families != (Letters{4, 3, 0}) || all.Teachers != (Letters{1, 1, 0}) || !all.Mail || all.Shows != site.DiscloseCount {
		t.Errorf("%+v", all)
	}
	one := look(Part{Rooms: []string{a.ID}})
	if len(one.Homerooms) != 3 || one.Patrons != 2 || one.Loans != 2 || one.Pages != 1 || one.Families != (Letters{2, 2, 0}) || one.Teachers != (Letters{}) {
		t.Errorf("%+v", one)
	}
	s.choose("2026-11-16")
	if waits := look(Part{Rooms: []string{a.ID}}); waits.Families != (Letters{2, 0, 2}) {
		t.Errorf("%+v", waits.Families)
	}
	s.runPart(Part{[]string{a.ID}, []string{ToFamilies}})
	if told := look(Part{Rooms: []string{a.ID}}); told.Families != (Letters{2, 0, 0}) {
		t.Errorf("%+v", told.Families)
	}
	if rest := look(Part{Rooms: []string{b.ID}}); rest.Families != (Letters{1, 0, 1}) {
		t.Errorf("%+v", rest.Families)
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	s, _, _ := twoRooms(t)
	gone := s.child("Gus", "gus@home.example")
	gone.Status = collections.PatronLeft
	s.Save(gone)
	s.lend(gone, "2026-11-05")
	s.lend(gone, "2026-11-06")
	claimed := s.lend(s.child("Hal", ""), "2026-11-05")
	claimed.Claim = collections.ClaimReturned
	if err := collections.Update(s.App, claimed); err != nil {
		t.Fatal(err)
	}
	s.giveBack(s.lend(s.child("Ida", ""), "2026-11-05"))
	s.giveBack(s.lend(s.child("Jo", ""), "2026-11-20")) // was not late
	s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On = true })
	s.lend(s.child("Kim", "kim@home.example"), "2026-11-17")
	if _, err := Unsubscribe(s.App, "kim@home.example", morning()); err != nil {
		t.Fatal(err)
	}
	late, err := Preview(s.App, day(t, "2026-11-16"), Part{}, morning())
	if err != nil || late.LeftOut != (LeftOut{Claimed: 1, Left: 1, Back: 1, OptedOut: 1}) || late.Patrons != 5 {
		t.Errorf("%+v, %v", late, err)
	}
}

// What the screen shows is what the paper says.
func TestSlipsAreReadAsTheyArePrinted(t *testing.T) {
	s, b, a := twoRooms(t)
	var pdf bytes.Buffer
	if err := Slips(s.App, &pdf, day(t, "2026-11-16"), Part{Rooms: []string{b.ID}}, morning()); err != nil {
		t.Fatal(err)
	}
	read, err := ReadSlips(s.App, day(t, "2026-11-16"), b.ID, morning())
	if err != nil || len(read.Slips) != 2 || read.School != "Cedar Hollow Library" {
		t.Fatalf("%+v, %v", read, err)
	}
	text := strings.Join(strings.Fields(textOf(t, pdf.Bytes())), " ")
	for _, slip := range read.Slips {
		for _, said := range []string{slip.Name, slip.Homeroom, slip.Heading, slip.Opening, slip.Rows[0].Text, slip.Rows[0].Note} {
			if said == "" || !strings.Contains(text, said) {
				t.Errorf("%q is not on the paper:\n%s", said, text)
			}
		}
	}
	if strings.Contains(text, "Cleo") || strings.Contains(text, "5A") {
		t.Error("the other homeroom is printed")
	}
	if n := s.Count("notices", "1"); n != 0 {
		t.Errorf("%d notices written", n)
	}
	if _, err := ReadSlips(s.App, day(t, "2026-11-16"), "nosuchroom00001", morning()); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	s.decide(func(n *site.Notices) { n.Profile, n.Disclosure.Paper = site.DiscloseTitle, site.DiscloseTitle })
	titled, err := ReadSlips(s.App, day(t, "2026-11-16"), a.ID, morning())
	if err != nil || !strings.Contains(titled.Slips[0].Rows[0].Text, "Hatchet") {
		t.Errorf("%+v, %v", titled, err)
	}
}
