package hooks_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"carrel/collections"
)

var readMoney = []collections.Role{collections.Librarian, collections.Principal, collections.Coordinator}

// Aides, volunteers and teachers see nothing of money; principal and coordinator read, and change nothing.
func TestWhoSeesMoney(t *testing.T) {
	h, ids := funded(t)
	order := h.made201("budget/orders", "order", h.ordered(ids, "order-key-1", 1_000))
	for _, path := range []string{
		"budget", "budget?year=" + ids["year"], "budget/funds/" + ids["grant"], "budget/funds/" + ids["grant"] + "/report", "budget/vendors", "budget/orders", "budget/orders?state=draft",
		"budget/orders/" + order, "budget/orders/" + order + "/order.pdf", "budget/orders.csv", "budget/ledger.csv", "budget/cost", "budget/cost?by=class&year=" + ids["year"],
	} {
		for _, role := range collections.Roles {
			got := h.ask(http.MethodGet, "/api/carrel/"+path, h.tokens[role], nil)
			if may := slices.Contains(readMoney, role); may && got.status != http.StatusOK || !may && (got.status != http.StatusForbidden || strings.Contains(got.raw, "grant")) {
				t.Errorf("%s as %s: %d %.200s", path, role, got.status, got.raw)
			}
		}
	}
	before := h.Count(collections.BudgetActs, "1")
	for path, body := range map[string]map[string]any{
		"budget/allocations": {"fund": ids["grant"], "amount": 5}, "budget/transfers": {"from": ids["grant"], "to": ids["school"], "amount": 5},
		"budget/adjustments": {"fund": ids["grant"], "amount": 5, "reason": "why"}, "budget/orders/" + order + "/cancel": {}, "budget/undo": {"act": "fund-key-1"},
	} {
		for _, role := range collections.Roles {
			if role == collections.Librarian {
				continue
			}
			body["key"] = h.code("money-key")
			if got := h.ask(http.MethodPost, "/api/carrel/"+path, h.tokens[role], body); got.status != http.StatusForbidden {
				t.Errorf("%s as %s: %d %s", path, role, got.status, got.raw)
			}
		}
	}
	if after := h.Count(collections.BudgetActs, "1"); after != before {
		t.Errorf("%d acts were written", after-before)
	}
}

// Whom the setting names approves, and nobody else.
func TestWhoApproves(t *testing.T) {
	h, ids := funded(t)
	for approval, role := range map[string]collections.Role{"none": collections.Librarian, "principal": collections.Principal, "coordinator": collections.Coordinator} {
		if got := h.head(http.MethodPut, "settings/budget", map[string]any{"approval": approval}); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.raw)
		}
		order := h.made201("budget/orders", "order", h.ordered(ids, h.code("order-key"), 100))
		path := "/api/carrel/budget/orders/" + order + "/approve"
		for _, other := range collections.Roles {
			if other == role {
				continue
			}
			if got := h.ask(http.MethodPost, path, h.tokens[other], map[string]any{"key": h.code("approve-key")}); got.status != http.StatusForbidden {
				t.Errorf("%s: %s: %d %s", approval, other, got.status, got.raw)
			}
			if may := inside(h.ask(http.MethodGet, "/api/carrel/budget", h.tokens[other], nil), "may", "approve"); may == true {
				t.Errorf("%s: %s may approve", approval, other)
			}
		}
		if got := h.ask(http.MethodPost, path, h.tokens[role], map[string]any{"key": h.code("approve-key")}); inside(got, "order", "state") != "approved" {
			t.Errorf("%s: %d %s", approval, got.status, got.raw)
		}
		if got := h.ask(http.MethodPost, path, h.tokens[role], map[string]any{"key": h.code("approve-key")}); got.status != http.StatusConflict || got.code() != "wrong_state" {
			t.Errorf("%s twice: %d %s", approval, got.status, got.raw)
		}
		body := h.ordered(ids, "", 200)
		body["updated"] = inside(h.get("budget/orders/"+order, collections.Librarian), "order", "updated")
		if got := h.head(http.MethodPut, "budget/orders/"+order, body); got.code() != "not_draft" {
			t.Errorf("changed after its approval: %d %s", got.status, got.raw)
		}
	}
}

