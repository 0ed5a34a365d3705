package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/internal/marc"
)

var binary string

func TestMain(m *testing.M) { os.Exit(withBinary(m)) }

func withBinary(m *testing.M) int {
	dir, err := os.MkdirTemp("", "carrel-bench-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	binary = filepath.Join(dir, "carrel")
	if out, err := exec.Command("go", "build", "-o", binary, "carrel").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "the binary does not build: %v: %s", err, out)
		return 1
	}
	return m.Run()
}

// A run with next to nothing in it has every figure, a floor where one belongs, and nothing left in its folder.
func TestEveryFigureIsMeasured(t *testing.T) {
	dir := t.TempDir()
	tiny := sizes{records: 100, titles: 120, rounds: 1, patrons: 10, turns: 1, acts: 10, searches: 3, prefixes: 2, asked: 2, facts: 500}
	report, err := measure(context.Background(), Options{Binary: binary, Quick: true, Log: io.Discard}, tiny, dir)
	if err != nil {
		t.Fatal(err)
	}
	const burdened = "check-out, 200 rules, 10 restrictions, 30 loans"
	withFloor := map[string]bool{
		"import of 100 records": true, "check-out, 8 clients": true, "check-out, p99": true, "search of three words, p50": true, "search of three words, p95": true,
		burdened + ", 1 client, p50": true, burdened + ", 1 client": true, burdened + ", 8 clients, p50": true, burdened + ", 8 clients": true,
		"rebuild of 500 facts": true,
	}
	wanted := []string{
		"import of 100 records", "import of 100 records, speed", "check-out, 8 clients", "check-out, p50", "check-out, p99",
		"import of 120 records beside the desk", "check-outs meanwhile, 4 desks", "check-out meanwhile, p50", "check-out meanwhile, p99",
		"search of three words, p50", "search of three words, p95", "first page after 1 typed, p95", "first page after 4 typed, p95", "start with 120 titles",
		burdened + ", 1 client, p50", burdened + ", 8 clients", "homeroom of 10 renewed as one act", "rebuild of 500 facts", "rebuild of 500 facts, speed", "counting 500 facts", "slowest report over 500 facts", "scan to answer, 4 kiosks, p95", "replay of 10 acts",
	}
	seen := map[string]bool{}
	for _, f := range report.Figures {
		if seen[f.Name] {
			t.Errorf("%s is there twice", f.Name)
		}
		seen[f.Name] = true
		if f.Value <= 0 || f.Unit == "" {
			t.Errorf("%s is %g %q", f.Name, f.Value, f.Unit)
		}
		if f.OK != nil {
			t.Errorf("%s is judged on small numbers", f.Name)
		}
		if withFloor[f.Name] != (f.Floor > 0) || withFloor[f.Name] != (f.Ratio > 0) || withFloor[f.Name] != (f.Against != "") {
			t.Errorf("%s has the floor %g %q and the ratio %g", f.Name, f.Floor, f.Against, f.Ratio)
		}
	}
	for _, name := range wanted {
		if !seen[name] {
			t.Errorf("%s was not measured", name)
		}
	}
}

