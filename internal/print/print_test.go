package print

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	letterCards = "cr80-letter"
	a4Cards     = "cr80-a4"
	avery5371   = "avery-5371"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestVisualOrder(t *testing.T) {
	tests := map[string]string{
		"Maya":        "Maya",
		"a\tb\u200bc": "a bc",
		"e\u0301":     "é",
		"נועה":        "העונ",
		"נועה 4B":     "4B העונ",
		"Room א":      "Room א",
		"(נועה)":      "(העונ)",
		"שָׁ":         "\u05c1\u05b8ש",
		"محمد":        "\ufeaa\ufee4\ufea4\ufee3",
		"ليلى":        "\ufef0\ufee0\ufef4\ufedf",
		"سلام":        "\ufee1\ufefc\ufeb3",
		"لا":          "\ufefb",
		"داود":        "\ufea9\ufeed\ufe8d\ufea9",
		"گلناز":       "\ufeaf\ufe8e\ufee8\ufee0\ufb94",
	}
	for text, want := range tests {
		if got := visual(text); got != want {
			t.Errorf("visual(%q) = %+q, want %+q", text, got, want)
		}
	}
	if got := shape([]rune("مُحَمَّد")); !strings.ContainsRune(string(got), 0xFEA4) || !strings.ContainsRune(string(got), 0xFEAA) {
		t.Errorf("vowels break the joining: %+q", got)
	}
}

func TestFontsOfNames(t *testing.T) {
	tests := map[string][]string{
		"Maya":     {"atkinson-bold"},
		"Łukasz":   {"atkinson-bold"},
		"Nguyễn":   {"noto-bold"},
		"Ελένη M.": {"noto-bold", "atkinson-bold"},
		"Злата":    {"noto-bold"},
		"נועה כהן": {"noto-hebrew-bold"},
		"ليلى علي": {"noto-arabic-bold"},
		"گلناز":    {"noto-arabic-bold"},
		"李娜":       {"droid-cjk"},
		"さくら":      {"droid-cjk"},
		"지민 Kim":   {"droid-cjk", "atkinson-bold"},
		"Արամ":     {"noto-armenian-bold"},
		"ნინო":     {"noto-georgian-bold"},
		"አበበ":      {"noto-ethiopic-bold"},
		"Mei😀":     {"atkinson-bold", ""},
	}
	for name, want := range tests {
		var got []string
		for _, one := range layOut(name, bold) {
			got = append(got, one.font)
			if one.em <= 0 {
				t.Errorf("%q has no width", one.text)
			}
		}
		if strings.Join(got, ",") != strings.Join(want, ",") || len(got) != len(want) {
			t.Errorf("%s: fonts %q, want %q", name, got, want)
		}
	}
}

// Whatever the text, wrapping keeps every character and every line keeps to the width.
func TestWrapKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zA-Zñ李אب]{1,30}`), 0, 20).Draw(t, "words")
		width := rapid.Float64Range(15, 120).Draw(t, "width")
		lines := wrap(strings.Join(words, " "), regular, 10, width)
		if strings.ReplaceAll(strings.Join(lines, ""), " ", "") != strings.Join(words, "") {
			t.Fatalf("%q became %q", words, lines)
		}
		for _, one := range lines {
			if got := textWidth(one, regular, 10); got > width+0.001 {
				t.Fatalf("%q is %f wide, more than %f", one, got, width)
			}
		}
	})
}

func TestFitKeepsToTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Za-zñ ]{0,60}`).Draw(t, "name")
		short, size := fit(name, bold, 16, 8, 30)
		if textWidth(short, bold, size) > 30.001 || size > 16 || size < 8 {
			t.Fatalf("%q at %f is too wide", short, size)
		}
	})
}

func TestSameInputSameBytes(t *testing.T) {
	for range 3 {
		cards := func() []byte {
			return pdfOf(t, func(w *bytes.Buffer) error { return Cards(w, sampleCards(letterCards, Code128, 16)) })
		}
		slips := func() []byte {
			return pdfOf(t, func(w *bytes.Buffer) error { return Slips(w, sampleSlips(A4, 16)) })
		}
		if !bytes.Equal(cards(), cards()) || !bytes.Equal(slips(), slips()) {
			t.Fatal("two runs differ")
		}
	}
}

