package print

import (
	"bytes"
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"
)

const fine = 600.0 // dpi: a pixel is 0.04 mm

// render is the first page of a PDF in grey.
func render(t *testing.T, pdf []byte) *image.Gray {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "page.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "pdftoppm", "-r", "600", "-gray", "-singlefile", path, filepath.Join(folder, "page"))
	return readPGM(t, filepath.Join(folder, "page.pgm"))
}

// strokeAt measures in millimetres where between two places of a row (or, down, of a column) the middle of what is dark lies.
func strokeAt(page *image.Gray, from, to, across float64, down bool) float64 {
	pixel := func(mm float64) int { return int(mm / 25.4 * fine) }
	sum, weight := 0.0, 0.0
	for i := pixel(from); i < pixel(to); i++ {
		x, y := i, pixel(across)
		if down {
			x, y = y, x
		}
		dark := 1 - float64(page.GrayAt(x, y).Y)/255
		sum += dark * (float64(i) + 0.5)
		weight += dark
	}
	return sum / weight / fine * 25.4
}

// The crosses and the lines of the rulers are where the page says, measured in what a printer would draw.
func TestCalibrationPageIsMeasured(t *testing.T) {
	need(t, "pdftoppm")
	for _, test := range []struct {
		paper  Paper
		adjust Adjust
	}{{Letter, Adjust{}}, {A4, Adjust{}}, {Letter, Adjust{Right: 1.5, Down: -2, Across: 1, Along: -0.8}}} {
		pdf := pdfOf(t, func(w *bytes.Buffer) error {
			return Calibrate(w, Calibration{At: at, Paper: test.paper, Adjust: test.adjust, Heading: "Calibration", Lines: []string{"Measure."}})
		})
		page := render(t, pdf)
		width, height := test.paper.size()
		x := func(mm float64) float64 { return mm*(1+test.adjust.Across/100) + test.adjust.Right }
		y := func(mm float64) float64 { return mm*(1+test.adjust.Along/100) + test.adjust.Down }
		check := func(what string, got, want float64) {
			t.Helper()
			if !(math.Abs(got-want) < 0.05) {
				t.Errorf("%s, %+v: %s at %.3f mm, want %.3f", test.paper, test.adjust, what, got, want)
			}
		}
		for _, cx := range []float64{20, width - 20} {
			for _, cy := range []float64{20, height - 20} {
				check("upright stroke", strokeAt(page, x(cx)-3, x(cx)+3, y(cy)-4, false), x(cx))
				check("level stroke", strokeAt(page, y(cy)-3, y(cy)+3, x(cx)-4, true), y(cy))
			}
		}
		for _, mm := range []float64{0, 37, 100} {
			check("ruler across", strokeAt(page, x(20+mm)-0.4, x(20+mm)+0.4, y(30)+1, false), x(20+mm))
			check("ruler along", strokeAt(page, y(20+mm)-0.4, y(20+mm)+0.4, x(30)+1, true), y(20+mm))
		}
	}
}
