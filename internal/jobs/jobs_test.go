package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

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

func school(t testing.TB) testkit.Library {
	t.Helper()
	lib := testkit.NewLibrary(t)
	if err := site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: say.English}); err != nil {
		t.Fatal(err)
	}
	return lib
}

func counting(name string, hour int, openOnly bool, ran *[]string) Daily {
	return Daily{name, hour, openOnly, func(_ context.Context, _ core.App, today policy.Day, _ func() time.Time) (any, error) {
		*ran = append(*ran, name+" "+today.String())
		return len(*ran), nil
	}}
}

func lookAt(t testing.TB, app core.App, list []Daily, times ...string) (failures []error) {
	t.Helper()
	for _, text := range times {
		at := newYork(t, text)
		failures = append(failures, look(t.Context(), app, func() time.Time { return at }, list))
	}
	return failures
}

func TestWhenAJobIsDone(t *testing.T) {
	for name, test := range map[string]struct {
		fact     string
		openOnly bool
		looks    []string
		want     []string
	}{
		"before its hour":              {looks: []string{"2026-11-13 02:55"}},
		"at its hour":                  {looks: []string{"2026-11-13 02:55", "2026-11-13 03:00"}, want: []string{"2026-11-13"}},
		"once a day":                   {looks: []string{"2026-11-13 03:00", "2026-11-13 03:05", "2026-11-13 23:55"}, want: []string{"2026-11-13"}},
		"every day":                    {looks: []string{"2026-11-13 03:00", "2026-11-14 03:00"}, want: []string{"2026-11-13", "2026-11-14"}},
		"off at night":                 {looks: []string{"2026-11-13 07:40"}, want: []string{"2026-11-13"}},
		"off for a week, done once":    {looks: []string{"2026-11-05 03:00", "2026-11-13 07:40", "2026-11-13 07:45"}, want: []string{"2026-11-05", "2026-11-13"}},
		"on again before its hour":     {looks: []string{"2026-11-05 03:00", "2026-11-13 01:00"}, want: []string{"2026-11-05"}},
		"closed on Saturday":           {openOnly: true, looks: []string{"2026-11-14 03:00", "2026-11-16 03:00"}, want: []string{"2026-11-16"}},
		"the night the clocks go back": {looks: []string{"2026-11-01 02:59", "2026-11-01 03:00", "2026-11-01 04:00"}, want: []string{"2026-11-01"}},
		"clock behind the facts":       {fact: "2026-11-12 15:00", looks: []string{"2026-11-02 08:00", "2026-11-13 08:00"}, want: []string{"2026-11-13"}},
	} {
		t.Run(name, func(t *testing.T) {
			lib := school(t)
			if test.fact != "" {
				fact := collections.Fact{Key: "a key of its own", Kind: collections.FactSeen, Door: "staff", Seq: 1, RecordedAt: instant(newYork(t, test.fact))}
				if _, err := collections.Insert(lib.App, fact); err != nil {
					t.Fatal(err)
				}
			}
			var ran []string
			for _, err := range lookAt(t, lib.App, []Daily{counting("unlink", 3, test.openOnly, &ran)}, test.looks...) {
				if err != nil {
					t.Fatal(err)
				}
			}
			var want []string
			for _, day := range test.want {
				want = append(want, "unlink "+day)
			}
			if diff := cmp.Diff(want, ran); diff != "" {
				t.Error(diff)
			}
			if n := lib.Count("job_runs", "state = 'done' AND job = 'unlink'"); n != len(want) {
				t.Errorf("%d runs on record", n)
			}
		})
	}
}

func TestJobsRunInTheOrderOfTheList(t *testing.T) {
	lib := school(t)
	var ran []string
	list := []Daily{counting("rebuild", 2, false, &ran), counting("unlink", 3, false, &ran), counting("holds", 6, true, &ran)}
	if errs := lookAt(t, lib.App, list, "2026-11-13 08:00"); errs[0] != nil {
		t.Fatal(errs)
	}
	if want := []string{"rebuild 2026-11-13", "unlink 2026-11-13", "holds 2026-11-13"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q", ran)
	}
	if n := lib.Count("job_runs", `json_extract(summary, '$.result') = 2 AND job = 'unlink' AND ended != ''`); n != 1 {
		t.Error("the summary of a run is not on record")
	}
}

