package imports

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carrel/internal/catalog"
	"carrel/internal/store"
	"carrel/internal/testkit"
)

// BenchmarkJournal imports 10,000 records of about a kilobyte with two items each, with the journal and without it, both alone on the folder.
func BenchmarkJournal(b *testing.B) {
	file := filepath.Join(b.TempDir(), "school.json")
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, `{"leader":"00000nam a2200000 a 4500","fields":[{"001":"rec%06d"},{"003":"Bench"},{"100":{"ind1":"1","ind2":" ","subfields":[{"a":"Family%d, Given"}]}},`+
			`{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"Book number %d of row %d"}]}},{"520":{"ind1":" ","ind2":" ","subfields":[{"a":"%s"}]}},`+
			`{"852":{"ind1":" ","ind2":" ","subfields":[{"p":"A%06d"},{"h":"FIC"}]}},{"852":{"ind1":" ","ind2":" ","subfields":[{"p":"B%06d"},{"h":"FIC"}]}}]}`+"\n",
			i, i%997, i, i%31, strings.Repeat(fmt.Sprintf("word%d and more of it. ", i%890), 25), i, i)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	run := func(frame store.Frame) time.Duration {
		app := testkit.App(b)
		began := time.Now()
		summary, err := catalog.Import(app, []string{file}, catalog.ImportOptions{Seed: "bench", Frame: frame})
		if err != nil || summary.Items.Added != 20_000 {
			b.Fatal(err, summary.Items)
		}
		return time.Since(began)
	}
	for b.Loop() {
		plain := run(store.Frame{})
		with := run(journaledUntilCancelled(&job{id: "benchimport0000", ctx: context.Background()}))
		b.ReportMetric(plain.Seconds(), "plain-s")
		b.ReportMetric(with.Seconds(), "journal-s")
		b.ReportMetric(with.Seconds()/plain.Seconds(), "times-plain")
	}
}
