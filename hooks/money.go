package hooks

import (
	"fmt"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/money"
	"carrel/internal/patrons"

	"github.com/pocketbase/pocketbase/core"
)

// decimal is an amount as programs read it: "12.50".
func decimal(cents int) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// tellFee adds what an act charged to its answer; money is for the librarian's eyes.
func tellFee(e *core.RequestEvent, answer map[string]any, fee *collections.Fee) {
	if fee != nil && isHead(e) {
		answer["fee"] = map[string]string{"id": fee.ID, "amount": decimal(fee.Cents)}
	}
}

type feeAnswer struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
	Note   string `json:"note"`
	At     string `json:"at"`
	Amount string `json:"amount"`
	Paid   string `json:"paid"`
	Waived string `json:"waived"`
	Owed   string `json:"owed"`
}

func answerAccount(account desk.Account) map[string]any {
	fees := make([]feeAnswer, 0, len(account.Fees))
	for _, fee := range account.Fees {
		fees = append(fees, feeAnswer{
			fee.ID, fee.Reason, fee.Note, rfc3339(fee.At.Time()), decimal(fee.Cents), decimal(fee.Paid), decimal(fee.Waived), decimal(fee.Owed()),
		})
	}
	return map[string]any{
		"patron": patronAnswer{account.Patron.Barcode, account.Patron.Name()}, "fees": fees, "owed": decimal(account.Owed),
	}
}

// account shows what a patron owes. Each view is kept in the audit.
func (d *Door) account(e *core.RequestEvent) error {
	patron, err := desk.FindPatron(e.App, e.Request.PathValue("barcode"))
	if err != nil {
		return err
	}
	account, err := desk.AccountOf(e.App, patron)
	if err != nil {
		return err
	}
	if err := patrons.Seen(e.App, patron.ID, e.Auth.Id, time.Now()); err != nil {
		return err
	}
	return ok(e, answerAccount(account))
}

func (d *Door) charge(e *core.RequestEvent) error {
	var body struct {
		actBody
		Patron string `json:"patron"`
		Item   string `json:"item"`
		Amount string `json:"amount"`
		Note   string `json:"note"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "patron", body.Patron, "amount", body.Amount)
	if err != nil {
		return err
	}
	cents, err := money.Parse(body.Amount)
	if err != nil {
		return err
	}
	account, err := desk.Charge(e.App, desk.ChargeRequest{Act: act, Patron: body.Patron, Item: body.Item, Cents: cents, Note: body.Note})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, answerAccount(account))
}

// settle pays, waives or refunds.
func (d *Door) settle(e *core.RequestEvent) error {
	var body struct {
		actBody
		Patron string `json:"patron"`
		Fee    string `json:"fee"`
		Kind   string `json:"kind"`
		Amount string `json:"amount"`
		Note   string `json:"note"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "patron", body.Patron, "kind", body.Kind, "amount", body.Amount)
	if err != nil {
		return err
	}
	cents, err := money.Parse(body.Amount)
	if err != nil {
		return err
	}
	account, err := desk.Settle(e.App, desk.SettleRequest{
		Act: act, Patron: body.Patron, Fee: body.Fee, Kind: body.Kind, Cents: cents, Note: body.Note,
	})
	if err != nil {
		return err
	}
	return ok(e, answerAccount(account))
}
