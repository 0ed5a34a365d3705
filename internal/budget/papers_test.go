package budget

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/ledger"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// rowsOf reads a file for finance; each row by the names of its columns.
func rowsOf(t *testing.T, s *school, write func(core.App, *bytes.Buffer) error) []map[string]string {
	t.Helper()
	var out bytes.Buffer
	must(t, write(s.app, &out))
	rows, err := csv.NewReader(&out).ReadAll()
	must(t, err)
	var named []map[string]string
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, name := range rows[0] {
			one[name] = row[i]
		}
		named = append(named, one)
	}
	return named
}

func cents(t *testing.T, text string) int {
	t.Helper()
	whole, err := strconv.Atoi(strings.Replace(text, ".", "", 1))
	if err != nil || !strings.Contains(text, ".") {
		t.Fatalf("%q is no amount: %v", text, err)
	}
	return whole
}

func TestFilesForFinanceAddUp(t *testing.T) {
	s := newSchool(t, t, 2)
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 50_000))
	must(t, Transfer(s.app, s.act(), s.funds[0].ID, s.funds[1].ID, 20_000))
	for range 3 {
		order, lines := s.order(t, ledger.Costs{Discount: 77, Shipping: 1_001, Tax: 13}, [3]int{7, 333, 0}, [3]int{3, 1_001, 1})
		must(t, Approve(s.app, s.act(), collections.Librarian, order))
		must(t, Send(s.app, s.act(), order))
		must(t, s.receive(order, map[string]int{lines[0].ID: 4, lines[1].ID: 1}))
		must(t, Invoice(s.app, s.act(), order, Bill{Number: "=cmd", Day: day("2026-12-01"), Cents: 3_000, Accept: true}))
	}
	must(t, Undo(s.app, "test-act-000002", overridden(s)))

	left, spent, reasons := map[string]int{}, map[string]int{}, 0
	for _, row := range rowsOf(t, s, func(app core.App, w *bytes.Buffer) error { return LedgerCSV(app, w, s.year.ID) }) {
		left[row["fund"]] += cents(t, row["change"])
		if slices.Contains([]string{"spend", "adjust"}, row["kind"]) {
			spent[row["fund"]] += cents(t, row["amount"])
		}
		if row["invoice"] == "'=cmd" {
			reasons++
		}
		if row["date"] != "2026-11-23" || row["year"] != "2026–27" || row["currency"] != "USD" {
			t.Errorf("%v", row)
		}
	}
	lines := map[string]int{}
	for _, row := range rowsOf(t, s, func(app core.App, w *bytes.Buffer) error { return OrdersCSV(app, w, "") }) {
		lines[row["fund"]+" spent"] += cents(t, row["spent"])
		lines[row["fund"]+" encumbered"] += cents(t, row["encumbered"])
		lines[row["order"]] += cents(t, row["total"])
	}
	for i, fund := range s.funds {
		b := s.balance(t, i)
		if left[fund.Name] != b.Available() || spent[fund.Name] != b.Spent || lines[fund.Name+" spent"] != b.Spent || lines[fund.Name+" encumbered"] != b.Encumbered {
			t.Errorf("%s has %+v, the files say %v %v %v", fund.Name, b, left, spent, lines)
		}
	}
	if total := 7*333 + 3*1_001 - 77 + 1_001 + 13; lines["27-0001"] != total || reasons == 0 {
		t.Errorf("%v, want %d", lines, total)
	}
	if err := LedgerCSV(s.app, &bytes.Buffer{}, "nowhere"); word(err) != "unknown" {
		t.Error(err)
	}
}

func TestFilesInYen(t *testing.T) {
	s := newSchool(t, t, 1)
	must(t, site.SaveFees(s.app, site.Fees{Currency: "JPY"}))
	must(t, Allocate(s.app, s.act(), s.funds[0].ID, 1_234_567))
	if rows := rowsOf(t, s, func(app core.App, w *bytes.Buffer) error { return LedgerCSV(app, w, "") }); rows[0]["amount"] != "1234567" || rows[0]["currency"] != "JPY" {
		t.Errorf("%v", rows)
	}
}

