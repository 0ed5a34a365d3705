package print

import (
	"bytes"
	"fmt"
	"image"
	imagecolor "image/color"
	"image/jpeg"
	"testing"
	"time"
)

var at = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// names are of the scripts that a school meets.
var names = []string{"Maya", "Núria", "Đorđe", "Nguyễn", "Ελένη", "Злата", "נֹעָה", "ليلى", "محمد", "گلناز", "Zoe", "María Guadalupe Esperanza", "Bartholomew", "李娜", "Łukasz", "Aisha"}

func token(i int) string { return fmt.Sprintf("carrel:p:0123456789ABC%04d", i) }

func samplePicture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 300, 400))
	for y := range 400 {
		for x := range 300 {
			img.Set(x, y, imagecolor.RGBA{R: uint8(x / 2), G: uint8(y / 2), B: 160, A: 255})
		}
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, nil); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func sampleCards(stock string, bars Bars, count int) CardSheet {
	sheet := CardSheet{At: at, Sheet: stockNamed(stock), School: "Cedar Hollow Library", Bars: bars, Hint: "Hold under the light"}
	for i := range count {
		card := Card{Token: token(i), FirstName: names[i%len(names)], Homeroom: "4B Okafor", Barcode: fmt.Sprintf("2123400%07d", i)}
		if i%5 == 4 {
			card.Picture = func() ([]byte, error) { return samplePicture(), nil }
		}
		sheet.Cards = append(sheet.Cards, card)
	}
	return sheet
}

func sampleSlips(paper Paper, count int) SlipSheet {
	sheet := SlipSheet{At: at, Paper: paper, School: "Cedar Hollow Library", FoldIn: "1. Fold in", FoldBack: "2. Fold back"}
	for i := range count {
		slip := Slip{Name: names[i%len(names)] + " Okonkwo-Fitzgerald", Homeroom: fmt.Sprintf("%dB", 1+i/7), Heading: "Books to bring back",
			Opening: "Hello! These books were due. Please bring them to the library, or tell us if you cannot find them.",
			Closing: "Thank you. Questions? Come and see Ms. Rivera."}
		for j := range 1 + i%4 {
			slip.Rows = append(slip.Rows, SlipRow{Text: []string{"Charlotte's Web", "The Very Hungry Caterpillar and a long name that needs to be broken over two lines of the slip", "الفيل الأزرق", "Dog Man"}[j], Note: "due Mon, March 2"})
		}
		sheet.Slips = append(sheet.Slips, slip)
	}
	return sheet
}

func pdfOf(t testing.TB, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func stockNamed(name string) Sheet {
	sheet, ok := Stock(name)
	if !ok {
		panic("no stock " + name)
	}
	return sheet
}
