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

func sampleClasses() ClassSheet {
	sheet := ClassSheet{At: at, Paper: Letter, School: "Cedar Hollow Library", Hint: "Scan me"}
	for _, room := range []string{"4B Okafor", "KA Lowe"} {
		class := Class{Homeroom: room}
		for range 22 {
			n := len(sheet.Classes)*22 + len(class.Cards)
			class.Cards = append(class.Cards, Card{Token: token(n), FirstName: names[n%len(names)]})
		}
		sheet.Classes = append(sheet.Classes, class)
	}
	return sheet
}

func TestClassSheetsReadBack(t *testing.T) {
	need(t, "pdftoppm", "zbarimg")
	for _, paper := range []Paper{Letter, A4} {
		sheet := sampleClasses()
		sheet.Paper = paper
		pdf := pdfOf(t, func(w *bytes.Buffer) error { return Classes(w, sheet) })
		var want []string
		for n := range 44 {
			want = append(want, token(n))
		}
		got := slices.DeleteFunc(scanPlaces(t, pdf, classCells(paper), "qrcode", 0, 80), func(code string) bool { return code == "" })
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", paper, got)
		}
		if pages := countPages(pdf); pages != 4 {
			t.Errorf("%d pages, a class begins a page", pages)
		}
	}
}

func TestMarkersReadBack(t *testing.T) {
	need(t, "pdftoppm", "zbarimg")
	for _, paper := range []Paper{Letter, A4} {
		sheet := MarkerSheet{At: at, Paper: paper, School: "Cedar Hollow Library"}
		var want []string
		for n := range 5 {
			sheet.Cards = append(sheet.Cards, Card{Token: token(n), FirstName: names[n], Homeroom: "4B Okafor"})
			want = append(want, token(n), token(n)) // one at either end
		}
		pdf := pdfOf(t, func(w *bytes.Buffer) error { return Markers(w, sheet) })
		if got := scan(t, pdf, "qrcode"); !slices.Equal(got, want) {
			t.Errorf("%s: %q", paper, got)
		}
	}
}

func sampleList(rows int) List {
	list := List{
		At: at, Paper: Letter, School: "Cedar Hollow Library", Heading: "To fetch", Note: "Monday, March 2", Tick: true, Empty: "Nothing to fetch.",
		Columns: []Column{{Heading: "Call number", Share: 2, Strong: true}, {Heading: "Title", Share: 5}, {Heading: "Barcode", Share: 2}},
	}
	for g := range 2 {
		group := Group{Name: []string{"Fiction", "Picture books"}[g], NewPage: g == 1}
		for i := range rows {
			group.Rows = append(group.Rows, []string{"E WIL", "Title" + itoa(g*rows+i) + " " + strings.Repeat("and on ", i%30), itoa(31234000 + g*rows + i)})
		}
		list.Groups = append(list.Groups, group)
	}
	return list
}

func allText(t *testing.T, pdf []byte, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "all.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return command(t, "pdftotext", append(args, path, "-")...)
}

// Nothing of a list is lost, and each page says how many there are.
func TestListsAreWhole(t *testing.T) {
	need(t, "pdftotext")
	list := sampleList(60)
	list.Groups[0].Rows[3][1] = strings.Repeat("row taller than a page ", 400) + "itsend"
	pdf := pdfOf(t, func(w *bytes.Buffer) error { return Lists(w, list) })
	words := strings.Fields(allText(t, pdf))
	for n := range 120 {
		if n != 3 && !slices.Contains(words, "Title"+itoa(n)) || !slices.Contains(words, itoa(31234000+n)) {
			t.Errorf("row %d is lost", n)
		}
	}
	pages := countPages(pdf)
	if !slices.Contains(words, "itsend") || !strings.Contains(strings.Join(words, " "), itoa(pages)+" / "+itoa(pages)) {
		t.Errorf("the end of a row or of %d pages is lost", pages)
	}
	empty := allText(t, pdfOf(t, func(w *bytes.Buffer) error { return Lists(w, List{At: at, Paper: A4, Empty: "Nothing to fetch."}) }))
	if !strings.Contains(empty, "Nothing to fetch.") || !strings.Contains(strings.ReplaceAll(empty, " ", ""), "1/1") {
		t.Errorf("an empty list says %q", empty)
	}
}

// PDFs are read without complaint by a reader that is not ours.
func TestPDFsAreSound(t *testing.T) {
	need(t, "pdfinfo", "pdftotext")
	for name, write := range samples() {
		path := filepath.Join(t.TempDir(), "sound.pdf")
		if err := os.WriteFile(path, pdfOf(t, write), 0o600); err != nil {
			t.Fatal(err)
		}
		info := command(t, "pdfinfo", path)
		if complaints, err := exec.Command("pdftotext", path, os.DevNull).CombinedOutput(); err != nil || len(complaints) > 0 {
			t.Errorf("%s: %s %v", name, complaints, err)
		}
		if !strings.Contains(info, "Producer:        Carrel") || !strings.Contains(info, "2026") {
			t.Errorf("%s: %s", name, info)
		}
	}
}

