package budget

import (
	"time"

	"carrel/collections"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// EntryView is one line of a fund's history.
type EntryView struct {
	ID       string    `json:"id"`
	Act      string    `json:"act"` // id
	ActKind  string    `json:"act_kind"`
	Key      string    `json:"key"` // of the act, by which it is undone
	At       string    `json:"at"`
	Kind     string    `json:"kind"`
	Cents    int       `json:"cents"`
	Change   int       `json:"change"`  // of what is available
	Balance  int       `json:"balance"` // available after it
	Order    *OrderRef `json:"order"`
	Line     string    `json:"line"` // what it is called
	Reason   string    `json:"reason"`
	By       string    `json:"by"`
	Reversed bool      `json:"reversed"` // it was taken back
	Reverses string    `json:"reverses"` // the entry that this one takes back
	Undoable bool      `json:"undoable"` // as far as the act alone tells
}

// OrderRef names an order.
type OrderRef struct {
	ID     string `json:"id"`
	Number string `json:"number"`
}

// change is what an entry does to what is available of its fund.
const change = "CASE kind WHEN 'allocate' THEN cents WHEN 'transfer_in' THEN cents WHEN 'disencumber' THEN cents WHEN 'refund' THEN cents ELSE -cents END"

// The sizes of a page.
const (
	usualPage   = 50
	largestPage = 200
)

// Page is a part of a list, from 1.
type Page struct{ Page, PerPage int }

// tidy makes a page one that there can be.
func (p Page) tidy() Page {
	if p.PerPage <= 0 {
		p.PerPage = usualPage
	}
	return Page{max(p.Page, 1), min(p.PerPage, largestPage)}
}

func (p Page) offset() int { return (p.Page - 1) * p.PerPage }

// History is a page of what happened to a fund, the newest first, with the balance after each: fault.NotFound. Only what is newer than the page is added up.
func History(app core.App, fundID string, page Page) (entries []EntryView, total int, err error) {
	page = page.tidy()
	fund, err := byID[collections.Fund](app, "budget.History", fundID, "id")
	if err != nil {
		return nil, 0, err
	}
	params := dbx.Params{"fund": fundID, "limit": page.PerPage, "offset": page.offset()}
	if err := app.DB().NewQuery("SELECT COUNT(*) FROM budget_ledger WHERE fund = {:fund}").Bind(params).Row(&total); err != nil {
		return nil, 0, err
	}
	balance := fund.Balance().Available()
	if page.offset() > 0 {
		var newer int
		err := app.DB().NewQuery("SELECT COALESCE(SUM(" + change + "), 0) FROM (SELECT kind, cents FROM budget_ledger WHERE fund = {:fund} ORDER BY seq DESC LIMIT {:offset})").
			Bind(params).Row(&newer)
		if err != nil {
			return nil, 0, err
		}
		balance -= newer
	}
	rows, err := readEntries(app, params)
	entries = make([]EntryView, 0, len(rows))
	for _, row := range rows {
		view := row.view()
		view.Balance = balance
		balance -= view.Change
		entries = append(entries, view)
	}
	return entries, total, err
}

type entryRow struct {
	ID       string         `db:"id"`
	Act      string         `db:"act"`
	ActKind  string         `db:"act_kind"`
	Key      string         `db:"key"`
	At       types.DateTime `db:"at"`
	Kind     string         `db:"kind"`
	Cents    int            `db:"cents"`
	Change   int            `db:"change"`
	Order    string         `db:"order_id"`
	Number   string         `db:"number"`
	Line     string         `db:"line_name"`
	Reason   string         `db:"reason"`
	By       string         `db:"by_name"`
	Reverses string         `db:"reverses"`
	Reversed bool           `db:"reversed"`
}

func (r entryRow) view() EntryView {
	view := EntryView{
		ID: r.ID, Act: r.Act, ActKind: r.ActKind, Key: r.Key, At: instant(r.At), Kind: r.Kind, Cents: r.Cents, Change: r.Change, Line: r.Line, Reason: r.Reason,
		By: r.By, Reversed: r.Reversed, Reverses: r.Reverses, Undoable: r.ActKind != actUndo && !r.Reversed,
	}
	if r.Order != "" {
		view.Order = &OrderRef{r.Order, r.Number}
	}
	return view
}

func readEntries(app core.App, params dbx.Params) (rows []entryRow, err error) {
	err = app.DB().NewQuery(`SELECT e.id, e.act, a.kind AS act_kind, a.key, e.at, e.kind, e.cents, e.change, e.order_id, COALESCE(o.number, '') AS number,
			COALESCE(l.name, '') AS line_name, a.reason, COALESCE(s.name, '') AS by_name, e.reverses,
			EXISTS (SELECT 1 FROM budget_ledger back WHERE back.reverses = e.id AND back.reverses != '') AS reversed
		FROM (SELECT *, ` + change + ` AS change FROM budget_ledger WHERE seq IN
				(SELECT seq FROM budget_ledger WHERE fund = {:fund} ORDER BY seq DESC LIMIT {:limit} OFFSET {:offset})) e
		JOIN budget_acts a ON a.id = e.act LEFT JOIN budget_orders o ON o.id = e.order_id LEFT JOIN budget_lines l ON l.id = e.line LEFT JOIN staff s ON s.id = a.actor
		ORDER BY e.seq DESC`).Bind(params).All(&rows)
	return rows, err
}

// instant is RFC 3339, or nothing.
func instant(at types.DateTime) string {
	if at.IsZero() {
		return ""
	}
	return at.Time().UTC().Format(time.RFC3339)
}
