package privacy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
)

// TestNothingIsScanned holds the plan of each statement of the nightly run: a table that is read from end to end would stop the desk.
func TestNothingIsScanned(t *testing.T) {
	app := testkit.App(t)
	sweeps, err := sweepsOn(app, policy.Date(2026, 11, 23), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), &Unlinked{})
	if err != nil {
		t.Fatal(err)
	}
	indexes := map[string]string{
		collections.Loans: "idx_loans_linked", collections.Holds: "idx_holds_linked", collections.Fees: "idx_fees_linked",
		collections.Notices: "idx_notices_patron", collections.KioskQuestions: "idx_kiosk_questions_state",
	}
	for _, sweep := range sweeps {
		plan := planOf(t, app.DB(), sweep.query(), dbx.Params{"place": "", "id": ""})
		if !strings.Contains(plan, "USING INDEX "+indexes[sweep.table]) || strings.Contains(plan, "SCAN") {
			t.Errorf("%s:\n%s", sweep.table, plan)
		}
		for _, statement := range forgetting[sweep.table] {
			plan := planOf(t, app.DB(), statement, dbx.Params{"ids": "[]"})
			if strings.Contains(strings.ReplaceAll(plan, "SCAN json_each", ""), "SCAN") {
				t.Errorf("%s\n%s", statement, plan)
			}
		}
	}
}

func planOf(t *testing.T, db dbx.Builder, query string, params dbx.Params) string {
	t.Helper()
	var rows []struct {
		Detail string `db:"detail"`
	}
	if err := db.NewQuery("EXPLAIN QUERY PLAN " + query).Bind(params).All(&rows); err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for _, row := range rows {
		fmt.Fprintln(&plan, row.Detail)
	}
	return plan.String()
}

// BenchmarkUnlink unlinks 100,000 past loans, half a million facts and notices among them.
func BenchmarkUnlink(b *testing.B) {
	const loans = 100_000
	for b.Loop() {
		b.StopTimer()
		app := testkit.App(b)
		fill(b, app.DB(), loans)
		b.StartTimer()
		unlinked, err := Unlink(b.Context(), app, policy.Date(2026, 11, 23), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), false)
		if err != nil || unlinked.Loans != loans {
			b.Fatalf("%+v, %v", unlinked, err)
		}
	}
	b.ReportMetric(float64(loans)*float64(b.N)/b.Elapsed().Seconds(), "loans/s")
}

// fill makes past loans with three facts each and a notice for every tenth.
func fill(b *testing.B, db dbx.Builder, loans int) {
	b.Helper()
	numbers := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", loans)
	const then = "'2026-01-01 12:00:00.000Z'"
	statements := []string{
		`INSERT INTO loans (id, item, patron, state, out_at, due, returned_at, created, updated)
			SELECT printf('l%014d', i), printf('i%014d', i % 5000), printf('p%014d', i * 7919 % 600), 'returned', ` + then + `, '2026-01-21', strftime('%Y-%m-%d %H:%M:%S.000Z', '2026-01-01', '+' || (i % 150000) || ' minutes'), ` + then + `, ` + then + ` FROM n`,
		`INSERT INTO notices (id, patron, kind, state, recipient, created, updated)
			SELECT printf('n%014d', i), printf('p%014d', i * 7919 % 600), 'overdue', 'sent', 'a@home.example', ` + then + `, ` + then + ` FROM n WHERE i % 10 = 0`,
		`INSERT INTO notice_loans (id, notice, loan, kind, due, step, recipient)
			SELECT printf('m%014d', i), printf('n%014d', i), printf('l%014d', i), 'overdue', '2026-01-21', 1, 'a@home.example' FROM n WHERE i % 10 = 0`,
	}
	for fact, kind := range []string{"check_out", "renew", "return"} {
		statements = append(statements, fmt.Sprintf(`INSERT INTO circ_events (id, key, kind, item, patron, loan, data, seq, at, recorded_at)
			SELECT printf('f%d%%013d', i), printf('key-%d-%%d', i), '%s', printf('i%%014d', i %% 5000), printf('p%%014d', i * 7919 %% 600), printf('l%%014d', i), '{"due":"2026-01-21"}', %d * 10000000 + i, %s, %s FROM n`,
			fact, fact, kind, fact+1, then, then))
	}
	for _, statement := range statements {
		insert, values, _ := strings.Cut(statement, "SELECT")
		if _, err := db.NewQuery(insert + numbers + "SELECT" + values).Execute(); err != nil {
			b.Fatal(err)
		}
	}
}
