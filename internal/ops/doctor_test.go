package ops

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/jobs"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/store"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

var monday = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

// library is a school with one book out.
func library(t testing.TB) testkit.Library {
	t.Helper()
	lib := testkit.NewLibrary(t)
	must(t, site.Save(lib.App, site.School{Name: "Cedar Hollow", Zone: "UTC", Language: say.English}))
	lib.Patron("P100")
	lib.Item("B100")
	_, err := desk.CheckOut(lib.App, desk.CheckOutRequest{
		Act: desk.Act{Key: "key-00000001", Now: monday, Actor: desk.Actor{Door: "staff"}}, Patron: "P100", Item: "B100",
	})
	must(t, err)
	return lib
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func exec(t testing.TB, lib testkit.Library, statement string) {
	t.Helper()
	_, err := lib.App.DB().NewQuery(statement).Execute()
	must(t, err)
}

// TestEachCheck makes one thing wrong at a time on a real folder; only its check may notice.
func TestEachCheck(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*testing.T, testkit.Library)
		now   time.Time
		check string
		want  State
		says  string // in its message
	}{
		"nothing": {spoil: func(*testing.T, testkit.Library) {}},
		"a loan that the facts know otherwise": {spoil: func(t *testing.T, lib testkit.Library) {
			exec(t, lib, `UPDATE loans SET renewals = 3`)
		}, check: "facts", want: Fail, says: "1 thing is"},
		"a clock from the past": {spoil: func(*testing.T, testkit.Library) {}, now: monday.Add(-48 * time.Hour), check: "clock", want: Fail, says: "2026-11-21 15:00:00 UTC"},
		"a job that failed": {spoil: func(t *testing.T, lib testkit.Library) {
			run(t, lib, "unlink", "2026-11-21", jobs.Done)
			run(t, lib, "unlink", "2026-11-22", jobs.Failed)
		}, check: "jobs", want: Warn, says: "unlink failed on 2026-11-22: no room"},
		"a job that failed and went well since": {spoil: func(t *testing.T, lib testkit.Library) {
			run(t, lib, "unlink", "2026-11-21", jobs.Failed)
			run(t, lib, "unlink", "2026-11-22", jobs.Done)
			run(t, lib, "notices", "2026-11-20", jobs.Done)
		}},
		"a rule that contradicts itself": {spoil: func(t *testing.T, lib testkit.Library) {
			kind, err := collections.Insert(lib.App, collections.PatronType{Code: "teacher", Name: "Teacher"})
			must(t, err)
			lib.Rule(kind.ID, "", `{"fee_cap_cents": 5}`)
		}, check: "rules", want: Warn, says: "rule for Teacher"},
		"a rule that cannot be read": {spoil: func(t *testing.T, lib testkit.Library) {
			exec(t, lib, `UPDATE loan_rules SET terms = '{"loan_days": "many"}'`)
		}, check: "rules", want: Warn, says: " cannot be read: "},
		"two rules for one case": {spoil: func(t *testing.T, lib testkit.Library) {
			exec(t, lib, `DROP INDEX idx_loan_rules_scope`)
			exec(t, lib, `INSERT INTO loan_rules (id, patron_type, item_type, terms) SELECT 'x' || id, '', '', terms FROM loan_rules`)
		}, check: "rules", want: Warn, says: "two rows for the same case"},
		"a term that ends before it starts": {spoil: func(t *testing.T, lib testkit.Library) {
			exec(t, lib, `INSERT INTO calendar (id, kind, day, starts) VALUES ('term', 'term_forced', '2027-01-10', '2027-02-01')`)
		}, check: "calendar", want: Warn, says: "2027-02-01"},
		"a library that is never open": {spoil: func(t *testing.T, lib testkit.Library) {
			exec(t, lib, `UPDATE calendar SET weekdays = ''`)
		}, check: "calendar", want: Warn, says: "open day"},
	} {
		t.Run(name, func(t *testing.T) {
			lib := library(t)
			test.spoil(t, lib)
			if test.now.IsZero() {
				test.now = monday
			}
			report := Doctor(lib.App, test.now)
			for _, check := range report.Checks {
				want := OK
				if check.Name == test.check {
					want = test.want
					if text := check.Text.In(say.English); !strings.Contains(text, test.says) {
						t.Errorf("%s says %q", check.Name, text)
					}
				}
				if check.State != want && check.Name != "disk" { // this machine's own
					t.Errorf("%s is %s: %s", check.Name, check.State, check.Text.In(say.English))
				}
				for _, lang := range []say.Lang{say.English, say.Spanish} {
					if text := check.Text.In(lang); strings.Contains(text, "%!") || strings.Contains(text, check.Text.Key) {
						t.Errorf("%s: %q", check.Name, text)
					}
				}
			}
			if report.OK() == (test.want == Fail) {
				t.Errorf("ok is %v", report.OK())
			}
		})
	}
}

