package budget

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/money"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The columns of the files for finance; docs/finance.md says what each means. New ones are added at the end.
var (
	ledgerColumns = []string{
		"entry", "date", "year", "fund", "fund_kind", "award", "kind", "amount", "change", "order", "vendor", "item", "isbn", "invoice", "reason", "by", "act", "reverses", "currency",
	}
	orderColumnsOfFile = []string{
		"order", "name", "year", "state", "vendor", "vendor_account", "approved", "sent", "ended", "line", "item", "isbn", "fund", "award", "pieces", "unit_price", "total", "received",
		"spent", "encumbered", "currency",
	}
)

// file writes a CSV (RFC 4180) in UTF-8 without a mark, with plain amounts and ISO days.
type file struct {
	out      *csv.Writer
	zone     *time.Location
	currency string
}

func newFile(app core.App, w io.Writer, columns []string) (*file, error) {
	_, house, err := today(app, time.Time{})
	if err != nil {
		return nil, err
	}
	f := &file{csv.NewWriter(w), house.Calendar.Zone, house.Fees.Currency}
	f.out.UseCRLF = true
	return f, f.out.Write(columns)
}

func (f *file) day(at types.DateTime) string {
	if at.IsZero() {
		return ""
	}
	return policy.DayOf(at.Time(), f.zone).String()
}

func (f *file) amount(cents int) string { return money.Plain(cents, f.currency) }

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func (f *file) end() error {
	f.out.Flush()
	return f.out.Error()
}

// LedgerCSV writes every entry of the ledger as a row, oldest first: of one fiscal year (id), or with an empty id of all. Per fund, the changes add up to what is available.
func LedgerCSV(app core.App, w io.Writer, year string) error {
	f, err := newFile(app, w, ledgerColumns)
	if err != nil {
		return err
	}
	if err := knownYear(app, "budget.LedgerCSV", year); err != nil {
		return err
	}
	rows, err := app.DB().NewQuery(`SELECT e.seq, e.at, y.name AS year, f.name AS fund, f.kind AS fund_kind, f.award, e.kind, e.cents, e.change,
			COALESCE(o.number, '') AS number, COALESCE(v.name, '') AS vendor, COALESCE(l.name, '') AS line, COALESCE(l.isbn, '') AS isbn,
			COALESCE(b.number, '') AS invoice, a.reason, COALESCE(s.name, '') AS by_name, a.kind AS act, COALESCE(r.seq, 0) AS reverses
		FROM (SELECT *, ` + change + ` AS change FROM budget_ledger WHERE {:year} = '' OR fund IN (SELECT id FROM budget_funds WHERE year = {:year})) e
		JOIN budget_funds f ON f.id = e.fund JOIN budget_years y ON y.id = f.year JOIN budget_acts a ON a.id = e.act
		LEFT JOIN budget_orders o ON o.id = e.order_id LEFT JOIN budget_vendors v ON v.id = o.vendor LEFT JOIN budget_lines l ON l.id = e.line
		LEFT JOIN budget_invoices b ON b.id = e.invoice LEFT JOIN staff s ON s.id = a.actor LEFT JOIN budget_ledger r ON r.id = e.reverses ORDER BY e.seq`).
		Bind(dbx.Params{"year": year}).Rows()
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var row struct {
			Seq      int            `db:"seq"`
			At       types.DateTime `db:"at"`
			Year     string         `db:"year"`
			Fund     string         `db:"fund"`
			FundKind string         `db:"fund_kind"`
			Award    string         `db:"award"`
			Kind     string         `db:"kind"`
			Cents    int            `db:"cents"`
			Change   int            `db:"change"`
			Number   string         `db:"number"`
			Vendor   string         `db:"vendor"`
			Line     string         `db:"line"`
			ISBN     string         `db:"isbn"`
			Invoice  string         `db:"invoice"`
			Reason   string         `db:"reason"`
			By       string         `db:"by_name"`
			Act      string         `db:"act"`
			Reverses int            `db:"reverses"`
		}
		if err := rows.ScanStruct(&row); err != nil {
			return err
		}
		reverses := ""
		if row.Reverses > 0 {
			reverses = strconv.Itoa(row.Reverses)
		}
		err := f.out.Write([]string{
			strconv.Itoa(row.Seq), f.day(row.At), harmless(row.Year), harmless(row.Fund), row.FundKind, harmless(row.Award), row.Kind, f.amount(row.Cents), f.amount(row.Change),
			harmless(row.Number), harmless(row.Vendor), harmless(row.Line), row.ISBN, harmless(row.Invoice), harmless(row.Reason), harmless(row.By), row.Act, reverses, f.currency,
		})
		if err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return f.end()
}

func knownYear(app core.App, op, year string) error {
	if year == "" {
		return nil
	}
	_, err := byID[collections.Year](app, op, year, "year")
	return err
}

// OrdersCSV writes every line of every order as a row, by the numbers of the orders: of one fiscal year (id), or with an empty id of all.
func OrdersCSV(app core.App, w io.Writer, year string) error {
	f, err := newFile(app, w, orderColumnsOfFile)
	if err != nil {
		return err
	}
	if err := knownYear(app, "budget.OrdersCSV", year); err != nil {
		return err
	}
	var orders []orderRow
	err = app.DB().NewQuery(orderColumns + " WHERE {:year} = '' OR o.year = {:year} GROUP BY o.id ORDER BY o.number").Bind(dbx.Params{"year": year}).All(&orders)
	if err != nil {
		return err
	}
	names, err := namesOf(app)
	if err != nil {
		return err
	}
	for _, order := range orders {
		lines, err := lineViews(app, order.Order)
		if err != nil {
			return err
		}
		for i, line := range lines {
			err := f.out.Write([]string{
				harmless(order.Number), harmless(order.Name), harmless(names.years[order.Year]), string(order.State), harmless(order.VendorName), harmless(names.accounts[order.Vendor]),
				f.day(order.ApprovedAt), f.day(order.SentAt), f.day(order.EndedAt), strconv.Itoa(i + 1), harmless(line.Name), line.ISBN, harmless(line.Fund.Name),
				harmless(names.awards[line.Fund.ID]), strconv.Itoa(line.Pieces), f.amount(line.Price), f.amount(line.Total), strconv.Itoa(line.Received), f.amount(line.Spent),
				f.amount(line.Encumbered), f.currency,
			})
			if err != nil {
				return err
			}
		}
	}
	return f.end()
}

// names are what orders of a file are told with, by id.
type names struct{ years, accounts, awards map[string]string }

func namesOf(app core.App) (n names, err error) {
	for _, one := range []struct {
		into  *map[string]string
		query string
	}{
		{&n.years, "SELECT id, name FROM budget_years"}, {&n.accounts, "SELECT id, account AS name FROM budget_vendors"}, {&n.awards, "SELECT id, award AS name FROM budget_funds"},
	} {
		var rows []struct {
			ID   string `db:"id"`
			Name string `db:"name"`
		}
		if err := app.DB().NewQuery(one.query).All(&rows); err != nil {
			return n, err
		}
		*one.into = map[string]string{}
		for _, row := range rows {
			(*one.into)[row.ID] = row.Name
		}
	}
	return n, nil
}
