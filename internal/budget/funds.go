package budget

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"
	"carrel/internal/money"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// The longest names and notes of money, in letters.
const (
	maxYear    = 40
	maxFund    = 80
	maxVendor  = 120
	maxPurpose = 200
)

// SaveYear makes a fiscal year, or changes one: fault.Invalid (name, ends), fault.Conflict (overlaps) when a day belongs to two years, open_orders when one that is
// closed has some left. With the key of an earlier call it answers what that made.
func SaveYear(app core.App, key string, year collections.Year) (saved collections.Year, err error) {
	const op = "budget.SaveYear"
	year.Name = site.OneLine(year.Name)
	if err := checkText(op, "name", year.Name, maxYear); err != nil {
		return year, err
	}
	switch {
	case year.Name == "":
		return year, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	case year.Starts == 0:
		return year, fault.New(op, fault.Invalid, "budget.needs_day").At("starts")
	case year.Ends <= year.Starts:
		return year, fault.New(op, fault.Invalid, "budget.ends_before").At("ends")
	case year.Ends-year.Starts > longestYear:
		return year, fault.New(op, fault.Invalid, "budget.long_year").At("ends")
	}
	err = app.RunInTransaction(func(app core.App) error {
		before, id, err := madeWith[collections.Year](app, op, "year", key, year.ID)
		if err != nil || before.ID != "" && year.ID == "" {
			saved = before
			return err
		}
		year.ID = id
		if err := closable(app, op, year); err != nil {
			return err
		}
		other, clash, err := collections.Find[collections.Year](app, "id != {:id} AND starts <= {:ends} AND ends >= {:starts}",
			dbx.Params{"id": year.ID, "starts": year.Starts.String(), "ends": year.Ends.String()})
		if err != nil {
			return err
		}
		if clash {
			return fault.New(op, fault.Conflict, "budget.overlaps", other.Name).Named("overlaps").At("starts")
		}
		saved, err = save(app, year, before.ID != "")
		return err
	})
	return saved, err
}

// longestYear is a fiscal year with some room for one that is moved.
const longestYear = 2 * 366

// closable refuses to close a year with orders that still hold money.
func closable(app core.App, op string, year collections.Year) error {
	if year.ClosedAt.IsZero() {
		return nil
	}
	var open int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM budget_orders WHERE year = {:year} AND state IN ('sent', 'partly_received')").
		Bind(dbx.Params{"year": year.ID}).Row(&open)
	if err == nil && open > 0 {
		err = fault.New(op, fault.Conflict, "budget.open_orders", open).Named("open_orders").At("closed")
	}
	return err
}

// SaveFund makes a fund, or changes what is said of one; its amounts are the ledger's. The codes are fault.NotFound (year), fault.Invalid (name, kind, spend_by),
// fault.Conflict (name_taken, changed, year_closed). With the key of an earlier call it answers what that made.
func SaveFund(app core.App, key string, fund collections.Fund) (saved collections.Fund, err error) {
	const op = "budget.SaveFund"
	if fund, err = tidyFund(op, fund); err != nil {
		return fund, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		now, id, err := madeWith[collections.Fund](app, op, "fund", key, fund.ID)
		if err != nil || now.ID != "" && fund.ID == "" {
			saved = now
			return err
		}
		fund.ID = id
		if err := unchanged(op, fund.Updated, now.Updated, now.ID != ""); err != nil {
			return err
		}
		if err := openYear(app, op, fund.Year, "year"); err != nil {
			return err
		}
		_, taken, err := collections.Find[collections.Fund](app, "id != {:id} AND year = {:year} AND name = {:name}",
			dbx.Params{"id": fund.ID, "year": fund.Year, "name": fund.Name})
		if err != nil {
			return err
		}
		if taken {
			return fault.New(op, fault.Conflict, "budget.name_taken", fund.Name).Named("name_taken").At("name")
		}
		fund.Allocated, fund.Transferred, fund.Spent, fund.Encumbered = now.Allocated, now.Transferred, now.Spent, now.Encumbered
		saved, err = save(app, fund, now.ID != "")
		return err
	})
	return saved, err
}

