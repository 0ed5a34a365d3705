package use_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"carrel/internal/store"
	"carrel/internal/testkit"
	"carrel/internal/use"
)

// folderVar tells a test binary that it is to be the process that counts, on this data folder.
const folderVar = "CARREL_TEST_USE"

// TestTheOtherProcess is not a test: it is the program that the test below kills.
func TestTheOtherProcess(t *testing.T) {
	dir := os.Getenv(folderVar)
	if dir == "" {
		t.Skip("only runs as a process of its own, started by the test that kills it")
	}
	check(t, use.CatchUp(t.Context(), testkit.Open(t, dir)))
}

// However often the counting is killed, it counts each fact once.
func TestCountingIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	lib := library(t, "UTC")
	manyFacts(t, lib, 30_000)
	release := served(t, lib.App.DataDir()) // in short transactions, so that there is something to cut off
	random := rand.New(rand.NewPCG(5, 5))
	killed := 0
	for range 8 {
		counter := exec.Command(os.Args[0], "-test.run=^TestTheOtherProcess$")
		counter.Env = append(os.Environ(), folderVar+"="+lib.App.DataDir())
		check(t, counter.Start())
		timer := time.AfterFunc(time.Duration(100+random.IntN(500))*time.Millisecond, func() { _ = counter.Process.Kill() })
		if counter.Wait() != nil {
			killed++
		}
		timer.Stop()
		if n := sum(t, lib, "use_days"); n != lib.Count("circ_events", "seq <= (SELECT COALESCE(MAX(seq), 0) FROM use_mark)") {
			t.Fatalf("%d acts are counted up to the mark", n)
		}
	}
	release()
	if killed == 0 {
		t.Error("it was never killed")
	}
	catchUp(t, lib)
	proven(t, lib)
}

// served marks a folder as a server does.
func served(t *testing.T, dir string) (release func()) {
	t.Helper()
	release, err := store.Serve(dir)
	check(t, err)
	return release
}
