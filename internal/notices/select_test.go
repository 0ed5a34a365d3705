package notices

import (
	"fmt"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"
)

// TestStepsOfALoan follows one loan due on Thursday, November 5, from day to day: each step is told once, the highest only.
func TestStepsOfALoan(t *testing.T) {
	type run struct {
		on   string
		step int // 0: nothing is told
	}
	for name, runs := range map[string][]run{
		"every step in its time": {{"2026-11-05", 0}, {"2026-11-06", 1}, {"2026-11-18", 0}, {"2026-11-19", 2}, {"2026-12-02", 0}, {"2026-12-03", 3}, {"2027-03-01", 0}},
		"the same day twice":     {{"2026-11-06", 1}, {"2026-11-06", 0}},
		"first run late":         {{"2026-11-20", 2}, {"2026-12-03", 3}},
		"a day in the past":      {{"2026-11-20", 2}, {"2026-11-06", 0}},
		"not for months":         {{"2027-03-01", 3}, {"2027-03-02", 0}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
			told := 0
			for _, run := range runs {
				summary := s.choose(run.on)
				if want := min(run.step, 1); summary.Queued != want || summary.Selected != want {
					t.Fatalf("on %s: %+v, want step %d", run.on, summary, run.step)
				}
				if run.step == 0 {
					continue
				}
				told++
				if n := s.Count("notices", fmt.Sprintf("step = %d AND on_day = '%s'", run.step, run.on)); n != 1 {
					t.Errorf("on %s: %d notices of step %d", run.on, n, run.step)
				}
			}
			if n := s.Count("notices", "1"); n != told {
				t.Errorf("%d notices, want %d", n, told)
			}
		})
	}
}

func TestOverdueBeginsOnTheNextOpenDay(t *testing.T) {
	s := newSchool(t)
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-13") // a Friday
	s.Closed(day(t, "2026-11-16"))
	for _, on := range []string{"2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16"} {
		if summary := s.choose(on); summary.Selected != 0 {
			t.Errorf("on %s: %+v", on, summary)
		}
	}
	if summary := s.choose("2026-11-17"); summary.Queued != 1 {
		t.Errorf("on the next open day: %+v", summary)
	}
}

// TestOneNoticeAPatronAndRecipient: all the loans of a run in one notice, at the highest step among them.
func TestOneNoticeAPatronAndRecipient(t *testing.T) {
	s := newSchool(t)
	ana := s.child("Ana", "mother@home.example; father@home.example")
	s.lend(ana, "2026-10-01")
	s.lend(ana, "2026-11-12")
	s.lend(ana, "2026-11-30") // not late
	if summary := s.choose("2026-11-16"); summary.Selected != 2 || summary.Queued != 2 {
		t.Fatalf("%+v", summary)
	}
	for _, notice := range s.notices() {
		if notice.Step != 3 || s.Count("notice_loans", "notice = '"+notice.ID+"'") != 2 {
			t.Errorf("%+v", notice)
		}
	}
}

// guardiansFirst is how a fresh library writes.
var guardiansFirst = site.NoticeKind{Channel: site.ByMail, To: []string{site.ToGuardians}}

