package hooks_test

import (
	"fmt"
	"net/http"
	"testing"

	"carrel/collections"
)

// funded is a library with a fiscal year, a vendor and two funds: the ids of them by name.
func funded(t testing.TB) (h *house, ids map[string]string) {
	t.Helper()
	h, ids = withStaff(t), map[string]string{}
	ids["year"] = h.made201("budget/years", "year", map[string]any{"name": "2026–27", "starts": "2026-07-01", "ends": "2027-06-30"})
	ids["vendor"] = h.made201("budget/vendors", "vendor", map[string]any{"name": "Made Books", "account": "4711", "discount": 1500})
	ids["school"] = h.made201("budget/funds", "fund", map[string]any{"key": "fund-key-1", "year": ids["year"], "name": "School budget", "amount": 100_000})
	ids["grant"] = h.made201("budget/funds", "fund", map[string]any{
		"key": "fund-key-2", "year": ids["year"], "name": "Space grant", "kind": "grant", "spend_by": "2027-05-29", "amount": 5_000,
	})
	return h, ids
}

// made201 makes something as the librarian and answers its id.
func (h *house) made201(path, what string, body map[string]any) string {
	h.T.Helper()
	got := h.head(http.MethodPost, path, body)
	made, _ := got.body[what].(map[string]any)
	id, _ := made["id"].(string)
	if got.status != http.StatusCreated || id == "" {
		h.T.Fatalf("%s: %d %s", path, got.status, got.raw)
	}
	return id
}

// ordered is a draft with a line of each fund.
func (h *house) ordered(ids map[string]string, key string, price int) map[string]any {
	return map[string]any{
		"key": key, "year": ids["year"], "vendor": ids["vendor"], "name": "Spring list", "shipping": 100,
		"lines": []map[string]any{
			{"fund": ids["school"], "name": "Hatchet", "isbn": "9781416936473", "pieces": 3, "price": price},
			{"fund": ids["grant"], "name": "Labels", "pieces": 1, "price": 2_000},
		},
	}
}

func (h *house) act(order, what string, body map[string]any) answer {
	h.T.Helper()
	if body == nil {
		body = map[string]any{}
	}
	if body["key"] == nil {
		body["key"] = h.code("money-key")
	}
	return h.head(http.MethodPost, "budget/orders/"+order+"/"+what, body)
}

func inside(got answer, path ...string) any {
	var value any = got.body
	for _, name := range path {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			var at int
			_, _ = fmt.Sscan(name, &at)
			if at >= len(v) {
				return nil
			}
			value = v[at]
		}
	}
	return value
}

func TestAnOrderThroughTheDoor(t *testing.T) {
	h, ids := funded(t)
	order := h.made201("budget/orders", "order", h.ordered(ids, "order-key-1", 1_000))
	if again := h.made201("budget/orders", "order", h.ordered(ids, "order-key-1", 1_000)); again != order {
		t.Errorf("the same key made %s and %s", order, again)
	}
	for _, what := range []string{"approve", "send"} {
		if got := h.act(order, what, nil); got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", what, got.status, got.raw)
		}
	}
	got := h.get("budget?year="+ids["year"], collections.Principal)
	if inside(got, "open", "orders") != 1.0 || inside(got, "open", "held") != 5_100.0 || inside(got, "free") != 99_900.0 || inside(got, "may", "order") != false {
		t.Errorf("%s", got.raw)
	}
	shown := h.get("budget/orders/"+order, collections.Coordinator)
	line, _ := inside(shown, "order", "lines", "0", "id").(string)
	if inside(shown, "order", "total") != 5_100.0 || inside(shown, "order", "lines", "0", "total") != 3_060.0 || inside(shown, "order", "number") != "27-0001" {
		t.Errorf("%s", shown.raw)
	}
	key := h.code("money-key")
	if got := h.act(order, "receive", map[string]any{"key": key, "pieces": map[string]int{line: 2}}); inside(got, "order", "state") != "partly_received" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	bill := map[string]any{"number": "R-1", "day": "2026-12-01", "amount": 2_041}
	if got := h.act(order, "invoices", bill); got.status != http.StatusConflict || got.code() != "invoice_differs" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPost, "budget/undo", map[string]any{"key": "undo-key-1", "act": key}); inside(got, "order", "state") != "sent" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	history := h.get("budget/funds/"+ids["school"]+"?perPage=2&page=2", collections.Principal)
	if inside(history, "totalItems") != 6.0 || inside(history, "entries", "0", "balance") != 96_940.0 {
		t.Errorf("%s", history.raw)
	}
	if got := h.get("budget/orders?state=open&q=hatch", collections.Librarian); inside(got, "totalItems") != 1.0 {
		t.Errorf("%s", got.raw)
	}
}

func TestWishes(t *testing.T) {
	h, ids := funded(t)
	ask := func(role collections.Role, name string) answer {
		return h.ask(http.MethodPost, "/api/carrel/budget/requests", h.tokens[role], map[string]any{"key": h.code("wish-key"), "name": name, "for": "4B"})
	}
	mine := ask(collections.Teacher, "Hatchet")
	ask(collections.Librarian, "Something else")
	id, _ := inside(mine, "request", "id").(string)
	updated := inside(mine, "request", "updated")
	if got := h.get("budget/requests", collections.Teacher); len(got.rows("requests")) != 1 || id == "" {
		t.Errorf("%s", got.raw)
	}
	if got := h.head(http.MethodPatch, "budget/requests/"+id, map[string]any{"updated": updated, "state": "declined"}); got.status != http.StatusBadRequest {
		t.Errorf("%d %s", got.status, got.raw)
	}
	body := h.ordered(ids, "order-key-1", 1_000)
	lines, _ := body["lines"].([]map[string]any)
	lines[0]["request"] = id
	order := h.made201("budget/orders", "order", body)
	state := func() any { return inside(h.get("budget/requests", collections.Teacher), "requests", "0", "state") }
	if state() != "ordered" {
		t.Errorf("on an order: %v", state())
	}
	h.act(order, "cancel", nil)
	if state() != "asked" {
		t.Errorf("its order cancelled: %v", state())
	}
}