// AddFund makes a fund and gives it its first money, in one: the codes are those of SaveFund and Allocate. Without an amount it begins empty.
func AddFund(app core.App, act Act, fund collections.Fund, cents int) (saved collections.Fund, err error) {
	if err := act.check("budget.AddFund"); err != nil {
		return fund, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		if saved, err = SaveFund(app, act.Key, fund); err != nil || cents == 0 {
			return err
		}
		return Allocate(app, act, saved.ID, cents)
	})
	return saved, err
}

// Vendors lists everybody the library buys from, by name.
func Vendors(app core.App) ([]collections.Vendor, error) {
	return collections.All[collections.Vendor](app, "", "name, id", nil)
}

// VendorByID reads one: fault.NotFound.
func VendorByID(app core.App, id string) (collections.Vendor, error) {
	return byID[collections.Vendor](app, "budget.VendorByID", id, "id")
}

// FundKinds are where the money of a fund may come from.
var FundKinds = []string{"allocation", "grant", "gift", "fundraiser"}

func tidyFund(op string, fund collections.Fund) (collections.Fund, error) {
	for _, text := range []struct {
		field string
		value *string
		most  int
	}{
		{"name", &fund.Name, maxFund}, {"purpose", &fund.Purpose, maxPurpose}, {"funder", &fund.Funder, maxVendor}, {"award", &fund.Award, 60},
	} {
		*text.value = site.OneLine(*text.value)
		if err := checkText(op, text.field, *text.value, text.most); err != nil {
			return fund, err
		}
	}
	if fund.Name == "" {
		return fund, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	}
	if fund.Kind == "" {
		fund.Kind = FundKinds[0]
	}
	if !slices.Contains(FundKinds, fund.Kind) {
		return fund, fault.New(op, fault.Invalid, "budget.bad_kind").At("kind")
	}
	return fund, nil
}

func checkText(op, field, text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return fault.New(op, fault.Invalid, "budget.long", most).At(field)
	}
	return nil
}

// SaveVendor makes a vendor or changes one: fault.Invalid (name …), fault.Conflict (name_taken, changed). With the key of an earlier call it answers what that made.
func SaveVendor(app core.App, key string, vendor collections.Vendor) (saved collections.Vendor, err error) {
	const op = "budget.SaveVendor"
	if vendor, err = tidyVendor(op, vendor); err != nil {
		return vendor, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		now, id, err := madeWith[collections.Vendor](app, op, "vendor", key, vendor.ID)
		if err != nil || now.ID != "" && vendor.ID == "" {
			saved = now
			return err
		}
		vendor.ID = id
		if err := unchanged(op, vendor.Updated, now.Updated, now.ID != ""); err != nil {
			return err
		}
		_, taken, err := collections.Find[collections.Vendor](app, "id != {:id} AND name = {:name}", dbx.Params{"id": vendor.ID, "name": vendor.Name})
		if err != nil {
			return err
		}
		if taken {
			return fault.New(op, fault.Conflict, "budget.name_taken", vendor.Name).Named("name_taken").At("name")
		}
		saved, err = save(app, vendor, now.ID != "")
		return err
	})
	return saved, err
}

// maxDiscount is all of it, in hundredths of a percent.
const maxDiscount = 10_000

func tidyVendor(op string, vendor collections.Vendor) (collections.Vendor, error) {
	vendor.Name, vendor.Account = site.OneLine(vendor.Name), site.OneLine(vendor.Account)
	vendor.Email, vendor.Phone = site.OneLine(vendor.Email), site.OneLine(vendor.Phone)
	vendor.Address, vendor.Note = strings.TrimSpace(vendor.Address), strings.TrimSpace(vendor.Note)
	if vendor.Name == "" {
		return vendor, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	}
	for _, text := range []struct {
		field, value string
		most         int
	}{
		{"name", vendor.Name, maxVendor}, {"account", vendor.Account, 60}, {"email", vendor.Email, 320}, {"phone", vendor.Phone, 40},
		{"address", vendor.Address, 400}, {"note", vendor.Note, 500},
	} {
		if err := checkText(op, text.field, text.value, text.most); err != nil {
			return vendor, err
		}
	}
	if vendor.Discount < 0 || vendor.Discount > maxDiscount {
		return vendor, fault.New(op, fault.Invalid, "budget.bad_discount").At("discount")
	}
	return vendor, nil
}

