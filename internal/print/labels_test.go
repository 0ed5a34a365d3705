package print

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sampleLabels(stock string, kind Bars, count int) LabelSheet {
	sheet := LabelSheet{At: at, Name: "Labels", Sheet: stockNamed(stock), Skip: 1}
	for i := range count {
		sheet.Labels = append(sheet.Labels, Label{Bars: kind, Code: fmt.Sprintf("3123400%07d", i), Over: "Cedar Hollow Library", Under: "The Very Hungry Caterpillar " + itoa(i)})
	}
	return sheet
}

func warnings(t testing.TB, sheet LabelSheet) (heard []Warning, pdf []byte) {
	t.Helper()
	sheet.Warn = func(w Warning) { heard = append(heard, w) }
	pdf = pdfOf(t, func(w *bytes.Buffer) error { return Labels(w, sheet) })
	return heard, pdf
}

// Every code on every sheet is read back; where a code does not fit the label, that is told and nothing is there to be misread.
func TestLabelsReadBack(t *testing.T) {
	need(t, "pdftoppm", "zbarimg")
	unfit := map[string]bool{"avery-l7651 code39": true}
	for _, stock := range Stocks() {
		for _, kind := range []Bars{Code128, Code39, Codabar, QR} {
			name := stock.Name + " " + string(kind)
			t.Run(name, func(t *testing.T) {
				sheet := sampleLabels(stock.Name, kind, 5)
				sheet.Skip = stock.PerPage() - 3 // over the end of the first page
				want := []string{""}             // the place before
				for _, label := range sheet.Labels {
					switch {
					case unfit[name]:
						want = append(want, "")
					case kind == Codabar:
						want = append(want, "A"+label.Code+"A")
					default:
						want = append(want, label.Code)
					}
				}
				heard, pdf := warnings(t, sheet)
				for _, w := range heard {
					if w.Code == NoCode && !unfit[name] {
						t.Errorf("does not fit: %v", w)
					}
				}
				if unfit[name] && len(heard) != len(sheet.Labels) {
					t.Errorf("warned of %v", heard)
				}
				zbar := map[Bars]string{QR: "qrcode", Code128: "code128", Code39: "code39", Codabar: "codabar"}[kind]
				want = append(want, "") // the place behind
				got := scanPlaces(t, pdf, stock, zbar, sheet.Skip-1, sheet.Skip+6)
				if !slices.Equal(got, want) {
					t.Errorf("read %q, want %q", got, want)
				}
			})
		}
	}
}

func TestCodesThatDoNotFit(t *testing.T) {
	need(t, "pdftotext")
	for name, test := range map[string]struct {
		bars  Bars
		code  string
		whole bool // in digits
	}{
		"longer than the label":    {Code128, strings.Repeat("LONG-", 8) + "1", true},
		"longer than it in digits": {Code128, strings.Repeat("LONG-", 30), false},
		"not in the alphabet":      {Code39, "pat_0042", true},
		"letters in Codabar":       {Codabar, "T32889", true},
		"endless QR code":          {QR, strings.Repeat("0123456789", 60), false},
	} {
		label := Label{Bars: test.bars, Code: test.code}
		sheet := LabelSheet{At: at, Sheet: stockNamed("avery-5167"), Labels: []Label{label}}
		heard, pdf := warnings(t, sheet)
		if len(heard) == 0 || heard[0] != (Warning{NoCode, label.Code, string(label.Bars)}) {
			t.Errorf("%s: warned of %v", name, heard)
		}
		printed := strings.TrimSpace(textOf(t, pdf, 1, 0, 1))
		if whole := strings.Join(strings.Fields(printed), "") == label.Code; whole != test.whole || !whole && !strings.HasSuffix(printed, "…") {
			t.Errorf("%s: printed %q", name, printed)
		}
	}
}

// Text shrinks, then it is cut and that is told; nothing is told of text that is all there.
func TestLongTextIsCutAndTold(t *testing.T) {
	need(t, "pdftotext")
	sheet := sampleLabels("avery-5160", Code128, 2)
	long := strings.Repeat("A title that never ends and ", 8)
	sheet.Labels[1].Under = long
	heard, pdf := warnings(t, sheet)
	if len(heard) != 1 || heard[0].Code != WasCut || heard[0].Text != long || !strings.HasSuffix(heard[0].Part, "…") {
		t.Fatalf("warned of %v", heard)
	}
	if printed := textOf(t, pdf, 1, 0, 1); !strings.Contains(printed, heard[0].Part) {
		t.Errorf("printed %q", printed)
	}
}

// The digits of a code are whole beside its QR code, on the narrowest of labels too.
func TestDigitsBesideQRAreWhole(t *testing.T) {
	need(t, "pdftotext")
	sheet := sampleLabels("avery-l7651", QR, 1)
	_, pdf := warnings(t, sheet)
	if printed := strings.Join(strings.Fields(allText(t, pdf)), ""); !strings.Contains(printed, sheet.Labels[0].Code) {
		t.Errorf("printed %q", printed)
	}
}

