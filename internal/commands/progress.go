package commands

import (
	"fmt"
	"os"
	"time"
)

// progress shows on a terminal how far long work is; in a file or a pipe it is silent.
type progress struct {
	what     string
	terminal bool
	last     time.Time
}

const progressEvery = 200 * time.Millisecond

func newProgress(what string) *progress {
	info, err := os.Stderr.Stat()
	return &progress{what: what, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p *progress) show(done int) { p.of(done, 0) }

func (p *progress) of(done, total int) {
	if !p.terminal || time.Since(p.last) < progressEvery {
		return
	}
	p.last = time.Now()
	if total > 0 {
		fmt.Fprintf(os.Stderr, "\r%d of %d %s", done, total, p.what)
		return
	}
	fmt.Fprintf(os.Stderr, "\r%d %s", done, p.what)
}

func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(os.Stderr, "\r\033[K")
	}
}
