package bench

import (
	"errors"
	"fmt"
	"time"
)

// The limits of a start and of the idle memory behind it.
const (
	startSeconds = 2
	idleMB       = 80
)

// starts measures the time from exec to the first answer with the large catalogue, and the memory of a server that rests: after a few
// searches one by one, and after many readers searched at once.
func (b *bench) starts() error {
	dir, err := b.largeSchool()
	if err != nil {
		return err
	}
	var seconds, idle, used []float64
	for range b.sizes.rounds {
		s, err := b.serve(dir)
		if err != nil {
			return err
		}
		seconds = append(seconds, s.started.Seconds())
		few, many, err := b.idleMemory(s)
		s.stop()
		if err != nil {
			return err
		}
		idle, used = append(idle, few), append(used, many)
	}
	name := fmt.Sprintf("start with %d titles", b.sizes.titles)
	b.report.add(Figure{Name: name, Value: median(seconds), Unit: "s"}, atMost(startSeconds))
	b.addMemory("idle memory after a few searches", median(idle), idleMB)
	b.addMemory(fmt.Sprintf("idle memory after %d searched at once", clients), median(used), idleMB)
	return nil
}

// common are searches that find much, so that every connection reads widely. Together the readers stay below the limit of the door.
var common = []string{"the", "a", "lion witch", "hatch", "of"}

func (b *bench) idleMemory(s *server) (few, many float64, err error) {
	if err := searchAll(s); err != nil {
		return 0, 0, err
	}
	if few, err = b.rested(s); err != nil {
		return 0, 0, err
	}
	failed := make(chan error, clients)
	for range clients {
		go func() { failed <- searchAll(s) }()
	}
	for range clients {
		err = errors.Join(err, <-failed)
	}
	if err != nil {
		return 0, 0, err
	}
	many, err = b.rested(s)
	return few, many, err
}

func searchAll(s *server) error {
	for _, text := range common {
		if _, _, err := s.search(text); err != nil {
			return err
		}
	}
	return nil
}

// rested is the memory of the server after a rest.
func (b *bench) rested(s *server) (float64, error) {
	select {
	case <-time.After(b.sizes.rest):
		return memoryMB(s.process.Process.Pid, "VmRSS:"), nil
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}
