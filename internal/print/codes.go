package print

import (
	"fmt"
	"image"
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/skip2/go-qrcode"
)

// Bars is a kind of barcode.
type Bars string

const (
	NoBars  Bars = ""
	Code128 Bars = "code128"
	Code39  Bars = "code39"
)

const (
	// widestModule and narrowestModule bound the thinnest bar in millimetres: wider looks coarse,
	// narrower is beyond office printers and cheap scanners.
	widestModule    = 0.33
	narrowestModule = 0.19
	// quietModules is the white that a scanner needs on either side of the bars, in modules.
	quietModules = 10
)

// qr draws a QR code with error correction M (ISO/IEC 18004), without the quiet zone of four
// modules, which the caller leaves white.
func (d *document) qr(x, y, size float64, content string) error {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("print: QR code of %q: %w", content, err)
	}
	code.DisableBorder = true
	rows := code.Bitmap()
	module := size / float64(len(rows))
	var p path
	for r, row := range rows {
		for c := 0; c < len(row); c++ {
			start := c
			for c < len(row) && row[c] {
				c++
			}
			if c > start {
				p.rect(d, x+float64(start)*module, y+float64(r)*module, float64(c-start)*module, module)
			}
		}
	}
	p.fill(d)
	return nil
}

// bars draws a barcode that ends at most at width, its quiet zone included; the one before x is the
// caller's. It tells whether it could: some contents are not in the code's alphabet, or too long.
func (d *document) bars(x, y, width, height float64, kind Bars, content string) bool {
	code, err := encode(kind, content)
	if err != nil {
		return false
	}
	count := code.Bounds().Dx()
	module := min(widestModule, width/float64(count+quietModules))
	if module < narrowestModule {
		return false
	}
	var p path
	for i := 0; i < count; i++ {
		start := i
		for i < count && dark(code, i) {
			i++
		}
		if i > start {
			p.rect(d, x+float64(start)*module, y, float64(i-start)*module, height)
		}
	}
	p.fill(d)
	return true
}

func encode(kind Bars, content string) (barcode.Barcode, error) {
	if kind == Code39 {
		return code39.Encode(content, false, false)
	}
	return code128.Encode(content)
}

func dark(code image.Image, x int) bool {
	r, _, _, _ := code.At(x, 0).RGBA()
	return r == 0
}

// path gathers rectangles that are filled at once, so that no hair line shows between two that touch.
type path struct{ ops strings.Builder }

func (p *path) rect(d *document, x, y, w, h float64) {
	k := 1 / mmPerPoint
	for _, number := range []float64{x * k, (d.height - y - h) * k, w * k, h * k} {
		p.ops.WriteString(strconv.FormatFloat(number, 'f', 3, 64))
		p.ops.WriteByte(' ')
	}
	p.ops.WriteString("re\n")
}

func (p *path) fill(d *document) {
	d.fill(black)
	d.pdf.RawWriteStr(p.ops.String() + "f\n")
}
