package desk_test

import (
	"errors"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

func mark(lib testkit.Library, key, as string, charge ...int) (desk.Marked, error) {
	request := desk.MarkRequest{Act: act(key, librarian), Item: "B100", As: as, To: "North School"}
	if len(charge) > 0 {
		request.Charge = &charge[0]
	}
	return desk.Mark(lib.App, request)
}

func mustMark(t *testing.T, lib testkit.Library, key, as string, charge ...int) desk.Marked {
	t.Helper()
	marked, err := mark(lib, key, as, charge...)
	if err != nil {
		t.Fatalf("%s: %v", as, err)
	}
	return marked
}

// withFees switches fees on and gives B100 a price.
func withFees(t *testing.T, terms string) testkit.Library {
	t.Helper()
	lib := library(t)
	lib.Rule("", "", terms)
	if err := site.SaveFees(lib.App, site.Fees{On: true, Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	item, err := desk.FindItem(lib.App, "B100")
	if err != nil {
		t.Fatal(err)
	}
	item.PriceCents = 1299
	lib.Save(item.Item)
	return lib
}

func status(t *testing.T, lib testkit.Library) string {
	t.Helper()
	item, err := desk.FindItem(lib.App, "B100")
	if err != nil {
		t.Fatal(err)
	}
	return item.Status
}

// Each mark is told of an item on the shelf and of one that is out, once and once more with the same key, and undone.
func TestMarks(t *testing.T) {
	for _, test := range []struct{ as, status, loan, next string }{
		{"lost", "lost", "lost", "nothing"},
		{"missing", "missing", "missing", "search"},
		{"damaged", "damaged", "returned", "repair"},
		{"pieces", "incomplete", "returned", "repair"},
		{"repair", "repair", "returned", "repair"},
		{"found", "available", "returned", "shelve"},
		{"in_house", "available", "returned", "shelve"},
		{"arrive", "available", "returned", "shelve"},
		{"transfer", "transit", "", "shelve"},
		{"withdraw", "withdrawn", "", "aside"},
	} {
		t.Run(test.as, func(t *testing.T) {
			lib := library(t)
			for range 2 {
				if marked := mustMark(t, lib, "shelf", test.as); marked.Item.Status != test.status || marked.Next != test.next {
					t.Errorf("status %s, next %s", marked.Item.Status, marked.Next)
				}
			}
			if lib.Count("circ_events", "kind = '"+test.as+"'") != 1 {
				t.Error("the same key wrote two facts")
			}
			agree(t, lib)
			if err := desk.Undo(lib.App, "key-shelf-000", monday, librarian); err != nil {
				t.Fatal(err)
			}
			if got := status(t, lib); got != collections.ItemAvailable {
				t.Errorf("after undo: %s", got)
			}
			mustCheckOut(t, lib, "a")
			_, err := mark(lib, "out", test.as)
			if test.loan == "" {
				if fault.CodeOf(err) != fault.Conflict || lib.Count("loans", "state = 'open'") != 1 {
					t.Errorf("%s of an item that is out: %v", test.as, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if lib.Count("loans", "state = '"+test.loan+"'") != 1 || status(t, lib) != test.status {
				t.Errorf("loan or item is not %s", test.loan)
			}
			agree(t, lib)
			if err := desk.Undo(lib.App, "key-out-000", monday, librarian); err != nil {
				t.Fatal(err)
			}
			if lib.Count("loans", "state = 'open'") != 1 || status(t, lib) != collections.ItemAvailable {
				t.Error("not undone whole")
			}
			agree(t, lib)
		})
	}
}

func TestBadMarks(t *testing.T) {
	lib := library(t)
	minus := -1
	for field, request := range map[string]desk.MarkRequest{
		"as":     {Act: act("1", librarian), Item: "B100", As: "eaten"},
		"to":     {Act: act("2", librarian), Item: "B100", As: "transfer"},
		"amount": {Act: act("3", librarian), Item: "B100", As: "lost", Charge: &minus},
		"key":    {Act: act("4:5", librarian), Item: "B100", As: "lost"},
	} {
		_, err := desk.Mark(lib.App, request)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	mustMark(t, lib, "l", "lost")
	if _, err := mark(lib, "m", "lost"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("lost twice: %v", err)
	}
	if _, err := mark(lib, "l", "found"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("the key of another act: %v", err)
	}
	if lib.Count("circ_events", "1") != 1 {
		t.Error("a refused mark wrote a fact")
	}
}

// A lost item is charged at its price; when it turns up, what was paid comes back and the rest is waived.
func TestLostPaidFoundRefunded(t *testing.T) {
	lib := withFees(t, `{"loan_days": 21, "processing_fee_cents": 200}`)
	mustCheckOut(t, lib, "a")
	marked := mustMark(t, lib, "l", "lost")
	if marked.Fee == nil || marked.Fee.Cents != 1499 || marked.Fee.Reason != collections.FeeLost {
		t.Fatalf("%+v", marked.Fee)
	}
	account, err := desk.Settle(lib.App, desk.SettleRequest{Act: act("p", librarian), Patron: "P100", Kind: "pay", Cents: 1000})
	if err != nil || account.Owed != 499 {
		t.Fatalf("owed %d, %v", account.Owed, err)
	}
	mustReturn(t, lib, "r")
	if lib.Count("fees", "paid = 1000 AND refunded = 1000 AND waived = 499 AND state = 'settled'") != 1 {
		t.Error("the charge was not taken back")
	}
	if lib.Count("loans", "state = 'returned'") != 1 || status(t, lib) != collections.ItemAvailable {
		t.Error("the item is still lost")
	}
	agree(t, lib)
	if err := desk.Undo(lib.App, "key-r-000", monday, librarian); err != nil {
		t.Fatal(err)
	}
	if lib.Count("fees", "paid = 1000 AND refunded = 0 AND waived = 0 AND state = 'open'") != 1 || status(t, lib) != collections.ItemLost {
		t.Error("the undo did not bring the charge back")
	}
	agree(t, lib)
}

// What was lost and is lent before anybody noticed that it is back ends the old loan.
func TestDamageIsChargedToTheLastPatron(t *testing.T) {
	lib := withFees(t, `{"loan_days": 21}`)
	mustCheckOut(t, lib, "a")
	mustReturn(t, lib, "r")
	marked := mustMark(t, lib, "d", "damaged", 350)
	if marked.Fee == nil || marked.Fee.Cents != 350 || marked.Fee.Reason != collections.FeeDamaged {
		t.Errorf("%+v", marked.Fee)
	}
	patron, err := desk.FindPatron(lib.App, "P100")
	if err != nil {
		t.Fatal(err)
	}
	if owed, err := desk.Owed(lib.App, patron.ID); err != nil || owed != 350 {
		t.Errorf("owed %d, %v", owed, err)
	}
	agree(t, lib)
}

func TestFeesAreOffByDefault(t *testing.T) {
	lib := library(t)
	lib.Rule("", "", `{"loan_days": 1, "fee_per_day_cents": 10, "lost_fee_cents": 500}`)
	mustCheckOut(t, lib, "a")
	if marked := mustMark(t, lib, "l", "lost"); marked.Fee != nil {
		t.Error("a library without fees charged")
	}
	for what, do := range map[string]func() error{
		"charge": func() error {
			_, err := desk.Charge(lib.App, desk.ChargeRequest{Act: act("c", librarian), Patron: "P100", Cents: 100})
			return err
		},
		"pay": func() error {
			_, err := desk.Settle(lib.App, desk.SettleRequest{Act: act("p", librarian), Patron: "P100", Kind: "pay", Cents: 100})
			return err
		},
	} {
		var f *fault.Error
		if err := do(); !errors.As(err, &f) || f.Word != "fees_off" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestLateFee(t *testing.T) {
	for name, test := range map[string]struct {
		mode string
		at   time.Time // when it came back
		want int
	}{
		"on the due day":        {"", monday.Add(7 * day), 0},
		"three open days late":  {"", monday.Add(10 * day), 30},
		"over a weekend":        {"", monday.Add(14 * day), 50},
		"in the book drop":      {"book_drop", monday.Add(10 * day), 0},
		"at most the cap":       {"", monday.Add(60 * day), 200},
		"entered later as then": {"", monday.Add(7*day + time.Hour), 0},
	} {
		lib := withFees(t, `{"loan_days": 7, "fee_per_day_cents": 10, "fee_cap_cents": 200}`)
		mustCheckOut(t, lib, "a")
		request := desk.ReturnRequest{Act: desk.Act{Key: "return-it", At: test.at, Now: test.at.Add(30 * day), Actor: aide}, Item: "B100", Mode: test.mode}
		returned, err := desk.Return(lib.App, request)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if returned.Fee != nil {
			got = returned.Fee.Cents
		}
		if got != test.want {
			t.Errorf("%s: %d cents, want %d", name, got, test.want)
		}
		agree(t, lib)
	}
}

const day = 24 * time.Hour

func TestOwingStopsLending(t *testing.T) {
	lib := withFees(t, `{"loan_days": 7, "fee_limit_cents": 500}`)
	if _, err := desk.Charge(lib.App, desk.ChargeRequest{Act: act("c", librarian), Patron: "P100", Cents: 500, Note: "Broken window"}); err != nil {
		t.Fatal(err)
	}
	_, err := checkOut(lib, "a")
	if diff := cmp.Diff([]policy.Code{policy.PatronFees}, codes(t, err)); diff != "" {
		t.Error(diff)
	}
	if _, err := desk.Settle(lib.App, desk.SettleRequest{Act: act("p", librarian), Patron: "P100", Kind: "waive", Cents: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := checkOut(lib, "b"); err != nil {
		t.Errorf("below the limit: %v", err)
	}
	agree(t, lib)
}

// A payment settles the oldest charges first; more than is owed is refused whole.
func TestPaymentsSettleTheOldestFirst(t *testing.T) {
	lib := withFees(t, `{}`)
	for i, cents := range []int{100, 200, 300} {
		request := desk.ChargeRequest{Act: act(string(rune('a'+i)), librarian), Patron: "P100", Cents: cents}
		request.Now = monday.Add(time.Duration(i) * time.Hour)
		if _, err := desk.Charge(lib.App, request); err != nil {
			t.Fatal(err)
		}
	}
	pay := func(key string, cents int) (desk.Account, error) {
		request := desk.SettleRequest{Act: act(key, librarian), Patron: "P100", Kind: "pay", Cents: cents}
		request.Now = monday.Add(5 * time.Hour)
		return desk.Settle(lib.App, request)
	}
	if _, err := pay("toomuch", 601); fault.CodeOf(err) != fault.Conflict || lib.Count("fees", "paid > 0") != 0 {
		t.Errorf("more than is owed: %v", err)
	}
	for range 2 {
		account, err := pay("some", 250)
		if err != nil || account.Owed != 350 || len(account.Fees) != 2 {
			t.Errorf("%+v, %v", account, err)
		}
	}
	if lib.Count("fees", "paid = 100 AND state = 'settled'") != 1 || lib.Count("fees", "paid = 150 AND cents = 200") != 1 {
		t.Error("not the oldest first")
	}
	agree(t, lib)
	if err := desk.Undo(lib.App, "key-some-000", monday.Add(6*time.Hour), librarian); err != nil {
		t.Fatal(err)
	}
	if lib.Count("fees", "paid > 0 OR state != 'open'") != 0 {
		t.Error("the payment is not undone whole")
	}
	if err := desk.Undo(lib.App, "key-a-000", monday.Add(6*time.Hour), librarian); err != nil {
		t.Errorf("a charge nothing builds on: %v", err)
	}
	agree(t, lib)
}

func TestBadMoney(t *testing.T) {
	lib := withFees(t, `{}`)
	for field, request := range map[string]desk.SettleRequest{
		"amount": {Act: act("1", librarian), Patron: "P100", Kind: "pay"},
		"kind":   {Act: act("2", librarian), Patron: "P100", Kind: "steal", Cents: 1},
		"fee":    {Act: act("3", librarian), Patron: "P100", Kind: "refund", Cents: 1},
	} {
		_, err := desk.Settle(lib.App, request)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := desk.Settle(lib.App, desk.SettleRequest{Act: act("4", librarian), Patron: "P100", Kind: "refund", Fee: "nothing00000000", Cents: 1})
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown charge: %v", err)
	}
}

func TestClaims(t *testing.T) {
	lib := library(t)
	lib.Rule("", "", `{"loan_days": 7, "loan_limit": 1, "overdue_limit": 1, "claim_limit": 1}`)
	lib.Item("B200")
	mustCheckOut(t, lib, "a")
	claim := func(key, claim, item string, override ...policy.Code) error {
		request := desk.ClaimRequest{Act: act(key, aide), Item: item, Claim: claim, Override: override}
		request.Now = monday.Add(14 * day)
		_, err := desk.Claim(lib.App, request)
		return err
	}
	for range 2 {
		if err := claim("c", collections.ClaimReturned, "B100"); err != nil {
			t.Fatal(err)
		}
	}
	later := desk.CheckOutRequest{Act: act("b", aide), Patron: "P100", Item: "B200"}
	later.Now = monday.Add(15 * day)
	if _, err := desk.CheckOut(lib.App, later); err != nil {
		t.Errorf("a claimed loan is neither late nor counted: %v", err)
	}
	if diff := cmp.Diff([]policy.Code{policy.ClaimLimit}, codes(t, claim("d", collections.ClaimNeverHad, "B200"))); diff != "" {
		t.Error(diff)
	}
	if err := claim("e", collections.ClaimNeverHad, "B200", policy.ClaimLimit); err != nil {
		t.Errorf("an aide may pass it: %v", err)
	}
	if err := claim("f", "", "B200"); err != nil || lib.Count("loans", "claim = 'never_had'") != 0 {
		t.Errorf("taken back: %v", err)
	}
	if err := claim("g", "", "B200"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("taken back twice: %v", err)
	}
	if err := claim("h", "eaten", "B200"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an unknown claim: %v", err)
	}
	agree(t, lib)
	mustReturnAt(t, lib, "r", monday.Add(16*day))
	if err := claim("i", collections.ClaimReturned, "B100"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("of an item that is in: %v", err)
	}
}

func mustReturnAt(t *testing.T, lib testkit.Library, key string, now time.Time) {
	t.Helper()
	request := desk.ReturnRequest{Act: act(key, aide), Item: "B100"}
	request.Now = now
	if _, err := desk.Return(lib.App, request); err != nil {
		t.Fatal(err)
	}
}
