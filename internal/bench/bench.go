// Package bench measures Carrel's own figures from outside, on the real binary and a real folder, each beside a floor measured in
// the same run: what the bare store needs for the same work on the same machine at the same moment. Ratios carry over to other
// machines, times do not.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"carrel/internal/marc"
)

// Options choose what is measured.
type Options struct {
	Binary string    // the Carrel to measure
	Quick  bool      // small numbers; limits are not judged
	Titles int       // of the large catalogue; 0 for the usual size
	Only   []string  // names of Names; none for all
	Log    io.Writer // says what is being done
}

// scenarios run in this order; later ones use the library that earlier ones left.
var scenarios = []struct {
	name string
	run  func(*bench) error
}{
	{"import", (*bench).imports},
	{"check-out", (*bench).checkOuts},
	{"beside", (*bench).beside},
	{"search", (*bench).searches},
	{"start", (*bench).starts},
	{"rules", (*bench).ruled},
	{"class", (*bench).renewsClass},
	{"kiosk", (*bench).scans},
	{"rebuild", (*bench).rebuilds},
	{"reports", (*bench).reported},
}

// Names are the scenarios that Options.Only chooses from.
func Names() []string {
	names := make([]string, len(scenarios))
	for i := range scenarios {
		names[i] = scenarios[i].name
	}
	return names
}

// sizes are how much of everything is done.
type sizes struct {
	records  int // of the measured import, and of the library at the desk
	titles   int // of the large catalogue
	rounds   int // a figure is the median of so many
	patrons  int
	turns    int // of the floor and the desk, one after the other
	acts     int // a turn at the desk
	searches int
	prefixes int           // of each length
	asked    int           // patrons with loans and restrictions, each asked once a turn
	facts    int           // of a library that has existed for long
	rest     time.Duration // before idle memory is read
}

var (
	usual = sizes{records: 10_000, titles: 100_000, rounds: 3, patrons: 1000, turns: 9, acts: 500, searches: 300, prefixes: 60, asked: 100, facts: 1_000_000, rest: 4 * time.Second}
	quick = sizes{records: 1000, titles: 3000, rounds: 1, patrons: 100, turns: 3, acts: 80, searches: 30, prefixes: 10, asked: 15, facts: 20_000, rest: time.Second}
)

// longest is when a bench that hangs is given up.
const longest = 30 * time.Minute

// bench is one run in a temporary folder of its own.
type bench struct {
	ctx     context.Context //nolint:containedctx // one run is one context
	options Options
	sizes   sizes
	dir     string
	samples []marc.Record // records of the sample school
	report  Report

	barcodes []string // of the items of a library
	items    []string // those of them that nobody has borrowed from the school yet
	large    bool     // the school has the large catalogue
	old      string   // folder of the old library; empty before it is made
}

// Run measures. It works in a temporary folder and leaves nothing behind.
func Run(ctx context.Context, options Options) (Report, error) {
	dir, err := os.MkdirTemp("", "carrel-bench-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	size := usual
	if options.Quick {
		size = quick
	}
	if options.Titles > 0 {
		size.titles = options.Titles
	}
	return measure(ctx, options, size, dir)
}

func measure(ctx context.Context, options Options, size sizes, dir string) (Report, error) {
	began := time.Now()
	b := &bench{ctx: ctx, options: options, sizes: size, dir: dir}
	b.report = Report{Quick: options.Quick, Titles: size.titles, CPUs: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}
	if err := b.readSamples(); err != nil {
		return b.report, err
	}
	for _, scenario := range scenarios {
		if len(options.Only) > 0 && !slices.Contains(options.Only, scenario.name) {
			continue
		}
		b.say("measuring %s", scenario.name)
		if err := scenario.run(b); err != nil {
			return b.report, fmt.Errorf("%s: %w", scenario.name, err)
		}
	}
	b.report.Seconds = rounded(time.Since(began).Seconds())
	return b.report, nil
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.options.Log, format+"\n", args...) }

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }
