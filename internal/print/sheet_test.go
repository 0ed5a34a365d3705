package print

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestStocksFitTheirPaper(t *testing.T) {
	for _, stock := range Stocks() {
		if err := stock.Check(); err != nil {
			t.Errorf("%s: %v", stock.Name, err)
		}
		x, y := stock.place(stock.PerPage() - 1)
		width, height := stock.Paper.size()
		// What makers sell is centred on its paper.
		if right := width - x - stock.Width; math.Abs(right-stock.Left) > 0.2 {
			t.Errorf("%s: %.2f mm left, %.2f mm right", stock.Name, stock.Left, right)
		}
		if bottom := height - y - stock.Height; math.Abs(bottom-stock.Top) > 0.3 {
			t.Errorf("%s: %.2f mm at the top, %.2f mm at the bottom", stock.Name, stock.Top, bottom)
		}
	}
}

func TestSheetsThatDoNotFit(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*Sheet)
		field string
	}{
		"unknown paper":       {func(s *Sheet) { s.Paper = "a5" }, "paper"},
		"label wider than it": {func(s *Sheet) { s.Width = 216 }, "width"},
		"no width":            {func(s *Sheet) { s.Width = 0 }, "width"},
		"not a number":        {func(s *Sheet) { s.Width = math.NaN() }, "width"},
		"infinite":            {func(s *Sheet) { s.GapX = math.Inf(1) }, "gap_x"},
		"negative margin":     {func(s *Sheet) { s.Left = -1 }, "left"},
		"margin too wide":     {func(s *Sheet) { s.Left = 150 }, "left"},
		"one column more":     {func(s *Sheet) { s.Columns++ }, "columns"},
		"no columns":          {func(s *Sheet) { s.Columns = 0 }, "columns"},
		"gap too wide":        {func(s *Sheet) { s.GapX += 4 }, "columns"},
		"negative gap":        {func(s *Sheet) { s.GapY = -0.5 }, "gap_y"},
		"label too low":       {func(s *Sheet) { s.Height = 5 }, "height"},
		"one row more":        {func(s *Sheet) { s.Rows++ }, "rows"},
		"top too far down":    {func(s *Sheet) { s.Top = 26 }, "rows"},
	} {
		sheet := stockNamed("avery-5160")
		test.spoil(&sheet)
		var misfit *Misfit
		if err := sheet.Check(); !errors.As(err, &misfit) || misfit.Field != test.field {
			t.Errorf("%s: %v, want the field %s", name, err, test.field)
		}
	}
}

// Whatever passes the check lies on the paper, and no label on another.
func TestLabelsStayOnThePaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		paper := rapid.SampledFrom([]Paper{Letter, A4}).Draw(t, "paper")
		width, height := paper.size()
		sheet := Sheet{Paper: paper, Columns: rapid.IntRange(1, 6).Draw(t, "columns"), Rows: rapid.IntRange(1, 12).Draw(t, "rows")}
		about := func(name string, most float64) float64 { return rapid.Float64Range(most*0.4, most*1.02).Draw(t, name) }
		sheet.Width, sheet.Height = about("width", width/float64(sheet.Columns)), about("height", height/float64(sheet.Rows))
		sheet.Left, sheet.Top = rapid.Float64Range(0, 20).Draw(t, "left"), rapid.Float64Range(0, 20).Draw(t, "top")
		sheet.GapX, sheet.GapY = rapid.Float64Range(0, 10).Draw(t, "gapX"), rapid.Float64Range(0, 10).Draw(t, "gapY")
		if sheet.Check() != nil {
			t.Skip()
		}
		for n := range sheet.PerPage() {
			x, y := sheet.place(n)
			if x < 0 || y < 0 || x+sheet.Width > width+roundings || y+sheet.Height > height+roundings {
				t.Fatalf("label %d of %+v is at %f, %f", n, sheet, x, y)
			}
		}
	})
}

// A printer that shifts and stretches, measured and adjusted, prints everything where it belongs.
func TestAdjustUndoesThePrinter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		paper := rapid.SampledFrom([]Paper{Letter, A4}).Draw(t, "paper")
		stretch, shift := rapid.Float64Range(0.97, 1.03), rapid.Float64Range(-6, 6)
		sx, sy, dx, dy := stretch.Draw(t, "sx"), stretch.Draw(t, "sy"), shift.Draw(t, "dx"), shift.Draw(t, "dy")
		width, height := paper.size()
		a, err := AdjustFor(paper, Measured{
			Left: crossAway*sx + dx, Top: crossAway*sy + dy, Across: (width - 2*crossAway) * sx, Along: (height - 2*crossAway) * sy,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Check(); err != nil {
			t.Fatal(err)
		}
		x, y := rapid.Float64Range(0, width).Draw(t, "x"), rapid.Float64Range(0, height).Draw(t, "y")
		if got := sx*(x*(1+a.Across/100)+a.Right) + dx; math.Abs(got-x) > 1e-6 {
			t.Fatalf("x %f is printed at %f", x, got)
		}
		if got := sy*(y*(1+a.Along/100)+a.Down) + dy; math.Abs(got-y) > 1e-6 {
			t.Fatalf("y %f is printed at %f", y, got)
		}
	})
}

func TestMeasuresThatNoRulerShows(t *testing.T) {
	right := Measured{Left: 20, Top: 20, Across: 175.9, Along: 239.4}
	if a, err := AdjustFor(Letter, right); err != nil || math.Abs(a.Right)+math.Abs(a.Down)+math.Abs(a.Across)+math.Abs(a.Along) > 1e-9 {
		t.Errorf("a perfect printer: %+v, %v", a, err)
	}
	for field, spoil := range map[string]func(*Measured){
		"left": func(m *Measured) { m.Left = 2 }, "top": func(m *Measured) { m.Top = math.NaN() },
		"across": func(m *Measured) { m.Across = 17.59 }, "along": func(m *Measured) { m.Along = 0 },
	} {
		m := right
		spoil(&m)
		var misfit *Misfit
		if _, err := AdjustFor(Letter, m); !errors.As(err, &misfit) || misfit.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
