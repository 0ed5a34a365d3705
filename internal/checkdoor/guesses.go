package checkdoor

import (
	"sync"
	"time"
)

// A child mistypes a code once or twice; whoever is wrong this often in this time is guessing.
const (
	mostWrong   = 10
	wrongWithin = 10 * time.Minute
)

// guesses counts the wrong codes of each address, in memory only.
type guesses struct {
	mu    sync.Mutex
	wrong map[string][]time.Time
}

func (g *guesses) tooMany(address string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.recent(address, now)) >= mostWrong
}

func (g *guesses) wrongCode(address string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrong[address] = append(g.recent(address, now), now)
}

// recent forgets what is long ago, and addresses of which nothing is left.
func (g *guesses) recent(address string, now time.Time) []time.Time {
	kept := g.wrong[address][:0]
	for _, at := range g.wrong[address] {
		if now.Sub(at) < wrongWithin {
			kept = append(kept, at)
		}
	}
	if g.wrong[address] = kept; len(kept) == 0 {
		delete(g.wrong, address)
	}
	return kept
}
