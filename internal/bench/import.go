package bench

import (
	"fmt"
	"path/filepath"
	"time"

	"carrel/internal/store"
)

// imports measures the import of a file in a process of its own on an empty library. Its floor is the same rows, words of the
// index included, inserted by prepared statements into the same empty tables.
func (b *bench) imports() error {
	file := b.path("import.mrc")
	if _, err := b.writeRecords(file, "I", b.sizes.records); err != nil {
		return err
	}
	var (
		rows                           *copied
		seconds, floors, ratios, peaks []float64
	)
	for round := range b.sizes.rounds {
		dir := b.path(fmt.Sprintf("import-%d", round))
		if err := b.emptyLibrary(dir); err != nil {
			return err
		}
		done, err := b.carrel(dir, "import", "titles", file)
		if err != nil {
			return err
		}
		if rows == nil {
			if rows, err = copyRows(dir); err != nil {
				return err
			}
		}
		floor, err := b.insertRows(b.path(fmt.Sprintf("floor-%d", round)), rows)
		if err != nil {
			return err
		}
		seconds, floors = append(seconds, done.took.Seconds()), append(floors, floor.Seconds())
		ratios, peaks = append(ratios, done.took.Seconds()/floor.Seconds()), append(peaks, done.peakMB)
	}
	name := fmt.Sprintf("import of %d records", b.sizes.records)
	b.report.add(Figure{
		Name: name, Value: median(seconds), Unit: "s", Floor: median(floors), Against: "prepared inserts of the same rows", Ratio: median(ratios),
	}, ratioAtMost(3))
	b.report.add(Figure{Name: name + ", speed", Value: float64(b.sizes.records) / median(seconds), Unit: "records/s"}, nil)
	b.addMemory(name+", memory", median(peaks), importMB)
	return nil
}

// importMB is the memory an import may take, however large its file.
const importMB = 200

// addMemory leaves the figure out where the system does not tell.
func (b *bench) addMemory(name string, megabytes, most float64) {
	if megabytes > 0 {
		b.report.add(Figure{Name: name, Value: megabytes, Unit: "MB"}, atMost(most))
	}
}

// emptyLibrary has the folder made and migrated: any command does.
func (b *bench) emptyLibrary(dir string) error {
	_, err := b.carrel(dir, "loans", "list")
	return err
}

// floorSlice is the length of a transaction of the floor, as of an import that is alone on its folder.
const floorSlice = time.Second

// insertRows inserts what was copied into a fresh library and answers how long that took until it was closed.
func (b *bench) insertRows(dir string, rows *copied) (time.Duration, error) {
	if err := b.emptyLibrary(dir); err != nil {
		return 0, err
	}
	began := time.Now()
	connection, err := store.Connect(filepath.Join(dir, "data.db"))
	if err != nil {
		return 0, err
	}
	db := connection.DB()
	defer db.Close() //nolint:errcheck // closed below when all went well
	db.SetMaxOpenConns(1)
	w, err := newRowWriter(db, rows)
	if err != nil {
		return 0, err
	}
	for _, title := range rows.titles {
		if err := w.write(title); err != nil {
			return 0, err
		}
		if time.Since(w.began) > floorSlice {
			if err := w.commit(); err != nil {
				return 0, err
			}
		}
	}
	if err := w.commit(); err != nil {
		return 0, err
	}
	if err := db.Close(); err != nil {
		return 0, err
	}
	return time.Since(began), nil
}