// checkAmount refuses what is no amount, or a slip of the finger.
func checkAmount(op string, amount int) error {
	switch {
	case amount == 0:
		return fault.New(op, fault.Invalid, "budget.needs_amount").At("amount")
	case amount < 0:
		return fault.New(op, fault.Invalid, "money.negative").At("amount")
	case amount > money.Most:
		return fault.New(op, fault.Invalid, "budget.too_much").At("amount")
	}
	return nil
}

// Allocate gives money to a fund: fault.NotFound (fund), fault.Invalid (cents), fault.Conflict (key_reused).
func Allocate(app core.App, act Act, fund string, cents int) error {
	const op = "budget.Allocate"
	if err := checkAmount(op, cents); err != nil {
		return err
	}
	return do(app, op, act, actAllocate, fund, fmt.Sprint(cents), func(app core.App, _ *data) ([]entry, error) {
		_, err := byID[collections.Fund](app, op, fund, "fund")
		return []entry{{fund: fund, kind: ledger.Allocate, cents: cents}}, err
	})
}

// Transfer moves money between two funds: as Allocate, and fault.Refused (fund_short), which the librarian may pass.
func Transfer(app core.App, act Act, from, to string, cents int) error {
	const op = "budget.Transfer"
	if err := checkAmount(op, cents); err != nil {
		return err
	}
	if from == to {
		return fault.New(op, fault.Invalid, "budget.same_fund").At("to")
	}
	return do(app, op, act, actTransfer, from, fmt.Sprint(to, cents), func(app core.App, _ *data) ([]entry, error) {
		if _, err := byID[collections.Fund](app, op, to, "to"); err != nil {
			return nil, err
		}
		entries := []entry{{fund: from, kind: ledger.TransferOut, cents: cents}, {fund: to, kind: ledger.TransferIn, cents: cents}}
		return entries, enough(app, op, act, entries)
	})
}

// Adjust corrects what was spent of a fund, up or down, with a reason: as Transfer.
func Adjust(app core.App, act Act, fund string, cents int) error {
	const op = "budget.Adjust"
	if err := checkAmount(op, max(cents, -cents)); err != nil {
		return err
	}
	if act.Reason == "" {
		return fault.New(op, fault.Invalid, "budget.needs_reason").At("reason")
	}
	return do(app, op, act, actAdjust, fund, fmt.Sprint(cents), func(app core.App, _ *data) ([]entry, error) {
		entries := []entry{{fund: fund, kind: ledger.Adjust, cents: cents}}
		return entries, enough(app, op, act, entries)
	})
}

// enough refuses entries that would leave a fund below zero, unless the act overrides that: fault.Refused (fund_short) names the fund and what is missing. It looks
// inside the transaction that writes, so two people cannot both spend the last money. A fund that was below zero already may be helped up.
func enough(app core.App, op string, act Act, entries []entry) error {
	after := map[string]ledger.Balance{}
	before := map[string]collections.Fund{}
	for _, e := range entries {
		if _, known := before[e.fund]; !known {
			fund, err := byID[collections.Fund](app, op, e.fund, "fund")
			if err != nil {
				return err
			}
			before[e.fund], after[e.fund] = fund, fund.Balance()
		}
		after[e.fund] = after[e.fund].With(e.kind, e.cents)
	}
	for _, e := range entries {
		left, had := after[e.fund].Available(), before[e.fund].Balance().Available()
		if left < 0 && left < had && !act.Override {
			return fault.New(op, fault.Refused, "budget.fund_short", before[e.fund].Name, inCurrency(app, -left)).Named("fund_short").At("fund")
		}
	}
	return nil
}
