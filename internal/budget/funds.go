package budget

import (
	"fmt"
	"strings"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ledger"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// SaveYear makes a fiscal year, or changes one: fault.Invalid (name, ends), fault.Conflict (overlaps) when a day belongs to two years.
func SaveYear(app core.App, year collections.Year) (saved collections.Year, err error) {
	const op = "budget.SaveYear"
	year.Name = strings.TrimSpace(year.Name)
	switch {
	case year.Name == "":
		return year, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	case year.Starts == 0:
		return year, fault.New(op, fault.Invalid, "budget.needs_day").At("starts")
	case year.Ends <= year.Starts:
		return year, fault.New(op, fault.Invalid, "budget.ends_before").At("ends")
	}
	err = app.RunInTransaction(func(app core.App) error {
		other, clash, err := collections.Find[collections.Year](app, "id != {:id} AND starts <= {:ends} AND ends >= {:starts}",
			dbx.Params{"id": year.ID, "starts": year.Starts.String(), "ends": year.Ends.String()})
		if err != nil {
			return err
		}
		if clash {
			return fault.New(op, fault.Conflict, "budget.overlaps", other.Name).Named("overlaps").At("starts")
		}
		saved, err = save(app, year, year.ID)
		return err
	})
	return saved, err
}

// SaveFund makes a fund, or changes what is said of one; its amounts are the ledger's. The codes are fault.NotFound (year), fault.Invalid (name, kind, spend_by),
// fault.Conflict (name_taken).
func SaveFund(app core.App, fund collections.Fund) (saved collections.Fund, err error) {
	const op = "budget.SaveFund"
	fund.Name = strings.TrimSpace(fund.Name)
	if fund.Name == "" {
		return fund, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	}
	if fund.Kind == "" {
		fund.Kind = "allocation"
	}
	err = app.RunInTransaction(func(app core.App) error {
		if _, err := byID[collections.Year](app, op, fund.Year, "year"); err != nil {
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
		var now collections.Fund
		if fund.ID != "" {
			if now, err = byID[collections.Fund](app, op, fund.ID, "id"); err != nil {
				return err
			}
		}
		fund.Allocated, fund.Transferred, fund.Spent, fund.Encumbered = now.Allocated, now.Transferred, now.Spent, now.Encumbered
		saved, err = save(app, fund, fund.ID)
		return err
	})
	return saved, err
}

// SaveVendor makes a vendor or changes one: fault.Invalid (name), fault.Conflict (name_taken).
func SaveVendor(app core.App, vendor collections.Vendor) (saved collections.Vendor, err error) {
	const op = "budget.SaveVendor"
	vendor.Name = strings.TrimSpace(vendor.Name)
	if vendor.Name == "" {
		return vendor, fault.New(op, fault.Invalid, "budget.needs_name").At("name")
	}
	err = app.RunInTransaction(func(app core.App) error {
		_, taken, err := collections.Find[collections.Vendor](app, "id != {:id} AND name = {:name}", dbx.Params{"id": vendor.ID, "name": vendor.Name})
		if err != nil {
			return err
		}
		if taken {
			return fault.New(op, fault.Conflict, "budget.name_taken", vendor.Name).Named("name_taken").At("name")
		}
		saved, err = save(app, vendor, vendor.ID)
		return err
	})
	return saved, err
}

func save[R collections.Record](app core.App, record R, id string) (R, error) {
	if id == "" {
		return collections.Insert(app, record)
	}
	return record, collections.Update(app, record)
}

// Allocate gives money to a fund: fault.NotFound (fund), fault.Invalid (cents), fault.Conflict (key_reused).
func Allocate(app core.App, act Act, fund string, cents int) error {
	const op = "budget.Allocate"
	if cents <= 0 {
		return fault.New(op, fault.Invalid, "budget.needs_amount").At("amount")
	}
	return do(app, op, act, actAllocate, fund, fmt.Sprint(cents), func(app core.App, _ *data) ([]entry, error) {
		_, err := byID[collections.Fund](app, op, fund, "fund")
		return []entry{{fund: fund, kind: ledger.Allocate, cents: cents}}, err
	})
}

// Transfer moves money between two funds: as Allocate, and fault.Refused (fund_short), which the librarian may pass.
func Transfer(app core.App, act Act, from, to string, cents int) error {
	const op = "budget.Transfer"
	switch {
	case cents <= 0:
		return fault.New(op, fault.Invalid, "budget.needs_amount").At("amount")
	case from == to:
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
	switch {
	case cents == 0:
		return fault.New(op, fault.Invalid, "budget.needs_amount").At("amount")
	case act.Reason == "":
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
