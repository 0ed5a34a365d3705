package patrons_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/print"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/tools/filesystem"
)

var printed = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// carded is a library with one patron whose card has a picture.
func carded(t *testing.T) testkit.Library {
	t.Helper()
	l := testkit.NewLibrary(t)
	patron := l.Patron("P100")
	patron.Card = "carrel:p:0123456789ABCDEFG"
	if err := collections.Update(l.App, patron); err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		t.Fatal(err)
	}
	file, err := filesystem.NewFileFromBytes(picture.Bytes(), "face.png")
	if err != nil {
		t.Fatal(err)
	}
	record, err := l.App.FindRecordById(collections.Patrons, patron.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("picture", file)
	if err := l.App.Save(record); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPicturesOnCards(t *testing.T) {
	l := carded(t)
	sheet, _ := print.Stock("avery-5371")
	for _, with := range []bool{true, false} {
		var pdf bytes.Buffer
		if err := patrons.PrintCards(l.App, &pdf, patrons.Cards{Sheet: sheet, Picture: with}, printed); err != nil {
			t.Fatal(err)
		}
		if has := bytes.Contains(pdf.Bytes(), []byte("/Subtype /Image")); has != with {
			t.Errorf("asked for a picture: %v, on the card: %v", with, has)
		}
	}
}

func TestCardsRefused(t *testing.T) {
	l := carded(t)
	l.Patron("P200") // without a card
	sheet, _ := print.Stock("avery-5371")
	labels, _ := print.Stock("avery-5160")
	for field, cards := range map[string]patrons.Cards{
		"patron": {Sheet: sheet, Whose: patrons.Whose{Patron: "P200"}},
		"sheet":  {Sheet: labels},
		"bars":   {Sheet: sheet, Bars: print.QR},
	} {
		var f *fault.Error
		if err := patrons.PrintCards(l.App, io.Discard, cards, printed); !errors.As(err, &f) || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
