package notices

import (
	"errors"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
)

func TestWordsThatCannotBeSent(t *testing.T) {
	s := newSchool(t)
	good := Wording{Kind: kindOverdue, Language: say.English, Subject: "From {{.School}}", Body: "{{.List}}"}
	for name, test := range map[string]struct {
		change func(*Wording)
		field  string
		named  string
	}{
		"an unknown kind":             {func(w *Wording) { w.Kind = "love letter" }, "kind", ""},
		"a step too many":             {func(w *Wording) { w.Step = 6 }, "step", ""},
		"a step of a hold":            {func(w *Wording) { w.Kind, w.Step = kindHoldReady, 2 }, "step", ""},
		"a step below none":           {func(w *Wording) { w.Step = -1 }, "step", ""},
		"a language not spoken":       {func(w *Wording) { w.Language = "fr" }, "language", ""},
		"no subject":                  {func(w *Wording) { w.Subject = "  " }, "subject", ""},
		"no text":                     {func(w *Wording) { w.Body = "" }, "body", ""},
		"a line break in the subject": {func(w *Wording) { w.Subject = "Books\r\nBcc: all@x.example" }, "subject", ""},
		"a long subject":              {func(w *Wording) { w.Subject = strings.Repeat("ñ", 201) }, "subject", ""},
		"a long text":                 {func(w *Wording) { w.Body = strings.Repeat("ñ", 20_001) }, "body", ""},
		"an unknown placeholder":      {func(w *Wording) { w.Body = "Dear {{.Parent}}" }, "body", "{{.Parent}}"},
		"one of another kind":         {func(w *Wording) { w.Subject = "{{.PickupBy}}" }, "subject", "{{.PickupBy}}"},
		"a title by name":             {func(w *Wording) { w.Body = "{{.Title}}" }, "body", "{{.Title}}"},
		"a call":                      {func(w *Wording) { w.Body = `{{call .School}}` }, "body", "{{call .School}}"},
		"an action without an end":    {func(w *Wording) { w.Body = "{{.School" }, "body", "unclosed action"},
		"a template in a template":    {func(w *Wording) { w.Body = `{{define "x"}}{{.School}}{{end}}{{template "x"}}` }, "body", ""},
	} {
		w := good
		test.change(&w)
		_, err := SaveWording(s.App, w)
		var refused *fault.Error
		if !errors.As(err, &refused) || refused.Code != fault.Invalid || refused.Field != test.field || !strings.Contains(refused.Text.In(say.English), test.named) {
			t.Errorf("%s: %v", name, err)
		}
		if w.Subject+w.Body == good.Subject+good.Body {
			continue
		}
		if _, err := ShowWording(s.App, w, s.child("Ana", ""), morning()); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s shown: %v", name, err)
		}
	}
	if n := s.Count("notice_templates", "1"); n != 0 {
		t.Errorf("%d kept", n)
	}
}

// TestOwnWordsAndBack: for every step, for one step, and the shipped ones again.
func TestOwnWordsAndBack(t *testing.T) {
	s := newSchool(t)
	ana := s.child("Ana", "")
	subject := func(step int) string {
		t.Helper()
		shown, err := ShowWording(s.App, Wording{Kind: kindOverdue, Step: step, Language: say.English}, ana, morning())
		if err != nil {
			t.Fatal(err)
		}
		return shown.Subject
	}
	shipped := subject(1)
	for _, w := range []Wording{
		{Kind: kindOverdue, Step: 0, Language: say.English, Subject: "All", Body: "x"},
		{Kind: kindOverdue, Step: 2, Language: say.English, Subject: "Second", Body: "x"},
		{Kind: kindOverdue, Step: 2, Language: say.English, Subject: "Second again", Body: "x"},
		{Kind: kindOverdue, Step: 1, Language: say.Spanish, Subject: "Primero", Body: "x"},
	} {
		if saved, err := SaveWording(s.App, w); err != nil || !saved.Own || saved.Placeholders == nil {
			t.Fatal(saved, err)
		}
	}
	if got := []string{subject(1), subject(2), subject(3)}; !cmp.Equal(got, []string{"All", "Second again", "All"}) {
		t.Errorf("%q", got)
	}
	list, err := Wordings(s.App)
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, w := range list {
		if w.Own {
			own++
		}
		if len(w.Placeholders) == 0 || w.Subject == "" || w.Body == "" {
			t.Errorf("%+v", w)
		}
	}
	if own != 3 || len(list) != 24+1 {
		t.Errorf("%d of %d are the school's own", own, len(list))
	}
	for _, w := range []Wording{{Kind: kindOverdue, Language: say.English}, {Kind: kindOverdue, Step: 2, Language: say.English}} {
		if err := DropWording(s.App, w); err != nil {
			t.Error(err)
		}
		if err := DropWording(s.App, w); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("dropped twice: %v", err)
		}
	}
	if got := subject(1); got != shipped {
		t.Errorf("%q", got)
	}
}

