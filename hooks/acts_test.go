package hooks_test

import (
	"net/http"
	"regexp"
	"slices"
	"testing"

	"carrel/collections"
)

var (
	atTheDesk  = []collections.Role{collections.Librarian, collections.Aide, collections.Volunteer}
	withPeople = []collections.Role{collections.Librarian, collections.Aide}
	theHead    = []collections.Role{collections.Librarian}
)

// try is one act as it is sent: everything it needs is in the library.
type try struct {
	path string
	body map[string]any
}

// acts are all acts of the staff door: who may do them, what they answer, and how the library is made ready for one. The token is of the one who will act.
var acts = map[string]struct {
	may    []collections.Role
	status int
	ready  func(h *house, token string) try
}{
	"check out": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"checkouts", map[string]any{"patron": h.borrower(), "item": h.shelved()}}
	}},
	"check out with a due date": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"checkouts", map[string]any{"patron": h.borrower(), "item": h.shelved(), "due": ahead(9).String()}}
	}},
	"return": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		return try{"returns", map[string]any{"item": h.lent(h.borrower())}}
	}},
	"book drop": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		return try{"returns", map[string]any{"item": h.lent(h.borrower()), "mode": "book_drop"}}
	}},
	"renew": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		return try{"renewals", map[string]any{"item": h.lent(h.borrower())}}
	}},
	"decide a question": {theHead, http.StatusOK, func(h *house, _ string) try {
		return try{"questions/" + h.question() + "/decide", map[string]any{"decision": "lend", "item": h.shelved()}}
	}},
	"undo": {atTheDesk, http.StatusOK, func(h *house, token string) try {
		key := h.code("undo-key")
		body := map[string]any{"patron": h.borrower(), "item": h.shelved(), "key": key}
		if h.ask(http.MethodPost, "/api/carrel/checkouts", token, body).status != http.StatusCreated { // not of the desk: somebody else did it
			h.do("checkouts", body)
		}
		return try{"undo", map[string]any{"key": key}}
	}},
	"class check-out in pairs": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"class-checkouts", map[string]any{"pairs": []map[string]string{
			{"patron": h.borrower(), "item": h.shelved()}, {"patron": h.borrower(), "item": h.shelved()},
		}}}
	}},
	"class set": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"class-checkouts", map[string]any{"items": []string{h.shelved(), h.shelved()}, "patron": h.borrower()}}
	}},
	"class set dealt out": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"class-checkouts", map[string]any{"items": []string{h.shelved(), h.shelved()}, "homeroom": h.room(3).ID}}
	}},
	"class renewal": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		patron := h.borrower()
		h.lent(patron)
		h.lent(patron)
		return try{"class-renewals", map[string]any{"patron": patron}}
	}},
	"due dates": {withPeople, http.StatusOK, func(h *house, _ string) try {
		patron := h.borrower()
		h.lent(patron)
		return try{"dues", map[string]any{"patron": patron, "due": ahead(40).String()}}
	}},
	"term": {theHead, http.StatusOK, func(h *house, _ string) try {
		h.do("checkouts", map[string]any{"patron": h.borrower(), "item": h.shelved(), "due": ahead(60).String(), "key": h.code("lent-key")})
		return try{"terms/" + h.Term(ahead(50)).ID + "/apply", map[string]any{}}
	}},
	"hold on a title": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"holds", map[string]any{"patron": h.borrower(), "title": h.title()}}
	}},
	"hold on an item": {atTheDesk, http.StatusCreated, func(h *house, _ string) try {
		return try{"holds", map[string]any{"patron": h.borrower(), "item": h.shelved()}}
	}},
	"cancel a hold": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		return try{"holds/" + h.held(h.borrower(), h.title()) + "/cancel", map[string]any{}}
	}},
	"move a hold": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		title := h.title()
		h.held(h.borrower(), title)
		return try{"holds/" + h.held(h.borrower(), title) + "/move", map[string]any{"place": 1}}
	}},
	"claim returned": {withPeople, http.StatusOK, func(h *house, _ string) try {
		return try{"claims", map[string]any{"item": h.lent(h.borrower()), "claim": "returned"}}
	}},
	"claim never had": {withPeople, http.StatusOK, func(h *house, _ string) try {
		return try{"claims", map[string]any{"item": h.lent(h.borrower()), "claim": "never_had"}}
	}},
	"claim taken back": {withPeople, http.StatusOK, func(h *house, _ string) try {
		item := h.lent(h.borrower())
		h.do("claims", map[string]any{"item": item, "claim": "returned", "key": h.code("claim-key")})
		return try{"claims", map[string]any{"item": item, "claim": ""}}
	}},
	"in-house use":       {atTheDesk, http.StatusOK, marked("in_house")},
	"found":              {atTheDesk, http.StatusOK, marked("found")},
	"damaged":            {atTheDesk, http.StatusOK, marked("damaged")},
	"repair":             {atTheDesk, http.StatusOK, marked("repair")},
	"pieces are missing": {atTheDesk, http.StatusOK, marked("pieces")},
	"arrived":            {atTheDesk, http.StatusOK, marked("arrive")},
	"lost":               {withPeople, http.StatusOK, marked("lost")},
	"missing":            {withPeople, http.StatusOK, marked("missing")},
	"withdrawn":          {withPeople, http.StatusOK, marked("withdraw")},
	"transfer":           {withPeople, http.StatusOK, marked("transfer")},
	"damaged, with a charge": {theHead, http.StatusOK, func(h *house, _ string) try {
		item := h.lent(h.borrower())
		return try{"marks", map[string]any{"item": item, "as": "damaged", "charge": "12.50"}}
	}},
	"lost, without a charge": {theHead, http.StatusOK, func(h *house, _ string) try {
		return try{"marks", map[string]any{"item": h.lent(h.borrower()), "as": "lost", "charge": "0"}}
	}},
	"scan along the shelf": {atTheDesk, http.StatusOK, func(h *house, _ string) try {
		return try{"inventories/" + h.Inventory().ID + "/scans", map[string]any{"code": h.shelved()}}
	}},
	"give up what an inventory did not see": {theHead, http.StatusOK, func(h *house, _ string) try {
		item := h.Item(h.code("B"))
		return try{"inventories/" + h.Inventory().ID + "/missing", map[string]any{"items": []string{item.ID}}}
	}},
	"charge": {theHead, http.StatusCreated, func(h *house, _ string) try {
		return try{"charges", map[string]any{"patron": h.borrower(), "amount": "3.05", "note": "A card"}}
	}},
	"pay":   {theHead, http.StatusOK, settled("pay")},
	"waive": {theHead, http.StatusOK, settled("waive")},
	"refund": {theHead, http.StatusOK, func(h *house, _ string) try {
		patron := h.borrower()
		got := h.do("charges", map[string]any{"patron": patron, "amount": "3", "key": h.code("charge-key")})
		fees, _ := got.body["fees"].([]any)
		fee, _ := fees[0].(map[string]any)
		h.do("settlements", map[string]any{"patron": patron, "kind": "pay", "amount": "3", "key": h.code("pay-key")})
		return try{"settlements", map[string]any{"patron": patron, "kind": "refund", "fee": fee["id"], "amount": "2.50"}}
	}},
}