// The purchase order says all of it, in the language and the currency of the school.
func TestPrintOrder(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not here")
	}
	s := newSchool(t, t, 1)
	order, _, _ := s.books(t)
	_, err := SaveSettings(s.app, site.Budget{Approval: "none", BillTo: "Accounts Payable\n1 Main Street", ShipTo: "The library door"})
	must(t, err)
	read := func(lang say.Lang) string {
		var pdf bytes.Buffer
		must(t, PrintOrder(s.app, &pdf, order, lang, nil, time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)))
		command := exec.Command("pdftotext", "-layout", "-", "-")
		command.Stdin = &pdf
		out, err := command.Output()
		must(t, err)
		return strings.Join(strings.Fields(string(out)), " ")
	}
	for lang, want := range map[say.Lang][]string{
		"":   {"Purchase order", "27-0001", "2026-11-23", "Accounts Payable", "1 Main Street", "The library door", "Made Books", "Hatchet 9781416936473 20 $8.99 $179.80", "Shipping $19.99", "Total $219.79", "Page 1 of 1"},
		"es": {"Orden de compra", "Envío $19.99", "Página 1 de 1"},
	} {
		text := read(lang)
		for _, some := range want {
			if !strings.Contains(text, some) {
				t.Errorf("%q is not in %s", some, text)
			}
		}
	}
	must(t, site.SaveFees(s.app, site.Fees{Currency: "JPY"}))
	if text := read("en"); !strings.Contains(text, "899 JPY 17,980 JPY") || strings.Contains(text, "$") {
		t.Error(text)
	}
}

// lent says that a copy was lent n times, each to another homeroom of some.
func (s *school) lent(t *testing.T, item string, n, rooms int) {
	t.Helper()
	var seq int
	must(t, s.app.DB().NewQuery("SELECT COALESCE(MAX(seq), 0) FROM circ_events").Row(&seq))
	for i := range n {
		_, err := s.app.DB().Insert("circ_events", dbx.Params{
			"id": fmt.Sprintf("fact%011d", seq+i+1), "key": fmt.Sprint("k", seq+i+1), "kind": "check_out", "item": item, "loan": fmt.Sprintf("loan%011d", seq+i+1),
			"seq": seq + i + 1, "homeroom": fmt.Sprint("room ", i%rooms), "at": "2026-12-01 10:00:00.000Z", "recorded_at": "2026-12-01 10:00:00.000Z", "door": "staff", "data": "{}",
		}).Execute()
		must(t, err)
	}
}

func TestWhatTheMoneyDid(t *testing.T) {
	s := newSchool(t, t, 2)
	order, book, labels := s.books(t)
	came, err := Receive(s.app, s.act(), order, Delivery{
		Pieces: map[string]int{book.ID: 20, labels.ID: 1}, Copies: map[string]Copies{book.ID: {Make: true, CallNumber: "FIC PAU"}},
	})
	must(t, err)
	now := time.Date(2027, 1, 5, 10, 0, 0, 0, time.UTC)
	report := func() Grant {
		grant, err := GrantReport(context.Background(), s.app, now, s.funds[0].ID)
		must(t, err)
		return grant
	}
	if grant := report(); grant.Books != 20 || grant.Loans != 0 || grant.PerLoan != nil || grant.Classes != nil || len(grant.Other) != 1 || grant.Spent != s.balance(t, 0).Spent {
		t.Errorf("%+v", grant)
	}
	s.lent(t, came.Items[0].ID, 9, 3)
	if grant := report(); grant.Loans != 9 || grant.PerLoan == nil || grant.Classes != nil {
		t.Errorf("nine loans: %+v", grant)
	}
	s.lent(t, came.Items[1].ID, 4, 4)
	grant := report()
	if grant.Loans != 13 || grant.Classes == nil || *grant.Classes != 4 || len(grant.Bought) != 1 || grant.Bought[0].Copies != 20 || grant.Bought[0].Cents+grant.Other[0].Cents != grant.Spent {
		t.Errorf("%+v", grant)
	}
	if want := perLoan(grant.Bought[0].Cents, 13); *grant.PerLoan != *want {
		t.Errorf("%d a loan, want %d", *grant.PerLoan, *want)
	}
	for by, name := range map[string]string{ByFund: "Fund 0", ByClass: "FIC", ByYear: "2026–27"} {
		cost, err := CostPerLoan(context.Background(), s.app, now, by, s.year.ID)
		must(t, err)
		if len(cost.Rows) != 1 || cost.Rows[0].Name != name || cost.Rows[0].Items != 20 || cost.Rows[0].Loans != 13 || cost.Rows[0].Cents != grant.Bought[0].Cents || *cost.Total.PerLoan != *grant.PerLoan {
			t.Errorf("by %s: %+v", by, cost)
		}
	}
	if cost, err := CostPerLoan(context.Background(), s.app, now, ByFund, s.next.ID); err != nil || len(cost.Rows) != 0 || cost.Total.PerLoan != nil {
		t.Errorf("of the next year: %+v %v", cost, err)
	}
	if _, err := CostPerLoan(context.Background(), s.app, now, "reader", ""); word(err) != "by" {
		t.Error(err)
	}
	if grant, err := GrantReport(context.Background(), s.app, now, s.funds[1].ID); err != nil || grant.Books != 0 || len(grant.Orders) != 0 {
		t.Errorf("of a fund that bought nothing: %+v %v", grant, err)
	}
}