// TestShownOnAPatron shows what is really there, at the school's level, and else something made up.
func TestShownOnAPatron(t *testing.T) {
	s := newSchool(t)
	ana, luis := s.child("Ana", "ana@home.example"), s.child("Luis", "")
	s.lend(ana, "2026-11-05")
	s.lend(s.child("Zoe", ""), "2026-11-05")
	show := func(w Wording, on string) Shown {
		t.Helper()
		patron := ana
		if on == "Luis" {
			patron = luis
		}
		w.Language = say.English
		shown, err := ShowWording(s.App, w, patron, morning())
		if err != nil {
			t.Fatal(err)
		}
		return shown
	}
	if got := show(Wording{Kind: kindOverdue, Step: 1}, "Ana"); got.Sample || !strings.Contains(got.Text, "Ana, Room 12: 1 library book, due on Thursday, November 5") || strings.Contains(got.Text, "Zoe") {
		t.Errorf("%+v", got)
	}
	if got := show(Wording{Kind: forTeacher, Step: 1}, "Ana"); got.Sample || !strings.Contains(got.Text, "Ana Ramírez, Room 12: 1 library book") {
		t.Errorf("%+v", got)
	}
	if got := show(Wording{Kind: kindOverdue, Subject: "{{.Books}} <b>", Body: "<b>{{.Books}}"}, "Luis"); !got.Sample || got.Subject != "2 library books <b>" || got.Text != "<b>2 library books" || !strings.Contains(got.HTML, "&lt;b&gt;2") {
		t.Errorf("%+v", got)
	}
	s.decide(func(n *site.Notices) { n.Profile, n.Disclosure.Guardians = site.DiscloseTitle, site.DiscloseTitle })
	if got := show(Wording{Kind: kindOverdue, Subject: "{{.Books}}", Body: "{{.Books}}"}, "Ana"); !strings.HasPrefix(got.Text, "Hatchet") || got.Subject != "1 library book" {
		t.Errorf("%+v", got)
	}
	for _, kind := range wordedKinds {
		for step := range stepsOf(kind) {
			if got := show(Wording{Kind: kind, Step: step + 1}, "Luis"); !got.Sample || strings.Contains(got.Text, "%!") || strings.Contains(got.Text, "one") && strings.Contains(got.Text, "two") {
				t.Errorf("%s %d: %+v", kind, step+1, got)
			}
		}
	}
	if s.Count("notices", "1") != 0 {
		t.Error("a preview wrote something down")
	}
}

// FuzzWording: whatever a librarian writes is refused, or can be shown without an error and without a break in its subject.
func FuzzWording(f *testing.F) {
	for _, body := range []string{"{{.List}}", "{{.Parent}}", "{{if .Count}}x{{end}}", "{{", "{{/* x */}}", "{{- .School -}}", "{{.School}}}}", "{{`{{`}}"} {
		f.Add(body, body)
	}
	s := newSchool(f)
	ana := s.child("Ana", "")
	f.Fuzz(func(t *testing.T, subject, body string) {
		w := Wording{Kind: kindOverdue, Step: 1, Language: say.Spanish, Subject: subject, Body: body}
		err := w.check()
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		shown, err := ShowWording(s.App, w, ana, morning())
		if err != nil || strings.ContainsAny(shown.Subject, "\r\n") {
			t.Fatalf("%q, %v", shown.Subject, err)
		}
	})
}
