package bench

import (
	"fmt"
	"time"
)

// The limits of a start and of the idle memory behind it.
const (
	startSeconds = 2
	idleMB       = 80
)

// starts measures the time from exec to the first answer with the large catalogue, and the memory of a server that has answered a few searches and rests.
func (b *bench) starts() error {
	dir, err := b.largeSchool()
	if err != nil {
		return err
	}
	var seconds, idle []float64
	for range b.sizes.rounds {
		s, err := b.serve(dir)
		if err != nil {
			return err
		}
		seconds = append(seconds, s.started.Seconds())
		megabytes, err := b.idleMemory(s)
		s.stop()
		if err != nil {
			return err
		}
		idle = append(idle, megabytes)
	}
	name := fmt.Sprintf("start with %d titles", b.sizes.titles)
	b.report.add(Figure{Name: name, Value: median(seconds), Unit: "s"}, atMost(startSeconds))
	b.addMemory(name+", idle memory", median(idle), idleMB)
	return nil
}

func (b *bench) idleMemory(s *server) (float64, error) {
	for _, text := range []string{"the", "a", "lion witch", "hatch"} {
		if _, _, err := s.search(text); err != nil {
			return 0, err
		}
	}
	select {
	case <-time.After(b.sizes.rest):
		return memoryMB(s.process.Process.Pid, "VmRSS:"), nil
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}
