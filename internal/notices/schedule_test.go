package notices

import (
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/jobs"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/core"
)

// newYork is a time on the wall of the school, in November 2026; the 14th is a Saturday.
func newYork(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestWhenTheMorningsRunIsDone looks at the clock at several times and counts the runs on record.
func TestWhenTheMorningsRunIsDone(t *testing.T) {
	for name, test := range map[string]struct {
		looks []string
		slots map[string]string
	}{
		"before seven":                      {[]string{"2026-11-13 06:55"}, map[string]string{}},
		"at seven":                          {[]string{"2026-11-13 06:55", "2026-11-13 07:00"}, map[string]string{"2026-11-13": "done"}},
		"once a day":                        {[]string{"2026-11-13 07:00", "2026-11-13 07:05", "2026-11-13 15:00"}, map[string]string{"2026-11-13": "done"}},
		"switched on in the afternoon":      {[]string{"2026-11-13 15:00"}, map[string]string{"2026-11-13": "done"}},
		"closed on Saturday":                {[]string{"2026-11-14 07:00", "2026-11-14 12:00"}, map[string]string{}},
		"a week off, then only today":       {[]string{"2026-11-06 08:00", "2026-11-13 08:00"}, map[string]string{"2026-11-06": "done", "2026-11-13": "done"}},
		"the night the clocks go back":      {[]string{"2026-10-31 23:00", "2026-11-02 06:59", "2026-11-02 07:00"}, map[string]string{"2026-11-02": "done"}},
		"clock wrong first, then put right": {[]string{"2026-11-02 08:00", "2026-11-13 08:00"}, map[string]string{"2026-11-13": "done"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			if name == "clock wrong first, then put right" {
				fact := collections.Fact{Key: "a key of its own", Kind: collections.FactSeen, Door: "staff", Seq: 1, RecordedAt: dateTime(newYork(t, "2026-11-12 15:00"))}
				if _, err := collections.Insert(s.App, fact); err != nil {
					t.Fatal(err)
				}
			}
			for _, look := range test.looks {
				at := newYork(t, look)
				if err := tick(t.Context(), s.App, func() time.Time { return at }); err != nil {
					t.Fatal(err)
				}
			}
			runs, err := collections.All[collections.JobRun](s.App, "", "slot", nil)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, run := range runs {
				got[run.Slot] = run.State
			}
			if diff := cmp.Diff(test.slots, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARunThatACrashLeftIsDoneAgain(t *testing.T) {
	s := newSchool(t)
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	if _, err := collections.Insert(s.App, collections.JobRun{Job: jobName, Slot: "2026-11-16", State: jobs.Running, Started: dateTime(morning())}); err != nil {
		t.Fatal(err)
	}
	if err := tick(t.Context(), s.App, morning); err != nil {
		t.Fatal(err)
	}
	if s.Count("job_runs", "state = 'done'") != 1 || s.Count("job_runs", "1") != 1 || s.states()["queued"] != 1 {
		t.Errorf("%v", s.states())
	}
}

func TestARunThatFailsIsRecordedAndDoneAgain(t *testing.T) {
	s := newSchool(t)
	template, err := collections.Insert(s.App, collections.NoticeTemplate{Kind: kindOverdue, Language: "en", Subject: "x", Body: "{{.Nobody}}"})
	if err != nil {
		t.Fatal(err)
	}
	if err := tick(t.Context(), s.App, morning); err == nil || s.Count("job_runs", "state = 'failed' AND error LIKE '%Nobody%'") != 1 {
		t.Errorf("%v", err)
	}
	template.Body = "{{.List}}"
	if err := collections.Update(s.App, template); err != nil {
		t.Fatal(err)
	}
	if err := tick(t.Context(), s.App, morning); err != nil || s.Count("job_runs", "state = 'done' AND error = ''") != 1 {
		t.Errorf("%v", err)
	}
}

// TestWhenWaitingMailGoesOut: the server is set up after the run of Friday morning.
func TestWhenWaitingMailGoesOut(t *testing.T) {
	for look, want := range map[string]int{
		"2026-11-13 12:00": 1,
		"2026-11-13 23:30": 1,
		"2026-11-14 12:00": 0, // Saturday
		"2026-11-16 06:55": 0,
		"2026-11-16 07:00": 1,
	} {
		s := newSchool(t)
		server := startServer(t)
		s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
		s.tick("2026-11-13 08:00")
		s.mailTo(server)
		s.tick(look)
		if server.total() != want {
			t.Errorf("at %s: %d messages, want %d", look, server.total(), want)
		}
	}
}

// TestEachKindAtItsHour: one row a day records what was done at each hour, each once.
func TestEachKindAtItsHour(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	s.decide(func(n *site.Notices) { n.Kinds.DueSoon.On, n.Kinds.DueSoon.Hour = true, 15 })
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	s.lend(s.child("Luis", "luis@home.example"), "2026-11-18")
	for _, look := range []struct {
		at   string
		want int
	}{{"2026-11-16 07:00", 1}, {"2026-11-16 14:55", 1}, {"2026-11-16 15:00", 2}, {"2026-11-16 16:00", 2}} {
		s.tick(look.at)
		if server.total() != look.want {
			t.Errorf("at %s: %d messages", look.at, server.total())
		}
	}
	if n := s.Count("job_runs", `state = 'done' AND json_extract(summary, '$.sent') = 2 AND json_array_length(summary, '$.kinds') = 2`); n != 1 {
		t.Errorf("%d rows for the day", n)
	}
}

// TestAHoldIsToldOfAtTheNextLook, not the next morning.
func TestAHoldIsToldOfAtTheNextLook(t *testing.T) {
	s := newSchool(t)
	server := startServer(t)
	s.mailTo(server)
	at := newYork(t, "2026-11-16 08:00")
	for range 2 {
		if err := tick(t.Context(), s.App, func() time.Time { return at }); err != nil {
			t.Fatal(err)
		}
		s.ready(s.child("Ana", "ana@home.example"))
		at = at.Add(5 * time.Minute)
	}
	if server.total() != 1 {
		t.Errorf("%d messages", server.total())
	}
}

// TestScheduleCatchesUp starts in the afternoon of an open day.
func TestScheduleCatchesUp(t *testing.T) {
	s := newSchool(t)
	done := make(chan string, 1)
	s.App.OnRecordAfterUpdateSuccess(collections.JobRuns).BindFunc(func(e *core.RecordEvent) error {
		done <- e.Record.GetString("slot") + " " + e.Record.GetString("state")
		return e.Next()
	})
	stop, err := Schedule(s.App, clockwork.NewFakeClockAt(newYork(t, "2026-11-13 15:02")))
	if err != nil {
		t.Fatal(err)
	}
	if run := <-done; run != "2026-11-13 done" {
		t.Error(run)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