func TestRecipients(t *testing.T) {
	const bad, paper = "bad", "paper"
	for _, test := range []struct{ name, guardians, own, want string }{
		{"guardians before the patron", "a@x.example;b@x.example", "c@x.example", "a@x.example b@x.example"},
		{"the patron when there is no guardian", "", "c@x.example", "c@x.example"},
		{"nobody", "", "", paper},
		{"blanks and empty places", " ; a@x.example ;; ", "", "a@x.example"},
		{"twice the same, in any case", "a@x.example; A@X.example", "", "a@x.example"},
		{"one of two is wrong", "nonsense;b@x.example", "c@x.example", "bad b@x.example"},
		{"the guardian's is wrong", "nonsense", "c@x.example", "bad c@x.example"},
		{"all are wrong", "nonsense", "also nonsense", "bad bad paper"},
		{"line break", "a@x.example\r\nBcc: all@x.example", "", "bad paper"},
		{"line break at the end", "a@x.example\n", "", "bad paper"},
		{"a name with it", "Ana <a@x.example>", "", "bad paper"},
		{"quoted local part", `"a b"@x.example`, "", "bad paper"},
		{"angle brackets", "a@x.example>", "", "bad paper"},
		{"two with a comma", "a@x.example,b@x.example", "", "bad paper"},
		{"too long", strings.Repeat("a", 250) + "@x.example", "", "bad paper"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, to := range recipients(guardiansFirst, test.guardians, test.own, nil) {
				switch {
				case to.problem != "":
					got = append(got, bad)
				case to.channel == channelPaper:
					got = append(got, paper)
				default:
					got = append(got, to.address)
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzRecipients: whatever a roster holds, no address that is written to can end its line, and somebody is always reached.
func FuzzRecipients(f *testing.F) {
	f.Add("a@x.example; b@x.example", "c@x.example")
	f.Add("a@x.example\r\nRCPT TO:<b@x.example>", "\x00")
	f.Fuzz(func(t *testing.T, guardians, own string) {
		reached := 0
		for _, to := range recipients(guardiansFirst, guardians, own, nil) {
			if to.problem == "" {
				reached++
			}
			if strings.ContainsAny(to.address, "\r\n\x00") || len([]rune(to.address)) > maxRecipient {
				t.Fatalf("%q", to.address)
			}
			if to.problem == "" && to.channel == channelMail && strings.ContainsAny(to.address, "<> \t") {
				t.Fatalf("%q", to.address)
			}
		}
		if reached == 0 {
			t.Fatal("nobody is reached")
		}
	})
}

func TestABadAddressIsShownAndNotQueued(t *testing.T) {
	s := newSchool(t)
	s.lend(s.child("Ana", "a@x.example\nBcc: all@x.example"), "2026-11-05")
	if summary := s.choose("2026-11-16"); summary.Failed != 1 || summary.Queued != 0 || summary.Paper != 1 {
		t.Errorf("%+v", summary)
	}
	page, err := List(s.App, Asked{State: collections.NoticeFailed, Lang: say.English}, morning())
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 1 || page.Items[0].Error != say.T("notices.bad_address").In(say.English) {
		t.Errorf("%+v", page)
	}
	if summary := s.choose("2026-11-16"); summary.Failed+summary.Paper != 0 {
		t.Errorf("again: %+v", summary)
	}
}

func TestLanguageOfTheFamily(t *testing.T) {
	for _, test := range []struct {
		family string
		school say.Lang
		want   say.Lang
	}{
		{"es", "en", "es"}, {"es-MX", "en", "es"}, {"en", "es", "en"}, {"", "es", "es"}, {"", "", "en"}, {"zh", "es", "es"}, {"zh", "en", "en"},
	} {
		if got := languageOf(test.family, test.school); got != test.want {
			t.Errorf("%q at a school that speaks %q: %q", test.family, test.school, got)
		}
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	s := newSchool(t)
	s.lend(s.child("Ana", "ana@home.example"), "2026-11-05")
	summary, err := Run(t.Context(), s.App, day(t, "2026-11-16"), morning, true)
	if err != nil {
		t.Fatal(err)
	}
	if !summary.DryRun || summary.Selected != 1 || summary.Queued != 1 || s.Count("notices", "1")+s.Count("notice_loans", "1") != 0 {
		t.Errorf("%+v", summary)
	}
}

// TestAnyDaysInAnyOrder: however the days of the runs fall, nobody hears twice of a loan at the same step, nor of a lower one after
// a higher.
func TestAnyDaysInAnyOrder(t *testing.T) {
	s := newSchool(t)
	rapid.Check(t, func(r *rapid.T) {
		for _, table := range []string{"notices", "notice_loans", "loans", "patrons"} {
			if _, err := s.App.DB().NewQuery("DELETE FROM " + table).Execute(); err != nil {
				r.Fatal(err)
			}
		}
		due := day(t, "2026-11-05")
		many(t, s, 1, 1)
		highest := 0
		for _, days := range rapid.SliceOfN(rapid.IntRange(0, 60), 1, 8).Draw(r, "days after") {
			on := due.Add(days)
			want := 0
			if policyOverdue(on, due) && stepFor([]int{1, 14, 28}, days) > highest {
				highest, want = stepFor([]int{1, 14, 28}, days), 1
			}
			summary, err := Select(s.App, on, morning())
			if err != nil {
				r.Fatal(err)
			}
			if summary.Queued != want {
				r.Fatalf("%d days after: %+v, want %d", days, summary, want)
			}
		}
	})
}

// policyOverdue is the calendar's answer for a Thursday: late from Friday on.
func policyOverdue(on, due policy.Day) bool { return on > due }

func TestManyLoansAtOnce(t *testing.T) {
	s := newSchool(t)
	many(t, s, 50, 40)
	first := s.choose("2026-11-16")
	if first.Selected != 2_000 || first.Queued != 50 {
		t.Fatalf("%+v", first)
	}
	if again := s.choose("2026-11-16"); again.Selected != 0 {
		t.Errorf("again: %+v", again)
	}
}

// many gives so many children so many loans each, due on November 5, and each child an address of its own, straight into the tables.
func many(t testing.TB, s *school, children, loans int) {
	t.Helper()
	const series = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:many}) "
	for _, insert := range []string{
		`INSERT INTO patrons (id, first_name, status, homeroom, guardian_email) ` + series +
			`SELECT printf('patron%09d', i), 'Child' || i, 'active', {:room}, 'family' || i || '@home.example' FROM n WHERE i < {:children}`,
		`INSERT INTO loans (id, patron, item, state, due) ` + series +
			`SELECT printf('loan%011d', i), printf('patron%09d', i / {:loans}), printf('item%011d', i), 'open', '2026-11-05' FROM n`,
	} {
		_, err := s.App.DB().NewQuery(insert).Bind(dbx.Params{
			"many": children * loans, "children": children, "loans": loans, "room": s.homeroom("Room 12").ID,
		}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func address(child int) string { return fmt.Sprintf("family%d@home.example", child) }

func BenchmarkSelectTenThousand(b *testing.B) {
	s := newSchool(b)
	many(b, s, 2000, 5)
	for b.Loop() {
		if _, err := plan(s.App, day(b, "2026-11-16"), chosen, Part{}); err != nil {
			b.Fatal(err)
		}
	}
}

// A loan that was told of, renewed, and is late again begins at the first step anew.
func TestARenewedLoanThatIsLateAgain(t *testing.T) {
	s := newSchool(t)
	loan := s.lend(s.child("Ana", "ana@example.org"), "2026-03-02")
	if got := s.choose("2026-03-03").Selected; got != 1 {
		t.Fatalf("%d loans told of when first late", got)
	}
	if _, err := s.App.DB().NewQuery("UPDATE loans SET due = '2026-03-16', renewals = 1 WHERE id = '" + loan.ID + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	if got := s.choose("2026-03-10").Selected; got != 0 {
		t.Errorf("renewed and not late: %d", got)
	}
	if got := s.choose("2026-03-17").Selected; got != 1 {
		t.Errorf("late again: %d", got)
	}
	if got := s.choose("2026-03-17").Selected; got != 0 {
		t.Errorf("told twice: %d", got)
	}
}
