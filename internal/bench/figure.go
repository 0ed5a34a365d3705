package bench

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is all figures of one run.
type Report struct {
	Figures []Figure `json:"figures"`
	Quick   bool     `json:"quick"`
	Titles  int      `json:"titles"` // of the large catalogue
	System  string   `json:"system"`
	Go      string   `json:"go"`
	CPUs    int      `json:"cpus"`
	Seconds float64  `json:"seconds"`
}

// Figure is one measured value. Floor is what the bare store needed for the same work, or another value that Against names;
// Ratio is value by floor. Figures without a limit are there to be read.
type Figure struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Floor   float64 `json:"floor,omitempty"` // in the same unit
	Against string  `json:"against,omitempty"`
	Ratio   float64 `json:"ratio,omitempty"`
	Limit   string  `json:"limit,omitempty"`
	OK      *bool   `json:"ok,omitempty"` // nil when not judged
}

// limit is what a figure, or its ratio to the floor, has to reach.
type limit struct {
	ratio bool // of the ratio, not the value
	least bool // at least, not at most
	bound float64
}

func atMost(bound float64) *limit       { return &limit{bound: bound} }
func ratioAtMost(bound float64) *limit  { return &limit{bound: bound, ratio: true} }
func ratioAtLeast(bound float64) *limit { return &limit{bound: bound, ratio: true, least: true} }

func (l limit) String() string {
	text := "value"
	if l.ratio {
		text = "ratio"
	}
	if l.least {
		return fmt.Sprintf("%s >= %g", text, l.bound)
	}
	return fmt.Sprintf("%s <= %g", text, l.bound)
}

func (l limit) holds(f Figure) bool {
	measured := f.Value
	if l.ratio {
		measured = f.Ratio
	}
	if l.least {
		return measured >= l.bound
	}
	return measured <= l.bound
}

// add enters a figure. Its limit may be nil, and is judged on full numbers only.
func (r *Report) add(f Figure, l *limit) {
	if f.Floor != 0 && f.Ratio == 0 {
		f.Ratio = f.Value / f.Floor
	}
	if l != nil {
		f.Limit = l.String()
	}
	if l != nil && !r.Quick {
		holds := l.holds(f)
		f.OK = &holds
	}
	f.Value, f.Floor, f.Ratio = rounded(f.Value), rounded(f.Floor), rounded(f.Ratio)
	r.Figures = append(r.Figures, f)
}

// rounded keeps three digits, more would be noise.
func rounded(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, max(0, 2-math.Floor(math.Log10(math.Abs(x)))))
	return math.Round(x*scale) / scale
}

// Print writes the report as a table.
func (r Report) Print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FIGURE\tVALUE\tFLOOR\t\tRATIO\tLIMIT\t")
	for _, f := range r.Figures {
		floor, ratio := "", ""
		if f.Floor != 0 {
			floor, ratio = number(f.Floor)+" "+f.Unit, fmt.Sprintf("%g", f.Ratio)
		}
		fmt.Fprintf(table, "%s\t%s %s\t%s\t%s\t%s\t%s\t%s\n", f.Name, number(f.Value), f.Unit, floor, f.Against, ratio, f.Limit, verdict(f))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d processors, %s, %s, %.0f seconds.\n", r.CPUs, r.System, r.Go, r.Seconds)
	return err
}

func number(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.10g", x), ".0") }

func verdict(f Figure) string {
	switch {
	case f.OK == nil:
		return ""
	case *f.OK:
		return "ok"
	}
	return "MISSED"
}

// latencies are how long single acts took.
type latencies []time.Duration

// ms is the given percentile in milliseconds.
func (l latencies) ms(percent float64) float64 {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	at := int(math.Ceil(percent/100*float64(len(sorted)))) - 1
	return milliseconds(sorted[max(at, 0)])
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
