package print

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// need skips the test when a program it looks with is not there.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: nothing is read back (Debian: apt-get install poppler-utils zbar-tools)", name)
		}
	}
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v %s", name, args, err, stderr.String())
	}
	return string(out)
}

// scan renders a PDF as an office printer would and reads its codes of one kind back.
func scan(t *testing.T, pdf []byte, kind string) []string {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "sheet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "pdftoppm", "-r", "300", "-gray", path, filepath.Join(folder, "page"))
	pages, _ := filepath.Glob(filepath.Join(folder, "page*.pgm"))
	args := append([]string{"-q", "--raw", "-Sdisable", "-S" + kind + ".enable"}, pages...)
	codes := strings.Fields(command(t, "zbarimg", args...))
	slices.Sort(codes)
	return codes
}

func TestCodesReadBack(t *testing.T) {
	need(t, "pdftoppm", "zbarimg")
	for _, stock := range []Stock{LetterCards, A4Cards, Avery5371} {
		for _, bars := range []Bars{NoBars, Code128, Code39} {
			if bars != Code128 && stock == A4Cards { // the cards are those of LetterCards
				continue
			}
			t.Run(string(stock)+" "+string(bars), func(t *testing.T) {
				sheet := sampleCards(stock, bars, 12)
				var tokens, barcodes []string
				for _, card := range sheet.Cards {
					tokens = append(tokens, card.Token)
					barcodes = append(barcodes, card.Barcode)
				}
				pdf := pdfOf(t, func(w *bytes.Buffer) error { return Cards(w, sheet) })
				if got := scan(t, pdf, "qrcode"); !slices.Equal(got, tokens) {
					t.Errorf("QR codes %q, want %q", got, tokens)
				}
				if bars == NoBars {
					return
				}
				kind := map[Bars]string{Code128: "code128", Code39: "code39"}[bars]
				if got := scan(t, pdf, kind); !slices.Equal(got, barcodes) {
					t.Errorf("barcodes %q, want %q", got, barcodes)
				}
			})
		}
	}
}

func TestLettersInBarcodesReadBack(t *testing.T) {
	need(t, "pdftoppm", "zbarimg")
	sheet := sampleCards(LetterCards, Code128, 2)
	sheet.Cards[0].Barcode, sheet.Cards[1].Barcode = "P-10023", "pat0042"
	pdf := pdfOf(t, func(w *bytes.Buffer) error { return Cards(w, sheet) })
	if got, want := scan(t, pdf, "code128"), []string{"P-10023", "pat0042"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSkippedPlacesStayEmpty(t *testing.T) {
	need(t, "pdftotext")
	sheet := sampleCards(Avery5371, NoBars, 2)
	sheet.Skip = 9
	pdf := pdfOf(t, func(w *bytes.Buffer) error { return Cards(w, sheet) })
	first, second := textOf(t, pdf, 1, 0, 1), textOf(t, pdf, 2, 0, 1)
	if !strings.Contains(first, "Maya") || strings.Contains(first, "Núria") || !strings.Contains(second, "Núria") {
		t.Errorf("page 1 %q, page 2 %q", first, second)
	}
}

// textOf returns the text of a page of Letter paper between two fractions of its width.
func textOf(t *testing.T, pdf []byte, page int, from, to float64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	number, left, width := itoa(page), itoa(int(from*612)), itoa(int((to-from)*612))
	return command(t, "pdftotext", "-f", number, "-l", number, "-x", left, "-y", "0", "-W", width, "-H", "792", "-layout", path, "-")
}

// A folded slip shows its third panel: name and homeroom, and nothing else.
func TestOutsideOfSlip(t *testing.T) {
	need(t, "pdftotext")
	sheet := SlipSheet{At: at, Paper: Letter, School: "Cedar Hollow", FoldIn: "one", FoldBack: "two", Slips: []Slip{{
		Name: "Maya Núñez", Homeroom: "4B", Heading: "Bring back", Opening: "Dear family,", Closing: "Thanks",
		Rows: []SlipRow{{Text: "Secret Title", Note: "March 2"}},
	}}}
	pdf := pdfOf(t, func(w *bytes.Buffer) error { return Slips(w, sheet) })
	if got := strings.Fields(textOf(t, pdf, 1, 2.0/3, 1)); !slices.Equal(got, []string{"4B", "Maya", "Núñez"}) {
		t.Errorf("outside: %q", got)
	}
	inside := textOf(t, pdf, 1, 0, 2.0/3)
	for _, words := range []string{"Cedar Hollow", "Bring back", "Dear family,", "Secret Title", "March 2", "Thanks", "one", "two"} {
		if !strings.Contains(inside, words) {
			t.Errorf("inside lacks %q: %q", words, inside)
		}
	}
}

// Nothing of a message is lost when it is too long for one slip.
func TestLongSlipGoesOn(t *testing.T) {
	need(t, "pdftotext")
	slip := Slip{Name: "Maya Núñez", Homeroom: "4B", Heading: "Bring back", Opening: strings.Repeat("many words of one long opening ", 60) + "openingend"}
	var want []string
	for i := range 30 {
		slip.Rows = append(slip.Rows, SlipRow{Text: "Title" + itoa(i), Note: "due" + itoa(i)})
		want = append(want, "Title"+itoa(i), "due"+itoa(i))
	}
	pdf := pdfOf(t, func(w *bytes.Buffer) error { return Slips(w, SlipSheet{At: at, Paper: Letter, Slips: []Slip{slip}}) })
	path := filepath.Join(t.TempDir(), "slips.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(command(t, "pdftotext", path, "-"))
	for _, word := range append(want, "openingend") {
		if !slices.Contains(got, word) {
			t.Errorf("%s is lost", word)
		}
	}
	if words := strings.Count(strings.Join(got, " "), "opening") - 1; words != 60 {
		t.Errorf("the opening has %d of its 60 sentences", words)
	}
}
