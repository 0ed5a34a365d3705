// Package portrait makes a small upright picture of a file that a camera or a photo shop made, and keeps nothing else of it: no place, no
// device, no second picture.
package portrait

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // a format that is read
	"sync"

	"carrel/internal/fault"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // a format that is read
)

const (
	// MaxBytes is the largest file that is read: 10 MB.
	MaxBytes = 10 << 20
	// Side is the longest side of a portrait in dots.
	Side = 512

	// MaxDots bounds what a file may grow to in memory: as much as the cameras of photo shops take, and a quarter of a gigabyte at the worst.
	MaxDots = 32_000_000
	quality = 85
)

// one is how many pictures are in memory at a time: the machine may be small, and a whole school's pictures come at once.
var one sync.Mutex

// Make is Fit for a portrait, which is at most Side dots wide and high.
func Make(file []byte) (made []byte, err error) { return Fit(file, Side, Side) }

// Fit reads a JPEG, PNG or WebP file and writes it as a JPEG file of at most so many dots, upright, on white where it could be seen through. The
// codes are fault.Invalid at "picture", named too_big, bad_picture or too_many_dots.
func Fit(file []byte, width, height int) (made []byte, err error) {
	const op = "portrait.Fit"
	if len(file) > MaxBytes {
		return nil, fault.New(op, fault.Invalid, "patrons.picture.big", MaxBytes>>20).Named("too_big").At("picture")
	}
	unreadable := func(cause error) error {
		return fault.New(op, fault.Invalid, "patrons.picture.kind").Named("bad_picture").At("picture").Because(cause)
	}
	defer func() { // a file of strangers must not stop a library, whatever a decoder makes of it
		if broken := recover(); broken != nil {
			made, err = nil, unreadable(fmt.Errorf("the decoder failed: %v", broken))
		}
	}()
	size, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || format != "jpeg" && format != "png" && format != "webp" || size.Width < 1 || size.Height < 1 {
		return nil, unreadable(err)
	}
	if size.Width > MaxDots/size.Height {
		return nil, fault.New(op, fault.Invalid, "patrons.picture.pixels", size.Width, size.Height).Named("too_many_dots").At("picture")
	}
	one.Lock()
	defer one.Unlock()
	whole, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, unreadable(err)
	}
	var out bytes.Buffer
	held := orientation(file)
	if held >= sideways {
		width, height = height, width
	}
	err = jpeg.Encode(&out, turned(small(whole, width, height), held), &jpeg.Options{Quality: quality})
	return out.Bytes(), fault.Wrap(op, err)
}

// small draws a picture on white, at most so many dots wide and high; it never grows.
func small(whole image.Image, maxWidth, maxHeight int) *image.RGBA {
	bounds := whole.Bounds()
	width, height := bounds.Dx(), bounds.Dy()
	switch wide := width*maxHeight > height*maxWidth; {
	case wide && width > maxWidth:
		width, height = maxWidth, max(1, height*maxWidth/width)
	case !wide && height > maxHeight:
		width, height = max(1, width*maxHeight/height), maxHeight
	}
	drawn := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(drawn, drawn.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(drawn, drawn.Bounds(), whole, bounds, draw.Over, nil)
	return drawn
}