func marked(as string) func(*house, string) try {
	return func(h *house, _ string) try {
		body := map[string]any{"item": h.shelved(), "as": as}
		if as == "transfer" {
			body["to"] = "North"
		}
		return try{"marks", body}
	}
}

func settled(kind string) func(*house, string) try {
	return func(h *house, _ string) try {
		patron := h.borrower()
		h.do("charges", map[string]any{"patron": patron, "amount": "3", "key": h.code("charge-key")})
		return try{"settlements", map[string]any{"patron": patron, "kind": kind, "amount": "1.25"}}
	}
}

// TestEachActAsEachRole does every act as every role and signed out: who may is answered and a fact is written, who may not writes nothing. The same key
// again answers the same and writes nothing; with another act it is refused.
func TestEachActAsEachRole(t *testing.T) {
	h := withStaff(t)
	h.feesOn()
	for name, act := range acts {
		for role, token := range h.everybody() {
			send := act.ready(h, token)
			if send.body["key"] == nil {
				send.body["key"] = h.code("act-key")
			}
			before := h.facts()
			got := h.ask(http.MethodPost, "/api/carrel/"+send.path, token, send.body)
			if !slices.Contains(act.may, role) {
				refusedTo(t, h, name, role, got, before)
				continue
			}
			if got.status != act.status || h.facts() == before {
				t.Errorf("%s as %s: %d %s, %d new facts", name, role, got.status, got.raw, h.facts()-before)
				continue
			}
			once(t, h, name, token, send, got)
		}
	}
}

func refusedTo(t *testing.T, h *house, name string, role collections.Role, got answer, before int) {
	t.Helper()
	want := http.StatusForbidden
	if role == "signed out" {
		want = http.StatusUnauthorized
	}
	if got.status != want || h.facts() != before {
		t.Errorf("%s as %s: %d %s, %d new facts", name, role, got.status, got.raw, h.facts()-before)
	}
}

// once sends an act again, and then another act with its key.
func once(t *testing.T, h *house, name, token string, send try, first answer) {
	t.Helper()
	before := h.facts()
	again := h.ask(http.MethodPost, "/api/carrel/"+send.path, token, send.body)
	if again.status != first.status || again.raw != first.raw || h.facts() != before {
		t.Errorf("%s again: %d %s, not %s; %d new facts", name, again.status, again.raw, first.raw, h.facts()-before)
	}
	other := map[string]any{"item": h.shelved(), "as": "repair", "key": send.body["key"]}
	if got := h.ask(http.MethodPost, "/api/carrel/marks", token, other); got.status != http.StatusConflict || got.code() != "key_reused" || h.facts() != before {
		t.Errorf("another act with the key of %s: %d %s", name, got.status, got.raw)
	}
}

