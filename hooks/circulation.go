package hooks

import (
	"net/http"
	"slices"
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
	Loan     loanAnswer    `json:"loan"`
	Why      string        `json:"why_due"`
	Item     thingShown    `json:"item"`
	Left     *int          `json:"left"`
	Found    string        `json:"found,omitempty"`    // missing or lost, before the scan found it
	Returned *patronAnswer `json:"returned,omitempty"` // from whom the act brought it back
}

func answerLent(e *core.RequestEvent, lent desk.Lent) lentAnswer {
	answer := lentAnswer{
		Loan: answerLoan(lent.Loan, lent.Due, lent.Item, lent.Patron), Why: lent.Why.In(langOf(e)), Item: showThing(lent.Item), Left: lent.Left, Found: lent.Found,
	}
	if lent.Back != nil {
		answer.Returned = &patronAnswer{}
		if knowsPeople(e) {
			*answer.Returned = patronAnswer{lent.Back.Barcode, lent.Back.Name()}
		}
	}
	return answer
}

// knowsPeople tells who may read names of people other than the one in front of the desk.
func knowsPeople(e *core.RequestEvent) bool { return slices.Contains(peopleRoles, roleOf(e)) }

func (d *Door) checkOut(e *core.RequestEvent) error {
	var body struct {
		actBody
		Patron string `json:"patron"`
		Item   string `json:"item"`
		Due    string `json:"due"`
		Guess  bool   `json:"guess"`
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
	if found, stop := guessed(e, body.Guess, body.Item); stop {
		return notAnItem(e, found)
	}
	lent, err := desk.CheckOut(e.App, desk.CheckOutRequest{Act: act, Patron: body.Patron, Item: body.Item, Due: due, Override: body.Override})
	if err != nil {
		return about(err, lent.Item)
	}
	return e.JSON(http.StatusCreated, answerLent(e, lent))
}

func (d *Door) takeBack(e *core.RequestEvent) error {
	var body struct {
		actBody
		Item  string `json:"item"`
		Mode  string `json:"mode"`
		Guess bool   `json:"guess"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	act, err := body.act(e, "item", body.Item)
	if err != nil {
		return err
	}
	if found, stop := guessed(e, body.Guess, body.Item); stop {
		return notAnItem(e, found)
	}
	returned, err := desk.Return(e.App, desk.ReturnRequest{Act: act, Item: body.Item, Mode: body.Mode})
	if err != nil {
		return err
	}
	return ok(e, answerReturn(e, returned))
}

// answerReturn tells a volunteer neither who had it nor who waits for it.
func answerReturn(e *core.RequestEvent, returned desk.Returned) map[string]any {
	answer := map[string]any{
		"loan": nil, "next": returned.Next, "message": returned.Text.In(langOf(e)), "item": showThing(returned.Item), "found": returned.Found,
	}
	if returned.Loan != nil {
		loan := answerLoan(*returned.Loan, returned.Loan.Due, returned.Item, returned.Patron)
		if !knowsPeople(e) {
			loan.Patron = patronAnswer{}
		}
		answer["loan"], answer["claimed"] = loan, returned.Loan.Claim != ""
	}
	if returned.Hold != nil {
		hold := map[string]any{"patron": "", "name": "", "homeroom": "", "pickup_by": returned.Hold.PickupBy}
		if knowsPeople(e) {
			hold["patron"], hold["name"], hold["homeroom"] = returned.For.Barcode, returned.For.Name(), returned.For.HomeroomName
		} else {
			answer["message"] = saying.T("return.hold_unnamed", returned.Item.TitleName).In(langOf(e))
		}
		answer["hold"] = hold
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
		return about(err, lent.Item)
	}
	return ok(e, answerLent(e, lent))
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