// Two people who order from a fund in the same moment cannot both spend its last money.
func TestTwoOrdersForTheLastMoney(t *testing.T) {
	h, ids := funded(t)
	var orders []string
	for range 6 {
		order := h.made201("budget/orders", "order", map[string]any{
			"key": h.code("order-key"), "year": ids["year"], "vendor": ids["vendor"], "lines": []map[string]any{{"fund": ids["grant"], "name": "Books", "pieces": 1, "price": 3_000}},
		})
		h.act(order, "approve", nil)
		orders = append(orders, order)
	}
	answers, keys := make([]answer, len(orders)), make([]string, len(orders))
	for i := range keys {
		keys[i] = h.code("send-key")
	}
	var all sync.WaitGroup
	for i, order := range orders {
		all.Go(func() {
			answers[i] = h.ask(http.MethodPost, "/api/carrel/budget/orders/"+order+"/send", h.tokens[collections.Librarian], map[string]any{"key": keys[i]})
		})
	}
	all.Wait()
	sent := 0
	for _, got := range answers {
		switch {
		case got.status == http.StatusOK:
			sent++
		case got.status != http.StatusConflict || got.code() != "fund_short" || !strings.Contains(got.raw, "Space grant would be $10.00 short"):
			t.Errorf("%d %s", got.status, got.raw)
		}
	}
	fund := h.get("budget/funds/"+ids["grant"], collections.Librarian)
	if sent != 1 || inside(fund, "fund", "available") != 2_000.0 || inside(fund, "fund", "encumbered") != 3_000.0 {
		t.Errorf("%d were sent: %s", sent, fund.raw)
	}
}