// However long everything is, it stays on its label.
func TestNothingLeavesItsLabel(t *testing.T) {
	need(t, "pdftotext")
	long := strings.Repeat("0123456789 ", 40)
	for _, stock := range Stocks() {
		sheet := LabelSheet{At: at, Sheet: stock, Skip: stock.PerPage() / 2}
		for _, kind := range []Bars{Code128, QR} {
			sheet.Labels = append(sheet.Labels,
				Label{Bars: kind, Code: long, Over: long, Under: long}, Label{Bars: kind, Code: "31234000000017", Over: long, Under: long}, Label{Spine: strings.Fields(long)})
		}
		_, pdf := warnings(t, sheet)
		if count := wordsOnLabels(t, pdf, sheet); count < 10 {
			t.Errorf("%s: only %d words are printed", stock.Name, count)
		}
	}
}

// wordsOnLabels counts the words of a PDF and stops at one that lies across the edge of a label.
func wordsOnLabels(t *testing.T, pdf []byte, sheet LabelSheet) (count int) {
	t.Helper()
	const slack = 1.0 // a word's box is taller than what is drawn of it
	for _, m := range wordAt.FindAllStringSubmatch(allText(t, pdf, "-bbox"), -1) {
		var box [4]float64
		for i := range box {
			points, err := strconv.ParseFloat(m[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			box[i] = points * mmPerPoint
		}
		count++
		on := false
		for n := range sheet.Sheet.PerPage() {
			x, y := sheet.Sheet.place(n)
			on = on || box[0] >= x && box[2] <= x+sheet.Sheet.Width && box[1] >= y-slack && box[3] <= y+sheet.Sheet.Height+slack
		}
		if !on {
			t.Errorf("%s: %q is at %.1f", sheet.Sheet.Name, m[5], box)
		}
	}
	return count
}

// Whatever is to be printed, on whatever label: there is a PDF, and what is cut is told.
func TestAnyLabelIsPrinted(t *testing.T) {
	words := rapid.StringMatching(`[A-Za-z0-9 \.\-ñЗ李אع😀\x00]{0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		stock := rapid.SampledFrom(Stocks()).Draw(t, "stock")
		label := Label{
			Bars: rapid.SampledFrom([]Bars{Code128, Code39, Codabar, QR}).Draw(t, "bars"),
			Code: words.Draw(t, "code"), Over: words.Draw(t, "over"), Under: words.Draw(t, "under"),
		}
		if rapid.Bool().Draw(t, "spine") {
			label.Spine = rapid.SliceOfN(words, 0, 12).Draw(t, "lines")
		}
		sheet := LabelSheet{At: at, Sheet: stock, Labels: []Label{label}, Warn: func(w Warning) {
			if w.Code == WasCut && w.Text == w.Part {
				t.Fatalf("not cut: %v", w)
			}
		}}
		if err := Labels(io.Discard, sheet); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCharactersWithoutShapeAreTold(t *testing.T) {
	sheet := LabelSheet{At: at, Sheet: stockNamed("avery-5160"), Labels: []Label{{Bars: Code128, Code: "1", Under: "Mei 😀"}}}
	heard, _ := warnings(t, sheet)
	if len(heard) != 1 || heard[0] != (Warning{NoGlyph, "Mei 😀", "😀"}) {
		t.Errorf("warned of %v", heard)
	}
}

func TestSpines(t *testing.T) {
	need(t, "pdftotext")
	for call, want := range map[string]string{
		"E WIL":                          "E WIL",
		"[Fic] EXA":                      "[Fic] EXA",
		"QA76.73.P22 M33 2000 v.2 c.1":   "QA76.73.P22 M33 2000 v.2 c.1",
		"598.2097309421548732945236 EXA": "598.2097309421548732945236 EXA",
		"a b c d e f g h i j k l m":      "a b c d e f g h…",
	} {
		sheet := LabelSheet{At: at, Sheet: stockNamed("avery-5160"), Labels: []Label{{Spine: strings.Fields(call)}}}
		heard, pdf := warnings(t, sheet)
		if got := strings.Join(strings.Fields(textOf(t, pdf, 1, 0, 1)), " "); got != want {
			t.Errorf("%s: printed %q", call, got)
		}
		if (want != call) != (len(heard) == 1 && heard[0] == (Warning{WasCut, call, want})) {
			t.Errorf("%s: warned of %v", call, heard)
		}
	}
}

// A lone spine part wider than its label is cut, and told.
func TestSpineWiderThanItsLabel(t *testing.T) {
	call := strings.Repeat("598.2", 9)
	sheet := LabelSheet{At: at, Sheet: stockNamed("avery-l7651"), Labels: []Label{{Spine: []string{call}}, {Spine: []string{}}}}
	if heard, _ := warnings(t, sheet); len(heard) != 1 || heard[0].Code != WasCut || heard[0].Text != call {
		t.Errorf("warned of %v", heard)
	}
}
