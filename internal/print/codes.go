package print

import (
	"fmt"
	"image"
	"regexp"
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/codabar"
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
	Codabar Bars = "codabar"
	QR      Bars = "qr" // on labels; cards have their own
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
	rows, err := modules(content)
	if err != nil {
		return err
	}
	d.modules(x, y, size, rows)
	return nil
}

// modules are the squares of a QR code, true for a dark one.
func modules(content string) ([][]bool, error) {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("print: QR code of %q: %w", content, err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}

func (d *document) modules(x, y, size float64, rows [][]bool) {
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
}

// stripes is a barcode in the size in which it is drawn.
type stripes struct {
	code   barcode.Barcode
	module float64 // millimetres of the thinnest bar
}

func (s stripes) width() float64 { return float64(s.code.Bounds().Dx()) * s.module }

// stripesFor makes a barcode that is at most width wide together with quiet zones: one at its end, or two. It tells whether it could:
// some contents are not in the code's alphabet, or too long for bars that printers and scanners can do.
func (d *document) stripesFor(kind Bars, content string, width float64, zones int) (stripes, bool) {
	code, err := encode(kind, content)
	if err == nil {
		count := code.Bounds().Dx()
		if module := min(widestModule, width/float64(count+zones*quietModules)); module >= narrowestModule {
			return stripes{code, module}, true
		}
	}
	d.tell(Warning{NoCode, content, string(kind)})
	return stripes{}, false
}

// stripes draws a barcode from its top left corner.
func (d *document) stripes(x, y, height float64, s stripes) {
	var p path
	count := s.code.Bounds().Dx()
	for i := 0; i < count; i++ {
		start := i
		for i < count && dark(s.code, i) {
			i++
		}
		if i > start {
			p.rect(d, x+float64(start)*s.module, y, float64(i-start)*s.module, height)
		}
	}
	p.fill(d)
}

func encode(kind Bars, content string) (barcode.Barcode, error) {
	switch kind {
	case Code39:
		return code39.Encode(content, false, false)
	case Codabar:
		if !guarded.MatchString(content) {
			content = "A" + content + "A"
		}
		return codabar.Encode(content)
	}
	return code128.Encode(content)
}

// guarded is content that brings the start and stop letters of Codabar along.
var guarded = regexp.MustCompile("^[A-D].*[A-D]$")

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