func run(t testing.TB, lib testkit.Library, job, slot, state string) {
	t.Helper()
	run := collections.JobRun{Job: job, Slot: slot, State: state}
	if state == jobs.Failed {
		run.Error = "no room"
	}
	_, err := collections.Insert(lib.App, run)
	must(t, err)
}

func TestDamage(t *testing.T) {
	lib := library(t)
	const mark = "a page of this test "
	for range 200 {
		_, err := collections.Insert(lib.App, collections.Title{Title: "Damaged", Summary: strings.Repeat(mark, 100)})
		must(t, err)
	}
	exec(t, lib, "PRAGMA wal_checkpoint(TRUNCATE)")
	dir := lib.App.DataDir()
	must(t, lib.App.ResetBootstrapState())

	const pageSize = 4096
	file := filepath.Join(dir, "data.db")
	data, err := os.ReadFile(file)
	must(t, err)
	at := bytes.Index(data, []byte(strings.Repeat(mark, 50)))
	if at < 0 {
		t.Fatal("the page is not in the file")
	}
	for i := range pageSize {
		data[at/pageSize*pageSize+i] = 0xff
	}
	must(t, os.WriteFile(file, data, 0o600))

	report := Doctor(testkit.Open(t, dir), monday)
	if check := report.Checks[0]; check.Name != "store" || check.State != Fail || report.OK() {
		t.Errorf("%s is %s: %s", check.Name, check.State, check.Text.In(say.English))
	}
}

func TestWhatCannotBeCheckedFails(t *testing.T) {
	lib := library(t)
	exec(t, lib, `DROP TABLE job_runs`)
	report := Doctor(lib.App, monday)
	for _, check := range report.Checks {
		if check.Name == "jobs" && (check.State != Fail || !strings.Contains(check.Text.In(say.English), "no such table")) {
			t.Errorf("%s: %s", check.State, check.Text.In(say.English))
		}
	}
	if report.OK() {
		t.Error("all is well")
	}
}

func TestSpace(t *testing.T) {
	for free, want := range map[uint64]State{
		0: Fail, 50*megabyte - 1: Fail, 50 * megabyte: Warn, 500*megabyte - 1: Warn, 500 * megabyte: OK, 1 << 40: OK,
	} {
		if got, _ := judgeSpace(free); got != want {
			t.Errorf("%d bytes: %s, want %s", free, got, want)
		}
	}
	if free, err := store.FreeSpace(t.TempDir()); err != nil || free == 0 {
		t.Errorf("%d, %v", free, err)
	}
	if _, err := store.FreeSpace(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("a folder that does not exist has room")
	}
}

func TestReportInTheSchoolsLanguage(t *testing.T) {
	lib := library(t)
	must(t, site.Save(lib.App, site.School{Name: "Escuela", Zone: "UTC", Language: say.Spanish}))
	text, err := json.Marshal(Doctor(lib.App, monday))
	must(t, err)
	var report struct {
		OK     bool                `json:"ok"`
		Checks []map[string]string `json:"checks"`
	}
	must(t, json.Unmarshal(text, &report))
	want := map[string]string{"name": "store", "state": "ok", "message": "La base de datos está sana."}
	if diff := cmp.Diff(want, report.Checks[0]); diff != "" || !report.OK || len(report.Checks) != 7 {
		t.Errorf("%s\n%s", diff, text)
	}
}

func TestTheNight(t *testing.T) {
	lib := library(t)
	now := func() time.Time { return monday.Add(100 * 24 * time.Hour) }
	today := policy.DayOf(now(), time.UTC)
	exec(t, lib, `UPDATE loans SET renewals = 3`)
	for _, job := range Nightly {
		result, err := job.Run(t.Context(), lib.App, today, now)
		summary, failed := json.Marshal(result)
		must(t, failed)
		want := map[string]string{
			"rebuild": `{"facts":2,"loans":1,"items":0,"holds":0,"fees":0,"differences":1,"first":[{"kind":"loan","id":"`,
			"unlink":  `{"loans":0,"holds":0,"fees":0,"notices":0,"questions":0}`,
			"holds":   `{"expired":0}`,
			"imports": `{"closed":0,"discarded":0}`,
		}[job.Name]
		if !strings.HasPrefix(string(summary), want) || (err != nil) != (job.Name == "rebuild") {
			t.Errorf("%s: %s, %v", job.Name, summary, err)
		}
	}
}

// TestOnlyLastingDifferencesCount: one that is put right between two looks was an act of the desk.
func TestOnlyLastingDifferencesCount(t *testing.T) {
	lib := library(t)
	lasting := desk.Difference{Kind: "loan", ID: "a", Field: "due"}
	first := []desk.Difference{lasting, {Kind: "loan", ID: "b", Field: "state"}}
	second := []desk.Difference{{Kind: "item", ID: "c", Field: "status"}, lasting}
	if diff := cmp.Diff([]desk.Difference{lasting}, both(first, second)); diff != "" {
		t.Error(diff)
	}
	compared, err := CompareFacts(lib.App)
	if err != nil || compared.Differences != 0 || compared.Loans != 1 {
		t.Errorf("%+v, %v", compared, err)
	}
}
