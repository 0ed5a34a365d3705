package print

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	_ "image/png" // pictures come as JPEG, PNG and WebP
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	// pictureSide is the side of a printed picture in pixels: 300 dpi at 24 mm.
	pictureSide = 284
	// maxPixels bounds a picture before it is unpacked: a photograph of 50 megapixels takes 200 MB.
	maxPixels = 50_000_000
)

// tints are the grounds of tiles that show an initial, each with its letter.
var tints = []struct{ ground, letter color }{
	{0xF1D2C6, 0x8A3621}, {0xF3DDB5, 0x7A4F00}, {0xD3E6D8, 0x2F5D46}, {0xCFE3EA, 0x17626B}, {0xE6D9EA, 0x5D3566}, {0xD5DCEA, 0x1D3B5C},
}

// portrait draws the patron's picture in a square with round corners, or the initial of the name.
func (d *document) portrait(x, y, side float64, card Card) {
	radius := side / 8
	if name, err := d.pictureOf(card); err == nil {
		d.pdf.ClipRoundedRect(x, y, side, side, radius, false)
		d.pdf.ImageOptions(name, x, y, side, side, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
		d.pdf.ClipEnd()
		return
	}
	tint := tints[sum(card.FirstName)%len(tints)]
	d.rect(x, y, side, side, radius, tint.ground)
	size := side * 1.7
	d.centered(x+side/2, y+side/2+size*mmPerPoint*0.34, initial(card.FirstName), bold, size, tint.letter)
}

func sum(name string) int {
	total := 0
	for _, r := range name {
		total += int(r)
	}
	return total
}

func initial(name string) string {
	for _, r := range strings.TrimSpace(name) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}

func (d *document) pictureOf(card Card) (string, error) {
	if card.Picture == nil {
		return "", errors.New("print: no picture")
	}
	data, err := card.Picture()
	if err != nil {
		return "", err
	}
	return d.picture(data)
}

// picture cuts the middle square out of a picture, brings it to the size printed, and gives it to
// the document. Whatever a school's photographer delivers thus becomes a small plain JPEG.
func (d *document) picture(data []byte) (string, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	if config.Width*config.Height > maxPixels || config.Width == 0 || config.Height == 0 {
		return "", errors.New("print: the picture is too large")
	}
	hash := sha256.Sum256(data)
	name := hex.EncodeToString(hash[:8])
	if d.pdf.GetImageInfo(name) != nil {
		return name, nil
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	square := image.NewRGBA(image.Rect(0, 0, pictureSide, pictureSide))
	draw.Draw(square, square.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(square, square.Bounds(), full, middle(full.Bounds()), draw.Over, nil)
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, square, &jpeg.Options{Quality: 88}); err != nil {
		return "", err
	}
	d.pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, &plain)
	return name, nil
}

// middle is the largest square in the middle of a picture; of an upright one, its upper part, where
// the face is.
func middle(b image.Rectangle) image.Rectangle {
	side := min(b.Dx(), b.Dy())
	left := b.Min.X + (b.Dx()-side)/2
	top := b.Min.Y + (b.Dy()-side)/4
	return image.Rect(left, top, left+side, top+side)
}
