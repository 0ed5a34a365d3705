package bench

import (
	"fmt"
	"sync/atomic"
	"time"
)

// checkOuts measures durable check-outs of several clients through the staff door. The floor is one durable transaction that
// inserts the same two rows, the loan and its fact, into the same tables. Both take short turns, so that both meet the same machine.
func (b *bench) checkOuts() error {
	dir, err := b.school()
	if err != nil {
		return err
	}
	s, err := b.atDesk(dir)
	if err != nil {
		return err
	}
	defer s.stop()
	if _, _, err := b.lendAll(s, b.take(10*clients), clients); err != nil { // connections and caches
		return err
	}
	bare, err := openBareDesk(dir)
	if err != nil {
		return err
	}
	defer bare.close()
	var (
		rates, floors, ratios []float64
		all                   latencies
	)
	for range b.sizes.turns {
		floor, err := bare.lendAll(b.take(b.sizes.acts))
		if err != nil {
			return err
		}
		rate, took, err := b.lendAll(s, b.take(b.sizes.acts), clients)
		if err != nil {
			return err
		}
		rates, floors, ratios, all = append(rates, rate), append(floors, floor), append(ratios, rate/floor), append(all, took...)
	}
	b.report.add(Figure{
		Name: fmt.Sprintf("check-out, %d clients", clients), Value: median(rates), Unit: "acts/s", Floor: median(floors),
		Against: "bare durable transaction", Ratio: median(ratios),
	}, ratioAtLeast(0.4))
	b.report.add(Figure{Name: "check-out, p50", Value: all.ms(50), Unit: "ms"}, nil)
	b.report.add(Figure{Name: "check-out, p99", Value: all.ms(99), Unit: "ms", Floor: all.ms(50), Against: "its p50"}, ratioAtMost(5))
	return nil
}

// lendAll lends the items at so many desks as fast as the door lets, and answers acts a second and how long each act took.
func (b *bench) lendAll(s *server, items []string, desks int) (rate float64, took latencies, err error) {
	began := time.Now()
	wait := b.lend(s, items, desks, 0, nil)
	took, _, err = wait()
	return float64(len(items)) / time.Since(began).Seconds(), took, err
}

// lend begins to lend items at so many desks, with a pause behind each act, until there are none or done is closed. What it answers waits for the end
// and tells how long each act took and how many items were lent.
func (b *bench) lend(s *server, items []string, desks int, pause time.Duration, done <-chan struct{}) (wait func() (latencies, int, error)) {
	type result struct {
		took latencies
		err  error
	}
	var next atomic.Int64
	results := make(chan result, desks)
	for range desks {
		go func() {
			took, err := b.lendSome(s, items, &next, pause, done)
			results <- result{took, err}
		}()
	}
	return func() (took latencies, lent int, err error) {
		for range desks {
			one := <-results
			took = append(took, one.took...)
			if one.err != nil {
				err = one.err
			}
		}
		return took, min(int(next.Load()), len(items)), err
	}
}

func (b *bench) lendSome(s *server, items []string, next *atomic.Int64, pause time.Duration, done <-chan struct{}) (took latencies, err error) {
	for {
		select {
		case <-done:
			return took, nil
		case <-b.ctx.Done():
			return took, b.ctx.Err()
		default:
		}
		i := int(next.Add(1)) - 1
		if i >= len(items) {
			return took, nil
		}
		one, err := s.lend(patronCode(i%b.sizes.patrons), items[i])
		if err != nil {
			return took, err
		}
		took = append(took, one)
		time.Sleep(pause)
	}
}
