package hooks

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/policy"
	saying "carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

type itemAnswer struct {
	Barcode string `json:"barcode"`
	Title   string `json:"title"`
}

type patronAnswer struct {
	Barcode string `json:"barcode"`
	Name    string `json:"name"`
}

type loanAnswer struct {
	ID     string       `json:"id"`
	Due    string       `json:"due"`
	OutAt  string       `json:"out_at"`
	Item   itemAnswer   `json:"item"`
	Patron patronAnswer `json:"patron"`
}

func answerLoan(loan collections.Loan, due policy.Day, item desk.Thing, patron desk.Borrower) loanAnswer {
	return loanAnswer{
		ID: loan.ID, Due: due.String(), OutAt: loan.OutAt.Time().UTC().Format(time.RFC3339),
		Item: itemAnswer{item.Barcode, item.TitleName}, Patron: patronAnswer{patron.Barcode, patron.Name()},
	}
}

type lentAnswer struct {
	Loan loanAnswer `json:"loan"`
	Why  string     `json:"why_due"`
}

func answerLent(lent desk.Lent, lang saying.Lang) lentAnswer {
	return lentAnswer{answerLoan(lent.Loan, lent.Due, lent.Item, lent.Patron), lent.Why.In(lang)}
}

func (d *Door) checkOut(e *core.RequestEvent) error {
	var body struct {
		actBody
		Patron string `json:"patron"`
		Item   string `json:"item"`
		Due    string `json:"due"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "patron", body.Patron, "item", body.Item)
	if err != nil {
		return err
	}
	due, err := parseDay("due", body.Due)
	if err != nil {
		return err
	}
	lent, err := desk.CheckOut(e.App, desk.CheckOutRequest{Act: act, Patron: body.Patron, Item: body.Item, Due: due, Override: body.Override})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, answerLent(lent, langOf(e)))
}

func (d *Door) takeBack(e *core.RequestEvent) error {
	var body struct {
		actBody
		Item string `json:"item"`
		Mode string `json:"mode"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "item", body.Item)
	if err != nil {
		return err
	}
	returned, err := desk.Return(e.App, desk.ReturnRequest{Act: act, Item: body.Item, Mode: body.Mode})
	if err != nil {
		return err
	}
	return ok(e, answerReturn(e, returned))
}

func answerReturn(e *core.RequestEvent, returned desk.Returned) map[string]any {
	answer := map[string]any{
		"loan": nil, "next": returned.Next, "message": returned.Text.In(langOf(e)),
		"item": itemAnswer{returned.Item.Barcode, returned.Item.TitleName},
	}
	if returned.Loan != nil {
		answer["loan"] = answerLoan(*returned.Loan, returned.Loan.Due, returned.Item, returned.Patron)
	}
	if returned.Hold != nil {
		answer["hold"] = map[string]any{
			"patron": returned.For.Barcode, "name": returned.For.Name(), "homeroom": returned.For.HomeroomName, "pickup_by": returned.Hold.PickupBy,
		}
	}
	tellFee(e, answer, returned.Fee)
	return answer
}

func (d *Door) renew(e *core.RequestEvent) error {
	var body struct {
		actBody
		Item string `json:"item"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "item", body.Item)
	if err != nil {
		return err
	}
	lent, err := desk.Renew(e.App, desk.RenewRequest{Act: act, Item: body.Item, Override: body.Override})
	if err != nil {
		return err
	}
	return ok(e, answerLent(lent, langOf(e)))
}

func (d *Door) undo(e *core.RequestEvent) error {
	var body struct {
		Key string `json:"key"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("key", body.Key); err != nil {
		return err
	}
	if err := desk.Undo(e.App, body.Key, time.Now(), actor(e)); err != nil {
		return err
	}
	return ok(e, map[string]any{"undone": body.Key})
}