func TestAFailedJobIsTriedThreeTimesADay(t *testing.T) {
	lib := school(t)
	tries := 0
	var others []string
	broken := Daily{"rebuild", 2, false, func(context.Context, core.App, policy.Day, func() time.Time) (any, error) {
		tries++
		return map[string]int{"differences": 2}, fault.New("test", fault.Conflict, "desk.fees_off")
	}}
	list := []Daily{broken, counting("unlink", 3, false, &others)}
	errs := lookAt(t, lib.App, list, "2026-11-13 08:00", "2026-11-13 08:05", "2026-11-13 08:10", "2026-11-13 08:15", "2026-11-13 08:20")
	if tries != 3 || errs[2] == nil || errs[3] != nil {
		t.Errorf("%d tries, %v", tries, errs)
	}
	if !slices.Equal(others, []string{"unlink 2026-11-13"}) {
		t.Errorf("the other job ran %q", others)
	}
	run, _, err := collections.Find[collections.JobRun](lib.App, "job = 'rebuild'", nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := say.T("desk.fees_off").In(say.English); run.State != Failed || run.Error != want || string(run.Summary) != `{"tries":3,"result":{"differences":2}}` {
		t.Errorf("on record: %s %q %s", run.State, run.Error, run.Summary)
	}
	if lookAt(t, lib.App, list, "2026-11-14 08:00"); tries != 4 {
		t.Error("the next day begins anew")
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	lib := school(t)
	job := Daily{"unlink", 3, false, func(context.Context, core.App, policy.Day, func() time.Time) (any, error) { panic("no such table") }}
	if errs := lookAt(t, lib.App, []Daily{job}, "2026-11-13 08:00"); errs[0] == nil {
		t.Error("no error")
	}
	if lib.Count("job_runs", "state = 'failed' AND error LIKE '%no such table%'") != 1 {
		t.Error("it is not on record")
	}
}

func TestARunThatWasCutOffIsDoneAgain(t *testing.T) {
	lib := school(t)
	ctx, stop := context.WithCancel(t.Context())
	cut := Daily{"unlink", 3, false, func(context.Context, core.App, policy.Day, func() time.Time) (any, error) {
		stop()
		return nil, ctx.Err()
	}}
	at := newYork(t, "2026-11-13 08:00")
	if err := look(ctx, lib.App, func() time.Time { return at }, []Daily{cut}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if lib.Count("job_runs", "state = 'running'") != 1 {
		t.Error("the run is not left as running")
	}
	var ran []string
	lookAt(t, lib.App, []Daily{counting("unlink", 3, false, &ran)}, "2026-11-13 08:05")
	if len(ran) != 1 || lib.Count("job_runs", "state = 'done'") != 1 || lib.Count("job_runs", "1") != 1 {
		t.Errorf("ran %q", ran)
	}
}

// TestScheduleCatchesUp starts in the afternoon and turns the clock by hand to the next night.
func TestScheduleCatchesUp(t *testing.T) {
	lib := school(t)
	clock := clockwork.NewFakeClockAt(newYork(t, "2026-11-13 15:02"))
	ran := make(chan string, 10)
	job := Daily{"unlink", 3, false, func(_ context.Context, _ core.App, today policy.Day, now func() time.Time) (any, error) {
		ran <- fmt.Sprint(today, now().Equal(clock.Now()))
		return nil, nil
	}}
	stop, err := Schedule(lib.App, clock, []Daily{job})
	if err != nil {
		t.Fatal(err)
	}
	if got := <-ran; got != "2026-11-13 true" {
		t.Error(got)
	}
	if err := clock.BlockUntilContext(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	clock.Advance(newYork(t, "2026-11-14 03:00").Sub(clock.Now()))
	if got := <-ran; got != "2026-11-14 true" {
		t.Error(got)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