// TestEveryActIsTried holds the table above to the routes: each that wants a key is in it.
func TestEveryActIsTried(t *testing.T) {
	h := withStaff(t)
	h.feesOn()
	var tried []string
	for _, act := range acts {
		tried = append(tried, act.ready(h, h.tokens[collections.Librarian]).path)
	}
	for _, route := range h.door.Routes() {
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`{[a-z]+}`).ReplaceAllString(route.Path, "[^/]+") + "$")
		known := slices.ContainsFunc(tried, func(path string) bool { return pattern.MatchString("/api/carrel/" + path) })
		if route.Method == http.MethodPost && !known && !slices.Contains(notActs, route.Path) {
			t.Errorf("%s is not tried", route.Path)
		}
	}
}

// notActs are the commands that change something and are no act of circulation.
var notActs = []string{
	"/api/carrel/settings/paper/measure",
	"/api/carrel/setup", "/api/carrel/notices/run", "/api/carrel/notices/print", "/api/carrel/notices/{id}/again",
	"/api/carrel/notices/templates/preview", "/api/carrel/notices/test", "/api/carrel/notices/unsubscribed",
	"/api/carrel/kiosks", "/api/carrel/kiosks/{id}/revoke", "/api/carrel/kiosks/{id}/unlock", "/api/carrel/kiosks/{id}/window",
	"/api/carrel/inventories", "/api/carrel/inventories/{id}/close", "/api/carrel/items",
	"/api/carrel/rules", "/api/carrel/rules/shipped", "/api/carrel/rules/try", "/api/carrel/calendar", "/api/carrel/calendar/import",
	"/api/carrel/patrons/{barcode}/restrictions", "/api/carrel/restrictions/import",
	"/api/carrel/patrons", "/api/carrel/patrons/{barcode}/card", "/api/carrel/homerooms",
	"/api/carrel/adds", "/api/carrel/adds/{id}/again", "/api/carrel/adds/commit", "/api/carrel/pool", "/api/carrel/settings/lookup/test",
	"/api/carrel/imports", "/api/carrel/imports/{id}/apply", "/api/carrel/imports/{id}/undo",
	"/api/carrel/imports", "/api/carrel/imports/{id}/apply", "/api/carrel/imports/{id}/undo", "/api/carrel/imports/{id}/cancel", "/api/carrel/imports/{id}/barcodes",
	"/api/carrel/patron-types", "/api/carrel/item-types", "/api/carrel/locations",
	"/api/carrel/titles", "/api/carrel/titles/{id}/marc/check", "/api/carrel/titles/{id}/restore",
	"/api/carrel/lists", "/api/carrel/lists/{id}/titles",
	"/api/carrel/exports", "/api/carrel/labels.pdf", "/api/carrel/merges", "/api/carrel/merges/{id}/undo",
	"/api/carrel/staff", "/api/carrel/staff/{id}/password", "/api/carrel/recovery", "/api/carrel/recover",
	"/api/carrel/saved-reports",
	"/api/carrel/lessons", "/api/carrel/lessons/{id}/copy", "/api/carrel/teaching/sessions", "/api/carrel/teaching/undo", "/api/carrel/teaching/asks", "/api/carrel/teaching/feed",
	"/api/carrel/kits/{id}", "/api/carrel/lessons", "/api/carrel/lessons/{id}/copy", "/api/carrel/teaching/sessions", "/api/carrel/teaching/undo", "/api/carrel/teaching/asks",
	"/api/carrel/standards",
	"/api/carrel/checks", "/api/carrel/checks/{id}/copy", "/api/carrel/checks/{id}/runs", "/api/carrel/checks/{id}/results",
	"/api/carrel/runs/{id}/restore", "/api/carrel/runs/{id}/scores", "/api/carrel/runs/{id}/decide",
	"/api/carrel/budget/years", "/api/carrel/budget/funds", "/api/carrel/budget/allocations", "/api/carrel/budget/transfers", "/api/carrel/budget/adjustments",
	"/api/carrel/budget/undo", "/api/carrel/budget/vendors", "/api/carrel/budget/orders", "/api/carrel/budget/requests", "/api/carrel/budget/orders/{id}/approve",
	"/api/carrel/budget/orders/{id}/send", "/api/carrel/budget/orders/{id}/receive", "/api/carrel/budget/orders/{id}/invoices",
	"/api/carrel/budget/years/{id}/roll", "/api/carrel/budget/orders/{id}/records", "/api/carrel/budget/orders/{id}/close", "/api/carrel/budget/orders/{id}/cancel",
}
