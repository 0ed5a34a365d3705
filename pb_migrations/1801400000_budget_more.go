package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// What was spent of a fund in a month, so that a year's spending is known without reading its ledger, and standing orders: when one is made anew, and after which.
func init() {
	m.Register(func(app core.App) error {
		err := widen(app, "budget_orders", nil, []string{"CREATE UNIQUE INDEX idx_budget_orders_follows ON budget_orders (follows) WHERE follows != ''"},
			date("again"),       // of a standing order: the day on which the next one is made
			text("follows", 15), // the order that this one was made after
		)
		if err != nil {
			return err
		}
		return execAll(app,
			"CREATE INDEX idx_budget_lines_request ON budget_lines (request) WHERE request != ''",
			"CREATE INDEX idx_budget_ledger_reverses ON budget_ledger (reverses) WHERE reverses != ''",
			"CREATE INDEX idx_budget_ledger_sums ON budget_ledger (fund, seq, kind, cents)", // a page of a fund's history is found, and summed up to, in here alone
			"CREATE INDEX idx_budget_acts_seq ON budget_acts (seq)",
			"CREATE TABLE budget_months (fund TEXT NOT NULL, month TEXT NOT NULL, spent INTEGER NOT NULL, PRIMARY KEY (fund, month)) WITHOUT ROWID",
			`INSERT INTO budget_months (fund, month, spent) SELECT fund, substr(at, 1, 7), SUM(CASE kind WHEN 'refund' THEN -cents ELSE cents END)
				FROM budget_ledger WHERE kind IN ('spend', 'refund', 'adjust') GROUP BY fund, substr(at, 1, 7)`)
	}, nil)
}
