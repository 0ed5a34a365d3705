package notices

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"

	"carrel/collections"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

// folderVar tells a test binary that it is to be the process that sends, on this data folder.
const folderVar = "CARREL_TEST_NOTICES"

// TestTheOtherProcess is not a test: it is the program that the tests below kill.
func TestTheOtherProcess(t *testing.T) {
	dir := os.Getenv(folderVar)
	if dir == "" {
		t.Skip("only runs as a process of its own, started by the tests that kill it")
	}
	if _, err := Run(context.Background(), testkit.Open(t, dir), day(t, "2026-11-16"), morning, false); err != nil {
		t.Fatal(err)
	}
}

// victim is a running process that sends notices.
type victim struct {
	mu  sync.Mutex
	cmd *exec.Cmd
}

// run starts a process on the folder and waits for its end. finished is false when it was killed.
func (v *victim) run(t *testing.T, dir string) (finished bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestTheOtherProcess$")
	cmd.Env = append(os.Environ(), folderVar+"="+dir)
	v.mu.Lock()
	err := cmd.Start()
	v.cmd = cmd
	v.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if err != nil && cmd.ProcessState.ExitCode() != -1 { // -1: ended by a signal
		t.Fatal(err)
	}
	return err == nil
}

// kill is kill -9.
func (v *victim) kill() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.cmd.Process.Kill()
	_, _ = v.cmd.Process.Wait() //nolint:errcheck // whoever waits first has the answer
}

// TestTwoHundredThroughEveryMisfortune: a server that refuses one address and dies in the middle, the process killed and started
// again. Everybody else gets exactly one.
func TestTwoHundredThroughEveryMisfortune(t *testing.T) {
	s := newSchool(t)
	many(t, s, 200, 2)
	var sender victim
	var once sync.Once
	// refusing answers as the server does that knows nobody of one address, and else as told.
	refusing := func(rcpt func(string) reply) func(string) reply {
		return func(to string) reply {
			if to == address(7) {
				return reply{text: "550 5.1.1 No such user"}
			}
			return rcpt(to)
		}
	}
	first, second, third := startServer(t), startServer(t), startServer(t)
	first.behave(refusing(func(string) reply {
		if first.total() == 60 {
			once.Do(sender.kill)
			return reply{}
		}
		return fine
	}), takesAll)
	s.mailTo(first)
	if sender.run(t, s.App.DataDir()) {
		t.Fatal("the process was not killed")
	}
	if got := s.states(); got["sending"] != 0 || got["sent"] != 60 {
		t.Fatalf("after the kill: %v", got)
	}

	second.behave(refusing(func(string) reply {
		if second.total() == 70 {
			second.stop()
		}
		return fine
	}), takesAll)
	s.mailTo(second)
	if !sender.run(t, s.App.DataDir()) {
		t.Fatal("the process died with its server")
	}
	if got := s.states(); got["queued"] < 69 || got["sent"] != 130 {
		t.Fatalf("after the server died: %v", got)
	}

	third.behave(refusing(takesAll), takesAll)
	s.mailTo(third)
	for range 2 { // the second finds nothing to do
		if !sender.run(t, s.App.DataDir()) {
			t.Fatal("killed by nobody")
		}
	}
	if diff := cmp.Diff(map[string]int{"sent": 199, "failed": 1}, s.states()); diff != "" {
		t.Error(diff)
	}
	want := map[string]int{}
	for child := range 200 {
		want[address(child)] = 1
	}
	delete(want, address(7))
	if diff := cmp.Diff(want, together(first, second, third)); diff != "" {
		t.Error(diff)
	}
}

// TestKilledAnywhere kills the process at random places, inside the content of a mail too. Nobody ever gets two, whoever is not
// marked as unknown got exactly one, and each kill costs at most one unknown.
func TestKilledAnywhere(t *testing.T) {
	const children = 60
	t.Run("late books", func(t *testing.T) {
		s := newSchool(t)
		many(t, s, children, 1)
		killAnywhere(t, s, children)
	})
	t.Run("holds", func(t *testing.T) {
		s := newSchool(t)
		for child := range children {
			s.ready(s.child("Child", address(child)))
		}
		killAnywhere(t, s, children)
	})
}

// killAnywhere sends what tells each of so many children one thing.
func killAnywhere(t *testing.T, s *school, children int) {
	t.Helper()
	const kills = 12
	var sender victim
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var mu sync.Mutex
	left := kills
	misfortune := func() bool {
		mu.Lock()
		defer mu.Unlock()
		if left > 0 && random.IntN(8) == 0 {
			left--
			return true
		}
		return false
	}
	server := startServer(t)
	server.behave(func(string) reply {
		if misfortune() {
			sender.kill()
			return reply{}
		}
		return fine
	}, func(string) reply {
		if misfortune() { // taken, and the sender never hears of it
			sender.kill()
			return fine
		}
		if misfortune() { // lost, and the sender never hears of that
			sender.kill()
			return reply{}
		}
		return fine
	})
	s.mailTo(server)
	for range kills + 1 {
		if sender.run(t, s.App.DataDir()) {
			break
		}
	}
	for !sender.run(t, s.App.DataDir()) {
	}
	unknown := 0
	received := server.received()
	for _, notice := range s.notices() {
		got := received[notice.Recipient]
		switch {
		case got > 1:
			t.Errorf("%s got %d", notice.Recipient, got)
		case notice.State == collections.NoticeUnknown:
			unknown++
		case notice.State != collections.NoticeSent || got != 1:
			t.Errorf("%s is %s and got %d", notice.Recipient, notice.State, got)
		}
	}
	if unknown > kills {
		t.Errorf("%d unknown after %d kills", unknown, kills)
	}
	if n := s.Count("notices", "1"); n != children {
		t.Errorf("%d notices", n)
	}
}

func together(servers ...*mailServer) map[string]int {
	all := map[string]int{}
	for _, server := range servers {
		for to, n := range server.received() {
			all[to] += n
		}
	}
	return all
}

// TestKilledWhileChoosing: whatever part of a run was written down, the next completes it.
func TestKilledWhileChoosing(t *testing.T) {
	for _, written := range []int{0, 1, 3, 5} {
		t.Run(fmt.Sprint(written), func(t *testing.T) {
			s := newSchool(t)
			many(t, s, 5, 2)
			drafts, err := plan(s.App, day(t, "2026-11-16"), chosen, Part{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := write(s.App, drafts[:written], morning()); err != nil {
				t.Fatal(err)
			}
			if summary := s.choose("2026-11-16"); summary.Queued != 5-written {
				t.Errorf("%+v", summary)
			}
			if again, err := write(s.App, drafts, morning()); err != nil || len(again) != 0 {
				t.Errorf("the old plan once more: %d, %v", len(again), err)
			}
			if notices, loans := s.Count("notices", "1"), s.Count("notice_loans", "1"); notices != 5 || loans != 10 {
				t.Errorf("%d notices of %d loans", notices, loans)
			}
		})
	}
}