func TestOnlyTheChosenAreMeasured(t *testing.T) {
	tiny := sizes{records: 50, titles: 60, rounds: 1, patrons: 5}
	report, err := measure(context.Background(), Options{Binary: binary, Quick: true, Only: []string{"start"}, Log: io.Discard}, tiny, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Figures {
		if !strings.HasPrefix(f.Name, "start with 60 titles") && !strings.HasPrefix(f.Name, "idle memory") {
			t.Errorf("%s was measured", f.Name)
		}
	}
	if len(report.Figures) == 0 {
		t.Error("nothing was measured")
	}
}

// An unknown name is wrong usage, and the command makes no data folder where it is called.
func TestCommand(t *testing.T) {
	command := exec.Command(binary, "bench", "--only", "nonsense")
	command.Dir = t.TempDir()
	out, err := command.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range Names() {
		if !strings.Contains(string(out), name) {
			t.Errorf("%q does not say that there is %s", out, name)
		}
	}
	left, err := os.ReadDir(command.Dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestCancelledRunEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, Options{Binary: "/bin/true", Log: io.Discard}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		name   string
		figure Figure
		limit  *limit
		want   string
		holds  bool
	}{
		{"value below", Figure{Value: 149}, atMost(150), "value <= 150", true},
		{"value above", Figure{Value: 151}, atMost(150), "value <= 150", false},
		{"ratio below", Figure{Value: 8, Floor: 4}, ratioAtMost(3), "ratio <= 3", true},
		{"ratio above", Figure{Value: 13, Floor: 4}, ratioAtMost(3), "ratio <= 3", false},
		{"share reached", Figure{Value: 400, Floor: 1000}, ratioAtLeast(0.4), "ratio >= 0.4", true},
		{"share missed", Figure{Value: 399, Floor: 1000}, ratioAtLeast(0.4), "ratio >= 0.4", false},
		{"the median of ratios counts", Figure{Value: 399, Floor: 1000, Ratio: 0.41}, ratioAtLeast(0.4), "ratio >= 0.4", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var full, small Report
			small.Quick = true
			full.add(test.figure, test.limit)
			small.add(test.figure, test.limit)
			if got := full.Figures[0]; got.OK == nil || *got.OK != test.holds || got.Limit != test.want {
				t.Errorf("%+v", got)
			}
			if got := small.Figures[0]; got.OK != nil || got.Limit != test.want {
				t.Errorf("on small numbers: %+v", got)
			}
		})
	}
}

func TestPrint(t *testing.T) {
	var report Report
	report.add(Figure{Name: "walk", Value: 1234.4, Unit: "s", Floor: 400, Against: "run"}, ratioAtMost(3))
	report.add(Figure{Name: "sit", Value: 0.012345, Unit: "ms"}, nil)
	var out strings.Builder
	if err := report.Print(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{"FIGURE VALUE FLOOR RATIO LIMIT", "walk 1234 s 400 s run 3.09 ratio <= 3 MISSED", "sit 0.0123 ms"} {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("line %d: %q", i, got)
		}
	}
}

func TestPercentiles(t *testing.T) {
	var took latencies
	for i := 100; i >= 1; i-- {
		took = append(took, time.Duration(i)*time.Millisecond)
	}
	for percent, want := range map[float64]float64{1: 1, 50: 50, 95: 95, 99: 99, 100: 100} {
		if got := took.ms(percent); got != want {
			t.Errorf("p%g is %g", percent, got)
		}
	}
	if took[0] != 100*time.Millisecond {
		t.Error("the measurements were sorted in place")
	}
}

// A volume is another title with other items, and leaves the sample as it was.
func TestVolume(t *testing.T) {
	sample := marc.Record{Leader: "00000nam a2200000   4500", Fields: []marc.Field{
		{Tag: "001", Value: "sample000001"},
		{Tag: "245", Ind1: '1', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'a', Value: "Hatchet"}, {Code: 'b', Value: "a novel"}}},
		{Tag: "852", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'p', Value: "old"}}},
		{Tag: "852", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{{Code: 'p', Value: "older"}}},
	}}
	var codes []string
	first, second := volume(sample, "T", 0, 1, &codes), volume(sample, "T", 1, 2, &codes)
	if !slices.Equal(codes, []string{"T0000000", "T0000001", "T0000002", "T0000003"}) {
		t.Errorf("barcodes %v", codes)
	}
	if got := marc.Extract(second); got.Title == marc.Extract(first).Title || second.Control("001") != "T0000001" {
		t.Errorf("not another title: %+v", got)
	}
	if got := second.Fields[3].First('p'); got != "T0000003" {
		t.Errorf("item %s", got)
	}
	if sample.Control("001") != "sample000001" || sample.Fields[2].First('p') != "old" || len(sample.Fields[1].Subfields) != 2 {
		t.Error("the sample was changed")
	}
}

func TestPlainWords(t *testing.T) {
	record := marc.Record{Fields: []marc.Field{
		{Tag: "245", Subfields: []marc.Subfield{{Code: 'a', Value: "Charlotte's Web : the web-book, The 2nd Niño"}}},
		{Tag: "100", Subfields: []marc.Subfield{{Code: 'a', Value: "White, E. B."}}},
	}}
	if got := plainWords(record, "245", "100"); !slices.Equal(got, []string{"web", "the", "white", "e", "b"}) {
		t.Errorf("%q", got)
	}
}