func TestHomeroomsBeginPages(t *testing.T) {
	pages := func(homerooms ...string) int {
		sheet := SlipSheet{At: at, Paper: Letter}
		for _, homeroom := range homerooms {
			sheet.Slips = append(sheet.Slips, Slip{Name: "Maya", Homeroom: homeroom, Heading: "Books"})
		}
		return countPages(pdfOf(t, func(w *bytes.Buffer) error { return Slips(w, sheet) }))
	}
	for want, homerooms := range map[int][]string{
		1: {"4B", "4B", "4B"}, 2: {"4B", "4B", "4B", "4B"}, 3: {"KA", "4B", "4B", "4B", "4B"},
	} {
		if got := pages(homerooms...); got != want {
			t.Errorf("%q on %d pages, want %d", homerooms, got, want)
		}
	}
	if pages() != 1 {
		t.Error("a stack of no slips has no page")
	}
}

func TestSlipPagesAreThoseOfThePaper(t *testing.T) {
	for name, count := range map[string]int{"none": 0, "one": 1, "many": 40} {
		sheet := sampleSlips(Letter, count)
		for i := range sheet.Slips { // some are so long that they go on on the next
			for range i % 4 * 12 {
				sheet.Slips[i].Rows = append(sheet.Slips[i].Rows, SlipRow{Text: "The Lion, the Witch and the Wardrobe", Note: "Apr 21"})
			}
			sheet.Slips[i].Homeroom = []string{"4B", "5A", "5A"}[i%40/14]
		}
		paper := countPages(pdfOf(t, func(w *bytes.Buffer) error { return Slips(w, sheet) }))
		if got := SlipPages(sheet); max(got, 1) != paper || count == 0 && got != 0 {
			t.Errorf("%s: %d pages, %d on paper", name, got, paper)
		}
	}
}

func countPages(pdf []byte) int {
	return bytes.Count(pdf, []byte("/Type /Page\n"))
}

func TestCardsThatCannotBeMade(t *testing.T) {
	small, labels := sampleCards(letterCards, NoBars, 1), sampleCards(letterCards, NoBars, 1)
	small.Sheet.Paper, labels.Sheet = "papyrus", stockNamed("avery-5160")
	for field, sheet := range map[string]CardSheet{"paper": small, "width": labels} {
		var misfit *Misfit
		if err := Cards(io.Discard, sheet); !errors.As(err, &misfit) || misfit.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for name, token := range map[string]string{"empty": "", "endless": strings.Repeat("x", 5000)} {
		sheet := sampleCards(letterCards, NoBars, 2)
		sheet.Cards[1].Token = token
		if err := Cards(io.Discard, sheet); err == nil || !strings.Contains(err.Error(), "card 2") {
			t.Errorf("%s token: %v", name, err)
		}
	}
}

func TestOddCardsAreMade(t *testing.T) {
	huge := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00")
	data := func(picture []byte) func() ([]byte, error) { return func() ([]byte, error) { return picture, nil } }
	cards := map[string]Card{
		"unreadable picture":     {FirstName: "Maya", Picture: func() ([]byte, error) { return nil, io.ErrUnexpectedEOF }},
		"no name":                {},
		"broken picture":         {FirstName: "Maya", Picture: data(samplePicture()[:200])},
		"huge picture":           {FirstName: "Maya", Picture: data(huge)},
		"not a picture":          {FirstName: "Maya", Picture: data([]byte("GIF89a"))},
		"no end of names":        {FirstName: strings.Repeat("Wolfeschlegelsteinhausen", 9), Homeroom: strings.Repeat("4B ", 90)},
		"barcode in Greek":       {FirstName: "Maya", Barcode: "ΩΩΩ"},
		"barcode without end":    {FirstName: "Maya", Barcode: strings.Repeat("ABC-", 30)},
		"signs of no width":      {FirstName: "\u200f\u200b", Homeroom: "\x00"},
		"beyond the basic plane": {FirstName: "😀𝔐"},
	}
	for name, card := range cards {
		card.Token = token(1)
		if err := Cards(io.Discard, CardSheet{At: at, Sheet: stockNamed(a4Cards), Bars: Code128, Cards: []Card{card}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Cards(io.Discard, CardSheet{At: at, Sheet: stockNamed(a4Cards)}); err != nil {
		t.Error("no cards:", err)
	}
}

func BenchmarkSlips500(b *testing.B) {
	sheet := sampleSlips(Letter, 500)
	measured(b, func() error { return Slips(io.Discard, sheet) })
}

func BenchmarkCards500(b *testing.B) {
	sheet := sampleCards(letterCards, Code128, 500)
	measured(b, func() error { return Cards(io.Discard, sheet) })
}

func BenchmarkLabels5000(b *testing.B) {
	sheet := sampleLabels("avery-5160", Code128, 5000)
	measured(b, func() error { return Labels(io.Discard, sheet) })
}

// measured also tells the heap that was ever needed, in megabytes.
func measured(b *testing.B, write func() error) {
	b.ReportAllocs()
	for b.Loop() {
		if err := write(); err != nil {
			b.Fatal(err)
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapSys)/1e6, "heap-MB")
}
