package notices

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"carrel/collections"

	"github.com/google/go-cmp/cmp"
)

// textOf reads a PDF with an independent reader.
func textOf(t testing.TB, pdf []byte) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	command := exec.Command(program, "-layout", "-", "-")
	command.Stdin = bytes.NewReader(pdf)
	text, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSlipsOfADay(t *testing.T) {
	s := newSchool(t)
	ana, luis := s.child("Ana", "ana@home.example"), s.child("Luis", "")
	luis.Language = "es"
	s.Save(luis)
	s.lend(ana, "2026-11-05")
	s.lend(ana, "2026-11-05")
	s.lend(ana, "2026-11-06")
	s.lend(luis, "2026-11-10")
	var pdf bytes.Buffer
	if err := Slips(s.App, &pdf, day(t, "2026-11-16"), Part{}, morning()); err != nil {
		t.Fatal(err)
	}
	if n := s.Count("notices", "1"); n != 0 {
		t.Errorf("%d notices written", n)
	}
	text := textOf(t, pdf.Bytes())
	for _, want := range []string{"Ana Ramírez", "Room 12", "2 library books", "due Thursday, November 5", "1 library book", "due Friday, November 6", "Luis Ramírez", "1 libro de la biblioteca", "para el martes 10 de noviembre"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Hatchet") {
		t.Error("a title is told")
	}
}

func TestPaperIsMarkedOnlyWhenItWasMade(t *testing.T) {
	s := newSchool(t)
	s.lend(s.child("Ana", ""), "2026-11-05")
	back := s.lend(s.child("Luis", ""), "2026-11-05")
	s.lend(s.child("Zoe", "zoe@home.example"), "2026-11-05")
	s.choose("2026-11-16")
	s.giveBack(back)
	if _, err := PrintQueued(s.App, brokenPipe{}, morning()); err == nil {
		t.Fatal("nobody noticed that the file was not written")
	}
	if diff := cmp.Diff(map[string]int{"queued": 3}, s.states()); diff != "" {
		t.Error(diff)
	}
	var pdf bytes.Buffer
	printed, err := PrintQueued(s.App, &pdf, morning())
	if err != nil || printed != 1 || s.Count("notices", "state = '"+collections.NoticePrinted+"'") != 1 {
		t.Errorf("%d, %v", printed, err)
	}
	if text := textOf(t, pdf.Bytes()); !strings.Contains(text, "Ana") || strings.Contains(text, "Luis") || strings.Contains(text, "Zoe") {
		t.Error(text)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
