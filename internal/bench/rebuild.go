package bench

import (
	"fmt"
	"path/filepath"
	"time"

	"carrel/collections"
	"carrel/internal/store"
)

// The limits of a rebuild of a million facts: it runs in a night, beside whatever else a small machine has to do.
const (
	rebuildSeconds = 300
	rebuildMB      = 200
)

// rebuilds measures the comparison of all state with its facts, as a command. Its floor reads the same facts in the order of their loans.
func (b *bench) rebuilds() error {
	dir, err := b.oldLibrary()
	if err != nil {
		return err
	}
	floor, read, err := readFacts(dir)
	if err != nil {
		return err
	}
	done, err := b.carrel(dir, "rebuild")
	if err != nil {
		return err
	}
	name := fmt.Sprintf("rebuild of %d facts", b.sizes.facts)
	b.report.add(Figure{
		Name: name, Value: done.took.Seconds(), Unit: "s", Floor: floor.Seconds(), Against: "bare read in the order of loans",
	}, atMost(rebuildSeconds))
	b.report.add(Figure{Name: name + ", speed", Value: float64(read) / done.took.Seconds(), Unit: "facts/s"}, nil)
	b.addMemory(name+", memory", done.peakMB, rebuildMB)
	return nil
}

// readFacts reads every fact of a loan, loan by loan.
func readFacts(dir string) (took time.Duration, read int, err error) {
	connection, err := store.Connect(filepath.Join(dir, "data.db"))
	if err != nil {
		return 0, 0, err
	}
	defer connection.Close() //nolint:errcheck // only read
	began := time.Now()
	rows, err := connection.NewQuery("SELECT * FROM circ_events WHERE loan != '' ORDER BY loan, seq").Rows()
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var fact collections.Fact
		if err := rows.ScanStruct(&fact); err != nil {
			return 0, read, err
		}
		read++
	}
	return time.Since(began), read, rows.Err()
}
