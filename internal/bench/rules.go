package bench

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// ruled measures durable check-outs with many rules, restrictions and open loans. Its floor is the same in a library with none of them, on a
// server of its own; both take turns, so that both meet the same machine. One desk shows what the act costs, many what the library does.
func (b *bench) ruled() error {
	bare, items, err := b.burdened()
	if err != nil {
		return err
	}
	plain, err := b.desk(bare)
	if err != nil {
		return err
	}
	defer plain.stop()
	full, err := b.desk(b.path("ruled"))
	if err != nil {
		return err
	}
	defer full.stop()
	name := fmt.Sprintf("check-out, %d rules, %d restrictions, %d loans", ruleRows, restrictionsEach, loansEach)
	one, err := b.takeTurns(full, plain, items, 1)
	if err != nil {
		return err
	}
	many, err := b.takeTurns(full, plain, items, clients)
	if err != nil {
		return err
	}
	one.report(&b.report, name+", 1 client", ratioAtMost(rulesRatio))
	many.report(&b.report, fmt.Sprintf("%s, %d clients", name, clients), nil)
	return nil
}

// burdened makes a library without and one with the burden, and answers items that can be lent in both.
func (b *bench) burdened() (bare string, items []string, err error) {
	if bare, err = b.library("unruled"); err != nil {
		return bare, nil, err
	}
	dir, err := b.library("ruled")
	if err != nil {
		return bare, nil, err
	}
	err = inside(dir, func(app core.App) error {
		items, err = b.burden(app)
		return err
	})
	return bare, items, err
}

// desk is a server with a librarian at it.
func (b *bench) desk(dir string) (*server, error) {
	s, err := b.serve(dir)
	if err != nil {
		return nil, err
	}
	if err := s.signIn(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// sides are what turns of the same acts at two servers gave.
type sides struct {
	fullRates, plainRates []float64
	full, plain           latencies
	ratios                []float64 // of the medians of each turn
}

// warmTurns go before the measured ones: connections, caches, and a machine that wakes up.
const warmTurns = 2

func (b *bench) takeTurns(full, plain *server, items []string, desks int) (all sides, err error) {
	for turn := range warmTurns + 2*b.sizes.turns {
		plainRate, plainTook, err := b.lendOneEach(plain, items, desks)
		if err != nil {
			return all, err
		}
		rate, took, err := b.lendOneEach(full, items, desks)
		if err != nil {
			return all, err
		}
		if turn < warmTurns {
			continue
		}
		all.plainRates, all.fullRates = append(all.plainRates, plainRate), append(all.fullRates, rate)
		all.plain, all.full = append(all.plain, plainTook...), append(all.full, took...)
		all.ratios = append(all.ratios, took.ms(50)/plainTook.ms(50))
	}
	return all, b.ctx.Err()
}

// lendOneEach lends one item to each asked patron, and takes all of them back afterwards, unmeasured: each turn finds the same.
func (b *bench) lendOneEach(s *server, items []string, desks int) (rate float64, took latencies, err error) {
	items = items[:b.sizes.asked]
	rate, took, err = b.lendAll(s, items, desks)
	if err != nil {
		return rate, took, err
	}
	for _, item := range items {
		if err := s.takeBack(item); err != nil {
			return rate, took, err
		}
	}
	return rate, took, nil
}

// rulesRatio is how much longer the burden may make an act, one at a time.
const rulesRatio = 1.5

func (all sides) report(r *Report, name string, most *limit) {
	const against = "none of them"
	r.add(Figure{Name: name + ", p50", Value: all.full.ms(50), Unit: "ms", Floor: all.plain.ms(50), Against: against, Ratio: median(all.ratios)}, most)
	r.add(Figure{Name: name, Value: median(all.fullRates), Unit: "acts/s", Floor: median(all.plainRates), Against: against}, nil)
}
