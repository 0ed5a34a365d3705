package bench

import (
	"errors"
	"fmt"
	"time"
)

// A busy library: so many desks and kiosks, each with a pause between two scans.
const (
	desks     = 4
	deskPause = 50 * time.Millisecond
)

// beside measures the desk while a command imports the large catalogue into the served folder.
func (b *bench) beside() error {
	dir, err := b.school()
	if err != nil {
		return err
	}
	file, err := b.largeFile()
	if err != nil {
		return err
	}
	s, err := b.atDesk(dir)
	if err != nil {
		return err
	}
	defer s.stop()
	importing := make(chan struct{})
	wait := b.lend(s, b.items, desks, deskPause, importing)
	done, err := b.carrel(dir, "import", "titles", file)
	close(importing)
	took, lent, failed := wait()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	b.take(lent)
	b.large = true
	name := fmt.Sprintf("import of %d records beside the desk", b.sizes.titles)
	b.report.add(Figure{Name: name, Value: done.took.Seconds(), Unit: "s"}, nil)
	b.addMemory(name+", memory", done.peakMB, importMB)
	b.report.add(Figure{Name: fmt.Sprintf("check-outs meanwhile, %d desks", desks), Value: float64(lent), Unit: "acts"}, nil)
	b.report.add(Figure{Name: "check-out meanwhile, p50", Value: took.ms(50), Unit: "ms"}, nil)
	b.report.add(Figure{Name: "check-out meanwhile, p99", Value: took.ms(99), Unit: "ms"}, atMost(150))
	return nil
}