// samples are all kinds of paper with fixed dates.
func samples() map[string]func(*bytes.Buffer) error {
	return map[string]func(*bytes.Buffer) error{
		"cards":       func(w *bytes.Buffer) error { return Cards(w, sampleCards(letterCards, Code128, 9)) },
		"labels":      func(w *bytes.Buffer) error { return Labels(w, mixedLabels()) },
		"testlabels":  func(w *bytes.Buffer) error { return TestLabels(w, sampleLabels("avery-l7160", Code128, 0)) },
		"classes":     func(w *bytes.Buffer) error { return Classes(w, sampleClasses()) },
		"calibration": func(w *bytes.Buffer) error { return Calibrate(w, sampleCalibration()) },
		"list":        func(w *bytes.Buffer) error { return Lists(w, sampleList(12)) },
		"handout":     func(w *bytes.Buffer) error { return Handouts(w, sampleHandout(A4)) },
		"receipt":     func(w *bytes.Buffer) error { return Receipts(w, sampleReceipt()) },
		"holds":       func(w *bytes.Buffer) error { return HoldSlips(w, sampleHolds()) },
		"markers": func(w *bytes.Buffer) error {
			return Markers(w, MarkerSheet{At: at, Paper: A4, Cards: sampleCards(letterCards, NoBars, 5).Cards})
		},
		"order-en-letter": func(w *bytes.Buffer) error { return Orders(w, englishOrder(4)) },
		"order-es-a4":     func(w *bytes.Buffer) error { return Orders(w, spanishOrder()) },
		"slips-en-letter": func(w *bytes.Buffer) error { return Slips(w, familySlips(Letter)) },
		"slips-es-a4":     func(w *bytes.Buffer) error { return Slips(w, spanishSlips(A4)) },
	}
}

func mixedLabels() LabelSheet {
	sheet := sampleLabels("avery-5160", Code128, 3)
	sheet.Labels = append(sheet.Labels, sampleLabels("avery-5160", QR, 2).Labels...)
	for _, call := range []string{"E WIL", "QA76.73.P22 M33 2000", "598.2 ÑAN c.2"} {
		sheet.Labels = append(sheet.Labels, Label{Spine: strings.Fields(call)})
	}
	return sheet
}

func sampleCalibration() Calibration {
	return Calibration{At: at, Paper: Letter, Heading: "Calibration", Lines: []string{"Measure from the left edge of the paper to the first cross.", "It should be 20 mm."}}
}

func sampleReceipt() Receipt {
	return Receipt{
		At: at, School: "Cedar Hollow Library", Heading: "Maya", Opening: "Monday, March 2",
		Rows: []SlipRow{{"Charlotte's Web", "due Monday, March 16"}, {"The Very Hungry Caterpillar and a name that runs over two lines", "due Monday, March 16"}, {"الفيل الأزرق", "due Monday, March 16"}}, Closing: "Enjoy your books!",
	}
}

func sampleHolds() HoldSheet {
	sheet := HoldSheet{At: at, Paper: Letter, Name: "Hold slips"}
	for _, name := range names[:9] {
		sheet.Slips = append(sheet.Slips, HoldSlip{Name: name, Homeroom: "4B Okafor", Lines: []string{"Kept until Friday, March 6"}})
	}
	return sheet
}

func familySlips(paper Paper) SlipSheet {
	return SlipSheet{At: at, Paper: paper, School: "Cedar Hollow Library", FoldIn: "1. Fold in", FoldBack: "2. Fold back", Slips: []Slip{{
		Name: "Maya Núñez", Homeroom: "4B Okafor", Heading: "Books to bring back", Opening: "Dear family of Maya, these books were due:",
		Rows: []SlipRow{{"2 library books", "due Monday, March 2"}, {"1 library book", "due Monday, March 9"}}, Closing: "Thank you.",
	}, {Name: "李娜", Homeroom: "4B Okafor", Heading: "Books to bring back", Rows: []SlipRow{{"1 library book", "due Monday, March 9"}}}}}
}

func spanishSlips(paper Paper) SlipSheet {
	return SlipSheet{At: at, Paper: paper, School: "Biblioteca de Cedar Hollow", FoldIn: "1. Doblar hacia dentro", FoldBack: "2. Doblar hacia atrás", Slips: []Slip{{
		Name: "Íñigo Peña", Homeroom: "4B Okafor", Heading: "Libros por devolver", Opening: "Estimada familia de Íñigo: estos libros ya debían estar de vuelta.",
		Rows: []SlipRow{{"2 libros de la biblioteca", "lunes 2 de marzo"}}, Closing: "Gracias.",
	}}}
}