// Whatever is typed, the answer names the place, and the ledger stays as it is.
func TestBadMoney(t *testing.T) {
	h, ids := funded(t)
	order := h.made201("budget/orders", "order", h.ordered(ids, "order-key-1", 1_000))
	h.act(order, "approve", nil)
	h.act(order, "send", nil)
	line, _ := inside(h.get("budget/orders/"+order, collections.Librarian), "order", "lines", "0", "id").(string)
	next := h.made201("budget/years", "year", map[string]any{"name": "2027–28", "starts": "2027-07-01", "ends": "2028-06-30"})
	closed := h.made201("budget/years", "year", map[string]any{"name": "2025–26", "starts": "2025-07-01", "ends": "2026-06-30"})
	old := h.made201("budget/funds", "fund", map[string]any{"key": "fund-key-9", "year": closed, "name": "Old money", "amount": 5_000})
	if got := h.head(http.MethodPatch, "budget/years/"+closed, map[string]any{"closed": true}); inside(got, "year", "closed") != true {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	lines := func(n int, change map[string]any) map[string]any {
		body := map[string]any{"key": h.code("bad-key"), "year": ids["year"], "vendor": ids["vendor"]}
		var list []map[string]any
		for i := range n {
			one := map[string]any{"fund": ids["school"], "name": fmt.Sprint("Book ", i), "pieces": 1, "price": 100}
			for name, value := range change {
				one[name] = value
			}
			list = append(list, one)
		}
		body["lines"] = list
		return body
	}
	allocation := func(amount string) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"key": %q, "fund": %q, "amount": %s}`, h.code("bad-key"), ids["grant"], amount))
	}
	before := h.Count(collections.BudgetLedger, "1")
	for name, test := range map[string]struct {
		path   string
		body   any
		status int
		code   string
		field  string
	}{
		"an amount as text":       {"budget/allocations", allocation(`"12,50"`), 400, "invalid", "amount"},
		"with an exponent":        {"budget/allocations", allocation(`1e3`), 400, "invalid", "amount"},
		"with decimals":           {"budget/allocations", allocation(`12.5`), 400, "invalid", "amount"},
		"below zero":              {"budget/allocations", allocation(`-5`), 400, "invalid", "amount"},
		"of the world":            {"budget/allocations", allocation(`1000000000000000`), 400, "invalid", "amount"},
		"larger than a number":    {"budget/allocations", allocation(`99999999999999999999999`), 400, "invalid", "amount"},
		"nothing":                 {"budget/allocations", allocation(`0`), 400, "invalid", "amount"},
		"an unknown fund":         {"budget/allocations", map[string]any{"key": h.code("bad-key"), "fund": "nosuchfund00000", "amount": 5}, 404, "unknown", "fund"},
		"to a closed year":        {"budget/allocations", map[string]any{"key": h.code("bad-key"), "fund": old, "amount": 5}, 409, "year_closed", "fund"},
		"a key of another":        {"budget/allocations", map[string]any{"key": "fund-key-1", "fund": ids["school"], "amount": 5}, 409, "key_reused", "key"},
		"unexplained":             {"budget/adjustments", map[string]any{"key": h.code("bad-key"), "fund": ids["school"], "amount": -5}, 400, "invalid", "reason"},
		"an override unexplained": {"budget/transfers", map[string]any{"key": h.code("bad-key"), "from": ids["grant"], "to": ids["school"], "amount": 9_999, "override": true}, 400, "invalid", "reason"},
		"overlapping years":       {"budget/years", map[string]any{"name": "again", "starts": "2026-01-01", "ends": "2026-12-31"}, 409, "overlaps", "starts"},
		"a year of a century":     {"budget/years", map[string]any{"name": "again", "starts": "2030-01-01", "ends": "2130-12-31"}, 400, "invalid", "ends"},
		"a day there is not":      {"budget/years", map[string]any{"name": "again", "starts": "2030-02-30", "ends": "2030-12-31"}, 400, "invalid", "starts"},
		"a fund of no kind":       {"budget/funds", map[string]any{"key": h.code("bad-key"), "year": ids["year"], "name": "Loot", "kind": "theft"}, 400, "invalid", "kind"},
		"a name twice":            {"budget/funds", map[string]any{"key": h.code("bad-key"), "year": ids["year"], "name": "Space grant"}, 409, "name_taken", "name"},
		"501 lines":               {"budget/orders", lines(501, nil), 400, "invalid", "lines"},
		"a line of no fund":       {"budget/orders", lines(2, map[string]any{"fund": "nosuchfund00000"}), 404, "unknown", "lines.0.fund"},
		"of another year's":       {"budget/orders", lines(1, map[string]any{"fund": old}), 400, "invalid", "lines.0.fund"},
		"a wrong ISBN":            {"budget/orders", lines(1, map[string]any{"isbn": "9781416936474"}), 400, "invalid", "lines.0.isbn"},
		"a nameless line":         {"budget/orders", lines(1, map[string]any{"name": " "}), 400, "invalid", "lines.0.name"},
		"no pieces":               {"budget/orders", lines(1, map[string]any{"pieces": 0}), 400, "invalid", "lines.0.pieces"},
		"a fortune":               {"budget/orders", lines(2, map[string]any{"price": 60_000_000}), 400, "invalid", "lines.1.price"},
		"more than was ordered":   {"budget/orders/" + order + "/receive", map[string]any{"key": h.code("bad-key"), "pieces": map[string]int{line: 4}}, 400, "invalid", "pieces." + line},
		"an invoice above it":     {"budget/orders/" + order + "/invoices", map[string]any{"key": h.code("bad-key"), "number": "R-1", "day": "2026-12-01", "amount": 5_101}, 409, "invoice_differs", "amount"},
		"an invoice of no day":    {"budget/orders/" + order + "/invoices", map[string]any{"key": h.code("bad-key"), "number": "R-1", "day": "soon", "amount": 5}, 400, "invalid", "day"},
		"a PDF for MARC":          {"budget/orders/" + order + "/records?file=list.pdf", "%PDF-1.4\n1 0 obj", 400, "wrong_file", "file"},
		"rolled onto itself":      {"budget/years/" + ids["year"] + "/roll", map[string]any{"key": h.code("bad-key"), "to": ids["year"]}, 400, "invalid", "to"},
		"rolled without money":    {"budget/years/" + ids["year"] + "/roll", map[string]any{"key": h.code("bad-key"), "to": next}, 409, "fund_short", "fund"},
		"nothing to roll":         {"budget/years/" + next + "/roll", map[string]any{"key": h.code("bad-key"), "to": ids["year"]}, 409, "nothing_open", ""},
		"undone by nobody":        {"budget/undo", map[string]any{"key": h.code("bad-key"), "act": "no such act"}, 404, "unknown_act", "key"},
	} {
		got := h.head(http.MethodPost, test.path, test.body)
		field, _ := inside(got, "data", "field").(string)
		message, _ := got.body["message"].(string)
		if got.status != test.status || got.code() != test.code || field != test.field || len(message) < 10 || strings.Contains(message, "%!") {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if after := h.Count(collections.BudgetLedger, "1"); after != before {
		t.Errorf("%d entries were written", after-before)
	}
}

// Who saves second sees what is there now.
func TestTwoAtOneOrder(t *testing.T) {
	h, ids := funded(t)
	order := h.made201("budget/orders", "order", h.ordered(ids, "order-key-1", 1_000))
	seen := inside(h.get("budget/orders/"+order, collections.Librarian), "order", "updated")
	for i, want := range []int{http.StatusOK, http.StatusConflict} {
		body := h.ordered(ids, "", 1_100+i)
		body["updated"] = seen
		got := h.head(http.MethodPut, "budget/orders/"+order, body)
		if got.status != want {
			t.Fatalf("%d %s", got.status, got.raw)
		}
		if want == http.StatusConflict && (got.code() != "changed" || inside(got, "data", "current", "lines", "0", "price") != 1_100.0) {
			t.Errorf("%s", got.raw)
		}
	}
	fund := h.get("budget/funds/"+ids["grant"], collections.Librarian)
	h.head(http.MethodPost, "budget/allocations", map[string]any{"key": "money-key-1", "fund": ids["grant"], "amount": 5})
	change := map[string]any{"updated": inside(fund, "fund", "updated"), "purpose": "Space"}
	if got := h.head(http.MethodPatch, "budget/funds/"+ids["grant"], change); inside(got, "fund", "purpose") != "Space" || inside(got, "fund", "available") != 5_005.0 {
		t.Errorf("money moved is no change of what is said of a fund: %d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPatch, "budget/funds/"+ids["grant"], change); got.code() != "changed" || inside(got, "data", "current", "purpose") != "Space" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// From the order to the shelf without typing twice: copies, their labels, and what the money did.
func TestFromOrderToShelf(t *testing.T) {
	h, ids := funded(t)
	order := h.made201("budget/orders", "order", h.ordered(ids, "order-key-1", 1_000))
	h.act(order, "approve", nil)
	h.act(order, "send", nil)
	line, _ := inside(h.get("budget/orders/"+order, collections.Librarian), "order", "lines", "0", "id").(string)
	key := h.code("receive-key")
	got := h.act(order, "receive", map[string]any{"key": key, "pieces": map[string]int{line: 3}, "items": map[string]any{line: map[string]any{"make": true, "barcodes": []string{"HAT-1"}}}})
	if got.status != http.StatusOK || len(got.rows("items")) != 3 || got.body["titles_made"] != 1.0 || inside(got, "items", "0", "barcode") != "HAT-1" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	var codes []string
	for _, item := range got.rows("items") {
		code, _ := item["barcode"].(string)
		codes = append(codes, code)
	}
	if pdf := h.get("labels.pdf?items="+strings.Join(codes, ","), collections.Librarian); pdf.status != http.StatusOK || !strings.HasPrefix(pdf.raw, "%PDF") {
		t.Errorf("labels: %d %.200s", pdf.status, pdf.raw)
	}
	if found := h.ask(http.MethodGet, "/api/carrel/search?q=hatchet", "", nil); len(found.rows("items")) != 1 {
		t.Errorf("the new title is not found: %s", found.raw)
	}
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 5}`)
	if lent := h.do("checkouts", map[string]any{"patron": h.borrower(), "item": "HAT-1", "key": "checkout-key-1"}); lent.status != http.StatusCreated {
		t.Fatalf("%d %s", lent.status, lent.raw)
	}
	cost := h.get("budget/cost?by=fund", collections.Principal)
	if inside(cost, "rows", "0", "name") != "School budget" || inside(cost, "rows", "0", "loans") != 1.0 || inside(cost, "rows", "0", "per_loan") != 3_060.0 {
		t.Errorf("%s", cost.raw)
	}
	if undone := h.head(http.MethodPost, "budget/undo", map[string]any{"key": "undo-key-1", "act": key}); undone.code() != "in_use" || undone.status != http.StatusConflict {
		t.Errorf("%d %s", undone.status, undone.raw)
	}
}