func TestWarnings(t *testing.T) {
	s := newSchool(t, t, 2)
	grant := s.funds[1]
	grant.Kind, grant.SpendBy, grant.ReportBy = "grant", day("2027-05-29"), day("2027-06-12")
	_, err := SaveFund(s.app, "", grant)
	must(t, err)
	must(t, Allocate(s.app, s.act(), grant.ID, 48_340))
	order, _ := s.order(t, ledger.Costs{}, [3]int{1, 500, 0})
	must(t, Approve(s.app, s.act(), collections.Librarian, order))
	must(t, Send(s.app, overridden(s), order)) // on the 23rd of November
	kinds := func(on string, hour int) string {
		d, err := time.Parse(time.DateOnly, on)
		must(t, err)
		warnings, err := Warnings(s.app, d.Add(time.Duration(hour)*time.Hour))
		must(t, err)
		var list []string
		for _, w := range warnings {
			list = append(list, fmt.Sprint(w.Kind, " ", w.Cents, " ", w.Days))
			for _, lang := range []say.Lang{"en", "es"} {
				if text := w.Text.In(lang); strings.Contains(text, "%!") || strings.HasPrefix(text, "budget.") {
					t.Error(text)
				}
			}
		}
		return strings.Join(list, ", ")
	}
	for on, want := range map[string]string{
		"2026-11-24": "fund_below -500 0", "2027-01-06": "fund_below -500 0", "2027-01-08": "fund_below -500 0, order_late 500 46",
		"2027-04-28": "fund_below -500 0, order_late 500 156", "2027-04-29": "fund_below -500 0, grant_ends 48340 30, order_late 500 157",
		"2027-05-29": "fund_below -500 0, grant_ends 48340 0, report_due 0 14, order_late 500 187",
		"2027-05-30": "fund_below -500 0, report_due 0 13, order_late 500 188", "2027-07-13": "fund_below -500 0, order_late 500 232",
	} {
		if got := kinds(on, 18); got != want {
			t.Errorf("%s: %s, want %s", on, got, want)
		}
	}
}

func TestApproval(t *testing.T) {
	s := newSchool(t, t, 1)
	for approval, may := range map[string]collections.Role{
		site.ApprovalNone: collections.Librarian, site.ApprovalPrincipal: collections.Principal, site.ApprovalCoordinator: collections.Coordinator,
	} {
		_, err := SaveSettings(s.app, site.Budget{Approval: approval})
		must(t, err)
		order, _ := s.order(t, ledger.Costs{}, [3]int{1, 500, 0})
		view, err := OrderByID(s.app, time.Now(), order)
		must(t, err)
		if want := strings.TrimPrefix(approval, "none"); view.Waits != want {
			t.Errorf("%s: waits for %q", approval, view.Waits)
		}
		for _, role := range collections.Roles {
			if role == may {
				continue
			}
			if err := Approve(s.app, s.act(), role, order); word(err) != "not_approver" {
				t.Errorf("%s: %s: %v", approval, role, err)
			}
		}
		must(t, Approve(s.app, s.act(), may, order))
	}
	for field, settings := range map[string]site.Budget{
		"approval": {Approval: "everybody"}, "next": {Approval: "none", Next: -1}, "prefix": {Approval: "none", Prefix: strings.Repeat("x", 13)},
	} {
		if _, err := SaveSettings(s.app, settings); word(err) != field {
			t.Errorf("%+v: %v", settings, err)
		}
	}
}

// Numbers go on where they were, whatever the settings say, and never come again.
func TestNumbers(t *testing.T) {
	s := newSchool(t, t, 1)
	number := func() string {
		order, _ := s.order(t, ledger.Costs{}, [3]int{1, 500, 0})
		view, err := OrderByID(s.app, time.Now(), order)
		must(t, err)
		return view.Number
	}
	got := []string{number()}
	for _, settings := range []site.Budget{
		{Approval: "none", Next: 441}, {Approval: "none", Next: 3}, {Approval: "none", Prefix: "PO*"}, {Approval: "none", Prefix: "PO*", Next: 12345}, {Approval: "none"},
	} {
		_, err := SaveSettings(s.app, settings)
		must(t, err)
		got = append(got, number())
	}
	if want := "27-0001 27-0441 27-0442 PO*0001 PO*12345 27-0443"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}
