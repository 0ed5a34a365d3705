package print

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/draw"
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

// scanPlaces renders sheets and reads the places from and to by themselves, cut out along their edges as a person would see one label. They are
// counted from 0 over all pages; a place without a code that can be read is "".
func scanPlaces(t *testing.T, pdf []byte, sheet Sheet, kind string, from, to int) (codes []string) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "sheet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "pdftoppm", "-r", "300", "-gray", path, filepath.Join(folder, "page"))
	pages, _ := filepath.Glob(filepath.Join(folder, "page*.pgm"))
	var labels []string
	for i, name := range pages {
		page := readPGM(t, name)
		for n := max(from-i*sheet.PerPage(), 0); n < sheet.PerPage() && i*sheet.PerPage()+n < to; n++ {
			labels = append(labels, filepath.Join(folder, fmt.Sprintf("label%04d.pgm", len(labels))))
			writePGM(t, labels[len(labels)-1], cutOut(page, sheet, n))
		}
	}
	return scanEach(t, labels, kind)
}

// readPGM reads a picture as pdftoppm writes it: "P5", width, height, 255, and a byte for each pixel.
func readPGM(t *testing.T, name string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var width, height, white int
	if n, err := fmt.Sscanf(string(data[:40]), "P5\n%d %d\n%d\n", &width, &height, &white); n != 3 || white != 255 {
		t.Fatalf("%s: %v", name, err)
	}
	return &image.Gray{Pix: data[len(data)-width*height:], Stride: width, Rect: image.Rect(0, 0, width, height)}
}

func writePGM(t *testing.T, path string, label *image.Gray) {
	t.Helper()
	head := fmt.Sprintf("P5\n%d %d\n255\n", label.Rect.Dx(), label.Rect.Dy())
	if err := os.WriteFile(path, append([]byte(head), label.Pix...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func cutOut(page *image.Gray, sheet Sheet, n int) *image.Gray {
	x, y := sheet.place(n)
	pixel := func(mm float64) int { return int(mm / 25.4 * 300) }
	place := image.Rect(pixel(x), pixel(y), pixel(x+sheet.Width), pixel(y+sheet.Height))
	label := image.NewGray(image.Rect(0, 0, place.Dx(), place.Dy()))
	draw.Draw(label, label.Bounds(), page, place.Min, draw.Src)
	return label
}

// scanEach reads the code of each picture; several in one are told apart by blanks.
func scanEach(t *testing.T, pictures []string, kind string) []string {
	t.Helper()
	out, err := exec.Command("zbarimg", append([]string{"-q", "--xml", "-Sdisable", "-S" + kind + ".enable"}, pictures...)...).Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 4) { // 4: no code in one of them
		t.Fatal(err)
	}
	var found struct {
		Sources []struct {
			Path  string   `xml:"href,attr"`
			Codes []string `xml:"index>symbol>data"`
		} `xml:"source"`
	}
	if err := xml.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	codes := make([]string, len(pictures))
	for _, source := range found.Sources {
		codes[slices.Index(pictures, source.Path)] = strings.Join(source.Codes, " ")
	}
	return codes
}

func TestCodesReadBack(t *testing.T) {
	need(t, "pdftoppm", "zbarimg")
	for _, stock := range []string{letterCards, a4Cards, avery5371} {
		for _, bars := range []Bars{NoBars, Code128, Code39} {
			if bars != Code128 && stock == a4Cards { // the cards are those of letterCards
				continue
			}
			t.Run(stock+" "+string(bars), func(t *testing.T) {
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
	sheet := sampleCards(letterCards, Code128, 2)
	sheet.Cards[0].Barcode, sheet.Cards[1].Barcode = "P-10023", "pat0042"
	pdf := pdfOf(t, func(w *bytes.Buffer) error { return Cards(w, sheet) })
	if got, want := scan(t, pdf, "code128"), []string{"P-10023", "pat0042"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSkippedPlacesStayEmpty(t *testing.T) {
	need(t, "pdftotext")
	sheet := sampleCards(avery5371, NoBars, 2)
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
