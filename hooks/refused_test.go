package hooks_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"carrel/collections"
)

// TestBadActs sends what must be refused: with a status, a word, the field and a sentence, and without a fact.
func TestBadActs(t *testing.T) {
	h := withStaff(t)
	h.feesOn()
	patron, item := h.borrower(), h.shelved()
	out := h.lent(patron)
	title := h.title()
	hold := h.held(patron, title)
	h.do("checkouts", map[string]any{"patron": h.borrower(), "item": item, "key": "built-on-1"})
	h.do("returns", map[string]any{"item": item, "key": "built-on-2"})
	saturday := ahead(7)
	for saturday.Weekday() != 6 {
		saturday++
	}
	with := func(body map[string]any) map[string]any {
		if body["key"] == nil {
			body["key"] = h.code("bad-key")
		}
		return body
	}
	for name, test := range map[string]struct {
		path   string
		body   map[string]any
		status int
		code   string
		field  string
	}{
		"charge with three decimals": {"charges", with(map[string]any{"patron": patron, "amount": "1.255"}), 400, "bad_amount", "amount"},
		"charge of nothing":          {"charges", with(map[string]any{"patron": patron, "amount": "0"}), 400, "bad_amount", "amount"},
		"charge below nothing":       {"charges", with(map[string]any{"patron": patron, "amount": "-5"}), 400, "bad_amount", "amount"},
		"charge without an amount":   {"charges", with(map[string]any{"patron": patron}), 400, "invalid", "amount"},
		"charge as a number":         {"charges", with(map[string]any{"patron": patron, "amount": 12.5}), 400, "invalid", "amount"},
		"pay with three decimals":    {"settlements", with(map[string]any{"patron": patron, "kind": "pay", "amount": "1.255"}), 400, "bad_amount", "amount"},
		"pay more than is owed":      {"settlements", with(map[string]any{"patron": patron, "kind": "pay", "amount": "5"}), 409, "too_much", "amount"},
		"an unknown settlement":      {"settlements", with(map[string]any{"patron": patron, "kind": "steal", "amount": "5"}), 400, "invalid", "kind"},
		"a refund of nothing":        {"settlements", with(map[string]any{"patron": patron, "kind": "refund", "amount": "5"}), 400, "invalid", "fee"},
		"an unknown charge":          {"settlements", with(map[string]any{"patron": patron, "kind": "pay", "amount": "5", "fee": "nosuchfee"}), 404, "unknown_fee", "fee"},
		"loss with three decimals":   {"marks", with(map[string]any{"item": out, "as": "lost", "charge": "12.505"}), 400, "bad_amount", "amount"},
		"an unknown mark":            {"marks", with(map[string]any{"item": out, "as": "eaten"}), 400, "invalid", "as"},
		"a mark of nothing":          {"marks", with(map[string]any{"as": "lost"}), 400, "invalid", "item"},
		"a transfer to nowhere":      {"marks", with(map[string]any{"item": item, "as": "transfer"}), 400, "invalid", "to"},
		"withdrawn while out":        {"marks", with(map[string]any{"item": out, "as": "withdraw"}), 409, "on_loan", "<nil>"},
		"an unknown claim":           {"claims", with(map[string]any{"item": out, "claim": "dog ate it"}), 400, "invalid", "claim"},
		"a claim of an item in":      {"claims", with(map[string]any{"item": item, "claim": "returned"}), 409, "not_on_loan", "<nil>"},
		"cancel an unknown hold":     {"holds/nosuchhold00001/cancel", with(map[string]any{}), 404, "unknown_hold", "hold"},
		"move an unknown hold":       {"holds/nosuchhold00001/move", with(map[string]any{"place": 1}), 404, "unknown_hold", "hold"},
		"move a hold to no place":    {"holds/" + hold + "/move", with(map[string]any{}), 400, "invalid", "place"},
		"move without a key":         {"holds/" + hold + "/move", map[string]any{"place": 1}, 400, "invalid", "key"},
		"hold on nothing":            {"holds", with(map[string]any{"patron": patron}), 400, "invalid", "title"},
		"hold on an unknown title":   {"holds", with(map[string]any{"patron": patron, "title": "nosuchtitle0001"}), 404, "unknown_title", "title"},
		"hold twice":                 {"holds", with(map[string]any{"patron": patron, "title": title}), 409, "refused", "<nil>"},
		"an unknown term":            {"terms/nosuchterm00001/apply", with(map[string]any{}), 404, "unknown_term", "term"},
		"due on no day":              {"dues", with(map[string]any{"patron": patron}), 400, "invalid", "due"},
		"due on a bad day":           {"dues", with(map[string]any{"patron": patron, "due": "12/24"}), 400, "invalid", "due"},
		"due in the past":            {"dues", with(map[string]any{"patron": patron, "due": "2020-01-06"}), 400, "invalid", "due"},
		"due on a closed day":        {"checkouts", with(map[string]any{"patron": patron, "item": item, "due": saturday.String()}), 400, "invalid", "due"},
		"dues of nobody":             {"dues", with(map[string]any{"due": ahead(9).String()}), 400, "invalid", "patron"},
		"a class of nobody":          {"class-checkouts", with(map[string]any{"items": []string{item}}), 400, "invalid", "patron"},
		"a class without items":      {"class-checkouts", with(map[string]any{"patron": patron}), 400, "invalid", "items"},
		"too many for the class":     {"class-checkouts", with(map[string]any{"items": []string{item}, "homeroom": h.room(0).ID}), 400, "invalid", "items"},
		"a class without a key":      {"class-checkouts", map[string]any{"patron": patron, "items": []string{item}}, 400, "invalid", "key"},
		"renew nobody":               {"class-renewals", with(map[string]any{}), 400, "invalid", "patron"},
		"undo what others build on":  {"undo", map[string]any{"key": "built-on-1"}, 409, "undo_built_on", "<nil>"},
		"older than the last act":    {"returns", with(map[string]any{"item": out, "at": "2020-01-06T09:00:00Z"}), 400, "invalid", "at"},
		"a key of another type":      {"returns", map[string]any{"item": item, "key": 5}, 400, "invalid", "key"},
		"an item of another type":    {"returns", with(map[string]any{"item": []string{item}}), 400, "invalid", "item"},
	} {
		before := h.facts()
		got := h.ask(http.MethodPost, "/api/carrel/"+test.path, h.tokens[collections.Librarian], test.body)
		if got.status != test.status || got.code() != test.code || got.field() != test.field || h.facts() != before {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
		if message, _ := got.body["message"].(string); !strings.HasSuffix(message, ".") {
			t.Errorf("%s: no sentence in %s", name, got.raw)
		}
	}
}

// A class check-out names each refusal with its item, its patron and the row that decided; one of them refuses all.
func TestRefusalsOfMany(t *testing.T) {
	h := withStaff(t)
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 1}`)
	full, free := h.borrower(), h.borrower()
	h.lent(full)
	second, third := h.shelved(), h.shelved()
	body := map[string]any{"pairs": []map[string]string{{"patron": free, "item": second}, {"patron": full, "item": third}}, "key": "class-key-1"}
	before := h.facts()
	got := h.ask(http.MethodPost, "/api/carrel/class-checkouts", h.tokens[collections.Volunteer], body)
	refusals := got.refusals()
	if got.status != http.StatusConflict || len(refusals) != 1 || h.facts() != before {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	rule, _ := refusals[0]["rule"].(map[string]any)
	if refusals[0]["code"] != "loan_limit" || refusals[0]["item"] != third || refusals[0]["patron"] != full || refusals[0]["overridable"] != false ||
		rule["id"] == "" || rule["scope"] != "rule for the whole library" {
		t.Errorf("%s", got.raw)
	}
	got = h.ask(http.MethodPost, "/api/carrel/class-checkouts", h.tokens[collections.Aide], body)
	if refusals := got.refusals(); len(refusals) != 1 || refusals[0]["overridable"] != true {
		t.Errorf("for an aide: %s", got.raw)
	}
	body["override"], body["reason"] = []string{"loan_limit"}, "A project"
	got = h.ask(http.MethodPost, "/api/carrel/class-checkouts", h.tokens[collections.Aide], body)
	if loans, _ := got.body["loans"].([]any); got.status != http.StatusCreated || len(loans) != 2 {
		t.Errorf("passed on purpose: %d %s", got.status, got.raw)
	}
	if h.Count(collections.CircEvents, "json_extract(data, '$.reason') = 'A project' AND json_extract(data, '$.override') = '[\"loan_limit\"]'") != 1 {
		t.Error("the reason is not in the fact")
	}
}

func (a answer) refusals() (list []map[string]any) {
	data, _ := a.body["data"].(map[string]any)
	refusals, _ := data["refusals"].([]any)
	for _, refusal := range refusals {
		one, _ := refusal.(map[string]any)
		list = append(list, one)
	}
	return list
}

// A class renewal renews what it may and names the rest, also when it is asked again.
func TestClassRenewalNamesTheRest(t *testing.T) {
	h := withStaff(t)
	patron, held := h.borrower(), h.Item("B700")
	h.do("checkouts", map[string]any{"patron": patron, "item": "B700", "key": "lend-key-1"})
	h.lent(patron)
	h.held(h.borrower(), held.Title)
	body := map[string]any{"patron": patron, "key": "renew-key-1"}
	got := h.do("class-renewals", body)
	refused := got.rows("refused")
	if len(got.rows("renewed")) != 1 || len(refused) != 1 || refused[0]["code"] != "item_on_hold" || refused[0]["item"] != "B700" || refused[0]["patron"] != patron {
		t.Errorf("%s", got.raw)
	}
	if again := h.do("class-renewals", body); again.raw != got.raw {
		t.Errorf("again: %s, not %s", again.raw, got.raw)
	}
}

// What a late return costs is told to the librarian only.
func TestLateFeeIsForTheLibrarian(t *testing.T) {
	h := withStaff(t)
	h.feesOn()
	h.Rule("", "", `{"loan_days": 7, "fee_per_day_cents": 10, "fee_cap_cents": 75}`)
	for _, role := range atTheDesk {
		item := h.shelved()
		h.do("checkouts", map[string]any{"patron": h.borrower(), "item": item, "key": h.code("late-key"), "at": time.Now().AddDate(0, 0, -60).Format(time.RFC3339)})
		got := h.ask(http.MethodPost, "/api/carrel/returns", h.tokens[role], map[string]any{"item": item, "key": h.code("late-key")})
		fee, _ := got.body["fee"].(map[string]any)
		if told := fee["amount"] == "0.75"; got.status != http.StatusOK || told != (role == collections.Librarian) || !told && got.body["fee"] != nil {
			t.Errorf("as %s: %d %s", role, got.status, got.raw)
		}
	}
	if h.Count(collections.Fees, "cents = 75") != 3 {
		t.Error("not each was charged")
	}
}
